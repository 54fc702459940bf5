"""SQLite, as it is safe: WAL, one line of writers, a transaction of ours begins IMMEDIATE.

Only for databases that this library opens; a host's own engine is never touched.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import local
from typing import Any

from sqlalchemy import Engine, StaticPool, create_engine, event
from sqlalchemy.engine import URL

from socialflow.errors import ItemExists, KeyTaken, StoreError
from socialflow.queries import Kept, Record
from socialflow.stores.sql.line import Line, Request
from socialflow.stores.sql.statements import Statement, Statements
from socialflow.stores.sql.steps import Said, in_bulk, missed
from socialflow.stores.sql.turnstile import Turnstile

__all__ = ["SYNCHRONOUS", "Sqlite", "SqliteTalk"]

SYNCHRONOUS = ("FULL", "NORMAL")
BUSY_MILLISECONDS = 30_000
MANY = 24
"""From how many statements on it is worth to say those that are alike together."""


class Sqlite:
    """One SQLite file, or one database in memory.

    Args:
        url: ``sqlite:///file`` or ``sqlite://`` for one in memory.
        synchronous: ``"FULL"``, or ``"NORMAL"``, which may lose the last commits on power loss.
        name: What it is called in an error.

    Attributes:
        engine: SQLAlchemy's, whose connections leave transactions to us.
        line: Where its writers stand.
    """

    def __init__(self, url: URL, synchronous: str, name: str) -> None:
        self.in_memory = url.database in (None, "", ":memory:")
        self.name = name
        self.engine = _engine(url, synchronous, self.in_memory)
        self._file = None if self.in_memory else Path(str(url.database))
        self.start_anew()

    def start_anew(self) -> None:
        """Forget connections and who waits: after a fork they are the parent's."""
        self.line = Line(self.name)
        self._own = local()
        self._turn = None if self._file is None else Turnstile(self._file)

    def close(self) -> None:
        """Close every connection that nobody uses."""
        self._own = local()
        self.engine.dispose()

    @property
    def cursor(self) -> Any:
        """This thread's cursor, on a connection of its own; in memory there is only one."""
        try:
            return self._own.cursor
        except AttributeError:
            self._own.fairy = self.engine.raw_connection()
            self._own.cursor = self._own.fairy.driver_connection.cursor()
            return self._own.cursor

    def talk(self, say: Statements) -> SqliteTalk:
        """A conversation with it."""
        return SqliteTalk(self, say)

    def begin(self) -> None:
        """Begin a transaction, once no other process writes."""
        if self._file is not None and _host_writes_to(self._file):
            raise StoreError(
                f"{self.name}: the transaction of the host in this thread is writing to it: "
                f"use engine.within(...), or commit first"
            )
        if self._turn is not None:
            self._turn.take()
        try:
            self.cursor.execute("BEGIN IMMEDIATE")
        except BaseException:
            self.end()
            raise

    def end(self) -> None:
        """Roll back what has not been committed, and let other processes write."""
        try:
            connection = self.cursor.connection
            if connection.in_transaction:
                connection.rollback()
        finally:
            if self._turn is not None:
                self._turn.give()

    def failed(self, error: BaseException) -> StoreError:
        """What the caller is told when the database cannot do what it should."""
        return StoreError(f"{self.name}: {error}; nothing was written")

    def told(self, error: StoreError | sqlite3.Error) -> StoreError:
        """The same; what is told already stays as it is."""
        return error if isinstance(error, StoreError) else self.failed(error)


class SqliteTalk:
    """A unit of work's conversation with a SQLite database."""

    def __init__(self, database: Sqlite, say: Statements) -> None:
        self.say = say
        self.is_open = False
        self.at_once = database.in_memory
        self._database = database

    def rows(self, statement: Statement, values: dict[str, Any]) -> list[Any]:
        """What the database answers."""
        try:
            cursor = self._database.cursor
            return cursor.execute(statement.sql, statement.pick(values)).fetchall()  # type: ignore[no-any-return]
        except sqlite3.Error as error:
            raise self._database.failed(error) from error

    def open(self) -> None:
        """Stand in line until this thread alone writes, and begin a transaction."""
        self._database.line.lead()
        try:
            self._database.begin()
        except BaseException as error:
            self._database.line.hand_over()
            if isinstance(error, sqlite3.Error):
                raise self._database.failed(error) from error
            raise
        self.is_open = True

    def write(self, said: Sequence[Said]) -> None:
        """Say all that inside the open transaction."""
        try:
            self._say(said)
        except sqlite3.Error as error:
            raise self._database.failed(error) from error

    def submit(self, said: Sequence[Said]) -> None:
        """Have all that written, together with what others have to write."""
        self._database.line.submit(said, self._lead)

    def commit(self) -> None:
        """Make what was written in the open transaction durable."""
        try:
            self._database.cursor.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._database.failed(error) from error

    def roll_back(self) -> None:
        """Take back what has not been committed, and let the next one write."""
        if self.is_open:
            self.is_open = False
            try:
                self._database.end()
            finally:
                self._database.line.hand_over()

    def leave(self) -> None:
        """Let the next one write, if this unit kept them waiting."""
        self.roll_back()

    def after_commit(self, calls: Sequence[Callable[[], None]]) -> None:
        """Make these calls: everything is durable."""
        for call in calls:
            call()

    # -- inside

    def _lead(self, together: list[Request]) -> None:
        """Write what all of these have brought, in one transaction; of each all or nothing."""
        database = self._database
        committing = False
        try:
            database.begin()
            if len(together) == 1:
                self._say(together[0].said or ())
            else:
                for request in together:
                    self._say_apart(request)
            committing = True
            database.cursor.execute("COMMIT")
        except (sqlite3.Error, StoreError) as error:
            for request in together:
                request.error = request.error or database.told(error)
        except BaseException:
            if not committing or database.cursor.connection.in_transaction:
                for request in together[1:]:
                    request.error, request.again = None, True
            raise
        finally:
            database.end()

    def _say_apart(self, request: Request) -> None:
        """Write what one of several has brought; what stands against it is theirs alone."""
        cursor = self._database.cursor
        cursor.execute("SAVEPOINT request")
        try:
            self._say(request.said or ())
        except StoreError as error:
            request.error = error
            cursor.execute("ROLLBACK TO request")
        cursor.execute("RELEASE request")

    def _say(self, said: Sequence[Said]) -> None:
        alike = in_bulk(said) if len(said) >= MANY else []
        if not alike or not self._is_said_in_bulk(alike):
            for one in said:
                self._say_one(one)

    def _say_one(self, one: Said) -> None:
        try:
            cursor = self._database.cursor
            cursor.execute(one.statement.sql, one.statement.pick(one.values))
        except sqlite3.IntegrityError as error:
            raise self._objection(one, error) from error
        if cursor.rowcount != 1 and one.about is not None:
            raise missed(one.about)

    def _is_said_in_bulk(self, groups: list[list[Said]]) -> bool:
        """Say it group by group; if anything stands against it, nothing has been said."""
        cursor = self._database.cursor
        cursor.execute("SAVEPOINT bulk")
        try:
            for alike in groups:
                statement = alike[0].statement
                cursor.executemany(statement.sql, [statement.pick(one.values) for one in alike])
                if cursor.rowcount != len(alike) and alike[0].about is not None:
                    break
            else:
                cursor.execute("RELEASE bulk")
                return True
        except sqlite3.IntegrityError:
            pass
        cursor.execute("ROLLBACK TO bulk")
        cursor.execute("RELEASE bulk")
        return False

    def _objection(self, one: Said, error: sqlite3.IntegrityError) -> StoreError:
        """What a violated constraint means."""
        kept, values = one.about, one.values
        if isinstance(kept, Record):
            return missed(kept)
        if not isinstance(kept, Kept):
            return self._database.failed(error)
        key = kept.event.command.key
        if key is not None and self.rows(self.say.answer, values):
            return KeyTaken(key)
        if kept.expected == 0 and self.rows(self.say.taken, values):
            return ItemExists(kept.item.id, kept.item.ref)
        return self._database.failed(error)


_HOSTS = local()


def host_writes(connection: Any) -> None:
    """Remember that a host's transaction in this thread is about to write."""
    _HOSTS.connection = connection


def _host_writes_to(file: Path) -> bool:
    """Whether a host's transaction in this thread has written to *file* and goes on."""
    connection: Any = getattr(_HOSTS, "connection", None)
    if connection is None or not connection.in_transaction:
        return False
    return file.resolve() in {
        Path(name).resolve() for _, _, name in connection.execute("PRAGMA database_list") if name
    }


def _engine(url: URL, synchronous: str, in_memory: bool) -> Engine:
    """An engine whose connections leave transactions to us."""
    if in_memory:
        engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        engine = create_engine(url, connect_args={"check_same_thread": False}, max_overflow=-1)

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        if not in_memory:
            cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute(f"PRAGMA synchronous = {synchronous}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    return engine
