"""A PostgreSQL server that stops at once, under load, and starts again; again and again.

Workers go on by themselves, with the same orders under the same keys. What they were told is
compared with what is stored, and what the platform saw, with what the outbox says.
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
from under_fire.databases import PostgresDatabases  # noqa: E402
from under_fire.desk import desk_on  # noqa: E402
from under_fire.reckoning import reckoning  # noqa: E402
from under_fire.workers import Crew, acknowledged, called  # noqa: E402

from socialflow.stores.sql import SqlStore  # noqa: E402

__all__ = ["OPTIONS", "run", "stopped"]

OPTIONS = options("stops", __doc__, examples=10, seed=1)
OPTIONS.add_argument("--workers", type=int, default=8, metavar="N")


def stopped(stops: int, workers: int, seed: int) -> Outcome:
    """So many stops of a server that keeps what it has promised."""
    rng = Random(seed)
    with TemporaryDirectory() as folder, Server(fsync=True) as server:
        url = PostgresDatabases(server).empty()
        with closing(SqlStore(url, create=True)) as store:
            desk_on(store).create("leaflet", by="ann", id="hot", data={"title": "at first"})
        with Crew(url, Path(folder)) as crew:
            for _ in range(workers):
                crew.start()
            for _ in range(stops):
                sleep(rng.uniform(1, 3))
                server.restart("immediate")
            sleep(2)
        told = sum(1 for _ in acknowledged(Path(folder)))
        with closing(SqlStore(url)) as store:
            violations = [*reckoning(store, Path(folder))]
        calls = called(Path(folder)).total()
    report = (
        f"{stops} stops, {told} acknowledged, {calls} calls of the platform",
        *(f"VIOLATION: {one}" for one in violations),
    )
    return Outcome("stops / PostgreSQL", stops, violations, seed, report)


def run(asked: Namespace) -> list[Outcome]:
    """Stop it, as often as was asked."""
    return [stopped(asked.examples, asked.workers, asked.seed)]
