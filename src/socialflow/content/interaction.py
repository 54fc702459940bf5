"""An interaction: a comment, a mention, a message or a review, and what becomes of it.

An item of its own below the content item, so that two people who answer two comments never collide.
Community management and customer service answer; whoever is not sure has a reply passed by somebody
else.  What belongs to support, sales, legal or product is handed over, and its outcome comes back
(S3-17, S3-18).  The clock goes on all the while: past its date it is escalated by itself.  An
agency does none of this, whatever other roles its people hold (S2-02).
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import attrs

from socialflow import Action, Effect, Stage, Workflow
from socialflow.content.reasons import Reason
from socialflow.content.roles import (
    COMMUNITY_MANAGER,
    CUSTOMER_SERVICE_REP,
    DEPARTMENT_LEAD,
    LEGAL_COMPLIANCE,
    PRODUCT_OWNER,
    SALES,
    SOCIAL_MEDIA_MANAGER,
)
from socialflow.content.rules import reason_given
from socialflow.moments import Moment, hours
from socialflow.people import SYSTEM
from socialflow.rules import four_eyes, has

__all__ = ["INTERACTION", "HandOver", "Outcome", "Reply", "Triage"]

RESPONDERS = (COMMUNITY_MANAGER, CUSTOMER_SERVICE_REP)
SPECIALISTS = (CUSTOMER_SERVICE_REP, SALES, LEGAL_COMPLIANCE, PRODUCT_OWNER)
OPEN = ("new", "triaged", "assigned", "reply_pending", "handed_off")
REPLY = Effect("reply")

Intent = Literal["question", "complaint", "praise", "purchase", "feedback", "crisis", "spam"]
Sentiment = Literal["positive", "neutral", "negative"]


@attrs.frozen(kw_only=True)
class Triage:
    """What it is, and until when it wants an answer; timezone-aware."""

    intent: Intent
    sentiment: Sentiment = "neutral"
    sla_due: datetime | None = None


@attrs.frozen
class Reply:
    """What is to be answered."""

    reply: str | None


@attrs.frozen
class HandOver:
    """To whom it belongs, and what they have to know."""

    handed_to: Literal["support", "sales", "legal", "product"] | None
    summary: str


@attrs.frozen
class Outcome:
    """What came of it: solved, won, lost ...; and what it was worth, if that can be said."""

    outcome: str | None
    value: float | None = None


@attrs.frozen(kw_only=True)
class Interaction:
    """What is known of it."""

    account: str
    author: str
    kind: Literal["comment", "mention", "message", "review"] = "comment"
    text: str | None = None
    thread: str | None = None
    intent: Intent = "question"
    sentiment: Sentiment = "neutral"
    sla_due: datetime | None = None
    reply: str | None = None
    handed_to: Literal["support", "sales", "legal", "product"] | None = None
    outcome: str | None = None
    value: float | None = None


def _why(name: str, sources: tuple[str, ...] | str, target: str, **told: object) -> Action:
    """An action that says why; *target* is a state, or an end."""
    where = {"goto": target} if target.startswith("end.") else {"target": target}
    return Action(name, sources, data=Reason, rules=reason_given(), **where, **told)  # type: ignore[arg-type]


INTERACTION = Workflow(
    "interaction",
    [
        Stage(
            "interaction",
            (*OPEN, "escalated", "answered"),
            done=(),
            role=RESPONDERS,
            lease=hours(8),
            actions=(
                Action(
                    "triage",
                    "new",
                    "triaged",
                    data=Triage,
                    keeps=("intent", "sentiment", "sla_due"),
                ),
                Action("take", "triaged", "assigned"),
                Action("draft_reply", "assigned", data=Reply, keeps="reply"),
                Action("send_reply", "assigned", "answered", rules=has("reply"), effects=REPLY),
                Action("submit_reply", "assigned", "reply_pending", rules=has("reply")),
                Action(
                    "approve_reply",
                    "reply_pending",
                    "answered",
                    roles=(COMMUNITY_MANAGER, SOCIAL_MEDIA_MANAGER, LEGAL_COMPLIANCE),
                    rules=four_eyes(),
                    effects=REPLY,
                ),
                _why(
                    "reject_reply",
                    "reply_pending",
                    "assigned",
                    roles=(COMMUNITY_MANAGER, SOCIAL_MEDIA_MANAGER, LEGAL_COMPLIANCE),
                ),
                Action(
                    "hand_over",
                    ("triaged", "assigned"),
                    "handed_off",
                    data=HandOver,
                    keeps="handed_to",
                    effects=Effect("notify", {"whom": "specialists"}),
                ),
                _why("return_handoff", "handed_off", "assigned", roles=SPECIALISTS),
                Action(
                    "resolve_handoff",
                    "handed_off",
                    "answered",
                    roles=SPECIALISTS,
                    data=Outcome,
                    keeps=("outcome", "value"),
                ),
                _why("escalate", OPEN, "escalated"),
                Action(
                    "overdue",
                    OPEN,
                    "escalated",
                    due=Moment("sla_due"),
                    marks="late",
                    effects=Effect("notify", {"whom": "lead"}),
                ),
                Action(
                    "take_over",
                    "escalated",
                    "assigned",
                    roles=(COMMUNITY_MANAGER, SOCIAL_MEDIA_MANAGER, DEPARTMENT_LEAD),
                ),
                _why("no_reply", ("triaged", "assigned"), "end.closed"),
                _why("dismiss", ("new", "triaged"), "end.dismissed"),
                Action("close", "answered", goto="end.closed"),
            ),
        )
    ],
    fields=Interaction,
    content="reply",
    ends=("closed", "dismissed"),
    rights={
        "create": (*RESPONDERS, SYSTEM.id),
        "note": "*",
        "assign": (COMMUNITY_MANAGER, DEPARTMENT_LEAD),
        "reopen": RESPONDERS,
    },
)
