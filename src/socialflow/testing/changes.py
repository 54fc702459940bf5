"""What the contract writes to a store: items and events made by hand, true to one another.

Every item here is what its events lead to, so a history can be rebuilt and audited; there is no
workflow behind it, which leaves a contract free to write whatever a store has to bear.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import attrs

from socialflow.decisions import apply
from socialflow.items import CHANGING, Command, Entry, Event, Item, Origin, Token
from socialflow.people import EVERYWHERE, Scope
from socialflow.plain import FrozenDict, canonical, digest
from socialflow.protocols import Store
from socialflow.queries import Change, History, Kept, StoredDefinition

__all__ = [
    "LETTER",
    "START",
    "born",
    "change",
    "definition",
    "history",
    "later",
    "moved",
    "noted",
    "paged",
    "stored",
    "write",
    "write_all",
]

T = TypeVar("T")

START = datetime(2026, 5, 1, 12, tzinfo=UTC)
"""When the first event of every item happens, unless a test says otherwise."""

Where = str | Token


def later(minutes: float) -> datetime:
    """So many minutes after `START`."""
    return START + timedelta(minutes=minutes)


def definition(name: str = "letter", version: str = "1") -> StoredDefinition:
    """A definition for a store to keep; as with a workflow, its version is not in its digest."""
    said = {"name": name, "steps": [f"as of {version}"]}
    document = canonical(said | {"version": version})
    return StoredDefinition(digest(canonical(said)), name, version, document)


LETTER = definition()


def born(
    id: str,
    *where: Where,
    data: Mapping[str, Any] | None = None,
    ref: str | None = None,
    scope: Scope = EVERYWHERE,
    key: str | None = None,
    responsible: str | None = None,
    at: datetime = START,
    of: StoredDefinition = LETTER,
    **told: Any,
) -> Kept:
    """A new item in the states *where*, ``"writing.drafting"`` if none is given.

    Args:
        id: Of the item.
        *where: Full states, or whole tokens.
        data: The first data of the item.
        ref: The host's own row.
        scope: Where it belongs.
        key: Idempotency key of the command.
        responsible: Who is named for every state.
        at: When.
        of: The definition that holds it.
        **told: Further attributes of the event, or of what it has changed.
    """
    command = Command("create", "ann", at, data or None, key=key)
    origin = Origin(of.digest, ref, scope)
    tokens = _tokens(where or ("writing.drafting",), at, responsible)
    keeps = tuple(data or ())
    return _kept(
        None, Event(id, 1, "create", command, (), (), tokens, **_told(keeps, told, origin))
    )


def moved(
    item: Item,
    *where: Where,
    data: Mapping[str, Any] | None = None,
    key: str | None = None,
    responsible: str | None = None,
    at: datetime | None = None,
    **told: Any,
) -> Kept:
    """The item one version later, in the states *where*; where it was, if none is given."""
    at = later(item.version) if at is None else at
    command = Command("send", "ann", at, data or None, key=key)
    tokens = _tokens(where, at, responsible) if where else item.tokens
    keeps = tuple(data or ())
    event = Event(
        item.id, item.version + 1, "send", command, (), (), tokens, **_told(keeps, told, None)
    )
    return _kept(item, event)


def noted(item: Item, text: str, key: str | None = None) -> Kept:
    """A remark about the item, which takes an entry but no version."""
    command = Command("note", "ann", later(item.version), {"text": text}, key=key)
    return _kept(item, Event(item.id, item.version, "note", command, (), (), item.tokens))


def _kept(before: Item | None, event: Event) -> Kept:
    expected = before.version if before is not None else 0
    return Kept(apply(before, event), event, expected, LETTER)


def _told(keeps: tuple[str, ...], told: dict[str, Any], origin: Origin | None) -> dict[str, Any]:
    changed = FrozenDict({name: told.pop(name) for name in CHANGING if name in told})
    return {"keeps": keeps, "origin": origin, "changed": changed, **told}


def _tokens(where: Iterable[Where], at: datetime, responsible: str | None) -> tuple[Token, ...]:
    tokens = [one if isinstance(one, Token) else Token(one, 1, at, responsible) for one in where]
    return tuple(sorted(tokens, key=lambda token: token.state))


def change(*kept: Kept, of: StoredDefinition = LETTER) -> Change:
    """Everything that one command writes, of one definition."""
    return Change(tuple(attrs.evolve(one, definition=of) for one in kept))


def write(store: Store, *kept: Kept, of: StoredDefinition = LETTER) -> Item:
    """Write one change in a unit of work of its own, and return its last item."""
    with store.begin() as work:
        work.write(change(*kept, of=of))
    return kept[-1].item


def write_all(store: Store, *changes: Change, error: BaseException | None = None) -> None:
    """Write these changes in one unit of work, which *error* then leaves, if there is one."""
    with store.begin() as work:
        for one in changes:
            work.write(one)
        if error is not None:
            raise error


def paged(whole: Sequence[T], size: int, page: Callable[[T | None, int], Iterable[T]]) -> list[T]:
    """All pages of at most *size* put together, each read behind the last row of the one before.

    It ends with the first empty page, or as soon as more has been read than there is.
    """
    read: list[T] = []
    while more := list(page(read[-1] if read else None, size)):
        assert len(more) <= size, f"a page of {size} has {len(more)} rows"
        read += more
        if len(read) > len(whole):
            break
    return read


def stored(store: Store, id: str) -> Item:
    """The item as a unit of work of its own reads it."""
    with store.begin() as work:
        return work.item(id)


def history(store: Store, id: str) -> list[Entry]:
    """All entries of an item."""
    return list(store.rows(History(id)))
