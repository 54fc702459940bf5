"""Erasing: data of an item taken out of its history, as the law may ask.

What happened stays: who did what, when, and the chain over it.  Only what was said is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import attrs

from socialflow import arguments
from socialflow.decisions import apply
from socialflow.errors import StaleItem, WrongArgument, nearest
from socialflow.items import Command, Erasure, Event, Item
from socialflow.plain import FrozenDict
from socialflow.protocols import Store, UnitOfWork
from socialflow.queries import Change, Definitions, Delivery, Effects, History, Kept

__all__ = ["erase"]

ERASE = "erase"
"""The action of the entry that an erasure leaves."""


def erase(
    store: Store,
    item_id: str,
    *,
    by: str,
    reason: str,
    at: datetime,
    fields: Iterable[str] | None = None,
) -> Item:
    """Take data out of an item, out of its history, and out of what was said of its effects.

    The erasure is an entry of the history itself: who, when, why.  The chain still verifies, and
    the item is still what its history leads to.

    Args:
        store: Where the item lives.
        item_id: Of the item.
        by: Who answers for it; no rule and no policy is asked.
        reason: Why. It is kept: it must not say again what is to be forgotten.
        at: When; timezone-aware.
        fields: Only these fields of the item, and the data of entries that say something about
            one of them; everything, if left out. The text of a note is ``text``.

    Returns:
        The item as it then is.

    Raises:
        ItemNotFound: There is no such item.
        WrongArgument: Something is of a kind that could never be right; or *fields* names none, or
            one that neither the item has nor any entry of its history. Nothing was written.
        NaiveTime: *at* has no time zone.
    """
    who, why = arguments.text("by", by), arguments.text("reason", reason)
    when = arguments.moment("at", at)
    only = None if fields is None else arguments.texts("fields", fields)
    definitions = {one.digest: one for one in store.rows(Definitions())}
    with store.begin(item_id) as work:
        before = work.item(item_id)
        _make_sure_they_are_there(work, before, only)
        if before.workflow not in definitions:
            raise StaleItem(item_id, before.version)
        erasure = Erasure(why, tuple(_positions(work, item_id, only)), only or ())
        event = _event(before, Command(ERASE, who, when, _rest(before, only)), erasure)
        item = apply(before, event)
        kept = Kept(item, event, before.version, definitions[item.workflow])
        work.write(Change((kept,), deliveries=tuple(_silent(work, item_id))))
    return item


def _make_sure_they_are_there(work: UnitOfWork, item: Item, only: tuple[str, ...] | None) -> None:
    """Whoever has to erase something has to know that it was there."""
    if only is None:
        return
    if not only:
        raise WrongArgument("fields", "one name at least", "none", "leave it out to erase all")
    said = (entry.event.command.data or () for entry in work.rows(History(item.id)))
    there = {*item.data, *(name for data in said for name in data)}
    for name in only:
        if name not in there:
            wanted = f"in the data of {item.id!r} or of its history"
            raise WrongArgument("each of fields", wanted, repr(name), nearest(name, there))


def _event(before: Item, command: Command, erasure: Erasure) -> Event:
    """What the erasure is in the history: it says anew whatever the item still has."""
    return Event(
        before.id,
        before.version + 1,
        ERASE,
        command,
        (),
        (),
        before.tokens,
        keeps=tuple(before.data),
        erases=erasure,
    )


def _rest(before: Item, only: tuple[str, ...] | None) -> FrozenDict | None:
    """What the item still has afterwards."""
    if only is None:
        return None
    return FrozenDict({name: value for name, value in before.data.items() if name not in only})


def _positions(work: UnitOfWork, id: str, only: tuple[str, ...] | None) -> Iterator[int]:
    """Positions of the entries whose data have to go."""
    for entry in work.rows(History(id)):
        data = entry.event.command.data
        if data is not None and (only is None or not data.keys().isdisjoint(only)):
            yield entry.n


def _silent(work: UnitOfWork, id: str) -> Iterator[Delivery]:
    """What was said of the item's effects goes too, where nobody is delivering them just now."""
    for one in work.rows(Effects(item=id)):
        if one.told and one.state != "taken":
            yield attrs.evolve(one, told="", turn=one.turn + 1)
