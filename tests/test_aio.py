"""The engine for asyncio: the same answers, awaited; nothing is lost, nothing is half."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from engines import Heard, engine_on, everything, post
from hosts_at_work import POSTGRESQL, SQLITE, Base, Invoice, address
from scenes import finish, stage
from sqlalchemy import NullPool, select
from sqlalchemy.ext.asyncio import (
    AsyncSession,
    async_scoped_session,
    async_sessionmaker,
    create_async_engine,
)
from test_host_refusals import actions

from socialflow import Case, Engine, Item, Objection, Refused, rule
from socialflow.aio import AsyncEngine, waited_for
from socialflow.chain import audit
from socialflow.errors import ItemExists, StaleItem, StoreError
from socialflow.protocols import Store
from socialflow.stores.memory import MemoryStore
from socialflow.stores.sql import SqlStore, touched

MEMORY = ("memory", "sqlite in memory")
DURABLE = (SQLITE, POSTGRESQL)


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store of the kind that the test says by `on`."""
    if request.param == "memory":
        yield MemoryStore()
        return
    url = "sqlite://"
    if request.param != "sqlite in memory":
        url = address(request.param, tmp_path, request)
    made = SqlStore(url, create=True, synchronous="NORMAL")
    yield made
    made.close()


def on(*kinds: Any) -> pytest.MarkDecorator:
    """Have a test run on these kinds of stores."""
    return pytest.mark.parametrize("store", kinds, indirect=True)


def run(engine: Engine, work: Callable[[AsyncEngine], Awaitable[Any]], **told: Any) -> Any:
    """What comes of some work with an engine of asyncio."""

    async def main() -> Any:
        async with AsyncEngine(engine, **told) as awaited:
            return await work(awaited)

    return asyncio.run(main())


async def born(engine: AsyncEngine, **told: Any) -> Item:
    """A new item."""
    return await engine.create("post", by="ann", data={"title": "a"}, **told)


# -- the same engine


def public(kind: type) -> dict[str, Any]:
    """The public methods of a class."""
    members = inspect.getmembers(kind, inspect.isfunction)
    return {name: one for name, one in members if name[0] != "_"}


def test_every_method_of_an_engine_is_there_with_its_parameters() -> None:
    """Whatever an engine learns to do can be awaited."""
    plain, awaited = public(Engine), public(AsyncEngine)
    awaited.pop("close")

    assert plain.keys() == awaited.keys()
    for name, method in plain.items():
        told = [one.replace(annotation=None) for one in parameters(method)]
        assert told == [one.replace(annotation=None) for one in parameters(awaited[name])], name
        assert (name != "within") == inspect.iscoroutinefunction(awaited[name]), name


def test_everything_that_an_engine_has_is_there() -> None:
    """Its properties as well: what it has counted is the same for both."""
    engine = engine_on(MemoryStore())
    awaited = AsyncEngine(engine)

    asyncio.run(born(awaited))

    told = {name for name in vars(engine) | vars(Engine) if not name.startswith("_")}
    assert [] == sorted(name for name in told if not hasattr(awaited, name))
    assert 1 == awaited.counters.performed
    assert engine.counters == awaited.counters


def parameters(method: Callable[..., Any]) -> tuple[inspect.Parameter, ...]:
    """What a method takes."""
    return tuple(inspect.signature(method).parameters.values())


@on(*MEMORY, *DURABLE)
def test_it_answers_as_the_engine_does(store: Store) -> None:
    """Everything that can be asked, and everything that can be done."""
    engine = engine_on(store)

    async def work(awaited: AsyncEngine) -> Item:
        item = await born(awaited, ref="post:42", key="birth")
        assert item == await born(awaited, ref="post:42", key="birth")
        assert item == await awaited.item(item.id) == await awaited.find(ref="post:42")
        assert 2 == (await awaited.preview(item.id, "submit", by="ann")).version
        assert await awaited.why_not(item.id, "submit", by="ed") is not None
        assert await awaited.options(item.id, by="ann") == engine.options(item.id, by="ann")
        assert await awaited.who_can(item.id, "submit") == engine.who_can(item.id, "submit")
        assert await awaited.worklist() == engine.worklist()
        assert await awaited.workflow(item) == engine.workflow(item)
        assert () == await awaited.children(item.id) == await awaited.run_due()
        with pytest.raises(Refused):
            await awaited.perform(item.id, "submit", by="ed")
        with pytest.raises(StaleItem):
            await awaited.perform(item.id, "submit", by="ann", expect=7)
        with pytest.raises(ItemExists):
            await born(awaited, ref="post:42")
        return await awaited.perform(item.id, "submit", by="ann")

    done = run(engine, work)

    assert done == engine.item(done.id)
    assert ["create", "submit"] == actions(engine, done.id)


@on(*MEMORY, *DURABLE)
def test_it_tells_what_the_engine_tells(store: Store) -> None:
    """After the commit, from the engine that it was made of."""
    engine = engine_on(store)
    heard = Heard(engine)

    async def work(awaited: AsyncEngine) -> None:
        item = await born(awaited)
        await awaited.perform(item.id, "submit", by="ann")

    run(engine, work)

    assert ["created", "performed", "moved", "performed", "moved"] == heard.names


@on(*MEMORY, *DURABLE)
def test_tasks_lose_nothing(store: Store) -> None:
    """Fifty at a time at five items: every note is there, and every history holds."""
    engine = engine_on(store)

    async def work(awaited: AsyncEngine) -> list[str]:
        items = [await born(awaited) for _ in range(5)]

        async def notes(number: int) -> None:
            for turn in range(2):
                item = items[(number + turn) % 5]
                text = {"text": f"{number}.{turn}"}
                await awaited.perform(item.id, "note", by="ann", data=text)

        await asyncio.gather(*map(notes, range(50)))
        return [item.id for item in items]

    ids = run(engine, work)

    for id in ids:
        assert 21 == len(engine.history(id))
    said = [e.event.command.data["text"] for id in ids for e in engine.history(id)[1:]]
    assert sorted(f"{n}.{t}" for n in range(50) for t in range(2)) == sorted(said)
    assert () == tuple(audit(store))


@on(*DURABLE)
def test_the_loop_goes_on_while_somebody_waits_for_the_database(store: SqlStore) -> None:
    """Another transaction holds what is to be written, and other tasks have their turn."""
    engine = engine_on(store)
    item = engine.create("post", by="ann", data={"title": "a"})

    async def work(awaited: AsyncEngine) -> int:
        with store.begin(item.id):
            waiting = asyncio.create_task(awaited.perform(item.id, "submit", by="ann"))
            turns = 0
            while turns < 20:
                await asyncio.sleep(0.01)
                turns += not waiting.done()
        await waiting
        return turns

    assert 20 == run(engine, work)
    assert ("review.waiting",) == engine.item(item.id).marking


@on(*DURABLE)
def test_a_task_that_is_cancelled_has_done_all_or_nothing(store: SqlStore) -> None:
    """Wherever it was; the next one finds everything as it should be."""
    engine = engine_on(store)
    item = engine.create("post", by="ann", data={"title": "a"})

    async def work(awaited: AsyncEngine) -> None:
        await awaited.item(item.id)
        for wait in range(25):
            task = asyncio.create_task(
                awaited.perform(item.id, "note", by="ann", data={"text": f"{wait}"})
            )
            for _ in range(wait):
                await asyncio.sleep(0)
            await asyncio.sleep(wait * 0.0003)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await awaited.perform(item.id, "submit", by="ann")

    run(engine, work)

    told = actions(engine, item.id)
    assert ("create", "submit") == (told[0], told[-1])
    assert len(told) < 27
    assert ("review.waiting",) == engine.item(item.id).marking
    assert () == tuple(audit(store))


@on(*DURABLE)
def test_whoever_waits_for_their_turn_can_be_cancelled(store: SqlStore) -> None:
    """The others have theirs."""
    engine = engine_on(store)

    async def work(awaited: AsyncEngine) -> list[Any]:
        item = await born(awaited)
        tasks = [
            asyncio.create_task(awaited.perform(item.id, "note", by="ann", data={"text": f"{n}"}))
            for n in range(20)
        ]
        await asyncio.sleep(0.01)
        for task in tasks[5:15]:
            task.cancel()
        return await asyncio.gather(*tasks, return_exceptions=True)

    done = run(engine, work)

    assert 10 <= sum(isinstance(one, Item) for one in done)
    assert {Item, asyncio.CancelledError} >= {type(one) for one in done}
    assert () == tuple(audit(store))


@on(*DURABLE)
def test_a_provider_can_wait_without_blocking(store: SqlStore) -> None:
    """A coroutine function answers, and other tasks have their turn meanwhile."""
    turns: list[int] = []

    async def fetched(*_: object) -> str:
        before = len(turns)
        await asyncio.sleep(0.05)
        assert len(turns) > before
        return "yes"

    @rule("asks_outside", needs=("outside",))
    def asks_outside(case: Case) -> Iterator[Objection]:
        if case.facts["outside"] != "yes":
            yield Objection("asks_outside", "the world says no")

    asking = stage("asking", finish(rules=asks_outside()))
    definition = post(asking)
    engine = engine_on(store, definition, facts={"outside": waited_for(fetched)})

    async def work(awaited: AsyncEngine) -> Item:
        async def beats() -> None:
            while True:
                turns.append(1)
                await asyncio.sleep(0.005)

        beating = asyncio.create_task(beats())
        item = await born(awaited)
        done = await awaited.perform(item.id, "finish", by="ann")
        beating.cancel()
        return done

    assert 2 == run(engine, work).version


# -- inside the host's transaction


@attrs.frozen
class Place:
    """A host of asyncio, its database, and an engine beside it."""

    engine: Engine
    heard: Heard
    database: Any

    def session(self) -> AsyncSession:
        """A new session of the host."""
        return AsyncSession(self.database)

    async def numbers(self) -> list[str]:
        """Of the host's own rows."""
        async with self.session() as session:
            return list(await session.scalars(select(Invoice.number)))


def hosted(store: SqlStore, work: Callable[[AsyncEngine, Place], Awaitable[Any]]) -> Any:
    """What comes of some work of a host."""
    engine = engine_on(store)
    Base.metadata.create_all(store.engine)
    url = store.place.url
    if not store.statements.is_postgresql:
        url = url.set(drivername="sqlite+aiosqlite")

    async def main() -> Any:
        database = create_async_engine(url, poolclass=NullPool)
        async with AsyncEngine(engine) as awaited:
            done = await work(awaited, Place(engine, Heard(engine), database))
        await database.dispose()
        return done

    return asyncio.run(main())


@on(*DURABLE)
def test_what_is_ours_comes_with_the_row_of_an_async_host(store: SqlStore) -> None:
    """One commit brings both, and tells; a rollback leaves neither."""

    async def work(awaited: AsyncEngine, host: Place) -> None:
        async with host.session() as session, session.begin():
            session.add(Invoice(number="17"))
            inside = awaited.within(session)
            item = await born(inside)
            await inside.perform(item.id, "submit", by="ann")
            assert [] == host.heard.names
        assert ["created", "performed", "moved", "performed", "moved"] == host.heard.names
        assert ("review.waiting",) == (await awaited.item(item.id)).marking
        before = everything(store)

        async with host.session() as session:
            session.add(Invoice(number="18"))
            await born(awaited.within(session))
            await session.rollback()
        assert before == everything(store)
        assert ["17"] == await host.numbers()
        assert 5 == len(host.heard.names)

    hosted(store, work)


@on(*DURABLE)
def test_a_refused_command_leaves_an_async_host_usable(store: SqlStore) -> None:
    """As it does a plain one."""

    async def work(awaited: AsyncEngine, host: Place) -> None:
        item = await born(awaited)
        async with host.session() as session, session.begin():
            inside = awaited.within(session)
            with pytest.raises(Refused):
                await inside.perform(item.id, "submit", by="ed")
            with pytest.raises(ItemExists):
                await born(inside, id=item.id)
            await inside.perform(item.id, "submit", by="ann")
        assert ("review.waiting",) == (await awaited.item(item.id)).marking

    hosted(store, work)


@on(*DURABLE)
def test_other_handles_of_asyncio_can_be_joined(store: SqlStore) -> None:
    """A scoped session, and a bare connection with somebody who tells."""
    later: list[Callable[[], None]] = []

    async def work(awaited: AsyncEngine, host: Place) -> None:
        maker = async_sessionmaker(host.database)
        scoped = async_scoped_session(maker, asyncio.current_task)
        await born(awaited.within(scoped), id="scoped")
        await scoped.commit()
        await scoped.remove()
        async with host.database.begin() as connection:
            await born(awaited.within(connection, after_commit=later.append), id="bare")
        assert 3 == len(host.heard.names)
        for call in later:
            call()
        assert 6 == len(host.heard.names)

    hosted(store, work)

    assert {"scoped", "bare"} == {item.id for item in everything(store)[0]}


@on(SQLITE)
def test_a_plain_handle_is_no_handle_of_asyncio(store: SqlStore) -> None:
    """It says what is wanted."""

    async def work(awaited: AsyncEngine) -> None:
        with pytest.raises(StoreError, match=r"takes an AsyncSession.*not Engine"):
            awaited.within(store.engine)

    run(engine_on(store), work)


@on(SQLITE)
def test_a_second_transaction_of_the_same_task_is_refused_at_once(store: SqlStore) -> None:
    """It would wait for the host, which waits for it; other tasks just wait."""

    async def work(awaited: AsyncEngine, host: Place) -> None:
        item = await born(awaited)
        wait = asyncio.Event()

        async def other() -> None:
            await wait.wait()
            await awaited.perform(item.id, "note", by="ann", data={"text": "x"})

        task = asyncio.create_task(other())
        async with host.session() as session, session.begin():
            await awaited.within(session).perform(item.id, "submit", by="ann")
            async with asyncio.timeout(5):
                with pytest.raises(StoreError, match="is writing to it"):
                    await born(awaited)
            wait.set()
            await asyncio.sleep(0.2)
            assert not task.done()
        await task

    hosted(store, work)
    assert 1 == len(everything(store)[0])


@on(POSTGRESQL)
def test_what_the_same_task_holds_is_not_waited_for(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL it is the item that would be waited for."""
    monkeypatch.setattr(touched, "PATIENCE", 0.1)

    async def work(awaited: AsyncEngine, host: Place) -> None:
        item = await born(awaited)
        async with host.session() as session, session.begin():
            await awaited.within(session).perform(item.id, "submit", by="ann")
            async with asyncio.timeout(5):
                with pytest.raises(StoreError, match="has written to the same"):
                    await awaited.perform(item.id, "note", by="ann", data={"text": "x"})
        await awaited.perform(item.id, "note", by="ann", data={"text": "x"})

    hosted(store, work)
    assert 1 == len(everything(store)[0])
