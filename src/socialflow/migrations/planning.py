"""Planning: what a migration would do, item by item; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from socialflow import arguments
from socialflow.definitions import Workflow
from socialflow.engine import Engine
from socialflow.errors import DefinitionLost, Objection, Refusal
from socialflow.items import Event, Item
from socialflow.migrations.fields import Data
from socialflow.migrations.legs import Leg, legs_of, walked
from socialflow.migrations.movers import Mover
from socialflow.migrations.plans import MigrationPlan
from socialflow.migrations.tallies import Tally
from socialflow.people import SYSTEM, Member
from socialflow.plain import EMPTY, freeze
from socialflow.standing import MIGRATE

__all__ = ["foreseen", "mover_for", "plan_migration"]


def plan_migration(
    engine: Engine,
    to: Workflow | str,
    *,
    of: Workflow | str | None = None,
    states: Mapping[str, str] = EMPTY,
    data: Data = EMPTY,
    below: bool = False,
    by: str | Member = SYSTEM,
) -> MigrationPlan:
    """Say what would become of every item that is held by another definition.

    Args:
        engine: Knows the store, the people and the policy.
        to: What the items are to go on under; or its name, if the engine was given it.
        of: Which definition holds them, or the name or digest of it; whatever bears the name of
            *to*, if left out.
        states: Where states lead that *to* has under another name, in full; for a kind below as
            ``{"publication/out.live": "out.public"}``.
        data: Values for fields that *to* asks for, used where an item has none that fits; None
            for fields that may be left out. For each item its own, if it is a function of it.
        below: Whether the items below move as well, to what *to* has below it.
        by: Who is to do it.

    Raises:
        DefinitionConflict: The store knows *to* by the same name and version with other content.
        WrongArgument: *states* names a state that is not there.
        Refused: The directory knows nobody called *by*.
    """
    shelf = engine._writer.shelf
    goal = to if isinstance(to, Workflow) else shelf.offered(arguments.text("to", to))
    named = of.digest if isinstance(of, Workflow) else arguments.text_or_none("of", of)
    plan = MigrationPlan(goal, named or goal.name, freeze(states), below, data, (), ())
    tally = Tally()
    for leg, item, outcome in _foreseen(engine, plan, by):
        tally.add(leg, item, outcome)
    return MigrationPlan(goal, plan.of, plan.states, below, data, tally.moving, tally.left)


def foreseen(
    engine: Engine, plan: MigrationPlan, *, by: str | Member = SYSTEM
) -> Iterator[tuple[Item, Event | Refusal]]:
    """What would become of each item now, one after another, however many there are."""
    return ((item, outcome) for _, item, outcome in _foreseen(engine, plan, by))


def mover_for(engine: Engine, plan: MigrationPlan, by: str | Member, foresees: bool) -> Mover:
    """What decides about the items of a plan."""
    writer = engine._writer
    member = writer.judge.callers.doing(by, MIGRATE)
    writer.shelf.learn(plan.to)
    legs = legs_of(writer.shelf, writer.store, plan.to, plan.of, plan.states, plan.below)
    return Mover(writer, legs, member, plan.data, foresees)


def _foreseen(
    engine: Engine, plan: MigrationPlan, by: str | Member
) -> Iterator[tuple[Leg, Item, Event | Refusal]]:
    mover, at = mover_for(engine, plan, by, foresees=True), engine._time()
    for leg, item in walked(engine.store, mover.legs):
        if mover.concerns(engine.store, leg, item):
            try:
                facts = mover.facts(engine.store, leg, item, at)
                outcome = mover.outcome(engine.store, leg, item, at, facts)
            except DefinitionLost as lost:
                outcome = Refusal(MIGRATE, (Objection(lost.code, str(lost)),))
            yield leg, item, outcome
