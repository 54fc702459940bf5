"""A hundred commands at once beside the same hundred one by one, both ours."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from durable import ITEMS, filled
from ratios import Pair, Result, measured
from server import databases

from socialflow.bulk import Task
from socialflow.engine import Engine


def at_once(engine: Engine) -> Callable[[], None]:
    """Check and return fifty posts, as one call."""
    posts = [f"post-{n}" for n in range(ITEMS)]
    tasks = [Task(post, action) for action in ("check", "return") for post in posts]

    def run() -> None:
        answers = engine.perform_many(tasks, by="ed")
        assert not any(answer.error for answer in answers)

    return run


def one_by_one(engine: Engine) -> Callable[[], None]:
    """The same, each by itself."""

    def run() -> None:
        for action in ("check", "return"):
            for n in range(ITEMS):
                engine.perform(f"post-{n}", action, by="ed")

    return run


def results() -> Iterator[Result]:
    """On a SQLite file at FULL, and on PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        engine = filled(Path(folder) / "bulk.db", "FULL")
        runs = at_once(engine), one_by_one(engine)
        yield measured(Pair("bulk of 100, SQLite FULL", *runs, 100, 5, True))
    with databases() as (_, database):
        from server import filled as on_server

        engine = on_server(database())
        runs = at_once(engine), one_by_one(engine)
        yield measured(Pair("bulk of 100, PostgreSQL", *runs, 100, 10, True))
