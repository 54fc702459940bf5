"""Assignees: who might be given a piece of work, and strategies that choose one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from socialflow import Member, Scope, Team

__all__ = [
    "Strategy",
    "best_skill",
    "candidates",
    "least_loaded",
    "manual",
    "of_category",
    "round_robin",
]


class Strategy(Protocol):
    """Chooses one of several members for a piece of work."""

    def __call__(self, candidates: Sequence[Member], load: Mapping[str, float], /) -> Member | None:
        """One of *candidates*, or None; *load* is hours of work by id, 0 for those not in it."""
        ...


def candidates(team: Team, role: str, scope: Scope, at: datetime) -> tuple[Member, ...]:
    """Holders of *role* for *scope* at the moment *at*, those who are absent left out.

    Example:
        >>> team = Team([Member("ann", "author"), Member("ed", "editor")])
        >>> noon = datetime.fromisoformat("2026-05-01T12:00Z")
        >>> [one.id for one in candidates(team, "author", Scope(), noon)]
        ['ann']
    """
    return tuple(
        one for one in team.holders(role) if role in one.roles(scope, at) and not one.is_absent(at)
    )


def manual(candidates: Sequence[Member], load: Mapping[str, float]) -> None:
    """Nobody: a person chooses."""


def least_loaded(candidates: Sequence[Member], load: Mapping[str, float]) -> Member | None:
    """The one with the smallest part of their hours taken; of several, the first."""
    return min(candidates, key=lambda one: _strain(one, load), default=None)


def best_skill(platform: str) -> Strategy:
    """The one who knows *platform* best; of several, the least loaded."""

    def choose(candidates: Sequence[Member], load: Mapping[str, float]) -> Member | None:
        def rank(one: Member) -> tuple[int, float]:
            return (-one.skills.get(platform, 0), _strain(one, load))

        return min(candidates, key=rank, default=None)

    return choose


def of_category(category: str | None, units: Mapping[str, str]) -> Strategy:
    """The least loaded of the unit that *units* names for that *category*; nobody if none is."""

    def choose(candidates: Sequence[Member], load: Mapping[str, float]) -> Member | None:
        unit = units.get(category or "")
        theirs = [one for one in candidates if unit is not None and one.unit == unit]
        return least_loaded(theirs, load)

    return choose


def round_robin(last: str | Callable[[], str | None] | None) -> Strategy:
    """The next by id after *last*, the id of whoever was chosen last, or what tells it."""

    def choose(candidates: Sequence[Member], load: Mapping[str, float]) -> Member | None:  # noqa: ARG001
        before = last() if callable(last) else last
        ordered = sorted(candidates, key=lambda one: one.id)
        later = (one for one in ordered if before is None or one.id > before)
        return next(later, ordered[0] if ordered else None)

    return choose


def _strain(one: Member, load: Mapping[str, float]) -> float:
    taken, most = load.get(one.id, 0), one.hours.most
    return taken / most if most else float("inf")
