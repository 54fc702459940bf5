"""Tokens: where an item is, since when, whose duty it is there, and what it waits for."""

from __future__ import annotations

from datetime import datetime

import attrs

from socialflow.quick import quick

__all__ = ["Alarm", "Token", "new_token", "stage_of"]


def stage_of(state: str) -> str:
    """The stage that a full state name belongs to.

    Example:
        >>> stage_of("approval.pending")
        'approval'
    """
    return state[: state.index(".")]


@attrs.frozen(weakref_slot=False)
class Alarm:
    """What a token waits for: the next moment at which the system does something by itself.

    Attributes:
        due: That moment; None if everything has been done.
        behalf: Id of the member whose command set it.
        fired: What has been done already: names with the moments they were done for.
    """

    due: datetime | None
    behalf: str
    fired: tuple[tuple[str, datetime], ...] = ()


@attrs.frozen(weakref_slot=False)
class Token:
    """Where an item is: one in a plain step, one for each open member of a Parallel.

    Attributes:
        state: Full name: ``"approval.pending"``.
        visit: How often the stage has been entered, this time included.
        entered: When the state was entered.
        responsible: Id of the member whose duty it is, if somebody has been named.
        lease: Until when it is theirs, if they have claimed it for a while.
        alarm: What it waits for, if anything is due there.
    """

    state: str
    visit: int
    entered: datetime
    responsible: str | None = None
    lease: datetime | None = None
    alarm: Alarm | None = None

    @property
    def due(self) -> datetime | None:
        """When the system does something here by itself."""
        return self.alarm.due if self.alarm is not None else None

    @property
    def stage(self) -> str:
        """The stage of the state."""
        return stage_of(self.state)


new_token = quick(Token)
