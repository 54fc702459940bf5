"""A promotion run: one channel through which an item is carried to those it is for.

An item of its own below the content item, planned and passed before it runs, and over on its date.
Paid is kept apart from organic (S3-08): what costs money is passed by those who answer for the
money, what is free by those who run the department, and neither by whoever has planned it.  The
signature is on the plan: changing it, while it waits or pauses, sends it back to be passed anew.
An agency plans and runs what is public; private messages are never an agency's to send, and no
plan is its to pass (S2-02).  Employees share on their own accounts what they want to (S0-14).
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import attrs

from socialflow import Action, Effect, Stage, Workflow
from socialflow.ballots import Ballot
from socialflow.content.reasons import Reason
from socialflow.content.roles import (
    AGENCY_MEMBER,
    APPROVER,
    COMMUNITY_MANAGER,
    DEPARTMENT_LEAD,
    EMPLOYEE_ADVOCATE,
    EXECUTIVE_SPONSOR,
    MANAGER,
    PAID_MEDIA_SPECIALIST,
    SOCIAL_MEDIA_MANAGER,
)
from socialflow.content.rules import (
    before_deadline,
    disclosed_through,
    in_house,
    in_order,
    not_the_agencys,
    one_of,
    reason_given,
    shared_freely,
)
from socialflow.moments import Moment
from socialflow.rules import has
from socialflow.standing import Why

__all__ = ["OVER", "PASSED", "PROMOTION_RUN", "Figures", "Kit", "PromotionRun", "Share"]

RUNNERS = (SOCIAL_MEDIA_MANAGER, PAID_MEDIA_SPECIALIST, COMMUNITY_MANAGER, AGENCY_MEMBER)
"""Who plans a promotion, starts and stops it."""
PAYERS = (APPROVER, EXECUTIVE_SPONSOR, DEPARTMENT_LEAD)
"""Who answers for the money."""
PASSED = ("approved", "running", "paused")
"""States of a run that has been passed, and is not over."""
OVER = ("end.ended", "end.cancelled")
"""Where a run is when nothing more will come of it."""

FREE = ("organic", "email", "dm", "event", "partner", "employee")
"""Channels that need not cost anything; where one does, it is passed like what is paid."""
SAYS_SO = ("paid", "partner", "employee")
"""Channels in which whoever speaks has an interest of their own, and says so."""

WHOLE = (
    disclosed_through("channel", SAYS_SO, "disclosure"),
    in_order("starts_at", "ends_at"),
    before_deadline("ends_at", minutes=0),
)
"""What has to be true of every plan before anybody passes it."""
PUBLIC = not_the_agencys("channel", ("dm",), AGENCY_MEMBER)

PROMOTE = Effect("promote")
HALT = Effect("halt_promotion")
"""Nothing more of it goes out; said again, it changes nothing."""


@attrs.frozen
class Figures:
    """What came of it, as far as it is known.

    Attributes:
        reach: How many people saw it.
        cost: What was paid, in the currency of the budget.
        reactions: How many did something with it: liked, clicked, came.
        conversions: How many did what it was for.
    """

    reach: int
    cost: float = 0.0
    reactions: int | None = None
    conversions: int | None = None


FIGURES = tuple(field.name for field in attrs.fields(Figures))


@attrs.frozen
class Kit:
    """What employees get to share, and how to share it."""

    kit: str


@attrs.frozen
class Share:
    """Where somebody shares it, and that they want to, and say whom they work for."""

    account: str
    agrees: bool
    names_employer: bool


@attrs.frozen(kw_only=True)
class PromotionRun:
    """What is planned.

    Attributes:
        channel: Through what it goes.
        kind: What it is there: a boosted post, a newsletter, a stand at a fair.
        text: What it says.
        starts_at: From when; timezone-aware.
        ends_at: Until when; timezone-aware.
        budget: What may be spent.
        currency: Of the budget; the department's, if not said.
        disclosure: The words that disclose whose interest it is.
    """

    channel: Literal["organic", "paid", "email", "dm", "event", "partner", "employee"]
    kind: str | None = None
    text: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    budget: float | None = None
    currency: str | None = None
    disclosure: str | None = None


@attrs.frozen(kw_only=True)
class Ran(Figures):
    """What became of the plan."""

    kit: str


PLAN = Stage(
    "plan",
    ("planned", "passed"),
    role=RUNNERS,
    signs="revision",
    releases=True,
    may_edit={"planned": RUNNERS},
    actions=(
        Action(
            "approve",
            "planned",
            "passed",
            ballots=Ballot("plan", MANAGER),
            rules=(one_of("channel", FREE), ~has("budget"), has("text"), *WHOLE),
        ),
        Action(
            "approve_spending",
            "planned",
            "passed",
            ballots=Ballot("money", PAYERS),
            rules=(has("budget"), has("ends_at"), *WHOLE),
        ),
        Action("drop", "planned", goto="end.cancelled", roles=MANAGER, data=Why),
    ),
)

RUN = Stage(
    "run",
    PASSED,
    done=(),
    role=RUNNERS,
    may_edit=dict.fromkeys(("approved", "paused"), RUNNERS),
    fields=Ran,
    actions=(
        Action("start", "approved", "running", rules=PUBLIC, effects=PROMOTE),
        Action("begin", "approved", "running", due=Moment("starts_at"), effects=PROMOTE),
        Action("pause", "running", "paused", rules=PUBLIC, effects=HALT),
        Action("continue", "paused", "running", rules=PUBLIC, effects=PROMOTE),
        Action("end", PASSED, goto="end.ended", rules=PUBLIC, effects=HALT),
        Action("finish", PASSED, goto="end.ended", due=Moment("ends_at"), effects=HALT),
        Action(
            "call_off",
            PASSED,
            goto="end.cancelled",
            roles=MANAGER,
            data=Reason,
            rules=reason_given(),
            effects=HALT,
        ),
        Action(
            "offer_to_advocates",
            ("approved", "running"),
            roles=MANAGER,
            data=Kit,
            keeps="kit",
            rules=one_of("channel", ("employee",)),
            effects=Effect("notify", {"whom": "advocates"}),
        ),
        Action(
            "accept_share",
            ("approved", "running"),
            roles=EMPLOYEE_ADVOCATE,
            data=Share,
            rules=(has("kit"), shared_freely(), in_house()),
            effects=Effect("share"),
        ),
    ),
)

PROMOTION_RUN = Workflow(
    "promotion_run",
    [PLAN, RUN],
    [Action("measure", ("run", *OVER), roles=RUNNERS, data=Figures, keeps=FIGURES)],
    fields=PromotionRun,
    content=("channel", "kind", "text", "starts_at", "ends_at", "budget", "currency", "disclosure"),
    ends=("ended", "cancelled"),
    rights={"create": RUNNERS, "note": "*", "assign": MANAGER},
)
