"""Concerned: for whom of a team it matters who they are."""

from __future__ import annotations

from collections.abc import Iterator

from socialflow.verify.models import Model, Setting
from socialflow.verify.properties import Safety
from socialflow.verify.views import View

__all__ = ["concerned", "stoppable"]

IDENTIFYING = ("four_eyes", "is_responsible", "responsible_named")
"""Rules that ask who somebody is."""


def concerned(setting: Setting, one: Safety) -> Iterator[frozenset[str]]:
    """Of everybody who is concerned, one of each sort, with those for whom they act."""
    model = Model(setting, View())
    ways = [*model.crew.ways, model.plan.birth("create")]
    concerns = one.concerns(setting.workflow)
    mattering = {
        (way.full, way.roles)
        for way in ways
        if way.ballots
        or way.content
        or way.name in ("create", "edit", "vote", "force")
        or any(rule.kind.name in IDENTIFYING for rule in way.rules)
        or any(way.full in several for several in concerns)
    }
    seen: set[object] = set()
    for member in model.crew.members:
        able = frozenset((way.full, way.roles) for way in ways if member in model.allowed(way))
        told = frozenset(pair for pair in able if pair in mattering)
        ballots = frozenset(
            (way.full, ballot.name)
            for way in ways
            for ballot in way.ballots
            if model.crew.holds(member, ballot.roles, way.full)
        )
        names = {full for full, _ in able}
        acting = model.acting_for(member)
        sort = (told, ballots, acting)
        if sort not in seen and (acting or all(names & several for several in concerns)):
            seen.add(sort)
            yield frozenset({member.id, *acting})


def stoppable(setting: Setting) -> frozenset[str]:
    """Ids of those who may do something that is not for those who have written it."""
    model = Model(setting, View())
    ways = (
        way
        for way in model.crew.ways
        if any(one.four_eyes for one in way.ballots)
        or any(rule.kind.name in IDENTIFYING for rule in way.rules)
    )
    return frozenset(one.id for way in ways for one in model.allowed(way))
