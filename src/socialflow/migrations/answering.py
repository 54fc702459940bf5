"""Answering: what the items of a plan will be let do, and no longer let do, where they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from socialflow.engine import Engine
from socialflow.migrations.legs import legs_of
from socialflow.migrations.plans import MigrationPlan
from socialflow.migrations.routes import Route
from socialflow.people import Team

if TYPE_CHECKING:
    from socialflow.verify import Shifts

__all__ = ["answered_otherwise"]


def answered_otherwise(
    engine: Engine, plan: MigrationPlan, team: Team | None = None, *, budget: int = 20_000
) -> Iterator[Shifts]:
    """For each definition that items of a plan leave: what the new one answers otherwise.

    Only the states are looked at in which there are items that can move.

    Args:
        engine: The one that the plan is from.
        plan: What is to move.
        team: Everybody who is there; if left out, two for each role, and one who has all of them.
        budget: How many states may be looked at for each of them.
    """
    from socialflow.verify import diff

    shelf, store = engine._writer.shelf, engine.store
    for leg in legs_of(shelf, store, plan.to, plan.of, plan.states, plan.below):
        moving = (one for one in plan.moving if one.digest == leg.old.digest)
        places = dict.fromkeys(state for one in moving for state in one.marking)
        if places and isinstance(leg.route, Route):
            yield diff(
                leg.route.old,
                leg.new,
                team,
                states=leg.states,
                places=places,
                budget=budget,
                at=engine._time(),
                policy=engine._writer.judge.policy,
            )
