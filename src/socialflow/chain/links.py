"""Links: what an entry, a delivery and a record of the book are sealed with.

The hash of an entry covers its metadata and a digest of its data, so that data can be erased by law
and the chain still verifies.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from socialflow.codec import encode, encode_data, encode_event, encode_time
from socialflow.items import Entry, Event
from socialflow.plain import FrozenDict, canonical, digest
from socialflow.queries import Delivery, Record

__all__ = ["Link", "entry_of", "is_sealed", "link", "recorded", "seal_of"]


class Link(NamedTuple):
    """An event, encoded and sealed: what a store writes.

    Attributes:
        n: Position in the history of the item.
        at: When, in ISO 8601.
        meta: The event but for what has columns of its own.
        data: The command's data, or None.
        digest: SHA-256 of the data; empty if there is none.
        previous: Hash of the entry before; empty for the first.
        hash: Of this entry.
    """

    n: int
    at: str
    meta: str
    data: str | None
    digest: str
    previous: str
    hash: str


def link(event: Event, n: int, previous: str, erased: str = "") -> Link:
    """Seal *event* as the entry at position *n*, behind the entry with the hash *previous*.

    Args:
        event: What happened.
        n: Its position.
        previous: Hash of the entry before; empty for the first.
        erased: Digest of the data that the event once had.
    """
    data = encode_data(event.command.data)
    return _sealed(event, n, previous, data, digest(data) if data is not None else erased)


def _sealed(event: Event, n: int, previous: str, data: str | None, data_digest: str) -> Link:
    command = event.command
    at = encode_time(command.at)
    meta = encode_event(event)
    columns = encode(
        [previous, event.item, n, event.version, event.action, command.by, at, command.key]
    )
    return Link(n, at, meta, data, data_digest, previous, digest(columns + data_digest + meta))


def entry_of(event: Event, link: Link) -> Entry:
    """The entry that *link* seals."""
    return Entry(link.n, event, link.previous, link.digest, link.hash)


def is_sealed(entry: Entry) -> bool:
    """Whether an entry is what its hash was made of."""
    event = entry.event
    data = encode_data(event.command.data)
    if data is not None and digest(data) != entry.digest:
        return False
    sealed = _sealed(event, entry.n, entry.previous, data, entry.digest)
    return sealed.hash == entry.hash


def seal_of(delivery: Delivery) -> str:
    """SHA-256 over everything about a delivery."""
    one = delivery
    due = encode_time(one.due)
    told = [one.item, one.n, one.place, one.name, one.data, one.state, due, one.turn, one.attempts]
    return digest(encode([*told, one.told]))


def recorded(kind: str, at: datetime, told: FrozenDict, before: Record | None) -> Record:
    """The record behind *before* in a store's book, which begins with None.

    Args:
        kind: What was done.
        at: When.
        told: What there is to say about it.
        before: The last record so far.
    """
    n, previous = (1, "") if before is None else (before.n + 1, before.hash)
    hash = digest(canonical([previous, n, kind, encode_time(at), told]))
    return Record(n, kind, at, told, previous, hash)
