"""`SqlStore`: items in a SQL database, through SQLAlchemy Core; the door to `sqlalchemy`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from copy import copy
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, select, text
from sqlalchemy.exc import DBAPIError

from socialflow import arguments
from socialflow.errors import StoreError
from socialflow.stores.sql.connected import spoken
from socialflow.stores.sql.forks import survive_forks
from socialflow.stores.sql.hosts import host_of
from socialflow.stores.sql.joined import JoinedStore
from socialflow.stores.sql.opening import CREATING, PREFIX, Place
from socialflow.stores.sql.reading import question
from socialflow.stores.sql.sqlite import SYNCHRONOUS, Sqlite
from socialflow.stores.sql.statements import Statements
from socialflow.stores.sql.tables import SCHEMA_VERSION, Tables, append_only, make_tables
from socialflow.stores.sql.upgrades import Upgrade, include_name, upgrade
from socialflow.stores.sql.work import SqlWork
from socialflow.watching import Traffic

if TYPE_CHECKING:
    from socialflow.stores.sql.awaited import Awaited

__all__ = ["SqlStore", "Upgrade", "include_name", "make_tables", "upgrade"]


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

    Attributes:
        known: Digests of the tenant's definitions that are stored for sure.

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
        prefix: str = PREFIX,
        schema: str | None = None,
        connections: int = 20,
    ) -> None:
        if synchronous not in SYNCHRONOUS:
            raise StoreError(f"synchronous is one of {SYNCHRONOUS}, not {synchronous!r}")
        self.place = Place.at(url, prefix, schema)
        self.tenant = ""
        self.known: set[str] = set()
        self._known = {self.tenant: self.known}
        if not create and self.place.is_without_file:
            raise self.place.other("no file")
        self.database = self.place.opened(synchronous, connections)
        self.engine = self.database.engine
        self.tables = self.place.tables
        self.statements = _prepared(
            self.tables, self.url.drivername, self.engine.dialect.paramstyle
        )
        try:
            self._make_sure_of_tables(create)
        except DBAPIError as error:
            self.engine.dispose()
            raise StoreError(f"{self.place.name} cannot be opened: {error.orig}") from error
        except StoreError:
            self.engine.dispose()
            raise
        survive_forks(self.database)

    def __repr__(self) -> str:
        return f"<SqlStore {self.place.name}>"

    @property
    def url(self) -> URL:
        """Where the database is."""
        return self.place.url

    @property
    def traffic(self) -> Traffic:
        """What it has counted since it was opened, for all its tenants."""
        return self.database.traffic

    def for_tenant(self, name: str) -> SqlStore:
        """The same database as it is for one tenant: others neither see nor touch what is in it."""
        own = copy(self)
        own.tenant = arguments.text("name", name)
        own.known = self._known.setdefault(name, set())
        return own

    def tenants(self) -> tuple[str, ...]:
        """Names of those for whom something was created; ``""`` is what is of no tenant."""
        name = self.tables.definition.c.tenant
        with self.engine.connect() as connection:
            return tuple(connection.scalars(select(name).distinct().order_by(name)))

    def joining(
        self, handle: Any, after_commit: Callable[[Callable[[], None]], object] | None = None
    ) -> JoinedStore:
        """The store inside the transaction of a host, on whose connection everything is said.

        Args:
            handle: A Session, a scoped_session or a Connection of SQLAlchemy.
            after_commit: For a bare Connection: makes a call once its transaction is committed.

        Raises:
            StoreVersion: Its database has our tables as another version of this library made them.
            StoreError: *handle* is none of these, or its database does not have our tables.
        """
        host = host_of(handle, after_commit)
        say = spoken(self.tables, host.connection.dialect)
        return JoinedStore(host, self.place, say, self.tenant, self._known)

    def awaited(self, connections: int) -> Awaited | None:
        """The same database for asyncio; none in memory, which has one connection for all.

        Raises:
            MissingExtra: An asynchronous driver is not installed.
        """
        if isinstance(self.database, Sqlite) and self.database.in_memory:
            return None
        from socialflow.stores.sql.awaited import Awaited

        return Awaited(self, connections)

    def begin(self, *alone: str) -> SqlWork:
        """Open a unit of work; nobody else changes the items *alone* until it closes."""
        return SqlWork(self.database.talk(self.statements), self.tenant, self.known, alone)

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

    def _make_sure_of_tables(self, create: bool) -> None:
        with self.engine.connect() as connection:
            found = self.place.version(connection)
        if found == "none" and create:
            self._create()
        elif found != SCHEMA_VERSION:
            raise self.place.other(f"schema {found}")

    def _create(self) -> None:
        is_postgresql = self.statements.is_postgresql
        with self.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN" if is_postgresql else "BEGIN IMMEDIATE")
            if is_postgresql:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({CREATING})"))
            self.tables.item.metadata.create_all(connection)
            for trigger in append_only(self.tables, self.engine.dialect.name):
                connection.exec_driver_sql(trigger)
            if self.place.version(connection) == "none":
                told = {"name": "schema", "value": SCHEMA_VERSION}
                connection.execute(self.tables.about.insert().values(told))
                connection.execute(self.tables.alembic.insert().values(version_num=SCHEMA_VERSION))
            connection.exec_driver_sql("COMMIT")


@cache
def _prepared(tables: Tables, driver: str, paramstyle: Any) -> Statements:
    """What is said to these tables: made once for all stores."""
    dialect: Any = URL.create(driver).get_dialect()
    return Statements(tables, dialect(paramstyle=paramstyle))


def _after_tables(line: str) -> str:
    """Sorts indexes behind everything else, by name: they are made in no certain order."""
    return line if line.startswith("CREATE INDEX") else ""
