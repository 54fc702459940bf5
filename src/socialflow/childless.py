"""Childless: an item that would get to where only children lead on from, and has none."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from socialflow.errors import Objection
from socialflow.items import stage_of
from socialflow.plans import Plan

__all__ = ["childless"]

NOBODY: Mapping[str, Collection[str]] = {}


def childless(
    plan: Plan, action: str, to: str | None, below: Mapping[str, Collection[str]] = NOBODY
) -> tuple[Objection, ...]:
    """What stands against *action*'s putting an item in the state *to*, if that were a dead end.

    Args:
        plan: Of the workflow.
        action: ``adopt`` or ``force``.
        to: The full state.
        below: The states that children of the item are in, by their kind.
    """
    if to is None or to not in plan.led_by_children:
        return ()
    stage = stage_of(to)
    kind = plan.follows[stage].workflow
    if below.get(kind):
        return ()
    own = plan.workflow.stage(stage)
    better = [s for s in map(own.full, own.states) if s not in plan.led_by_children]
    where = f"at one of {', '.join(better)}" if better else f"before the stage {stage!r}"
    return (
        Objection(
            "childless",
            f"{action!r} would leave the item at {to!r} for good: only its children of the kind "
            f"{kind!r} lead on from there, and it has none",
            f"begin {where}, and have its children made or adopted below it: it follows them",
            {"action": action, "to": to, "kind": kind, "states": tuple(better)},
        ),
    )
