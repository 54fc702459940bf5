"""PostgreSQL through psycopg: a step is one read and one statement, committed by itself.

What takes more than one statement has a transaction, READ COMMITTED: what is written is guarded by
versions, and who wants items alone locks their rows, in the order given.
"""

from __future__ import annotations

import os
import select
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from psycopg import Error, IntegrityError, OperationalError
from psycopg.errors import DeadlockDetected, LockNotAvailable, SerializationFailure
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as AllInUse

from socialflow.errors import (
    Contended,
    ItemExists,
    KeyTaken,
    StaleItem,
    StoreError,
    Uncertain,
)
from socialflow.queries import Kept, Record
from socialflow.stores.sql import touched
from socialflow.stores.sql.connections import leave_alone
from socialflow.stores.sql.statements import Statement, Statements
from socialflow.stores.sql.steps import Said, in_bulk, missed
from socialflow.watching import Traffic

__all__ = ["Postgresql", "PostgresqlTalk"]

PATIENCE = 60.0
"""For how many seconds somebody waits for one of the connections."""
MANY = 3
"""From how many statements on it is worth to send those that are alike together."""


class Postgresql:
    """One PostgreSQL database.

    Args:
        url: ``postgresql+psycopg://``.
        name: What it is called in an error.
        connections: How many there are at most.

    Attributes:
        engine: SQLAlchemy's, whose connections commit each statement unless we say BEGIN.
    """

    def __init__(self, url: URL, name: str, connections: int) -> None:
        self.name = name
        self._waits = 0
        self.engine: Engine = create_engine(
            url,
            isolation_level="AUTOCOMMIT",
            paramstyle="format",
            pool_size=connections,
            max_overflow=0,
            pool_timeout=PATIENCE,
            pool_reset_on_return=None,
        )

    @property
    def traffic(self) -> Traffic:
        """What has been counted since it was opened."""
        return Traffic(waits=self._waits)

    def start_anew(self) -> None:
        """Forget the connections: after a fork they are the parent's."""
        leave_alone(self.engine.pool)
        self.engine.dispose(close=False)

    def close(self) -> None:
        """Close every connection that nobody uses."""
        self.engine.dispose()

    def talk(self, say: Statements) -> PostgresqlTalk:
        """A conversation with it."""
        return PostgresqlTalk(self, say)

    def checked_out(self) -> Any:
        """A connection out of the pool; one that has died while it lay idle is not taken."""
        pool: Any = self.engine.pool
        if pool.checkedout() >= pool.size():
            self._waits += 1
        while True:
            fairy = self.engine.raw_connection()
            if not has_news(fairy.driver_connection):
                return fairy
            fairy.invalidate()

    def failed(self, error: BaseException) -> StoreError:
        """What the caller is told when the database cannot do what it should."""
        if isinstance(error, AllInUse):
            return StoreError(f"{self.name}: for {PATIENCE:g} seconds all connections were in use")
        if isinstance(error, DeadlockDetected | SerializationFailure):
            return Contended(self.name, first_line(error))
        return StoreError(f"{self.name}: {first_line(error)}; nothing was written")


class PostgresqlTalk:
    """A unit of work's conversation with a PostgreSQL database."""

    at_once = False

    def __init__(self, database: Postgresql, say: Statements) -> None:
        self.say = say
        self.is_open = False
        self._database = database
        self._waits_shortly = False
        self._process = os.getpid()
        self._fairy: Any = None

    @property
    def _cursor(self) -> Any:
        if self._process != os.getpid():
            raise StoreError(
                f"{self._database.name}: this unit of work was begun before a fork and belongs to "
                f"the other process"
            )
        if self._fairy is None:
            self._fairy = self._database.checked_out()
        return cursor_of(self._fairy)

    def rows(self, statement: Statement, values: dict[str, Any]) -> list[Any]:
        """What the database answers; a connection that has died while it lay idle is replaced."""
        picked = statement.pick(values)
        if statement is self.say.hold and touched.is_touched(values):
            self._wait_shortly()
        try:
            try:
                return self._cursor.execute(statement.sql, picked).fetchall()  # type: ignore[no-any-return]
            except OperationalError:
                if self.is_open or not self._is_lost:
                    raise
                self.leave()
                self._database.close()
                return self._cursor.execute(statement.sql, picked).fetchall()  # type: ignore[no-any-return]
        except FAILURES as error:
            raise self._stopped(error) from error

    def open(self) -> None:
        """Begin a transaction."""
        self._execute("BEGIN")
        self.is_open = True

    def write(self, said: Sequence[Said]) -> None:
        """Say all that inside the open transaction."""
        if touched.is_touched(*[one.values for one in said]):
            self._wait_shortly()
        groups = in_bulk(said) if len(said) >= MANY else []
        for alike in groups or [[one] for one in said]:
            self._say(alike)

    def submit(self, said: Sequence[Said]) -> None:
        """Say all that: one statement commits by itself, several have a transaction."""
        if len(said) == 1 and not touched.is_touched(said[0].values):
            self._say(said)
        else:
            self.open()
            self.write(said)
            self.commit()

    def commit(self) -> None:
        """Make what was written in the open transaction durable."""
        self.is_open = False
        try:
            self._cursor.execute("COMMIT")
        except FAILURES as error:
            raise self._failed(error) from error

    def roll_back(self) -> None:
        """Take back what was written in the open transaction, if one is open."""
        self.is_open = False

    def leave(self) -> None:
        """Give the connection back, without a transaction."""
        if self._fairy is not None:
            fairy, self._fairy = self._fairy, None
            if self._process == os.getpid():
                give_back(fairy)
            else:
                leave_alone(fairy)

    def after_commit(self, calls: Sequence[Callable[[], None]]) -> None:
        """Make these calls: everything is durable."""
        for call in calls:
            call()

    # -- inside

    def _execute(self, sql: str) -> None:
        try:
            self._cursor.execute(sql)
        except FAILURES as error:
            raise self._database.failed(error) from error

    def _wait_shortly(self) -> None:
        """In this transaction, for whatever somebody else holds: it may be who asks."""
        self._waits_shortly = True
        self._execute(touched.SHORTLY.format(round(touched.PATIENCE * 1000)))

    @property
    def _is_lost(self) -> bool:
        return self._fairy is not None and self._fairy.driver_connection.closed

    def _failed(self, error: Exception) -> StoreError:
        """What became of something that was about to be committed."""
        if self._is_lost and not self.is_open:
            return Uncertain(self._database.name, first_line(error))
        return self._stopped(error)

    def _stopped(self, error: Exception) -> StoreError:
        """Why something was not done that has changed nothing."""
        if self._waits_shortly and isinstance(error, LockNotAvailable):
            return touched.would_wait(self._database.name)
        return self._database.failed(error)

    def _say(self, alike: Sequence[Said]) -> None:
        """Say one statement, once or of many rows, and look at how many it has met."""
        statement, about = alike[0].statement, alike[0].about
        try:
            cursor = self._cursor
            if len(alike) == 1:
                cursor.execute(statement.sql, statement.pick(alike[0].values))
            else:
                cursor.executemany(statement.sql, [statement.pick(one.values) for one in alike])
        except IntegrityError as error:
            raise self._objection(alike, error) from error
        except FAILURES as error:
            raise self._failed(error) from error
        if about is not None and cursor.rowcount != len(alike):
            raise self._missed(alike)

    def _missed(self, alike: Sequence[Said]) -> StoreError:
        """Which of them has not met its row: the first that is not as it was written."""
        for one in alike if len(alike) > 1 else ():
            if isinstance(one.about, Kept):
                rows = self.rows(self.say.item, one.values)
                if not rows or rows[0][5] != one.values["head"]:
                    return missed(one.about)
        about = alike[0].about
        assert about is not None
        return missed(about)

    def _objection(self, alike: Sequence[Said], error: IntegrityError) -> StoreError:
        """What a violated constraint means, and for which of them; a used key is told first."""
        if isinstance(alike[0].about, Record):
            return missed(alike[0].about)
        broken, detail = error.diag.constraint_name or "", error.diag.message_detail or ""
        told = [one.about for one in alike if isinstance(one.about, Kept)]
        if self.is_open:
            self.is_open = False
            self._execute("ROLLBACK")
        for one in alike:
            if one.values.get("key") is not None and self.rows(self.say.answer, one.values):
                return KeyTaken(one.values["key"])
        for name, meant in MEANT.items():
            for kept in told if broken.endswith(name) else ():
                who, objection = meant(kept)
                if len(told) == 1 or f", {who})=" in detail or f", {who}) " in detail:
                    return objection
        return self._database.failed(error)


FAILURES = (Error, DBAPIError, AllInUse)
"""What a driver and its pool raise when they cannot do what they should."""

MEANT: dict[str, Callable[[Kept], tuple[str | None, StoreError]]] = {
    "history_key": lambda kept: (
        kept.event.command.key,
        KeyTaken(kept.event.command.key or ""),
    ),
    "item_ref": lambda kept: (kept.item.ref, ItemExists(kept.item.id, kept.item.ref)),
    "item": lambda kept: (kept.item.id, ItemExists(kept.item.id, kept.item.ref)),
    "history_item_n": lambda kept: (kept.item.id, StaleItem(kept.item.id, kept.expected)),
}
"""What a constraint whose name ends so means if it is violated, and of what it was told."""


def cursor_of(fairy: Any) -> Any:
    """The cursor of a pooled connection, which it keeps."""
    cursor = fairy.info.get("cursor")
    if cursor is None or cursor.closed:
        cursor = fairy.info["cursor"] = fairy.driver_connection.cursor()
    return cursor


def has_news(connection: Any) -> bool:
    """Whether the server has told an idle connection something: in all likelihood, that it ends."""
    seen = select.poll()
    seen.register(connection.fileno(), select.POLLIN)
    return bool(seen.poll(0))


def give_back(fairy: Any) -> None:
    """Give a connection back to the pool, without a transaction; one that is dead is not kept."""
    connection = fairy.driver_connection
    if connection.info.transaction_status != TransactionStatus.IDLE:
        with suppress(Error):
            connection.rollback()
    if connection.closed or connection.info.transaction_status != TransactionStatus.IDLE:
        fairy.invalidate()
    else:
        fairy.close()


def first_line(error: BaseException) -> str:
    """What the database says, without where in our statement it says so."""
    told = getattr(error, "orig", None) or error
    return str(told).partition("\n")[0]
