"""Start questions: what is missing before the department can begin?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import attrs

from socialflow import Workflow
from socialflow.content.department import Department
from socialflow.content.roles import DEPARTMENT_LEAD
from socialflow.content.views.coverage import coverage
from socialflow.content.views.raci import raci
from socialflow.people import EVERYWHERE, Team

__all__ = ["Missing", "validate_setup"]

AFTERWARDS = {"response": "answers those who react", "evaluation": "says what came of it"}
"""What is not left out of a workflow that publishes, and why (S2-04)."""


@attrs.frozen
class Missing:
    """Something that has not been settled.

    Attributes:
        question: ``"why"``, ``"who"``, ``"where"``, ``"what"``, ``"how"`` or ``"when"``.
        what: What is missing.
    """

    question: str
    what: str


def validate_setup(
    department: Department, team: Team, workflow: Workflow, at: datetime
) -> tuple[Missing, ...]:
    """What is missing before the department can begin?

    The six start questions (S1-06): why, who, with which focus, what to watch, how content comes
    about, and when it is published.

    Args:
        department: Its goals, accounts, slots, and who keeps an eye on what.
        team: Who there is.
        workflow: How content comes about.
        at: Now.

    Returns:
        In the order of the questions; nothing, if all of them have an answer.
    """
    answers = {
        "why": _why(department, at),
        "who": _who(team, workflow, at),
        "where": _where(department),
        "what": _what(department, at),
        "how": _how(workflow),
        "when": _when(department),
    }
    return tuple(Missing(question, what) for question, told in answers.items() for what in told)


def _why(department: Department, at: datetime) -> Iterator[str]:
    running = [goal for goal in department.goals if goal.holds(at)]
    if not running:
        yield "no goal is pursued now"
    elif not any(goal.primary for goal in running):
        yield "no goal comes first"
    for goal in running:
        if goal.measured_by is None or goal.target is None:
            yield f"nobody can tell whether {goal.key!r} is reached: it has no metric or target"


def _who(team: Team, workflow: Workflow, at: datetime) -> Iterator[str]:
    if team.lead(DEPARTMENT_LEAD, EVERYWHERE, at) is None:
        yield "nobody leads the department"
    for row in raci(workflow, team, at):
        if not row.responsible:
            yield f"nobody is responsible for {row.stage}: no {' or '.join(row.vacant)}"


def _where(department: Department) -> Iterator[str]:
    if not department.accounts:
        yield "there is no account to publish on"
    for account in department.accounts:
        if not account.scope and account.unit is None and account.owner is None:
            yield f"{account.key!r} has no scope and belongs to nobody"


def _what(department: Department, at: datetime) -> Iterator[str]:
    for one in coverage(department, at):
        if not one.members:
            which = f"{one.dimension} {one.value!r}" if one.value else f"any {one.dimension}"
            yield f"nobody keeps an eye on {which}"


def _how(workflow: Workflow) -> Iterator[str]:
    for stage, what in AFTERWARDS.items():
        if "publish" in workflow.places and stage not in workflow.places:
            yield f"published is not done: nobody {what}, for there is no stage {stage!r}"
    yield from map(str, workflow.findings())


def _when(department: Department) -> Iterator[str]:
    having = {slots.account for slots in department.slots}
    for account in department.accounts:
        if account.key not in having and account.status == "active":
            yield f"nothing says when to publish on {account.key!r}"
