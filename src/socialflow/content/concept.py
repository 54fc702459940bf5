"""Stage 1, the creative concept: which ideas are worth the work.

Anybody may have an idea: proposing it is creating the item.  The social media manager has it
screened, and accepts it if three questions are answered with yes (S1-27 to S1-29): does it help
reach the goals, is there enough to make it, can its effect be measured?  What the answers promise
stays with the item, because stage 10 measures it.  Only the department lead may override them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import attrs

from socialflow import Action, Effect, Stage
from socialflow.content.reasons import Reason
from socialflow.content.roles import DEPARTMENT_LEAD, MANAGER, SOCIAL_MEDIA_MANAGER
from socialflow.content.rules import reason_given, screening_passed
from socialflow.moments import Moment

__all__ = ["CONCEPT", "Concept", "Duplicate", "Promise", "Screening", "Shelving"]


@attrs.frozen(kw_only=True)
class Promise:
    """What an idea has promised when it was accepted.

    Attributes:
        effort_hours: Hours of work that it will take.
        outsourced: Whether an agency makes it.
        metrics: What will be measured.
        method: How.
        evaluate_at: When.
    """

    effort_hours: float
    outsourced: Literal["no", "partly", "yes"] = "no"
    metrics: tuple[str, ...]
    method: str
    evaluate_at: date


PROMISED = tuple(field.name for field in attrs.fields(Promise))


@attrs.frozen(kw_only=True)
class Screening(Promise):
    """The three answers, and what they promise.

    Attributes:
        fits_goals: Does it help reach the main goals ...
        goals: ... and which?
        resources_suffice: Are there enough time, people and money to make and promote it?
        measurable: Can the feedback of users on it be evaluated?
        note: What else was said.
    """

    fits_goals: bool
    goals: tuple[str, ...]
    resources_suffice: bool
    measurable: bool
    note: str | None = None


@attrs.frozen
class Shelving:
    """Why not now, and when it comes back by itself; timezone-aware."""

    reason: str
    review_at: datetime


@attrs.frozen
class Duplicate:
    """Which item is about the same idea."""

    duplicate_of: str


@attrs.frozen(kw_only=True)
class Concept(Promise):
    """What this stage knows about an item."""

    review_at: datetime
    duplicate_of: str


CONCEPT = Stage(
    "concept",
    ("idea", "screening", "accepted", "shelved"),
    done="accepted",
    role=SOCIAL_MEDIA_MANAGER,
    may_edit={"idea": MANAGER, "screening": MANAGER},
    fields=Concept,
    actions=(
        Action("start_screening", "idea", "screening", roles=MANAGER, reversible=True),
        Action(
            "accept",
            "screening",
            "accepted",
            roles=MANAGER,
            data=Screening,
            keeps=("goals", *PROMISED),
            rules=screening_passed(),
        ),
        Action(
            "override",
            "screening",
            "accepted",
            roles=DEPARTMENT_LEAD,
            data=Reason,
            rules=reason_given(),
        ),
        Action(
            "shelve",
            ("idea", "screening"),
            "shelved",
            roles=MANAGER,
            data=Shelving,
            keeps="review_at",
            rules=reason_given(),
        ),
        Action("revive", "shelved", "idea", roles=MANAGER),
        Action("look_again", "shelved", "idea", due=Moment("review_at")),
        Action(
            "reject",
            ("idea", "screening"),
            goto="end.rejected",
            roles=MANAGER,
            data=Reason,
            rules=reason_given(),
            effects=Effect("notify", {"whom": "proposer"}),
        ),
        Action(
            "merge", "idea", goto="end.closed", roles=MANAGER, data=Duplicate, keeps="duplicate_of"
        ),
    ),
)
