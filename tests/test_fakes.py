"""Fakes: a clock, ids, and stores that fail as they are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from parcels import PARCEL, TEAM

from socialflow import Engine
from socialflow.bulk import Task
from socialflow.chain import audit
from socialflow.errors import Contended, NaiveTime, StaleItem, Uncertain, WrongArgument
from socialflow.protocols import Store
from socialflow.queries import Items
from socialflow.stores.memory import MemoryStore
from socialflow.stores.sql import SqlStore
from socialflow.testing import (
    CountingIds,
    Crash,
    FakeClock,
    FaultyStore,
    OvertakenStore,
    StoreContract,
)
from socialflow.testing.changes import born, moved, write
from socialflow.testing.faults import FAULTS
from socialflow.testing.stores import OpenStore

KINDS = ("memory", "sqlite")
AT_FAULT = tuple(way for way in FAULTS if way != "ok")
WRITTEN = ("crash after commit", "timeout")
ERRORS = {"timeout": Uncertain, "contended": None, "conflict": None}


def opened(kind: str, folder: Path) -> Store:
    """A store of that kind."""
    return MemoryStore() if kind == "memory" else SqlStore(f"sqlite:///{folder}/x.db", create=True)


def office(store: Store) -> Engine:
    """An office that sends parcels, with one that is packed."""
    engine = Engine(store, PARCEL, TEAM, clock=FakeClock(), new_id=CountingIds("parcel"))
    engine.create("parcel", by="cleo", data={"title": "a box"})
    return engine


class TestFaultyStoreWithoutFaults(StoreContract):
    """As long as nothing goes wrong, it is a store like the one inside."""

    @pytest.fixture
    def open_store(self) -> OpenStore:
        return lambda _: FaultyStore(MemoryStore())


class TestOvertakenStoreThatNobodyOvertakes(StoreContract):
    """It holds back what it writes, and is a store all the same."""

    @pytest.fixture
    def open_store(self) -> OpenStore:
        return lambda _: OvertakenStore(MemoryStore(), lambda: None)


# -- the clock and the ids


def test_a_fake_clock_stands_still_until_it_is_moved() -> None:
    """It has a time zone, and says the same until it ticks: a minute, or as much as is said."""
    clock = FakeClock()
    noon = clock()

    assert noon.tzinfo is not None
    assert noon == clock()
    assert noon + timedelta(minutes=1) == clock.tick()
    assert noon + timedelta(minutes=1, hours=2) == clock.tick(hours=2)
    assert noon + timedelta(minutes=6, hours=2) == clock.tick(5) == clock()


def test_a_fake_clock_goes_to_a_moment_and_never_back() -> None:
    """A moment may be said in any time zone; one that has passed is refused."""
    clock = FakeClock(datetime(2030, 1, 1, tzinfo=UTC))

    clock.set(datetime(2030, 1, 1, 3, tzinfo=timezone(timedelta(hours=2))))

    assert datetime(2030, 1, 1, 1, tzinfo=UTC) == clock()
    with pytest.raises(ValueError, match="does not go back"):
        clock.set(datetime(2030, 1, 1, tzinfo=UTC))
    with pytest.raises(ValueError, match="does not go back"):
        clock.tick(-1)


def test_a_fake_clock_wants_a_time_zone() -> None:
    """A moment without one means another moment everywhere."""
    with pytest.raises(NaiveTime):
        FakeClock(datetime(2030, 1, 1))
    with pytest.raises(NaiveTime):
        FakeClock().set(datetime(2030, 1, 1))


def test_counting_ids_name_items_before_they_are_there() -> None:
    """An engine that is given some makes items by these names."""
    engine = office(MemoryStore())
    second = engine.create("parcel", by="cleo", data={"title": "another"})

    assert "parcel-2" == second.id
    assert "desk.packed" == engine.item("parcel-1").marking[0]


# -- faults


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", AT_FAULT)
def test_a_unit_fails_as_the_script_says_and_the_next_one_does_not(
    way: str, kind: str, tmp_path: Path
) -> None:
    """It is written or not, as the word says; repeated with its key it has happened once."""
    store = FaultyStore(opened(kind, tmp_path))
    engine = office(store)
    store.then(way)
    versions = []
    engine.signals.performed.connect(
        lambda _, item, **__: versions.append(item.version), weak=False
    )

    failed: type[BaseException] | None = None
    try:
        engine.perform("parcel-1", "send", by="cleo", key="k")
    except (Crash, Uncertain) as error:
        failed = type(error)
    before_it_is_repeated = engine.item("parcel-1").version
    announced = list(versions)
    again = engine.perform("parcel-1", "send", by="cleo", key="k")

    assert (Crash if way.startswith("crash") else ERRORS[way]) == failed
    assert (1 if failed and way not in WRITTEN else 2) == before_it_is_repeated
    assert ([] if failed else [2]) == announced
    assert (2, ("desk.sending",)) == (again.version, again.marking)
    assert 2 == len(engine.history("parcel-1"))
    assert () == audit(store)


@pytest.mark.parametrize("kind", KINDS)
def test_half_of_many_items_is_nothing(kind: str, tmp_path: Path) -> None:
    """A crash in the middle of a change of several items leaves none of them changed."""
    store = FaultyStore(opened(kind, tmp_path))
    engine = office(store)
    engine.create("parcel", by="cleo", data={"title": "another"})
    store.then("crash in the middle")

    tasks = [Task(f"parcel-{n}", "send") for n in (1, 2)]
    with pytest.raises(Crash):
        engine.perform_many(tasks, by="cleo", atomic=True)

    assert [1, 1] == [item.version for item in store.rows(Items())]


def test_what_is_at_fault_is_told_without_the_engine_as_well() -> None:
    """A birth cannot be stale: there it is contended."""
    store = FaultyStore(MemoryStore(), ["conflict", "ok", "conflict"])

    with pytest.raises(Contended):
        write(store, born("a"))
    item = write(store, born("a"))
    with pytest.raises(StaleItem):
        write(store, moved(item))
    assert ["conflict", "ok", "conflict"] == store.happened


def test_units_that_only_read_take_nothing_from_the_script() -> None:
    """A refusal writes nothing, so that what was to happen happens to the next that writes."""
    store = FaultyStore(MemoryStore())
    engine = office(store)
    store.then("crash before")

    engine.item("parcel-1")
    engine.options("parcel-1", by="cleo")
    with store.begin() as work:
        work.item("parcel-1")

    assert ["ok"] == store.happened
    with pytest.raises(Crash):
        engine.perform("parcel-1", "send", by="cleo")


def test_by_chance_the_same_seed_fails_in_the_same_order() -> None:
    """About every fourth unit, in every way there is."""

    def drawn(seed: int) -> list[str]:
        store = FaultyStore(MemoryStore(), ["ok", "timeout"], seed=seed)
        return [store.next_way() for _ in range(400)]

    assert drawn(7) == drawn(7) != drawn(8)
    assert ["ok", "timeout"] == drawn(7)[:2]
    assert set(FAULTS) == {*drawn(7)}
    assert 60 < sum(way != "ok" for way in drawn(7)) < 140


def test_a_word_that_no_fault_is_called_by_is_told_at_once() -> None:
    """With the nearest one that is."""
    with pytest.raises(WrongArgument, match="crash before"):
        FaultyStore(MemoryStore(), ["crash befor"])


def test_what_else_a_store_can_do_it_does() -> None:
    """Whatever is no unit of work is asked of the store inside."""
    store: Any = FaultyStore(SqlStore("sqlite://", create=True))

    assert store.inner.dump() == store.dump()


# -- somebody who always comes first


def test_who_is_overtaken_is_told_and_decides_again() -> None:
    """What the other one has done is there, and what is asked for comes behind it."""
    inner = MemoryStore()
    other = office(inner)
    once = iter([lambda: other.perform("parcel-1", "ring", by="cleo")])
    store = OvertakenStore(inner, lambda: next(once, lambda: None)())
    engine = Engine(store, PARCEL, TEAM, clock=FakeClock())

    item = engine.perform("parcel-1", "send", by="cleo")

    assert 3 == item.version
    assert ["create", "ring", "desk.send"] == [
        entry.event.action for entry in engine.history("parcel-1")
    ]
    assert 2 == store.attempts
    assert 1 == engine.counters.stale


def test_who_is_overtaken_and_expects_a_version_is_told_it_is_stale() -> None:
    """Nothing of it is written."""
    inner = MemoryStore()
    other = office(inner)
    store = OvertakenStore(inner, lambda: other.perform("parcel-1", "ring", by="cleo"))
    engine = Engine(store, PARCEL, TEAM, clock=FakeClock())

    with pytest.raises(StaleItem):
        engine.perform("parcel-1", "send", by="cleo", expect=1)

    assert ("desk.packed",) == other.item("parcel-1").marking
