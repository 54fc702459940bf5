"""Old stores on every database: with a prefix and a schema, or without."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import attrs
import pytest
from old_stores import SCHEMA_1, laid_down
from sqlalchemy import NullPool, create_engine, text

from socialflow.stores.sql import SqlStore
from socialflow.stores.sql.opening import Place
from socialflow.stores.sql.upgrades import schema_1
from socialflow.stores.sql.upgrades.names import Names
from socialflow.stores.sql.upgrades.scripts import run

__all__ = ["KINDS", "Old", "made_of", "old_at"]

KINDS = (
    "sqlite",
    pytest.param("postgresql", marks=pytest.mark.postgres),
    pytest.param("postgresql, its own names", marks=pytest.mark.postgres),
)
NAMED: dict[str, Any] = {"prefix": "films_"}


@attrs.frozen
class Old:
    """An old store.

    Attributes:
        url: Of its database.
        names: Prefix and schema, as they are told to whoever opens it.
    """

    url: str
    names: dict[str, Any] = attrs.field(factory=dict)
    _opened: list[SqlStore] = attrs.field(factory=list)

    @property
    def place(self) -> Place:
        return Place.at(self.url, **self.names)

    def opened(self, **told: Any) -> SqlStore:
        """The store, until `close`."""
        self._opened.append(SqlStore(self.url, **self.names, **told))
        return self._opened[-1]

    def close(self) -> None:
        """Close all that was opened."""
        for store in self._opened:
            store.close()

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row, by the name of its table, as it was in schema 1."""
        names = Names(self.place.prefix, self.place.schema)
        engine = create_engine(self.place.url, poolclass=NullPool)
        found = {}
        with engine.connect() as connection:
            for table in schema_1.tables(names):
                rows = connection.execute(table.select().order_by(*table.primary_key))
                found[table.name.removeprefix(names.prefix)] = [tuple(row) for row in rows]
        return found

    def made(self) -> list[str]:
        """Everything in the database but its rows."""
        return made_of(self.place)

    def say(self, sql: str) -> None:
        """What somebody with a SQL prompt does to it."""
        engine = create_engine(self.place.url, poolclass=NullPool)
        with engine.begin() as connection:
            connection.exec_driver_sql(sql)


def old_at(request: pytest.FixtureRequest, folder: Path) -> Old:
    """The old store of that kind; the scripts make it where no older version could."""
    kind: str = request.param
    if kind == "sqlite":
        return Old(laid_down(folder / "old.db"))
    names = NAMED if "names" in kind else {}
    url = f"sqlite:///{folder / 'old.db'}"
    if kind.startswith("postgresql"):
        url = request.getfixturevalue("pg_url")
        names = {**names, "schema": "content"} if names else {}
    old = Old(url, names)
    _make(old)
    return old


def _make(old: Old) -> None:
    """Tables of schema 1, with the rows of the file."""
    engine = create_engine(old.place.url, poolclass=NullPool)
    with closing(sqlite3.connect(":memory:")) as source, engine.begin() as connection:
        source.executescript(SCHEMA_1.read_text())
        source.row_factory = sqlite3.Row
        if old.place.schema:
            connection.execute(text(f"CREATE SCHEMA {old.place.schema}"))
        run(connection, old.place, "base", end="1")
        for table in schema_1.tables(Names(old.place.prefix, old.place.schema)):
            kind = table.name.removeprefix(old.place.prefix)
            rows = [dict(row) for row in source.execute(f"SELECT * FROM socialflow_{kind}")]
            if kind != "about":
                connection.execute(table.insert(), rows)


CATALOGUE = (
    """SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
        a.attidentity, l.collname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_collation l ON l.oid = a.attcollation
        WHERE c.relnamespace = :of AND c.relkind = 'r' AND a.attnum > 0 ORDER BY 1, a.attnum""",
    """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = :of ORDER BY 1, 2""",
    "SELECT pg_get_indexdef(oid) FROM pg_class WHERE relnamespace = :of AND relkind = 'i'",
    """SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = :of AND NOT t.tgisinternal""",
    "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = :of",
    "SELECT relname, relkind::text FROM pg_class WHERE relnamespace = :of AND relkind = 'S'",
)


def made_of(place: Place) -> list[str]:
    """Tables, indexes, triggers and functions, as the database describes them."""
    engine = create_engine(place.url, poolclass=NullPool)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            found = list(_told(connection.exec_driver_sql("SELECT sql FROM sqlite_schema")))
        else:
            of = {
                "of": connection.scalar(
                    text(f"SELECT '{place.schema or 'public'}'::regnamespace::oid")
                )
            }
            found = [one for sql in CATALOGUE for one in _told(connection.execute(text(sql), of))]
    return found


def _told(rows: Any) -> Iterator[str]:
    yield from sorted(" ".join(map(str, row)) for row in rows if row[0] is not None)
