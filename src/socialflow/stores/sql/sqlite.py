"""SQLite, as it is safe: WAL, one line of writers, a transaction of ours begins IMMEDIATE.

Only for databases that this library opens; a host's own engine is never touched.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from logging import DEBUG, getLogger
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL

from socialflow.errors import ItemExists, KeyTaken, StoreError, Uncertain
from socialflow.queries import Kept, Record
from socialflow.stores.sql.connections import Connection, Connections, prepare
from socialflow.stores.sql.holders import is_held
from socialflow.stores.sql.line import Line, Request, line_of, settle
from socialflow.stores.sql.statements import Statement, Statements
from socialflow.stores.sql.steps import About, Said, Values, in_bulk, missed
from socialflow.stores.sql.turnstile import Turnstile
from socialflow.watching import Traffic, fields

__all__ = ["SYNCHRONOUS", "Sqlite", "SqliteTalk"]

LOG = getLogger("socialflow.stores.sql")
SYNCHRONOUS = ("FULL", "NORMAL")
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
        prepare: Makes a new connection to it one that leaves transactions to us.
        line: Where its writers stand, together with those of every other store on that file.
    """

    def __init__(self, url: URL, synchronous: str, name: str) -> None:
        self.in_memory = url.database in (None, "", ":memory:")
        self.name = name
        self.prepare = partial(prepare, synchronous, self.in_memory)
        self._connections = Connections(url, self.prepare, self.in_memory)
        self.engine = self._connections.engine
        self._file = None if self.in_memory else Path(str(url.database)).resolve()
        self._batches = self._requests = 0
        self.line = Line(name) if self._file is None else line_of(self._file)
        self._turnstile = Turnstile(self._file)

    def close_all(self) -> None:
        """Before a fork, while nobody writes: close every connection to a file."""
        self._connections.close_all()

    @property
    def traffic(self) -> Traffic:
        """What has been counted since it was opened."""
        return Traffic(self._batches, self._requests)

    def count(self, requests: int) -> None:
        """So many requests were written in one transaction."""
        self._batches += 1
        self._requests += requests
        if LOG.isEnabledFor(DEBUG):
            told = fields(kind="batch", requests=requests)
            LOG.debug("%s: %d requests in one commit", self.name, requests, extra=told)

    def start_anew(self) -> None:
        """Forget connections and who waits: after a fork they are the parent's."""
        self.line.start_anew()
        self._connections.start_anew()
        self._turnstile.close()
        self._turnstile = Turnstile(self._file)

    def close(self) -> None:
        """Close every connection that nobody uses, and the others as soon as nobody does."""
        self._connections.close()

    @property
    def own(self) -> Connection:
        """The connection of this thread."""
        if self.line.is_lost:
            raise self.line.lost()
        return self._connections.own

    def talk(self, say: Statements) -> SqliteTalk:
        """A conversation with it."""
        return SqliteTalk(self, say)

    def make_sure_nobody_waits_for_themselves(self) -> None:
        """Look whether a transaction of the host, of whoever asks, would have to end first.

        Raises:
            StoreError: It would.
        """
        if is_held(self._file):
            raise StoreError(
                f"{self.name}: the transaction of the host in this thread is writing to it: "
                f"use engine.within(...), or commit first"
            )

    def begin(self, connection: Connection) -> None:
        """Begin a transaction, once no other process writes; whatever happens, `end` it."""
        self._turnstile.take()
        connection.cursor.execute("BEGIN IMMEDIATE")

    def end(self, connection: Connection) -> None:
        """Roll back what has not been committed, and let other processes write."""
        try:
            connection.roll_back()
        finally:
            self._turnstile.give()

    def failed(self, error: BaseException) -> StoreError:
        """What the caller is told when the database cannot do what it should."""
        if isinstance(error, StoreError):
            return error
        told = StoreError(f"{self.name}: {error}; nothing was written")
        told.__cause__ = error
        return told

    def not_committed(self, error: BaseException) -> StoreError:
        """The same of COMMIT: where the disk has failed, the commit may be on it all the same."""
        if not getattr(error, "sqlite_errorname", "").startswith("SQLITE_IOERR"):
            return self.failed(error)
        told = Uncertain(self.name, str(error))
        told.__cause__ = error
        return told


class SqliteTalk:
    """A unit of work's conversation with a SQLite database.

    Once it is open it has its transaction on one connection, whichever thread goes on with it.
    """

    is_open = False
    _place: Request | None = None
    _connection: Connection | None = None

    def __init__(self, database: Sqlite, say: Statements) -> None:
        self.say = say
        self.at_once = database.in_memory
        self._database = database

    def rows(self, statement: Statement, values: dict[str, Any]) -> list[Any]:
        """What the database answers."""
        picked = statement.pick(values)
        try:
            while True:
                connection = self._ours() if self.is_open else self._database.own
                with connection.in_use:
                    if connection.is_open:
                        return connection.cursor.execute(statement.sql, picked).fetchall()
        except sqlite3.Error as error:
            raise self._database.failed(error) from error

    def open(self) -> None:
        """Stand in line until this thread alone writes, and begin a transaction."""
        self._database.make_sure_nobody_waits_for_themselves()
        self._place = Request(self._database)
        try:
            self._database.line.lead(self._place)
            self._connection = self._database.own
            self.is_open = True
            self._database.begin(self._connection)
        except BaseException as error:
            self.roll_back()
            if isinstance(error, sqlite3.Error):
                raise self._database.failed(error) from error
            raise

    def write(self, said: Sequence[Said]) -> None:
        """Say all that inside the open transaction."""
        try:
            self._say(self._ours(), said)
        except sqlite3.Error as error:
            raise self._database.failed(error) from error

    def submit(self, said: Sequence[Said]) -> None:
        """Have all that written, together with what others have to write."""
        self._database.make_sure_nobody_waits_for_themselves()
        self._database.line.submit(Request(self._database, said), self._lead)

    def commit(self) -> None:
        """Make what was written in the open transaction durable."""
        try:
            self._ours().cursor.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._database.not_committed(error) from error

    def roll_back(self) -> None:
        """Take back what has not been committed, and let the next one write."""
        if self._place is not None:
            try:
                self._end()
            except BaseException:
                self._end()
                raise

    def leave(self) -> None:
        """Let the next one write, if this unit kept them waiting."""
        if self._place is not None:
            self.roll_back()

    def __del__(self) -> None:
        if self._place is not None:
            self.roll_back()

    def after_commit(self, calls: Sequence[Callable[[], None]]) -> None:
        """Make these calls: everything is durable."""
        for call in calls:
            call()

    # -- inside

    def _ours(self) -> Connection:
        """The connection of the open transaction."""
        self._database.line.make_sure()
        assert self._connection is not None
        return self._connection

    def _end(self) -> None:
        connection, place = self._connection, self._place
        try:
            if connection is not None and connection.is_ours:
                self._database.end(connection)
        finally:
            self._connection, self.is_open = None, False
            if place is not None:
                self._database.line.leave(place)
            self._place = None

    def _lead(self, leader: Request) -> None:
        """Write what *leader* and those behind it have brought, in one transaction.

        Of each all of it or nothing.
        """
        database = self._database
        connection = database.own
        is_committing = False
        try:
            database.begin(connection)
            if not leader.behind:
                self._say(connection, leader.said or ())
            else:
                for request in (leader, *leader.behind):
                    self._say_apart(connection, request)
            is_committing = True
            connection.cursor.execute("COMMIT")
            settle(leader.behind)
        except Exception as error:
            told = database.not_committed if is_committing else database.failed
            settle((leader, *leader.behind), told(error))
            return
        except BaseException:
            if is_committing and not connection.raw.in_transaction:
                settle(leader.behind)
            raise
        finally:
            database.end(connection)
        database.count(1 + len(leader.behind))

    def _say_apart(self, connection: Connection, request: Request) -> None:
        """Write what one of several has brought; what stands against it is theirs alone."""
        connection.cursor.execute("SAVEPOINT request")
        try:
            self._say(connection, request.said or ())
        except Exception as error:
            if not connection.raw.in_transaction:
                raise
            request.error = self._database.failed(error)
            connection.cursor.execute("ROLLBACK TO request")
        connection.cursor.execute("RELEASE request")

    def _say(self, connection: Connection, said: Sequence[Said]) -> None:
        cursor = connection.cursor
        if len(said) >= MANY and _is_said_in_bulk(cursor, in_bulk(said)):
            return
        for statement, values, about in said:
            try:
                cursor.execute(statement.sql, statement.pick(values))
            except sqlite3.IntegrityError as error:
                raise self._objection(cursor, values, about, error) from error
            if cursor.rowcount != 1 and about is not None:
                raise missed(about)

    def _objection(
        self, cursor: Any, values: Values, kept: About | None, error: sqlite3.IntegrityError
    ) -> StoreError:
        """What a violated constraint means."""
        if isinstance(kept, Record):
            return missed(kept)
        if not isinstance(kept, Kept):
            return self._database.failed(error)
        key = kept.event.command.key
        if key is not None and _found(cursor, self.say.answer, values):
            return KeyTaken(key)
        if kept.expected == 0 and _found(cursor, self.say.taken, values):
            return ItemExists(kept.item.id, kept.item.ref)
        return self._database.failed(error)


def _found(cursor: Any, statement: Statement, values: dict[str, Any]) -> bool:
    return bool(cursor.execute(statement.sql, statement.pick(values)).fetchall())


def _is_said_in_bulk(cursor: Any, groups: list[list[Said]]) -> bool:
    """Say it group by group; if anything stands against it, nothing has been said."""
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
