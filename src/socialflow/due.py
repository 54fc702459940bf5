"""What is due: the system does it when somebody sweeps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

import attrs

from socialflow.errors import Refusal
from socialflow.items import Event
from socialflow.queries import Duties, Duty
from socialflow.writers import Writer

__all__ = ["Done", "run_due"]


@attrs.frozen
class Done:
    """What became of something that was due.

    Attributes:
        duty: Where it was due, and when.
        event: What happened; None if it was refused.
        refusal: What stood against it; then it is tried again later.
    """

    duty: Duty
    event: Event | None = None
    refusal: Refusal | None = None


def run_due(writer: Writer, now: datetime, limit: int) -> tuple[Done, ...]:
    """Do what is due by *now*, so much at most: duty by duty, each until nothing is due there."""
    return tuple(islice(_done(writer, now, limit), limit))


def _done(writer: Writer, now: datetime, limit: int) -> Iterator[Done]:
    for duty in tuple(writer.store.rows(Duties(due=now, limit=limit))):
        outcome = writer.fallen_due(duty, now)
        while isinstance(outcome, Event):
            yield Done(duty, event=outcome)
            outcome = writer.fallen_due(duty, now)
        if outcome is not None:
            yield Done(duty, refusal=outcome)
