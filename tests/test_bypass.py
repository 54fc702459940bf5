"""By-pass: nobody gets past who they are through any door.

A short version of `./run soak bypass`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from soak import bypass
from soak.bypass import tried
from under_fire.databases import SqliteFiles

from socialflow.engine import Engine
from socialflow.people import SYSTEM


def test_what_the_table_forbids_is_denied_at_every_door(tmp_path: Path) -> None:
    """Some of all attempts, at random: no event, and an objection to who they are."""
    outcome = tried(SqliteFiles(tmp_path), 400, seed=0)

    assert ([], 400) == (outcome.violations, outcome.done)


def test_a_door_that_asks_nobody_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that does whatever is asked for as the system."""

    def unguarded(engine: Engine, asked: tuple[str, str, str]) -> None:
        item, action, _ = asked
        engine.perform(item, action, by=SYSTEM)

    monkeypatch.setattr(bypass, "DOORS", {"unguarded": unguarded})

    outcome = tried(SqliteFiles(tmp_path), 100, seed=0)

    assert outcome.violations
