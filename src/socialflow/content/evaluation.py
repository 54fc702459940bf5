"""Stage 10, evaluation of the feedback: was it worth it, and what do we learn?

It begins when promotion, response and re-share are done, or on the date that the screening has set.
The analyst measures what was promised there (S1-29), and reports of every goal what became of it; a
return is told only where something was measured (S2-14).  The department lead accepts the report of
somebody else, and only then is the item closed.  What it suggests becomes ideas of their own: see
`socialflow.content.idea`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import attrs

from socialflow import Action, Stage
from socialflow.content.measuring import Analysis, Period
from socialflow.content.reasons import Changes
from socialflow.content.roles import DATA_ANALYST, DEPARTMENT_LEAD, SOCIAL_MEDIA_MANAGER
from socialflow.content.rules import (
    checked_by_another,
    goals_answered,
    in_own_name,
    metrics_measured,
    reason_given,
    return_measured,
)
from socialflow.kinds import spawn
from socialflow.rules import some_child

__all__ = ["EVALUATION", "Prolonged", "Report"]

Verdict = Literal["reached", "partly", "missed", "inconclusive"]


@attrs.frozen
class Report:
    """What it means.

    Attributes:
        verdict: On the whole.
        goal_results: For every goal of the item.
        lessons: What to do again, and what not.
        reported_by: Id of whoever answers for it.
        recommendations: What to do otherwise.
        new_ideas: What to make next; each becomes an idea when the report is accepted.
        roi: What came back for each unit of money and work, if that can be said.
    """

    verdict: Verdict
    goal_results: dict[str, Verdict]
    lessons: str
    reported_by: str
    recommendations: tuple[str, ...] = ()
    new_ideas: tuple[str, ...] = ()
    roi: float | None = None


@attrs.frozen
class Prolonged:
    """Why it goes on, and when it is looked at again: needed once the old date has passed."""

    reason: str
    evaluate_at: datetime | None = None


@attrs.frozen(kw_only=True)
class Evaluation(Report):
    """What this stage knows about an item."""

    first_day: date
    last_day: date
    feedback: str


EVALUATION = Stage(
    "evaluation",
    ("collecting", "analysing", "reported", "accepted"),
    role=DATA_ANALYST,
    fields=Evaluation,
    actions=(
        Action("start", "collecting", data=Period, keeps=("first_day", "last_day")),
        Action(
            "analyse",
            "collecting",
            "analysing",
            data=Analysis,
            keeps=("feedback", "results"),
            rules=metrics_measured("metrics").waivable(DATA_ANALYST),
        ),
        Action(
            "report",
            "analysing",
            "reported",
            data=Report,
            keeps=[field.name for field in attrs.fields(Report)],
            rules=(
                in_own_name("reported_by"),
                goals_answered("goals"),
                return_measured("results"),
            ),
        ),
        Action(
            "accept_report",
            "reported",
            "accepted",
            roles=DEPARTMENT_LEAD,
            rules=(
                checked_by_another("reported_by").waivable(),
                goals_answered("goals"),
                ~some_child("interaction", "interaction.escalated"),
            ),
            effects=spawn("idea", each="new_ideas", into="text", copies="lessons"),
        ),
        Action(
            "return_report",
            "reported",
            "analysing",
            roles=DEPARTMENT_LEAD,
            data=Changes,
            rules=reason_given(),
        ),
        Action(
            "extend",
            "analysing",
            goto=("promotion", "response", "reshare"),
            roles=SOCIAL_MEDIA_MANAGER,
            data=Prolonged,
            keeps="evaluate_at",
            rules=reason_given(),
        ),
    ),
)
