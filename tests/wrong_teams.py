"""Teams that are wrong, or too small for a workflow: what is refused, and what is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from scenes import ANN, NOON, finish, stage, workflow

from socialflow import Action, Grant, Member, Parallel, Role, Team
from socialflow.ballots import Ballot
from socialflow.credentials import Credential
from socialflow.delegations import Delegation
from socialflow.errors import Finding
from socialflow.members import Capacity
from socialflow.rules import four_eyes
from socialflow.stores.sql import SqlStore
from socialflow.units import Unit
from socialflow.verify import staffing

__all__ = ["TEAMS"]


def a_week_below_zero(store: SqlStore) -> None:
    """Nobody has fewer hours at most than at least."""
    Capacity(9, 3)


def a_level_below_zero(store: SqlStore) -> None:
    """Of a credential."""
    Credential("training", "tone", level=-1)


def a_role_that_requires_a_wish(store: SqlStore) -> None:
    """What is required is no credential."""
    Role("editor", requires="be good at it")


def somebody_who_stands_in_for_themselves(store: SqlStore) -> None:
    """A delegation from one to the same one."""
    Team([ANN], delegations=[Delegation("ann", "ann")])


def a_unit_of_no_kind(store: SqlStore) -> None:
    """There are four kinds."""
    Unit("north", "spok")


def a_unit_that_is_not_there(store: SqlStore) -> None:
    """A member says to belong to it."""
    Team([Member("ann", "author", unit="nroth")], units=[Unit("north")])


def two_leads_of_one_place(store: SqlStore) -> Iterable[Finding]:
    """Nobody could say who decides."""
    return Team([Member("ann", "lead"), Member("bob", "lead")]).overlaps("lead")


def a_team_too_small(store: SqlStore) -> Iterator[Finding]:
    """Nobody, and nobody responsible, and too few for a ballot: nothing moves on."""
    balloted = finish(ballots=Ballot("brand", "chief", quorum=2))
    for step in (
        stage("a", finish(), role="chief"),
        stage("a", balloted),
        Parallel(stage("a", finish(rules=four_eyes())), stage("b", Action("x", "one", "two"))),
    ):
        yield from staffing(workflow(step, roles=("author", "chief")), Team([ANN]), at=NOON)


def a_grant_that_opens_nothing(store: SqlStore) -> Iterable[Finding]:
    """It names a role that is in no workflow."""
    return Team([Member("ann", Grant("autor"))]).check(["author"])


TEAMS: tuple[Callable[[SqlStore], Any], ...] = (
    a_week_below_zero,
    a_level_below_zero,
    a_role_that_requires_a_wish,
    somebody_who_stands_in_for_themselves,
    a_unit_of_no_kind,
    a_unit_that_is_not_there,
    two_leads_of_one_place,
    a_team_too_small,
    a_grant_that_opens_nothing,
)
"""Each is given a store, which it leaves alone."""
