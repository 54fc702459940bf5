"""One way of working: posts, replies, ads and ideas go through the same engine."""

from __future__ import annotations

import pytest
from house import ACCEPTED, HOUR, House, at_work

from socialflow.content.department import Goal
from socialflow.content.views.cycles import cycle_times


def test_an_answer_is_due_by_its_date_as_a_post_is() -> None:
    """S0-02: whoever writes to us is answered in time, or the lead hears of it."""
    house = House()
    post = house.put("response.listening")
    late, answered = house.hear(post), house.hear(post)
    by = (house.now + 2 * HOUR).isoformat()
    for comment in (late, answered):
        house.do(comment, "cora", "triage", intent="question", sla_due=by)
        house.do(comment, "cora", "take")
    house.do(answered, "cora", "draft_reply", reply="in our shop")
    house.do(answered, "cora", "send_reply")

    house.now += 2 * HOUR
    (done,) = house.engine.run_due()

    assert ("interaction.escalated",) == house.at(late)
    assert ("interaction.answered",) == house.at(answered)
    assert [{"whom": "lead"}] == [dict(one.data) for one in done.event.effects]


def test_a_voice_from_elsewhere_is_heard_and_nobody_waits_for_it() -> None:
    """S0-04: whose opinion is asked says it, on the item; who decides goes on when they like."""
    house = House()
    post = house.put("approval.pending", consulted=["sal"])

    asked = house.do(post, "abe", "ask_opinion", members=["sal"], question="would you buy it?")
    house.do(post, "sal", "note", text="only in green")

    said = [entry.event for entry in house.engine.history(post)[-2:]]
    assert [("abe", "ask_opinion"), ("sal", "note")] == [(one.by, one.action) for one in said]
    assert [{"whom": "members"}] == [dict(one.data) for one in said[0].effects]
    assert ("approval.pending",) == asked.marking
    assert ("publish.ready",) == house.do(post, "abe", "approve").marking


@pytest.mark.parametrize("source", ["monitoring", "interaction", "evaluation"])
def test_what_is_heard_answered_or_measured_becomes_content(source: str) -> None:
    """S0-24: listening, support and analytics are work of their own, and feed ideas that say so."""
    house = House()
    heard = house.hear()

    idea = house.engine.create(
        "social_content",
        by="cyrus",
        data={"title": "Where one buys it", "source": source, "derived_from": heard},
    )

    assert (source, heard) == (idea.data["source"], idea.data["derived_from"])
    assert {("interaction", heard), ("concept", idea.id)} == {
        (duty.stage, duty.item) for duty in house.engine.worklist()
    }


def test_how_departments_work_together_is_measured_from_stage_to_stage() -> None:
    """S0-25: how long each has it until the next one does, read off what has happened."""
    house = House()
    post = house.put("production.drafting")
    for hours, who, action in (
        (5, "cleo", "submit"),
        (2, "tony", "start"),
        (1, "tony", "approve_tone"),
    ):
        house.now += hours * HOUR
        house.do(post, who, action)
    house.now += 30 * HOUR
    house.do(post, "abe", "approve")

    times = {one.stage: one.median_hours for one in cycle_times(house.store, house.workflow)}

    assert {"production": 5, "tone": 3, "approval": 30} == {
        stage: hours for stage, hours in times.items() if hours is not None
    }


def test_content_serves_a_goal_of_the_business() -> None:
    """S0-32: what serves no goal that is pursued is not made; and each goal leads up to another."""
    goals = [Goal("sales"), Goal("fame", parent="sales"), Goal("fans", parent="fame")]
    house = House(at_work(), goals=goals)
    idea = house.put("concept.screening")

    assert ("goal_set",) == house.refuses(idea, "sam", "accept", **{**ACCEPTED, "goals": ["luck"]})
    accepted = house.do(idea, "sam", "accept", **{**ACCEPTED, "goals": ["fans"]})

    (named,) = accepted.data["goals"]
    assert ["fans", "fame", "sales"] == [goal.key for goal in house.department.serves(named)]


def test_all_of_it_is_one_list_of_work() -> None:
    """S0-35: a post, a comment, an ad, something to share again, an idea: asked in one way."""
    house = House()
    post = house.put("promotion.open")
    below = {
        "interaction": ("cora", {"account": "blog", "author": "fan42"}),
        "promotion_run": ("paige", {"channel": "paid"}),
        "candidate": ("cora", {"title": "a fan's picture"}),
        "idea": ("ana", {"text": "again, and bigger"}),
    }
    ids = {
        house.engine.create(kind, by=who, parent=post, data=data).id
        for kind, (who, data) in below.items()
    }

    found = {duty.item for duty in house.engine.worklist()}

    assert {post, *ids} == found
    for id in found:
        house.do(id, "lea", "note", text="seen")
        assert "note" == house.engine.history(id)[-1].event.action
