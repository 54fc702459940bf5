"""Hostile input: three stores answer alike, by a typed error or by what is read back as told.

A short version of `./run soak hostile`, which makes a hundred thousand calls.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from postgres import Postgres
from soak.hostile import attacked
from under_fire.desk import desk_on

from socialflow import Member, Scope
from socialflow.errors import WrongArgument
from socialflow.stores.memory import MemoryStore


def test_hostile_input_is_answered_alike_by_every_store(tmp_path: Path, postgres: Postgres) -> None:
    """Nothing but one of the library's own errors, or what is kept as it was told."""
    outcome = attacked(tmp_path, postgres, examples=250, seed=0)

    assert ([], 250) == (outcome.violations, outcome.done)


@pytest.mark.parametrize("bad", ["a\0b", "\ud800"])
@pytest.mark.parametrize("name", ["by", "vouched", "ref", "key", "id", "scope", "tenant"])
def test_a_text_that_not_every_store_can_keep_is_a_wrong_argument(name: str, bad: str) -> None:
    """A NUL, or half of a character, wherever a text is asked for: on every store alike."""
    store = MemoryStore()
    told: dict[str, Any] = {"by": "ann", "data": {"title": "x"}}
    told |= {
        "vouched": {"by": Member(bad, "author")},
        "scope": {"scope": Scope(brand=("acme", bad))},
        "tenant": {},
    }.get(name, {name: bad})

    with pytest.raises(WrongArgument):
        desk_on(store.for_tenant(bad) if name == "tenant" else store).create("leaflet", **told)


@pytest.mark.parametrize("levels", [3, 100_000])
def test_what_is_too_deep_to_be_shown_is_a_wrong_argument(levels: int) -> None:
    """The sentence says of which kind it is."""
    deep: Any = "x"
    for _ in range(levels):
        deep = [deep]

    with pytest.raises(WrongArgument, match="item_id must be a text without NUL, not"):
        desk_on(MemoryStore()).item(deep)


@pytest.mark.parametrize("end", [datetime.min, datetime.max])
def test_the_ends_of_time_are_wrong_arguments(end: datetime) -> None:
    """There is no day before the first, and none behind the last."""
    with pytest.raises(WrongArgument, match="now must be a moment"):
        desk_on(MemoryStore()).run_due(end.replace(tzinfo=UTC))
