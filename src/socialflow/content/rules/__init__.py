"""What a department asks before it says yes: rules that are pure over one item."""

from __future__ import annotations

from socialflow.content.rules.assignees import (
    assignee_has_role,
    assignee_holds,
    assignee_in_house,
    not_absent,
    skilled,
)
from socialflow.content.rules.capacity import loops_limited, retry_limit, within_limit
from socialflow.content.rules.disclosure import disclosed
from socialflow.content.rules.evaluation import goals_answered, metrics_measured
from socialflow.content.rules.fields import has_any, one_of
from socialflow.content.rules.freezes import frozen, no_freeze
from socialflow.content.rules.goals import goal_set, goals_shared
from socialflow.content.rules.inspection import check_passed
from socialflow.content.rules.outsourcing import (
    agency_has_order,
    contract_valid,
    outsourcing_allowed,
)
from socialflow.content.rules.people import (
    all_named,
    checked_by_another,
    holds,
    in_house,
    is_named_for,
    junior_reviewed,
    onboarded,
    policy_acknowledged,
)
from socialflow.content.rules.reasons import reason_given
from socialflow.content.rules.screening import screening_passed
from socialflow.content.rules.timing import embargo_over, lead_time, scheduled_after

__all__ = [
    "agency_has_order",
    "all_named",
    "assignee_has_role",
    "assignee_holds",
    "assignee_in_house",
    "check_passed",
    "checked_by_another",
    "contract_valid",
    "disclosed",
    "embargo_over",
    "frozen",
    "goal_set",
    "goals_answered",
    "goals_shared",
    "has_any",
    "holds",
    "in_house",
    "is_named_for",
    "junior_reviewed",
    "lead_time",
    "loops_limited",
    "metrics_measured",
    "no_freeze",
    "not_absent",
    "onboarded",
    "one_of",
    "outsourcing_allowed",
    "policy_acknowledged",
    "reason_given",
    "retry_limit",
    "scheduled_after",
    "screening_passed",
    "skilled",
    "within_limit",
]
