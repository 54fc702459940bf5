"""Properties of a department: proved for those ready to use, and broken by one thing wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from socialflow import Action, Workflow
from socialflow.content.presets import PRESETS, preset
from socialflow.content.properties import PROPERTIES, department_properties
from socialflow.verify import Outcome, Report, check

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
PROVED = (Outcome.PROVED, Outcome.PROVED_IF)


def report(workflow: Workflow, name: str, *asked: object) -> Report:
    """What is said about a workflow, with the people of a preset."""
    told = asked or department_properties(workflow)
    return check(workflow, preset(name).team, *told, at=AT, budget=20_000)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["reply_only"])
def test_the_department_has_its_properties(name: str) -> None:
    """Nothing is refuted, and nothing is left open."""
    found = report(preset(name).workflow, name)

    assert [] == [str(one) for one in found if one.outcome not in PROVED]


Change = Callable[[Workflow], Workflow]


def with_action(stage: str, action: Action) -> Change:
    """The workflow with one more action in a stage."""
    return lambda workflow: workflow.amend(stage, actions=[action])


DEFECTS: dict[str, tuple[Change, str]] = {
    "concept": (
        with_action("concept", Action("rush", "idea", "accepted")),
        "never in assignment or production without concept.accept",
    ),
}
"""One thing that is wrong in a stage, and the property that says so."""


def said_by(told: str, workflow: Workflow) -> object:
    """The property whose sentence has these words in it."""
    return next(one for one in department_properties(workflow) if told in str(one))


@pytest.mark.parametrize("stage", DEFECTS)
def test_what_is_wrong_in_one_stage_is_found(stage: str) -> None:
    """The property holds for the stages as they are, and breaks with one thing wrong in one."""
    sound = preset("enterprise").workflow
    change, told = DEFECTS[stage]
    (verdict,) = report(change(sound), "enterprise", said_by(told, sound))

    assert verdict.is_refuted, verdict
    assert verdict.trace is not None


def test_there_are_properties_enough() -> None:
    """At least twenty, each said once, for the ten stages as they are."""
    whole = preset("enterprise").workflow

    assert len(department_properties(whole)) >= 20
    assert len({str(one) for one in PROPERTIES}) == len(PROPERTIES)
    assert len(PRESETS) == 15
