"""The work of a memory store: what a unit writes is staged, and put in place on leaving."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any

import attrs

from socialflow.chain import entry_of, link
from socialflow.errors import (
    Contended,
    ItemExists,
    ItemNotFound,
    KeyTaken,
    StaleDelivery,
    StaleItem,
)
from socialflow.items import Entry, Item
from socialflow.queries import (
    Change,
    Delivery,
    Effects,
    Head,
    History,
    Inhabited,
    Items,
    Kept,
    Later,
    Record,
)

if TYPE_CHECKING:
    from socialflow.stores.memory import MemoryStore

__all__ = ["MemoryWork"]


class MemoryWork:
    """One unit of work: what it writes is staged, and put in place on leaving."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._kept: list[tuple[Kept, Entry]] = []
        self._put_off: list[Later] = []
        self._delivered: dict[tuple[str, int, int], Delivery] = {}
        self._recorded: list[Record] = []
        self._removed: list[Head] = []
        self._after: list[Callable[[], None]] = []

    def __enter__(self) -> MemoryWork:
        self._store._turn.take()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                with self._store._placing:
                    self._put_in_place()
        finally:
            self._store._turn.give()
        if kind is None:
            for call in self._after:
                call()

    def item(self, id: str) -> Item:
        """The item as of now, what this unit has written included."""
        for kept, _ in reversed(self._kept):
            if kept.item.id == id:
                return kept.item
        try:
            return self._store._items[id]
        except KeyError:
            raise ItemNotFound(id) from None

    def answer(self, key: str) -> Entry | None:
        """The entry that was written under *key*."""
        for kept, entry in self._kept:
            if kept.event.command.key == key:
                return entry
        return self._store._keys.get(key)

    def rows(self, query: Any) -> Iterator[Any]:
        """Answer *query* as of now, what this unit has written included."""
        staged = {kept.item.id: kept for kept, _ in self._kept}
        match query:
            case Items():
                return iter(self._store._found(query, staged)[: query.limit])
            case Inhabited():
                return iter(self._store._inhabited(query, staged))
            case Effects():
                return iter(self._store._effects(query, self._delivered)[: query.limit])
            case History(item=str(id), key=None, limit=None):
                more = [entry for kept, entry in self._kept if kept.item.id == id]
                entries = [*self._store._history.get(id, ()), *more]
                return iter([one for one in entries if one.n > query.after])
        raise TypeError(f"a unit of work cannot answer {query!r}")

    def write(self, change: Change) -> None:
        """Stage *change*; everything that could object to it is looked at now."""
        before, delivered = len(self._kept), dict(self._delivered)
        try:
            for kept in change.kept:
                self._kept.append(self._staged(kept))
                self._queue(*self._kept[-1])
            for delivery in change.deliveries:
                self._deliver(delivery)
            self._make_sure_of(change)
        except BaseException:
            del self._kept[before:]
            self._delivered = delivered
            raise
        self._put_off.extend(change.later)
        self._recorded.extend(change.records)
        self._removed.extend(change.removed)

    def _make_sure_of(self, change: Change) -> None:
        n = len(self._store._book) + len(self._recorded)
        if [one.n for one in change.records] != [*range(n + 1, n + 1 + len(change.records))]:
            raise Contended("the book", "somebody else has written in it")
        for gone in change.removed:
            if self._head(gone.item) != (gone.n, gone.hash):
                raise Contended(f"item {gone.item!r}", "it has moved on")

    def _queue(self, kept: Kept, entry: Entry) -> None:
        for place, effect in enumerate(kept.event.outgoing):
            at = kept.item.id, entry.n, place
            self._delivered[at] = Delivery(*at, effect.name, effect.data, "queued", kept.event.at)

    def _deliver(self, delivery: Delivery) -> None:
        at = delivery.item, delivery.n, delivery.place
        before = self._delivered.get(at) or self._store._deliveries.get(at)
        if before is None or before.turn != delivery.turn - 1:
            raise StaleDelivery(delivery.key)
        self._delivered[at] = delivery

    def _staged(self, kept: Kept) -> tuple[Kept, Entry]:
        id, key = kept.item.id, kept.event.command.key
        if key is not None and self.answer(key) is not None:
            raise KeyTaken(key)
        if kept.expected == 0:
            self._make_sure_it_is_new(kept.item)
        elif self.item(id).version != kept.expected:
            raise StaleItem(id, kept.expected, self.item(id).version)
        n, previous = self._head(id)
        return kept, entry_of(kept.event, link(kept.event, n + 1, previous, kept.erased))

    def _make_sure_it_is_new(self, item: Item) -> None:
        staged = [kept.item for kept, _ in self._kept]
        ids = {*self._store._items, *(one.id for one in staged)}
        refs = {*self._store._refs, *(one.ref for one in staged)} - {None}
        if item.id in ids or item.ref in refs:
            raise ItemExists(item.id, item.ref)

    def _head(self, id: str) -> tuple[int, str]:
        for kept, entry in reversed(self._kept):
            if kept.item.id == id:
                return entry.n, entry.hash
        history = self._store._history.get(id)
        return (history[-1].n, history[-1].hash) if history else (0, "")

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call *call* once this unit is in place."""
        self._after.append(call)

    def _put_in_place(self) -> None:
        store = self._store
        for kept, entry in self._kept:
            item, key = kept.item, kept.event.command.key
            before = store._items.get(item.id)
            store._definitions.setdefault(kept.definition.digest, kept.definition)
            store._kinds[item.id] = kept.definition.name
            store._items[item.id] = item
            store._history.setdefault(item.id, []).append(entry)
            if item.parent is not None:
                store._below.setdefault(item.parent, set()).add(item.id)
            if item.ref is not None:
                store._refs[item.ref] = item.id
            if key is not None:
                store._keys[key] = entry
            for token in item.tokens:
                if before is None or token not in before.tokens:
                    store._later.pop((item.id, token.stage), None)
            if kept.event.erases is not None:
                self._erase(item.id, kept.event.erases.entries)
        store._deliveries.update(self._delivered)
        for later in self._put_off:
            store._later[later.item, later.stage] = later.until
        store._book.extend(self._recorded)
        for gone in self._removed:
            self._remove(gone.item)

    def _erase(self, id: str, positions: tuple[int, ...]) -> None:
        entries = self._store._history[id]
        for n in positions:
            event = entries[n - 1].event
            bare = attrs.evolve(event, command=attrs.evolve(event.command, data=None))
            entries[n - 1] = attrs.evolve(entries[n - 1], event=bare)
            if event.command.key is not None:
                self._store._keys[event.command.key] = entries[n - 1]

    def _remove(self, id: str) -> None:
        store = self._store
        item = store._items.pop(id)
        store._kinds.pop(id)
        if item.ref is not None:
            store._refs.pop(item.ref)
        if item.parent is not None:
            store._below[item.parent].discard(id)
        for entry in store._history.pop(id):
            if entry.event.command.key is not None:
                store._keys.pop(entry.event.command.key)
        for at in [at for at in store._deliveries if at[0] == id]:
            del store._deliveries[at]
        for put_off in [place for place in store._later if place[0] == id]:
            del store._later[put_off]
