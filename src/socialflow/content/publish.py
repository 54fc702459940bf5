"""Stage 6, upload and publication check: it goes out, and somebody looks at what went out.

Two duties in one stage: nothing is live before it has been looked at where the public sees it.
Whatever fires an upload asks first that every signature holds, that commercial ties are disclosed
and that no embargo stands against it.  An upload of which nobody knows how it ended is never
repeated; first somebody finds out.  Going live releases the revision: its writers may approve the
next one.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from socialflow import Action, Effect, Stage
from socialflow.content.reasons import Evidence, Reason
from socialflow.content.roles import (
    APPROVERS,
    COMMUNITY_MANAGER,
    CONTENT_CREATOR,
    EMPLOYEE_ADVOCATE,
    LEGAL_COMPLIANCE,
    MANAGER,
    SOCIAL_MEDIA_MANAGER,
)
from socialflow.content.rules import (
    check_passed,
    disclosed,
    embargo_over,
    lead_time,
    reason_given,
    scheduled_after,
)
from socialflow.rules import signed_off

__all__ = ["PUBLISH", "Check", "PartCheck", "Schedule"]


@attrs.frozen
class Schedule:
    """When it goes out; timezone-aware."""

    publish_at: datetime


@attrs.frozen(kw_only=True)
class Check:
    """What the checker sees, where the public sees it."""

    urls: tuple[str, ...]
    right_account: bool
    right_text: bool
    right_media: bool
    links_work: bool
    disclosure_visible: bool


@attrs.frozen(kw_only=True)
class PartCheck(Check):
    """The same where it is live, and the accounts where it is missing."""

    missing: tuple[str, ...]


@attrs.frozen
class Publication:
    """What this stage knows about an item."""

    publish_at: datetime
    urls: tuple[str, ...]
    missing: tuple[str, ...]


MAY_GO_OUT = (signed_off(), disclosed("ties", "disclosure"))
FIRE = (*MAY_GO_OUT, embargo_over("embargo_until"))
WAITING = ("ready", "scheduled")
UPLOADERS = (SOCIAL_MEDIA_MANAGER, CONTENT_CREATOR, EMPLOYEE_ADVOCATE)
CHECKERS = (COMMUNITY_MANAGER, SOCIAL_MEDIA_MANAGER)

PUBLISH = Stage(
    "publish",
    (*WAITING, "publishing", "unconfirmed", "failed", "recalling", "partly_live", "live"),
    done=("partly_live", "live"),
    role=SOCIAL_MEDIA_MANAGER,
    releases=True,
    may_edit=dict.fromkeys(WAITING, MANAGER),
    fields=Publication,
    actions=(
        Action(
            "schedule",
            WAITING,
            "scheduled",
            data=Schedule,
            keeps="publish_at",
            rules=(*MAY_GO_OUT, scheduled_after("embargo_until"), lead_time()),
        ),
        Action("unschedule", "scheduled", "ready"),
        Action("publish_now", WAITING, "publishing", rules=FIRE, effects=Effect("publish")),
        Action("upload", WAITING, "publishing", roles=UPLOADERS, data=Evidence, rules=FIRE),
        Action(
            "confirm",
            "publishing",
            "live",
            roles=CHECKERS,
            data=Check,
            keeps="urls",
            rules=check_passed(),
        ),
        Action(
            "confirm_partly",
            "publishing",
            "partly_live",
            roles=CHECKERS,
            data=PartCheck,
            keeps=("urls", "missing"),
            rules=check_passed(),
        ),
        Action("fail", "publishing", "failed", data=Evidence),
        Action("mark_unconfirmed", "publishing", "unconfirmed"),
        Action("resolve_published", "unconfirmed", "publishing", data=Evidence),
        Action("resolve_failed", "unconfirmed", "failed", data=Evidence),
        Action("retry", "failed", "publishing", rules=FIRE, effects=Effect("publish")),
        Action(
            "recall",
            ("publishing", "unconfirmed", "failed"),
            "recalling",
            roles=(*MANAGER, LEGAL_COMPLIANCE),
            data=Reason,
            rules=reason_given(),
            effects=Effect("recall"),
        ),
        Action("confirm_recall", "recalling", goto="end.recalled", roles=CHECKERS),
        Action(
            "revoke",
            WAITING,
            goto="approval",
            roles=(*APPROVERS, LEGAL_COMPLIANCE),
            data=Reason,
            rules=reason_given(),
        ),
    ),
)
