"""What is written to a store, and what may be asked of it: values."""

from __future__ import annotations

from datetime import datetime

import attrs

from socialflow.items import Event, Item

__all__ = [
    "Change",
    "Definitions",
    "Duties",
    "Duty",
    "Head",
    "Heads",
    "History",
    "Items",
    "Kept",
    "StoredDefinition",
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


@attrs.frozen(weakref_slot=False)
class Kept:
    """One item as it is to be kept, with the event that made it so.

    Attributes:
        item: As of after the event.
        event: What happened.
        expected: Version the stored item must have; 0 for a new one.
    """

    item: Item
    event: Event
    expected: int


@attrs.frozen(weakref_slot=False)
class Change:
    """Everything that one command writes: all of it, or none.

    Attributes:
        kept: The items it touches.
        definition: The workflow's, which the store keeps if it has not got it yet.
    """

    kept: tuple[Kept, ...]
    definition: StoredDefinition


@attrs.frozen
class Items:
    """Asks for items, by id.

    Attributes:
        id: Only the one with this id.
        ref: Only those with this host key.
        workflow: Only those held by this definition.
        after: Only those whose id comes after this one.
        limit: At most so many.
    """

    id: str | None = None
    ref: str | None = None
    workflow: str | None = None
    after: str = ""
    limit: int | None = None


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
    """

    responsible: str | None = None
    stage: str | None = None
    state: str | None = None
    after: Duty | None = None
    limit: int | None = None
    item: str | None = None


@attrs.frozen
class Definitions:
    """Asks for the definitions that a store has kept, by name and digest."""


@attrs.frozen
class Heads:
    """Asks for the end of every item's history, as the store remembers it, by item."""


@attrs.frozen(weakref_slot=False)
class Head:
    """The end of an item's history: what the next entry is chained to.

    Attributes:
        item: Id of the item.
        n: Position of its last entry.
        hash: Of that entry.
    """

    item: str
    n: int
    hash: str


@attrs.frozen(weakref_slot=False)
class Duty:
    """One row of a worklist: an open token of an item.

    Attributes:
        item: Id of the item.
        stage: Whose duty it is part of.
        state: Full name of the state.
        entered: Since when.
        responsible: Who has been named, if anybody.
    """

    item: str
    stage: str
    state: str
    entered: datetime
    responsible: str | None = None
