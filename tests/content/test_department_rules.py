"""What the department asks before it says yes: each rule, where a stage uses it."""

from __future__ import annotations

from typing import Any

import pytest

from socialflow import Refused
from socialflow.people import SYSTEM

QUESTIONS = ("right_account", "right_text", "right_media", "links_work", "disclosure_visible")


@pytest.mark.parametrize(
    ("no", "question"),
    [
        ({"fits_goals": False}, "goal_fit"),
        ({"goals": []}, "goal_fit"),
        ({"resources_suffice": False}, "resources"),
        ({"measurable": False}, "measurable"),
        ({"metrics": []}, "measurable"),
        ({"method": ""}, "measurable"),
    ],
)
def test_an_idea_is_accepted_only_if_all_three_answers_are_positive(
    no: dict[str, Any], question: str, desk: Any
) -> None:
    """S1-27 to S1-30: one no keeps the idea out, and says which question it was."""
    at = desk().until("concept.screening")

    [objection] = at.ask("sam", "accept", **desk.screening(**no))

    assert ("screening_passed", question) == (objection.code, objection.facts["question"])


def test_too_little_time_is_no_obstacle_if_the_work_is_outsourced(
    desk: Any,
) -> None:
    """S1-28 asks for time, people and money: or outsource?"""
    at = desk().until("concept.screening")

    at.do("sam", "accept", **desk.screening(resources_suffice=False, outsourced="partly"))

    assert ("partly", ("reach",)) == (at.item.data["outsourced"], at.item.data["metrics"])


def test_nothing_is_outsourced_that_the_screening_did_not_say(desk: Any) -> None:
    """S1-03: outsourcing is a decision; the lead may go on without it, giving a reason."""
    at = desk().until("assignment.unassigned")
    order = {"agency": "Loud", "brief": "a film", "due": None, "fee": 900}

    assert ("one_of",) == at.refuses("sam", "outsource", **order)
    event = at.do_waiving("lea", "outsource", {"one_of": "our film team is ill"}, **order)

    assert {"one_of": "our film team is ill"} == event.command.waive


def test_an_agency_works_only_on_what_is_outsourced(desk: Any) -> None:
    """S2-02: an agency's member neither accepts nor submits what stays in the house."""
    at = desk().until("assignment.unassigned")
    at.do("sam", "assign", member="agnes", stage="production")
    at.do("sam", "offer", brief="a film")

    assert ("agency_has_order",) == at.refuses("agnes", "accept_offer")
    at.do("sam", "hand_out", brief="a film")
    at.do("agnes", "edit", media=["film.mp4"])
    assert ("agency_has_order",) == at.refuses("agnes", "submit")


def test_an_agency_makes_what_is_outsourced_to_it(desk: Any) -> None:
    """S2-02: what the screening gave out, the agency accepts, makes and submits."""
    at = desk().until("concept.screening")
    at.do("sam", "accept", **desk.screening(outsourced="yes"))
    at.do("sam", "assign", member="agnes", stage="production")
    at.do("sam", "offer", brief="a film")
    at.do("agnes", "accept_offer")
    at.do("agnes", "edit", media=["film.mp4"])
    at.do("agnes", "submit")

    assert ("tone.queued",) == at.item.marking


def test_an_offer_is_made_to_somebody_and_answered_by_nobody_else(
    desk: Any,
) -> None:
    """An offer without a name is none, and only the one who was named takes it."""
    at = desk().until("assignment.unassigned")
    assert ("responsible_named",) == at.refuses("sam", "offer", brief="a film")

    at.do("sam", "assign", member="cleo", stage="production")
    at.do("sam", "offer", brief="a film")

    assert ("is_named_for", "agency_has_order") == at.refuses("agnes", "accept_offer")
    at.do("cleo", "accept_offer")
    assert "cleo" == at.item.responsible("production")


def test_nothing_is_submitted_before_there_is_something_to_show(desk: Any) -> None:
    """Text, media, or the digest of what the host keeps."""
    at = desk().until("production.drafting")
    assert ("has_any",) == at.refuses("cleo", "submit")

    at.do("cleo", "edit", host_digest="sha256:1")

    at.do("cleo", "submit")


def test_who_is_paid_for_saying_something_has_to_say_so(desk: Any) -> None:
    """S2-06: without its disclosure, sponsored content passes neither tone nor the way out."""
    at = desk(ties="sponsored").until("tone.adjusting")
    assert ("disclosed",) == at.refuses("tony", "approve_tone")

    at.do("tony", "edit", disclosure="sponsored by Acme")

    at.do("tony", "approve_tone")
    stuck = desk(at="publish.ready", ties="paid")
    assert ("signed_off", "signed_off", "disclosed") == stuck.refuses("sam", "publish_now")


def test_an_approver_who_looked_at_another_revision_is_told(desk: Any) -> None:
    """The decision is on the content that will go out."""
    at = desk().until("approval.pending")
    seen = at.workflow.revision(at.item)
    at.do("abe", "edit", body="Other words")

    assert ("other_revision",) == at.refuses("spencer", "vote", action="approve", revision=seen)
    now = at.workflow.revision(at.item)
    at.do("spencer", "vote", action="approve", revision=now)


def test_nothing_goes_out_before_its_embargo(desk: Any) -> None:
    """S0-20: neither now nor by a schedule."""
    at = desk(embargo_until="2026-05-10T09:00+00:00").until("publish.ready")

    assert ("embargo_over",) == at.refuses("sam", "publish_now")
    early = {"publish_at": "2026-05-10T08:00+00:00"}
    assert ("scheduled_after",) == at.refuses("sam", "schedule", **early)
    at.do("sam", "schedule", publish_at="2026-05-10T09:00+00:00")


def test_a_schedule_lies_far_enough_ahead(desk: Any) -> None:
    """Five minutes, so that there is time to stop it; the time has to have a zone."""
    at = desk().until("publish.ready")

    assert ("lead_time",) == at.refuses("sam", "schedule", publish_at=at.now.isoformat())
    assert ("data",) == at.refuses("sam", "schedule", publish_at="2026-05-10T09:00")


@pytest.mark.parametrize("seen", QUESTIONS)
def test_nothing_is_live_before_the_check_has_passed(seen: str, desk: Any) -> None:
    """Stage 6 is two duties: what went out is looked at where the public sees it."""
    at = desk().until("publish.publishing")
    at.have("blog", SYSTEM, "accept", url="https://example.com/blog")

    with pytest.raises(Refused) as no:
        at.have("blog", "cora", "verify", **desk.check(**{seen: False}))
    assert ("check_passed",) == no.value.refusal.codes


def test_the_analysis_has_a_figure_for_every_metric_that_was_promised(
    desk: Any,
) -> None:
    """S1-29: the screening's promise is measured, or it is recorded why that was impossible."""
    at = desk().until("evaluation.collecting")
    told = {"feedback": "warm", "results": {"likes": 3}}

    assert ("metrics_measured",) == at.refuses("ana", "analyse", **told)
    at.do_waiving("ana", "analyse", {"metrics_measured": "the platform is gone"}, **told)


def test_the_report_answers_every_goal(desk: Any) -> None:
    """S1-31: evaluation says what became of the goals, each of them."""
    at = desk().until("evaluation.analysing")
    told = {"verdict": "reached", "goal_results": {}, "lessons": "-", "reported_by": "ana"}

    assert ("goals_answered",) == at.refuses("ana", "report", **told)


@pytest.mark.parametrize(
    ("state", "who", "action"),
    [
        ("concept.screening", "lea", "override"),
        ("concept.screening", "sam", "reject"),
        ("tone.adjusting", "tony", "return_to_production"),
        ("approval.pending", "abe", "decline"),
        ("publish.publishing", "sam", "recall"),
        ("promotion.open", "sam", "unpublish"),
    ],
)
def test_what_hits_the_work_of_others_is_explained(
    state: str, who: str, action: str, desk: Any
) -> None:
    """A reason has to be given, and has to say something."""
    at = desk().until(state)

    assert ("reason_given",) == at.refuses(who, action, reason=" ")
    assert ("data",) == at.refuses(who, action)
