"""Stage 10, evaluation of the feedback: was it worth it, and what do we learn?

The analyst measures what the screening has promised (S1-29), and reports of every goal what became
of it.  The department lead accepts the report, and only then is the item closed.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import attrs

from socialflow import Action, Stage
from socialflow.content.reasons import Changes, Reason
from socialflow.content.roles import DATA_ANALYST, DEPARTMENT_LEAD, SOCIAL_MEDIA_MANAGER
from socialflow.content.rules import goals_answered, metrics_measured, reason_given

__all__ = ["EVALUATION", "Analysis", "Period", "Report"]

Verdict = Literal["reached", "partly", "missed", "inconclusive"]


@attrs.frozen
class Period:
    """The days that are looked at, first and last."""

    first_day: date
    last_day: date


@attrs.frozen
class Analysis:
    """What was found.

    Attributes:
        feedback: What people said, in sum.
        results: A figure for every metric that was promised.
    """

    feedback: str
    results: dict[str, float]


@attrs.frozen
class Report:
    """What it means.

    Attributes:
        verdict: On the whole.
        goal_results: For every goal of the item.
        lessons: What to do again, and what not.
        recommendations: What to do next.
        roi: What came back for each unit of money and work, if that can be said.
    """

    verdict: Verdict
    goal_results: dict[str, Verdict]
    lessons: str
    recommendations: tuple[str, ...] = ()
    roi: float | None = None


@attrs.frozen(kw_only=True)
class Evaluation(Report):
    """What this stage knows about an item."""

    first_day: date
    last_day: date
    feedback: str
    results: dict[str, float]


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
            rules=goals_answered("goals"),
        ),
        Action("accept_report", "reported", "accepted", roles=DEPARTMENT_LEAD),
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
            data=Reason,
            rules=reason_given(),
        ),
    ),
)
