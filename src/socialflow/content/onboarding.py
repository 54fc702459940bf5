"""Onboarding: what somebody new does in their first thirty, sixty and ninety days (S3-20).

One item for each of them, with its agenda: goals, what they do for them, and what they deliver.
Whoever runs the department, and is not the one who is new, says that a milestone is reached; the
effect ``credential`` has the host write down ``onboarding:30``, which a grant or the rule
`onboarded` asks for: so rights widen with time.  Past its date the lead hears of a milestone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from socialflow import Action, Effect, Stage, Workflow
from socialflow.content.reasons import Reason
from socialflow.content.roles import MANAGER
from socialflow.content.rules import checked_by_another, reason_given
from socialflow.moments import Moment, days
from socialflow.plain import EMPTY

__all__ = ["ONBOARDING", "Milestone", "Onboarding", "Reached"]

MILESTONES = (30, 60, 90)


@attrs.frozen
class Milestone:
    """What is meant to be so by a day.

    Attributes:
        goals: What they are to know or to be able to.
        activities: What they do for it.
        deliverables: What they show.
    """

    goals: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    deliverables: tuple[str, ...] = ()


@attrs.frozen
class Onboarding:
    """Who is new, since when (timezone-aware), and the agenda by its days: ``"30"``, ``"60"``."""

    member: str
    begins: datetime
    agenda: Mapping[str, Milestone] = EMPTY


@attrs.frozen
class Reached:
    """What was delivered."""

    delivered: tuple[str, ...]


def _until(day: int) -> Stage:
    stage = f"day_{day}"
    return Stage(
        stage,
        ("ahead", "reached"),
        role=MANAGER,
        may_edit={"ahead": MANAGER},
        actions=(
            Action(
                "reach",
                "ahead",
                "reached",
                data=Reached,
                rules=checked_by_another("member").waivable(),
                effects=Effect("credential", {"kind": "onboarding", "key": str(day)}),
                unmarks="late",
            ),
            Action(
                "remind",
                "ahead",
                due=Moment("begins", days(day)),
                marks="late",
                effects=Effect("notify", {"whom": "lead"}),
            ),
            Action("break_off", "ahead", goto="end.broken_off", data=Reason, rules=reason_given()),
        ),
    )


ONBOARDING = Workflow(
    "onboarding",
    [_until(day) for day in MILESTONES],
    fields=Onboarding,
    ends=("closed", "broken_off"),
    rights={"create": MANAGER, "note": "*", "assign": MANAGER},
)
