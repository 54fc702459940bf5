"""A duty: work that comes round again, whether anybody thinks of it or not.

It rests until its time has come, is due until somebody says that it is done, and rests again from
that moment on.  As long as nobody does, the lead hears of it again and again.  Each kind is a
workflow, because how often it comes round is part of it; a company makes its own by
`recurring`.
"""

from __future__ import annotations

from datetime import timedelta

import attrs

from socialflow import Action, Effect, Stage, Workflow
from socialflow.content.measuring import Snapshot
from socialflow.content.plans import Dimension
from socialflow.content.reasons import Reason
from socialflow.content.roles import (
    COMMUNITY_MANAGER,
    DATA_ANALYST,
    DEPARTMENT_LEAD,
    MANAGER,
    SOCIAL_MEDIA_MANAGER,
)
from socialflow.content.rules import reason_given
from socialflow.moments import days

__all__ = ["DUTIES", "MONITORING", "Done", "Recurring", "Watch", "recurring"]


EITHER = ("resting", "due")


@attrs.frozen
class Recurring:
    """What has to be done, in a sentence."""

    what: str | None = None


@attrs.frozen
class Watch:
    """On what somebody keeps an eye (S1-18), and how it did when it was measured last (S1-21)."""

    dimension: Dimension
    value: str
    results: dict[str, float] | None = None


@attrs.frozen
class Done:
    """What came of it, for those who were not there."""

    outcome: str | None = None


def recurring(
    name: str,
    cadence: timedelta,
    role: str | tuple[str, ...],
    fields: type = Recurring,
    actions: tuple[Action, ...] = (),
) -> Workflow:
    """The workflow of a duty that is due so long after it was done.

    Args:
        name: What it is called: ``"idea_review"``.
        cadence: How often it comes round; as long again, and the lead is told.
        role: Whose duty it is, until somebody is assigned.
        fields: What has to be known about it.
        actions: What else may be done about it.

    Example:
        >>> recurring("stand_up", days(1), "department_lead").states
        ('duty.resting', 'duty.due', 'end.given_up')
    """
    return Workflow(
        name,
        [
            Stage(
                "duty",
                EITHER,
                done=(),
                role=role,
                fields=Done,
                actions=(*_round(cadence), *actions),
            )
        ],
        fields=fields,
        ends=("given_up",),
        rights={"create": MANAGER, "note": "*", "assign": MANAGER, "claim": role, "release": role},
    )


def _round(cadence: timedelta) -> tuple[Action, ...]:
    return (
        Action("fall_due", "resting", "due", due=cadence, effects=_notify("responsible")),
        Action("remind", "due", due=cadence, every=cadence, marks="late", effects=_notify("lead")),
        Action("finish", EITHER, "resting", data=Done, keeps="outcome", unmarks="late"),
        Action(
            "give_up",
            EITHER,
            goto="end.given_up",
            roles=MANAGER,
            data=Reason,
            rules=reason_given(),
        ),
    )


def _notify(whom: str) -> Effect:
    return Effect("notify", {"whom": whom})


WATCHERS = (COMMUNITY_MANAGER, SOCIAL_MEDIA_MANAGER)
MONITORING = recurring(
    "monitoring",
    days(1),
    WATCHERS,
    Watch,
    (Action("measure", EITHER, roles=(*WATCHERS, DATA_ANALYST), data=Snapshot, keeps="results"),),
)
"""Keeping an eye on a brand, a competitor, a city ..."""

DUTIES = (
    MONITORING,
    recurring("daily_brief", days(1), SOCIAL_MEDIA_MANAGER),
    recurring("idea_review", days(7), MANAGER),
    recurring("lead_checkin", days(7), DEPARTMENT_LEAD),
    recurring("fortnightly_meeting", days(14), DEPARTMENT_LEAD),
    recurring("kpi_report", days(30), DATA_ANALYST),
)
"""What comes round in every department (S1-18, S1-35, S3-21, S3-24)."""
