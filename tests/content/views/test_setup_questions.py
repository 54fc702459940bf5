"""The six start questions, and what is missing before a department can begin."""

from __future__ import annotations

from typing import Any

from socialflow import Grant, Member, Role, Scope, Stage, Team, Workflow
from socialflow.content.department import (
    Account,
    Channel,
    Department,
    Goal,
    MonitoringAssignment,
    Slots,
)
from socialflow.content.plans import DIMENSIONS
from socialflow.content.views.setup import validate_setup


def test_everything_is_missing_where_nothing_has_been_settled(empty: Any) -> None:
    """Why, who, where and what to watch."""
    told = validate_setup(Department(), Team([]), empty.workflow, empty.now)

    assert {"why", "who", "where", "what"} <= {one.question for one in told}
    assert "no goal is pursued now" in [one.what for one in told]
    assert "nobody leads the department" in [one.what for one in told]


def test_what_is_missing_is_named(empty: Any) -> None:
    """The goal, the role, the account."""
    told = validate_setup(empty.department, empty.team, empty.workflow, empty.now)

    assert {
        "nobody can tell whether 'leads' is reached: it has no metric or target",
        "nobody is responsible for approval: no approver",
        "nobody keeps an eye on region 'north'",
        "nobody keeps an eye on any industry",
        "nothing says when to publish on 'blog'",
        "nothing says when to publish on 'news'",
    } <= {one.what for one in told}
    assert not [one for one in told if "clips" in one.what]


def test_nothing_is_missing_where_all_has_been_settled(empty: Any) -> None:
    """Every question has an answer."""
    roles = {role for stage in empty.workflow.stages for role in stage.role} | {"department_lead"}
    team = Team([Member("ann", sorted(roles))])
    department = Department(
        channels=[Channel("web")],
        accounts=[Account("blog", "web", unit="hub")],
        slots=[Slots("blog", ["09:00"])],
        goals=[Goal("reach", metric="reach", target=9, primary=True)],
        monitoring=[
            *(MonitoringAssignment(one, "something", "ann") for one in DIMENSIONS),
            MonitoringAssignment("platform", "web", "ann"),
        ],
    )

    told = validate_setup(department, team, empty.workflow, empty.now)

    assert [] == [one for one in told if one.question != "how"]


def test_what_is_suspicious_about_the_workflow_is_told(empty: Any) -> None:
    """How does content come about?"""
    odd = Workflow(
        "odd", [Stage("desk", ("open", "never", "done"), role="clerk")], roles=[Role("clerk")]
    )

    told = validate_setup(empty.department, empty.team, odd, empty.now)

    assert [one for one in told if one.question == "how"]


def test_a_lead_for_one_region_does_not_lead_the_department(empty: Any) -> None:
    """Somebody has to lead all of it."""
    team = Team([Member("ann", Grant("department_lead", Scope(region="north")))])

    told = validate_setup(empty.department, team, empty.workflow, empty.now)

    assert "nobody leads the department" in [one.what for one in told]
