"""Many at once: threads, processes, and a process that is killed in the middle of its work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest
from engines import KINDS, Heard, engine_on, store_of

from socialflow import Refused
from socialflow.chain import audit
from socialflow.engine import Engine
from socialflow.protocols import Store
from socialflow.queries import Heads, Items
from socialflow.stores.sql import SqlStore
from socialflow.testing.changes import born, change, history, moved, stored, write
from socialflow.testing.racing import together

THREADS, TURNS = 6, 40
TITLE = {"title": "a title"}

ADDING = """
import sys
from socialflow.stores.sql import SqlStore
from socialflow.testing.racing import together
from socialflow.testing.changes import change, moved

store = SqlStore(sys.argv[1])

def job(_):
    for _turn in range(int(sys.argv[3])):
        with store.begin("a") as work:
            item = work.item("a")
            work.write(change(moved(item, data={"count": item.data["count"] + 1})))

together(int(sys.argv[2]), job)
"""

WRITING = """
import sys
from itertools import count
from socialflow.stores.sql import SqlStore
from socialflow.testing.changes import born, moved, write

store = SqlStore(sys.argv[1])
for n in count(1):
    item = write(store, born(f"{n}", key=f"born {n}", data={"text": "x" * 2_000}))
    write(store, moved(item, "review.waiting", key=f"moved {n}"), born(f"{n} beside"))
    print(n, flush=True)
"""


def url(folder: Path) -> str:
    return f"sqlite:///{folder}/content.db"


def process(script: str, *values: object) -> subprocess.Popen[str]:
    """A Python of its own that runs *script*."""
    said = [sys.executable, "-c", script, *map(str, values)]
    return subprocess.Popen(
        said, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    )


@pytest.mark.parametrize("kind", KINDS)
def test_no_command_of_six_threads_is_lost(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Each edits the same item forty times: 240 versions, 240 entries, 240 signals, no error."""
    store: Store = store_of(request, kind, tmp_path)
    engine = engine_on(store)
    item = engine.create("post", by="ann", data=TITLE)
    heard = Heard(engine)

    def job(n: int) -> list[int]:
        return [
            engine.perform(item.id, "edit", by="ann", data={"title": f"{n} {turn}"}).version
            for turn in range(TURNS)
        ]

    versions = sorted(version for got in together(THREADS, job) for version in got)

    count = THREADS * TURNS
    assert list(range(2, count + 2)) == versions
    assert count + 1 == engine.item(item.id).version == len(engine.history(item.id))
    assert count == heard.names.count("performed") == heard.names.count("edited")
    assert () == audit(store)


@pytest.mark.parametrize("kind", KINDS)
def test_one_of_many_wins_and_the_others_are_told(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Six who submit the same item at once: one does, five are refused."""
    engine = engine_on(store_of(request, kind, tmp_path))
    items = [engine.create("post", by="ann", data=TITLE) for _ in range(10)]

    def job(_: int) -> list[bool]:
        return [_submitted(engine, item.id) for item in items]

    accepted = together(THREADS, job)

    assert [1] * len(items) == [sum(row) for row in zip(*accepted, strict=True)]
    assert {2} == {engine.item(item.id).version for item in items}


def _submitted(engine: Engine, item: str) -> bool:
    try:
        engine.perform(item, "submit", by="ann")
    except Refused:
        return False
    return True


@pytest.mark.parametrize("kind", KINDS)
def test_one_command_from_many_threads_happens_once(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Six who give the same command under the same key get the same answer."""
    engine = engine_on(store_of(request, kind, tmp_path), new_id=lambda: os.urandom(8).hex())

    def job(_: int) -> list[object]:
        item = engine.create("post", by="ann", data=TITLE, key="birth")
        return [item, engine.perform(item.id, "submit", by="ann", key="submission")]

    answers = together(THREADS, job)

    assert all(answers[0] == one for one in answers)
    assert 1 == len(engine.worklist())


def test_threads_with_stores_of_their_own_lose_nothing(tmp_path: Path) -> None:
    """Where no turn is shared, the database is what they take turns by: no lock error either."""
    first = SqlStore(url(tmp_path), create=True)
    write(first, born("a", data={"count": 0}))

    def job(_: int) -> None:
        store = SqlStore(url(tmp_path))
        for _turn in range(TURNS):
            with store.begin("a") as work:
                item = work.item("a")
                work.write(change(moved(item, data={"count": item.data["count"] + 1})))
        store.close()

    together(THREADS, job)

    assert THREADS * TURNS == stored(first, "a").data["count"]
    assert THREADS * TURNS + 1 == len(history(first, "a"))


def test_two_processes_lose_nothing(tmp_path: Path) -> None:
    """Three threads in each of two processes on one file: 240 of 240, and no lock error."""
    store = SqlStore(url(tmp_path), create=True)
    write(store, born("a", data={"count": 0}))

    both = [process(ADDING, url(tmp_path), THREADS // 2, TURNS) for _ in range(2)]
    errors = [one.communicate(timeout=50)[1] for one in both]

    assert (["", ""], [0, 0]) == (errors, [one.returncode for one in both])
    assert THREADS * TURNS == stored(store, "a").data["count"]
    assert () == audit(store)


def test_a_reader_in_another_process_is_not_held_up(tmp_path: Path) -> None:
    """It reads what is committed while a writer's unit of work is open."""
    store = SqlStore(url(tmp_path), create=True)
    item = write(store, born("a"))
    reading = (
        "import sys; from socialflow.stores.sql import SqlStore;"
        "from socialflow.testing.changes import history;"
        "print(len(history(SqlStore(sys.argv[1]), 'a')))"
    )

    began = monotonic()
    with store.begin() as work:
        work.write(change(moved(item)))
        said, errors = process(reading, url(tmp_path)).communicate(timeout=50)

    assert ("1\n", "") == (said, errors)
    assert monotonic() - began < 25
    assert 2 == len(history(store, "a"))


def test_whoever_is_killed_has_lost_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """kill -9 in the middle of writes: all that was told is there, nothing is half there."""
    store = SqlStore(url(tmp_path), create=True)
    writer = process(WRITING, url(tmp_path))
    assert writer.stdout is not None
    told = [int(writer.stdout.readline()) for _ in range(100)]
    writer.send_signal(signal.SIGKILL)
    rest, _ = writer.communicate(timeout=50)
    told += [int(line) for line in rest.split("\n")[:-1]]

    found = {item.id: item for item in store.rows(Items())}

    assert -signal.SIGKILL == writer.returncode
    assert list(range(1, len(told) + 1)) == told
    for n in told:
        assert ("review.waiting",) == found[f"{n}"].marking
        assert f"{n} beside" in found
        with store.begin() as work:
            assert work.answer(f"born {n}") is not None
            assert work.answer(f"moved {n}") is not None
    assert len([id for id in found if "beside" in id]) <= len(told) + 1
    assert () == audit(store)
    assert 2 == next(head.n for head in store.rows(Heads()) if head.item == "1")
    assert 3 == write(store, moved(found["1"])).version
