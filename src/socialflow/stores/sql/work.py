"""One unit of work on SQLite: statements on the DBAPI cursor, below SQLAlchemy's pool."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

from socialflow.chain import link
from socialflow.codec import encode_item, encode_time
from socialflow.errors import ItemExists, ItemNotFound, KeyTaken, StaleItem, StoreError
from socialflow.items import Entry, Item
from socialflow.queries import Change, Definitions, Inhabited, Kept, StoredDefinition
from socialflow.stores.sql.reading import read_entry, read_item
from socialflow.stores.sql.statements import Statement

if TYPE_CHECKING:
    from socialflow.stores.sql import SqlStore

__all__ = ["SqlWork"]


class SqlWork:
    """A transaction of our own, from BEGIN IMMEDIATE to COMMIT."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self._say = store.statements
        self._heads: dict[str, tuple[int, str, Item]] = {}
        self._after: list[Callable[[], None]] = []
        self._learned: set[str] = set()
        self._broken = False

    def __enter__(self) -> SqlWork:
        self._cursor: Any = self._store.take_turn()
        try:
            self._cursor.execute("BEGIN IMMEDIATE")
        except BaseException as error:
            self._store.give_turn()
            if isinstance(error, sqlite3.Error):
                raise self._store.failed(error) from error
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None and self._broken:
                raise StoreError("a change of this unit of work was refused; nothing was written")
            if kind is None:
                self._cursor.execute("COMMIT")
                self._store.known.update(self._learned)
        except sqlite3.Error as error:
            raise self._store.failed(error) from error
        finally:
            self._store.give_turn()
        if kind is None:
            for call in self._after:
                call()

    def _rows(self, statement: Statement, values: Mapping[str, Any]) -> list[Any]:
        try:
            return self._run(statement, values).fetchall()  # type: ignore[no-any-return]
        except sqlite3.Error as error:
            raise self._store.failed(error) from error

    def _run(self, statement: Statement, values: Mapping[str, Any]) -> Any:
        return self._cursor.execute(statement.sql, statement.pick(values))

    def item(self, id: str) -> Item:
        """The item as of now."""
        rows = self._rows(self._say.item, {"id": id})
        if not rows:
            raise ItemNotFound(id)
        item = read_item(rows[0])
        self._heads[id] = rows[0][4], rows[0][5], item
        return item

    def answer(self, key: str) -> Entry | None:
        """The entry that was written under *key*."""
        rows = self._rows(self._say.answer, {"key": key})
        return read_entry(rows[0]) if rows else None

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call *call* once this transaction is durable."""
        self._after.append(call)

    def rows(self, query: Any) -> Iterator[Any]:
        """Answer *query* as of now, what this unit has written included."""
        if isinstance(query, Inhabited):
            values = {
                "parent": query.parent,
                "kind": query.kind,
                "round": query.round,
                "beside": query.beside,
            }
            return iter(
                [tuple(row[0].split(" ")) for row in self._rows(self._say.inhabited, values)]
            )
        return self._store.answered(self._cursor, query)

    def write(self, change: Change) -> None:
        """Write everything in *change*; if that is refused, the whole unit cannot be kept."""
        try:
            self._write(change)
        except BaseException as error:
            self._broken = True
            if isinstance(error, sqlite3.Error):
                raise self._store.failed(error) from error
            raise

    def _write(self, change: Change) -> None:
        for later in change.later:
            until = encode_time(later.until)
            self._run(self._say.put_off, {"of": later.item, "at": later.stage, "until": until})
        for kept in change.kept:
            if kept.definition.digest not in self._store.known:
                self._keep_definition(kept.definition)
            try:
                self._keep(kept)
            except sqlite3.IntegrityError as error:
                raise self._said(kept, error) from error

    def _keep_definition(self, definition: StoredDefinition) -> None:
        known = {one.digest for one in self._store.answered(self._cursor, Definitions())}
        self._learned.update(known)
        if definition.digest not in known:
            self._run(
                self._say.add_definition,
                {
                    "digest": definition.digest,
                    "name": definition.name,
                    "version": definition.version,
                    "document": definition.document,
                },
            )
            self._learned.add(definition.digest)

    def _said(self, kept: Kept, error: sqlite3.IntegrityError) -> Exception:
        """What a violated constraint means."""
        key, item = kept.event.command.key, kept.item
        if key is not None and self.answer(key) is not None:
            return KeyTaken(key)
        taken = self._rows(self._say.taken, {"id": item.id, "ref": item.ref})
        if kept.expected == 0 and taken:
            return ItemExists(item.id, item.ref)
        return self._store.failed(error)

    def _keep(self, kept: Kept) -> None:
        item, event = kept.item, kept.event
        before: Item | None = None
        n, previous = 0, ""
        if kept.expected:
            if item.id not in self._heads:
                self.item(item.id)
            n, previous, before = self._heads[item.id]
            if before.version != kept.expected:
                raise StaleItem(item.id, kept.expected, before.version)
        sealed = link(event, n + 1, previous)
        row = {
            "id": item.id,
            "of": item.id,
            "ref": item.ref,
            "workflow": item.workflow,
            "version": item.version,
            "n": sealed.n,
            "was": n,
            "head": sealed.hash,
            "body": encode_item(item),
            "parent": item.parent,
            "kind": kept.definition.name,
            "round": item.round,
            "marking": " ".join(item.marking),
        }
        if before is None:
            self._run(self._say.add_item, row)
        elif self._run(self._say.change_item, row).rowcount != 1:
            raise StaleItem(item.id, kept.expected)
        self._write_duties(before, item)
        self._run(
            self._say.add_entry,
            {
                "item": item.id,
                "n": sealed.n,
                "version": event.version,
                "action": event.action,
                "by": event.command.by,
                "at": sealed.at,
                "key": event.command.key,
                "meta": sealed.meta,
                "data": sealed.data,
                "digest": sealed.digest,
                "previous": previous,
                "hash": sealed.hash,
            },
        )
        self._heads[item.id] = sealed.n, sealed.hash, item

    def _write_duties(self, before: Item | None, item: Item) -> None:
        if before is not None and before.tokens == item.tokens:
            return
        rows = [
            {
                "item": item.id,
                "of": item.id,
                "stage": token.stage,
                "state": token.state,
                "entered": encode_time(token.entered),
                "responsible": token.responsible,
                "due": encode_time(token.due) if token.due is not None else None,
            }
            for token in item.tokens
            if token.stage != "end"
        ]
        open_before = () if before is None or before.ended else before.tokens
        if len(rows) == len(open_before) == 1:
            self._run(self._say.change_duty, rows[0])
            return
        if open_before:
            self._run(self._say.drop_duties, {"of": item.id})
        for row in rows:
            self._run(self._say.add_duty, row)
