"""What is wrong about ballots: findings, each with its remedy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from socialflow.errors import Finding, nearest
from socialflow.places import actions_in, path
from socialflow.stages import Action

if TYPE_CHECKING:
    from socialflow.ballots import Ballot
    from socialflow.definitions import Workflow

__all__ = ["doubtful_ballots", "wrong_ballots"]


def wrong_ballots(workflow: Workflow) -> Iterator[Finding]:
    """Ballots that cannot be counted."""
    for where, action in actions_in(workflow):
        if action.ballots:
            yield from _of(where, action)
            yield from _each(where, action)


def _of(where: str, action: Action) -> Iterator[Finding]:
    if action.by_system:
        yield Finding(
            "ballots", where, "the system takes it, and has no vote", "leave ballots= out"
        )
    if action.keeps:
        yield Finding(
            "ballots",
            where,
            "it is decided by ballot, and keeps data",
            "have the data on the item before it is voted on",
        )
    if action.target is None and not action.goto:
        yield Finding(
            "ballots", where, "it is decided by ballot, and leads nowhere", "say where: target="
        )


def _each(where: str, action: Action) -> Iterator[Finding]:
    seen: list[str] = []
    for ballot in action.ballots:
        at = path(where, ballot.name)
        if ballot.name in seen:
            yield Finding(
                "duplicate", where, f"ballot {ballot.name!r} is there twice", "rename one"
            )
        if not ballot.roles:
            yield Finding("ballots", at, "nobody has a vote", "say roles=")
        n = ballot.quorum
        if n not in ("any", "all") and not (isinstance(n, int) and n > 0):
            told = f"{n!r} is no quorum"
            yield Finding("ballots", at, told, '"any", "all", or how many, 1 at least')
        if ballot.standing not in ("visit", "revision"):
            told = f"a vote cannot stand for the {ballot.standing!r}"
            yield Finding("ballots", at, told, 'say "visit" or "revision"')
        for other in ballot.after:
            if other not in seen:
                told = f"it comes after {other!r}, which is no ballot before it"
                yield Finding("unknown_ballot", at, told, nearest(other, seen))
        seen.append(ballot.name)


def doubtful_ballots(workflow: Workflow) -> Iterator[Finding]:
    """Chains of which no ballot may be asked for: then the action can never be taken."""
    for where, action in actions_in(workflow):
        if action.ballots and not _one_is_asked_for(action.ballots):
            yield Finding(
                "conditional",
                where,
                "every ballot has a condition; where none holds, it can never be carried",
                "leave when= out of one",
                "warning",
            )


def _one_is_asked_for(ballots: tuple[Ballot, ...]) -> bool:
    """Whether one has no condition, or two have opposite ones."""
    conditions = [ballot.when[0] for ballot in ballots if len(ballot.when) == 1]
    opposite = any(one.contradicts(other) for one in conditions for other in conditions)
    return opposite or not all(ballot.when for ballot in ballots)
