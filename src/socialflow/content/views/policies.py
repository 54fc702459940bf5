"""Policies: have they reached everybody?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import attrs

from socialflow import Member
from socialflow.content.department import Department
from socialflow.people import Team

__all__ = ["Rollout", "policy_rollout"]


@attrs.frozen
class Rollout:
    """How far one policy has come in one unit.

    Attributes:
        policy: Its key and newest version: ``"social@3"``.
        unit: Key of the unit; None for those who belong to none.
        acknowledged: Ids of those who have read and accepted the newest version.
        outdated: Ids of those who have accepted another version, and not this one.
        missing: Ids of those who have accepted none.
    """

    policy: str
    unit: str | None
    acknowledged: tuple[str, ...]
    outdated: tuple[str, ...]
    missing: tuple[str, ...]


def policy_rollout(department: Department, team: Team, at: datetime) -> tuple[Rollout, ...]:
    """Have our policies reached everybody, in every unit?

    Args:
        department: The newest version of each policy.
        team: Who belongs where, and what they have acknowledged.
        at: Now: an acknowledgement that has run out is none.

    Returns:
        By policy, and by unit in the order of the team; those without a unit last.
    """
    places = [unit.key for unit in team.units]
    units: list[str | None] = [*places, *({one.unit for one in team.members} - {*places})]
    return tuple(
        _rollout(key, version, unit, [one for one in team.members if one.unit == unit], at)
        for key, version in sorted(department.policies.items())
        for unit in units
    )


def _rollout(
    key: str, version: int, unit: str | None, members: list[Member], at: datetime
) -> Rollout:
    newest = f"{key}@{version}"
    standing = [(one.id, _standing(one, key, newest, at)) for one in members]

    def those(wanted: str) -> tuple[str, ...]:
        return tuple(id for id, told in standing if told == wanted)

    return Rollout(newest, unit, those("acknowledged"), those("outdated"), those("missing"))


def _standing(member: Member, key: str, newest: str, at: datetime) -> str:
    if member.holds("policy", newest, at):
        return "acknowledged"
    return "outdated" if key in _ever(member) else "missing"


def _ever(member: Member) -> Iterator[str]:
    """The policies that somebody has acknowledged once, whatever their version was."""
    return (one.key.partition("@")[0] for one in member.credentials if one.kind == "policy")
