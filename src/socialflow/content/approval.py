"""Stage 5, approval to publish: those who did not write it say that it may go out.

Who is asked depends on the content: the brand always, the product owner for claims, legal for what
could do harm, after the others, and whoever answers for the money where there is a budget.  The
signature is on the revision: whoever changes the content afterwards sends it back here, and so does
a risk that is raised.  An approver may also edit what is pending; then another one has to pass it.
Nobody from an agency decides anything here, whatever other roles they hold (S2-02).

Every vote may say more than yes: no, an abstention, a note, the revision that was looked at; see
the command ``vote``.  Who must not decide abstains, and says why.  A guest is a member whose grant
has an end.  Who makes it may have it passed by somebody in particular, a unit or a role (S3-15):
others who vote all the same are warned.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from socialflow import Action, Effect, Stage
from socialflow.ballots import Ballot
from socialflow.content.reasons import Changes, explained
from socialflow.content.roles import (
    APPROVER,
    APPROVERS,
    DEPARTMENT_LEAD,
    EXECUTIVE_SPONSOR,
    GUEST_APPROVER,
    LEGAL_COMPLIANCE,
    MANAGER,
    PRODUCT_OWNER,
    REVIEWERS,
)
from socialflow.content.rules import is_asked, one_of, reason_given
from socialflow.moments import Moment, days, minutes
from socialflow.rules import has

__all__ = ["APPROVAL", "CHAIN", "Incident", "Replan"]


@attrs.frozen
class Incident:
    """What does not wait for the usual way; both who break the glass name the same."""

    incident: str
    reason: str


@attrs.frozen
class Replan:
    """When it is meant to go out now; None if that is open."""

    planned_for: datetime | None


CHAIN = (
    Ballot("brand", (*APPROVERS, GUEST_APPROVER)),
    Ballot("claims", PRODUCT_OWNER, when=has("claims")),
    Ballot(
        "legal",
        LEGAL_COMPLIANCE,
        when=one_of("risk", ("high", "crisis")),
        after=("brand", "claims"),
    ),
    Ballot("budget", (APPROVER, EXECUTIVE_SPONSOR), when=has("budget"), standing="revision"),
)
"""Who is asked, and when; a company says its own by ``amend``."""

LEAD_TIME = minutes(5)

APPROVAL = Stage(
    "approval",
    ("pending", "approved", "expired"),
    done="approved",
    role=APPROVER,
    signs="revision",
    may_edit={"pending": (APPROVER, *MANAGER), "expired": MANAGER},
    actions=(
        Action(
            "approve",
            "pending",
            "approved",
            ballots=CHAIN,
            rules=is_asked("approvers").warning(),
        ),
        Action(
            "request_changes",
            "pending",
            goto=("production", "tone"),
            roles=REVIEWERS,
            data=Changes,
            rules=reason_given(),
        ),
        explained("decline", "pending", goto="end.rejected", roles=APPROVERS),
        Action(
            "escalate",
            "pending",
            due=days(1),
            every=days(1),
            marks="escalated",
            effects=Effect("notify", {"whom": "lead"}),
        ),
        Action("expire", "pending", "expired", due=Moment("planned_for", -LEAD_TIME)),
        Action("resubmit", "expired", "pending", roles=MANAGER, data=Replan, keeps="planned_for"),
        Action(
            "break_glass",
            "pending",
            "approved",
            data=Incident,
            ballots=Ballot("glass", (DEPARTMENT_LEAD, EXECUTIVE_SPONSOR), quorum=2),
        ),
    ),
)
