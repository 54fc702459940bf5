"""Screening: which of all the ideas are worth the work, and what an accepted one has promised."""

from __future__ import annotations

from typing import Any

import pytest
from house import ACCEPTED, DAY, NOON, House, at_work, everybody

from socialflow import Member
from socialflow.content import social_content
from socialflow.content.roles import CONTENT_CREATOR, DEPARTMENT_LEAD
from socialflow.content.together import screened_together
from socialflow.people import Capacity

REPORT = {"verdict": "partly", "lessons": "people like it slow", "reported_by": "ana"}


@pytest.mark.parametrize("who", ["eve", "cyrus", "agnes", "sal"])
def test_not_every_big_idea_can_be_carried_out_and_none_is_lost(who: str) -> None:
    """S1-25: anybody has one; it rests with a reason, until its day or until somebody wants it."""
    house = House()
    idea = house.engine.create("social_content", by=who, data={"title": "A film of our own"}).id
    why = {"reason": "too dear this year", "review_at": NOON + 90 * DAY}

    assert ("reason_given",) == house.refuses(idea, "sam", "shelve", **{**why, "reason": " "})
    house.do(idea, "sam", "shelve", **why)
    assert ("concept.idea",) == house.do(idea, "lea", "revive").marking
    house.do(idea, "sam", "shelve", **why)
    house.now = NOON + 90 * DAY
    house.engine.run_due()
    assert ("concept.idea",) == house.at(idea)


def test_the_department_decides_together_which_idea_fits() -> None:
    """S1-26: three of them have to be for it, each once; then the manager accepts it."""
    voters = (CONTENT_CREATOR, DEPARTMENT_LEAD)
    team = everybody(*(Member(one, CONTENT_CREATOR) for one in ("cleo", "carl", "cem")))
    house = House(screened_together(social_content(), voters, 3), team=team)
    idea = house.put("concept.screening")

    for who in ("cleo", "carl"):
        house.do(idea, who, "favour")
        assert ("voted",) == house.refuses(idea, who, "favour")
        assert ("marked",) == house.refuses(idea, "sam", "accept", **ACCEPTED)
    assert "concept.favour" not in house.offered(idea, "eve")
    house.do(idea, "lea", "favour")
    assert ("assignment.unassigned",) == house.do(idea, "sam", "accept", **ACCEPTED).marking


@pytest.mark.parametrize("answers", [{"fits_goals": False}, {"goals": []}])
def test_what_does_not_help_to_reach_a_goal_is_not_made(answers: dict[str, Any]) -> None:
    """S1-27: the first question names the goals that it serves, and they stay with the item."""
    house = House()
    idea = house.put("concept.screening")

    assert ("screening_passed",) == house.refuses(idea, "sam", "accept", **{**ACCEPTED, **answers})
    assert ("awareness",) == house.do(idea, "sam", "accept", **ACCEPTED).data["goals"]


@pytest.mark.parametrize(("outsourced", "codes"), [("no", ("screening_passed",)), ("partly", ())])
def test_what_nobody_has_time_and_money_for_is_outsourced_or_not_made(
    outsourced: str, codes: tuple[str, ...]
) -> None:
    """S1-28: the second question has a third answer: an agency makes it, or part of it."""
    house = House(at_work(), outsourcing=True)
    idea = house.put("concept.screening", title="A series of films")
    answers = {**ACCEPTED, "resources_suffice": False, "outsourced": outsourced}

    if codes:
        assert codes == house.refuses(idea, "sam", "accept", **answers)
    else:
        assert outsourced == house.do(idea, "sam", "accept", **answers).data["outsourced"]
        order = {"agency": "studio", "brief": "three minutes", "due": None, "fee": 900.0}
        assert ("budget_left",) == house.refuses(idea, "sam", "outsource", **order)


@pytest.mark.parametrize(("hours", "warned"), [(3, ()), (4, ("within_limit",))])
def test_who_accepts_an_idea_hears_when_its_maker_has_no_time_for_it(
    hours: int, warned: tuple[str, ...]
) -> None:
    """S1-28: the hours that it takes are compared with those that its maker has left."""
    busy = Member("cleo", CONTENT_CREATOR, hours=Capacity(0, 8))
    house = House(at_work(), team=everybody(busy))
    other = house.put("production.drafting", title="Our tools", body="What we use", effort_hours=5)
    idea = house.put("concept.screening", title="A walk", body="Where we walk")
    for item in (other, idea):
        house.do(item, "sam", "assign", member="cleo", stage="production")

    house.do(idea, "sam", "accept", **{**ACCEPTED, "effort_hours": hours})

    assert warned == house.engine.history(idea)[-1].event.warned


def test_what_was_promised_to_be_measured_is_measured() -> None:
    """S1-29: the third question is a contract: by these metrics, in that way, on that day."""
    house = House()
    idea = house.put("concept.screening")
    vague = {**ACCEPTED, "metrics": []}
    assert ("screening_passed",) == house.refuses(idea, "sam", "accept", **vague)
    promised = house.do(idea, "sam", "accept", **{**ACCEPTED, "metrics": ["reach", "leads"]}).data
    assert ("reach", "leads") == promised["metrics"]

    live = house.put("evaluation.collecting", title="b", metrics=promised["metrics"])
    told: dict[str, Any] = {"feedback": "warm", "results": {"reach": 900.0}}
    assert ("metrics_measured",) == house.refuses(live, "ana", "analyse", **told)
    told["results"]["leads"] = 4.0
    assert ("evaluation.analysing",) == house.do(live, "ana", "analyse", **told).marking


def test_nothing_is_begun_before_it_was_reviewed() -> None:
    """S1-30: out of the screening lead three answers, or the lead's own word with a reason."""
    house = House()
    idea = house.put("concept.idea")

    assert [] == [one for one in house.offered(idea, "cleo") if one.startswith("assignment")]
    house.do(idea, "sam", "start_screening")
    onward = {
        action.name
        for action in house.workflow.stage("concept").actions
        if action.target == "accepted"
    }
    assert {"accept", "override"} == onward
    assert ("role",) == house.refuses(idea, "sam", "override", reason="I like it")
    assert ("reason_given",) == house.refuses(idea, "lea", "override", reason="")
    house.do(idea, "lea", "override", reason="the board wants it")
    assert ("assignment.unassigned",) == house.at(idea)


def test_the_goals_of_an_item_are_answered_before_it_is_closed() -> None:
    """S1-31: from the screening to the report: none is forgotten on the way."""
    house = House()
    post = house.put("evaluation.analysing", goals=["awareness", "leads"])
    results = {"awareness": "reached"}

    assert ("goals_answered",) == house.refuses(
        post, "ana", "report", **REPORT, goal_results=results
    )
    house.do(post, "ana", "report", **REPORT, goal_results={**results, "leads": "missed"})
    assert ("end.closed",) == house.do(post, "lea", "accept_report").marking
    assert ("awareness", "leads") == house.engine.item(post).data["goals"]
