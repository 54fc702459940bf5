"""A store in PostgreSQL under bad circumstances: what is told, what is kept, that it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from threading import Event as Turn
from threading import Thread
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
import pytest
from engines import engine_on
from forks import forked, status_of
from postgres import Server
from sqlalchemy import create_engine, text

from socialflow import Command, Item, Member
from socialflow.chain import audit
from socialflow.errors import Contended, StoreError, Uncertain
from socialflow.queries import Items
from socialflow.stores.sql import SqlStore, postgresql
from socialflow.stores.sql.postgresql import PostgresqlTalk
from socialflow.testing.changes import born, change, history, moved, stored, write, write_all
from socialflow.testing.racing import together
from socialflow.writers import Writer

if TYPE_CHECKING:
    from postgres import Postgres

TITLE = {"title": "a title"}
PATIENCE = 20.0


@pytest.fixture
def tenant() -> str:
    return uuid4().hex


@pytest.fixture
def store(pg_store: str, tenant: str) -> Iterator[SqlStore]:
    with closing(SqlStore(pg_store).for_tenant(tenant)) as store:
        yield store


def pid(work: Any) -> int:
    """The process of the server that a unit of work talks to."""
    return int(work._talk._cursor.connection.info.backend_pid)


def end(postgres: Postgres, *pids: int) -> None:
    """Have these connections of the server end, as an administrator does."""
    with postgres.connected() as connection:
        for one in pids:
            connection.execute("SELECT pg_terminate_backend(%s, 5000)", (one,))


def end_all(postgres: Postgres, store: SqlStore) -> None:
    """Have all connections to the database of the store end."""
    with postgres.connected() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
            (store.url.database,),
        )


def ids(store: SqlStore) -> set[str]:
    return {item.id for item in store.rows(Items())}


# -- connections that are lost


def test_nobody_notices_that_idle_connections_have_ended(
    postgres: Postgres, store: SqlStore
) -> None:
    """Overnight, by a firewall or a restart: the next question and the next command just work."""

    def job(n: int) -> None:
        write(store, born(f"{n}"))

    together(4, job)

    for n, do in enumerate((lambda: stored(store, "0"), lambda: write(store, born("new")))):
        end_all(postgres, store)
        do()
        assert 4 + n == len(ids(store))
    together(4, lambda n: write(store, moved(stored(store, f"{n}"))))
    assert () == audit(store)


@pytest.mark.parametrize("what", ["item", "rows", "answer", "write", "leave"])
def test_a_unit_that_loses_its_connection_has_written_nothing(
    postgres: Postgres, store: SqlStore, what: str
) -> None:
    """It is told so, whatever it was doing in its transaction; the store can be used at once."""
    write(store, born("a"))
    then: dict[str, Callable[[Any], Any]] = {
        "item": lambda work: work.item("a"),
        "rows": lambda work: list(work.rows(Items())),
        "answer": lambda work: work.answer("k"),
        "write": lambda work: work.write(change(born("c"))),
        "leave": lambda work: None,
    }

    def lose_it() -> None:
        with store.begin("a") as work:
            work.write(change(moved(work.item("a"), key="k"), born("b")))
            end(postgres, pid(work))
            then[what](work)

    with pytest.raises(StoreError) as caught:
        lose_it()

    assert (Uncertain if what == "leave" else StoreError) is type(caught.value)
    assert {"a"} == ids(store)
    assert 2 == write(store, moved(stored(store, "a"))).version


class Losing:
    """A cursor whose connection is lost just when the answer to something would come.

    Args:
        cursor: What it is in truth.
        word: With which that something begins.
    """

    closed = False

    def __init__(self, cursor: Any, word: str) -> None:
        self._cursor = cursor
        self._word = word

    def execute(self, sql: str, *values: Any) -> Any:
        answer = self._cursor.execute(sql, *values)
        if sql.startswith(self._word):
            self._cursor.connection.close()
            raise psycopg.OperationalError("the answer has not come")
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


@pytest.fixture
def lose(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Have the answer to the next statement that begins with a word be lost."""
    cursor = PostgresqlTalk._cursor.fget  # type: ignore[attr-defined]
    lost: list[str] = []

    def losing(talk: Any) -> Any:
        return Losing(cursor(talk), lost[0]) if lost else cursor(talk)

    monkeypatch.setattr(PostgresqlTalk, "_cursor", property(losing))

    def on_next(word: str) -> None:
        lost[:] = [word]

    yield on_next
    lost.clear()


@pytest.mark.parametrize("word", ["WITH", "COMMIT"])
def test_nobody_knows_what_became_of_a_commit_whose_answer_is_lost(
    store: SqlStore, lose: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    """`Uncertain`; here it was written: the same command with the same key gives the answer."""
    engine = engine_on(store)
    item = engine.create("post", by="ann", data=TITLE)
    if word == "COMMIT":
        monkeypatch.setattr(Writer, "performed", _performed_alone)

    lose(word)
    with pytest.raises(Uncertain, match="the same command with the same key tells"):
        engine.perform(item.id, "edit", by="ann", data={"title": "new"}, key="k")
    monkeypatch.undo()

    assert 2 == engine.item(item.id).version
    again = engine.perform(item.id, "edit", by="ann", data={"title": "new"}, key="k")
    assert 2 == again.version == len(engine.history(item.id))


def _performed_alone(writer: Writer, item_id: str, command: Command, member: Member) -> Item:
    """As if it had been contended before: with the item to itself, in a transaction."""
    with writer.store.begin(item_id) as work:
        known = writer.known(item_id, command.action, command.at)
        return writer.tried(work, work.item(item_id), command, member, known, True)


def test_what_was_lost_before_the_commit_is_not_there(pg_url: str) -> None:
    """`Uncertain` as well; the same command with the same key is carried out now."""
    with closing(SqlStore(pg_url, create=True)) as store:
        engine = engine_on(store)
        item = engine.create("post", by="ann", data=TITLE)
        with psycopg.connect(pg_url.replace("+psycopg", "")) as connection:
            connection.execute(
                "CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$"
            )
            connection.execute(
                "CREATE CONSTRAINT TRIGGER crash AFTER INSERT ON socialflow_history "
                "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION crash()"
            )

        with pytest.raises(Uncertain):
            engine.perform(item.id, "edit", by="ann", data={"title": "new"}, key="k")
        with psycopg.connect(pg_url.replace("+psycopg", "")) as connection:
            connection.execute("DROP TRIGGER crash ON socialflow_history")

        assert 1 == engine.item(item.id).version
        again = engine.perform(item.id, "edit", by="ann", data={"title": "new"}, key="k")
        assert 2 == again.version == len(engine.history(item.id))


@pytest.mark.postgres
def test_a_server_that_crashes_and_comes_back_has_what_was_acknowledged() -> None:
    """Four threads write all the while: no key is lost or used twice, and none has to reopen."""
    with (
        Server(fsync=True) as server,
        server.database() as url,
        closing(SqlStore(url, create=True)) as store,
    ):
        acknowledged: set[str] = set()
        uncertain: set[str] = set()
        is_back = Turn()

        def job(n: int) -> None:
            if n == 0:
                while len(acknowledged) < 40:
                    is_back.wait(0.01)
                server.restart("immediate")
                is_back.set()
                return
            turn = 0
            while turn < 40 or not is_back.is_set():
                turn += 1
                key = f"{n} {turn}"
                try:
                    write(store, born(key, key=key), born(f"{key} beside"))
                    acknowledged.add(key)
                except Uncertain:
                    uncertain.add(key)
                except StoreError:
                    is_back.wait(0.05)

        together(4, job)
        write(store, born("afterwards"))

        there = ids(store) - {"afterwards"}
        whole = {key for key in there if " beside" not in key}
        assert {f"{key} beside" for key in whole} == there - whole
        assert acknowledged <= whole <= acknowledged | uncertain
        assert () == audit(store)


# -- transactions that stand in each other's way


def test_who_wants_an_item_alone_waits_for_who_has_it(store: SqlStore) -> None:
    """Until that one's unit closes, though it has written nothing yet."""
    write(store, born("a"))
    has_it = Turn()

    def other() -> None:
        with store.begin("a"):
            has_it.set()

    thread = Thread(target=other, daemon=True)
    with store.begin("a"):
        thread.start()
        assert not has_it.wait(0.3)

    assert has_it.wait(PATIENCE)
    thread.join(PATIENCE)


def test_a_deadlock_is_told_to_one_of_both(store: SqlStore) -> None:
    """`Contended`: it has written nothing, and may ask again; the other one goes on."""
    write(store, born("a"), born("b"))
    meet = [Turn(), Turn()]

    def job(n: int) -> type[BaseException] | None:
        mine, other = ("a", "b") if n == 0 else ("b", "a")
        try:
            with store.begin(mine) as work:
                meet[n].set()
                meet[1 - n].wait(PATIENCE)
                work.write(change(moved(stored(store, mine)), moved(stored(store, other))))
        except StoreError as error:
            return type(error)
        return None

    told = together(2, job)

    assert {None, Contended} == set(told)
    assert [2, 2] == [item.version for item in store.rows(Items())]


@pytest.mark.parametrize("action", ["create", "edit"])
def test_what_was_contended_is_tried_again_in_our_own_transaction(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    """The engine asks again, and nobody hears of it."""
    engine = engine_on(store)
    item = engine.create("post", by="ann", data=TITLE)
    submit = PostgresqlTalk.submit
    times: list[int] = []

    def contended(talk: Any, said: Any) -> None:
        times.append(len(times))
        if len(times) < 4:
            raise Contended("the store", "deadlock detected")
        submit(talk, said)

    monkeypatch.setattr(PostgresqlTalk, "submit", contended)
    if action == "create":
        assert 1 == engine.create("post", by="ann", data=TITLE).version
    else:
        assert 2 == engine.perform(item.id, "edit", by="ann", data=TITLE).version
    assert 4 == len(times)


def test_in_the_transaction_of_a_host_a_deadlock_is_the_hosts(
    pg_store: str, store: SqlStore
) -> None:
    """What failed there is not tried again by us: everything of the transaction is gone."""
    engine = engine_on(store)
    a, b = (engine.create("post", by="ann", data=TITLE).id for _ in range(2))
    hosts = create_engine(pg_store)
    meet = [Turn(), Turn()]

    def job(n: int) -> type[BaseException] | None:
        mine, other = (a, b) if n == 0 else (b, a)
        with hosts.connect() as connection:
            inside = engine.within(connection)
            inside.perform(mine, "edit", by="ann", data={"title": f"{n}"})
            meet[n].set()
            meet[1 - n].wait(PATIENCE)
            try:
                inside.perform(other, "edit", by="ann", data={"title": f"{n}"})
            except StoreError as error:
                connection.rollback()
                return type(error)
            connection.commit()
            return None

    told = together(2, job)
    hosts.dispose()

    assert {None, Contended} == set(told)
    assert engine.item(a).data == engine.item(b).data == {"title": f"{told.index(None)}"}


# -- connections that there are too few of, or that are left behind


def test_threads_share_the_connections_that_there_are(pg_store: str, tenant: str) -> None:
    """Eight threads and two connections: everybody gets through."""
    with closing(SqlStore(pg_store, connections=2).for_tenant(tenant)) as store:

        def job(n: int) -> None:
            for turn in range(5):
                write(store, born(f"{n} {turn}"))

        together(8, job)

        assert 40 == len(ids(store))


def test_who_gets_no_connection_in_time_is_told(
    pg_store: str, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To read, to write or to begin: a `StoreError`; with the connection back, all is well."""
    monkeypatch.setattr(postgresql, "PATIENCE", 0.05)
    with closing(SqlStore(pg_store, connections=1).for_tenant(tenant)) as store:
        write(store, born("a"))
        with store.begin("a"):
            for do in (
                lambda: ids(store),
                lambda: write(store, born("b")),
                lambda: store.begin("b").__enter__(),
            ):
                with pytest.raises(StoreError, match="all connections were in use"):
                    do()
        assert {"a"} == ids(store)
        write(store, born("b"))


def test_a_connection_left_in_a_transaction_is_rolled_back(pg_store: str, tenant: str) -> None:
    """Whoever gets it next begins with nothing open, and sees nothing of what was left."""
    with closing(SqlStore(pg_store, connections=1).for_tenant(tenant)) as store:
        with pytest.raises(RuntimeError):
            write_all(store, change(born("a")), error=RuntimeError("halfway"))
        work = store.begin("a")
        work.__enter__()
        work.write(change(born("b")))
        work._talk.is_open = False
        work._talk.leave()

        assert set() == ids(store)
        with store.engine.connect() as connection:
            asked = "SELECT now() = statement_timestamp()"
            assert connection.execute(text(asked)).scalar() is True


# -- forks


def test_after_a_fork_both_processes_go_on(store: SqlStore) -> None:
    """Each on connections of its own, though threads of the parent write all the while."""
    write(store, born("a"))
    ends = Turn()

    def keep_writing(n: int) -> None:
        turn = 0
        while not ends.is_set():
            turn += 1
            write(store, born(f"parent {n} {turn}"))

    threads = [Thread(target=keep_writing, args=(n,), daemon=True) for n in range(3)]
    for thread in threads:
        thread.start()
    children = [forked(lambda n=n: _write_twenty(store, f"child {n}")) for n in range(3)]
    statuses = [status_of(child) for child in children]
    ends.set()
    for thread in threads:
        thread.join(PATIENCE)

    assert [0, 0, 0] == statuses
    there = ids(store)
    assert {f"child {n} {turn}" for n in range(3) for turn in range(20)} <= there
    assert 2 == write(store, moved(stored(store, "a"))).version
    assert () == audit(store)


def _write_twenty(store: SqlStore, name: str) -> None:
    for turn in range(20):
        write(store, born(f"{name} {turn}"))


def test_a_unit_that_was_begun_before_a_fork_is_the_parents(store: SqlStore) -> None:
    """In the child it is a `StoreError`; the parent goes on as if there were no child."""
    write(store, born("a"))

    def go_on_with(work: Any) -> None:
        with pytest.raises(StoreError, match="belongs to the other process"):
            work.item("a")
        with pytest.raises(StoreError, match="belongs to the other process"):
            work.__exit__(None, None, None)
        assert 1 == stored(store, "a").version

    with store.begin("a") as work:
        work.write(change(moved(work.item("a"))))
        status = status_of(forked(lambda: go_on_with(work)))
        assert 2 == work.item("a").version

    assert 0 == status
    assert [1, 2] == [entry.n for entry in history(store, "a")]
