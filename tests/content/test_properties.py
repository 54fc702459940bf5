"""Properties of a department: proved for those ready to use, and broken by one thing wrong."""

from __future__ import annotations

import pytest
from defects import AT, DEFECTS, TWENTY, WHOLE, sentence, unsatisfied

from socialflow import Workflow
from socialflow.content.presets import PRESETS, preset
from socialflow.content.properties import PROPERTIES, department_properties
from socialflow.verify import Outcome, Report, check

PROVED = (Outcome.PROVED, Outcome.PROVED_IF)


def report(workflow: Workflow, name: str) -> Report:
    """What is said about a workflow, with the people of a preset."""
    asked = department_properties(workflow)
    return check(workflow, preset(name).team, *asked, at=AT, budget=20_000)


@pytest.mark.parametrize("name", ["reply_only"])
def test_the_department_has_its_properties(name: str) -> None:
    """Nothing is refuted, and nothing is left open."""
    found = report(preset(name).workflow, name)

    assert [] == [str(one) for one in found if one.outcome not in PROVED]


def test_some_presets_do_not_ask_for_every_vote() -> None:
    """Whose approval asks neither law nor the product owner does not have those two properties."""
    known = {name: preset(name).workflow for name in PRESETS}
    whole = {
        name
        for name, workflow in known.items()
        if not any(unsatisfied(workflow, one) for one in department_properties(workflow))
    }

    assert {"enterprise", "regulated", "hub_and_spoke"} <= whole
    assert whole.isdisjoint({"pair", "small_team", "fast_lane", "paid_campaign"})


QUICK = ("concept", "production", "tone", "promotion", "response", "reshare", "evaluation")
"""Stages in which it is found within a second or two; the long tests have them all."""


@pytest.mark.parametrize("stage", QUICK)
def test_what_is_wrong_in_one_stage_is_found(stage: str) -> None:
    """With twenty people, by steps that an engine carries out."""
    defect = DEFECTS[stage]

    (verdict,) = check(defect.plant(WHOLE), TWENTY, sentence(defect), at=AT)

    assert (True, True) == (verdict.is_refuted, verdict.confirmed), verdict


def test_there_is_a_defect_for_each_stage() -> None:
    """In the order of the stages, each breaking a sentence of its own."""
    assert [one.name for one in WHOLE.stages] == list(DEFECTS)
    assert len({str(sentence(one)) for one in DEFECTS.values()}) == len(DEFECTS)
    assert len(TWENTY.members) == 20


def test_there_are_properties_enough() -> None:
    """At least twenty, each said once, for the ten stages as they are."""
    assert len(department_properties(WHOLE)) >= 20
    assert len({str(one) for one in PROPERTIES}) == len(PROPERTIES)
    assert len(PRESETS) == 15
