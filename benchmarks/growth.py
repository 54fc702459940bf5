"""What it costs that a store has grown: a worklist of fifty, and a step, among ever more items."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from durable import TEAM, WORKFLOW, Ticks, engine_on
from ratios import Result

from socialflow.engine import Engine
from socialflow.stores.sql import SqlStore

SIZES = (10_000, 100_000, 1_000_000)
TIMES = 200
MOST = 1.5

MULTIPLIED = """
WITH RECURSIVE many(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < {size})
INSERT INTO socialflow_{table} ({columns}) SELECT {values} FROM many, socialflow_{table} AS one
WHERE one.{key} = 'post-0'
"""


def grown(path: Path, size: int) -> None:
    """Make a store of so many items, each like the first one, a thousandth of them somebody's."""
    engine = engine_on(SqlStore(f"sqlite:///{path}", create=True, synchronous="NORMAL"))
    engine.store.close()  # type: ignore[attr-defined]
    with sqlite3.connect(path) as connection:
        for table, key in (("item", "id"), ("duty", "item"), ("history", "item")):
            told = connection.execute(f"SELECT name FROM pragma_table_info('socialflow_{table}')")
            columns = [name for (name,) in told if name != "seq"]
            other = {key: "printf('many-%07d', many.n)"}
            if table == "duty":
                other["responsible"] = f"CASE WHEN many.n % {size // 60} = 0 THEN 'ed' END"
            values = ", ".join(other.get(name, f'one."{name}"') for name in columns)
            names = ", ".join(f'"{name}"' for name in columns)
            told_so = {"size": size, "table": table, "columns": names, "values": values}
            connection.execute(MULTIPLIED.format(key=key, **told_so))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def opened(path: Path) -> Engine:
    """An engine on a store whose pages are in nobody's memory."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    store = SqlStore(f"sqlite:///{path}", synchronous="NORMAL")
    return Engine(store, [WORKFLOW], TEAM, clock=Ticks())


def spent(path: Path, size: int) -> dict[str, float]:
    """Seconds of each thing, cold once and warm at the median."""
    steps = iter(range(size))

    def worklist(engine: Engine) -> None:
        assert len(engine.worklist("ed", limit=50)) == 50

    def step(engine: Engine) -> None:
        engine.perform(f"many-{next(steps) * 7919 % size + 1:07d}", "check", by="ed")

    found = {}
    for name, do in (("worklist of fifty", worklist), ("one step", step)):
        cold = []
        for _ in range(5):
            engine = opened(path)
            cold.append(timed(do, engine))
        found[f"{name}, cold"] = median(cold)
        found[f"{name}, warm"] = median(timed(do, engine) for _ in range(TIMES))
    return found


def timed(do: Callable[[Engine], None], engine: Engine) -> float:
    """Seconds of one call."""
    begin = perf_counter()
    do(engine)
    return perf_counter() - begin


def results(sizes: tuple[int, ...] = SIZES) -> Iterator[Result]:
    """The largest beside the smallest."""
    with tempfile.TemporaryDirectory() as folder:
        found = {}
        for size in sizes:
            path = Path(folder) / f"{size}.db"
            grown(path, size)
            found[size] = spent(path, size)
    for name in found[sizes[0]]:
        each = [found[size][name] * 1e6 for size in sizes]
        ratio = each[-1] / each[0]
        note = ", ".join(f"{size:,}: {one:.0f} us" for size, one in zip(sizes, each, strict=True))
        yield Result(f"growth, {name}", round(ratio, 2), MOST, ratio <= MOST, note)
