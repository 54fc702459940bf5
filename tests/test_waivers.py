"""Waivers: going on although a rule objects, for those who may, and for a reason."""

from __future__ import annotations

from typing import Any

import pytest
from scenes import (
    ANN,
    ED,
    Reason,
    Walk,
    finish,
    stage,
    workflow,
)
from strategies import (
    cleared,
)

from socialflow import (
    Facts,
    Grant,
    Member,
    Scope,
)
from socialflow.rules import has


def waivable(*rules: Any) -> Walk:
    """An item whose one action has these rules."""
    return Walk.begin(workflow(stage("a", finish(rules=rules, roles="*"))))


@pytest.mark.law(23)
def test_a_waiver_needs_a_role_that_may_waive_and_a_reason() -> None:
    """Without the role, the reason or the permission of the rule, it still objects."""
    walk = waivable(has("body").waivable("editor"))

    assert ("has",) == walk.refused("finish", ED).codes
    assert ("has",) == walk.refused("finish", ANN, waive={"has": "because"}).codes
    assert ("has",) == walk.refused("finish", ED, waive={"has": ""}).codes
    assert ("has",) == walk.refused("finish", ED, waive={"other": "because"}).codes
    assert walk.do("finish", ED, waive={"has": "because"})


@pytest.mark.law(23)
def test_a_rule_that_nobody_may_waive_is_not_waived() -> None:
    """A reason alone opens nothing, nor does it waive a rule that failed."""
    walk = waivable(has("body"), cleared().waivable("editor"))
    walk.facts = Facts(failed={"clearance": "down"})

    waive = {"has": "because", "cleared": "because", "fact_missing": "because"}
    assert ("has", "fact_missing") == walk.refused("finish", ED, waive=waive).codes


def test_a_role_that_may_waive_counts_only_in_its_scope() -> None:
    """A grant elsewhere waives nothing here."""
    walk = waivable(has("body").waivable("editor"))
    elsewhere = Member("ed", Grant("editor", Scope(brand="other")))

    assert ("has",) == walk.refused("finish", elsewhere, waive={"has": "because"}).codes


@pytest.mark.law(23)
def test_a_waiver_is_recorded_cut_down_to_what_was_needed() -> None:
    """Only reasons for rules that objected stand in the event."""
    walk = waivable(has("body").waivable("editor"), has("title").waivable("editor"))
    event = walk.do("finish", ED, waive={"has": "no body yet", "late": "never mind"})

    assert {"has": "no body yet"} == event.command.waive

    ready = waivable(has("title").waivable("editor"))
    assert {} == ready.do("finish", ED, waive={"has": "to be sure"}).command.waive


def test_a_waiver_helps_against_rules_only() -> None:
    """Neither a lacking role nor wrong data can be waived."""
    walk = Walk.begin(workflow(stage("a", finish(data=Reason))))
    waive = {"role": "because", "data": "because", "state": "because"}

    assert ("role", "data") == walk.refused("finish", ED, waive=waive).codes
    walk.do("finish", ANN, {"reason": "x"})
    assert ("state",) == walk.refused("finish", ANN, waive=waive).codes
