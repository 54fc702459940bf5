"""A freeze: nothing goes out, until two say that all is clear (S0-34).

Declaring it is creating it: the scope of the item is what it covers, and it holds from that moment
on.  One person in charge is enough for that, because a crisis does not wait; ending it before its
time takes two different ones.  Nobody edits it: what is learnt meanwhile is a note, and what has to
be frozen as well is another freeze.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from socialflow import Action, Effect, Stage, Workflow
from socialflow.ballots import Ballot
from socialflow.content.roles import (
    DEPARTMENT_LEAD,
    EXECUTIVE_SPONSOR,
    LEGAL_COMPLIANCE,
    MANAGER,
)
from socialflow.content.rules import in_house
from socialflow.moments import Moment

__all__ = ["FREEZE", "Crisis"]

IN_CHARGE = (DEPARTMENT_LEAD, EXECUTIVE_SPONSOR, LEGAL_COMPLIANCE)
"""Who may declare it, and who says that all is clear."""

GO_ON = Effect("notify", {"whom": "everybody"})


@attrs.frozen
class Crisis:
    """What has happened.

    Attributes:
        reason: In words for those who have to wait.
        until: When it is over by itself, if that is known; timezone-aware.
    """

    reason: str
    until: datetime | None = None


FREEZE = Workflow(
    "freeze",
    [
        Stage(
            "freeze",
            "declared",
            done=(),
            role=IN_CHARGE,
            actions=(
                Action(
                    "all_clear",
                    "declared",
                    goto="end.lifted",
                    ballots=Ballot("all_clear", IN_CHARGE, quorum=2, four_eyes=False),
                    rules=in_house(),
                    effects=GO_ON,
                ),
                Action("run_out", "declared", goto="end.over", due=Moment("until"), effects=GO_ON),
            ),
        )
    ],
    fields=Crisis,
    content=("reason", "until"),
    ends=("lifted", "over"),
    rights={"create": IN_CHARGE, "note": "*", "archive": MANAGER},
)
"""Whoever has declared it stands among its contributors, and has a vote like the others."""
