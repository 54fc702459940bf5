"""Small companies at random: a workflow, a team, and sentences about them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from random import Random
from typing import Any

import attrs

from socialflow import Action, Case, Member, Objection, Stage, Team, Workflow, rule
from socialflow.ballots import Ballot
from socialflow.rules import four_eyes, has, is_responsible, responsible_named, signed_off
from socialflow.verify import (
    always_possible,
    approval,
    at_most_once,
    different_people,
    eventually,
    never,
    precedes,
    someone_can_act,
)

__all__ = ["MOOD", "STAGES", "Mood", "sentences", "team_of", "workflow_of"]

ROLES = ("author", "editor", "lawyer")
STAGES = ("draft", "check", "out")


@attrs.frozen
class Text:
    """What is written."""

    title: str
    body: str | None = None


@attrs.define
class Mood:
    """What the rule says that nobody can look into."""

    good: bool = True


MOOD = Mood()


@rule("moody")
def moody(_: Case) -> list[Objection]:
    """It depends on the mood."""
    return [] if MOOD.good else [Objection("moody", "not today")]


def workflow_of(chance: Random, *, opaque: float = 0.1) -> Workflow:
    """Two stages or three, one behind the other."""
    names = STAGES[: chance.choice((2, 3))]
    stages = [_stage(chance, name, names[:n], opaque) for n, name in enumerate(names)]
    rights = {"create": "author", "assign": chance.choice(ROLES)}
    if chance.random() < 0.3:
        rights["cancel"] = chance.choice(ROLES)
    if chance.random() < 0.15:
        rights["reopen"] = chance.choice(ROLES)
    content = chance.choice(("body", ("title", "body")))
    ends = ("closed", "cancelled") if "cancel" in rights else ("closed",)
    return Workflow("small", stages, fields=Text, content=content, ends=ends, rights=rights)


def _stage(chance: Random, name: str, earlier: tuple[str, ...], opaque: float) -> Stage:
    states = ("one", "two", "three")[: chance.choice((2, 2, 3))]
    actions = [
        Action(
            f"go_{n}",
            one,
            other,
            roles=chance.choice((None, *ROLES)),
            rules=_rules(chance, opaque),
            ballots=_ballots(chance) if chance.random() < 0.3 else (),
            reversible=chance.random() < 0.15,
        )
        for n, (one, other) in enumerate(pairwise(states))
    ]
    if earlier and chance.random() < 0.5:
        back, source = chance.choice(earlier), chance.choice(states[:-1])
        actions.append(Action("back", source, goto=back, roles=chance.choice((None, *ROLES))))
    if chance.random() < 0.25:
        rules = _rules(chance, opaque)
        actions.append(Action("skip", "one", states[-1], roles=chance.choice(ROLES), rules=rules))
    edited = [one for one in states[:-1] if chance.random() < 0.5]
    return Stage(
        name,
        states,
        role=chance.choice(ROLES),
        signs="revision" if chance.random() < 0.4 else None,
        may_edit={one: chance.choice(ROLES) for one in edited},
        actions=actions,
    )


def _rules(chance: Random, opaque: float) -> list[Any]:
    if chance.random() < opaque:
        return [chance.choice((moody(), ~moody()))]
    if chance.random() < 0.5:
        return []
    known = (four_eyes(), four_eyes(), has("body"), ~has("body"), signed_off(), is_responsible())
    return [chance.choice((*known, responsible_named("check")))]


def _ballots(chance: Random) -> list[Ballot]:
    return [
        Ballot(
            name,
            chance.choice(ROLES),
            quorum=chance.choice(("any", "any", 2, "all")),
            four_eyes=chance.random() < 0.7,
        )
        for name in ("first", "second")[: chance.choice((1, 1, 2))]
    ]


def team_of(chance: Random) -> Team:
    """From two people to four."""
    ids = ("ann", "bob", "cat", "dan")[: chance.choice((2, 3, 3, 4))]
    return Team([Member(id, chance.sample(ROLES, chance.choice((1, 1, 2)))) for id in ids])


def sentences(chance: Random, workflow: Workflow) -> Iterator[Any]:
    """One of each kind, about what the workflow has."""
    actions = [*workflow.action_names, "edit"]
    first = workflow.stages[0].full("one")
    later = [one for one in workflow.states if one != first]
    one, other = chance.sample(actions, 2)
    passed = approval(chance.choice(actions))
    passed = passed.by_other_than("author") if chance.random() < 0.6 else passed
    passed = passed.since_last_change() if chance.random() < 0.6 else passed
    named = chance.sample(["*back", "undo", "edit", "stale", "reopen"], chance.choice((2, 3, 5)))
    yield never(chance.choice(later))
    yield never(chance.choice(later)).without(passed)
    yield never(role=chance.choice(sorted(workflow.role_names))).does(chance.choice(actions))
    yield precedes(one, other)
    yield different_people(one, other)
    yield at_most_once(one)
    yield always_possible()
    yield someone_can_act(absent=chance.choice((0, 1)))
    yield eventually("end.*").unless_repeating(*named).within(workflow)
