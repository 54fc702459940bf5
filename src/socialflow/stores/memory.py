"""`MemoryStore`: the reference; everything in this process, gone with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from threading import Lock
from types import TracebackType
from typing import Any

import attrs

from socialflow import arguments
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
    Definitions,
    Delivery,
    Duties,
    Duty,
    Effects,
    Head,
    Heads,
    History,
    Inhabited,
    Items,
    Kept,
    Later,
    Laters,
    Record,
    Records,
    StoredDefinition,
    Strays,
    Tallies,
    Tally,
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
        self._kinds: dict[str, str] = {}
        self._below: dict[str, set[str]] = {}
        self._later: dict[tuple[str, str], datetime] = {}
        self._keys: dict[str, Entry] = {}
        self._definitions: dict[str, StoredDefinition] = {}
        self._deliveries: dict[tuple[str, int, int], Delivery] = {}
        self._book: list[Record] = []
        self._tenants: dict[str, MemoryStore] = {"": self}

    def for_tenant(self, name: str) -> MemoryStore:
        """The store as it is for one tenant: others neither see nor touch what is in it."""
        arguments.text("name", name)
        with self._placing:
            if name not in self._tenants:
                own = self._tenants[name] = MemoryStore()
                own._tenants = self._tenants
            return self._tenants[name]

    def begin(self, *alone: str) -> MemoryWork:  # noqa: ARG002
        """Open a unit of work; others wait until it closes."""
        return MemoryWork(self)

    def rows(self, query: Any) -> Iterator[Any]:
        """Answer *query* as of now."""
        with self._placing:
            return iter(tuple(self._answers(query)))

    def _answers(self, query: Any) -> Iterator[Any]:
        match query:
            case Items():
                yield from self._found(query, {})[: query.limit]
            case Inhabited():
                yield from self._inhabited(query, {})
            case History(key=str(key)):
                if key in self._keys:
                    yield self._keys[key]
            case History():
                ids = sorted(self._history) if query.item is None else [query.item]
                entries = [one for id in ids for one in self._history.get(id, ())]
                yield from [one for one in entries if one.n > query.after][: query.limit]
            case Duties():
                yield from _behind(self._duties(query), query)[: query.limit]
            case Effects():
                yield from self._effects(query, {})[: query.limit]
            case Tallies():
                yield from self._tallies()
            case Definitions():
                yield from sorted(self._definitions.values(), key=lambda d: (d.name, d.digest))
            case Heads():
                known = set(self._history) if query.ids is None else {*query.ids} & {*self._history}
                ids = [id for id in known if query.item in (None, id)]
                for id in sorted(id for id in ids if id > query.after)[: query.limit]:
                    last = self._history[id][-1]
                    yield Head(id, last.n, last.hash)
            case Records():
                yield from self._records(query)[: query.limit]
            case Laters():
                open = {(duty.item, duty.stage) for duty in self._duties(Duties(item=query.item))}
                for place in sorted(open & self._later.keys()):
                    yield Later(*place, self._later[place])
            case Strays():
                pass
            case _:
                raise TypeError(f"a store cannot answer {query!r}")

    def _found(self, query: Items, staged: Mapping[str, Kept]) -> list[Item]:
        """The items that a query asks for, those that are only *staged* included."""
        if query.parent is None:
            known = {*self._items, *staged}
        else:
            known = {*self._below.get(query.parent, ()), *staged}
        if query.id is not None:
            known &= {query.id}
        if query.ids is not None:
            known &= {*query.ids}
        ids = [id for id in sorted(known) if id > query.after]
        found = [staged[id].item if id in staged else self._items[id] for id in ids]
        return [
            item
            for item in found
            if query.ref in (None, item.ref)
            and query.workflow in (None, item.workflow)
            and query.parent in (None, item.parent)
            and query.round in (None, item.round)
            and query.kind in (None, self._kind(item, staged))
        ]

    def _kind(self, item: Item, staged: Mapping[str, Kept]) -> str:
        return staged[item.id].definition.name if item.id in staged else self._kinds[item.id]

    def _inhabited(self, query: Inhabited, staged: Mapping[str, Kept]) -> list[tuple[str, ...]]:
        below = Items(parent=query.parent, kind=query.kind, round=query.round)
        found = (item for item in self._found(below, staged) if item.id != query.beside)
        return sorted({item.marking for item in found}, key=" ".join)

    def _duties(self, query: Duties) -> list[Duty]:
        duties = [
            Duty(item.id, token.stage, token.state, token.entered, token.responsible, token.due)
            for item in self._items.values()
            for token in item.tokens
            if token.stage != "end"
            and query.item in (None, item.id)
            and query.responsible in (None, token.responsible)
            and query.stage in (None, token.stage)
            and query.state in (None, token.state)
        ]
        if query.due is not None:
            duties = [one for one in duties if self._is_due(one, query.due)]
        return sorted(duties, key=lambda duty: _place(duty, query))

    def _effects(
        self, query: Effects, staged: Mapping[tuple[str, int, int], Delivery]
    ) -> list[Delivery]:
        known = sorted({**self._deliveries, **staged}.items())
        kept_up: set[str] = set()
        found = []
        for _, one in known:
            is_first = one.item not in kept_up
            if one.state in OPEN and (not query.among or one.name in query.among):
                kept_up.add(one.item)
            if (
                query.item in (None, one.item)
                and query.state in (None, one.state)
                and query.name in (None, one.name)
            ):
                is_ready = one.state in OPEN and is_first
                if query.ready is None or (is_ready and one.due <= query.ready):
                    found.append(one)
        found.sort(key=_place_of)
        if query.after is not None:
            found = [one for one in found if _place_of(one) > _place_of(query.after)]
        return found

    def _tallies(self) -> Iterator[Tally]:
        dues: dict[tuple[str, str], list[datetime]] = {}
        for one in self._deliveries.values():
            dues.setdefault((one.name, one.state), []).append(one.due)
        for (name, state), of_these in sorted(dues.items()):
            yield Tally(name, state, len(of_these), min(of_these))

    def _records(self, query: Records) -> list[Record]:
        if query.newest:
            return self._book[-1:]
        behind = self._book[query.after :]
        return [one for one in behind if query.item in (None, one.item)]

    def _is_due(self, duty: Duty, at: datetime) -> bool:
        later = self._later.get((duty.item, duty.stage), at)
        return duty.due is not None and duty.due <= at and later <= at


OPEN = ("queued", "taken")
"""States of a delivery that is still under way."""


def _place_of(delivery: Delivery) -> tuple[Any, ...]:
    return delivery.due, delivery.item, delivery.n, delivery.place


def _place(duty: Duty, query: Duties) -> tuple[Any, ...]:
    return (duty.entered if query.due is None else duty.due), duty.item, duty.stage


def _behind(duties: list[Duty], query: Duties) -> list[Duty]:
    if query.after is None:
        return duties
    return [duty for duty in duties if _place(duty, query) > _place(query.after, query)]


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
