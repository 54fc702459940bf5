"""Providers: where the facts come from that the rules of the department need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

import attrs

from socialflow import Item, Scope
from socialflow.content.department import Budget, Department
from socialflow.content.duplicates import Candidate, Duplicates, Index
from socialflow.people import ANYONE, Team
from socialflow.protocols import Provider
from socialflow.queries import Items

__all__ = ["Booking", "Load", "Reader", "is_out", "providers", "scope_on", "workload"]

OUT = ("live", "partly_live", "published", "verified")
BEHIND = ("promotion", "response", "reshare", "evaluation")


class Reader(Protocol):
    """What finds items: every store does."""

    def rows(self, query: Items) -> Iterable[Item]:
        """The items that are asked for, by id."""
        ...


@attrs.frozen
class Load:
    """What somebody has on their desk.

    Attributes:
        hours: Of work, as estimated.
        items: How many.
    """

    hours: float = 0.0
    items: int = 0


@attrs.frozen
class Booking:
    """When an item is to go out on an account.

    Attributes:
        item: Its id.
        ref: The host's own row, if it has one.
        at: That moment.
    """

    item: str
    ref: str | None
    at: datetime


def providers(
    department: Department | Callable[[], Department],
    *,
    index: Index | None = None,
    reader: Reader | None = None,
    team: Team | None = None,
) -> Mapping[str, Provider]:
    """Every fact that a rule of `socialflow.content.rules` needs, for ``Engine(facts=...)``.

    What cannot be had for want of a reader or team is left out, and rules that need it say no. A
    host that keeps one of them elsewhere says ``{**providers(...), "freezes": mine}``.

    Args:
        department: What the rules ask about, or what tells it as it is now.
        index: Where duplicates are looked for; without it, in all items of *reader*, each time
            anew, which is for small departments.
        reader: The store of the items.
        team: Who there is.
    """
    tell = department if callable(department) else lambda: department
    facts: dict[str, Provider] = {**_of_department(tell)}
    if team is not None:
        facts |= _of_team(team)
    if reader is not None:
        facts |= _of_items(reader, tell)
    if index is not None:
        facts["duplicates"] = index.candidates
    return facts


def _of_department(tell: Callable[[], Department]) -> dict[str, Provider]:
    return {
        "accounts": lambda _item, _at: _by_key(tell().accounts),
        "channels": lambda _item, _at: _by_key(tell().channels),
        "goals": lambda _item, _at: _by_key(tell().goals),
        "messages": lambda _item, _at: _by_key(tell().messages),
        "slots": lambda _item, _at: {one.account: one for one in tell().slots},
        "policies": lambda _item, _at: tell().policies,
        "outsourcing": lambda _item, _at: tell().outsourcing,
        "budget": lambda item, at: _budget(tell(), item, at),
        "blackouts": lambda item, _at: _covering(tell(), tell().blackouts, item),
        "freezes": lambda item, at: tuple(
            one for one in _covering(tell(), tell().freezes, item) if one.holds(at)
        ),
    }


def _of_team(team: Team) -> dict[str, Provider]:
    return {
        "people": lambda _item, _at: {one.id: one for one in team.holders(ANYONE)},
        "units": lambda _item, _at: _by_key(team.units),
    }


def _of_items(reader: Reader, tell: Callable[[], Department]) -> dict[str, Provider]:
    def duplicates(item: Item, at: datetime) -> tuple[Candidate, ...]:
        return Duplicates.of(reader.rows(Items())).candidates(item, at)

    return {
        "duplicates": duplicates,
        "workload": lambda item, _at: workload(_others(reader, item)),
        "calendar": lambda item, _at: _calendar(_others(reader, item)),
        "ahead": lambda item, _at: tuple(_ahead(reader, tell(), item)),
        "thread": lambda item, _at: tuple(_waiting(reader, item)),
    }


def _by_key(several: Iterable[Any]) -> Mapping[str, Any]:
    return {one.key: one for one in several}


def _named(item: Item) -> tuple[str, ...]:
    """Keys of the accounts that an item, or a publication or comment below one, is about."""
    one = item.data.get("account")
    return (one,) if one else tuple(item.data.get("accounts") or ())


def _covering(department: Department, several: Iterable[Any], item: Item) -> tuple[Any, ...]:
    """Those whose scope covers the item, or one of its accounts."""
    scopes = (item.scope, *(scope_on(department, item, key) for key in _named(item)))
    return tuple(one for one in several if any(one.scope.covers(scope) for scope in scopes))


def scope_on(department: Department, item: Item, account: str) -> Scope:
    """Where an item is that goes out on the account with that key, entered or not."""
    known = next((one for one in department.accounts if one.key == account), None)
    if known is None:
        return Scope(**{**item.scope, "account": account})
    return Scope(**{**item.scope, "platform": known.channel, "account": account, **known.scope})


def _budget(department: Department, item: Item, at: datetime) -> Budget | None:
    """The budget of the item's campaign, or the most specific one for where it belongs."""
    campaign = item.data.get("campaign")
    running = [one for one in department.budgets if one.holds(at) and one.scope.covers(item.scope)]
    own = [one for one in running if one.campaign is not None and one.campaign == campaign]
    others = [one for one in running if one.campaign is None]
    return max(own or others, key=lambda one: one.scope.specificity, default=None)


def _others(reader: Reader, item: Item) -> Iterator[Item]:
    """Every item that is under way, but this one and those above and below it."""
    for other in reader.rows(Items()):
        family = other.parent == item.id or other.id in (item.id, item.parent)
        if not (family or other.ended):
            yield other


def workload(items: Iterable[Item]) -> Mapping[str, Load]:
    """What everybody is responsible for."""
    load: dict[str, Load] = {}
    for item in (one for one in items if not one.ended):
        effort = item.data.get("effort_hours") or 0
        for id in {token.responsible for token in item.tokens if token.responsible}:
            so_far = load.get(id, Load())
            load[id] = Load(so_far.hours + effort, so_far.items + 1)
    return load


def _calendar(items: Iterable[Item]) -> Mapping[str, tuple[Booking, ...]]:
    """What is to go out, by account."""
    calendar: dict[str, tuple[Booking, ...]] = {}
    for item in items:
        told = item.data.get("publish_at")
        if not told:
            continue
        booking = Booking(item.id, item.ref, datetime.fromisoformat(told))
        for account in _named(item):
            calendar[account] = (*calendar.get(account, ()), booking)
    return calendar


def _ahead(reader: Reader, department: Department, item: Item) -> Iterator[str]:
    """What has to be out before the item, and is not."""
    for campaign in department.campaigns:
        for one in campaign.order:
            if one.then in (item.ref, item.id) and not _is_out(reader, one.first):
                yield one.first


def _is_out(reader: Reader, key: str) -> bool:
    """Whether the item with that id, or of that row of the host's, is where the public sees it."""
    found = (*reader.rows(Items(ref=key)), *reader.rows(Items(id=key)))
    return any(is_out(item) for item in found)


def is_out(item: Item) -> bool:
    """Whether an item is where the public sees it, or was there until it was closed."""
    return any(
        one.stage in BEHIND or one.state.rpartition(".")[2] in OUT or _closed(item, one.state)
        for one in item.tokens
    )


def _closed(item: Item, state: str) -> bool:
    return state == "end.closed" and not item.data.get("duplicate_of")


def _waiting(reader: Reader, item: Item) -> Iterator[str]:
    """Other replies in the thread of the item that wait to be sent."""
    thread = item.data.get("thread")
    for other in _others(reader, item) if thread else ():
        waits = any(state.endswith(".reply_pending") for state in other.marking)
        if waits and other.data.get("thread") == thread:
            yield other.ref or other.id
