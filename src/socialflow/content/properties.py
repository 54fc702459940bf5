"""Properties of a department: what has to be so whatever anybody ever does, as sentences.

`department_properties` gives those that mean something for a workflow: a company that has taken a
stage out is not asked about it.  What two have forced, or broken the glass for, is recorded and
apart; so are items that were reopened, where the beginning counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from socialflow import Workflow
from socialflow.content.roles import AGENCY_MEMBER, LEGAL_COMPLIANCE, PRODUCT_OWNER
from socialflow.verify import (
    Property,
    always_possible,
    approval,
    at_most_once,
    different_people,
    eventually,
    never,
    precedes,
    someone_can_act,
)

__all__ = ["EMERGENCY", "PROPERTIES", "department_properties"]

EMERGENCY = ("force", "break_glass")
"""What two have to do together, with a reason that is kept."""
AGAIN = (*EMERGENCY, "reopen")

PASSED = approval("approval.approve")
GOES_OUT = never("publish.publishing")
OUT = approval("publish.publish_now", "publish.begin")
RUNS = never("run.running", "run.approved")
ANSWERED = approval("send_reply", "approve_reply", "resolve_handoff")

PROPERTIES: tuple[Any, ...] = (
    # the item itself
    always_possible().apart_from(*EMERGENCY),
    always_possible().apart_from(*EMERGENCY, "cancel"),
    someone_can_act().apart_from(*EMERGENCY),
    eventually("end.*")
    .unless_repeating(
        "correct",
        "extend",
        "share_again",
        "listen_again",
        "promote_again",
        "hand_back",
        "decline_offer",
        "insource",
        "return_*",
        "request_changes",
        "revoke",
        "withdraw",
        "reopen",
        "undo",
        "*pause",
        "continue",
        "shelve",
        "unschedule",
        "miss",
        "escalate",
        "expire",
        "edit",
        "children",
        "stale",
        "assess",
    )
    .apart_from(*EMERGENCY),
    # concept and assignment
    never("assignment", "production")
    .without(approval("concept.accept", "concept.override"))
    .apart_from(*AGAIN),
    # tone
    GOES_OUT.without(
        approval("tone.approve_tone", "tone.skip").since_last("production")
    ).apart_from(*EMERGENCY),
    # approval
    GOES_OUT.without(PASSED.since_last_change()).apart_from(*EMERGENCY),
    GOES_OUT.without(PASSED.since_last("production")).apart_from(*EMERGENCY),
    GOES_OUT.without(PASSED.by_other_than("author")).apart_from(*EMERGENCY),
    GOES_OUT.without(PASSED.with_vote_of(LEGAL_COMPLIANCE))
    .when(risk="high")
    .apart_from(*EMERGENCY),
    GOES_OUT.without(PASSED.with_vote_of(PRODUCT_OWNER))
    .when(claims=("text",))
    .apart_from(*EMERGENCY),
    never(role=AGENCY_MEMBER).does("approval.*", "force").apart_from(*EMERGENCY),
    # publication and what follows
    never("promotion", "response", "reshare").without(OUT).apart_from(*AGAIN),
    never("evaluation").without(OUT).apart_from(*AGAIN),
    never(role=AGENCY_MEMBER).does("response.*", "evaluation.accept_report").apart_from(*EMERGENCY),
    precedes("evaluation.report", "evaluation.accept_report").apart_from(*AGAIN),
    precedes("evaluation.analyse", "evaluation.report").apart_from(*AGAIN),
    # what is below it
    always_possible().of("publication"),
    precedes("*fail*", "retry").of("publication"),
    never("publication.verified")
    .without(approval("verify").by_other_than("author"))
    .of("publication"),
    never("publication.verified").without(approval("verify")).of("publication"),
    always_possible().of("interaction"),
    never("interaction.answered").without(ANSWERED).of("interaction"),
    different_people("draft_reply", "approve_reply", since="interaction.drafted").of("interaction"),
    never(role=AGENCY_MEMBER).does("interaction.*").of("interaction"),
    always_possible().of("promotion_run"),
    RUNS.without(approval("plan.approve", "plan.approve_spending")).of("promotion_run"),
    RUNS.without(approval("plan.approve", "plan.approve_spending").by_other_than("author")).of(
        "promotion_run"
    ),
    always_possible().of("experiment"),
    at_most_once("choose_winner").of("experiment"),
    always_possible().of("candidate"),
    never("end.derived", "candidate.repeating")
    .without(approval("clear", "record_rights"))
    .of("candidate"),
    always_possible().of("idea"),
)
"""Every one of them."""


def department_properties(
    workflow: Workflow, among: Iterable[Any] = PROPERTIES
) -> tuple[Property, ...]:
    """Those of the properties that are about what a workflow has.

    Example:
        >>> from socialflow.content.presets import preset
        >>> len(department_properties(preset("reply_only").workflow)) < len(PROPERTIES)
        True
    """
    return tuple(filter(None, (one.within(workflow) for one in among)))
