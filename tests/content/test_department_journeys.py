"""Items go through the department: the usual road, and every way off it."""

from __future__ import annotations

from typing import Any

import pytest

from socialflow.content import social_content

WHY = {"reason": "it has to be"}
FOUND = {"evidence": "looked at the account"}

Step = tuple[str, str, dict[str, Any]]

PLANNED = "2026-05-08T09:00Z"

JOURNEYS: dict[str, tuple[str, list[Step], tuple[str, ...]]] = {
    "an idea is shelved, revived and rejected": (
        "concept.idea",
        [
            ("sam", "shelve", {**WHY, "review_at": "2026-09-01T09:00Z"}),
            ("lea", "revive", {}),
            ("sam", "shelve", {**WHY, "review_at": "2026-09-01T09:00Z"}),
            ("clock", "look_again", {}),
            ("sam", "start_screening", {}),
            ("lea", "reject", WHY),
        ],
        ("end.rejected",),
    ),
    "an idea turns out to be there already": (
        "concept.idea",
        [("sam", "merge", {"duplicate_of": "i0"})],
        ("end.closed",),
    ),
    "the lead overrides the screening": (
        "concept.screening",
        [("lea", "override", WHY)],
        ("assignment.unassigned",),
    ),
    "an offer is declined, made again and accepted": (
        "assignment.unassigned",
        [
            ("sam", "assign", {"member": "cleo", "stage": "production"}),
            ("sam", "offer", {"brief": "two minutes of video"}),
            ("cleo", "decline_offer", WHY),
            ("lea", "offer", {"due": "2026-05-08"}),
            ("cleo", "accept_offer", {}),
        ],
        ("production.drafting",),
    ),
    "work is handed out, paused, taken up and handed back": (
        "assignment.unassigned",
        [
            ("sam", "hand_out", {"due": "2026-05-08"}),
            ("cleo", "pause", WHY),
            ("cleo", "continue", {}),
            ("cleo", "hand_back", WHY),
        ],
        ("assignment.unassigned",),
    ),
    "tone sends it back, then is skipped, then it is withdrawn": (
        "tone.queued",
        [
            ("tony", "start", {}),
            ("tony", "return_to_production", {**WHY, "notes": ["first line"]}),
            ("cleo", "submit", {}),
            ("sam", "skip", WHY),
            ("cleo", "withdraw", WHY),
        ],
        ("production.drafting",),
    ),
    "approval wants changes, expires, is resubmitted and declines": (
        "approval.pending",
        [
            ("abe", "edit", {"planned_for": PLANNED}),
            ("prue", "request_changes", {**WHY, "to": "tone"}),
            ("tony", "start", {}),
            ("tony", "approve_tone", {}),
            ("clock", "expire", {}),
            ("sam", "resubmit", {"planned_for": "2026-05-09T09:00+00:00"}),
            ("abe", "decline", WHY),
        ],
        ("end.rejected",),
    ),
    "it is scheduled, unscheduled and its approval revoked": (
        "publish.ready",
        [
            ("sam", "schedule", {"publish_at": "2026-05-06T09:00+00:00"}),
            ("sam", "schedule", {"publish_at": "2026-05-07T09:00+00:00"}),
            ("sam", "unschedule", {}),
            ("legolas", "revoke", WHY),
        ],
        ("approval.pending",),
    ),
    "an upload fails, is unconfirmed, and is recalled": (
        "publish.ready",
        [
            ("cleo", "upload", FOUND),
            ("sam", "fail", FOUND),
            ("sam", "retry", {}),
            ("sam", "mark_unconfirmed", {}),
            ("sam", "resolve_failed", FOUND),
            ("sam", "retry", {}),
            ("sam", "mark_unconfirmed", {}),
            ("sam", "resolve_published", FOUND),
            ("legolas", "recall", WHY),
            ("cora", "confirm_recall", {}),
        ],
        ("end.recalled",),
    ),
    "what is settled is taken up again while others are open": (
        "promotion.open",
        [
            ("paige", "settle_promotion", {"promoted_through": ["email"]}),
            ("sam", "promote_again", WHY),
            ("cora", "close_response", {"answered": 0, "handed_over": 0, "voices": []}),
            ("cyrus", "listen_again", WHY),
            ("cora", "skip_reshare", WHY),
            ("sam", "share_again", WHY),
        ],
        ("promotion.open", "reshare.open", "response.listening"),
    ),
    "the lead returns the report, and promotion is extended": (
        "evaluation.collecting",
        [
            ("ana", "start", {"first_day": "2026-05-04", "last_day": "2026-05-31"}),
            ("ana", "analyse", {"feedback": "warm", "results": {"reach": 1200}}),
            (
                "ana",
                "report",
                {"verdict": "partly", "goal_results": {"awareness": "partly"}, "lessons": "-"},
            ),
            ("lea", "return_report", WHY),
            ("sam", "extend", {**WHY, "to": "promotion"}),
        ],
        ("promotion.open",),
    ),
    "what is live is corrected": (
        "response.listening",
        [("sam", "correct", WHY)],
        ("production.drafting",),
    ),
    "what is live is taken down": (
        "response.listening",
        [("legolas", "unpublish", WHY)],
        ("end.recalled",),
    ),
}


def _travelled(desk: Any, start: str, steps: list[Step]) -> Any:
    at = desk().until(start)
    for who, action, told in steps:
        if who == "clock":
            at.wait_for(action)
        else:
            at.do(who, action, **told)
    return at


def test_an_item_goes_through_all_ten_stages_to_its_end(desk: Any) -> None:
    """On the usual road everybody does their part, every stage is visited once, and it closes."""
    at = desk().until("end.closed")

    assert ("end.closed",) == at.item.marking
    assert {stage.name: 1 for stage in at.workflow.stages} == {
        token.stage: token.visit for token in at.item.idle
    }


@pytest.mark.parametrize("journey", JOURNEYS)
def test_a_journey_ends_where_the_department_expects(journey: str, desk: Any) -> None:
    """Each way off the usual road leads where it should."""
    start, steps, end = JOURNEYS[journey]

    assert end == _travelled(desk, start, steps).item.marking


def test_partly_live_opens_promotion_response_and_reshare(desk: Any) -> None:
    """What is live on some accounts is promoted and answered there already."""
    at = desk().until("publish.publishing")
    at.do("cora", "confirm_partly", **desk.check(missing=["b"]))

    assert ("promotion.open", "reshare.open", "response.listening") == at.item.marking
    assert ("b",) == at.item.data["missing"]


def test_content_that_is_not_answered_by_policy_closes_its_response_by_itself(
    desk: Any,
) -> None:
    """S4-12: with a passive policy nobody has to say that nobody answers."""
    at = desk(response_policy="passive").until("promotion.open")

    assert ("promotion.open", "reshare.open", "response.closed") == at.item.marking


def test_every_action_of_every_stage_is_taken_on_some_journey(desk: Any) -> None:
    """No action is there that nobody can ever take."""
    taken = set(desk().until("end.closed").taken)
    for start, steps, _ in JOURNEYS.values():
        taken |= _travelled(desk, start, steps).taken
    partly = desk().until("publish.publishing")
    partly.do("cora", "confirm_partly", **desk.check(missing=["b"]))
    taken |= partly.taken | desk(response_policy="none").until("promotion.open").taken
    outsourced = desk().until("concept.screening")
    outsourced.do("sam", "accept", **desk.screening(outsourced="yes"))
    outsourced.do("sam", "outsource", agency="Loud", brief="a film", due=None, fee=900)
    taken |= outsourced.taken
    urgent = desk().until("approval.pending")
    for who in ("lea", "spencer"):
        urgent.do(who, "break_glass", incident="the product is on fire", **WHY)
    taken |= urgent.taken

    assert set() == {*social_content().action_names} - taken
