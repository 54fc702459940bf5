"""What is due: the system does it when somebody sweeps."""

from __future__ import annotations

from datetime import datetime

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
        event: What happened; None if it was refused, or if somebody else was faster.
        refusal: What stood against it; then it is tried again later.
    """

    duty: Duty
    event: Event | None = None
    refusal: Refusal | None = None


def run_due(writer: Writer, now: datetime, limit: int) -> tuple[Done, ...]:
    """Do what is due by *now*, of so many duties at most, one by one."""
    due = tuple(writer.store.rows(Duties(due=now, limit=limit)))
    done = []
    for duty in due:
        outcome = writer.fallen_due(duty, now)
        if isinstance(outcome, Refusal):
            done.append(Done(duty, refusal=outcome))
        else:
            done.append(Done(duty, event=outcome))
    return tuple(done)
