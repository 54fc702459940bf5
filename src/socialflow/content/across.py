"""Across: what may be asked for in several stages.

Taken back, corrected and taken down; and how much harm it could do may be said anew by everybody
who answers for it, authors and legal alike (S2-06), as long as it is not approved; after that legal
revokes the approval first.  A risk that is raised asks for another ballot.
"""

from __future__ import annotations

import attrs

from socialflow import Action
from socialflow.content.measuring import MEASURING
from socialflow.content.post import Risk
from socialflow.content.promotion_run import PASSED
from socialflow.content.publication import UP
from socialflow.content.reasons import Changes, explained
from socialflow.content.requests import REQUESTS
from socialflow.content.roles import (
    LEGAL_COMPLIANCE,
    MANAGER,
    REVIEWERS,
    SOCIAL_MEDIA_MANAGER,
    WRITERS,
)
from socialflow.content.rules import reason_given
from socialflow.content.timesheet import TIMESHEET
from socialflow.kinds import tell

__all__ = ["ACROSS", "Assessment"]

LIVE = ("promotion", "response", "reshare", "evaluation")
GOING_OUT = ("publish.ready", "publish.scheduled", "publish.publishing", "publish.failed")


@attrs.frozen
class Assessment:
    """What harm it could do, and why one thinks so.

    Attributes:
        risk: How much.
        reason: In a sentence.
        confidential: Whether nothing of it may be said yet; None: as before.
    """

    risk: Risk
    reason: str
    confidential: bool | None = None


ACROSS = (
    explained(
        "withdraw", ("tone", "approval"), goto="production", roles=(*WRITERS, SOCIAL_MEDIA_MANAGER)
    ),
    Action(
        "correct",
        (*GOING_OUT, *LIVE),
        goto="production",
        roles=SOCIAL_MEDIA_MANAGER,
        data=Changes,
        rules=reason_given(),
        effects=tell("promotion_run", "pause", where="running"),
    ),
    explained(
        "unpublish",
        LIVE,
        goto="end.recalled",
        roles=(*MANAGER, LEGAL_COMPLIANCE),
        effects=(
            tell("publication", "recall", where=UP),
            tell("promotion_run", "end", where=PASSED),
            tell("promotion_run", "drop", where="planned"),
            tell("experiment", "cancel"),
        ),
    ),
    Action(
        "assess",
        ("concept", "assignment", "production", "tone", "approval"),
        roles=(*REVIEWERS, *WRITERS),
        data=Assessment,
        keeps=("risk", "confidential"),
        rules=reason_given(),
    ),
    *REQUESTS,
    *MEASURING,
    *TIMESHEET,
)
"""Take back, correct, take down, assess; what people ask of each other, what is counted."""
