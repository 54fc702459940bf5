"""Happenings: what a property gets to know of an event; never what the engine makes of votes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from socialflow.definitions import Workflow
from socialflow.items import Event, Item, stage_of
from socialflow.people import SYSTEM
from socialflow.plain import FrozenDict

__all__ = ["Happening", "happening"]

NOBODY: frozenset[str] = frozenset()


class Happening(NamedTuple):
    """One event, in plain words.

    Attributes:
        asked: Full name of what was asked for.
        by: Ids that its doer counts as, as far as they are followed.
        roles: Roles of the doer that are told apart.
        kind: Of which kind the doer is.
        backed: Roles that are told apart of those who have said yes together with the doer.
        voted: Whether it was a vote.
        taken: Full names of the actions that took place.
        entered: States that were entered, in order.
        stages: Stages that were entered from another one.
        wrote: Ids of those who wrote content.
        changed: Whether the content is another than before.
        released: Whether the content has gone out.
        stale: Whether it was sent back, as what was signed is not what is there.
        marking: Where the item is.
        data: Its data, as far as they are followed.
    """

    asked: str
    by: frozenset[str]
    roles: frozenset[str]
    kind: str
    backed: frozenset[str]
    voted: bool
    taken: frozenset[str]
    entered: tuple[str, ...]
    stages: frozenset[str]
    wrote: frozenset[str]
    changed: bool
    released: bool
    stale: bool
    marking: tuple[str, ...]
    data: FrozenDict

    def begins(self, places: Iterable[str]) -> bool:
        """Whether one of these stages, or states, has been entered."""
        return any(one in self.stages or one in self.entered for one in places)


def happening(
    workflow: Workflow,
    before: Item | None,
    item: Item,
    event: Event,
    persons: Iterable[str],
    roles: frozenset[str] = NOBODY,
    kind: str = "",
    follows: Callable[[str], bool] = lambda _: True,
    backed: frozenset[str] = NOBODY,
) -> Happening:
    """What has happened by an event between two versions of an item.

    Args:
        workflow: The definition.
        before: The item as it was; None for a birth.
        item: As it is.
        event: What happened.
        persons: Ids that the doer counts as.
        roles: What they are.
        kind: Of which kind.
        follows: Says whether it is followed what somebody does.
        backed: Roles of those who have said yes together with the doer, at once.
    """
    by = frozenset(one for one in persons if one != SYSTEM.id and follows(one))
    content = workflow.content
    was = before.data if before is not None else {}
    wrote = by if not frozenset(event.keeps).isdisjoint(content) else NOBODY
    causes = frozenset(move.cause for move in event.moves)
    voted = "vote" in causes
    taken = causes - {"vote", "done", "stale", "follows"}
    entered = tuple(move.target for move in event.moves if move.target not in ("", move.source))
    releasing = {one.full(state) for one in workflow.stages if one.releases for state in one.done}
    return Happening(
        event.action,
        by,
        roles,
        kind,
        backed,
        voted,
        taken if voted else taken | {event.action},
        entered,
        frozenset(_entered(event)),
        wrote,
        any(was.get(name) != item.data.get(name) for name in content),
        not releasing.isdisjoint(entered),
        "stale" in causes,
        item.marking,
        item.data,
    )


def _entered(event: Event) -> Iterable[str]:
    for move in event.moves:
        stage = stage_of(move.target) if move.target else ""
        if stage and (not move.source or stage_of(move.source) != stage or move.cause == "stale"):
            yield stage
