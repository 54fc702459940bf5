"""What an engine counts while it works, and what it tells the log."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import run
from threading import Barrier
from typing import Any

import pytest
from engines import START, engine_on, open_store
from parcel_office import Office
from sqlalchemy import create_engine

from socialflow import Action, Refused, Stage, Workflow
from socialflow.bulk import Task
from socialflow.engine import Engine
from socialflow.moments import hours
from socialflow.protocols import Store
from socialflow.rules import marked
from socialflow.stores.memory import MemoryStore
from socialflow.stores.sql import SqlStore
from socialflow.testing import OvertakenStore
from socialflow.testing.racing import together
from socialflow.watching import Traffic

TITLE = {"title": "x"}
KINDS = ("memory", "sqlite in memory", "sqlite file")


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A store of every kind."""
    return open_store(request.param, tmp_path)


@pytest.fixture
def told() -> Iterator[list[logging.LogRecord]]:
    """Everything that is told to the log."""
    records: list[logging.LogRecord] = []
    listener = logging.Handler()
    listener.emit = records.append  # type: ignore[method-assign]
    logger = logging.getLogger("socialflow")
    logger.addHandler(listener)
    logger.setLevel(logging.DEBUG)
    yield records
    logger.removeHandler(listener)
    logger.setLevel(logging.NOTSET)


def about(record: logging.LogRecord) -> dict[str, Any]:
    """What a record has of ours."""
    begin = "socialflow_"
    return {
        name.removeprefix(begin): value
        for name, value in vars(record).items()
        if name.startswith(begin)
    }


def kinds(told: list[logging.LogRecord]) -> list[str]:
    """What the records are about, those of stores left out."""
    return [about(one)["kind"] for one in told if one.name != "socialflow.stores.sql"]


# -- counting


def test_what_is_durable_is_counted(store: Store) -> None:
    """Births and commands, one by one and many at once."""
    engine = engine_on(store)
    first, second = (engine.create("post", by="ann", data=TITLE) for _ in range(2))

    engine.perform(first.id, "submit", by="ann")
    engine.perform_many([Task(second.id, "submit")], by="ann")
    engine.preview(first.id, "clear", by="ed")

    assert 4 == engine.counters.performed


def test_refusals_are_counted_by_code(store: Store) -> None:
    """Under the code of each objection; whoever only asks is not counted."""
    engine = engine_on(store)
    item = engine.create("post", by="ann", data=TITLE)

    for action in ("clear", "submit", "submit"):
        with pytest.raises(Refused):
            engine.perform(item.id, action, by="nobody")
    engine.perform_many([Task(item.id, "clear")], by="ed")
    engine.why_not(item.id, "clear", by="nobody")

    refused = engine.counters.refused
    assert {"role": 2, "state": 2} == refused
    with pytest.raises(TypeError):
        refused["role"] = 0  # type: ignore[index]


def test_what_is_repeated_is_counted_once_performed(store: Store) -> None:
    """The same key: one event, and answers."""
    engine = engine_on(store)
    item = engine.create("post", by="ann", data=TITLE, key="c")
    engine.create("post", by="ann", data=TITLE, key="c")

    for _ in range(3):
        engine.perform(item.id, "submit", by="ann", key="k")

    assert (2, 3) == (engine.counters.performed, engine.counters.repeated)


def test_deciding_again_is_counted(told: list[logging.LogRecord]) -> None:
    """Somebody was faster: the command counts once, and that it was tried again."""
    inner = MemoryStore()
    other = engine_on(inner)
    item = other.create("post", by="ann", data=TITLE)
    store = OvertakenStore(inner, lambda: None)

    def intrude() -> None:
        store.intrude = lambda: None
        other.perform(item.id, "edit", by="ann", data={"title": "first"})

    store.intrude = intrude
    engine = engine_on(store)
    engine.perform(item.id, "submit", by="ann")

    assert (1, 1) == (engine.counters.performed, engine.counters.stale)
    (again,) = (about(one) for one in told if about(one)["kind"] == "stale")
    assert {"kind": "stale", "item": item.id, "action": "submit", "by": "ann"} == again


def test_a_receiver_that_raises_is_counted(store: Store, told: list[logging.LogRecord]) -> None:
    """And told with what it was about."""
    engine = engine_on(store)

    def broken(sender: Engine, **_: Any) -> None:
        raise RuntimeError("the mail server is down")

    engine.signals.performed.connect(broken)
    item = engine.create("post", by="ann", data=TITLE)

    assert 1 == engine.counters.receivers_failed
    (record,) = (one for one in told if about(one)["kind"] == "receiver_failed")
    assert (item.id, "performed") == (about(record)["item"], about(record)["signal"])
    assert record.exc_info is not None


def test_what_is_due_and_refused_is_counted(store: Store, told: list[logging.LogRecord]) -> None:
    """It was put off, by the code of what stood against it."""
    lapse = Action("lapse", "waiting", "out", due=hours(1), rules=marked("on_hold"))
    desk = Stage("desk", ("waiting", "out"), role="editor", actions=[lapse])
    engine = engine_on(store, Workflow("request", [desk]))
    item = engine.create("request", by="ann")

    engine.run_due(START + hours(9))

    assert 1 == engine.counters.put_off
    (record,) = (about(one) for one in told if about(one)["kind"] == "put_off")
    assert item.id == record["item"]
    assert record["codes"]


def test_what_comes_of_effects_is_counted(told: list[logging.LogRecord]) -> None:
    """By the state that they came to; what is not delivered for good is told as a warning."""
    office = Office(ways=["is busy", "delivers", "refuses"])
    office.pack("a", "send")
    office.pack("b", "send")

    for _ in range(3):
        office.deliver()
        office.wait()

    counted = office.engine.counters.effects
    seen = [one for one in told if about(one)["kind"] == "effect"]
    assert sum(counted.values()) == len(seen)
    assert {"queued": 1, "delivered": 1, "dead": 1} == counted
    dead = next(one for one in seen if about(one)["state"] == "dead")
    assert (logging.WARNING, "publish", "422: too long") == (
        dead.levelno,
        about(dead)["effect"],
        about(dead)["told"],
    )


def test_the_line_of_writers_is_counted(tmp_path: Path) -> None:
    """Each request once; many that write at once share batches."""
    store = SqlStore(f"sqlite:///{tmp_path / 'content.db'}", create=True)
    engine = engine_on(store)
    ids = [engine.create("post", by="ann", data=TITLE).id for _ in range(8)]
    before = engine.counters.traffic
    barrier = Barrier(8)

    def note(n: int) -> None:
        barrier.wait()
        engine.perform(ids[n], "note", by="ann", data={"text": "x"})

    together(8, note)

    after = engine.counters.traffic
    assert 8 == after.requests - before.requests
    assert 1 <= after.batches - before.batches <= 8
    assert after == store.traffic == store.for_tenant("acme").traffic


@pytest.mark.postgres
def test_waiting_for_a_connection_is_counted(pg_url: str) -> None:
    """Only if none was free."""
    store = SqlStore(pg_url, create=True, connections=1)
    engine = engine_on(store)
    item = engine.create("post", by="ann", data=TITLE)
    assert 0 == engine.counters.traffic.waits

    held = store.engine.raw_connection()
    barrier = Barrier(2)

    def asked(n: int) -> None:
        barrier.wait()
        if n:
            engine.item(item.id)
        else:
            while not store.traffic.waits:
                pass
            held.close()

    together(2, asked)

    assert 1 == engine.counters.traffic.waits
    store.close()


def test_a_store_that_counts_nothing_has_no_traffic() -> None:
    """Whoever writes a store need not count."""
    assert Traffic() == engine_on(MemoryStore()).counters.traffic


def test_threads_count_together(store: Store) -> None:
    """Eight threads, one engine."""
    engine = engine_on(store)
    ids = [engine.create("post", by="ann", data=TITLE).id for _ in range(8)]

    together(8, lambda n: [_noted(engine, ids[n]) for _ in range(5)])

    assert 48 == engine.counters.performed


def _noted(engine: Engine, id: str) -> None:
    engine.perform(id, "note", by="ann", data={"text": "x"})


# -- inside a transaction of the host


@pytest.mark.parametrize("kept", [True, False])
def test_inside_a_hosts_transaction_only_what_is_committed_counts(
    tmp_path: Path, kept: bool
) -> None:
    """The engine inside counts for the whole engine, once the host has committed."""
    from sqlalchemy.orm import Session

    url = f"sqlite:///{tmp_path / 'host.db'}"
    engine = engine_on(SqlStore(url, create=True))
    database = create_engine(url)
    with Session(database) as session:
        inside = engine.within(session)
        inside.create("post", by="ann", data=TITLE)
        assert 0 == engine.counters.performed
        session.commit() if kept else session.rollback()

    assert int(kept) == engine.counters.performed == inside.counters.performed
    database.dispose()


# -- telling


def test_a_command_is_one_record(store: Store, told: list[logging.LogRecord]) -> None:
    """In flat attributes: which item, what, who, which version, how long; nothing that is empty."""
    engine = engine_on(store)
    item = engine.create("post", by="ann", data=TITLE)
    told.clear()

    engine.perform(item.id, "submit", by="ann", key="k")

    (record,) = (one for one in told if one.name == "socialflow.engine")
    found = about(record)
    assert 0 < found.pop("seconds")
    assert {
        "kind": "performed",
        "item": item.id,
        "action": "writing.submit",
        "by": "ann",
        "version": 2,
        "key": "k",
    } == found
    assert (logging.INFO, f"ann performed writing.submit on item {item.id}") == (
        record.levelno,
        record.getMessage(),
    )


def test_a_refusal_and_a_repetition_are_records(
    store: Store, told: list[logging.LogRecord]
) -> None:
    """With the codes; whoever asked is named."""
    engine = engine_on(store)
    item = engine.create("post", by="ann", data=TITLE, key="c")
    with pytest.raises(Refused):
        engine.perform(item.id, "clear", by="nobody")
    engine.create("post", by="ann", data=TITLE, key="c")

    assert ["performed", "refused", "repeated"] == kinds(told)
    refused, repeated = (about(one) for one in told if about(one)["kind"][:2] == "re")
    assert ("nobody", ("state",)) == (refused["by"], refused["codes"])
    assert ("c", item.id) == (repeated["key"], repeated["item"])


def test_the_tenant_is_told(tmp_path: Path, told: list[logging.LogRecord]) -> None:
    """Of a store that is one tenant's."""
    store = SqlStore(f"sqlite:///{tmp_path / 'content.db'}", create=True).for_tenant("acme")

    engine_on(store).create("post", by="ann", data=TITLE)

    assert {"acme"} == {about(one).get("tenant") for one in told if "engine" in one.name}


def test_a_batch_is_a_record(tmp_path: Path, told: list[logging.LogRecord]) -> None:
    """With how many requests it has written."""
    store = SqlStore(f"sqlite:///{tmp_path / 'content.db'}", create=True)

    engine_on(store).create("post", by="ann", data=TITLE)

    assert {"kind": "batch", "requests": 1} in [about(one) for one in told]


def test_nothing_is_printed_unless_the_host_asks() -> None:
    """Not even a failure: a library that prints to the error stream is in the way."""
    program = (
        "from socialflow.watching import LOG\n"
        "import logging\n"
        "LOG.error('printed by the last resort')\n"
    )
    done = run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ("", "") == (done.stdout, done.stderr)


def test_what_is_not_told_is_not_made(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without anybody who listens no attribute is put together."""
    engine = engine_on(store)
    monkeypatch.setattr("socialflow.watching.fields", None)

    with pytest.raises(Refused):
        engine.perform(engine.create("post", by="ann", data=TITLE).id, "clear", by="nobody")

    assert 1 == engine.counters.performed
