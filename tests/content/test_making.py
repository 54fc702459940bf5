"""Stages 3 to 5: made with what others give, in tone, and passed by who did not write it."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from socialflow import Engine, Member, Team
from socialflow.ballots import Ballot
from socialflow.content import social_content
from socialflow.content.approval import CHAIN
from socialflow.content.department import Department
from socialflow.content.providers import providers
from socialflow.content.roles import MANAGER
from socialflow.content.rules import by_junior
from socialflow.stores.memory import MemoryStore

WHY = {"reason": "it has to be"}
JUNIOR = Member("jo", "content_creator", seniority="junior")
QUESTIONS = ("proofread", "claims_named", "media_described", "rights_cleared")


# -- stage 3


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_has_been_found_wanting_is_not_submitted(question: str, desk: Any) -> None:
    """The checklist may stay empty where it does not apply; a no on it stops."""
    at = desk().until("production.drafting")
    at.do("cleo", "edit", body="How we make it")
    assert ("check_passed",) == at.refuses("cleo", "submit", **{question: False})

    event = at.do("cleo", "submit", **{question: True})

    assert event.command.data is not None
    assert event.command.data[question] is True


def test_a_junior_has_somebody_look_at_it_first(desk: Any) -> None:
    """S3-01: neither themselves nor in the name of somebody else."""
    at = desk().until("production.drafting")
    at.do(JUNIOR, "edit", body="How we make it")
    assert ("junior_reviewed",) == at.refuses(JUNIOR, "submit")
    assert ("in_own_name",) == at.refuses(JUNIOR, "review", reviewed_by="cleo")
    at.do(JUNIOR, "review", reviewed_by="jo")
    assert ("junior_reviewed",) == at.refuses(JUNIOR, "submit")

    at.do("cleo", "review", reviewed_by="cleo")
    at.do(JUNIOR, "submit")

    assert ("tone.queued",) == at.item.marking


@pytest.mark.parametrize(
    "changed",
    [
        {"outsourced": "yes"},
        {"metrics": []},
        {"evaluate_at": "2030-01-01T09:00+00:00"},
        {"results": {"reach": 1e6}},
    ],
    ids=lambda changed: next(iter(changed)),
)
@pytest.mark.parametrize("who", ["agnes", "cleo", "sam"])
def test_what_was_promised_is_not_written_over(who: str, changed: Any, desk: Any) -> None:
    """No edit changes what the screening has promised, or gives the work to an agency."""
    at = desk().until("production.drafting")

    assert ("data",) == at.refuses(who, "edit", **changed)


REQUESTS = (
    ("cleo", "ask_opinion", {"members": ["prue"], "question": "is it true?"}, "members"),
    ("cleo", "request_asset", {"asset": "photo", "wanted": "the workshop"}, "makers"),
    ("cleo", "request_extension", {"until": "2026-05-12", **WHY}, "manager"),
    ("eve", "nudge", {}, "responsible"),
    ("cleo", "raise_overload", WHY, "lead"),
)


@pytest.mark.parametrize(("who", "action", "told", "whom"), REQUESTS)
def test_who_asks_is_heard_and_the_item_stays_where_it_is(
    who: str, action: str, told: dict[str, Any], whom: str, desk: Any
) -> None:
    """S3-11, S0-04: it is written down, whom it concerns hears of it, and nothing waits for it."""
    at = desk().until("production.drafting")
    before = at.item

    event = at.do(who, action, **told)

    assert [("notify", {"whom": whom})] == [(one.name, one.data) for one in event.effects]
    assert (before.marking, before.data) == (at.item.marking, at.item.data)
    assert before.contributors == at.item.contributors


@pytest.mark.parametrize("action", ["nudge", "raise_overload"])
def test_anybody_is_heard_wherever_it_is(action: str, desk: Any) -> None:
    """Where several stages are open as well."""
    at = desk().until("response.listening")
    at.do("eve", action, **(WHY if action == "raise_overload" else {}))

    assert ("promotion.open", "reshare.open", "response.listening") == at.item.marking


def test_who_makes_nothing_asks_for_no_time(desk: Any) -> None:
    """The near miss."""
    at = desk().until("production.drafting")

    assert ("role",) == at.refuses("eve", "request_extension", until="2026-05-12", **WHY)
    assert ("reason_given",) == at.refuses("eve", "raise_overload", reason=" ")


# -- stage 4


def test_only_what_is_gone_in_a_day_skips_the_tone(desk: Any) -> None:
    """A policy, not a habit; the lead may waive it and says why."""
    at = desk().until("tone.queued")
    assert ("one_of",) == at.refuses("sam", "skip", **WHY)
    assert ("one_of",) == at.refuses("sam", "skip", waive={"one_of": "late"}, **WHY)
    event = at.do_waiving("lea", "skip", {"one_of": "tony is ill"}, **WHY)
    assert {"one_of": "tony is ill"} == event.command.waive

    story = desk(kind="story").until("tone.queued")
    story.do("sam", "skip", **WHY)
    assert ("approval.pending",) == story.item.marking


def test_what_goes_back_for_the_third_time_is_worth_a_talk(desk: Any) -> None:
    """It is only a warning, and it is on record."""
    at = desk()
    warned = []
    for _ in range(3):
        at.until("tone.adjusting")
        warned.append(at.do("tony", "return_to_production", **WHY).warned)

    assert [(), (), ("loops_limited",)] == warned


# -- stage 5


@pytest.mark.parametrize("who", ["abe", "sam", "lea"])
def test_who_edits_what_is_pending_passes_it_no_more(who: str, desk: Any) -> None:
    """Planning is no content, and leaves the vote; a word of the content takes it away."""
    at = desk().until("approval.pending")
    at.do(who, "edit", priority="high", planned_for="2026-05-20T09:00Z")
    assert "approval.approve" in at.offered(who)

    at.do(who, "edit", body="In other words")
    assert ("four_eyes",) == at.refuses(who, "approve")


@pytest.mark.parametrize("who", ["legolas", "cleo", "sam", "prue"])
def test_who_answers_for_it_says_what_harm_it_could_do(who: str, desk: Any) -> None:
    """S2-06: authors and legal alike; a raised risk asks legal, and writes no content."""
    at = desk().until("approval.pending")
    writers = at.item.contributors
    assert ("reason_given",) == at.refuses(who, "assess", risk="high", reason=" ")

    at.do(who, "assess", risk="high", **WHY)

    at.do("abe", "approve")
    assert (("approval.pending",), writers) == (at.item.marking, at.item.contributors)
    at.do("legolas", "approve")
    assert ("publish.ready",) == at.item.marking


def test_who_has_nothing_to_do_with_it_does_not_assess_it(desk: Any) -> None:
    """The near miss; and what is approved already is revoked first."""
    at = desk().until("approval.pending")
    assert ("role",) == at.refuses("eve", "assess", risk="none", **WHY)

    at.until("publish.ready")
    assert ("state",) == at.refuses("legolas", "assess", risk="high", **WHY)
    at.do("legolas", "revoke", **WHY)
    at.do("legolas", "assess", risk="high", **WHY)


def test_what_a_junior_has_written_is_passed_by_a_manager_as_well() -> None:
    """S3-14: a company that wants that adds a ballot by who wrote it."""
    base = social_content()
    [approve] = [one for one in base.stage("approval").actions if one.name == "approve"]
    chain = (*CHAIN, Ballot("manager", MANAGER, when=by_junior()))
    acme = base.amend("approval", actions=[attrs.evolve(approve, ballots=chain)]).named("acme")
    people = (JUNIOR, Member("cleo", "content_creator"), Member("abe", "approver"))
    team = Team([Member("sam", "social_media_manager"), *people])
    engine = Engine(MemoryStore(), acme, team, facts=providers(Department(), team=team))

    def approved(writer: str) -> tuple[str, ...]:
        told = {"title": "a", "body": "b"}
        new = engine.adopt(
            "acme", at="approval.pending", by="sam", data=told, contributors=(writer,)
        )
        return engine.perform(new.id, "approve", by="abe").marking

    assert ("publish.ready",) == approved("cleo")
    assert ("approval.pending",) == approved("jo")


def test_one_approver_is_asked_in_particular(desk: Any) -> None:
    """S3-15: routed to a person, on whose worklist it then stands; others may still decide."""
    at = desk().until("production.drafting")
    at.do("sam", "assign", member="abe", stage="approval")
    at.until("approval.pending")

    assert [at.id] == [duty.item for duty in at.engine.worklist("abe")]
    at.do("spencer", "approve")


def test_what_is_held_waits_for_everybody(desk: Any) -> None:
    """Legal may stop it for the time being; resumed, it goes on where it was."""
    at = desk().until("approval.pending")
    at.do("legolas", "hold", **WHY)
    assert ("on_hold",) == at.refuses("abe", "approve")

    at.do("lea", "resume")
    at.do("abe", "approve")
    assert ("publish.ready",) == at.item.marking
