"""Exporting: everything in a store, line by line."""

from __future__ import annotations

from collections.abc import Iterator

from socialflow.decisions import rebuild
from socialflow.errors import StoreError
from socialflow.items import Entry, Item
from socialflow.protocols import Store
from socialflow.queries import (
    Definitions,
    Effects,
    Heads,
    History,
    Items,
    Laters,
    Record,
    Records,
)
from socialflow.transfer import lines
from socialflow.transfer.tallies import Tally

__all__ = ["export", "records"]

PAGE = 200
ATTEMPTS = 5


def export(store: Store, *, book: bool = True) -> Iterator[str]:
    """Everything in *store*, as lines without their ends.

    Args:
        store: What is exported; no more than one item of it is in memory at a time.
        book: With the store's own book: anchors, and what was retired.

    Raises:
        StoreError: An item is not what its history leads to; `audit` tells more.
    """
    tally = Tally()
    for line in _lines(store, book):
        tally.add(line)
        yield line
    yield tally.line


def _lines(store: Store, book: bool) -> Iterator[str]:
    yield lines.HEADER
    definitions = {one.digest: one for one in store.rows(Definitions())}
    said: set[str] = set()
    for id in _ids(store):
        item, entries = _as_of_now(store, id)
        for digest in _held_by(entries):
            if digest not in said:
                said.add(digest)
                yield lines.of_definition(definitions[digest])
        yield lines.of_item(item)
        yield from map(lines.of_entry, entries)
        effects = sorted(store.rows(Effects(item=id)), key=lambda one: (one.n, one.place))
        yield from (lines.of_effect(one) for one in effects if one.turn)
        yield from map(lines.of_later, store.rows(Laters(item=id)))
    if book:
        yield from map(lines.of_record, records(store))


def _ids(store: Store) -> Iterator[str]:
    """The ids of all items, page by page."""
    after = ""
    while page := [head.item for head in store.rows(Heads(after=after, limit=PAGE))]:
        yield from page
        after = page[-1]


def _as_of_now(store: Store, id: str) -> tuple[Item, list[Entry]]:
    """An item with the history that leads to it, though others may be writing it."""
    for _ in range(ATTEMPTS):
        entries = list(store.rows(History(id)))
        if [rebuild(entry.event for entry in entries)] == list(store.rows(Items(id=id))):
            return rebuild(entry.event for entry in entries), entries
    raise StoreError(f"item {id!r} is not what its history leads to; audit() tells more")


def _held_by(entries: list[Entry]) -> Iterator[str]:
    """Digests of the definitions that have held an item, in order."""
    for entry in entries:
        event = entry.event
        if event.origin is not None:
            yield event.origin.workflow
        if "workflow" in event.changed:
            yield event.changed["workflow"]


def records(store: Store) -> Iterator[Record]:
    """The whole book, page by page."""
    last = 0
    while page := list(store.rows(Records(after=last, limit=PAGE))):
        yield from page
        last = page[-1].n
