"""Kills and stops: nothing that was acknowledged is lost, and nothing is done twice unasked.

Short versions of `./run soak kills` and `./run soak stops`.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from postgres import Postgres
from soak.kills import killed
from soak.stops import stopped
from under_fire.databases import PostgresDatabases, SqliteFiles
from under_fire.desk import desk_on
from under_fire.reckoning import reckoning
from under_fire.workers import append

from socialflow.stores.sql import SqlStore


def test_killed_workers_lose_nothing_in_sqlite(tmp_path: Path) -> None:
    """Three of them, one after the other, out of three."""
    outcome = killed(SqliteFiles(tmp_path), kills=3, workers=3, seed=0)

    assert [] == outcome.violations
    assert " 0 acknowledged" not in outcome.report[0]


def test_killed_workers_lose_nothing_in_postgresql(postgres: Postgres) -> None:
    """Three of them, one after the other, out of three."""
    outcome = killed(PostgresDatabases(postgres), kills=3, workers=3, seed=0)

    assert [] == outcome.violations
    assert " 0 acknowledged" not in outcome.report[0]


@pytest.mark.postgres
def test_a_server_that_stops_at_once_loses_nothing() -> None:
    """Under load, and the workers go on when it is back."""
    outcome = stopped(stops=1, workers=2, seed=0)

    assert [] == outcome.violations
    assert " 0 acknowledged" not in outcome.report[0]


def test_the_reckoning_sees_what_is_lost_and_what_is_done_twice(tmp_path: Path) -> None:
    """An acknowledgement without an entry; a second call, and one for nothing."""
    with closing(SqlStore(f"sqlite:///{tmp_path}/content.db", create=True)) as store:
        engine = desk_on(store)
        engine.create("leaflet", by="ann", id="a", data={"title": "x"}, key="born")
        engine.perform("a", "ping", by="ann", key="pinged")
        append(tmp_path / "told by w1", "born a 1")
        append(tmp_path / "told by w1", "lost a 3")
        for key in ("a/2/0", "a/2/0", "a/2/1", "a/2/1", "b/1/0"):
            append(tmp_path / "calls", key)

        violations = [*reckoning(store, tmp_path)]

    told = "\n".join(violations)
    assert "lost was acknowledged with version 3 of a" in told
    assert "the platform was called 2 times for a/2/0, which is queued" in told
    assert "the platform was called 3 times for a/2/0, which is delivered" in told
    assert "the platform was called for b/1/0, which is no effect" in told
    assert "times for a/2/1" not in told
    assert "born" not in told
