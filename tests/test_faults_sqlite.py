"""A store in SQLite under bad circumstances: what is told, what is kept, that it goes on."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event as Turn
from threading import Thread
from typing import Any

import pytest
from engines import engine_on
from forks import as_nobody, forked, status_of
from sqlite_files import open_at

from socialflow.chain import audit
from socialflow.errors import StoreError, Uncertain
from socialflow.queries import Items
from socialflow.stores.sql import SqlStore, connections
from socialflow.testing.changes import born, change, history, moved, stored, write
from socialflow.testing.racing import together

TITLE = {"title": "a title"}
PATIENCE = 20.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "content.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqlStore]:
    with closing(open_at(path, create=True, synchronous="NORMAL")) as store:
        write(store, born("a"))
        yield store


def ids(store: SqlStore) -> set[str]:
    return {item.id for item in store.rows(Items())}


def in_a_thread(job: Callable[[], Any]) -> Any:
    """What *job* returns in a thread of its own."""
    return together(1, lambda _: job())[0]


def opened(path: Path) -> int:
    """How many connections of this process there are to a file."""
    folder = Path("/proc/self/fd")
    if not folder.exists():
        folder = Path("/dev/fd")
    names = [os.readlink(one) for one in folder.iterdir() if one.is_symlink()]
    return names.count(str(path))


# -- threads


def test_connections_of_dead_threads_do_not_pile_up(store: SqlStore, path: Path) -> None:
    """Forty threads, one after another and all at once, leave the few that a pool keeps."""
    for n in range(20):
        in_a_thread(lambda n=n: write(store, born(f"one after another {n}")))
    together(20, lambda n: write(store, born(f"at once {n}")))

    assert opened(path) <= 6
    assert 41 == len(ids(store))


def test_a_unit_may_be_ended_by_another_thread(store: SqlStore) -> None:
    """It has its transaction on one connection, whoever goes on with it."""
    work = in_a_thread(lambda: store.begin("a").__enter__())
    in_a_thread(lambda: work.write(change(moved(work.item("a")))))
    in_a_thread(lambda: work.__exit__(None, None, None))

    assert 2 == in_a_thread(lambda: stored(store, "a")).version
    in_a_thread(lambda: write(store, born("b")))
    assert {"a", "b"} == ids(store)


def test_an_engine_is_used_by_threads_that_come_and_go(store: SqlStore) -> None:
    """None of them made it."""
    engine = engine_on(store)
    item = engine.create("post", by="ann", data=TITLE)

    for n in range(5):
        edit = {"title": f"{n}"}
        in_a_thread(lambda edit=edit: engine.perform(item.id, "edit", by="ann", data=edit))

    assert 6 == engine.item(item.id).version


def test_a_unit_that_is_forgotten_keeps_nobody_waiting(store: SqlStore) -> None:
    """What it has written is rolled back, as soon as nobody holds it any more."""
    in_a_thread(lambda: store.begin("a").__enter__().write(change(born("lost"))))

    in_a_thread(lambda: write(store, born("b")))

    assert {"a", "b"} == ids(store)


def test_a_connection_left_in_a_transaction_is_rolled_back(store: SqlStore) -> None:
    """At the latest when its thread ends; nobody finds it open."""
    in_a_thread(lambda: store.database.own.cursor.execute("BEGIN IMMEDIATE"))

    in_a_thread(lambda: write(store, born("b")))
    in_a_thread(lambda: write(store, born("c")))

    assert {"a", "b", "c"} == ids(store)


class Unwilling:
    """A connection that cannot roll back."""

    in_transaction = True

    def rollback(self) -> None:
        """Not even that."""
        raise sqlite3.OperationalError("disk I/O error")


def test_where_nothing_can_be_rolled_back_the_connection_is_closed(store: SqlStore) -> None:
    """What had gone wrong is told as it is, and the next one who writes finds no transaction."""
    own: Any = store.database.own

    with pytest.raises(KeyError, match="refused"):
        write_and_refuse(store, own)

    assert not own.is_open
    write(store, born("b"))
    assert {"a", "b"} == ids(store)


def write_and_refuse(store: SqlStore, own: Any) -> None:
    """Something is written and read, and then there is something against it."""
    with store.begin("a") as work:
        work.write(change(born("lost")))
        work.item("lost")
        own.raw = Unwilling()
        raise KeyError("refused")


def test_the_end_of_a_thread_does_not_touch_what_another_one_writes_in_memory() -> None:
    """There is one connection for all; a thread that had it before ends in the middle of a unit."""
    with closing(SqlStore("sqlite://", create=True)) as store:
        may_end = Turn()

        def other() -> None:
            write(store, born("other"))
            may_end.wait(PATIENCE)

        thread = Thread(target=other, daemon=True)
        thread.start()
        while "other" not in ids(store):
            pass
        with store.begin() as work:
            work.write(change(born("a")))
            work.item("a")
            may_end.set()
            thread.join(PATIENCE)
            work.write(change(born("b")))

        assert {"a", "b", "other"} == ids(store)


def test_closing_takes_nothing_away_from_threads_at_work(store: SqlStore, path: Path) -> None:
    """They end what they are at and go on, on connections that are new; none is left over."""
    ends = Turn()

    def job(n: int) -> int:
        if n == 0:
            for _ in range(20):
                store.close()
            ends.set()
            return 0
        turn = 0
        while not ends.is_set() or turn < 5:
            turn += 1
            write(store, born(f"{n} {turn}"))
            assert f"{n} {turn}" == stored(store, f"{n} {turn}").id
        return turn

    written = sum(together(4, job))
    store.close()

    assert written + 1 == len(ids(store))
    assert 1 == opened(path)
    assert () == audit(store)


def test_a_unit_outlives_the_closing_of_its_store(store: SqlStore) -> None:
    """Its connection is closed once it is left."""
    with store.begin("a") as work:
        work.write(change(moved(work.item("a"))))
        in_a_thread(store.close)
        work.write(change(born("b")))

    assert [1, 2] == [entry.n for entry in history(store, "a")]
    assert {"a", "b"} == ids(store)


# -- what the disk does not allow


def write_and_look(store: SqlStore, id: str, data: Any = None) -> None:
    """Write an item in a unit that has a transaction, because it reads what it has written."""
    with store.begin("a") as work:
        work.write(change(born(id, data=data)))
        work.item(id)


def test_on_a_full_disk_it_is_told_and_afterwards_it_goes_on(store: SqlStore) -> None:
    """Alone or with others, in a unit that reads what it has written or in one that does not."""
    cursor = store.database.own.cursor
    (pages,) = cursor.execute("PRAGMA page_count").fetchone()
    cursor.execute(f"PRAGMA max_page_count = {pages + 2}").fetchall()
    big = {"text": "x" * 200_000}

    for do in (
        lambda: write(store, born("big", data=big)),
        lambda: write_and_look(store, "big", big),
    ):
        with pytest.raises(StoreError, match="full; nothing was written"):
            do()
        assert {"a"} == ids(store)
    cursor.execute("PRAGMA max_page_count = 1000000").fetchall()

    write(store, born("big", data=big))
    assert () == audit(store)


def test_a_disk_that_fails_at_commit_leaves_it_open_what_was_written(
    store: SqlStore, path: Path
) -> None:
    """`Uncertain`, and no commit is counted; the same command with the same key goes on."""
    engine = engine_on(store)
    item = engine.create("post", by="ann", data=TITLE)
    before = store.traffic

    with no_file_grows(path.with_name(f"{path.name}-wal").stat().st_size):
        for do in (
            lambda: engine.perform(item.id, "submit", by="ann", key="k"),
            lambda: write_and_look(store, "b"),
        ):
            with pytest.raises(Uncertain, match=r"I/O error.* whether it was written is not known"):
                do()
        assert before == store.traffic

    engine.perform(item.id, "submit", by="ann", key="k")
    assert ["create", "writing.submit"] == [one.event.action for one in engine.history(item.id)]
    assert (before.batches + 1, before.requests + 1) == (
        store.traffic.batches,
        store.traffic.requests,
    )
    assert () == audit(store)


@contextmanager
def no_file_grows(size: int) -> Iterator[None]:
    """Whoever writes beyond that many bytes is told that it cannot be done."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


def test_a_file_that_may_not_be_written_can_be_read() -> None:
    """Whoever has no right to write is told so, and gets answers all the same."""
    with TemporaryDirectory(prefix="sf-") as folder:
        path = Path(folder) / "content.db"
        with closing(open_at(path, create=True)) as store:
            write(store, born("a"))
        path.chmod(0o444)
        path.parent.chmod(0o777)

        def look() -> None:
            with closing(open_at(path)) as mine:
                assert {"a"} == ids(mine)
                for do in (lambda: write(mine, born("b")), lambda: write_and_look(mine, "b")):
                    with pytest.raises(StoreError, match="readonly database; nothing"):
                        do()
                assert {"a"} == ids(mine)

        assert 0 == as_nobody(look)


@pytest.mark.parametrize("mode", [0o000, 0o555])
def test_a_folder_that_may_not_be_written_is_told(mode: int) -> None:
    """As a `StoreError`: what SQLite keeps beside the file while it is in use has no place."""
    with TemporaryDirectory(prefix="sf-") as folder:
        path = Path(folder) / "content.db"
        open_at(path, create=True).close()
        path.parent.chmod(mode)

        def look() -> None:
            with pytest.raises(StoreError, match=r"cannot be opened|no file"):
                open_at(path)

        assert 0 == as_nobody(look)
        path.parent.chmod(0o755)


def test_what_was_read_is_never_in_the_way_of_writing(store: SqlStore, path: Path) -> None:
    """A unit that has read holds no snapshot: others commit, and it writes without a lock error."""
    with closing(open_at(path)) as other, store.begin() as work:
        item = work.item("a")
        assert [item] == list(work.rows(Items()))
        in_a_thread(lambda: write(other, born("b")))
        work.write(change(moved(item)))

    assert 2 == stored(store, "a").version


# -- other processes

HOLDING = """
import sys
from socialflow.stores.sql import SqlStore
from socialflow.testing.changes import born, change

store = SqlStore(sys.argv[1])
with store.begin("a") as work:
    work.write(change(born("lost")))
    print("held", flush=True)
    sys.stdin.read()
"""


def test_whoever_is_killed_while_it_writes_keeps_nobody_waiting(
    store: SqlStore, path: Path
) -> None:
    """Its transaction is rolled back, and its turn goes to the next process."""
    said = [sys.executable, "-c", HOLDING, f"sqlite:///{path}"]
    with subprocess.Popen(said, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert "held\n" == other.stdout.readline()
        thread = Thread(target=lambda: write(store, born("b")), daemon=True)
        thread.start()
        thread.join(0.2)
        assert thread.is_alive()
        other.kill()
    thread.join(PATIENCE)

    assert {"a", "b"} == ids(store)


def test_between_two_writes_other_processes_may_write(store: SqlStore, path: Path) -> None:
    """The lock between processes is held for a transaction, and no longer."""
    assert is_free(path)
    with store.begin("a"):
        assert not is_free(path)
    assert is_free(path)


def test_whoever_could_not_begin_lets_other_processes_write(
    store: SqlStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock between processes is given back though BEGIN has failed."""
    monkeypatch.setattr(connections, "BUSY_MILLISECONDS", 20)
    with (
        closing(open_at(path)) as impatient,
        closing(sqlite3.connect(path, isolation_level=None)) as program,
    ):
        program.execute("BEGIN IMMEDIATE")
        for do in (
            lambda: write(impatient, born("b")),
            lambda: impatient.begin("a").__enter__(),
        ):
            with pytest.raises(StoreError, match="locked; nothing was written"):
                do()
            assert is_free(path)
        program.execute("ROLLBACK")
        write(impatient, born("b"))

    assert is_free(path)
    assert {"a", "b"} == ids(store)


def is_free(path: Path) -> bool:
    """Whether another process could write at once."""
    with path.with_name(f"{path.name}-turn").open() as file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            return False
        return True


# -- forks


def test_after_a_fork_both_processes_go_on(store: SqlStore) -> None:
    """Though threads of the parent stand in the line and wait for their turn at an item."""
    engine = engine_on(store)
    item = engine.create("post", by="ann", data=TITLE).id
    ends = Turn()

    def keep_writing(n: int) -> None:
        turn = 0
        while not ends.is_set():
            turn += 1
            write(store, born(f"parent {n} {turn}"))
            engine.perform(item, "edit", by="ann", data={"title": f"{n} {turn}"})

    def in_the_child(n: int) -> None:
        assert store.database.own.is_ours
        for turn in range(5):
            write(store, born(f"child {n} {turn}"))
            engine.perform(item, "edit", by="ann", data={"title": f"child {n} {turn}"})

    threads = [Thread(target=keep_writing, args=(n,), daemon=True) for n in range(2)]
    for thread in threads:
        thread.start()
    children = [forked(lambda n=n: in_the_child(n)) for n in range(2)]
    statuses = [status_of(child) for child in children]
    ends.set()
    for thread in threads:
        thread.join(PATIENCE)

    assert [0, 0] == statuses
    assert [] == [thread for thread in threads if thread.is_alive()]
    assert {f"child {n} {turn}" for n in range(2) for turn in range(5)} <= ids(store)
    assert () == audit(store)


def test_a_fork_in_the_middle_of_a_unit_leaves_the_file_to_the_parent(
    store: SqlStore, path: Path
) -> None:
    """In the child everything is a `StoreError`; SQLite would protect nothing of what it wrote."""

    def go_on_with(work: Any) -> None:
        for do in (
            lambda: work.item("a"),
            lambda: work.__exit__(None, None, None),
            lambda: ids(store),
            lambda: write(store, born("child")),
            lambda: ids(open_at(path)),
        ):
            with pytest.raises(StoreError, match="forked in the middle of a unit of work"):
                do()

    with store.begin("a") as work:
        work.write(change(moved(work.item("a"))))
        assert 0 == status_of(forked(lambda: go_on_with(work)))
        assert not is_free(path)
        assert 2 == work.item("a").version

    write(store, born("b"))
    assert [1, 2] == [entry.n for entry in history(store, "a")]
    assert {"a", "b"} == ids(store)


def test_a_child_inherits_no_connection_to_a_file(store: SqlStore, path: Path) -> None:
    """So its own are locked by SQLite like those of any other process."""
    together(4, lambda n: write(store, born(f"{n}")))

    assert 0 == status_of(forked(lambda: _has_none_open(path)))
    assert 5 == len(ids(store))


def _has_none_open(path: Path) -> None:
    assert 0 == opened(path)


def test_a_store_of_a_tenant_is_known_after_a_fork(path: Path) -> None:
    """Though nobody holds the store that it was made of."""
    with closing(open_at(path, create=True).for_tenant("acme")) as store:
        write(store, born("a"))

        def in_the_child() -> None:
            assert store.database.own.is_ours
            write(store, born("child"))

        assert 0 == status_of(forked(in_the_child))
        assert {"a", "child"} == ids(store)


def test_a_fork_has_a_copy_of_what_is_in_memory() -> None:
    """Each goes on with its own."""
    with closing(SqlStore("sqlite://", create=True)) as store:
        write(store, born("a"))

        def in_the_child() -> None:
            write(store, born("child"))
            assert {"a", "child"} == ids(store)

        assert 0 == status_of(forked(in_the_child))
        write(store, born("b"))
        assert {"a", "b"} == ids(store)
