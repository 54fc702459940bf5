"""Load: who has how much on their desk, and is it spread evenly?"""

from __future__ import annotations

from datetime import datetime

import attrs

from socialflow import Member
from socialflow.content.providers import Load, workload
from socialflow.content.views.reading import Reader, is_content, open_content, open_items
from socialflow.people import Capacity, Team

__all__ = ["Balance", "Desk", "load"]


@attrs.frozen
class Desk:
    """What somebody has on their desk.

    Attributes:
        member: Their id.
        hours: Estimated hours of the items that they are responsible for.
        items: How many items that is.
        stages: In how many different stages.
        least: Hours a week that are counted on.
        most: Hours a week above which it is too much.
        standing: ``"under"``, ``"within"`` or ``"over"`` that band; ``"absent"``.
        scattered: Whether that is more stages than one person should have.
    """

    member: str
    hours: float
    items: int
    stages: int
    least: float
    most: float
    standing: str
    scattered: bool


@attrs.frozen
class Balance:
    """How the work is spread.

    Attributes:
        score: 1 if everybody who is there has the same part of their hours taken, 0 if one of them
            has all of it.
        nobody: Open stages of content for which nobody is responsible.
        desks: Everybody, fullest first.
    """

    score: float
    nobody: int
    desks: tuple[Desk, ...]


def load(reader: Reader, team: Team, at: datetime, *, most_stages: int = 3) -> Balance:
    """Who has how much on their desk, and is it spread evenly?

    Args:
        reader: The store of the items.
        team: Whose desks, and how many hours a week they have: 6 to 18, if not said.
        at: Now.
        most_stages: One person in more stages than this is scattered.
    """
    taken, stages = workload(open_content(reader)), _stages(reader)
    desks = [
        _desk(one, taken.get(one.id, Load()), len({*stages.get(one.id, ())}), at, most_stages)
        for one in team.members
    ]
    desks.sort(key=lambda one: (-_part(one), one.member))
    there = [_part(desk) for desk in desks if desk.standing != "absent"]
    return Balance(round(_evenness(there), 2), len(stages.get(None, ())), tuple(desks))


def _stages(reader: Reader) -> dict[str | None, list[str]]:
    """The open stages of content that each member is responsible for."""
    found: dict[str | None, list[str]] = {}
    for duty, item in open_items(reader):
        if is_content(item):
            found.setdefault(duty.responsible, []).append(duty.stage)
    return found


def _desk(one: Member, load: Load, stages: int, at: datetime, most_stages: int) -> Desk:
    band = one.hours
    standing = "absent" if one.is_absent(at) else _standing(load.hours, band)
    scattered = stages > most_stages
    return Desk(one.id, load.hours, load.items, stages, band.least, band.most, standing, scattered)


def _standing(hours: float, band: Capacity) -> str:
    if hours > band.most:
        return "over"
    return "under" if hours < band.least else "within"


def _part(desk: Desk) -> float:
    """Which part of somebody's hours is taken."""
    return desk.hours / desk.most if desk.most else desk.hours


def _evenness(parts: list[float]) -> float:
    """1 less the Gini coefficient, which is 1 here where one of them has everything."""
    n, whole = len(parts), sum(parts)
    if n < 2 or not whole:
        return 1.0
    apart = sum(abs(one - other) for one in parts for other in parts)
    return 1 - apart / (2 * (n - 1) * whole)
