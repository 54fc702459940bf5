"""What it costs that a store has grown: a worklist of fifty, and a step, among ever more items."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Protocol

import attrs
import psycopg
from durable import TEAM, WORKFLOW, Ticks, engine_on
from ratios import Result
from server import databases

from socialflow.engine import Engine
from socialflow.stores.sql import SqlStore

SIZES = (10_000, 100_000, 1_000_000)
TIMES = 200
COLD = 11
MOST = 1.5

MULTIPLIED = """
INSERT INTO socialflow_{table} ({columns}) SELECT {values} FROM {numbers}, socialflow_{table} AS one
WHERE one.{key} = 'post-0'
"""
TABLES = (("item", "id"), ("duty", "item"), ("history", "item"))


class Place(Protocol):
    """Where stores of any size can be kept."""

    name: str

    def empty(self, size: int) -> str:
        """The address of a new database."""
        ...

    def fill(self, url: str, size: int) -> None:
        """Have so many items there, each like the first one, sixty of them somebody's."""
        ...

    def chill(self, url: str) -> None:
        """Have nothing of it in anybody's memory, as far as that can be helped."""
        ...

    def warm(self, url: str) -> None:
        """Have all of it in the memory of the system."""
        ...


@attrs.frozen
class Files:
    """SQLite, in files of one folder."""

    folder: Path
    name: str = "SQLite"

    def empty(self, size: int) -> str:
        """The address of a new file."""
        return f"sqlite:///{self.folder}/{size}.db"

    def fill(self, url: str, size: int) -> None:
        """Have so many items there."""
        counted = f"SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < {size}"
        numbers = f"(WITH RECURSIVE many(n) AS ({counted}) SELECT n FROM many) AS many"
        with closing(sqlite3.connect(path_of(url), isolation_level=None)) as connection:
            for table, key in TABLES:
                named = f"SELECT name FROM pragma_table_info('socialflow_{table}')"
                columns = [name for (name,) in connection.execute(named)]
                id = "printf('many-%08d', many.n)"
                connection.execute(multiplied(table, key, columns, numbers, id, size))
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def chill(self, url: str) -> None:
        """Have the system forget its pages."""
        with path_of(url).open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    def warm(self, url: str) -> None:
        """Read it through."""
        with path_of(url).open("rb") as file:
            while file.read(1 << 20):
                pass


@attrs.frozen
class Servers:
    """PostgreSQL, in databases of one server, which is cold once it has started again."""

    server: Any
    database: Callable[[], str]
    name: str = "PostgreSQL"

    def empty(self, size: int) -> str:  # noqa: ARG002
        """The address of a new database."""
        return self.database()

    def fill(self, url: str, size: int) -> None:
        """Have so many items there."""
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            for table, key in TABLES:
                rows = connection.execute(
                    "SELECT column_name FROM information_schema.columns WHERE table_name = %s",
                    [f"socialflow_{table}"],
                )
                columns = [name for (name,) in rows]
                numbers = f"generate_series(1, {size}) AS many(n)"
                id = "'many-' || lpad(many.n::text, 8, '0')"
                connection.execute(multiplied(table, key, columns, numbers, id, size).encode())
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")

    def chill(self, url: str) -> None:  # noqa: ARG002
        """Start the server again."""
        self.server.restart()

    def warm(self, url: str) -> None:
        """Read every table through."""
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            for table, _ in TABLES:
                connection.execute(
                    f"SELECT sum(length(t::text)) FROM socialflow_{table} AS t".encode()
                )


def path_of(url: str) -> Path:
    """The file behind an address."""
    return Path(url.removeprefix("sqlite:///"))


def multiplied(table: str, key: str, columns: list[str], numbers: str, id: str, size: int) -> str:
    """The statement that has so many rows of a table, each like that of the first item."""
    names = [name for name in columns if name != "seq"]
    other = {key: id}
    if table == "duty":
        other["responsible"] = f"CASE WHEN many.n % {size // 60} = 0 THEN 'ed' END"
    values = ", ".join(other.get(name, f'one."{name}"') for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    return MULTIPLIED.format(table=table, columns=listed, values=values, numbers=numbers, key=key)


def grown(place: Place, size: int) -> str:
    """The address of a store of so many items."""
    url = place.empty(size)
    told = {"synchronous": "NORMAL"} if url.startswith("sqlite") else {}
    store = SqlStore(url, create=True, **told)
    engine_on(store)
    store.close()
    place.fill(url, size)
    return url


@contextmanager
def at_work(url: str) -> Iterator[Engine]:
    """An engine on a store that is there, for a while."""
    told = {"synchronous": "NORMAL"} if url.startswith("sqlite") else {}
    with closing(SqlStore(url, **told)) as store:
        yield Engine(store, [WORKFLOW], TEAM, clock=Ticks())


def spent(place: Place, sizes: tuple[int, ...]) -> Iterator[tuple[str, dict[int, float]]]:
    """Seconds of each thing by size, at the median: in turns, so that all have the same weather."""
    urls = {size: grown(place, size) for size in sizes}
    steps = {size: iter(range(size)) for size in sizes}

    def worklist(engine: Engine, size: int) -> None:  # noqa: ARG001
        assert len(engine.worklist("ed", limit=50)) == 50

    def step(engine: Engine, size: int) -> None:
        engine.perform(f"many-{next(steps[size]) * 7919 % size + 1:08d}", "check", by="ed")

    for name, do in (("worklist of fifty", worklist), ("one step", step)):
        found: dict[int, list[float]] = {size: [] for size in sizes}
        for _ in range(COLD):
            for size, url in urls.items():
                place.chill(url)
                with at_work(url) as engine:
                    found[size].append(timed(do, engine, size))
        yield f"{name}, cold", {size: median(took) for size, took in found.items()}
        found = {size: [] for size in sizes}
        with ExitStack() as stack:
            for url in urls.values():
                place.warm(url)
            engines = {size: stack.enter_context(at_work(url)) for size, url in urls.items()}
            for size, engine in [*engines.items()] * TIMES:
                found[size].append(timed(do, engine, size))
        yield f"{name}, warm", {size: median(took) for size, took in found.items()}


def timed(do: Callable[[Engine, int], None], engine: Engine, size: int) -> float:
    """Seconds of one call."""
    begin = perf_counter()
    do(engine, size)
    return perf_counter() - begin


def compared(place: Place, sizes: tuple[int, ...]) -> Iterator[Result]:
    """The largest beside the smallest."""
    for name, took in spent(place, sizes):
        ratio = took[sizes[-1]] / took[sizes[0]]
        note = ", ".join(f"{size:,}: {one * 1e6:.0f} us" for size, one in took.items())
        title = f"growth, {place.name}, {name}"
        yield Result(title, round(ratio, 2), MOST, ratio <= MOST, note)


def results(sizes: tuple[int, ...] = SIZES) -> Iterator[Result]:
    """On a SQLite file, and on PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        yield from compared(Files(Path(folder)), sizes)
    with databases() as (server, database):
        yield from compared(Servers(server, database), sizes)
