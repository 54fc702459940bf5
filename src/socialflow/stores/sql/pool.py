"""The connections of a process to a PostgreSQL database: so many at most, shared by its threads.

SQLAlchemy makes them.  Who has which is seen to here, by one lock on the way out and one on the way
back: its own pool does more, and takes as long for it as a decision does.
"""

from __future__ import annotations

import os
import select
from collections.abc import Callable
from contextlib import suppress
from threading import Condition, RLock
from typing import Any

from psycopg import Error
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine

from socialflow.stores.sql.connections import leave_alone

__all__ = ["AllInUse", "Pool", "Pooled"]

PATIENCE = 60.0
"""For how many seconds somebody waits for one of the connections."""
IDLE = int(TransactionStatus.IDLE)


class AllInUse(Exception):
    """Every connection was in use for as long as somebody waited."""


class Pooled:
    """A connection; there is one less as soon as it is closed or forgotten.

    Attributes:
        raw: As the driver made it; None before it is opened.
        cursor: The one on which everything is said.
    """

    raw: Any = None
    cursor: Any = None

    def __init__(self, count: _Count) -> None:
        self._process = os.getpid()
        self._count: _Count | None = count
        self._seen = select.poll()
        count.there += 1

    def open(self, engine: Engine) -> None:
        """Connect."""
        fairy = engine.raw_connection()
        self.raw = fairy.driver_connection
        fairy.detach()
        self.cursor = self.raw.cursor()
        self._seen.register(self.raw.fileno(), select.POLLIN)

    @property
    def has_news(self) -> bool:
        """Whether the server has told an idle one something: in all likelihood, that it ends."""
        return bool(self._seen.poll(0))

    def is_free(self) -> bool:
        """Whether somebody else may have it: once no transaction is open."""
        if self.raw.pgconn.transaction_status != IDLE:
            with suppress(Error):
                self.raw.rollback()
        return bool(self.raw.pgconn.transaction_status == IDLE)

    def close(self) -> None:
        """Close it, once."""
        count, self._count = self._count, None
        if count is not None:
            count.one_is_gone()
            if self.raw is not None:
                self.raw.close()

    def __del__(self) -> None:
        if self._process == os.getpid():
            self.close()
        else:
            leave_alone(self.raw, self.cursor)


class Pool:
    """All connections to one database.

    Args:
        engine: SQLAlchemy's, which makes them.
        most: How many there are at most.

    Attributes:
        waits: How often somebody found none free.
    """

    def __init__(self, engine: Engine, most: int) -> None:
        self.waits = 0
        self._engine = engine
        self._most = most
        self._begin()

    def _begin(self) -> None:
        self._idle: list[Pooled] = []
        self._count = _Count(self._most)

    def take(self) -> Pooled:
        """One of them; one that has died while it lay idle is not taken.

        Raises:
            AllInUse: None was given back in time.
        """
        count = self._count
        while True:
            with count.mutex:
                if not self._idle and count.is_full:
                    self.waits += 1
                    if not count.wait(lambda: bool(self._idle) or not count.is_full):
                        raise AllInUse
                connection = self._idle.pop() if self._idle else Pooled(count)
            if connection.raw is None:
                return self._opened(connection)
            if not connection.has_news:
                return connection
            connection.close()

    def _opened(self, connection: Pooled) -> Pooled:
        try:
            connection.open(self._engine)
        except BaseException:
            connection.close()
            raise
        return connection

    def give(self, connection: Pooled) -> None:
        """Let others have it, without a transaction; one that is dead is closed."""
        if not connection.is_free():
            connection.close()
            return
        with self._count.mutex:
            self._idle.append(connection)
            self._count.tell()

    def close(self) -> None:
        """Close those that nobody uses."""
        with self._count.mutex:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def start_anew(self) -> None:
        """Forget them all: after a fork they are the parent's."""
        leave_alone(*self._idle)
        self._begin()


class _Count:
    """How many connections there are, and who waits for one."""

    def __init__(self, most: int) -> None:
        self.there = 0
        self.mutex = RLock()
        self._most = most
        self._changed = Condition(self.mutex)
        self._waiting = 0

    @property
    def is_full(self) -> bool:
        """Whether there may not be more."""
        return self.there >= self._most

    def wait(self, until: Callable[[], bool]) -> bool:
        """Wait, with the mutex held, until something is so; whether it has come true in time."""
        self._waiting += 1
        try:
            return self._changed.wait_for(until, PATIENCE)
        finally:
            self._waiting -= 1

    def tell(self) -> None:
        """Have somebody who waits look again; with the mutex held."""
        if self._waiting:
            self._changed.notify()

    def one_is_gone(self) -> None:
        """There is one less."""
        with self.mutex:
            self.there -= 1
            self.tell()
