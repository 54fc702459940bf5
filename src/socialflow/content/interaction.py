"""An interaction: a comment, a mention, a message or a review, and what becomes of it.

An item of its own below the content item, so that two people who answer two comments never collide.
Community management and customer service answer; whoever is not sure has a reply passed by somebody
else, and a new draft supersedes the one before.  What belongs to support, sales, legal or product
is handed over, and its outcome comes back (S3-17, S3-18).  Whoever is answered may go on talking
(S4-10).  The clock goes on all the while: past its date it is escalated by itself, and a crisis at
once.  What a member of the feedback group says is one as well (S4-11).  An agency does none of
this, whatever other roles its people hold (S2-02).
"""

from __future__ import annotations

from socialflow import Action, Effect, Stage, Workflow
from socialflow.content.conversation import Heard, Intent, Interaction, Reply, Triage
from socialflow.content.handover import HANDING_OVER, HandOver, Outcome
from socialflow.content.reasons import explained
from socialflow.content.roles import (
    COMMUNITY_MANAGER,
    CUSTOMER_SERVICE_REP,
    DEPARTMENT_LEAD,
    FEEDBACK_PANEL,
    LEGAL_COMPLIANCE,
    SOCIAL_MEDIA_MANAGER,
)
from socialflow.content.rules import one_of
from socialflow.moments import Moment, hours
from socialflow.people import SYSTEM
from socialflow.rules import four_eyes, has

__all__ = ["INTERACTION", "HandOver", "Intent", "Outcome", "Reply", "Triage"]

RESPONDERS = (COMMUNITY_MANAGER, CUSTOMER_SERVICE_REP)
PASSERS = (COMMUNITY_MANAGER, SOCIAL_MEDIA_MANAGER, LEGAL_COMPLIANCE)
IN_HAND = ("assigned", "drafted")
OPEN = ("new", "triaged", *IN_HAND, "reply_pending", "handed_off")
REPLY = Effect("reply")
TRIAGED = ("intent", "sentiment", "priority", "asked", "tags", "influencer", "sla_due")
CRISIS: Intent = "crisis"
TELL_LEAD = Effect("notify", {"whom": "lead"})

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
                Action("triage", "new", "triaged", data=Triage, keeps=TRIAGED),
                Action(
                    "alarm",
                    "triaged",
                    "escalated",
                    automatic=True,
                    rules=one_of("intent", (CRISIS,)),
                    marks="crisis",
                    effects=TELL_LEAD,
                ),
                Action("take", "triaged", "assigned", reversible=True),
                Action(
                    "draft_reply",
                    (*IN_HAND, "reply_pending"),
                    "drafted",
                    data=Reply,
                    keeps=("reply", "snippet"),
                ),
                Action("send_reply", "drafted", "answered", rules=has("reply"), effects=REPLY),
                Action("submit_reply", "drafted", "reply_pending", rules=has("reply")),
                Action(
                    "approve_reply",
                    "reply_pending",
                    "answered",
                    roles=PASSERS,
                    rules=four_eyes(),
                    effects=REPLY,
                ),
                explained("reject_reply", "reply_pending", "assigned", roles=PASSERS),
                *HANDING_OVER,
                explained("escalate", OPEN, "escalated"),
                Action(
                    "overdue",
                    OPEN,
                    "escalated",
                    due=Moment("sla_due"),
                    marks="late",
                    effects=TELL_LEAD,
                ),
                Action(
                    "take_over",
                    "escalated",
                    "assigned",
                    roles=(COMMUNITY_MANAGER, SOCIAL_MEDIA_MANAGER, DEPARTMENT_LEAD),
                ),
                Action(
                    "hear",
                    "answered",
                    "triaged",
                    roles=(*RESPONDERS, SYSTEM.id),
                    data=Heard,
                    keeps="text",
                    unmarks="accepted",
                ),
                explained("no_reply", ("triaged", *IN_HAND), goto="end.closed"),
                explained("dismiss", ("new", "triaged"), goto="end.dismissed"),
                Action("close", "answered", goto="end.closed"),
            ),
        )
    ],
    fields=Interaction,
    content="reply",
    ends=("closed", "dismissed"),
    rights={
        "create": (*RESPONDERS, FEEDBACK_PANEL, SYSTEM.id),
        "note": "*",
        "assign": (COMMUNITY_MANAGER, DEPARTMENT_LEAD),
        "reopen": RESPONDERS,
    },
)
