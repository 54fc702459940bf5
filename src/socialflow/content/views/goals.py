"""Goals: what do we want, what of it comes first, and how far are we?"""

from __future__ import annotations

from datetime import datetime

import attrs

from socialflow import Item
from socialflow.content.department import Department, Goal
from socialflow.content.views.reading import Reader, content

__all__ = ["Pursuit", "goals_pursued"]


@attrs.frozen
class Pursuit:
    """A goal, and what was done for it.

    Attributes:
        goal: Its key.
        kind: What it is about: ``"awareness"``, ``"leads"`` ...
        primary: Whether it comes first.
        metric: What shows whether it is reached.
        items: How many items serve it.
        gained: What they brought, by that metric; None if nothing was measured.
        share: Which part of the way from the baseline to the target that is; None if it cannot be
            said.
    """

    goal: str
    kind: str
    primary: bool
    metric: str | None
    items: int
    gained: float | None
    share: float | None


def goals_pursued(reader: Reader, department: Department, at: datetime) -> tuple[Pursuit, ...]:
    """What do we want, what of it comes first, and how far are we?

    Args:
        reader: The store of the items.
        department: Its goals.
        at: Now: goals that are over, or have not begun, are left out.

    Returns:
        Primary goals first, then those that most items serve.
    """
    items = list(content(reader))
    found = [
        _pursuit(goal, [one for one in items if goal.key in one.data.get("goals", ())])
        for goal in department.goals
        if goal.holds(at)
    ]
    return tuple(sorted(found, key=lambda one: (not one.primary, -one.items, one.goal)))


def _pursuit(goal: Goal, serving: list[Item]) -> Pursuit:
    metric = goal.measured_by
    figures = [one.data["results"].get(metric) for one in serving if one.data.get("results")]
    told = [one for one in figures if one is not None]
    gained = sum(told) if told else None
    return Pursuit(
        goal.key, goal.kind, goal.primary, metric, len(serving), gained, _share(goal, gained)
    )


def _share(goal: Goal, gained: float | None) -> float | None:
    way = (goal.target or 0) - (goal.baseline or 0)
    if gained is None or goal.target is None or not way:
        return None
    return round(gained / way, 3)
