"""Stage 2, content assignment: who makes it, and until when.

A creator takes the work from the queue, or the manager hands it out: to whoever has been assigned
to production, or to the creators' queue; `socialflow.content.assignees` helps to choose.  An offer
waits for the yes of the one who was named.  An agency gets only what the screening has decided to
outsource (S1-28, S2-02); how the lead takes it back stands in `socialflow.content.production`.
"""

from __future__ import annotations

from datetime import date

import attrs

from socialflow import Action, Stage
from socialflow.content.reasons import Reason
from socialflow.content.roles import (
    AGENCY_MEMBER,
    CONTENT_CREATOR,
    DEPARTMENT_LEAD,
    MANAGER,
    SOCIAL_MEDIA_MANAGER,
    WRITERS,
)
from socialflow.content.rules import agency_has_order, is_named_for, one_of, reason_given
from socialflow.rules import responsible_named

__all__ = ["ASSIGNMENT", "Brief", "Order"]


@attrs.frozen
class Brief:
    """What whoever makes it has to know.

    Attributes:
        due: The day on which it has to be submitted.
        brief: What is wanted.
    """

    due: date | None = None
    brief: str | None = None


@attrs.frozen
class Order:
    """What an agency is to make.

    Attributes:
        agency: Which one.
        brief: What is wanted.
        due: The day on which it has to be submitted.
        fee: What it may cost, in the department's currency.
    """

    agency: str
    brief: str | None
    due: date | None
    fee: float


@attrs.frozen
class Assignment:
    """What this stage knows about an item."""

    due: date | None
    brief: str | None
    agency: str
    fee: float


ASSIGNMENT = Stage(
    "assignment",
    ("unassigned", "offered", "assigned"),
    role=SOCIAL_MEDIA_MANAGER,
    may_edit={"unassigned": MANAGER, "offered": MANAGER},
    fields=Assignment,
    actions=(
        Action("take", "unassigned", "assigned", roles=CONTENT_CREATOR),
        Action(
            "hand_out",
            ("unassigned", "offered"),
            "assigned",
            roles=MANAGER,
            data=Brief,
            keeps=("due", "brief"),
        ),
        Action(
            "offer",
            "unassigned",
            "offered",
            roles=MANAGER,
            data=Brief,
            keeps=("due", "brief"),
            rules=responsible_named("production"),
        ),
        Action(
            "accept_offer",
            "offered",
            "assigned",
            roles=WRITERS,
            rules=(is_named_for("production"), agency_has_order("outsourced", AGENCY_MEMBER)),
        ),
        Action(
            "decline_offer",
            "offered",
            "unassigned",
            roles=WRITERS,
            data=Reason,
            rules=(is_named_for("production"), reason_given()),
        ),
        Action(
            "outsource",
            "unassigned",
            "assigned",
            roles=MANAGER,
            data=Order,
            keeps=("agency", "brief", "due", "fee"),
            rules=one_of("outsourced", ("partly", "yes")).waivable(DEPARTMENT_LEAD),
        ),
    ),
)
