"""Items go through the department: the usual road, and every way off it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from socialflow import Refused
from socialflow.content import social_content
from socialflow.people import SYSTEM

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
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
    "an idea is put in better words, and nobody sees to it": (
        "concept.idea",
        [
            ("eve", "reword", {"title": "Behind our scenes", "pitch": "people ask for it"}),
            ("eve", "nudge", {}),
            ("cora", "raise_overload", WHY),
            ("cora", "log_hours", {"hours": 0.5}),
        ],
        ("concept.idea",),
    ),
    "makers ask for what they need, and the lead takes the work back": (
        "production.drafting",
        [
            ("cleo", "ask_opinion", {"members": ["prue"], "question": "is it true?"}),
            ("cleo", "request_approval", {"approvers": ["abe"]}),
            ("cleo", "request_asset", {"asset": "photo", "wanted": "the workshop"}),
            ("cleo", "request_extension", {"until": "2026-05-12", **WHY}),
            ("sam", "review", {"reviewed_by": "sam"}),
            ("legolas", "assess", {"risk": "low", **WHY}),
            ("lea", "insource", WHY),
        ],
        ("assignment.unassigned",),
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
            ("sam", "edit", {"kind": "story"}),
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
    "what is settled is taken up again while others are open": (
        "promotion.open",
        [
            ("paige", "plan_promotion", {"promotion_channels": []}),
            ("paige", "settle_promotion", {"promoted_through": ["email"]}),
            ("sam", "promote_again", WHY),
            ("ana", "record_metric", {"metric": "reach", "value": 9, "measured_at": PLANNED}),
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
            ("ana", "snapshot", {"results": {"reach": 1300}}),
            (
                "ana",
                "report",
                {
                    "verdict": "partly",
                    "goal_results": {"awareness": "partly"},
                    "lessons": "-",
                    "reported_by": "ana",
                },
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
    at.have("blog", SYSTEM, "accept", url="https://example.com/1")
    at.have("news", SYSTEM, "fail", **FOUND)
    at.have("blog", "cora", "verify", **desk.check())

    assert ("promotion.open", "reshare.open", "response.listening") == at.item.marking


def _troubled(desk: Any) -> Any:
    """An item whose accounts give all the trouble they can; in the end it is recalled."""
    at = desk().until("publish.ready")
    at.do("sam", "schedule", publish_at="2026-05-06T09:00+00:00")
    at.wait_for("begin")
    assert ("publish.publishing",) == at.item.marking
    for account in ("blog", "news"):
        at.have(account, SYSTEM, "fail", **FOUND)
    at.do("sam", "retry_failed")
    at.have("blog", SYSTEM, "lose")
    at.have("news", SYSTEM, "lose")
    assert ("publish.unconfirmed",) == at.item.marking
    at.have("blog", "sam", "resolve_failed", **FOUND)
    at.have("news", "sam", "resolve_published", **FOUND)
    at.have("blog", "sam", "drop", **WHY)
    at.do("legolas", "recall", **WHY)
    assert ("publish.recalling",) == at.item.marking
    at.have("news", SYSTEM, "confirm_recall")
    return at


def _mended(desk: Any) -> Any:
    """An item that is uploaded by hand; somebody sees a slip, and it is mended in place."""
    at = desk(accounts=["blog"]).until("publish.publishing")
    at.have("blog", "cleo", "upload", url="https://example.com/1")
    at.have("blog", "cora", "verify", **desk.check())
    at.have("blog", "eve", "report_defect", defect="a name is wrong")
    at.have("blog", "sam", "mend", wrong="Ahna", right="Anna")
    return at


def test_what_is_recalled_everywhere_is_recalled(desk: Any) -> None:
    """Failed, retried, unconfirmed, resolved, dropped, recalled: nothing of it is left."""
    assert ("end.recalled",) == _troubled(desk).item.marking


def test_only_what_failed_is_sent_again(desk: Any) -> None:
    """An upload of which nobody knows how it ended is never repeated blindly."""
    at = desk(accounts=["blog", "news", "shop"]).until("publish.publishing")
    at.have("blog", SYSTEM, "fail", **FOUND)
    at.have("shop", SYSTEM, "fail", **FOUND)
    at.have("news", SYSTEM, "lose")
    with pytest.raises(Refused) as no:
        at.have("news", "sam", "retry")
    assert ("state",) == no.value.refusal.codes

    at.have("news", "sam", "resolve_failed", **FOUND)
    at.have("blog", "lea", "drop", **WHY)
    at.do("sam", "retry_failed")

    shop = at.engine.history(at.upload("shop"))
    assert 2 == sum(one.name == "publish" for entry in shop for one in entry.event.effects)
    assert "publication.send" in {m.cause for entry in shop for m in entry.event.moves}


def test_a_missed_date_is_not_made_up_for(desk: Any) -> None:
    """Half an hour late it goes back to ready, marked late; a new date takes the mark away."""
    at = desk().until("publish.ready")
    at.do("sam", "schedule", publish_at="2026-05-06T09:00+00:00")
    at.now = NOON + timedelta(days=4)
    at.engine.run_due()
    assert (("publish.ready",), ("late",)) == (at.item.marking, at.item.marks)

    at.do("sam", "schedule", publish_at="2026-05-10T09:00+00:00")
    assert () == at.item.marks


def test_what_fails_the_look_is_not_live(desk: Any) -> None:
    """Upload and check are two duties: something is wrong, and it does not count as live."""
    at = desk().until("publish.publishing")
    at.have("blog", SYSTEM, "accept", url="https://example.com/1")

    with pytest.raises(Refused) as no:
        at.have("blog", "cora", "verify", **desk.check(links_work=False))
    assert ("check_passed",) == no.value.refusal.codes
    assert ("publish.publishing",) == at.item.marking


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
    taken |= desk(response_policy="none").until("promotion.open").taken
    late = desk().until("publish.ready")
    late.do("sam", "schedule", publish_at="2026-05-06T09:00+00:00")
    late.now = NOON + timedelta(days=4)
    late.engine.run_due()
    taken |= _troubled(desk).taken | late.taken | _mended(desk).taken
    outsourced = desk().until("concept.screening")
    outsourced.do("sam", "accept", **desk.screening(outsourced="yes"))
    outsourced.do("sam", "outsource", agency="Loud", brief="a film", due=None, fee=900)
    taken |= outsourced.taken
    urgent = desk().until("approval.pending")
    for who in ("lea", "spencer"):
        urgent.do(who, "break_glass", incident="the product is on fire", **WHY)
    taken |= urgent.taken

    department = social_content()
    names = {*department.action_names, *department.kinds["publication"].action_names}
    assert set() == names - taken
