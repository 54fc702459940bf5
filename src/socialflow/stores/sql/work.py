"""One unit of work: it reads as of now, collects what it is to write, and writes it at once.

As long as a unit reads before it writes, which is the rule, no transaction is open while anybody
thinks: what it writes is guarded by the versions it has read.  One that reads after it has written,
or that wants items for itself alone, has a transaction from there on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from types import TracebackType
from typing import Any, Protocol

from socialflow.errors import ItemNotFound, StaleItem, StoreError
from socialflow.items import Entry, Item
from socialflow.queries import Change, Effects, Items, Kept
from socialflow.stores.sql.reading import question, read_entry, read_item
from socialflow.stores.sql.statements import Statement, Statements
from socialflow.stores.sql.steps import (
    NOTHING,
    Head,
    Said,
    defined,
    delivered,
    put_off,
    recorded,
    removed,
    step,
)

__all__ = ["SqlWork", "Talk"]


class Talk(Protocol):
    """What a unit of work needs of a database: one connection, and what it does with it."""

    say: Statements
    at_once: bool
    """Whether every unit has a transaction from its beginning on."""

    @property
    def is_open(self) -> bool:
        """Whether a transaction of this unit is open."""
        ...

    def rows(self, statement: Statement, values: dict[str, Any]) -> list[Any]:
        """What the database answers."""
        ...

    def open(self) -> None:
        """Begin a transaction; from here on what is read stays so, or the end fails."""
        ...

    def write(self, said: Sequence[Said]) -> None:
        """Say all that inside the open transaction."""
        ...

    def submit(self, said: Sequence[Said]) -> None:
        """Say all that in one transaction of its own: all of it is durable then, or none."""
        ...

    def commit(self) -> None:
        """Make what was written in the open transaction durable."""
        ...

    def roll_back(self) -> None:
        """Take back what was written in the open transaction, if one is open."""
        ...

    def leave(self) -> None:
        """Give the connection back."""
        ...

    def after_commit(self, calls: Sequence[Callable[[], None]]) -> None:
        """See to it that these calls are made once everything is durable."""
        ...


class SqlWork:
    """A unit of work of a `SqlStore`.

    Args:
        talk: With the database.
        tenant: Whose items it sees and writes.
        known: Digests of the definitions that are stored for sure.
        alone: Ids of items that nobody else changes until the unit closes.
    """

    _learned: frozenset[str] = frozenset()
    _broken = False

    def __init__(self, talk: Talk, tenant: str, known: set[str], alone: tuple[str, ...]) -> None:
        self._talk = talk
        self._say = talk.say
        self._tenant = tenant
        self._known = known
        self._alone = alone
        self._held: dict[str, Any] = {}
        self._heads: dict[str, Head] = {}
        self._said: list[Said] = []
        self._after: list[Callable[[], None]] = []

    def __enter__(self) -> SqlWork:
        if self._alone or self._talk.at_once:
            try:
                self._talk.open()
                for id in self._alone:
                    for row in self._rows(self._say.hold, {"tenant": self._tenant, "id": id}):
                        self._held[id] = row
            except BaseException:
                self._talk.roll_back()
                self._talk.leave()
                raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        talk = self._talk
        try:
            if kind is not None or self._broken:
                talk.roll_back()
            elif talk.is_open:
                talk.commit()
            elif self._said:
                talk.submit(self._said)
        except BaseException:
            talk.roll_back()
            raise
        finally:
            talk.leave()
        if kind is not None:
            return
        if self._broken:
            raise StoreError("a change of this unit of work was refused; nothing was written")
        if self._learned:
            self._after.insert(0, partial(self._known.update, self._learned))
        talk.after_commit(self._after)

    def item(self, id: str) -> Item:
        """The item as of now."""
        item = self._head(id).item
        if item is None:
            raise ItemNotFound(id)
        return item

    def answer(self, key: str) -> Entry | None:
        """The entry that was written under *key*."""
        rows = self._rows(self._say.answer, {"tenant": self._tenant, "key": key})
        return read_entry(rows[0]) if rows else None

    def rows(self, query: Any) -> Iterator[Any]:
        """Answer *query* as of now, what this unit has written included."""
        if isinstance(query, Effects) and query.ready is not None and not self._talk.is_open:
            self._open()
        statement, values, read = question(self._say, self._tenant, query)
        rows = self._rows(statement, values)
        found = [read(row) for row in rows]
        if isinstance(query, Items):
            for row, item in zip(rows, found, strict=True):
                self._heads[item.id] = Head(row[4], row[5], item)
                self._held.pop(item.id, None)
        return iter(found)

    def write(self, change: Change) -> None:
        """Write everything in *change*; if that is refused, the whole unit cannot be kept."""
        try:
            said = self._in_words(change)
            if self._talk.is_open:
                self._talk.write(said)
            else:
                self._said += said
        except BaseException:
            self._broken = True
            raise

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call *call* once everything is durable."""
        self._after.append(call)

    # -- inside

    def _in_words(self, change: Change) -> list[Said]:
        say, tenant = self._say, self._tenant
        said: list[Said] = []
        for later in change.later:
            said.append(put_off(say, tenant, later))
        for delivery in change.deliveries:
            said.append(delivered(say, tenant, delivery))
        for kept in change.kept:
            digest = kept.definition.digest
            if digest not in self._known and digest not in self._learned:
                said.append(defined(say, tenant, kept.definition))
                self._learned |= {digest}
            self._heads[kept.item.id] = step(say, tenant, kept, self._before(kept), said)
        for record in change.records:
            said.append(recorded(say, tenant, record))
        for gone in change.removed:
            self._heads[gone.item] = NOTHING
            self._held.pop(gone.item, None)
            said += removed(say, tenant, gone)
        return said

    def _before(self, kept: Kept) -> Head:
        """Where the item's history ends, which must be at the version that is expected."""
        if kept.expected == 0:
            return NOTHING
        id = kept.item.id
        head = self._heads.get(id) or self._head(id)
        if head.item is None:
            raise ItemNotFound(id)
        if head.item.version != kept.expected:
            raise StaleItem(id, kept.expected, head.item.version)
        return head

    def _head(self, id: str) -> Head:
        """Where the item's history ends, as of now; what was read with the lock is so still."""
        row = self._held.pop(id, None)
        if row is None:
            rows = self._rows(self._say.item, {"tenant": self._tenant, "id": id})
            if not rows:
                return NOTHING
            row = rows[0]
        head = self._heads[id] = Head(row[4], row[5], read_item(row))
        return head

    def _rows(self, statement: Statement, values: dict[str, Any]) -> list[Any]:
        if self._said:
            self._open()
        return self._talk.rows(statement, values)

    def _open(self) -> None:
        """Go on in a transaction, with what has been collected so far."""
        self._talk.open()
        said, self._said = self._said, []
        try:
            self._talk.write(said)
        except BaseException:
            self._broken = True
            raise
