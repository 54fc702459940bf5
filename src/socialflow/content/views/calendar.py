"""Calendar: what goes out when and where, and what stands in its way?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from operator import attrgetter

import attrs

from socialflow import Item
from socialflow.content.department import Department
from socialflow.content.providers import scope_on
from socialflow.content.views.reading import Reader, content, moment, named

__all__ = ["Calendar", "Clash", "Entry", "calendar", "planned"]

GONE = ("end.rejected", "end.cancelled", "end.recalled")
NEAR = timedelta(minutes=30)
"""Two posts on one account that are nearer than this are in the same slot."""


@attrs.frozen
class Entry:
    """One item on one account, or one of which nobody has said where.

    Attributes:
        at: When it goes out, or went out.
        account: Key of the account.
        unit: Key of the unit that the account belongs to.
        campaign: Key of the campaign that the item is part of.
        item: Id of the item.
        ref: The host's own row, if it has one.
        title: What it is called.
        states: Where it is now.
        scheduled: Whether the date has been set; otherwise it is a wish.
    """

    at: datetime
    account: str | None
    unit: str | None
    campaign: str | None
    item: str
    ref: str | None
    title: str
    states: tuple[str, ...]
    scheduled: bool


@attrs.frozen
class Clash:
    """What cannot go out as it is planned.

    Attributes:
        why: ``"slot"``, two of them at once on one account; ``"blackout"``; or ``"freeze"``.
        at: When.
        account: Key of the account, if it was said.
        items: Ids of those that it concerns.
        reason: Which blackout or freeze it is, and why.
    """

    why: str
    at: datetime
    account: str | None
    items: tuple[str, ...]
    reason: str = ""


@attrs.frozen
class Calendar:
    """What goes out, in order of time, and what stands in its way."""

    entries: tuple[Entry, ...]
    clashes: tuple[Clash, ...]


def calendar(
    reader: Reader,
    department: Department,
    since: datetime,
    until: datetime,
    *,
    account: str | None = None,
    unit: str | None = None,
    campaign: str | None = None,
) -> Calendar:
    """What goes out when and where, and what stands in its way?

    Args:
        reader: The store of the items.
        department: Its accounts, blackouts and freezes.
        since: First moment that is looked at.
        until: First moment that is not.
        account: Only what goes out on this account.
        unit: Only what goes out on accounts of this unit.
        campaign: Only what is part of this campaign.

    Returns:
        Entries and clashes, each in order of time.  A clash of two is told as soon as one of them
        is asked for.
    """
    wanted = {"account": account, "unit": unit, "campaign": campaign}
    found = [
        (entry, item)
        for at, item in planned(reader, since, until)
        for entry in _entries(item, at, department)
    ]
    shown = [
        entry
        for entry, _ in found
        if all(value in (None, getattr(entry, name)) for name, value in wanted.items())
    ]
    places = {(entry.item, entry.account) for entry in shown}
    clashes = [
        clash
        for clash in (*_crowded(entry for entry, _ in found), *_barred(found, department))
        if any((item, clash.account) in places for item in clash.items)
    ]
    return Calendar(
        tuple(sorted(shown, key=lambda one: (one.at, one.account or "", one.item))),
        tuple(sorted(clashes, key=lambda one: (one.at, one.account or "", one.items))),
    )


def planned(reader: Reader, since: datetime, until: datetime) -> Iterator[tuple[datetime, Item]]:
    """Content that is to go out in a period, or went out then, with the moment."""
    for item in content(reader):
        at = moment(item, "publish_at", "planned_for")
        if at is not None and since <= at < until and item.marking[0] not in GONE:
            yield at, item


def _entries(item: Item, at: datetime, department: Department) -> Iterator[Entry]:
    units: dict[str | None, str | None] = {one.key: one.unit for one in department.accounts}
    scheduled = bool(item.data.get("publish_at"))
    accounts: tuple[str | None, ...] = item.data.get("accounts") or (None,)
    for key in accounts:
        yield Entry(
            at,
            key,
            units.get(key),
            item.data.get("campaign"),
            *named(item),
            item.marking,
            scheduled,
        )


def _crowded(entries: Iterable[Entry]) -> Iterator[Clash]:
    """Every two that are too near to each other on one account."""
    before: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=attrgetter("at", "item")):
        if entry.account is None:
            continue
        near = [one for one in before.get(entry.account, ()) if entry.at - one.at < NEAR]
        for one in near:
            yield Clash("slot", entry.at, entry.account, (one.item, entry.item))
        before[entry.account] = [*near, entry]


def _barred(found: Iterable[tuple[Entry, Item]], department: Department) -> Iterator[Clash]:
    """Whatever lies in a blackout or a freeze."""
    for entry, item in found:
        scopes = [item.scope]
        if entry.account is not None:
            scopes.append(scope_on(department, item, entry.account))
        for why, several in (("blackout", department.blackouts), ("freeze", department.freezes)):
            for one in several:
                if one.holds(entry.at) and any(one.scope.covers(scope) for scope in scopes):
                    told = f"{one.key}: {one.reason}"
                    yield Clash(why, entry.at, entry.account, (entry.item,), told)
