"""Stage 1, the creative concept: which ideas are worth the work.

Anybody may have an idea: proposing it is creating the item, and whoever did so may still find
better words for it.  The social media manager has it screened, and accepts it if three questions
are answered with yes (S1-27 to S1-29): does it help reach the goals, is there enough to make it,
can its effect be measured?  What the answers promise stays with the item, because stage 10 measures
it.  Only the department lead may override them.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from socialflow import Action, Effect, Stage
from socialflow.content.reasons import explained
from socialflow.content.roles import DEPARTMENT_LEAD, MANAGER, SOCIAL_MEDIA_MANAGER
from socialflow.content.rules import own_words, reason_given, screening_passed
from socialflow.content.screening import PROMISED, Screening
from socialflow.moments import Moment

__all__ = ["CONCEPT", "Concept", "Duplicate", "Idea", "Shelving"]


@attrs.frozen
class Idea:
    """What it is called, and why it is worth making."""

    title: str
    pitch: str | None = None


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
class Concept:
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
        Action("reword", "idea", roles="*", data=Idea, keeps=("title", "pitch"), rules=own_words()),
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
        explained("override", "screening", "accepted", roles=DEPARTMENT_LEAD),
        Action(
            "shelve",
            ("idea", "screening"),
            "shelved",
            roles=MANAGER,
            data=Shelving,
            keeps="review_at",
            rules=reason_given(),
            reversible=True,
        ),
        Action("revive", "shelved", "idea", roles=MANAGER, reversible=True),
        Action("look_again", "shelved", "idea", due=Moment("review_at")),
        explained(
            "reject",
            ("idea", "screening"),
            goto="end.rejected",
            roles=MANAGER,
            effects=Effect("notify", {"whom": "proposer"}),
        ),
        Action(
            "merge", "idea", goto="end.closed", roles=MANAGER, data=Duplicate, keeps="duplicate_of"
        ),
    ),
)
