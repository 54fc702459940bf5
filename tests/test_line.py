"""The line of writers before a SQLite file: they share commits, and nobody is lost in it."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event as Turn
from threading import Thread, current_thread, main_thread
from time import monotonic, sleep
from typing import Any

import pytest
from interrupts import every_interrupt
from sqlite_files import open_at

from socialflow.chain import audit
from socialflow.errors import ItemExists, KeyTaken, StoreError
from socialflow.queries import Items, Kept
from socialflow.stores.sql import SqlStore, line, sqlite
from socialflow.testing.changes import born, change, history, moved, stored, write
from socialflow.testing.racing import together

PATIENCE = 10.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "content.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqlStore]:
    store = open_at(path, create=True, synchronous="NORMAL")
    write(store, born("the first"))
    yield store
    store.close()


class Heard:
    """Everything that is said on the connections of a store from now on."""

    def __init__(self, store: SqlStore) -> None:
        self.said: list[str] = []
        connect = type(store.database).own.fget
        self._own: Callable[[Any], Any] = connect  # type: ignore[assignment]

    def own(self, database: Any) -> Any:
        connection = self._own(database)
        connection.raw.set_trace_callback(self._hear)
        return connection

    def _hear(self, sql: str) -> None:
        self.said.append(sql.partition(" ")[0])


@pytest.fixture
def heard(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> Heard:
    heard = Heard(store)
    monkeypatch.setattr(sqlite.Sqlite, "own", property(heard.own))
    return heard


class Queue:
    """Somebody leads, and others come to stand behind in a certain order."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.line = store.database.line
        self.threads: list[Thread] = []
        self.errors: dict[str, BaseException] = {}
        self.written: list[str] = []

    def stand(self, name: str, job: Callable[[], Any]) -> Thread:
        """Have a thread of that name do *job*, and wait until it stands in the line."""
        waiting = len(self.line._waiting)

        def run() -> None:
            try:
                job()
                self.written.append(name)
            except BaseException as error:
                self.errors[name] = error

        thread = Thread(target=run, name=name, daemon=True)
        thread.start()
        self.threads.append(thread)
        until(lambda: len(self.line._waiting) > waiting)
        return thread

    def birth(self, name: str, **told: Any) -> Thread:
        """Have a thread wait that writes an item of that name."""
        return self.stand(name, lambda: write(self.store, born(name, **told)))

    def ended(self) -> Queue:
        """The same once all have come to an end."""
        for thread in self.threads:
            thread.join(PATIENCE)
        assert [] == [thread.name for thread in self.threads if thread.is_alive()]
        return self


@pytest.fixture
def queue(store: SqlStore) -> Queue:
    return Queue(store)


def until(holds: Callable[[], bool]) -> None:
    """Wait until something is so."""
    ends = monotonic() + PATIENCE
    while not holds():
        assert monotonic() < ends
        sleep(0.001)


def ids(store: SqlStore) -> set[str]:
    return {item.id for item in store.rows(Items())} - {"the first"}


# -- together, and alone


def test_whoever_waits_is_written_in_the_same_commit(
    store: SqlStore, heard: Heard, queue: Queue
) -> None:
    """Seven who stand behind one share a commit, with a SAVEPOINT each; all are written."""
    with store.begin("the first"):
        for name in "abcdefgh":
            queue.birth(name)
        heard.said.clear()
    queue.ended()

    assert set("abcdefgh") == ids(store)
    assert 1 == heard.said.count("COMMIT") - 1
    assert 8 == heard.said.count("SAVEPOINT") == heard.said.count("RELEASE")
    assert 1 == heard.said.count("BEGIN")


def test_eight_threads_need_fewer_commits_than_they_write(store: SqlStore, heard: Heard) -> None:
    """While one commits, the others gather; nobody has arranged them."""

    def job(n: int) -> None:
        for turn in range(25):
            write(store, born(f"{n} {turn}"))

    together(8, job)

    assert 200 == len(ids(store))
    assert heard.said.count("BEGIN") == heard.said.count("COMMIT") < 200


def test_one_alone_uses_no_savepoint(store: SqlStore, heard: Heard) -> None:
    """BEGIN, what it writes, COMMIT."""
    write(store, moved(stored(store, "the first")))

    written = heard.said[heard.said.index("BEGIN") :]
    assert "COMMIT" == written[-1]
    assert {"BEGIN", "UPDATE", "INSERT", "COMMIT"} <= set(written)
    assert not {"SAVEPOINT", "RELEASE", "ROLLBACK"} & set(written)


def test_whoever_is_refused_does_not_hurt_the_others(store: SqlStore, queue: Queue) -> None:
    """A taken id, an item that has moved on, what no row holds: each is told, the rest is kept."""
    item = stored(store, "the first")
    with store.begin("the first") as work:
        queue.stand("a", lambda: _with_small_rows(store, born("a")))
        queue.birth("the first")
        queue.stand("stale", lambda: write(store, moved(item), born("beside")))
        queue.birth("b", key="k")
        queue.birth("c", key="k")
        queue.birth("big", data={"text": "x" * 20_000})
        queue.birth("d")
        work.write(change(moved(item)))
    queue.ended()

    assert {"a", "b", "d"} == ids(store) == set(queue.written)
    kinds = {name: type(error).__name__ for name, error in queue.errors.items()}
    assert kinds == {
        "the first": "ItemExists",
        "stale": "StaleItem",
        "c": "KeyTaken",
        "big": "StoreError",
    }
    assert () == audit(store)


def _with_small_rows(store: SqlStore, kept: Kept) -> None:
    connection = store.database.own.raw
    before = connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 10_000)
    try:
        write(store, kept)
    finally:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, before)


def test_many_statements_of_one_in_a_row_are_refused_as_one(store: SqlStore, queue: Queue) -> None:
    """A bundle with one bad item is not half written, though it is said in bulk."""
    many = [born(f"{n}") for n in range(30)]
    with store.begin("the first"):
        queue.stand("many", lambda: write(store, *many, born("the first")))
        queue.birth("a")
    queue.ended()

    assert {"a"} == ids(store)
    assert ItemExists is type(queue.errors["many"])


def test_whoever_writes_alone_is_waited_for_and_waits(store: SqlStore, queue: Queue) -> None:
    """A unit that reads what it has written stands in the same line, in its turn."""

    def alone() -> None:
        with store.begin("the first") as work:
            work.write(change(born("alone")))
            work.item("alone")

    with store.begin("the first"):
        queue.birth("a")
        queue.stand("alone", alone)
        queue.birth("b")
        assert set() == ids(store)
    queue.ended()

    assert ["a", "alone", "b"] == sorted(ids(store))
    assert {} == queue.errors


# -- two stores


def test_two_stores_on_one_file_have_one_line(store: SqlStore, path: Path) -> None:
    """By whichever name the file is opened."""
    link = path.with_name("link.db")
    link.symlink_to(path)
    others = (open_at(path), open_at(link), open_at(path.parent / "." / path.name))

    assert {id(store.database.line)} == {id(one.database.line) for one in others}
    assert not path.with_name("link.db-turn").exists()


def test_a_second_store_inside_a_unit_is_told_at_once(store: SqlStore, path: Path) -> None:
    """In the same thread it would wait for the first one, for ever."""
    other = open_at(path)

    with store.begin("the first") as work:
        with pytest.raises(StoreError, match="has a unit of work open already"):
            write(other, born("a"))
        with pytest.raises(StoreError, match="has a unit of work open already"):
            other.begin("the first").__enter__()
        work.write(change(born("b")))

    write(other, born("c"))
    assert {"b", "c"} == ids(store)


def test_a_leader_takes_along_only_those_of_its_own_store(
    store: SqlStore, path: Path, heard: Heard, queue: Queue
) -> None:
    """For another store may ask for another durability, or keep its tables under another name."""
    other = open_at(path, create=True, synchronous="FULL", prefix="other_")
    heard.said.clear()
    with store.begin("the first"):
        queue.birth("a")
        queue.stand("b", lambda: write(other, born("b")))
        queue.birth("c")
    queue.ended()

    assert {"a", "c"} == ids(store)
    assert {"b"} == ids(other)
    assert 4 == heard.said.count("COMMIT")


# -- leaders that fail


def test_a_leader_whose_disk_is_full_is_told_and_the_next_one_leads(
    store: SqlStore, queue: Queue
) -> None:
    """Those whom it has taken along are told as well: nothing of it was written."""
    text = "x" * 500_000
    with store.begin("the first"):
        queue.stand("big", lambda: _on_a_full_disk(store, born("big", data={"text": text})))
        queue.stand("alone", lambda: _alone(store, "alone"))
        queue.birth("after")
    queue.ended()

    assert {"alone", "after"} == ids(store)
    assert "full" in str(queue.errors["big"])
    assert () == audit(store)


def _on_a_full_disk(store: SqlStore, kept: Kept) -> None:
    cursor = store.database.own.cursor
    (pages,) = cursor.execute("PRAGMA page_count").fetchone()
    cursor.execute(f"PRAGMA max_page_count = {pages + 4}").fetchall()
    try:
        write(store, kept)
    finally:
        cursor.execute("PRAGMA max_page_count = 1000000").fetchall()


def _alone(store: SqlStore, id: str) -> None:
    with store.begin("the first") as work:
        work.write(change(born(id)))


def test_a_leader_that_gets_no_connection_loses_nobody(
    store: SqlStore, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody whom it has taken along is told that it was written: they go on by themselves."""
    own = sqlite.Sqlite.own.fget
    assert own is not None

    def failing(database: Any) -> Any:
        if current_thread().name == "leader" and database.line._leader.behind:
            raise OSError("too many open files")
        return own(database)

    monkeypatch.setattr(sqlite.Sqlite, "own", property(failing))
    with store.begin("the first"):
        queue.birth("leader")
        queue.birth("a")
        queue.birth("b")
    queue.ended()

    assert {"a", "b"} == ids(store)
    assert ["leader"] == list(queue.errors)


# -- interrupts


def interrupting(job: Callable[[], Any]) -> Any:
    """Do something in the main thread, where Ctrl-C comes."""
    assert current_thread() is main_thread()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return job()
    finally:
        signal.signal(signal.SIGINT, before)


def test_who_is_interrupted_while_waiting_is_withdrawn(store: SqlStore, queue: Queue) -> None:
    """It is not written, the line moves on, and the thread can write again."""
    opened, ends = Turn(), Turn()

    def lead() -> None:
        with store.begin("the first"):
            opened.set()
            ends.wait(PATIENCE)

    leader = Thread(target=lead, daemon=True)
    leader.start()
    opened.wait(PATIENCE)
    queue.birth("before")

    def watch() -> None:
        until(lambda: len(store.database.line._waiting) > 1)
        signal.pthread_kill(main_thread().ident or 0, signal.SIGINT)

    Thread(target=watch, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        interrupting(lambda: write(store, born("withdrawn")))
    queue.birth("behind")
    ends.set()
    leader.join(PATIENCE)
    queue.ended()

    write(store, born("again"))
    assert {"before", "behind", "again"} == ids(store)


def test_an_interrupt_anywhere_leaves_a_line_that_goes_on(store: SqlStore, path: Path) -> None:
    """Wherever a leader is interrupted: it is written whole or not at all, and the next can write.

    The idempotency key tells which of both it was.
    """
    count = 0

    def do() -> None:
        write(store, born(f"item {count}", key=f"key {count}"), born(f"beside {count}"))

    for _ in every_interrupt(line, sqlite, do=do):
        with store.begin() as work:
            is_written = work.answer(f"key {count}") is not None
        assert is_written == (f"item {count}" in ids(store)) == (f"beside {count}" in ids(store))
        with suppress(KeyTaken):
            do()
        assert store.database.line._leader is None
        count += 1

    assert count > 20
    assert 2 * count == len(ids(store))
    assert () == audit(store)


def test_an_interrupted_leader_loses_nobody_behind_it(store: SqlStore, queue: Queue) -> None:
    """Wherever it is interrupted, those whom it has taken along are written, and once each."""
    count = 0
    gone, opened = Turn(), Turn()

    def hold_until_three_wait() -> None:
        with store.begin("the first"):
            opened.set()
            until(lambda: len(store.database.line._waiting) > 0 or gone.is_set())
            queue.birth(f"a {count}")
            queue.birth(f"b {count}")

    def do() -> None:
        gone.clear()
        opened.clear()
        holder = Thread(target=hold_until_three_wait, daemon=True)
        queue.threads.append(holder)
        holder.start()
        opened.wait(PATIENCE)
        try:
            write(store, born(f"leader {count}"))
        finally:
            gone.set()

    for _ in every_interrupt(line, sqlite, do=do):
        queue.ended()
        assert {f"a {count}", f"b {count}"} <= ids(store)
        queue.threads.clear()
        count += 1

    assert count > 20
    assert {} == queue.errors
    assert [1] * (2 * count) == [
        len(history(store, f"{name} {n}")) for name in "ab" for n in range(count)
    ]
    assert () == audit(store)
