"""Stage 6, upload and publication check: it goes out, and somebody looks at what went out.

Two duties, once for each account: see `socialflow.content.publication`.  This stage says when they
begin, and follows what becomes of them.  Whatever fires an upload asks first that every signature
holds, that commercial ties are disclosed, that others agree to what is theirs and are named, that
nothing of it is confidential and that no embargo stands against it.  A date that is missed by half
an hour is not made up for: somebody sets another one.  Going live releases the revision: its
writers may approve the next one.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from socialflow import Action, Stage
from socialflow.content.post import VARIED
from socialflow.content.publication import UP
from socialflow.content.reasons import explained
from socialflow.content.roles import (
    APPROVERS,
    LEGAL_COMPLIANCE,
    MANAGER,
    SOCIAL_MEDIA_MANAGER,
)
from socialflow.content.rules import (
    credited,
    disclosed,
    disclosed_everywhere,
    embargo_over,
    lead_time,
    not_confidential,
    rights_granted,
    scheduled_after,
)
from socialflow.kinds import Children, only, some, spawn, tell
from socialflow.moments import Moment, minutes
from socialflow.rules import has, signed_off

__all__ = ["PUBLISH", "Schedule"]


@attrs.frozen
class Schedule:
    """When it goes out; timezone-aware."""

    publish_at: datetime


MAY_GO_OUT = (
    signed_off(),
    has("accounts"),
    disclosed("ties", "disclosure"),
    disclosed_everywhere("ties", "disclosure", "variants"),
    not_confidential(),
    rights_granted(),
    credited(),
)
FIRE = (*MAY_GO_OUT, embargo_over("embargo_until"))
TO_EACH = spawn("publication", each="accounts", into="account", copies=VARIED, otherwise="variants")
WAITING = ("ready", "scheduled")
GRACE = minutes(30)

PUBLISH = Stage(
    "publish",
    (*WAITING, "publishing", "unconfirmed", "failed", "recalling", "partly_live", "live"),
    done=("partly_live", "live"),
    role=SOCIAL_MEDIA_MANAGER,
    releases=True,
    may_edit=dict.fromkeys(WAITING, MANAGER),
    fields=Schedule,
    follows=Children(
        "publication",
        (
            ("recalling", some("recalling")),
            ("end.recalled", only("recalled", "dropped")),
            ("publishing", some("queued", "publishing", "published")),
            ("unconfirmed", some("unconfirmed")),
            ("live", only("verified", "recalled", "dropped")),
            ("partly_live", some("verified")),
            ("failed", some("failed")),
        ),
    ),
    actions=(
        Action(
            "schedule",
            WAITING,
            "scheduled",
            roles=MANAGER,
            data=Schedule,
            keeps="publish_at",
            unmarks="late",
            rules=(*MAY_GO_OUT, scheduled_after("embargo_until"), lead_time()),
        ),
        Action("unschedule", "scheduled", "ready", reversible=True),
        Action(
            "publish_now",
            WAITING,
            "publishing",
            roles=MANAGER,
            rules=FIRE,
            effects=TO_EACH,
            unmarks="late",
        ),
        Action(
            "begin",
            "scheduled",
            "publishing",
            roles=MANAGER,
            due=Moment("publish_at"),
            within=GRACE,
            rules=FIRE,
            effects=TO_EACH,
        ),
        Action("miss", "scheduled", "ready", due=Moment("publish_at", GRACE), marks="late"),
        Action("retry_failed", "failed", effects=tell("publication", "retry", where="failed")),
        explained(
            "recall",
            ("publishing", "unconfirmed", "failed"),
            roles=(*MANAGER, LEGAL_COMPLIANCE),
            effects=tell("publication", "recall", where=UP),
        ),
        explained("revoke", WAITING, goto="approval", roles=(*APPROVERS, LEGAL_COMPLIANCE)),
    ),
)
