"""Stage 5, approval to publish: somebody who did not write it says that it may go out.

The signature is on the revision: whoever changes the content afterwards sends it back here.  An
approver may also edit what is pending; then another approver has to pass it.  Nobody from an agency
decides anything here, whatever other roles they hold (S2-02).
"""

from __future__ import annotations

from datetime import datetime

import attrs

from socialflow import Action, Stage
from socialflow.content.reasons import Changes, Reason
from socialflow.content.roles import APPROVER, APPROVERS, MANAGER, REVIEWERS
from socialflow.content.rules import reason_given, saw_this_revision
from socialflow.rules import four_eyes

__all__ = ["APPROVAL", "Approval", "Replan"]


@attrs.frozen
class Approval:
    """What the approver wants to be remembered.

    Attributes:
        revision: Digest of the content that was looked at, to be sure that it is this one.
        note: What else was said.
    """

    revision: str | None = None
    note: str | None = None


@attrs.frozen
class Replan:
    """When it is meant to go out now; None if that is open."""

    planned_for: datetime | None


APPROVAL = Stage(
    "approval",
    ("pending", "approved", "expired"),
    done="approved",
    role=APPROVER,
    signs="revision",
    may_edit={"pending": APPROVER},
    actions=(
        Action(
            "approve",
            "pending",
            "approved",
            roles=APPROVERS,
            data=Approval,
            rules=(four_eyes(), saw_this_revision()),
        ),
        Action(
            "request_changes",
            "pending",
            goto=("production", "tone"),
            roles=REVIEWERS,
            data=Changes,
            rules=reason_given(),
        ),
        Action(
            "decline",
            "pending",
            goto="end.rejected",
            roles=APPROVERS,
            data=Reason,
            rules=reason_given(),
        ),
        Action("expire", "pending", "expired", roles=MANAGER),
        Action("resubmit", "expired", "pending", roles=MANAGER, data=Replan, keeps="planned_for"),
    ),
)
