"""What is written to a store, and what may be asked of it: values."""

from __future__ import annotations

from datetime import datetime

import attrs

from socialflow.items import Event, Item
from socialflow.plain import FrozenDict

__all__ = [
    "Change",
    "Definitions",
    "Delivery",
    "Duties",
    "Duty",
    "Effects",
    "Head",
    "Heads",
    "History",
    "Inhabited",
    "Items",
    "Kept",
    "Later",
    "Laters",
    "Record",
    "Records",
    "StoredDefinition",
    "Strays",
    "Tallies",
    "Tally",
]


@attrs.frozen
class StoredDefinition:
    """A definition as a store keeps it.

    Attributes:
        digest: Identity.
        name: Of the workflow.
        version: Its label.
        document: The definition as JSON text.
    """

    digest: str
    name: str
    version: str
    document: str


@attrs.frozen(slots=False)
class Kept:
    """One item as it is to be kept, with the event that made it so.

    Attributes:
        item: As of after the event.
        event: What happened.
        expected: Version the stored item must have; 0 for a new one.
        definition: Its workflow's, which the store keeps if it has not got it yet.
        erased: Digest of data that the event once had: it was erased elsewhere, before this.
    """

    item: Item
    event: Event
    expected: int
    definition: StoredDefinition
    erased: str = ""


@attrs.frozen(slots=False)
class Change:
    """Everything that one command writes: all of it, or none.

    What an event has for the outside is queued by the store, in the order of `Event.outgoing`; what
    it erases (`Event.erases`) is erased by the store.

    Attributes:
        kept: The items it touches, in the order in which they are written.
        later: Duties that are put off.
        deliveries: What has become of effects: each one turn behind what the store has.
        records: What is written in the store's own book, behind the last record.
        removed: Items that go, with all there is about them, if they still end there; the book
            has to say so, or the database objects.
    """

    kept: tuple[Kept, ...] = ()
    later: tuple[Later, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    records: tuple[Record, ...] = ()
    removed: tuple[Head, ...] = ()


@attrs.frozen(weakref_slot=False)
class Record:
    """A line in a store's own book: what was done to the store as a whole.

    Attributes:
        n: Position, from 1, without a gap.
        kind: ``"anchor"``, or ``"retired"`` for an item that was removed.
        at: When.
        told: What there is to say about it, plain.
        previous: Hash of the record before; empty for the first.
        hash: SHA-256 over all that.
    """

    n: int
    kind: str
    at: datetime
    told: FrozenDict
    previous: str
    hash: str

    @property
    def item(self) -> str | None:
        """Id of the item that it is about, if it is about one."""
        return self.told.get("item")


@attrs.frozen
class Records:
    """Asks for the store's own book, oldest first.

    Attributes:
        item: Only what is about this item.
        after: Only records behind this position.
        limit: At most so many.
        newest: Only the last one.
    """

    item: str | None = None
    after: int = 0
    limit: int | None = None
    newest: bool = False


@attrs.frozen
class Later:
    """A due duty that could not be done, put off: it is tried again at *until*."""

    item: str
    stage: str
    until: datetime


@attrs.frozen(weakref_slot=False)
class Delivery:
    """An effect on its way to the outside.

    Attributes:
        item: Id of the item whose event asks for it.
        n: Position of that event in the item's history.
        place: Its place among the effects of that event.
        name: Which kind of work.
        data: Its parameters, plain.
        state: ``"queued"`` while it is certainly not done, ``"taken"`` as soon as it may be,
            ``"delivered"``, ``"unconfirmed"`` where somebody has to find out, ``"dead"`` once
            given up, and certainly not done.
        due: From when on it may be taken: of what is taken, when whoever has it is given up.
        turn: How often it has changed; 0 as it was recorded.
        attempts: How often it has been handed to a channel.
        told: What there is to say about the last attempt.
        seal: SHA-256 over all that, as the store has written it; None where it seals nothing.
    """

    item: str
    n: int
    place: int
    name: str
    data: FrozenDict
    state: str
    due: datetime
    turn: int = 0
    attempts: int = 0
    told: str = ""
    seal: str | None = attrs.field(default=None, eq=False)

    @property
    def key(self) -> str:
        """What the outside can tell a repetition by: the same for every attempt."""
        return f"{self.item}/{self.n}/{self.place}"


@attrs.frozen
class Effects:
    """Asks for deliveries, in the order in which they were recorded: by due moment, item and place.

    Attributes:
        item: Only those of this item.
        state: Only those in this state.
        ready: Only those that may be taken at this moment: queued or taken, due, and of each item
            only the first that is so. A unit of work that asks so is told of nothing that another
            unit has been told of until that one closes; it may wait for it instead.
        after: The delivery to go on behind; None to begin.
        limit: At most so many.
        name: Only this kind of work.
        among: What is ready waits for these kinds of work only; for every kind, if none is said.
    """

    item: str | None = None
    state: str | None = None
    ready: datetime | None = None
    after: Delivery | None = None
    limit: int | None = None
    name: str | None = None
    among: tuple[str, ...] = ()


@attrs.frozen
class Tallies:
    """Asks how many deliveries there are, by name and state."""


@attrs.frozen
class Tally:
    """So many deliveries of one name are in one state.

    Attributes:
        name: Which kind of work.
        state: How far they have come.
        count: How many they are.
        due: The earliest moment at which one of them is due.
    """

    name: str
    state: str
    count: int
    due: datetime


@attrs.frozen
class Inhabited:
    """Asks for the markings that the children of an item are in: each once, sorted.

    Attributes:
        parent: Id of the item.
        kind: Name of the children's workflow.
        round: In which round they were made.
        beside: A child to leave out of the answer.
    """

    parent: str
    kind: str
    round: int = 0
    beside: str = ""


@attrs.frozen
class Items:
    """Asks for items, by id.

    Attributes:
        id: Only the one with this id.
        ref: Only those with this host key.
        workflow: Only those held by this definition.
        parent: Only the children of this item.
        kind: Only those whose workflow bears this name.
        round: Only those of this round of the parent.
        ids: Only those with one of these ids.
        after: Only those whose id comes after this one.
        limit: At most so many.
    """

    id: str | None = None
    ref: str | None = None
    workflow: str | None = None
    after: str = ""
    limit: int | None = None
    parent: str | None = None
    kind: str | None = None
    round: int | None = None
    ids: tuple[str, ...] | None = None


@attrs.frozen
class History:
    """Asks for the entries of an item, oldest first, or of a key.

    Attributes:
        item: Id of the item; None means every item, item by item.
        key: Only the entry with this idempotency key.
        after: Only entries behind this position.
        limit: At most so many.
    """

    item: str | None = None
    key: str | None = None
    after: int = 0
    limit: int | None = None


@attrs.frozen
class Duties:
    """Asks for open duties, longest waiting first.

    Attributes:
        responsible: Only those of this member.
        stage: Only those of this stage.
        state: Only those in this state.
        after: The duty to go on behind; None to begin.
        limit: At most so many.
        item: Only those of this item.
        due: Only those at which something is due by this moment, and not put off; then in the
            order in which they are due.
    """

    responsible: str | None = None
    stage: str | None = None
    state: str | None = None
    after: Duty | None = None
    limit: int | None = None
    item: str | None = None
    due: datetime | None = None


@attrs.frozen
class Definitions:
    """Asks for the definitions that a store has kept, by name and digest."""


@attrs.frozen
class Heads:
    """Asks for the end of every item's history, as the store remembers it, by item.

    Attributes:
        item: Only of this item.
        after: Only of items whose id comes after this one.
        limit: At most so many.
        ids: Only of items with one of these ids.
    """

    item: str | None = None
    after: str = ""
    limit: int | None = None
    ids: tuple[str, ...] | None = None


@attrs.frozen(weakref_slot=False)
class Head:
    """The end of an item's history: what the next entry is chained to.

    Attributes:
        item: Id of the item.
        n: Position of its last entry.
        hash: Of that entry.
        found: By what the store finds the item, beside id and ref: the name of its workflow, its
            parent, the round, and its marking; None where it has nothing apart from the item.
    """

    item: str
    n: int
    hash: str
    found: tuple[str, str | None, int, str] | None = attrs.field(default=None, eq=False)


@attrs.frozen
class Strays:
    """Asks for the ids of items that are not there, though a history, duty or effect is; sorted."""


@attrs.frozen
class Laters:
    """Asks for what has been put off, as `Later`, by item and stage.

    Attributes:
        item: Only that of this item.
    """

    item: str | None = None


@attrs.frozen(weakref_slot=False)
class Duty:
    """One row of a worklist: an open token of an item.

    Attributes:
        item: Id of the item.
        stage: Whose duty it is part of.
        state: Full name of the state.
        entered: Since when.
        responsible: Who has been named, if anybody.
        due: When the system does something there by itself, if it does.
    """

    item: str
    stage: str
    state: str
    entered: datetime
    responsible: str | None = None
    due: datetime | None = None
