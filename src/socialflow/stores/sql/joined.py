"""A store inside the host's transaction: everything, reads included, is said on its connection.

It never commits and never rolls back further than to where the host has called it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import attrs
from sqlalchemy import Connection, Pool

from socialflow import arguments
from socialflow.errors import StoreError
from socialflow.stores.sql import holders
from socialflow.stores.sql.connected import ConnectedTalk
from socialflow.stores.sql.hosts import Call, ConnectionHost, Host
from socialflow.stores.sql.opening import Place
from socialflow.stores.sql.reading import question
from socialflow.stores.sql.statements import Statements
from socialflow.stores.sql.steps import Said
from socialflow.stores.sql.tables import SCHEMA_VERSION, Tables
from socialflow.stores.sql.touched import touch
from socialflow.stores.sql.work import SqlWork

__all__ = ["JoinedStore", "JoinedTalk"]

NAME = "in the host's transaction"


class JoinedStore:
    """A store in the transaction of a host.

    Args:
        host: Whose transaction it is.
        place: Where the tables are in its database.
        say: What is said to a database of that dialect.
        tenant: Whose items it sees and writes.
        known: Digests of the definitions that are stored for sure, by tenant.

    Raises:
        StoreVersion: Its database has our tables as they are in another version of this library.
        StoreError: The connection commits by itself, or its database does not have our tables.
    """

    tries_again = False
    """What the database gave up on is the host's to begin again."""

    def __init__(
        self, host: Host, place: Place, say: Statements, tenant: str, known: dict[str, set[str]]
    ) -> None:
        self.host = host
        self.place = place
        self.statements = say
        self.tenant = tenant
        self._known = known
        _make_sure_of_tables(host.connection, place)
        _make_sure_of_transaction(host.connection)

    def for_tenant(self, name: str) -> JoinedStore:
        """The same transaction as it is for one tenant."""
        own = arguments.text("name", name)
        return JoinedStore(self.host, self.place, self.statements, own, self._known)

    def begin(self, *alone: str) -> SqlWork:
        """Open a unit of work inside the host's transaction."""
        known = self._known.setdefault(self.tenant, set())
        return SqlWork(JoinedTalk(self.host, self.statements), self.tenant, known, alone)

    def rows(self, query: Any) -> Iterator[Any]:
        """Answer *query* as the host's transaction sees it."""
        statement, values, read = question(self.statements, self.tenant, query)
        return map(read, JoinedTalk(self.host, self.statements).rows(statement, values))

    def announce(self) -> None:
        """Tell what has happened, after the host has committed a bare Connection."""
        if isinstance(self.host, ConnectionHost):
            self.host.announce()


class JoinedTalk(ConnectedTalk):
    """A unit of work's conversation on the connection of a host."""

    def __init__(self, host: Host, say: Statements) -> None:
        super().__init__(host.connection, say, NAME)
        self._host = host

    def open(self) -> None:
        """Set a savepoint, to which a unit that is refused goes back."""
        self._begin_writing()
        self._done("SAVEPOINT socialflow")
        self.is_open = True

    def write(self, said: Sequence[Said]) -> None:
        """Say all that inside the host's transaction."""
        super().write(said)
        if self.say.is_postgresql:
            touch(self._connection, said)

    def commit(self) -> None:
        """Leave it to the host whether what was written becomes durable."""
        self._done("RELEASE SAVEPOINT socialflow")
        self.is_open = False

    def roll_back(self) -> None:
        """Take back what this unit has written, and nothing else."""
        if self.is_open:
            self.is_open = False
            if self._connection.invalidated:
                return
            self._done("ROLLBACK TO SAVEPOINT socialflow")
            self._done("RELEASE SAVEPOINT socialflow")

    def leave(self) -> None:
        """The connection stays the host's."""

    def after_commit(self, calls: Sequence[Call]) -> None:
        """Have these calls made at the host's commit."""
        self._host.after_commit(calls)

    def _begin_writing(self) -> None:
        """Have SQLite's driver begin: it would not before a savepoint, which then were all."""
        connection = self._connection
        if connection.dialect.name != "sqlite":
            return
        if not connection.in_transaction():
            connection.begin()
        driver: Any = connection.connection.driver_connection
        if not driver.in_transaction:
            self._done("BEGIN IMMEDIATE")
        elif _savepoints_are_commits(driver) and connection.in_nested_transaction():
            raise StoreError(
                f"{NAME}: SQLite's driver, as it is by default, may take a savepoint for the "
                f"whole transaction; see SQLAlchemy's notes on pysqlite and savepoints"
            )
        for _, _, file in self._done("PRAGMA database_list"):
            if file:
                holders.holds(connection, Path(file))


def _savepoints_are_commits(driver: Any) -> bool:
    """Whether the driver of SQLite begins late, so that releasing a savepoint may commit all."""
    begins_by_itself = driver.isolation_level is not None
    return begins_by_itself and not isinstance(getattr(driver, "autocommit", -1), bool)


def _make_sure_of_transaction(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    commits_by_itself = getattr(driver, "autocommit", False) is True
    if connection.dialect.name == "sqlite":
        commits_by_itself |= driver.isolation_level is None and not driver.in_transaction
    if commits_by_itself:
        raise StoreError(
            "the connection of the host commits each statement by itself: begin a transaction"
        )


_SEEN: WeakKeyDictionary[Pool, set[Tables]] = WeakKeyDictionary()
"""The tables that were found, as they have to be, through a host's connections."""


def _make_sure_of_tables(connection: Connection, place: Place) -> None:
    seen = _SEEN.setdefault(connection.engine.pool, set())
    if place.tables in seen:
        return
    found = place.version(connection)
    if found == "none":
        raise StoreError(
            f"the database of the host's transaction has no table {place.tables.about.name!r}: "
            f"make the tables with make_tables(), an upgrade, or SqlStore(..., create=True)"
        )
    if found != SCHEMA_VERSION:
        url = connection.engine.url
        there = attrs.evolve(place, url=url) if url.database else place
        raise there.other(f"schema {found}")
    seen.add(place.tables)
