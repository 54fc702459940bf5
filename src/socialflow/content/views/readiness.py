"""Readiness: how far has the organisation come, and what is its next step?

Companies do not begin with everybody speaking for the brand: most programmes are years old before
that (S0-06).  First somebody does it, then it is governed, then it is everybody's.  The checklist
is data, and a company may have another one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from math import inf

import attrs

from socialflow import Workflow
from socialflow.content.department import Department
from socialflow.content.roles import DEPARTMENT_LEAD, EMPLOYEE_ADVOCATE, FEEDBACK_PANEL
from socialflow.content.views.policies import policy_rollout
from socialflow.content.views.raci import raci
from socialflow.content.views.training import training_gaps
from socialflow.people import EVERYWHERE, Team

__all__ = ["CHECKLIST", "FITTING", "Company", "Question", "Readiness", "Step", "readiness"]


@attrs.frozen
class Company:
    """What a question looks at, at the moment *at*."""

    department: Department
    team: Team
    workflow: Workflow
    at: datetime


@attrs.frozen
class Question:
    """One line of a checklist.

    Attributes:
        level: The level of maturity that asks for it, from 1.
        what: What is so, once it is answered.
        answered: Whether it is.
    """

    level: int
    what: str
    answered: Callable[[Company], bool]


@attrs.frozen
class Step:
    """One line of a checklist that has been gone through.

    Attributes:
        level: The level of maturity that asks for it.
        what: What is so, once it is reached.
        reached: Whether it is.
    """

    level: int
    what: str
    reached: bool


@attrs.frozen
class Readiness:
    """How far an organisation has come.

    Attributes:
        level: The highest of which all steps are reached, as are those of the levels below; 0
            before the first.
        preset: The department to begin with that fits it.
        steps: All of them, in the order of the checklist.
    """

    level: int
    preset: str
    steps: tuple[Step, ...]


def _goal_measured(company: Company) -> bool:
    goals = company.department.goals
    return any(one.holds(company.at) and one.metric and one.target is not None for one in goals)


def _led(company: Company) -> bool:
    return company.team.lead(DEPARTMENT_LEAD, EVERYWHERE, company.at) is not None


def _staffed(company: Company) -> bool:
    return all(row.responsible for row in raci(company.workflow, company.team, company.at))


def _policy_known(company: Company) -> bool:
    told = policy_rollout(company.department, company.team, company.at)
    return bool(told) and not any(one.outdated or one.missing for one in told)


def _trained(company: Company) -> bool:
    grants = (grant for one in company.team.members for grant in one.grants)
    asked = any(company.workflow.requires.values()) or any(grant.requires for grant in grants)
    gaps = training_gaps(company.workflow, company.team, company.at)
    return asked and all(gap.until is not None for gap in gaps)


def _usable(company: Company) -> bool:
    return any(one.may_be_used(company.at) for one in company.department.messages)


def _watched(company: Company) -> bool:
    return any(one.dimension == "brand" for one in company.department.monitoring)


def _several(company: Company) -> bool:
    return len({one.unit for one in company.team.members if one.unit and one.grants}) > 1


def _shared(company: Company) -> bool:
    goals = company.department.goals
    return any(one.holds(company.at) and len(one.units) > 1 for one in goals)


def _held(role: str) -> Callable[[Company], bool]:
    return lambda company: any(
        grant.role == role and grant.runs(company.at)
        for one in company.team.members
        for grant in one.grants
    )


CHECKLIST = (
    Question(1, "a goal is pursued, and something shows whether it is reached", _goal_measured),
    Question(1, "somebody leads the department", _led),
    Question(1, "every stage has somebody responsible", _staffed),
    Question(2, "there is a policy, and everybody has acknowledged it", _policy_known),
    Question(2, "roles ask for training, and nobody lacks it", _trained),
    Question(2, "there are words that all may use", _usable),
    Question(2, "somebody keeps an eye on the brand", _watched),
    Question(3, "several departments take part", _several),
    Question(3, "departments share a goal", _shared),
    Question(3, "employees speak for the brand", _held(EMPLOYEE_ADVOCATE)),
    Question(3, "customers are asked in a feedback group", _held(FEEDBACK_PANEL)),
)
"""From the first steps of one department to a whole company that takes part (S0-06, S4-15)."""

FITTING = ("small_team", "centralised", "hub_and_spoke", "holistic")
"""Presets for those who have reached no level yet, the first, the second, the third."""


def readiness(
    department: Department,
    team: Team,
    workflow: Workflow,
    at: datetime,
    *,
    checklist: Iterable[Question] = CHECKLIST,
) -> Readiness:
    """How far have we come, and what is the next step?

    Args:
        department: Its goals, policies and messages, and who keeps an eye on what.
        team: Who there is, and what they have learnt.
        workflow: Which stages there are, and what their roles require.
        at: Now.
        checklist: What is asked, level by level.
    """
    company = Company(department, team, workflow, at)
    steps = tuple(Step(one.level, one.what, one.answered(company)) for one in checklist)
    stuck = min((one.level for one in steps if not one.reached), default=inf)
    level = max((one.level for one in steps if one.level < stuck), default=0)
    return Readiness(level, FITTING[min(level, len(FITTING) - 1)], steps)
