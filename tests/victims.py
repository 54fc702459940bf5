"""Stores that somebody tampers with: who has the database, and has dropped what guards it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import copy
from typing import Any, Protocol

from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError
from tampered import KEYS, fill

from socialflow.stores.sql import SqlStore

__all__ = ["Database", "File", "Victim"]


class Victim(Protocol):
    """A filled store that somebody tampers with.

    Attributes:
        store: As it was filled.
        lines: Of the anchor that was taken then.
    """

    store: SqlStore
    lines: list[str]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table."""
        ...

    def after(self, statements: tuple[str, ...]) -> Any:
        """The store after somebody has done that, for a while; None if the database refuses."""
        ...


class File:
    """A SQLite file in a folder."""

    def __init__(self, folder: Path) -> None:
        self._path, self._copy = folder / "store.db", folder / "copy.db"
        self.store = SqlStore(f"sqlite:///{self._path}", create=True, synchronous="NORMAL")
        self.lines = fill(self.store)
        self.store.close()

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table."""
        with closing(sqlite3.connect(self._path)) as connection:
            connection.row_factory = sqlite3.Row
            order = ", ".join(f'"{column}"' for column in KEYS[table])
            found = connection.execute(
                f"SELECT * FROM socialflow_{table} WHERE tenant = '' ORDER BY {order}"
            )
            return [dict(row) for row in found]

    @contextmanager
    def after(self, statements: tuple[str, ...]) -> Iterator[SqlStore | None]:
        """A copy of the store after somebody has done that."""
        copy(self._path, self._copy)
        try:
            with closing(sqlite3.connect(self._copy)) as connection, connection:
                named = "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
                for (trigger,) in connection.execute(named).fetchall():
                    connection.execute(f'DROP TRIGGER "{trigger}"')
                for statement in statements:
                    connection.execute(statement)
        except sqlite3.IntegrityError:
            yield None
            return
        store = SqlStore(f"sqlite:///{self._copy}", synchronous="NORMAL")
        try:
            yield store
        finally:
            store.close()
            for file in self._copy.parent.glob(f"{self._copy.name}*"):
                file.unlink()


class Database:
    """A PostgreSQL database whose tables have lost what guards them."""

    def __init__(self, url: str, store: SqlStore, lines: list[str]) -> None:
        self.store, self.lines = store, lines
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT")

    @classmethod
    @contextmanager
    def filled(cls, url: str) -> Iterator[Database]:
        """Such a database, for a while."""
        with closing(SqlStore(url, create=True)) as store:
            database = cls(url, store, fill(store))
            database.unguard()
            yield database
            database._engine.dispose()

    def say(self, *statements: str) -> list[Any]:
        """What somebody with the password says to it; the last answer."""
        with self._engine.connect() as connection:
            for statement in statements:
                done = connection.execute(text(statement.replace(":", "\\:")))
        return list(done.mappings()) if done.returns_rows else []

    def unguard(self) -> None:
        """Drop triggers and foreign keys, and keep a copy of every table."""
        foreign = self.say(
            "SELECT conrelid::regclass AS of, conname FROM pg_constraint "
            "WHERE contype = 'f' AND connamespace = 'public'::regnamespace"
        )
        for one in foreign:
            self.say(f'ALTER TABLE {one["of"]} DROP CONSTRAINT "{one["conname"]}"')
        for table in KEYS:
            self.say(
                f"ALTER TABLE socialflow_{table} DISABLE TRIGGER USER",
                f"CREATE TABLE copy_{table} AS TABLE socialflow_{table}",
            )

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table."""
        order = ", ".join(f'"{column}"' for column in KEYS[table])
        own = f"socialflow_{table} WHERE tenant = ''"
        return [dict(row) for row in self.say(f"SELECT * FROM {own} ORDER BY {order}")]

    @contextmanager
    def after(self, statements: tuple[str, ...]) -> Iterator[SqlStore | None]:
        """The store after somebody has done that; put back afterwards."""
        try:
            self.say(*statements)
            yield self.store
        except IntegrityError:
            yield None
        finally:
            for table in KEYS:
                self.say(
                    f"DELETE FROM socialflow_{table}",
                    f"INSERT INTO socialflow_{table} OVERRIDING SYSTEM VALUE TABLE copy_{table}",
                )
