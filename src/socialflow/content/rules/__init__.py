"""What a department asks before it says yes: rules that are pure over one case."""

from __future__ import annotations

from socialflow.content.rules.assignees import (
    assignee_has_role,
    assignee_holds,
    assignee_in_house,
    not_absent,
    skilled,
)
from socialflow.content.rules.brand import brand_checked
from socialflow.content.rules.budget import budget_left
from socialflow.content.rules.capacity import loops_limited, retry_limit, within_limit
from socialflow.content.rules.claims import claims_approved, messages_valid
from socialflow.content.rules.conversation import (
    alone_in_thread,
    consented,
    handover_target,
    is_addressed,
    reply_allowed,
)
from socialflow.content.rules.disclosure import (
    disclosed,
    disclosed_everywhere,
    disclosed_through,
    not_confidential,
)
from socialflow.content.rules.duplicates import no_duplicate
from socialflow.content.rules.evaluation import (
    goals_answered,
    metrics_measured,
    return_measured,
    sample_enough,
)
from socialflow.content.rules.experiments import arms_compared, arms_measured, winner_measured
from socialflow.content.rules.fields import has_any, one_of
from socialflow.content.rules.freezes import frozen, no_freeze
from socialflow.content.rules.goals import goal_set, goals_shared
from socialflow.content.rules.inspection import check_passed
from socialflow.content.rules.outsourcing import (
    agency_has_order,
    contract_valid,
    not_the_agencys,
    outsourcing_allowed,
)
from socialflow.content.rules.people import (
    all_named,
    by_junior,
    checked_by_another,
    holds,
    in_house,
    in_own_name,
    is_asked,
    is_named_for,
    junior_reviewed,
    onboarded,
    own_words,
    policy_acknowledged,
)
from socialflow.content.rules.publication import (
    account_allows,
    accounts_belong,
    fits_channel,
    goes_out_on,
    variants_go_out,
)
from socialflow.content.rules.reasons import reason_given
from socialflow.content.rules.rights import (
    credited,
    no_personal_data,
    not_a_complaint,
    owner_consented,
    rights_granted,
    shared_freely,
)
from socialflow.content.rules.screening import screening_passed
from socialflow.content.rules.timing import (
    before_deadline,
    campaign_order,
    embargo_over,
    in_order,
    in_slot,
    lead_time,
    not_in_blackout,
    repeats_limited,
    scheduled_after,
    slot_free,
)

__all__ = [
    "account_allows",
    "accounts_belong",
    "agency_has_order",
    "all_named",
    "alone_in_thread",
    "arms_compared",
    "arms_measured",
    "assignee_has_role",
    "assignee_holds",
    "assignee_in_house",
    "before_deadline",
    "brand_checked",
    "budget_left",
    "by_junior",
    "campaign_order",
    "check_passed",
    "checked_by_another",
    "claims_approved",
    "consented",
    "contract_valid",
    "credited",
    "disclosed",
    "disclosed_everywhere",
    "disclosed_through",
    "embargo_over",
    "fits_channel",
    "frozen",
    "goal_set",
    "goals_answered",
    "goals_shared",
    "goes_out_on",
    "handover_target",
    "has_any",
    "holds",
    "in_house",
    "in_order",
    "in_own_name",
    "in_slot",
    "is_addressed",
    "is_asked",
    "is_named_for",
    "junior_reviewed",
    "lead_time",
    "loops_limited",
    "messages_valid",
    "metrics_measured",
    "no_duplicate",
    "no_freeze",
    "no_personal_data",
    "not_a_complaint",
    "not_absent",
    "not_confidential",
    "not_in_blackout",
    "not_the_agencys",
    "onboarded",
    "one_of",
    "outsourcing_allowed",
    "own_words",
    "owner_consented",
    "policy_acknowledged",
    "reason_given",
    "repeats_limited",
    "reply_allowed",
    "retry_limit",
    "return_measured",
    "rights_granted",
    "sample_enough",
    "scheduled_after",
    "screening_passed",
    "shared_freely",
    "skilled",
    "slot_free",
    "variants_go_out",
    "winner_measured",
    "within_limit",
]
