"""Databases to set on fire: made empty, copied, and read by somebody who knows no library."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import attrs
import psycopg
from postgres import Postgres

__all__ = ["Database", "PostgresDatabases", "Rows", "SqliteFiles", "looking_at", "rows_of"]

OURS = ("about", "definition", "item", "duty", "history", "outbox", "record")
TABLES = (*(f"socialflow_{name}" for name in OURS), "host")
"""Every table, those that others refer to first."""
Rows = list[tuple[str, dict[str, Any]]]


class Database(Protocol):
    """A kind of database."""

    name: str

    def empty(self) -> str:
        """The address of a new, empty one."""
        ...

    def copy(self, url: str) -> str:
        """The address of a copy of one that nobody is connected to."""
        ...

    def remove(self, url: str) -> None:
        """Do away with one."""
        ...


@attrs.frozen
class SqliteFiles:
    """SQLite, each in a file of its own."""

    folder: Path
    name: str = "SQLite"
    _numbers: Iterator[int] = attrs.field(factory=count)

    def empty(self) -> str:
        """The address of a new file."""
        return f"sqlite:///{self.folder}/{next(self._numbers)}.db"

    def copy(self, url: str) -> str:
        """The address of a copy."""
        made = self.empty()
        shutil.copyfile(path_of(url), path_of(made))
        return made

    def remove(self, url: str) -> None:
        """Remove the file, and what belongs to it."""
        path = path_of(url)
        for one in path.parent.glob(f"{path.name}*"):
            one.unlink()


@attrs.define
class PostgresDatabases:
    """PostgreSQL, databases of one server; what has been done away with is filled anew."""

    server: Postgres
    name: str = "PostgreSQL"
    _free: list[str] = attrs.field(factory=list)
    _numbers: Iterator[int] = attrs.field(factory=count)

    def empty(self) -> str:
        """The address of a new database."""
        return self._made("template0")

    def copy(self, url: str) -> str:
        """The address of a copy."""
        if not self._free:
            return self._made(url.partition("?")[0].rpartition("/")[2])
        made = self._free.pop()
        with _connected(url) as source, _connected(made) as copy, copy.transaction():
            copy.execute("SET LOCAL session_replication_role = replica")  # no trigger, no reference
            copy.execute(f"TRUNCATE {', '.join(TABLES)} RESTART IDENTITY")
            for table in TABLES:
                rows = source.execute(f"SELECT * FROM {table}").fetchall()
                marks = ", ".join(["%s"] * len(rows[0])) if rows else ""
                copy.cursor().executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
            last = "SELECT setval(pg_get_serial_sequence('socialflow_history', 'seq'), max(seq))"
            copy.execute(f"{last} FROM socialflow_history")
        return made

    def remove(self, url: str) -> None:
        """Let it be used for another copy."""
        self._free.append(url)

    def _made(self, template: str) -> str:
        name = f"fire_{id(self)}_{next(self._numbers)}"
        with self.server.connected() as connection:
            copied = " STRATEGY file_copy" if connection.info.server_version >= 150000 else ""
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}{copied}")
        return self.server.url(name)


def path_of(url: str) -> Path:
    """The file behind the address of a SQLite database."""
    return Path(url.removeprefix("sqlite:///"))


@contextmanager
def looking_at(url: str) -> Iterator[Callable[[], Rows]]:
    """Look at every row of every table, as somebody with a SQL prompt sees them from outside.

    The number that a database counts the rows of history by is left out: it skips what was
    rolled back.
    """
    look = _rows_of_sqlite if url.startswith("sqlite") else _rows_of_postgresql
    with _connected(url) as connection:
        yield lambda: look(connection)


def rows_of(url: str) -> Rows:
    """The same, once."""
    with looking_at(url) as look:
        return look()


def _rows_of_sqlite(connection: sqlite3.Connection) -> Rows:
    found = []
    for table in TABLES:
        asked = connection.execute(f"SELECT * FROM {table}")
        names = [column[0] for column in asked.description]
        found += [(table, {**dict(zip(names, row, strict=True)), "seq": 0}) for row in asked]
    return sorted(found, key=repr)


def _rows_of_postgresql(connection: psycopg.Connection[Any]) -> Rows:
    parts = (f"SELECT '{table}', to_jsonb(t) - 'seq' FROM {table} t" for table in TABLES)
    return sorted(connection.execute(" UNION ALL ".join(parts)).fetchall(), key=repr)


@contextmanager
def _connected(url: str) -> Iterator[Any]:
    connection: Any
    if url.startswith("sqlite"):
        connection = sqlite3.connect(path_of(url))
    else:
        connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
    with closing(connection):
        yield connection
