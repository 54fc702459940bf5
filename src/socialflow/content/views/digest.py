"""Fortnightly digest: what does the month bring, and who could do something together?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

import attrs

from socialflow import Item
from socialflow.content.department import Department
from socialflow.content.duplicates import Duplicates
from socialflow.content.views.calendar import Clash, calendar, planned
from socialflow.content.views.reading import Reader
from socialflow.people import Team

__all__ = ["Count", "Digest", "Together", "digest"]

SAME_TOPIC = ("exact", "near", "link")


@attrs.frozen
class Count:
    """How many items there are of one kind.

    Attributes:
        by: ``"unit"``, ``"stage"`` or ``"goal"``.
        key: Which one; ``"none"`` for those that have none.
        items: How many.
    """

    by: str
    key: str
    items: int


@attrs.frozen
class Together:
    """Something on which several units work at the same time, each for itself perhaps.

    Attributes:
        why: ``"goal"``, ``"campaign"`` or ``"topic"``.
        key: Which goal or campaign; the ids of both items, where they are about one topic.
        units: Keys of the units.
        items: Ids of the items.
    """

    why: str
    key: str
    units: tuple[str, ...]
    items: tuple[str, ...]


@attrs.frozen
class Digest:
    """What the meeting talks about.

    Attributes:
        items: How many go out in the period.
        counts: The same by unit, by stage and by goal; an item that has two counts for both.
        clashes: What cannot go out as it is planned.
        together: Who could do something together.
    """

    items: int
    counts: tuple[Count, ...]
    clashes: tuple[Clash, ...]
    together: tuple[Together, ...]


def digest(
    reader: Reader, department: Department, team: Team, since: datetime, until: datetime
) -> Digest:
    """What does the month bring, and who could do something together?

    Args:
        reader: The store of the items.
        department: Its accounts, blackouts and freezes.
        team: Says whose unit somebody belongs to.
        since: First moment that is looked at.
        until: First moment that is not.

    Returns:
        An item belongs to the units in its scope; else to those of its accounts; else to those of
        the people who work on it.
    """
    items = [item for _, item in planned(reader, since, until)]
    units = {item.id: tuple(sorted(_units(item, department, team))) for item in items}
    return Digest(
        len(items),
        tuple(_counts(items, units)),
        calendar(reader, department, since, until).clashes,
        (*_shared(items, units), *_same_topic(items, units, until)),
    )


def _units(item: Item, department: Department, team: Team) -> set[str]:
    if "unit" in item.scope:
        return {*item.scope["unit"]}
    accounts = {one.key: one.unit for one in department.accounts}
    named = {accounts.get(key) for key in item.data.get("accounts") or ()} - {None}
    if not named:
        responsible = (token.responsible for token in (*item.tokens, *item.idle))
        people = {*item.contributors, *item.authors, *responsible}
        named = {one.unit for one in team.members if one.id in people} - {None}
    return {key for key in named if key is not None}


def _counts(items: list[Item], units: dict[str, tuple[str, ...]]) -> Iterator[Count]:
    told = {
        "unit": Counter(key for item in items for key in units[item.id] or ("none",)),
        "stage": Counter(key for item in items for key in {t.stage: 0 for t in item.tokens}),
        "goal": Counter(key for item in items for key in item.data.get("goals") or ("none",)),
    }
    for by, counted in told.items():
        for key, n in sorted(counted.items()):
            yield Count(by, key, n)


def _shared(items: list[Item], units: dict[str, tuple[str, ...]]) -> Iterator[Together]:
    """Goals and campaigns on which two units work, or more."""
    found: dict[tuple[str, str], list[str]] = {}
    for item in items:
        for goal in item.data.get("goals") or ():
            found.setdefault(("goal", goal), []).append(item.id)
        if item.data.get("campaign"):
            found.setdefault(("campaign", item.data["campaign"]), []).append(item.id)
    for (why, key), ids in sorted(found.items()):
        several = tuple(sorted({unit for id in ids for unit in units[id]}))
        if len(several) > 1 and len(ids) > 1:
            yield Together(why, key, several, tuple(ids))


def _same_topic(
    items: list[Item], units: dict[str, tuple[str, ...]], at: datetime
) -> Iterator[Together]:
    """Items of two units that say the same, or point to the same place."""
    index = Duplicates.of(items)
    for item in items:
        for other in index.candidates(item, at):
            if other.why in SAME_TOPIC and item.id < other.item:
                several = {*units[item.id], *units[other.item]}
                if units[item.id] != units[other.item] and len(several) > 1:
                    pair = (item.id, other.item)
                    yield Together("topic", " and ".join(pair), tuple(sorted(several)), pair)
