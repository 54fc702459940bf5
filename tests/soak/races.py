"""Races: many threads and processes want the same five items, and every answer is looked at.

They edit, claim, release, note and read, with and without keys and expectations, and repeat what
they have asked for.  What they were told is compared with the stored histories by
`socialflow.testing.histories`; nobody who expects nothing is told that an item is stale.

How long they wait is told item by item: a post may have uploads, so that a step of it takes longer
than one of a leaflet, and in the end nearly everybody stands in line for a post.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs

sys.path[:0] = [str(Path(__file__).parent.parent)]

from postgres import Server  # noqa: E402
from soak.campaign import Outcome, options  # noqa: E402
from under_fire.databases import Database, PostgresDatabases, SqliteFiles  # noqa: E402
from under_fire.desk import desk_on  # noqa: E402
from under_fire.looking import disagreements  # noqa: E402
from under_fire.racers import (  # noqa: E402
    HOT,
    Race,
    histories,
    race_in_processes,
    race_in_threads,
)

from socialflow.stores.sql import SqlStore  # noqa: E402
from socialflow.testing.histories import check  # noqa: E402

__all__ = ["OPTIONS", "alone", "raced", "run", "together"]

OPTIONS = options("races", __doc__, examples=100_000, seed=1)
OPTIONS.add_argument("--threads", type=int, default=64, metavar="N", help="of one process")
OPTIONS.add_argument("--processes", type=int, default=8, metavar="N", help="of as many threads")

ROUND = 5_000
"""Calls for the same five items: whoever repeats a command has the item made anew from its history,
which should not be so long that this is all that happens."""

Start = Callable[[str, int, int], Race]


def alone(threads: int) -> Start:
    """A race of so many threads in this process."""
    return lambda url, calls, seed: race_in_threads(url, "t", threads, calls, seed)


def together(processes: int) -> Start:
    """A race of so many processes, each of as many threads."""
    return lambda url, calls, seed: race_in_processes(url, processes, processes, calls, seed)


def raced(database: Database, name: str, start: Start, calls: int, seed: int) -> Outcome:
    """So many calls in rounds, and what is wrong about what was told or stored."""
    race, violations = Race(), list[Any]()
    for began in range(0, calls, ROUND):
        one, wrong = a_round(database, start, min(ROUND, calls - began), seed + began)
        race.add(one)
        violations += wrong
    report = (
        f"{database.name}, {name}: {len(race.calls)} calls",
        *(
            f"    {item} ({HOT[item]}): half of them took {half * 1e3:.1f} ms, "
            f"99.9 % took {most * 1e3:.1f} ms, {most / half:.1f} times that"
            for item, (half, most) in race.waits.items()
        ),
        *(f"VIOLATION: {one}" for one in violations),
    )
    return Outcome(f"races / {database.name}, {name}", len(race.calls), violations, seed, report)


def a_round(database: Database, start: Start, calls: int, seed: int) -> tuple[Race, list[Any]]:
    """One race for five new items."""
    url = database.empty()
    with closing(SqlStore(url, create=True)) as store:
        for item, kind in HOT.items():
            desk_on(store).create(kind, by="ann", id=item, data={"title": "at first"})
        at_first = histories(store)
        race = start(url, calls, seed)
        violations = [*wrong_about(race, store, at_first)]
    database.remove(url)
    return race, violations


def wrong_about(race: Race, store: SqlStore, at_first: Any) -> Iterator[Any]:
    """What nobody should have been told, and what does not agree."""
    yield from race.errors
    yield from disagreements(store)
    stored = histories(store)
    for item, entries in stored.items():
        entries[: len(at_first[item])] = [attrs.evolve(one, mark=None) for one in at_first[item]]
    yield from map(attrs.asdict, check(race.calls, stored))


def run(asked: Namespace) -> list[Outcome]:
    """Every race, on both databases."""
    races = {
        f"{asked.threads} threads": alone(asked.threads),
        f"{asked.processes} processes of {asked.processes} threads": together(asked.processes),
    }
    with TemporaryDirectory() as folder, Server() as server:
        return [
            raced(database, name, start, asked.examples, asked.seed)
            for database in (SqliteFiles(Path(folder)), PostgresDatabases(server))
            for name, start in races.items()
        ]
