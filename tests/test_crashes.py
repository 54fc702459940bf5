"""Crashes: broken between any two statements, a store is what it was, and the same order goes on.

Some examples of the campaign that `./run soak crashes` runs at every boundary.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from postgres import Postgres
from soak.crashes import Campaign
from under_fire.databases import PostgresDatabases, SqliteFiles
from under_fire.story import STORY

from socialflow.standing import STANDING
from socialflow.stores.sql.sqlite import SqliteTalk
from socialflow.stores.sql.steps import Said


def test_sqlite_bears_a_crash_anywhere(tmp_path: Path) -> None:
    """Nothing half, and nothing twice."""
    campaign = Campaign(SqliteFiles(tmp_path), examples=12, seed=0).run()

    assert ([], 12) == (campaign.violations, campaign.done)


def test_postgresql_bears_a_crash_anywhere(postgres: Postgres) -> None:
    """Nothing half, and nothing twice."""
    campaign = Campaign(PostgresDatabases(postgres), examples=4, seed=0).run()

    assert ([], 4) == (campaign.violations, campaign.done)


def test_the_campaign_sees_what_is_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where every statement is committed by itself, it finds violations in each step."""
    say = SqliteTalk._say

    def say_durably(talk: SqliteTalk, connection: Any, said: Sequence[Said]) -> None:
        for one in said:
            say(talk, connection, [one])
            for sql in ("COMMIT", "BEGIN IMMEDIATE"):
                connection.cursor.execute(sql)

    monkeypatch.setattr(SqliteTalk, "_say", say_durably)

    campaign = Campaign(SqliteFiles(tmp_path), examples=12, seed=0).run(STORY[:3])

    assert {"create post", "adopt", "edit post"} == {one["step"] for one in campaign.violations}


def test_the_story_has_every_standing_command() -> None:
    """Whatever is added to them is crashed as well."""
    words = {word for step in STORY for word in step.name.split()}

    assert {*STANDING} <= words
