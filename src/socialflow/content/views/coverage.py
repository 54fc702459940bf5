"""Coverage: what is nobody keeping an eye on?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import attrs

from socialflow.content.department import Department
from socialflow.content.plans import DIMENSIONS

__all__ = ["Watch", "coverage"]

OWN = ("brand", "region", "city")
"""Dimensions of which the department's own accounts say what there is to watch."""


@attrs.frozen
class Watch:
    """One thing to keep an eye on.

    Attributes:
        dimension: ``"brand"``, ``"industry"``, ``"competitor"``, ``"platform"``, ``"region"``,
            ``"city"`` or ``"opinion_leader"``.
        value: Which one; empty, where the department watches nothing of that dimension at all.
        members: Ids of those who watch it; nobody, if it is not covered.
        overdue: Whether all of them should have looked again by now.
    """

    dimension: str
    value: str
    members: tuple[str, ...]
    overdue: bool


def coverage(
    department: Department, at: datetime, *, wanted: Mapping[str, Iterable[str]] | None = None
) -> tuple[Watch, ...]:
    """What is nobody keeping an eye on?

    Args:
        department: Who keeps an eye on what, and where its own accounts are.
        at: Now.
        wanted: What should be watched besides, by dimension: ``{"competitor": ["globex"]}``.

    Returns:
        Everything that is or should be watched, by dimension; what nobody watches first.
    """
    found = []
    for dimension in DIMENSIONS:
        watched = {one.value for one in department.monitoring if one.dimension == dimension}
        values = watched | {*_own(department, dimension)} | {*(wanted or {}).get(dimension, ())}
        several = [_watch(department, dimension, value, at) for value in sorted(values or {""})]
        found += sorted(several, key=lambda one: bool(one.members))
    return tuple(found)


def _own(department: Department, dimension: str) -> Iterable[str]:
    if dimension == "platform":
        return (account.channel for account in department.accounts)
    if dimension in OWN:
        scopes = (account.scope for account in department.accounts)
        return (value for scope in scopes for value in scope.get(dimension, ()))
    return ()


def _watch(department: Department, dimension: str, value: str, at: datetime) -> Watch:
    theirs = [
        one for one in department.monitoring if (one.dimension, one.value) == (dimension, value)
    ]
    members = tuple(dict.fromkeys(one.member for one in theirs))
    return Watch(dimension, value, members, bool(theirs) and all(one.is_due(at) for one in theirs))
