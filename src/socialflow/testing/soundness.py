"""Soundness: whether all that a store says of one item agrees with its history."""

from __future__ import annotations

from collections.abc import Iterator

from socialflow.chain import link
from socialflow.decisions import rebuild
from socialflow.errors import ItemNotFound
from socialflow.items import Item
from socialflow.protocols import Store
from socialflow.queries import Duties, Effects, History, Items

__all__ = ["unsound"]


def unsound(store: Store, item: str) -> tuple[str, ...]:
    """Everything that does not agree about an item, each as a sentence; empty if all is well.

    Example:
        >>> from socialflow.stores.memory import MemoryStore
        >>> unsound(MemoryStore(), "nobody")
        ()
    """
    found = next(iter(store.rows(Items(id=item))), None)
    return tuple(_absent(store, item) if found is None else _disagreeing(store, found))


def _absent(store: Store, item: str) -> Iterator[str]:
    if list(store.rows(History(item))):
        yield "there is a history without an item"
    if list(store.rows(Effects(item=item))):
        yield "there are effects without an item"
    try:
        with store.begin() as work:
            work.item(item)
            yield "a unit of work reads an item that no question finds"
    except ItemNotFound:
        pass


def _disagreeing(store: Store, item: Item) -> Iterator[str]:
    entries = list(store.rows(History(item.id)))
    if [entry.n for entry in entries] != list(range(1, len(entries) + 1)):
        yield f"its history counts {[entry.n for entry in entries]}"
    previous = ""
    for entry in entries:
        sealed = link(entry.event, entry.n, previous)
        if (entry.previous, entry.hash) != (previous, sealed.hash):
            yield f"entry {entry.n} is not chained to the one before it"
        previous = entry.hash
    if not entries or rebuild(entry.event for entry in entries) != item:
        yield "its history does not lead to what is stored"
    with store.begin() as work:
        if work.item(item.id) != item:
            yield "a unit of work reads another item than a question"
    duties = {(one.state, one.entered, one.responsible) for one in store.rows(Duties(item=item.id))}
    open_ = {(t.state, t.entered, t.responsible) for t in item.tokens if t.stage != "end"}
    if duties != open_:
        yield f"its duties are {sorted(d[0] for d in duties)}, and it is in {item.marking}"
    sent = [(one.n, one.name) for one in store.rows(Effects(item=item.id))]
    asked = [(entry.n, effect.name) for entry in entries for effect in entry.event.outgoing]
    if sorted(sent) != sorted(asked):
        yield f"its effects are {sent}, and its history asks for {asked}"
