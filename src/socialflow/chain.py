"""The chain: each entry of a history is sealed by a hash over the one before it.

The hash covers an entry's metadata and a digest of its data, so that data can be erased by law and
the chain still verifies.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import attrs

from socialflow.codec import encode, encode_data, encode_event, encode_time
from socialflow.decisions import apply
from socialflow.errors import Finding, StoreError
from socialflow.items import Entry, Event, Item
from socialflow.plain import canonical, digest
from socialflow.protocols import Store
from socialflow.queries import Definitions, Duties, Head, Heads, History, Items

__all__ = ["Link", "audit", "entry_of", "link"]


@attrs.frozen(slots=False)
class Link:
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


def link(event: Event, n: int, previous: str) -> Link:
    """Seal *event* as the entry at position *n*, behind the entry with the hash *previous*."""
    data = encode_data(event.command.data)
    return _sealed(event, n, previous, data, digest(data) if data is not None else "")


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


def audit(store: Store) -> tuple[Finding, ...]:
    """Everything in *store* that does not agree with itself: edits, gaps, forks, missing tails.

    Returns:
        Findings whose ``where`` names the item and the position; empty if all is well.
    """
    heads = tuple(store.rows(Heads()))
    found = list(_definition_findings(store))
    for head in heads:
        try:
            for item in store.rows(Items(id=head.item)):
                wrong = list(_item_findings(item, store.rows(History(head.item)), head))
                found.extend(wrong or _duty_findings(item, store))
        except StoreError as error:
            found.append(Finding("unreadable", f"item {head.item}", str(error)))
    found.extend(_orphans(store, heads))
    return tuple(found)


def _definition_findings(store: Store) -> Iterator[Finding]:
    for stored in store.rows(Definitions()):
        where = f"definition {stored.name} {stored.version}"
        try:
            told = json.loads(stored.document)
            told.pop("version", None)
        except (ValueError, AttributeError) as error:
            yield Finding("unreadable", where, str(error))
            continue
        if digest(canonical(told)) != stored.digest:
            yield Finding("edited", where, "its digest is not that of what it says")


def _duty_findings(item: Item, store: Store) -> Iterator[Finding]:
    """What the worklist says of an item that its tokens do not, or the other way round."""
    told = {
        (duty.stage, duty.state, duty.entered, duty.responsible)
        for duty in store.rows(Duties(item=item.id))
    }
    real = {
        (token.stage, token.state, token.entered, token.responsible)
        for token in item.tokens
        if token.stage != "end"
    }
    if told != real:
        where = f"item {item.id}"
        yield Finding("worklist", where, "its open duties are not those of its tokens")


def _orphans(store: Store, heads: tuple[Head, ...]) -> Iterator[Finding]:
    known = {head.item for head in heads}
    strays = {entry.event.item for entry in _readable(store.rows(History()))} - known
    for id in sorted(strays):
        yield Finding("orphan", f"item {id}", "there is a history, but no item")


def _readable(entries: Iterator[Entry]) -> Iterator[Entry]:
    """The entries that can be read; the others are named with their items."""
    while True:
        try:
            yield next(entries)
        except StoreError:
            continue
        except StopIteration:
            return


def _item_findings(item: Item, entries: Iterable[Entry], head: Head | None) -> Iterator[Finding]:
    rebuilt: Item | None = None
    last, previous = 0, ""
    whole = True
    for entry in entries:
        where = f"item {item.id} / entry {entry.n}"
        if entry.n == last:
            yield Finding("fork", where, "two entries stand at this position")
        elif entry.n != last + 1:
            yield Finding("gap", where, f"the entry before it is {last}")
        elif entry.previous != previous:
            yield Finding("broken", where, "it does not follow the entry before it")
        if not _is_sealed(entry):
            yield Finding("edited", where, "its hash is not that of what it says")
        if entry.event.command.data is None and entry.digest:
            whole = False
        if rebuilt is None and entry.event.origin is None:
            yield Finding("gap", where, "the history does not begin with the item's origin")
            return
        rebuilt = apply(rebuilt, entry.event)
        last, previous = entry.n, entry.hash
    where = f"item {item.id}"
    if rebuilt is None:
        yield Finding("tail", where, "its history is missing")
        return
    if head is None or (head.n, head.hash) != (last, previous):
        at = f"{head.n}" if head else "nothing"
        yield Finding("tail", where, f"its history ends at {last}, the item remembers {at}")
    if not whole:
        rebuilt = attrs.evolve(rebuilt, data=item.data)
    if rebuilt != item:
        yield Finding("differs", where, "the item is not what its history leads to")


def _is_sealed(entry: Entry) -> bool:
    event = entry.event
    data = encode_data(event.command.data)
    if data is not None and digest(data) != entry.digest:
        return False
    sealed = _sealed(event, entry.n, entry.previous, data, entry.digest)
    return sealed.hash == entry.hash
