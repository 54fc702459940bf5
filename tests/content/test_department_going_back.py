"""Going back: what was signed stays signed only as long as it is what was signed."""

from __future__ import annotations

from typing import Any

import pytest

from socialflow import Engine, Refused
from socialflow.people import SYSTEM

WHY = {"reason": "a name is wrong"}


def test_a_change_after_approval_goes_back_to_approval(desk: Any) -> None:
    """Whatever has been approved is what goes out; the tone's visit still counts."""
    at = desk().until("publish.ready")
    assert () == at.workflow.unsigned(at.item)

    at.do("sam", "edit", body="Better words")

    assert ("approval.pending",) == at.item.marking
    assert ("approval",) == at.workflow.unsigned(at.item)
    assert ("four_eyes",) == at.refuses("sam", "approve")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "Behind our scenes"),
        ("locale", "en-GB"),
        ("body", "Better words"),
        ("media", ["new.png"]),
        ("links", ["https://example.com"]),
        ("host_digest", "sha256:2"),
        ("accounts", ["b"]),
        ("variants", {"blog": {"body": "Here we say it so"}}),
        ("ties", "gifted"),
        ("disclosure", "a gift"),
    ],
)
def test_whatever_the_public_sees_is_what_was_approved(field: str, value: Any, desk: Any) -> None:
    """No part of it, and no account it goes to, can be changed without another approval."""
    at = desk().until("publish.ready")

    at.do("sam", "edit", **{field: value})

    assert ("approval.pending",) == at.item.marking


def test_what_is_being_corrected_is_not_tried_again(desk: Any) -> None:
    """An upload that failed waits until what it uploads is signed as it is by then."""
    at = desk(accounts=["blog"]).until("publish.publishing")
    at.have("blog", SYSTEM, "fail", attempts=1, evidence="a timeout")
    upload = at.upload("blog")
    assert at.engine.why_not(upload, "retry", by="sam") is None

    at.do("sam", "correct", **WHY)
    at.do("cleo", "edit", body="Whatever")

    assert ("signed_off_above",) * 2 == at.engine.why_not(upload, "retry", by="sam").codes
    elsewhere = Engine(at.engine.store, (), at.engine.people)
    with pytest.raises(Refused) as no:
        elsewhere.perform(upload, "retry", by="sam")
    assert ("signed_off_above",) * 2 == no.value.refusal.codes


def test_what_has_been_taken_down_is_not_tried_again(desk: Any) -> None:
    """An account where it failed stays without it."""
    at = desk().until("publish.publishing")
    at.have("news", SYSTEM, "fail", attempts=1, evidence="a timeout")
    at.have("blog", SYSTEM, "accept", url="https://example.com/blog")
    at.have("blog", "cora", "verify", **desk.check())
    at.do("sam", "unpublish", **WHY)

    refusal = at.engine.why_not(at.upload("news"), "retry", by="sam")

    assert ("signed_off_above",) == refusal.codes
    assert "is at end.recalled" in str(refusal)


@pytest.mark.parametrize(("field", "value"), [("priority", "high"), ("campaign", "spring")])
def test_what_only_the_department_sees_changes_without_another_approval(
    field: str, value: Any, desk: Any
) -> None:
    """Planning is no content: the approval stands, and nobody becomes a writer by it."""
    at = desk().until("publish.ready")

    at.do("sam", "edit", **{field: value})

    assert ("publish.ready",) == at.item.marking
    assert "sam" not in at.item.contributors


@pytest.mark.parametrize(
    ("state", "who", "action", "unsigned"),
    [
        ("approval.pending", "cleo", "withdraw", ("tone", "approval")),
        ("publish.ready", "legolas", "revoke", ("approval",)),
        ("publish.ready", "sam", "correct", ("tone", "approval")),
        ("publish.publishing", "sam", "correct", ("tone", "approval")),
        ("promotion.open", "sam", "correct", ("tone", "approval")),
        ("evaluation.collecting", "sam", "correct", ("tone", "approval")),
    ],
)
def test_going_back_voids_the_signatures_from_there_on(
    state: str, who: str, action: str, unsigned: tuple[str, ...], desk: Any
) -> None:
    """Even if not a word is changed, those stages have to sign again."""
    at = desk().until(state)

    at.do(who, action, **WHY)

    assert unsigned == at.workflow.unsigned(at.item)


def test_what_is_corrected_after_it_went_live_is_approved_and_published_again(
    desk: Any,
) -> None:
    """The second round has its own writers, its own approval, and its own visits."""
    at = desk().until("promotion.open")
    at.do("sam", "correct", **WHY)
    assert ((), ("eve", "cleo")) == (at.item.contributors, at.item.authors)

    at.until("end.closed")

    assert ("end.closed",) == at.item.marking
    visits = {token.stage: token.visit for token in at.item.idle}
    assert (1, 2, 2) == (visits["concept"], visits["production"], visits["promotion"])


def test_what_was_never_approved_cannot_go_out(desk: Any) -> None:
    """Content that is taken over half-way brings no signatures along."""
    at = desk(at="publish.ready")

    for action, told in (
        ("publish_now", {}),
        ("schedule", {"publish_at": "2026-05-10T09:00+00:00"}),
    ):
        assert {"signed_off"} == {*at.refuses("sam", action, **told)}
