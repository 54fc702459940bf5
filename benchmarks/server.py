"""A durable step on PostgreSQL, beside the same by hand: alone, in crowds, within a host."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

from by_hand import Step, in_one_statement, in_transaction
from crowds import crowd
from durable import ITEMS, Ticks, engine_on
from many_writers import which
from ratios import Result
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from socialflow.engine import Engine
from socialflow.stores.sql import SqlStore

ROUNDS = 7
TIMES = 144
PROCESSES = 4
Member = Callable[[int], None]
Make = Callable[[str], Callable[[str, str], None]]
"""Opens a database that is filled, and gives what does one step there."""


def filled(url: str) -> Engine:
    """An engine on a new database with some items."""
    return engine_on(SqlStore(url, create=True))


def plain(url: str) -> str:
    """The address as psycopg takes it."""
    return url.replace("+psycopg", "")


def own(url: str) -> Callable[[str, str], None]:
    """Ours, in a transaction of our own."""
    engine = engine_again(url)
    return lambda item, action: engine.perform(item, action, by="ed")  # type: ignore[func-returns-value]


def engine_again(url: str) -> Engine:
    """An engine on a database that is filled."""
    from durable import TEAM, WORKFLOW

    return Engine(SqlStore(url), [WORKFLOW], TEAM, clock=Ticks())


def alone(url: str) -> Callable[[str, str], None]:
    """Ours from BEGIN to COMMIT, as where a family has to be held."""
    engine = engine_again(url)
    writer = engine._writer

    def step(item: str, action: str) -> None:
        command, member = engine._command(action, "ed", None, None, None, None, None)
        known = writer.known(item, action, command.at)
        with engine.store.begin(item) as work:
            writer.tried(work, work.item(item), command, member, known, is_alone=True)

    return step


def on_session(url: str) -> Callable[[str, str], None]:
    """Ours inside the transaction of a host's Session."""
    engine = engine_again(url)
    database = create_engine(url)

    def step(item: str, action: str) -> None:
        with Session(database) as session, session.begin():
            engine.within(session).perform(item, action, by="ed")

    return step


def by(make: Callable[[str, Ticks], Step]) -> Make:
    """The same by hand."""

    def opened(url: str) -> Callable[[str, str], None]:
        step = make(plain(url), Ticks())
        return lambda item, action: step(item, action, "ed")

    return opened


def members(step: Make, url: str, threads: int, shared: bool) -> list[Member]:
    """Threads that do a step, with one engine for all or a connection each."""
    first = step(url)
    each = [first if shared else step(url) for _ in range(threads)]

    def member(n: int) -> Member:
        return lambda turn: each[n](*which(n, turn))

    return [member(n) for n in range(threads)]


def compared(
    database: Callable[[], str], name: str, ours: Make, theirs: Make, threads: int, goal: float
) -> Result:
    """Median of the rounds' ratios of rates."""
    ratios, rates = [], (0.0, 0.0)
    here, there = database(), database()
    for url in (here, there):
        filled(url).store.close()  # type: ignore[attr-defined]
    mine, hand = members(ours, here, threads, True), members(theirs, there, threads, False)
    for _ in range(ROUNDS + 1):
        spent = crowd(mine, TIMES).seconds, crowd(hand, TIMES).seconds
        ratios.append(spent[1] / spent[0])
        rates = threads * TIMES / spent[0], threads * TIMES / spent[1]
    ratio = median(ratios[1:])
    note = f"{rates[0]:.0f} to {rates[1]:.0f} steps a second"
    return Result(name, round(ratio, 3), goal, ratio >= goal, note)


def processes(database: Callable[[], str], goal: float) -> Result:
    """Four processes, each a thread, beside four that do it by hand."""
    ratios, rates = [], (0.0, 0.0)
    for _ in range(ROUNDS):
        spent = []
        for kind in ("ours", "theirs"):
            url = database()
            filled(url).store.close()  # type: ignore[attr-defined]
            command = [sys.executable, __file__, kind, url]
            workers = [
                subprocess.Popen(
                    [*command, str(n)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
                for n in range(PROCESSES)
            ]
            for worker in workers:
                assert worker.stdout is not None
                assert worker.stdout.readline() == "ready\n"
            for worker in workers:
                assert worker.stdin is not None
                worker.stdin.write("go\n")
                worker.stdin.flush()
            spent.append(max(float(worker.communicate()[0]) for worker in workers))
        ratios.append(spent[1] / spent[0])
        rates = PROCESSES * TIMES / spent[0], PROCESSES * TIMES / spent[1]
    ratio = median(ratios)
    note = f"{rates[0]:.0f} to {rates[1]:.0f} steps a second"
    return Result("four processes, PostgreSQL", round(ratio, 3), goal, ratio >= goal, note)


@contextmanager
def databases() -> Iterator[tuple[Any, Callable[[], str]]]:
    """A server that keeps what it commits, and what makes empty databases on it."""
    sys.path.append(str(Path(__file__).parent.parent / "tests"))
    from postgres import Server

    with Server(fsync=True) as server:

        def database() -> str:
            name = f"bench_{uuid4().hex}"
            with server.connected() as connection:
                connection.execute(f"CREATE DATABASE {name}")
            return server.url(name)

        yield server, database


def results() -> Iterator[Result]:
    """Everything."""
    with databases() as (_, database):
        once, locked = by(in_one_statement), by(in_transaction)
        yield compared(database, "durable perform, PostgreSQL", own, once, 1, 0.85)
        yield compared(database, "eight threads, PostgreSQL", own, once, 8, 0.85)
        yield processes(database, 0.85)
        yield compared(database, "PostgreSQL, BEGIN to COMMIT", alone, locked, 1, 0.7)
        yield compared(database, "PostgreSQL, a host's Session", on_session, once, 1, 0.45)


def work(kind: str, url: str, n: int) -> None:
    """What one of several processes does."""
    step = (own if kind == "ours" else by(in_one_statement))(url)
    step(f"post-{ITEMS - 1 - n}", "check")
    print("ready", flush=True)
    sys.stdin.readline()
    print(crowd([lambda turn: step(*which(n, turn))], TIMES).seconds)


if __name__ == "__main__":
    work(sys.argv[1], sys.argv[2], int(sys.argv[3]))
