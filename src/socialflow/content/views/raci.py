"""RACI: who is responsible for each stage, who lets it pass, who is consulted, who is informed?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import attrs

from socialflow import Stage, Workflow
from socialflow.people import ANYONE, EVERYWHERE, SYSTEM, Scope, Team
from socialflow.plans import plan_of
from socialflow.ways import Way

__all__ = ["Part", "Raci", "part_of", "raci"]

PARTS = ("responsible", "approves", "consulted", "informed")


@attrs.frozen
class Raci:
    """One stage, with the ids of those who have a part in it; each in the first that they have.

    Attributes:
        stage: Its name.
        responsible: They hold the role of the stage.
        approves: They vote there, or may take the item on or to an end.
        consulted: They may do something else there.
        informed: They are responsible for the step before or the one after.
        vacant: Roles of the stage that nobody holds.
    """

    stage: str
    responsible: tuple[str, ...]
    approves: tuple[str, ...]
    consulted: tuple[str, ...]
    informed: tuple[str, ...]
    vacant: tuple[str, ...]


@attrs.frozen
class Part:
    """The part that one member has in one stage."""

    stage: str
    part: str


def raci(
    workflow: Workflow, team: Team, at: datetime, *, scope: Scope = EVERYWHERE
) -> tuple[Raci, ...]:
    """Who is responsible for each stage, who lets it pass, who is consulted, who is informed?

    Args:
        workflow: The stages, their roles and actions.
        team: Who holds which role.
        at: Now: grants that have ended, and those that lack a credential, give no part.
        scope: For content that belongs there; somebody whose grants hold elsewhere has no part.

    Returns:
        The stages in the order of the workflow; ids in the order of the team.
    """
    return tuple(_row(workflow, stage, team, scope, at) for stage in workflow.stages)


def part_of(table: Iterable[Raci], member: str) -> tuple[Part, ...]:
    """Which parts do I play?  One member's, out of the whole table."""
    return tuple(
        Part(row.stage, part) for row in table for part in PARTS if member in getattr(row, part)
    )


def _row(workflow: Workflow, stage: Stage, team: Team, scope: Scope, at: datetime) -> Raci:
    told: set[str] = set()
    parts = []
    for roles in _roles(workflow, stage):
        held = [id for id in _holders(workflow, roles, team, scope, at) if id not in told]
        told.update(held)
        parts.append(tuple(held))
    vacant = tuple(
        role for role in stage.role if not any(_holders(workflow, {role}, team, scope, at))
    )
    return Raci(stage.name, parts[0], parts[1], parts[2], parts[3], vacant)


def _roles(workflow: Workflow, stage: Stage) -> Iterator[set[str]]:
    """The roles of a stage that play each part; nobody is asked for what anybody may do."""
    ways = [way for state in stage.states for way in plan_of(workflow).listed[stage.full(state)]]
    acting = [way for way in ways if way.action is not None or way.name == "edit"]
    deciding = [way for way in acting if _decides(way, stage)]
    yield {*stage.role}
    yield _opening(deciding)
    yield _opening(acting)
    yield {role for near in _beside(workflow, stage) for role in near.role}


def _opening(ways: Iterable[Way]) -> set[str]:
    roles = {role for way in ways for role in way.roles}
    ballots = {role for way in ways for ballot in way.ballots for role in ballot.roles}
    return (roles | ballots) - {ANYONE, SYSTEM.id}


def _decides(way: Way, stage: Stage) -> bool:
    done = {stage.full(state) for state in stage.done}
    ends = any(target.startswith("end.") for target in way.targets)
    return bool(way.ballots) or ends or not done.isdisjoint(way.targets)


def _beside(workflow: Workflow, stage: Stage) -> Iterator[Stage]:
    place = workflow.places[stage.name]
    return (one for one in workflow.stages if abs(workflow.places[one.name] - place) == 1)


def _holders(
    workflow: Workflow, roles: set[str], team: Team, scope: Scope, at: datetime
) -> Iterator[str]:
    for member in team.holders(ANYONE):
        held = member.roles(scope, at) & roles
        if any(not member.lacks(workflow.requires.get(one, ()), at) for one in held):
            yield member.id
