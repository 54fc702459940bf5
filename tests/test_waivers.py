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

from socialflow import (
    Facts,
    Grant,
    Member,
    Scope,
)
from socialflow.ballots import Ballot
from socialflow.rules import has
from socialflow.testing.strategies import (
    cleared,
)


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


@pytest.mark.law(7, 23)
def test_what_the_next_stage_demands_is_waived_as_well() -> None:
    """Entry rules object to whoever hands over, who may waive them, and it is written down."""
    second = stage("b", finish(), enter=has("body").waivable("editor"))
    walk = Walk.begin(workflow(stage("a", finish(roles="*")), second))
    assert ("has",) == walk.refused("a.finish", ANN, waive={"has": "it comes later"}).codes

    event = walk.do("a.finish", ED, waive={"has": "it comes later", "other": "never asked"})

    assert {"has": "it comes later"} == event.command.waive
    assert "b" in {token.stage for token in event.tokens}


@pytest.mark.law(9, 23)
def test_nobody_waives_anything_for_the_others_who_vote() -> None:
    """What is decided by ballot has no one doer: its rules hold, or it is forced."""
    voted = finish(rules=has("body").waivable("editor"), ballots=Ballot("yes", "editor"))
    walk = Walk.begin(workflow(stage("a", voted)))

    assert ("has",) == walk.refused("finish", ED, waive={"has": "because"}).codes


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
