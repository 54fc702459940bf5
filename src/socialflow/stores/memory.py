"""`MemoryStore`: the reference; everything in this process, gone with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Lock
from types import TracebackType
from typing import Any

from socialflow.chain import entry_of, link
from socialflow.errors import ItemExists, ItemNotFound, KeyTaken, StaleItem
from socialflow.items import Entry, Item
from socialflow.queries import (
    Change,
    Definitions,
    Duties,
    Duty,
    Head,
    Heads,
    History,
    Items,
    Kept,
    StoredDefinition,
)
from socialflow.stores.turns import Turn

__all__ = ["MemoryStore"]


class MemoryStore:
    """A store in memory; units of work take turns.

    Example:
        >>> store = MemoryStore()
        >>> list(store.rows(Items()))
        []
    """

    def __init__(self) -> None:
        self._turn = Turn("memory:")
        self._placing = Lock()
        self._items: dict[str, Item] = {}
        self._refs: dict[str, str] = {}
        self._history: dict[str, list[Entry]] = {}
        self._keys: dict[str, Entry] = {}
        self._definitions: dict[str, StoredDefinition] = {}

    def begin(self) -> MemoryWork:
        """Open a unit of work; others wait until it closes."""
        return MemoryWork(self)

    def rows(self, query: Any) -> Iterator[Any]:
        """Answer *query* as of now."""
        with self._placing:
            return iter(tuple(self._answers(query)))

    def _answers(self, query: Any) -> Iterator[Any]:
        match query:
            case Items():
                found = [self._items[id] for id in sorted(self._items) if id > query.after]
                yield from [
                    item
                    for item in found
                    if query.id in (None, item.id)
                    and query.ref in (None, item.ref)
                    and query.workflow in (None, item.workflow)
                ][: query.limit]
            case History(key=str(key)):
                if key in self._keys:
                    yield self._keys[key]
            case History():
                ids = sorted(self._history) if query.item is None else [query.item]
                entries = [one for id in ids for one in self._history.get(id, ())]
                yield from [one for one in entries if one.n > query.after][: query.limit]
            case Duties():
                yield from _behind(self._duties(query), query)[: query.limit]
            case Definitions():
                yield from sorted(self._definitions.values(), key=lambda d: (d.name, d.digest))
            case Heads():
                for id in sorted(self._history):
                    last = self._history[id][-1]
                    yield Head(id, last.n, last.hash)
            case _:
                raise TypeError(f"a store cannot answer {query!r}")

    def _duties(self, query: Duties) -> list[Duty]:
        duties = [
            Duty(item.id, token.stage, token.state, token.entered, token.responsible)
            for item in self._items.values()
            for token in item.tokens
            if token.stage != "end"
            and query.item in (None, item.id)
            and query.responsible in (None, token.responsible)
            and query.stage in (None, token.stage)
            and query.state in (None, token.state)
        ]
        return sorted(duties, key=_place)


def _place(duty: Duty) -> tuple[Any, ...]:
    return duty.entered, duty.item, duty.stage


def _behind(duties: list[Duty], query: Duties) -> list[Duty]:
    if query.after is None:
        return duties
    return [duty for duty in duties if _place(duty) > _place(query.after)]


class MemoryWork:
    """One unit of work: what it writes is staged, and put in place on leaving."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._kept: list[tuple[Kept, Entry]] = []
        self._definitions: list[StoredDefinition] = []
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

    def write(self, change: Change) -> None:
        """Stage *change*; everything that could object to it is looked at now."""
        before = len(self._kept)
        try:
            for kept in change.kept:
                self._kept.append(self._staged(kept))
        except BaseException:
            del self._kept[before:]
            raise
        self._definitions.append(change.definition)

    def _staged(self, kept: Kept) -> tuple[Kept, Entry]:
        id, key = kept.item.id, kept.event.command.key
        if key is not None and self.answer(key) is not None:
            raise KeyTaken(key)
        if kept.expected == 0:
            self._make_sure_it_is_new(kept.item)
        elif self.item(id).version != kept.expected:
            raise StaleItem(id, kept.expected, self.item(id).version)
        n, previous = self._head(id)
        return kept, entry_of(kept.event, link(kept.event, n + 1, previous))

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
        for definition in self._definitions:
            store._definitions.setdefault(definition.digest, definition)
        for kept, entry in self._kept:
            item, key = kept.item, kept.event.command.key
            store._items[item.id] = item
            store._history.setdefault(item.id, []).append(entry)
            if item.ref is not None:
                store._refs[item.ref] = item.id
            if key is not None:
                store._keys[key] = entry
