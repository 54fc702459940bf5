"""`MemoryStore`: the reference; everything in this process, gone with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from threading import Lock
from typing import Any

from socialflow import arguments
from socialflow.items import Entry, Item
from socialflow.queries import (
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
from socialflow.stores.staging import MemoryWork
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

    def tenants(self) -> tuple[str, ...]:
        """Names of those for whom something was created; ``""`` is what is of no tenant."""
        with self._placing:
            return tuple(sorted(name for name, one in self._tenants.items() if one._definitions))

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
