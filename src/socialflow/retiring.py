"""Retiring: items that ended long ago are removed whole, and the store's book says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import attrs

from socialflow import arguments
from socialflow.chain import recorded
from socialflow.definitions import ON_HOLD
from socialflow.errors import Contended
from socialflow.items import Item
from socialflow.plain import FrozenDict
from socialflow.protocols import Store
from socialflow.queries import Change, Effects, Head, Heads, Items, Record, Records

__all__ = ["Held", "held_back", "retire"]

PAGE = 200
ATTEMPTS = 5
DONE = ("delivered", "dead")
"""States of an effect after which nothing becomes of it."""


@attrs.frozen
class Held:
    """A reason why a family stays although the eldest of it ended long ago.

    Attributes:
        item: Which item of the family is the reason.
        reason: What is so.
        effect: Key of the effect that is still under way, if that is it.
    """

    item: str
    reason: str
    effect: str = ""

    def __str__(self) -> str:
        return f"{self.item}: {self.reason}"


def held_back(store: Store, *, ended_before: datetime) -> tuple[Held, ...]:
    """Why items that ended before a moment are not retired: every reason there is.

    Args:
        store: Where they live.
        ended_before: They ended before this moment.

    Raises:
        WrongArgument: The moment is none.
        NaiveTime: It has no time zone.
    """
    limit = arguments.moment("ended_before", ended_before)
    return tuple(
        held
        for eldest in _eldest(store)
        if eldest.ended and eldest.tokens[0].entered < limit
        for one in _family(store, eldest)
        for held in _reasons(store, one.id, limit)
    )


def retire(
    store: Store, *, ended_before: datetime, by: str, reason: str, at: datetime
) -> tuple[str, ...]:
    """Remove items that ended before a moment, with everything there is about them.

    A family goes as a whole or not at all: never while one of it is open, ended later, is on hold,
    or has an effect that is still under way.  Each family goes in a transaction of its own, with a
    record in the store's book for every item, by which an older anchor is still explained.
    What has to stay is told by `held_back`.

    Args:
        store: Where they live.
        ended_before: They ended before this moment.
        by: Who answers for it.
        reason: Why: ``"kept for three years"``.
        at: When it is done.

    Returns:
        The ids of the items that were removed.

    Raises:
        WrongArgument: Something is of a kind that could never be right.
        NaiveTime: A moment has no time zone.
        Contended: Others have written in the book again and again; what was removed so far is.
    """
    limit, when = arguments.moment("ended_before", ended_before), arguments.moment("at", at)
    told = {"by": arguments.text("by", by), "reason": arguments.text("reason", reason)}
    return tuple(id for one in _eldest(store) for id in _retired(store, one, limit, when, told))


def _retired(
    store: Store, eldest: Item, limit: datetime, at: datetime, told: Mapping[str, str]
) -> tuple[str, ...]:
    """The ids of a family that is no more; none if it has to stay."""
    for _ in range(ATTEMPTS):
        family = tuple(_family(store, eldest))
        heads = tuple(head for one in family for head in store.rows(Heads(item=one.id)))
        if any(held for one in family for held in _reasons(store, one.id, limit)):
            return ()
        records = tuple(_records(store, heads, at, told))
        try:
            with store.begin() as work:
                work.write(Change(records=records, removed=heads))
        except Contended:
            continue
        return tuple(head.item for head in heads)
    raise Contended("the book", f"others have written in it {ATTEMPTS} times")


def _records(
    store: Store, heads: Iterable[Head], at: datetime, told: Mapping[str, str]
) -> Iterator[Record]:
    before = next(store.rows(Records(newest=True)), None)
    for head in heads:
        gone = FrozenDict(item=head.item, n=head.n, hash=head.hash, **told)
        before = recorded("retired", at, gone, before)
        yield before


def _eldest(store: Store) -> Iterator[Item]:
    """Items that are nobody's child, page by page."""
    after = ""
    while page := list(store.rows(Items(after=after, limit=PAGE))):
        for item in page:
            if item.parent is None or not any(store.rows(Items(id=item.parent))):
                yield item
        after = page[-1].id


def _family(store: Store, eldest: Item) -> Iterator[Item]:
    yield eldest
    for child in store.rows(Items(parent=eldest.id)):
        yield from _family(store, child)


def _reasons(store: Store, id: str, limit: datetime) -> Iterator[Held]:
    for item in store.rows(Items(id=id)):
        if not item.ended:
            yield Held(id, f"it is open in {', '.join(item.marking)}")
        elif item.tokens[0].entered >= limit:
            yield Held(id, f"it ended at {item.tokens[0].entered.isoformat()} only")
        if ON_HOLD in item.marks:
            yield Held(id, "it is on hold")
        for effect in store.rows(Effects(item=id)):
            if effect.state not in DONE:
                told = f"its effect {effect.name} ({effect.key}) is {effect.state}"
                yield Held(id, told, effect.key)
