"""Opening: the database at an address, and the version of the tables in it."""

from __future__ import annotations

import os
from functools import cache
from shlex import quote
from typing import TYPE_CHECKING, TypeAlias

import attrs
from sqlalchemy import URL, Connection, MetaData, inspect, make_url
from sqlalchemy.exc import ArgumentError

from socialflow.errors import MissingExtra, StoreError, StoreVersion
from socialflow.stores.sql.sqlite import Sqlite
from socialflow.stores.sql.tables import PREFIX, SCHEMA_VERSION, Tables, make_tables

if TYPE_CHECKING:
    from socialflow.stores.sql.postgresql import Postgresql

__all__ = ["CREATING", "OLDER", "PREFIX", "Database", "Place"]

Database: TypeAlias = "Sqlite | Postgresql"

CREATING = 7_665_103
"""Key of the lock under which one of many makes the tables, or upgrades them."""
OLDER = ("1",)
"""Versions of the schema that an upgrade begins at."""


@attrs.frozen
class Place:
    """Where the tables of a store are.

    Attributes:
        url: Of the database.
        prefix: Of the names of the tables.
        schema: Of PostgreSQL: in which they are; the connection's own, if not said.
    """

    url: URL
    prefix: str = PREFIX
    schema: str | None = None

    @classmethod
    def at(cls, url: str, prefix: str = PREFIX, schema: str | None = None) -> Place:
        """The place at that address.

        Raises:
            StoreError: It is none of a database that there can be a store in.
        """
        return cls(_known_url(url), prefix, schema)

    @property
    def name(self) -> str:
        """What it is called in an error: the address, without a password."""
        return self.url.render_as_string(hide_password=True)

    @property
    def tables(self) -> Tables:
        """The tables that there should be."""
        return _made(self.prefix, self.schema)

    @property
    def is_without_file(self) -> bool:
        """Whether there is no file yet, though there is a place for it."""
        if self.url.get_backend_name() != "sqlite" or self.url.database in (None, "", ":memory:"):
            return False
        file = str(self.url.database)
        return os.path.isdir(os.path.dirname(file) or ".") and not os.path.exists(file)

    def opened(self, synchronous: str = "FULL", connections: int = 1) -> Database:
        """The database.

        Raises:
            MissingExtra: The driver of PostgreSQL is not installed.
            StoreError: The address names another driver, which is not installed.
        """
        if self.url.get_backend_name() == "sqlite":
            return Sqlite(self.url, synchronous, self.name)
        return _postgresql(self.url, self.name, connections)

    def version(self, connection: Connection) -> str:
        """Which schema is there: its version, ``"none"``, or ``"without"`` and what is lost."""
        tables = self.tables
        about = tables.about
        there = set(inspect(connection).get_table_names(about.schema))
        if about.name not in there:
            return "none"
        told = connection.execute(about.select().where(about.c.name == "schema")).first()
        lost = sorted({table.name for table in tables.all} - there)
        if told is not None and told.value == SCHEMA_VERSION and lost:
            return f"without {', '.join(lost)}"
        return str(told.value) if told is not None else "none"

    def other(self, found: str) -> StoreVersion:
        """What is told of a place where something else is than the present schema."""
        remedy = "use the version of socialflow that wrote it"
        if found in ("no file", "schema none"):
            remedy = "open it once with create=True"
        elif found.removeprefix("schema ") in OLDER:
            remedy = f"upgrade its tables: {self._command}"
        return StoreVersion(self.name, found, f"schema {SCHEMA_VERSION}", remedy)

    @property
    def _command(self) -> str:
        """What brings its tables to the present schema, as it is typed."""
        parts = ["socialflow", "upgrade", quote(self.name)]
        if self.prefix != PREFIX:
            parts += ["--prefix", quote(self.prefix)]
        if self.schema is not None:
            parts += ["--schema", quote(self.schema)]
        return " ".join(parts)


@cache
def _made(prefix: str, schema: str | None) -> Tables:
    return make_tables(MetaData(), prefix, schema)


def _postgresql(url: URL, name: str, connections: int) -> Postgresql:
    try:
        from socialflow.stores.sql.postgresql import Postgresql
    except ModuleNotFoundError as missing:
        raise MissingExtra("a PostgreSQL store", "postgresql") from missing
    return Postgresql(url, name, connections)


def _known_url(url: str) -> URL:
    try:
        made = make_url(url)
    except (ArgumentError, AttributeError):
        raise StoreError(
            f"{url!r} is not the address of a database: try sqlite:///content.db"
        ) from None
    backend = made.get_backend_name()
    if backend == "postgresql":
        return made.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise StoreError(
            f"{made!r} is neither SQLite nor PostgreSQL: try sqlite:///content.db or "
            f"postgresql://user@host/database"
        )
    if made.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise StoreError(
            f"{made!r} names another driver than Python's own: try sqlite:///content.db; "
            f"socialflow.aio is for asyncio"
        )
    return made
