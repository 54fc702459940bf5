"""kill -9: workers are killed in the middle of their work, again and again, and replaced.

What they were told is compared with what is stored; what the platform saw, with what the outbox
says; and everything that is stored, with itself.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import sleep

sys.path[:0] = [str(Path(__file__).parent.parent)]

from postgres import Server  # noqa: E402
from soak.campaign import Outcome, options  # noqa: E402
from under_fire.databases import Database, PostgresDatabases, SqliteFiles  # noqa: E402
from under_fire.desk import desk_on  # noqa: E402
from under_fire.reckoning import reckoning  # noqa: E402
from under_fire.workers import Crew, acknowledged, called  # noqa: E402

from socialflow.stores.sql import SqlStore  # noqa: E402

__all__ = ["OPTIONS", "killed", "run"]

OPTIONS = options("kills", __doc__, examples=200, seed=1)
OPTIONS.add_argument("--workers", type=int, default=8, metavar="N")


def killed(database: Database, kills: int, workers: int, seed: int) -> Outcome:
    """So many workers at one database, of whom one after the other is killed."""
    rng = Random(seed)
    url = database.empty()
    with TemporaryDirectory() as folder, closing(SqlStore(url, create=True)) as store:
        desk_on(store).create("leaflet", by="ann", id="hot", data={"title": "at first"})
        with Crew(url, Path(folder)) as crew:
            for _ in range(workers):
                crew.start()
            sleep(1)
            for _ in range(kills):
                sleep(rng.uniform(0.02, 0.3))
                crew.kill(rng.randrange(workers))
                crew.start()
            sleep(1)
        told = sum(1 for _ in acknowledged(Path(folder)))
        violations = [*reckoning(store, Path(folder))]
        calls = called(Path(folder)).total()
    report = (
        f"{database.name}: {kills} kills, {told} acknowledged, {calls} calls of the platform",
        *(f"VIOLATION: {one}" for one in violations),
    )
    return Outcome(f"kills / {database.name}", kills, violations, seed, report)


def run(asked: Namespace) -> list[Outcome]:
    """Kill them, on both databases."""
    with TemporaryDirectory() as folder, Server() as server:
        return [
            killed(database, asked.examples, asked.workers, asked.seed)
            for database in (SqliteFiles(Path(folder)), PostgresDatabases(server))
        ]
