"""`SqlStore`: items in a SQL database, through SQLAlchemy Core; the door to `sqlalchemy`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from copy import copy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, WeakSet

from sqlalchemy import URL, Dialect, MetaData, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from socialflow.errors import MissingExtra, StoreError, StoreVersion
from socialflow.stores.sql.hosts import host_of
from socialflow.stores.sql.joined import JoinedStore
from socialflow.stores.sql.reading import question
from socialflow.stores.sql.sqlite import SYNCHRONOUS, Sqlite
from socialflow.stores.sql.statements import Statements
from socialflow.stores.sql.tables import SCHEMA_VERSION, Tables, append_only, make_tables
from socialflow.stores.sql.work import SqlWork

if TYPE_CHECKING:
    from socialflow.stores.sql.postgresql import Postgresql

__all__ = ["SqlStore", "make_tables"]

CREATING = 7_665_103
"""Key of the lock under which one of many makes the tables."""


class SqlStore:
    """A store in SQLite, a file or in memory, or in PostgreSQL.

    Args:
        url: ``"sqlite:///content.db"``, relative to the working directory, four slashes for an
            absolute path; ``"sqlite://"`` in memory; ``"postgresql://user@host/database"``.
        create: Make the tables if they are missing; else missing tables are an error.
        synchronous: Of SQLite: ``"FULL"`` survives power loss; ``"NORMAL"`` is faster, and may then
            lose the last commits, never corrupt.
        prefix: Of the names of its tables.
        schema: Of PostgreSQL: in which its tables are; the connection's own, if not said.
        connections: To PostgreSQL: at most so many at a time.

    Raises:
        StoreVersion: The tables are missing, or of another version of this library.
        MissingExtra: The driver is not installed.
        StoreError: The database cannot be opened.
    """

    def __init__(
        self,
        url: str,
        *,
        create: bool = False,
        synchronous: str = "FULL",
        prefix: str = "socialflow_",
        schema: str | None = None,
        connections: int = 20,
    ) -> None:
        if synchronous not in SYNCHRONOUS:
            raise StoreError(f"synchronous is one of {SYNCHRONOUS}, not {synchronous!r}")
        self.url = _known_url(url)
        self.tenant = ""
        self._known: dict[str, set[str]] = {}
        if not create and self._is_missing:
            raise self._without_tables("no file")
        try:
            self.database = _opened(self.url, synchronous, connections)
        except (NoSuchModuleError, ModuleNotFoundError):
            raise StoreError(
                f"{self._name} names no driver that is installed: try sqlite:///content.db"
            ) from None
        self.engine = self.database.engine
        self.tables, self.statements = _prepared(
            prefix, schema, self.url.drivername, self.engine.dialect.paramstyle
        )
        try:
            self._make_sure_of_tables(create)
        except DBAPIError as error:
            self.engine.dispose()
            raise StoreError(f"{self._name} cannot be opened: {error.orig}") from error
        except StoreError:
            self.engine.dispose()
            raise
        _OPEN.add(self.database)

    def __repr__(self) -> str:
        return f"<SqlStore {self._name}>"

    @property
    def _name(self) -> str:
        return self.url.render_as_string(hide_password=True)

    def for_tenant(self, name: str) -> SqlStore:
        """The same database as it is for one tenant: others neither see nor touch what is in it."""
        own = copy(self)
        own.tenant = name
        return own

    def joining(
        self, handle: Any, after_commit: Callable[[Callable[[], None]], object] | None = None
    ) -> JoinedStore:
        """The store inside the transaction of a host, on whose connection everything is said.

        Args:
            handle: A Session, a scoped_session or a Connection of SQLAlchemy.
            after_commit: For a bare Connection: makes a call once its transaction is committed.

        Raises:
            StoreError: *handle* is none of these, or its database does not have our tables.
        """
        host = host_of(handle, after_commit)
        say = _spoken(self.tables, host.connection.dialect)
        return JoinedStore(host, say, self.tenant)

    def begin(self, *alone: str) -> SqlWork:
        """Open a unit of work; nobody else changes the items *alone* until it closes."""
        known = self._known.setdefault(self.tenant, set())
        return SqlWork(self.database.talk(self.statements), self.tenant, known, alone)

    def rows(self, query: Any) -> Iterator[Any]:
        """Answer *query* as of now."""
        statement, values, read = question(self.statements, self.tenant, query)
        talk = self.database.talk(self.statements)
        try:
            if talk.at_once:
                talk.open()
            return map(read, talk.rows(statement, values))
        finally:
            talk.leave()

    def close(self) -> None:
        """Close its connections; the store can be used again, and opens new ones."""
        self.database.close()

    def dump(self) -> str:
        """Everything in the database as text; equal text, equal content."""
        if self.statements.is_postgresql:
            return "\n".join(self._told())
        with closing(self.engine.raw_connection()) as connection:
            said = list(connection.cursor().connection.iterdump())
        return "\n".join(sorted(said, key=_after_tables))

    def _told(self) -> Iterator[str]:
        with self.engine.connect() as connection:
            for table in self.tables.all:
                for row in connection.execute(table.select().order_by(*table.primary_key)):
                    yield f"{table.name} {tuple(row)!r}"

    # -- opening

    @property
    def _is_missing(self) -> bool:
        """Whether there is no file yet, though there is a place for it."""
        if self.url.get_backend_name() != "sqlite" or self.url.database in (None, "", ":memory:"):
            return False
        file = Path(str(self.url.database))
        return file.parent.is_dir() and not file.exists()

    def _make_sure_of_tables(self, create: bool) -> None:
        found = self._schema_version()
        if found == "none" and create:
            self._create()
        elif found != SCHEMA_VERSION:
            raise self._without_tables(f"schema {found}")

    def _without_tables(self, found: str) -> StoreVersion:
        remedy = "use the version of socialflow that wrote it, or upgrade its tables"
        if found in ("no file", "schema none"):
            remedy = "open it once with create=True"
        return StoreVersion(self._name, found, f"schema {SCHEMA_VERSION}", remedy)

    def _schema_version(self) -> str:
        about = self.tables.about
        there = set(inspect(self.engine).get_table_names(about.schema))
        if about.name not in there:
            return "none"
        with self.engine.connect() as connection:
            told = connection.execute(about.select().where(about.c.name == "schema")).first()
        lost = sorted({table.name for table in self.tables.all} - there)
        if told is not None and told.value == SCHEMA_VERSION and lost:
            return f"without {', '.join(lost)}"
        return str(told.value) if told is not None else "none"

    def _create(self) -> None:
        is_postgresql = self.statements.is_postgresql
        with self.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN" if is_postgresql else "BEGIN IMMEDIATE")
            if is_postgresql:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({CREATING})"))
            self.tables.item.metadata.create_all(connection)
            for trigger in append_only(self.tables, self.engine.dialect.name):
                connection.exec_driver_sql(trigger)
            about = self.tables.about
            if connection.execute(about.select().where(about.c.name == "schema")).first() is None:
                told = about.insert().values(name="schema", value=SCHEMA_VERSION)
                connection.execute(told)
            connection.exec_driver_sql("COMMIT")


_OPEN: WeakSet[Sqlite | Postgresql] = WeakSet()


def _start_anew() -> None:
    for database in tuple(_OPEN):
        database.start_anew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_anew)


_SPOKEN: WeakKeyDictionary[Dialect, dict[Tables, Statements]] = WeakKeyDictionary()


def _spoken(tables: Tables, dialect: Dialect) -> Statements:
    """What is said to a host's database, as its driver takes it: made once for each engine."""
    known = _SPOKEN.setdefault(dialect, {})
    if tables not in known:
        known[tables] = Statements(tables, dialect)
    return known[tables]


@cache
def _prepared(
    prefix: str, schema: str | None, driver: str, paramstyle: Any
) -> tuple[Tables, Statements]:
    """The tables with that prefix, and what is said to them: made once for all stores."""
    tables = make_tables(MetaData(), prefix, schema)
    dialect: Any = URL.create(driver).get_dialect()
    return tables, Statements(tables, dialect(paramstyle=paramstyle))


def _opened(url: URL, synchronous: str, connections: int) -> Sqlite | Postgresql:
    name = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite":
        return Sqlite(url, synchronous, name)
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
    return made


def _after_tables(line: str) -> str:
    """Sorts indexes behind everything else, by name: they are made in no certain order."""
    return line if line.startswith("CREATE INDEX") else ""
