"""Races: everybody wants the same items, and every answer agrees with what is stored.

A short version of `./run soak races`, which makes a hundred thousand calls in each race.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from postgres import Postgres
from soak.races import alone, raced, together
from under_fire.databases import PostgresDatabases, SqliteFiles

from socialflow.stores.sql.sqlite import SqliteTalk


def test_threads_that_race_for_a_sqlite_file_agree_with_it(tmp_path: Path) -> None:
    """Sixteen of one process."""
    outcome = raced(SqliteFiles(tmp_path), "16 threads", alone(16), calls=400, seed=0)

    assert ([], 400) == (outcome.violations, outcome.done)


def test_processes_that_race_for_a_sqlite_file_agree_with_it(tmp_path: Path) -> None:
    """Two, of two threads each."""
    outcome = raced(SqliteFiles(tmp_path), "2 processes", together(2), calls=200, seed=0)

    assert ([], 200) == (outcome.violations, outcome.done)


def test_threads_that_race_for_postgresql_agree_with_it(postgres: Postgres) -> None:
    """Eight of one process."""
    outcome = raced(PostgresDatabases(postgres), "8 threads", alone(8), calls=200, seed=0)

    assert ([], 200) == (outcome.violations, outcome.done)


def test_the_campaign_sees_what_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that acknowledges every tenth command without keeping it is found out."""
    submit, count = SqliteTalk.submit, iter(range(1_000))

    def careless(talk: SqliteTalk, said: object) -> None:
        if next(count) % 10 != 9:
            submit(talk, said)  # type: ignore[arg-type]

    monkeypatch.setattr(SqliteTalk, "submit", careless)

    outcome = raced(SqliteFiles(tmp_path), "2 threads", alone(2), calls=60, seed=0)

    assert "lost" in {one["kind"] for one in outcome.violations}
