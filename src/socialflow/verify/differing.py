"""Differing: what another definition lets people do, and no longer lets them do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import attrs

from socialflow.credentials import Credential, Need
from socialflow.definitions import Workflow
from socialflow.people import EVERYWHERE, SYSTEM, Member, Scope, Team
from socialflow.plain import EMPTY
from socialflow.plans import plan_of
from socialflow.policies import BY_ROLE
from socialflow.protocols import Policy
from socialflow.verify.comparing import Pair
from socialflow.verify.hunting import Budget
from socialflow.verify.models import Setting
from socialflow.verify.shifts import Shifts

__all__ = ["diff", "of_each_role"]


def diff(
    old: Workflow,
    new: Workflow,
    team: Team | None = None,
    *,
    states: Mapping[str, str] = EMPTY,
    places: Iterable[str] = (),
    budget: int = 20_000,
    scope: Scope = EVERYWHERE,
    at: datetime | None = None,
    policy: Policy = BY_ROLE,
    data: Mapping[str, Mapping[str, Any]] | None = None,
) -> Shifts:
    """Say what *new* allows that *old* refuses, and the other way round, wherever an item can be.

    Both are asked about the same item: each in which one of them can be reached, as it is.

    Args:
        old: The one definition.
        new: The other.
        team: Everybody who is there; if left out, two for each role, and one who has all of them.
        states: Where states of *old* are in *new*, if they have another name there.
        places: States of *old* to look at; all, if none is said.
        budget: How many states may be looked at, all in all.
        scope: Where the item belongs.
        at: The moment at which grants have to hold; now, if not said.
        policy: As of the engine.
        data: Data for actions, by their full names, where none can be made up that fits.

    Raises:
        WrongArgument: The budget is no number above 0.

    Example:
        >>> from socialflow import Action, Stage, Workflow
        >>> desk = Stage(
        ...     "desk", ("open", "done"), role="writer", actions=[Action("finish", "open", "done")]
        ... )
        >>> post = Workflow("post", [desk], rights={"create": "writer"})
        >>> lax = post.amend("desk", role="intern").named("post", "2")
        >>> for one in diff(post, lax).shifts:
        ...     print(one)
        + intern (intern, intern 2): claim in desk.open
        - writer (writer, writer 2): claim in desk.open
        + intern (intern, intern 2): desk.finish in desk.open
        - writer (writer, writer 2): desk.finish in desk.open
    """
    spent = Budget.of(budget)
    moment = datetime.now(UTC) if at is None else at
    people = of_each_role(old, new) if team is None else team
    told = Setting(old, people, moment, scope, policy, dict(data or {}))
    pair = Pair(told, attrs.evolve(told, workflow=new), states, frozenset(places), spent)
    return pair.shifts()


def of_each_role(*workflows: Workflow) -> Team:
    """Two for each role, and one who has all that nothing is denied to."""
    roles = sorted(frozenset[str]().union(*(one.role_names for one in workflows)))
    ways = [way for one in workflows for ways in plan_of(one).listed.values() for way in ways]
    denied = frozenset[str]().union(*(one.denied for one in ways))
    texts = [text for one in workflows for several in one.requires.values() for text in several]
    needs = map(Need.of, sorted(set(texts)))
    has = tuple(Credential(one.kind, one.key, level=one.level) for one in needs)
    members = [
        Member(name, role, credentials=has)
        for role in roles
        for name in (role, f"{role} 2")
        if role != SYSTEM.id
    ]
    several = [one for one in roles if one not in denied and one != SYSTEM.id]
    everybody = [Member("all roles", several, credentials=has)] if len(several) > 1 else []
    return Team([*members, *everybody] or [Member("somebody")])
