"""A durable step beside straight-line Python with hand-written SQL that writes the same rows."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

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
    """An engine on a new file with some items, whose ids and times are always the same."""
    numbers = iter(range(ITEMS))
    engine = Engine(
        SqlStore(f"sqlite:///{path}", create=True, synchronous=synchronous),
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


READ = (
    "SELECT id, ref, workflow, version, n, head, body FROM socialflow_item "
    "WHERE tenant = '' AND id = ?"
)
CHANGE = (
    "UPDATE socialflow_item SET version=?, n=?, head=?, body=?, marking=? "
    "WHERE tenant = '' AND id = ? AND n = ?"
)
DUTY = (
    "UPDATE socialflow_duty SET stage=?, state=?, entered=?, responsible=?, due=?, later=NULL "
    "WHERE tenant = '' AND item = ? AND stage = ?"
)
ENTRY = (
    'INSERT INTO socialflow_history (tenant, item, n, version, action, "by", at, "key", meta, '
    "data, digest, previous, hash) VALUES ('', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
STEPS = {
    ("review.waiting", "check"): "review.checked",
    ("review.checked", "return"): "review.waiting",
}
ROLES = {"ed": {"editor"}}


def straight_line(path: Path, synchronous: str, clock: Ticks) -> Callable[[str, str, str], None]:
    """One step as somebody would write it who needs nothing but this step."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("busy_timeout = 30000", f"synchronous = {synchronous}", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    cursor = connection.cursor()
    dumps = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode

    def step(id: str, action: str, by: str) -> None:
        at = clock().isoformat()
        cursor.execute("BEGIN IMMEDIATE")
        try:
            _, _, _, version, n, head, text = cursor.execute(READ, (id,)).fetchall()[0]
            body = json.loads(text)
            state, visit, _ = body["tokens"][0]
            target = STEPS[state, action]
            if "editor" not in ROLES[by] or by in body.get("contributors", ()):
                raise PermissionError(by)
            full = f"review.{action}"
            body["tokens"] = [[target, visit, at]]
            moves = [[full, state, target]]
            meta = dumps(
                {"roles": ["editor"], "moves": moves, "tokens": body["tokens"], "named": action}
            )
            columns = dumps([head, id, n + 1, version + 1, full, by, at, None])
            hash_ = hashlib.sha256((columns + meta).encode()).hexdigest()
            cursor.execute(CHANGE, (version + 1, n + 1, hash_, dumps(body), target, id, n))
            if cursor.rowcount != 1:
                raise RuntimeError(id)
            cursor.execute(DUTY, ("review", target, at, None, None, id, "review"))
            cursor.execute(
                ENTRY,
                (id, n + 1, version + 1, full, by, at, None, meta, None, "", head, hash_),
            )
            cursor.execute("COMMIT")
        except BaseException:
            cursor.execute("ROLLBACK")
            raise

    return step


def theirs(step: Callable[[str, str, str], None], times: int) -> Callable[[], None]:
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
        step = straight_line(folder / f"theirs-{synchronous}.db", synchronous, clock)

        def same_rows(one: Engine = engine, two: Engine = other) -> None:
            assert one.store.dump() == two.store.dump(), "the two did not write the same rows"  # type: ignore[attr-defined]

        name = f"durable perform, SQLite {synchronous}"
        yield Pair(name, ours(engine, times), theirs(step, times), times, goal, True), same_rows
