"""What a department asks before it says yes: rules that are pure over one item."""

from __future__ import annotations

from socialflow.content.rules.disclosure import disclosed
from socialflow.content.rules.evaluation import goals_answered, metrics_measured
from socialflow.content.rules.fields import has_any, one_of
from socialflow.content.rules.inspection import check_passed
from socialflow.content.rules.people import agency_has_order, is_named_for
from socialflow.content.rules.reasons import reason_given
from socialflow.content.rules.screening import screening_passed
from socialflow.content.rules.timing import embargo_over, lead_time, scheduled_after

__all__ = [
    "agency_has_order",
    "check_passed",
    "disclosed",
    "embargo_over",
    "goals_answered",
    "has_any",
    "is_named_for",
    "lead_time",
    "metrics_measured",
    "one_of",
    "reason_given",
    "scheduled_after",
    "screening_passed",
]
