"""By-pass: nobody gets past who they are through any door.

A short version of `./run soak bypass`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from soak import bypass
from soak.bypass import DOORS, STATES, tried
from under_fire.back_doors import BACK_DOORS
from under_fire.databases import SqliteFiles

from socialflow.cases import Allow, Case
from socialflow.definitions import Workflow
from socialflow.engine import Engine
from socialflow.people import SYSTEM
from socialflow.policies import RolePolicy
from socialflow.transfer import parcels

JUDGED = ("by_id", "heard", "resolved", "fallen_due", "migrated")
"""Doors at which a policy is asked; the other front doors lead to that of by_id."""
SMALL = ("publication", "idea", "experiment")


def test_what_the_table_forbids_is_denied_at_every_door(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some of all attempts, at random: no event, and an objection to who they are."""
    through(monkeypatch, *DOORS, *(door for door in BACK_DOORS if door != "fallen_due"))

    outcome = tried(SqliteFiles(tmp_path), 100, seed=0)

    assert ([], 100) == (outcome.violations, outcome.done)


def test_what_falls_due_is_done_for_whom_the_table_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the small workflows: each action is made one that falls due, which takes a while."""
    through(monkeypatch, "fallen_due")

    outcome = tried(SqliteFiles(tmp_path), 100, seed=0)

    assert ([], 100) == (outcome.violations, outcome.done)


def test_a_door_that_asks_nobody_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that does whatever is asked for as the system."""

    def unguarded(engine: Engine, asked: tuple[str, str, str]) -> None:
        item, action, _ = asked
        engine.perform(item, action, by=SYSTEM)

    monkeypatch.setattr(bypass, "DOORS", {"unguarded": unguarded})
    monkeypatch.setattr(bypass, "BACK_DOORS", {})

    outcome = tried(SqliteFiles(tmp_path), 100, seed=0)

    assert outcome.violations


@pytest.mark.parametrize("door", JUDGED)
def test_a_policy_that_allows_everything_is_found(
    door: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each door by itself."""

    def allow(policy: RolePolicy, case: Case) -> Allow:
        return Allow(("anybody",))

    through(monkeypatch, door)
    monkeypatch.setattr(RolePolicy, "judge", allow)

    outcome = tried(SqliteFiles(tmp_path), 30, seed=1)

    assert outcome.violations


def test_an_import_that_lets_in_what_is_not_sealed_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that believes every hash."""
    added = parcels._Reader._add

    def believe(reader: Any, kind: str, told: dict[str, Any]) -> None:
        try:
            added(reader, kind, told)
        except parcels.LineError:
            reader._parcel.entries.append(parcels.lines.entry_in(told, reader._parcel))

    through(monkeypatch, "imported")
    monkeypatch.setattr(parcels._Reader, "_add", believe)

    outcome = tried(SqliteFiles(tmp_path), 3, seed=0)

    assert outcome.violations


def test_a_gate_that_takes_everything_for_signed_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind it, what was led past is published."""
    through(monkeypatch, "led_past")
    monkeypatch.setattr(Workflow, "unsigned", lambda *_: ())

    outcome = tried(SqliteFiles(tmp_path), 10, seed=0)

    assert outcome.violations


def through(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Have everything tried through those doors alone."""
    for which, doors in (("DOORS", DOORS), ("BACK_DOORS", BACK_DOORS)):
        chosen = {name: door for name, door in doors.items() if name in names}  # type: ignore[attr-defined]
        monkeypatch.setattr(bypass, which, chosen)
    if names == ("fallen_due",):
        small = [(name, state) for name, state in STATES if name in SMALL]
        monkeypatch.setattr(bypass, "STATES", small)
