"""What the kit finds in the library that it is run with, tool by tool, and after how much.

It is run as a program of its own, with sources in which something may be planted; obligations and
paths were derived from sources in which nothing is. It prints a line of JSON.
"""

from __future__ import annotations

import json
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout, suppress
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from blogs import BLOG, CALENDAR, Post
from blogs import TEAM as WRITERS
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from panels import DATES, JURY, PANEL
from parcels import PARCEL
from parcels import TEAM as OFFICE
from path_cover import path_cover

from socialflow import Engine
from socialflow.errors import Refused, StaleItem
from socialflow.protocols import Store
from socialflow.queries import Items
from socialflow.stores.memory import MemoryStore
from socialflow.stores.sql import SqlStore
from socialflow.testing import BookContract, FakeClock, StageContract, obligations, workflow_machine
from socialflow.testing.histories import Call, Stored, check

WHICH: dict[str, Any] = {
    "parcel": (PARCEL, OFFICE, {}, {}),
    "blog": (BLOG, WRITERS, CALENDAR, {}),
    "panel": (PANEL, JURY, {}, DATES),
}
"""Each with its team, the facts it is told, and examples of its data."""

STORES: dict[str, Callable[[], Store]] = {
    "memory": MemoryStore,
    "sqlite": lambda: SqlStore("sqlite://", create=True),
}
STEPS = 15
ROUNDS = 40

Found = tuple[int, str]
"""After how many cases something was found, and what; an empty text if nothing was."""


def suites(*names: str) -> dict[str, Any]:
    """Obligations and paths of these workflows; of every one, if none is said."""
    chosen = {name: WHICH[name] for name in names or WHICH}
    return {
        "obligations": {
            n: obligations(w, t, facts=f, examples=e).cases for n, (w, t, f, e) in chosen.items()
        },
        "paths": {n: tuple(path_cover(w, t, f, e)) for n, (w, t, f, e) in chosen.items()},
    }


# -- tools


def by_cases(suites: Mapping[str, Iterable[Any]], store: str) -> Found:
    """The first case that is not kept: an obligation, or a path."""
    tried = 0
    for name, cases in suites.items():
        workflow, team, *_ = WHICH[name]
        engine = Engine(STORES[store](), workflow, team, clock=FakeClock())
        for case in cases:
            tried += 1
            try:
                case.run(engine)
            except Exception:
                return tried, case.name
    return tried, ""


def by_machine(names: Iterable[str], store: str, examples: int, number: int) -> Found:
    """After how many items the machine fails, and how."""
    begun = 0
    for workflow, team, facts, examples_of in (WHICH[name] for name in names):
        machine = workflow_machine(
            workflow, team, store=STORES[store], faults=True, facts=facts, examples=examples_of
        )
        told = settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        try:
            run_state_machine_as_test(seed(number)(machine), settings=told)
        except BaseException as error:
            return begun + machine.begun, f"{type(error).__name__}: {error}".splitlines()[0]
        begun += machine.begun
    return begun, ""


class _Counting:
    """A plugin that counts the tests of a run until the first that fails."""

    def __init__(self) -> None:
        self.ran = 0
        self.failed = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.ran += report.when == "call"
        if report.failed and not self.failed:
            self.failed = report.nodeid.rpartition("::")[2]


def by_contracts(store: str) -> Found:
    """The first test of the contracts of a store and of a stage that fails."""
    counting = _Counting()
    asked = ["-q", "-x", "-p", "no:cacheprovider", "-W", "ignore", "--no-header"]
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        pytest.main(
            [*asked, f"{__file__}::TestOf{store.title()}", f"{__file__}::TestDesk"], [counting]
        )
    return counting.ran, counting.failed


def by_histories(store: str) -> Found:
    """Calls of one caller that repeats and expects, until what is stored contradicts an answer."""
    chance = Random(1)
    engine = Engine(STORES[store](), PARCEL, OFFICE, clock=FakeClock())
    calls: list[Call] = []
    for round in range(ROUNDS):
        try:
            calls += _calls(engine, f"item {round}", chance, len(calls))
        except Exception as error:
            return len(calls) + 1, f"{type(error).__name__}: {error}"
        wrong = check(calls, _stored(engine))
        if wrong:
            return len(calls), f"{wrong[0].kind}: {wrong[0].told}"
    return len(calls), ""


def _calls(engine: Engine, item: str, chance: Random, now: float) -> Iterator[Call]:
    """An item is begun, and taken about; now and then somebody repeats or expects what was."""
    told = {"title": "a title"}
    born = engine.create("parcel", by="cleo", data=told, id=item, key=f"{item} 0")
    yield Call(item, now, now + 0.5, f"{item} 0", born.version)
    asked: list[tuple[str, int | None, str]] = []
    for n in range(1, 9):
        if asked and chance.random() < 0.3:
            action, expect, key = chance.choice(asked)
        else:
            version = engine.item(item).version
            expect = chance.choice((None, version, version - 1))
            action, key = chance.choice(("ring", "send", "snatch", "note")), f"{item} {n}"
            asked.append((action, expect, key))
        data = {"text": "it rains"} if action == "note" else None
        version_told: int | None = None
        with suppress(Refused, StaleItem):
            after = engine.perform(item, action, by="cleo", data=data, key=key, expect=expect)
            version_told = after.version
        takes = None if action == "note" else expect
        yield Call(item, now + n, now + n + 0.5, key, version_told, expect=takes)
        yield Call(item, now + n + 0.6, now + n + 0.7, version=engine.item(item).version)


def _stored(engine: Engine) -> dict[str, list[Stored]]:
    items = [item.id for item in engine.store.rows(Items())]
    return {
        item: [Stored(one.event.version, one.event.command.key) for one in engine.history(item)]
        for item in items
    }


# -- what the contracts are given


class TestOfMemory(BookContract):
    """The store in memory."""

    @pytest.fixture
    def open_store(self) -> Any:
        """A new one."""
        return lambda name: MemoryStore()


class TestOfSqlite(BookContract):
    """A database."""

    @pytest.fixture
    def open_store(self, tmp_path: Path) -> Any:
        """In a file of its own."""
        return lambda name: SqlStore(f"sqlite:///{tmp_path}/{name}.db", create=True)


class TestDesk(StageContract):
    """The stage of a blog that something is written in."""

    fields = Post

    @pytest.fixture
    def stage(self) -> Any:
        """With its actions."""
        return BLOG.stage("writing")


def main(kept: str, store: str, examples: str, *seeds: str) -> None:
    """Look with every tool, and print what came of it."""
    derived = pickle.loads(Path(kept).read_bytes())
    tools: dict[str, Callable[[], Found]] = {
        "obligations": lambda: by_cases(derived["obligations"], store),
        "contracts": lambda: by_contracts(store),
        "histories": lambda: by_histories(store),
        "paths": lambda: by_cases(derived["paths"], store),
    }
    for number in map(int, seeds):
        tools[f"machine {number}"] = lambda number=number: by_machine(
            derived["obligations"], store, int(examples), number
        )
    found = {}
    for name, look in tools.items():
        try:
            found[name] = look()
        except Exception as error:
            found[name] = 0, f"it cannot even begin: {type(error).__name__}: {error}"
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
