"""The engine for asyncio: the same one, awaited; nothing of it is written a second time.

What it decides is decided by the engine that it is made of.  Wherever that one would wait for a
database, other tasks have their turn.
"""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Awaitable, Callable, Coroutine
from copy import copy
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from socialflow.engine import Engine
from socialflow.errors import StoreError
from socialflow.protocols import Directory, Store
from socialflow.signals import Signals
from socialflow.watching import Counters

__all__ = ["AsyncEngine", "waited_for"]

P = ParamSpec("P")
T = TypeVar("T")
Later = Callable[[Callable[[], None]], object]


def _awaited(
    method: Callable[Concatenate[Engine, P], T],
) -> Callable[Concatenate[AsyncEngine, P], Coroutine[Any, Any, T]]:
    """The same method, to be awaited."""

    async def called(self: AsyncEngine, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._place.carry_out(
            self._engine, lambda engine: method(engine, *args, **kwargs)
        )

    update_wrapper(called, method)
    return called


class AsyncEngine:
    """An engine whose methods are awaited.  It belongs to one event loop.

    Each call has a connection and a transaction of its own, and is tried again as an engine's is.
    A task that is cancelled in the middle has done all of it or nothing.

    Args:
        engine: Does everything; its signals, people and definitions are shared. Make it before the
            loop runs, for that reads the store. Over a `SqlStore` in a file or in PostgreSQL it
            works on asynchronous connections; over any other store in threads.
        connections: To the database: at most so many at a time.

    Raises:
        MissingExtra: An asynchronous driver is not installed.

    Example:
        >>> import asyncio
        >>> from socialflow import Action, Member, Stage, Team, Workflow
        >>> from socialflow.stores.memory import MemoryStore
        >>> writing = Stage("writing", ("drafting", "done"), role="author")
        >>> team = Team([Member("ann", "author")])
        >>> engine = Engine(MemoryStore(), Workflow("note", [writing]), team)
        >>> async def main():
        ...     async with AsyncEngine(engine) as notes:
        ...         item = await notes.create("note", by="ann")
        ...         return item.marking
        >>> asyncio.run(main())
        ('writing.drafting',)
    """

    def __init__(self, engine: Engine, *, connections: int = 10) -> None:
        awaited = getattr(engine.store, "awaited", None)
        place = awaited(connections) if awaited is not None else None
        self._engine = engine
        self._place: _Place = place or _Threads()

    @property
    def store(self) -> Store:
        """Where items live."""
        return self._engine.store

    @property
    def people(self) -> Directory:
        """Who acts."""
        return self._engine.people

    @property
    def signals(self) -> Signals:
        """What the engine tells after each commit, and its engine is the sender."""
        return self._engine.signals

    @property
    def counters(self) -> Counters:
        """What the engine has counted since it was made, whoever awaited it or called it."""
        return self._engine.counters

    create = _awaited(Engine.create)
    adopt = _awaited(Engine.adopt)
    perform = _awaited(Engine.perform)
    preview = _awaited(Engine.preview)
    run_due = _awaited(Engine.run_due)
    perform_many = _awaited(Engine.perform_many)
    options = _awaited(Engine.options)
    why_not = _awaited(Engine.why_not)
    who_can = _awaited(Engine.who_can)
    item = _awaited(Engine.item)
    find = _awaited(Engine.find)
    history = _awaited(Engine.history)
    worklist = _awaited(Engine.worklist)
    workflow = _awaited(Engine.workflow)
    children = _awaited(Engine.children)

    def within(self, handle: Any, *, after_commit: Later | None = None) -> AsyncEngine:
        """This engine inside the host's own transaction, which only the host commits.

        Args:
            handle: An AsyncSession, an async_scoped_session or an AsyncConnection of SQLAlchemy.
            after_commit: Makes a call once the transaction is committed.

        Raises:
            StoreError: *handle* is none of these; when first awaited: the store cannot join it, or
                finds no tables of its own there.
        """
        if not hasattr(handle, "run_sync") and callable(handle):
            handle = handle()
        if not hasattr(handle, "run_sync"):
            raise StoreError(
                f"within() of an AsyncEngine takes an AsyncSession, an async_scoped_session or an "
                f"AsyncConnection of SQLAlchemy, not {type(handle).__name__}"
            )
        inside = copy(self)
        inside._place = _Within(handle, after_commit)
        return inside

    async def __aenter__(self) -> AsyncEngine:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close its connections to the database."""
        await self._place.close()


class _Place(Protocol):
    """Where the engine does what it is asked for."""

    async def carry_out(self, engine: Engine, step: Callable[[Engine], T]) -> T:
        """What *step* makes of the engine there."""
        ...

    async def close(self) -> None:
        """Close connections of its own."""
        ...


class _Threads:
    """Threads, for a store that knows nothing of asyncio."""

    async def carry_out(self, engine: Engine, step: Callable[[Engine], T]) -> T:
        return await to_thread(step, engine)

    async def close(self) -> None:
        """There is nothing to close."""


class _Within:
    """The transaction of a host."""

    def __init__(self, handle: Any, after_commit: Later | None) -> None:
        self._handle = handle
        self._after_commit = after_commit
        self._inside: Engine | None = None

    async def carry_out(self, engine: Engine, step: Callable[[Engine], T]) -> T:
        def inside(handle: Any) -> T:
            if self._inside is None:
                self._inside = engine.within(handle, after_commit=self._after_commit)
            return step(self._inside)

        return await self._handle.run_sync(inside)  # type: ignore[no-any-return]

    async def close(self) -> None:
        """The connection stays the host's."""


def waited_for(function: Callable[P, Awaitable[T]]) -> Callable[P, T]:
    """A plain function that waits for a coroutine, while other tasks have their turn.

    For what an engine calls and has to answer at once: providers of facts, a directory. It can
    only be called by an `AsyncEngine` over a `SqlStore` in a file or in PostgreSQL.
    """
    from socialflow.stores.sql.awaited import waited_for

    return waited_for(function)
