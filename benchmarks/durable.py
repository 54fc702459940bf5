"""A durable step beside straight-line Python with hand-written SQL that writes the same rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from by_hand import Step, on_sqlite
from ratios import Pair

from socialflow import Action, Member, Stage, Team, Workflow
from socialflow.engine import Engine
from socialflow.rules import four_eyes
from socialflow.stores.sql import SqlStore

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
TEAM = Team([Member("ann", "author"), Member("ed", ["editor"])])
WORKFLOW = Workflow(
    "post",
    [
        Stage(
            "review",
            ("waiting", "checked", "passed"),
            role="editor",
            actions=(
                Action("check", "waiting", "checked", rules=four_eyes()),
                Action("return", "checked", "waiting", rules=four_eyes()),
                Action("pass", "checked", "passed"),
            ),
        )
    ],
)
ITEMS = 50


class Ticks:
    """A clock that goes on a second at each look."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        """The next second."""
        self.now += timedelta(seconds=1)
        return self.now


def filled(path: Path, synchronous: str) -> Engine:
    """An engine on a new file with some items."""
    return engine_on(SqlStore(f"sqlite:///{path}", create=True, synchronous=synchronous))


def engine_on(store: SqlStore) -> Engine:
    """An engine on a new store with some items, whose ids and times are always the same."""
    numbers = iter(range(ITEMS))
    engine = Engine(
        store,
        [WORKFLOW],
        TEAM,
        clock=Ticks(),
        new_id=lambda: f"post-{next(numbers)}",
    )
    for _ in range(ITEMS):
        engine.create("post", by="ann")
    return engine


def ours(engine: Engine, times: int) -> Callable[[], None]:
    """Check and return, item by item, through the engine."""

    def run() -> None:
        for n in range(times):
            action = "check" if n // ITEMS % 2 == 0 else "return"
            engine.perform(f"post-{n % ITEMS}", action, by="ed")

    return run


def theirs(step: Step, times: int) -> Callable[[], None]:
    """Check and return, item by item, by hand."""

    def run() -> None:
        for n in range(times):
            action = "check" if n // ITEMS % 2 == 0 else "return"
            step(f"post-{n % ITEMS}", action, "ed")

    return run


def pairs(folder: Path) -> Iterator[tuple[Pair, Callable[[], None]]]:
    """One pair a setting, each with a check that both files hold the same rows."""
    for synchronous, times, goal in (("NORMAL", 600, 0.7), ("FULL", 200, 0.8)):
        engine = filled(folder / f"ours-{synchronous}.db", synchronous)
        other = filled(folder / f"theirs-{synchronous}.db", synchronous)
        clock = Ticks()
        clock.now += timedelta(seconds=ITEMS)
        step = on_sqlite(folder / f"theirs-{synchronous}.db", synchronous, clock)

        def same_rows(one: Engine = engine, two: Engine = other) -> None:
            assert one.store.dump() == two.store.dump(), "the two did not write the same rows"  # type: ignore[attr-defined]

        name = f"durable perform, SQLite {synchronous}"
        yield Pair(name, ours(engine, times), theirs(step, times), times, goal, True), same_rows
