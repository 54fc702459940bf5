"""Connections to a SQLite database: each thread has one of its own; in memory all have the same.

A connection goes back when its thread has ended, and never while somebody says something on it.

SQLite cannot bear a fork: a child that inherits an open connection takes the parent's locks for
its own, and would write where nothing protects it.  So all are closed before a fork, and opened
again when they are needed.  One that had to stay open, because the forking thread was at work on
it, is left alone in the child and not even closed there.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from threading import RLock, local
from time import monotonic, sleep
from typing import Any
from weakref import WeakSet

from sqlalchemy import Engine, StaticPool, create_engine, event
from sqlalchemy.engine import URL

__all__ = ["OPENING", "Connection", "Connections", "leave_alone", "prepare"]

BUSY_MILLISECONDS = 30_000

OPENING = RLock()
"""Held by whoever opens a connection, and during a fork: a child inherits SQLite's own locks, and
would wait for ever for one that another thread of the parent held in that moment."""

_OF_PARENTS: list[object] = []


def leave_alone(*inherited: object) -> None:
    """Never touch these again, not even by forgetting them: they are those of another process."""
    _OF_PARENTS.extend(inherited)


class Connection:
    """A connection, checked out of its pool for as long as somebody holds it.

    Attributes:
        raw: As the driver made it.
        cursor: The one on which everything is said.
        in_use: Held by whoever reads on it, so that it is not closed meanwhile.
        is_open: Whether it has not been closed for a fork.
    """

    def __init__(self, engine: Engine) -> None:
        self._process = os.getpid()
        self._engine = engine
        self._pool = engine.pool
        with OPENING:
            self._fairy = self._pool.connect()
        self.raw: sqlite3.Connection = self._fairy.driver_connection  # type: ignore[assignment]
        self.cursor = self.raw.cursor()
        self.in_use = RLock()
        self.is_open = True

    @property
    def is_ours(self) -> bool:
        """Whether this process has made it."""
        return self._process == os.getpid()

    def make_ours(self) -> None:
        """Take over a database in memory, of which a fork has made a copy."""
        self._process = os.getpid()
        self.roll_back()

    def roll_back(self) -> None:
        """Take back what has not been committed, if there is a transaction.

        Where the database cannot even do that, the connection is closed, which does it.
        """
        if self.raw.in_transaction:
            try:
                self.raw.rollback()
            except sqlite3.Error:
                self.close()

    def close(self) -> None:
        """Close it as soon as nobody reads on it."""
        with self.in_use:
            if self.is_open:
                self.is_open = False
                self._fairy.invalidate()

    def __del__(self) -> None:
        fairy = getattr(self, "_fairy", None)
        if fairy is None:
            return
        if not self.is_ours:
            leave_alone(fairy, self._pool)
            return
        if self.is_open:
            fairy.close()
        if self._pool is not self._engine.pool:
            self._pool.dispose()


class _Kept:
    """Where a connection is kept until it is needed again."""

    connection: Connection | None = None


class _KeptByThread(local, _Kept):
    """The same, for each thread its own."""


class Connections:
    """All connections to one database.

    Args:
        url: Of the database.
        prepare: Called with each new connection.
        in_memory: Whether there is one for all.

    Attributes:
        engine: SQLAlchemy's, whose connections leave transactions to us.
    """

    def __init__(self, url: URL, prepare: Callable[[Any, Any], None], in_memory: bool) -> None:
        self.engine = _engine(url, prepare, in_memory)
        self._in_memory = in_memory
        self._kept = self._nothing_kept()
        self._all: WeakSet[Connection] = WeakSet()

    @property
    def own(self) -> Connection:
        """The one of this thread, or the only one."""
        connection = self._kept.connection
        if connection is None or not connection.is_open:
            connection = self._kept.connection = Connection(self.engine)
            self._all.add(connection)
        return connection

    def _nothing_kept(self) -> _Kept:
        return _Kept() if self._in_memory else _KeptByThread()

    def close(self) -> None:
        """Close those on which nobody says anything, and the others as soon as that is so."""
        self._kept = self._nothing_kept()
        self.engine.dispose()

    def close_all(self) -> None:
        """Before a fork, while nobody writes: close every one to a file."""
        if not self._in_memory:
            for connection in tuple(self._all):
                connection.close()
            self.engine.dispose()

    def start_anew(self) -> None:
        """After a fork: leave those of the parent alone."""
        if not self._in_memory:
            leave_alone(self.engine.pool)
            self._kept = self._nothing_kept()
            self.engine.dispose(close=False)
        elif self._kept.connection is not None:
            self._kept.connection.make_ours()


def _engine(url: URL, prepare: Callable[[Any, Any], None], in_memory: bool) -> Engine:
    told: dict[str, Any] = {"connect_args": {"check_same_thread": False}}
    if in_memory:
        engine = create_engine(url, poolclass=StaticPool, pool_reset_on_return=None, **told)
    else:
        engine = create_engine(url, max_overflow=-1, **told)

    event.listen(engine, "connect", prepare)
    return engine


def prepare(synchronous: str, in_memory: bool, connection: Any, _: object) -> None:
    """Make a new connection one that leaves transactions to us."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    if not in_memory:
        _write_ahead(cursor)
    cursor.execute(f"PRAGMA synchronous = {synchronous}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Have SQLite write ahead: it does not wait by itself for somebody who says so just now."""
    latest = monotonic() + BUSY_MILLISECONDS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > latest:
                raise
            sleep(0.01)
