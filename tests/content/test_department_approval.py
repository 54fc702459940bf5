"""Approval by ballot: who is asked, when, and what becomes of it when the item changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from socialflow import Grant, Member
from socialflow.unasked import fall_due

GLASS = {"incident": "the product is on fire", "reason": "people have to know"}


def pending(desk: Any, **data: Any) -> Any:
    """An item that waits for approval."""
    return desk(**data).until("approval.pending")


def ballots(at: Any) -> list[tuple[str, ...]]:
    """Which ballots have been carried for the approval."""
    return [one.ballots for one in at.item.signatures if one.stage == "approval"]


def test_a_plain_post_needs_the_brand_only(desk: Any) -> None:
    """Nobody is asked who has nothing to say about it."""
    at = pending(desk)
    at.do("abe", "approve")

    assert ("publish.ready",) == at.item.marking
    assert [("brand",)] == ballots(at)


def test_claims_go_to_the_product_owner(desk: Any) -> None:
    """S0-20: facts about products are theirs to pass; either may come first."""
    at = pending(desk, claims=["twice as fast"])
    at.do("prue", "approve")
    assert ("approval.pending",) == at.item.marking

    at.do("abe", "approve")
    assert [("brand", "claims")] == ballots(at)


def test_legal_comes_last_where_it_could_do_harm(desk: Any) -> None:
    """Legal sees what the others have passed."""
    at = pending(desk, risk="high")
    assert ("ballot_order",) == at.refuses("legolas", "approve")

    at.do("abe", "approve")
    assert ("approval.pending",) == at.item.marking
    at.do("legolas", "approve")
    assert [("brand", "legal")] == ballots(at)


def test_a_raised_risk_comes_back_for_legal(desk: Any) -> None:
    """A signature under another chain is stale; the votes of the earlier visit have lapsed."""
    at = pending(desk)
    at.do("abe", "approve")
    at.do("sam", "edit", risk="crisis")

    assert ("approval.pending",) == at.item.marking
    assert () == tuple(ballots(at))
    at.do("spencer", "approve")
    at.do("legolas", "approve")
    assert ("publish.ready",) == at.item.marking


def test_a_lowered_risk_changes_nothing(desk: Any) -> None:
    """The near miss: what was carried covers what is asked for."""
    at = pending(desk, risk="high")
    at.do("abe", "approve")
    at.do("legolas", "approve")
    at.do("sam", "edit", risk="low")

    assert ("publish.ready",) == at.item.marking


def test_money_is_answered_for(desk: Any) -> None:
    """S3-08: a budget has a ballot of its own, which one person may carry with the brand."""
    at = pending(desk, budget=900.0)
    at.do("lea", "approve")
    assert ("approval.pending",) == at.item.marking

    at.do("abe", "approve")
    assert [("brand", "budget")] == ballots(at)


def test_an_edit_lets_the_votes_lapse_and_the_editor_out(desk: Any) -> None:
    """S3-10: who edits what is pending becomes a writer; another approver has to pass it."""
    at = pending(desk, claims=["twice as fast"])
    at.do("abe", "approve")
    at.do("abe", "edit", body="In other words")
    assert ("four_eyes",) == at.refuses("abe", "approve")

    at.do("prue", "approve")
    assert ("approval.pending",) == at.item.marking
    at.do("spencer", "approve")
    assert ("publish.ready",) == at.item.marking


def test_who_abstains_says_so_and_decides_nothing(desk: Any) -> None:
    """A vote may be no, or neither; both are remembered."""
    at = pending(desk)
    at.do("abe", "vote", action="approve", choice="abstain", note="my brother's")
    at.do("sam", "vote", action="approve", choice="no")

    assert ("approval.pending",) == at.item.marking
    assert [("abe", "abstain"), ("sam", "no")] == [(v.by, v.choice) for v in at.item.votes]
    at.do("spencer", "approve")
    assert ("publish.ready",) == at.item.marking


def test_a_guest_approves_until_the_grant_ends(desk: Any) -> None:
    """A guest is a member whose grant has an end."""
    at = pending(desk)
    late = at.now - timedelta(minutes=1)

    gone = Member("gus", Grant("guest_approver", until=late), kind="guest")
    assert ("role",) == at.refuses(gone, "approve")

    here = Member("gus", Grant("guest_approver", until=at.now + timedelta(days=1)), kind="guest")
    at.do(here, "approve")
    assert ("publish.ready",) == at.item.marking


def test_the_glass_is_broken_by_two(desk: Any) -> None:
    """Break-glass takes the lead and the sponsor, who name the same incident."""
    at = pending(desk, risk="crisis")
    at.do("lea", "break_glass", **GLASS)
    assert ("approval.pending",) == at.item.marking
    at.do("spencer", "break_glass", **(GLASS | {"incident": "something else"}))
    assert ("approval.pending",) == at.item.marking

    at.do("spencer", "break_glass", **GLASS)

    assert ("publish.ready",) == at.item.marking
    [signature] = [one for one in at.item.signatures if one.stage == "approval"]
    assert ("approval.break_glass", ("glass",)) == (signature.action, signature.ballots)


def test_one_person_breaks_no_glass(desk: Any) -> None:
    """Nor does the same person twice, nor who wrote it."""
    at = pending(desk)
    at.do("lea", "break_glass", **GLASS)
    assert ("voted",) == at.refuses("lea", "break_glass", **GLASS)
    assert ("approval.pending",) == at.item.marking
    assert ("role",) == at.refuses("sam", "break_glass", **GLASS)


def test_the_lead_hears_of_it_every_day(desk: Any) -> None:
    """S1-34: what waits for a day is escalated, and so every day after."""
    at = pending(desk)
    begun = at.now - timedelta(minutes=10)
    for day in (1, 2):
        at.now = begun + timedelta(days=day, minutes=1)
        event = at.wait_for("escalate")
        assert [("notify", {"whom": "lead"})] == [(one.name, one.data) for one in event.effects]

    assert ("escalated",) == at.item.marks
    assert fall_due(at.workflow, at.item, "approval", at.now, behalf=None) is None


@pytest.mark.parametrize("by", ["lea", "spencer"])
def test_force_takes_both_and_is_written_down(by: str, desk: Any) -> None:
    """The lead and the sponsor, with one target and one reason; what was skipped is named."""
    at = desk().until("production.drafting")
    other = "spencer" if by == "lea" else "lea"
    at.do(by, "force", to="publish", reason="the minister has spoken")
    assert ("production.drafting",) == at.item.marking
    at.do(other, "force", to="publish", reason="the minister has spoken")

    assert ("publish.ready",) == at.item.marking
    assert {("tone", "force"), ("approval", "force")} == {
        (one.stage, one.action) for one in at.item.signatures
    }
