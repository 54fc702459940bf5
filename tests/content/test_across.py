"""Across the stages: held, cancelled, reopened, archived, and who may say so."""

from __future__ import annotations

from typing import Any

import pytest

from socialflow.people import SYSTEM

WHY = {"reason": "it has to be"}


@pytest.mark.parametrize("state", ["concept.screening", "production.drafting", "approval.pending"])
def test_it_is_cancelled_until_it_is_ready_to_go_out(state: str, desk: Any) -> None:
    """Once it is live it is taken down instead, so that the public is not forgotten."""
    at = desk().until(state)
    assert ("role",) == at.refuses("cleo", "cancel")
    at.do("lea", "cancel", **WHY)
    assert ("end.cancelled",) == at.item.marking

    live = desk().until("response.listening")
    assert ("state",) == live.refuses("lea", "cancel")
    live.do("lea", "unpublish", **WHY)
    assert ("end.recalled",) == live.item.marking


@pytest.mark.parametrize("to", ["concept", "production"])
def test_what_was_rejected_may_be_taken_up_again(to: str, desk: Any) -> None:
    """Where a manager says, and with everything that is known of it."""
    at = desk().until("approval.pending")
    at.do("abe", "decline", **WHY)
    assert ("role",) == at.refuses("abe", "reopen", to=to)

    at.do("lea", "reopen", to=to)

    assert (to, "How we make it") == (at.item.tokens[0].stage, at.item.data["body"])


def test_the_archive_takes_only_what_has_ended(desk: Any) -> None:
    """There it rests: nothing is done to it but to note something, or to take it out again."""
    at = desk()
    assert "archive" not in at.offered("sam")
    at.until("end.closed")
    at.do("sam", "archive")
    assert ("archived",) == at.refuses("lea", "reopen", to="concept")

    at.do("eve", "note", text="we still talk about it")
    at.do("sam", "unarchive")
    at.do("lea", "reopen", to="concept")


def test_on_hold_nothing_goes_out_by_itself(desk: Any) -> None:
    """Legal stops a scheduled post; its date passes, and what is known outside is still heard."""
    at = desk(accounts=["blog"]).until("publish.ready")
    at.do("sam", "schedule", publish_at="2026-05-06T09:00Z")
    at.do("legolas", "hold", **WHY)
    at.now = at.now.replace(day=6, hour=9, minute=0)
    at.engine.run_due()
    assert ("publish.scheduled",) == at.item.marking

    at.do("sam", "resume")
    at.engine.run_due()

    assert ("publish.publishing",) == at.item.marking
    at.have("blog", SYSTEM, "accept", url="https://example.com/1")


def test_anybody_says_something_about_it(desk: Any) -> None:
    """S4-13: what is talked about inside is kept with the item, and changes nothing of it."""
    at = desk().until("approval.pending")
    before = at.item
    at.do("prue", "note", text="the second figure is from last year")

    assert before == at.item
    assert "prue" == at.engine.history(at.id)[-1].event.by
