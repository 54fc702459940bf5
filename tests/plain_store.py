"""The simplest correct store there is; each broken one differs from it in a single place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from threading import Lock, get_ident
from typing import Any

import attrs

from socialflow.chain import entry_of, link
from socialflow.errors import (
    ItemExists,
    ItemNotFound,
    KeyTaken,
    StaleDelivery,
    StaleItem,
    StoreError,
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
    Records,
    StoredDefinition,
    Strays,
    Tallies,
    Tally,
)

OPEN = ("queued", "taken")
Place = tuple[str, int, int]


@attrs.define
class State:
    """Everything that a store knows."""

    items: dict[str, Item] = attrs.field(factory=dict)
    history: dict[str, list[Entry]] = attrs.field(factory=dict)
    definitions: dict[str, StoredDefinition] = attrs.field(factory=dict)
    kinds: dict[str, str] = attrs.field(factory=dict)
    later: dict[tuple[str, str], datetime] = attrs.field(factory=dict)
    outbox: dict[Place, Delivery] = attrs.field(factory=dict)

    def copy(self) -> State:
        history = {id: list(entries) for id, entries in self.history.items()}
        known = dict(self.definitions), dict(self.kinds), dict(self.later)
        return State(dict(self.items), history, *known, dict(self.outbox))

    def entries(self) -> Iterator[Entry]:
        for id in sorted(self.history):
            yield from self.history[id]


class PlainStore:
    """A correct store: a unit of work changes a copy, which takes the place of the whole."""

    def __init__(self) -> None:
        self.state = State()
        self.turn = Lock()
        self.holder: int | None = None

    def begin(self) -> PlainStore.Work:
        return self.Work(self)

    def acquire(self) -> None:
        if self.holder == get_ident():
            raise StoreError("this thread has a unit of work open already")
        self.turn.acquire()
        self.holder = get_ident()

    def release(self) -> None:
        self.holder = None
        self.turn.release()

    def rows(self, query: Any) -> Iterator[Any]:
        return self.answers(query, self.state)

    def answers(self, query: Any, state: State) -> Iterator[Any]:
        return iter(list(self.answer_to(query, state))[: getattr(query, "limit", None)])

    def answer_to(self, query: Any, state: State) -> Iterator[Any]:
        if isinstance(query, Items):
            return (i for id, i in sorted(state.items.items()) if self.fits(query, i, id, state))
        if isinstance(query, Inhabited):
            return self.inhabited(query, state)
        if isinstance(query, History):
            return self.entries(query, state)
        if isinstance(query, Duties):
            return self.duties(query)
        if isinstance(query, Effects):
            return self.effects(query, state)
        if isinstance(query, Tallies):
            return self.tallies(state)
        if isinstance(query, Definitions):
            return iter(sorted(state.definitions.values(), key=lambda d: (d.name, d.digest)))
        if isinstance(query, Heads):
            ids = sorted(id for id in state.history if id > query.after)
            ids = [id for id in ids if query.ids is None or id in query.ids]
            ends = [state.history[id][-1] for id in ids if query.item in (None, id)]
            return (Head(end.event.item, end.n, end.hash) for end in ends)
        if isinstance(query, Records | Laters | Strays):
            return iter(())
        raise TypeError(query)

    def inhabited(self, query: Inhabited, state: State) -> Iterator[tuple[str, ...]]:
        below = Items(parent=query.parent, kind=query.kind, round=query.round)
        found = {
            item.marking
            for id, item in state.items.items()
            if id != query.beside and self.fits(below, item, id, state)
        }
        return iter(sorted(found, key=" ".join))

    def fits(self, query: Items, item: Item, id: str, state: State) -> bool:
        return (
            id > query.after
            and query.id in (None, id)
            and (query.ids is None or id in query.ids)
            and query.ref in (None, item.ref)
            and query.workflow in (None, item.workflow)
            and query.parent in (None, item.parent)
            and query.round in (None, item.round)
            and query.kind in (None, state.kinds[id])
        )

    def entries(self, query: History, state: State) -> Iterator[Entry]:
        for entry in state.entries():
            if query.key is not None:
                if entry.event.command.key == query.key:
                    yield entry
            elif query.item in (None, entry.event.item) and entry.n > query.after:
                yield entry

    def duties(self, query: Duties) -> Iterator[Duty]:
        found = (duty for item in self.state.items.values() for duty in self.duties_of(item))
        for duty in sorted(found, key=lambda duty: self.place(duty, query)):
            if (
                query.item in (None, duty.item)
                and query.responsible in (None, duty.responsible)
                and query.stage in (None, duty.stage)
                and query.state in (None, duty.state)
                and (query.after is None or self.is_behind(duty, query.after, query))
                and (query.due is None or self.is_due(duty, query.due))
            ):
                yield duty

    def duties_of(self, item: Item) -> list[Duty]:
        tokens = [token for token in item.tokens if token.stage != "end"]
        return [Duty(item.id, t.stage, t.state, t.entered, t.responsible, t.due) for t in tokens]

    def is_due(self, duty: Duty, now: datetime) -> bool:
        later = self.state.later.get((duty.item, duty.stage), now)
        return duty.due is not None and duty.due <= now and later <= now

    def effects(self, query: Effects, state: State) -> Iterator[Delivery]:
        for one in sorted(state.outbox.values(), key=self.turn_of):
            if (
                query.item in (None, one.item)
                and query.state in (None, one.state)
                and query.name in (None, one.name)
                and (query.after is None or self.turn_of(one) > self.turn_of(query.after))
                and (query.ready is None or self.is_ready(one, query, state))
            ):
                yield one

    def turn_of(self, delivery: Delivery) -> tuple[Any, ...]:
        return delivery.due, delivery.item, delivery.n, delivery.place

    def is_ready(self, delivery: Delivery, query: Effects, state: State) -> bool:
        return (
            delivery.state in OPEN
            and delivery.due <= query.ready
            and not any(self.holds_up(one, delivery, query) for one in state.outbox.values())
        )

    def holds_up(self, one: Delivery, other: Delivery, query: Effects) -> bool:
        return (
            one.state in OPEN
            and one.item == other.item
            and (one.n, one.place) < (other.n, other.place)
            and (not query.among or one.name in query.among)
        )

    def tallies(self, state: State) -> Iterator[Tally]:
        for kind in sorted({(one.name, one.state) for one in state.outbox.values()}):
            these = [one.due for one in state.outbox.values() if (one.name, one.state) == kind]
            yield Tally(*kind, len(these), min(these))

    def place(self, duty: Duty, query: Duties) -> tuple[Any, ...]:
        return (duty.entered if query.due is None else duty.due), duty.item, duty.stage

    def is_behind(self, duty: Duty, last: Duty, query: Duties) -> bool:
        return self.place(duty, query) > self.place(last, query)

    class Work:
        """A unit of work of it."""

        def __init__(self, store: PlainStore) -> None:
            self.store = store
            self.calls: list[Callable[[], None]] = []

        def __enter__(self) -> PlainStore.Work:
            self.store.acquire()
            self.state = self.store.state.copy()
            return self

        def __exit__(self, kind: Any, *_: Any) -> None:
            if kind is None:
                self.store.state = self.state
            self.store.release()
            if kind is None:
                for call in self.calls:
                    call()

        def item(self, id: str) -> Item:
            if id not in self.state.items:
                raise ItemNotFound(id)
            return self.state.items[id]

        def answer(self, key: str) -> Entry | None:
            entries = self.state.entries()
            return next((one for one in entries if one.event.command.key == key), None)

        def rows(self, query: Any) -> Iterator[Any]:
            return self.store.answers(query, self.state)

        def after_commit(self, call: Callable[[], None]) -> None:
            self.calls.append(call)

        def write(self, change: Change) -> None:
            before = self.state.copy()
            try:
                for later in change.later:
                    self.put_off(later)
                for kept in change.kept:
                    self.guard(kept)
                    self.keep(kept)
                for delivery in change.deliveries:
                    self.deliver(delivery)
            except StoreError:
                self.state = before
                raise

        def define(self, definition: StoredDefinition) -> None:
            self.state.definitions.setdefault(definition.digest, definition)

        def guard(self, kept: Kept) -> None:
            self.guard_key(kept.event.command.key)
            if kept.expected:
                self.guard_version(kept)
            else:
                self.guard_id(kept.item)
                self.guard_ref(kept.item)

        def guard_key(self, key: str | None) -> None:
            if key is not None and self.answer(key) is not None:
                raise KeyTaken(key)

        def guard_version(self, kept: Kept) -> None:
            found = self.item(kept.item.id).version
            if found != kept.expected:
                raise StaleItem(kept.item.id, kept.expected, found)

        def guard_id(self, item: Item) -> None:
            if item.id in self.state.items:
                raise ItemExists(item.id, item.ref)

        def guard_ref(self, item: Item) -> None:
            refs = {one.ref for one in self.state.items.values()}
            if item.ref is not None and item.ref in refs:
                raise ItemExists(item.id, item.ref)

        def keep(self, kept: Kept) -> None:
            entries = self.state.history.setdefault(kept.item.id, [])
            previous = entries[-1].hash if entries else ""
            entries.append(self.entry(kept, len(entries) + 1, previous))
            self.state.items[kept.item.id] = kept.item
            self.state.kinds[kept.item.id] = kept.definition.name
            self.define(kept.definition)
            self.take_up(kept.item)
            self.queue(kept, len(entries))

        def queue(self, kept: Kept, n: int) -> None:
            for place, effect in enumerate(kept.event.outgoing):
                at = kept.item.id, n, place
                self.state.outbox[at] = Delivery(
                    *at, effect.name, effect.data, "queued", kept.event.at
                )

        def deliver(self, delivery: Delivery) -> None:
            at = delivery.item, delivery.n, delivery.place
            self.guard_turn(self.state.outbox.get(at), delivery)
            self.state.outbox[at] = delivery

        def guard_turn(self, kept: Delivery | None, delivery: Delivery) -> None:
            if kept is None or kept.turn + 1 != delivery.turn:
                raise StaleDelivery(delivery.key)

        def take_up(self, item: Item) -> None:
            for token in item.tokens:
                self.state.later.pop((item.id, token.stage), None)

        def put_off(self, later: Later) -> None:
            self.state.later[later.item, later.stage] = later.until

        def entry(self, kept: Kept, n: int, previous: str) -> Entry:
            return entry_of(kept.event, link(kept.event, n, previous))
