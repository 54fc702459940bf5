"""Transactions of an asyncio program: what waits for the database lets the event loop go on.

Each is on a connection of its own.  SQLAlchemy carries out a plain function there, and every
statement in it is a place where other tasks have their turn.  Nobody stands in the line of SQLite's
writers, which is for threads: tasks wait for a lock of the loop.
"""

from __future__ import annotations

from asyncio import Lock
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from sqlalchemy import Connection, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.util import await_only

from socialflow.errors import MissingExtra, StoreError, Uncertain
from socialflow.stores.sql import touched
from socialflow.stores.sql.connected import ConnectedTalk, spoken
from socialflow.stores.sql.reading import question
from socialflow.stores.sql.sqlite import Sqlite
from socialflow.stores.sql.statements import Statement, Statements
from socialflow.stores.sql.steps import Said
from socialflow.stores.sql.work import SqlWork

try:
    from sqlalchemy.ext.asyncio import create_async_engine
except ImportError:
    raise MissingExtra("asyncio with a SQL store", "asyncio") from None

if TYPE_CHECKING:
    from socialflow.engine import Engine
    from socialflow.stores.sql import SqlStore

__all__ = ["Awaited", "AwaitedStore", "AwaitedTalk", "waited_for"]

Turn = AbstractAsyncContextManager[object]
P = ParamSpec("P")
T = TypeVar("T")


class Awaited:
    """The database of a store, for the tasks of one event loop.

    Args:
        store: Whose tables, tenant and definitions they are.
        connections: At most so many at a time.

    Raises:
        MissingExtra: The driver is not installed.
    """

    def __init__(self, store: SqlStore, connections: int) -> None:
        self._store = store
        self._turn: Turn | None = None
        driver, told = "postgresql+psycopg", {"paramstyle": "format"}
        if isinstance(store.database, Sqlite):
            driver, told, self._turn = "sqlite+aiosqlite", {}, Lock()
        try:
            self._engine = create_async_engine(
                store.place.url.set(drivername=driver),
                isolation_level="AUTOCOMMIT",
                pool_size=connections,
                max_overflow=0,
                pool_timeout=60,
                **told,
            )
        except ModuleNotFoundError:
            raise MissingExtra(f"asyncio with {driver}", "asyncio") from None
        if isinstance(store.database, Sqlite):
            event.listen(self._engine.sync_engine, "connect", store.database.prepare)

    async def carry_out(self, engine: Engine, step: Callable[[Engine], T]) -> T:
        """What *step* makes of an engine over this database, on a connection of its own."""

        def on(connection: Connection) -> T:
            return step(engine._over(AwaitedStore(self._store, connection, self._turn)))

        async with self._engine.connect() as connection:
            return await connection.run_sync(on)

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


class AwaitedStore:
    """A store on one connection of an asyncio program.

    Args:
        store: Whose tables, tenant and definitions they are.
        connection: Where everything is said.
        turn: Of whoever writes, where only one can.
    """

    def __init__(
        self,
        store: SqlStore,
        connection: Connection,
        turn: Turn | None,
    ) -> None:
        self._store = store
        self._connection = connection
        self._turn = turn
        self._say = spoken(store.tables, connection.dialect)

    def _talk(self) -> AwaitedTalk:
        return AwaitedTalk(self._store, self._connection, self._say, self._turn)

    def begin(self, *alone: str) -> SqlWork:
        """Open a unit of work."""
        return SqlWork(self._talk(), self._store.tenant, self._store.known, alone)

    def rows(self, query: Any) -> Iterator[Any]:
        """Answer *query* as of now."""
        statement, values, read = question(self._say, self._store.tenant, query)
        return map(read, self._talk().rows(statement, values))


class AwaitedTalk(ConnectedTalk):
    """A unit of work's conversation on a connection of an asyncio program."""

    def __init__(
        self,
        store: SqlStore,
        connection: Connection,
        say: Statements,
        turn: Turn | None,
    ) -> None:
        super().__init__(connection, say, store.database.name)
        self._database = store.database
        self._turn: Turn = nullcontext() if turn is None else turn
        self._has_turn = False
        self._commits = False
        self._waits_shortly = False

    def open(self) -> None:
        """Begin a transaction; in SQLite as soon as no other task writes."""
        begin = "BEGIN"
        if isinstance(self._database, Sqlite):
            self._database.make_sure_nobody_waits_for_themselves()
            begin = "BEGIN IMMEDIATE"
        await_only(self._turn.__aenter__())
        self._has_turn = True
        self._done(begin)
        self.is_open = True

    def rows(self, statement: Statement, values: dict[str, Any]) -> list[Any]:
        """What the database answers."""
        if statement is self.say.hold and touched.is_touched(values):
            self._wait_shortly()
        return super().rows(statement, values)

    def write(self, said: Sequence[Said]) -> None:
        """Say all that inside the open transaction."""
        if touched.is_touched(*[one.values for one in said]):
            self._wait_shortly()
        super().write(said)

    def submit(self, said: Sequence[Said]) -> None:
        """Say all that: one statement commits by itself, several have a transaction."""
        if not touched.is_touched(*[one.values for one in said]):
            super().submit(said)
            return
        self.open()
        self.write(said)
        self.commit()

    def commit(self) -> None:
        """Make what was written in the open transaction durable."""
        self._commits = True
        self._done("COMMIT")
        self._commits = self.is_open = False

    def roll_back(self) -> None:
        """Take back what was written in the open transaction, if one is open."""
        if self.is_open:
            self.is_open = False
            if not self._connection.invalidated:
                self._done("ROLLBACK")

    def leave(self) -> None:
        """Let the next task write; the connection goes back with its block."""
        if self._has_turn:
            self._has_turn = False
            await_only(self._turn.__aexit__(None, None, None))

    def after_commit(self, calls: Sequence[Callable[[], None]]) -> None:
        """Make these calls: everything is durable."""
        for call in calls:
            call()

    def _wait_shortly(self) -> None:
        """In this transaction, for whatever somebody else holds: it may be who asks."""
        self._waits_shortly = True
        self._done(touched.SHORTLY.format(round(touched.PATIENCE * 1000)))

    def _failed(self, error: SQLAlchemyError) -> StoreError:
        """What became of something that was about to be committed."""
        code = getattr(getattr(error, "orig", None), "sqlstate", None)
        if self._waits_shortly and code == touched.GIVEN_UP:
            return touched.would_wait(self._name)
        if self._connection.invalidated and (self._commits or not self.is_open):
            return Uncertain(self._name, f"{error}".partition("\n")[0])
        return super()._failed(error)


def waited_for(function: Callable[P, Awaitable[T]]) -> Callable[P, T]:
    """A plain function that waits for a coroutine, while other tasks have their turn.

    For what an engine calls and has to answer at once: providers of facts, a directory.  It can
    only be called by an engine of asyncio.
    """

    def called(*args: P.args, **kwargs: P.kwargs) -> T:
        return await_only(function(*args, **kwargs))

    return called
