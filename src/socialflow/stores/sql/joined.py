"""A store inside the host's transaction: everything, reads included, is said on its connection.

It never commits and never rolls back further than to where the host has called it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from socialflow.errors import ItemExists, KeyTaken, StaleItem, StoreError
from socialflow.queries import Kept
from socialflow.stores.sql import sqlite
from socialflow.stores.sql.hosts import Call, ConnectionHost, Host
from socialflow.stores.sql.reading import question
from socialflow.stores.sql.statements import Statement, Statements
from socialflow.stores.sql.steps import Said, missed
from socialflow.stores.sql.work import SqlWork

__all__ = ["JoinedStore", "JoinedTalk"]


class JoinedStore:
    """A store in the transaction of a host.

    Args:
        host: Whose transaction it is.
        say: What is said to a database of that dialect.
        tenant: Whose items it sees and writes.

    Raises:
        StoreError: The connection commits by itself, or its database does not have our tables.
    """

    def __init__(self, host: Host, say: Statements, tenant: str = "") -> None:
        self.host = host
        self.statements = say
        self.tenant = tenant
        self._known: set[str] = set()
        self._talk().make_sure_of_tables()

    def _talk(self) -> JoinedTalk:
        return JoinedTalk(self.host, self.statements)

    def for_tenant(self, name: str) -> JoinedStore:
        """The same transaction as it is for one tenant."""
        return JoinedStore(self.host, self.statements, name)

    def begin(self, *alone: str) -> SqlWork:
        """Open a unit of work inside the host's transaction."""
        return SqlWork(self._talk(), self.tenant, self._known, alone)

    def rows(self, query: Any) -> Iterator[Any]:
        """Answer *query* as the host's transaction sees it."""
        statement, values, read = question(self.statements, self.tenant, query)
        return map(read, self._talk().rows(statement, values))

    def announce(self) -> None:
        """Tell what has happened, after the host has committed a bare Connection."""
        if isinstance(self.host, ConnectionHost):
            self.host.announce()


class JoinedTalk:
    """A unit of work's conversation on the connection of a host."""

    at_once = False

    def __init__(self, host: Host, say: Statements) -> None:
        self.say = say
        self.is_open = False
        self._host = host

    def rows(self, statement: Statement, values: dict[str, Any]) -> list[Any]:
        """What the database answers inside the host's transaction."""
        return self._done(statement.sql, statement.pick(values)).fetchall()  # type: ignore[no-any-return]

    def make_sure_of_tables(self) -> None:
        """Look whether this is a transaction, of a database with our tables.

        Raises:
            StoreError: It is not.
        """
        connection = self._host.connection
        if _commits_by_itself(connection):
            raise StoreError(
                "the connection of the host commits each statement by itself: begin a transaction"
            )
        name = self.say.tables.item.name
        schema = self.say.tables.item.schema
        if not connection.dialect.has_table(connection, name, schema=schema):
            raise StoreError(
                f"the database of the host's transaction has no table {name!r}: make the tables "
                f"with make_tables(), an upgrade, or SqlStore(..., create=True)"
            )

    def open(self) -> None:
        """Set a savepoint, to which a unit that is refused goes back."""
        self._begun()
        self._done("SAVEPOINT socialflow")
        self.is_open = True

    def write(self, said: Sequence[Said]) -> None:
        """Say all that behind the savepoint."""
        for one in said:
            self._say(one)

    def submit(self, said: Sequence[Said]) -> None:
        """Say all that: one statement stands or falls by itself, several have a savepoint."""
        if len(said) == 1 and not _may_collide(said[0]):
            self._say(said[0])
            return
        self.open()
        self.write(said)
        self.commit()

    def commit(self) -> None:
        """Leave it to the host whether what was written becomes durable."""
        self._done("RELEASE SAVEPOINT socialflow")
        self.is_open = False

    def roll_back(self) -> None:
        """Take back what this unit has written, and nothing else."""
        if self.is_open:
            self.is_open = False
            self._done("ROLLBACK TO SAVEPOINT socialflow")
            self._done("RELEASE SAVEPOINT socialflow")

    def leave(self) -> None:
        """The connection stays the host's."""

    def after_commit(self, calls: Sequence[Call]) -> None:
        """Have these calls made at the host's commit."""
        self._host.after_commit(calls)

    # -- inside

    def _begun(self) -> None:
        """Have SQLite's driver begin: it would not before a savepoint, which then were all."""
        connection = self._host.connection
        if connection.dialect.name == "sqlite":
            driver: Any = connection.connection.driver_connection
            if not driver.in_transaction:
                self._done("BEGIN IMMEDIATE")
            sqlite.host_writes(driver)

    def _done(self, sql: str, values: Any = ()) -> Any:
        try:
            return self._host.connection.exec_driver_sql(sql, values)
        except IntegrityError:
            raise
        except DBAPIError as error:
            raise StoreError(f"in the host's transaction: {error.orig}") from error

    def _say(self, one: Said) -> None:
        self._begun()
        try:
            done = self._done(one.statement.sql, one.statement.pick(one.values))
        except IntegrityError as error:
            raise self._objection(one, error) from error
        if one.about is not None and done.rowcount != 1:
            raise missed(one.about)

    def _objection(self, one: Said, error: IntegrityError) -> StoreError:
        """What a violated constraint means; the unit goes back to its savepoint to find out."""
        kept = one.about
        if not isinstance(kept, Kept) or not self.is_open:
            return StoreError(f"in the host's transaction: {error.orig}")
        self._done("ROLLBACK TO SAVEPOINT socialflow")
        key = kept.event.command.key
        if key is not None and self.rows(self.say.answer, one.values):
            return KeyTaken(key)
        if kept.expected == 0:
            return ItemExists(kept.item.id, kept.item.ref)
        return StaleItem(kept.item.id, kept.expected)


def _may_collide(one: Said) -> bool:
    """Whether it may violate a constraint, after which PostgreSQL takes nothing any more."""
    kept = one.about
    return not isinstance(kept, Kept) or not kept.expected or kept.event.command.key is not None


def _commits_by_itself(connection: Connection) -> bool:
    if connection.dialect.name != "postgresql":
        return False
    driver: Any = connection.connection.dbapi_connection
    return bool(getattr(driver, "autocommit", False))
