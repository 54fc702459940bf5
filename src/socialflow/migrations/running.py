"""Running: a plan carried out, item by item; what is interrupted goes on when it is run again."""

from __future__ import annotations

from datetime import datetime

from socialflow import arguments
from socialflow.engine import Engine
from socialflow.errors import (
    DefinitionLost,
    ItemNotFound,
    Objection,
    Refusal,
    Refused,
    StaleItem,
)
from socialflow.items import Event, Item
from socialflow.migrations.legs import Leg, walked
from socialflow.migrations.movers import Mover
from socialflow.migrations.planning import mover_for
from socialflow.migrations.plans import MigrationPlan, MigrationReport
from socialflow.migrations.tallies import Tally
from socialflow.people import Member
from socialflow.protocols import UnitOfWork
from socialflow.shelf import NotMet
from socialflow.standing import MIGRATE

__all__ = ["migrate"]

ATTEMPTS = 5


def migrate(
    engine: Engine, plan: MigrationPlan, *, by: str | Member, limit: int | None = None
) -> MigrationReport:
    """Have the items of a plan go on under its definition, each in a transaction of its own.

    Every item is judged anew, as it is by then: what has changed since the plan was made is moved
    as it is now, or stays and is reported.  What has moved is never moved again.

    Args:
        engine: Writes them.
        plan: Says where to, and how.
        by: Who does it; needs the right ``migrate`` of the new definition. `SYSTEM` may always.
        limit: Move so many at most.

    Returns:
        What has moved, and what has stayed and why.

    Raises:
        Refused: The directory knows nobody called *by*.
        StoreError: The store cannot be read or written.
    """
    most = arguments.number("limit", limit)
    mover, tally, moved = mover_for(engine, plan, by, foresees=False), Tally(), 0
    for leg, item in walked(engine.store, mover.legs):
        if not mover.concerns(engine.store, leg, item):
            continue
        if most is not None and moved >= most:
            return MigrationReport(plan.to, tally.moving, tally.left, is_whole=False)
        done = _moved(engine, mover, leg, item)
        if done is not None:
            tally.add(leg, *done)
            moved += isinstance(done[1], Event)
    return MigrationReport(plan.to, tally.moving, tally.left)


def _moved(
    engine: Engine, mover: Mover, leg: Leg, item: Item
) -> tuple[Item, Event | Refusal] | None:
    """The item as it was, and what has become of it; None if somebody else has moved it."""
    for _ in range(ATTEMPTS):
        try:
            return _tried(engine, mover, leg, item, engine._time())
        except NotMet as unmet:
            mover.writer.shelf.pinned(unmet.digest)
        except DefinitionLost as lost:
            return item, Refusal(MIGRATE, (Objection(lost.code, str(lost)),))
        except Refused as no:
            return item, no.refusal
        except ItemNotFound:
            return None
        except StaleItem:
            item = engine.item(item.id)
            if item.workflow != leg.old.digest:
                return None
    message = f"it was written {ATTEMPTS} times while it was to be moved"
    return item, Refusal(MIGRATE, (Objection("raced", message, "run it again"),))


def _tried(
    engine: Engine, mover: Mover, leg: Leg, item: Item, at: datetime
) -> tuple[Item, Event | Refusal]:
    facts = mover.facts(engine.store, leg, item, at)
    outcomes: list[Event | Refusal] = []

    def decide(work: UnitOfWork, before: Item) -> Event | Refusal:
        if before != item:
            raise StaleItem(item.id, item.version, before.version)
        outcomes[:] = [mover.outcome(work, leg, before, at, facts)]
        return outcomes[0]

    mover.writer.decided(item.id, decide)
    return item, outcomes[0]
