"""Many deliver at once, and some of them are killed: no effect is called twice that must not be."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from time import sleep

import pytest
from outbox_worker import outbox
from parcels import PARCEL, TEAM

from socialflow import Engine
from socialflow.chain import audit
from socialflow.queries import Delivery, Effects
from socialflow.stores.memory import MemoryStore
from socialflow.stores.sql import SqlStore
from socialflow.testing.racing import together

WORKER = Path(__file__).with_name("outbox_worker.py")
PARCELS = 24


def filled(store: SqlStore | MemoryStore) -> Engine:
    """An engine with parcels that are to be sent."""
    engine = Engine(store, PARCEL, TEAM)
    for n in range(PARCELS):
        engine.create("parcel", by="cleo", id=f"{n:02}", data={"title": f"{n}"})
        engine.perform(f"{n:02}", "send", by="cleo")
    return engine


def effects(engine: Engine) -> list[Delivery]:
    """Every effect there is."""
    return list(engine.store.rows(Effects()))


def calls(place: Path) -> Counter[str]:
    """How often each key was called."""
    return Counter((place / "calls").read_text().split())


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'content.db'}"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    return folder


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[SqlStore | MemoryStore]:
    """A store that threads share."""
    if request.param == "memory":
        yield MemoryStore()
        return
    name = "sqlite_url" if request.param == "sqlite" else "pg_url"
    store = SqlStore(request.getfixturevalue(name), create=True)
    yield store
    store.close()


@pytest.mark.postgres
@pytest.mark.parametrize("can", ["deduplicate", "nothing"])
def test_threads_share_the_work(store: SqlStore | MemoryStore, place: Path, can: str) -> None:
    """Each effect is called once, by one of them, and nobody waits for ever."""
    engine = filled(store)
    shared = outbox(store, place, can)

    def job(n: int) -> int:
        box = shared if n % 2 else outbox(store, place, can)
        done = 0
        while attempts := box.deliver(limit=4):
            done += len(attempts)
        return done

    done = together(6, job)

    assert PARCELS == sum(done)
    assert {1} == set(calls(place).values())
    assert {"delivered"} == {one.state for one in effects(engine)}
    assert {"desk.sent"} == {engine.item(one.item).marking[0] for one in effects(engine)}
    assert () == audit(store)


class Fleet:
    """Processes that deliver, some of which are killed."""

    def __init__(self, url: str, place: Path, can: str, seed: int) -> None:
        self.start = lambda: subprocess.Popen(
            [sys.executable, str(WORKER), url, str(place), can], stdout=subprocess.PIPE
        )
        self.chance = Random(seed)
        self.killed = 0

    def run(self) -> None:
        """Start three; kill each after a while and start another, twice; wait for the end."""
        workers = [self.start() for _ in range(3)]
        for worker in workers:
            worker.stdout.readline()
        for n in range(2):
            sleep(self.chance.uniform(0.02, 0.15))
            victim = workers[n % 3]
            if victim.poll() is None:
                victim.kill()
                self.killed += 1
            victim.wait()
            victim.stdout.close()
            workers[n % 3] = self.start()
        for worker in workers:
            assert 0 == worker.wait(120)
            worker.stdout.close()


@pytest.mark.postgres
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("can", ["deduplicate", "nothing"])
def test_processes_are_killed_and_nothing_is_lost(
    kind: str, can: str, place: Path, request: pytest.FixtureRequest
) -> None:
    """What may be repeated is delivered; of the rest, one for each that was killed is unknown."""
    url = request.getfixturevalue("sqlite_url" if kind == "sqlite" else "pg_url")
    store = SqlStore(url, create=True)
    engine = filled(store)
    fleet = Fleet(url, place, can, seed=len(kind))

    fleet.run()

    states = Counter(one.state for one in effects(engine))
    assert PARCELS == states["delivered"] + states["unconfirmed"]
    if can == "nothing":
        assert {1} == set(calls(place).values())
        assert states["unconfirmed"] <= fleet.killed
    else:
        assert PARCELS == states["delivered"]
    where = {"delivered": "desk.sent", "unconfirmed": "desk.lost"}
    for one in effects(engine):
        assert where[one.state] == engine.item(one.item).marking[0]
        assert one.state == "unconfirmed" or (place / one.key.replace("/", "-")).exists()
    assert () == audit(store)
    store.close()
