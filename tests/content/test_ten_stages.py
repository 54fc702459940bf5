"""The ten stages are there, in order, with the states that the department knows them by."""

from __future__ import annotations

import pytest

from socialflow import Parallel
from socialflow.content import social_content

STATES = {
    "concept": ("idea", "screening", "accepted*", "shelved"),
    "assignment": ("unassigned", "offered", "assigned*"),
    "production": ("drafting", "paused", "submitted*"),
    "tone": ("queued", "adjusting", "in_tone*"),
    "approval": ("pending", "approved*", "expired"),
    "publish": (
        "ready",
        "scheduled",
        "publishing",
        "unconfirmed",
        "failed",
        "recalling",
        "partly_live*",
        "live*",
    ),
    "promotion": ("open", "settled*"),
    "response": ("listening", "closed*"),
    "reshare": ("open", "settled*"),
    "evaluation": ("collecting", "analysing", "reported", "accepted*"),
}


def test_the_ten_stages_stand_in_their_order() -> None:
    """S1 section 5 names ten stages; an item goes through them as listed there."""
    assert [*STATES] == [stage.name for stage in social_content().stages]


@pytest.mark.parametrize("name", STATES)
def test_a_stage_has_its_states_and_those_that_are_done(name: str) -> None:
    """A star marks a done state; the first state is where the stage begins."""
    stage = social_content().stage(name)

    assert {state.rstrip("*") for state in STATES[name]} == {*stage.states}
    assert STATES[name][0] == stage.states[0]
    assert {state[:-1] for state in STATES[name] if state.endswith("*")} == {*stage.done}


def test_promotion_response_and_reshare_are_open_together() -> None:
    """Stages 7 to 9 run at the same time, and only they."""
    together = [step for step in social_content().steps if isinstance(step, Parallel)]

    assert [["promotion", "response", "reshare"]] == [[s.name for s in p.stages] for p in together]


def test_tone_signs_the_visit_and_approval_the_revision() -> None:
    """What signs, and what lets the revision go out, is as the department has it."""
    stages = social_content().stages

    assert {"tone": "visit", "approval": "revision"} == {s.name: s.signs for s in stages if s.signs}
    assert ["publish"] == [stage.name for stage in stages if stage.releases]


def test_an_item_ends_in_one_of_four_ways() -> None:
    """Closed after evaluation, rejected, cancelled, or recalled."""
    assert ("closed", "rejected", "cancelled", "recalled") == social_content().ends


def test_every_stage_has_somebody_responsible_and_the_lead_is_the_default_doer_of_none() -> None:
    """S1-33: a queue for each stage; S1-34: the lead oversees, and waits in none of them."""
    roles = {stage.name: stage.role for stage in social_content().stages}

    assert all(roles.values())
    assert not [name for name, held in roles.items() if "department_lead" in held]


def test_nothing_about_the_workflow_is_suspicious() -> None:
    """No state that is never reached or never left, no cycle of automatic actions."""
    assert () == social_content().findings()


def test_the_workflow_has_the_same_identity_each_time() -> None:
    """Items are pinned to a digest, which must not depend on when it was built."""
    assert social_content().digest == social_content().digest
