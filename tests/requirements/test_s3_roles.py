"""S3: the roles of a team, what each of them does, and how many people hold them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from house import DAY, House, at_work, everybody

from socialflow import Member, Team
from socialflow.content import EXPERIMENT, compared
from socialflow.content.assignees import candidates, round_robin
from socialflow.content.department import Budget
from socialflow.content.duty import DUTIES, recurring
from socialflow.content.presets import preset
from socialflow.content.views.duties import duties_due
from socialflow.content.views.load import load
from socialflow.people import SYSTEM, Capacity, Scope
from socialflow.verify import staffing


def test_a_junior_supports_and_does_not_stand_alone() -> None:
    """S3-01: what they submit, somebody else has reviewed; their own word is not enough."""
    house = House(team=everybody(Member("cleo", "content_creator", seniority="junior")))
    post = house.put("production.drafting")
    assert ("junior_reviewed",) == house.refuses(post, "cleo", "submit")
    house.do(post, "cleo", "review", reviewed_by="cleo")
    assert ("junior_reviewed",) == house.refuses(post, "cleo", "submit")

    house.do(post, "tony", "review", reviewed_by="tony")

    assert ("tone.queued",) == house.do(post, "cleo", "submit").marking


def test_nobody_is_given_more_than_they_have_hours_for() -> None:
    """S3-02: eight hours a week are not ten, unless somebody says why they have to be."""
    house = House(
        at_work(), team=everybody(Member("cleo", "content_creator", hours=Capacity(4, 8)))
    )
    first = house.put("assignment.unassigned", effort_hours=6)
    second = house.put("assignment.unassigned", effort_hours=4)
    for post in (first, second):
        house.do(post, "lea", "assign", member="cleo", stage="production")
    house.do(first, "sam", "hand_out")

    assert ("within_limit",) == house.refuses(second, "sam", "hand_out")
    (desk,) = [d for d in load(house.store, house.team, house.now).desks if d.member == "cleo"]
    assert (6.0, "within") == (desk.hours, desk.standing)


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [("small_team", 3, 5), ("pair", 2, 2), ("solo", 1, 1), ("enterprise", 11, 99)],
)
def test_there_is_a_preset_for_every_size(name: str, least: int, most: int) -> None:
    """S3-03: and its own people can do what it asks, but for what takes two."""
    one = preset(name)

    assert least <= len(one.team.members) <= most
    errors = {found.code for found in staffing(one.workflow, one.team)}
    assert errors == ({"four_eyes"} if name == "solo" else set())


def test_the_manager_has_a_hand_in_everything_between_the_idea_and_the_reader() -> None:
    """S3-04: screens, hands out, adjusts, schedules, promotes and calls back."""
    house = House()
    theirs = {
        "concept.screening": "concept.accept",
        "assignment.unassigned": "assignment.hand_out",
        "production.drafting": "production.review",
        "tone.queued": "tone.start",
        "publish.scheduled": "publish.unschedule",
        "promotion.open": "promotion.plan_promotion",
        "evaluation.analysing": "evaluation.extend",
    }

    found = {state: house.offered(house.put(state), "sam") for state in theirs}

    assert {} == {state: name for state, name in theirs.items() if name not in found[state]}
    creators = {state: house.offered(house.put(state), "cleo") for state in theirs}
    assert ["production.review"] == [
        name for state, name in theirs.items() if name in creators[state]
    ]


@pytest.mark.parametrize("asset", ["copy", "design", "photo", "video"])
def test_a_creator_makes_it_and_asks_for_what_others_make(asset: str) -> None:
    """S3-05: takes the load, writes, and asks the makers for a picture without giving it away."""
    house = House()
    post = house.put("assignment.unassigned", body=None)
    house.do(post, "cleo", "take")

    asked = house.do(post, "cleo", "request_asset", asset=asset, wanted="hands at work")
    house.do(post, "cleo", "edit", body="How we make it", media=["hands.jpg"])

    assert ("production.drafting",) == asked.marking
    said = [one.event for one in house.engine.history(post) if one.event.action == "request_asset"]
    assert [{"whom": "makers"}] == [dict(effect.data) for effect in said[0].effects]
    assert ("tone.queued",) == house.do(post, "cleo", "submit").marking


def test_an_analyst_says_whether_the_goal_is_on_track_and_what_brings_it_back() -> None:
    """S3-06: a figure for what was promised, a verdict for each goal, and what to do otherwise."""
    house = House()
    told = {"goals": ["awareness"], "metrics": ["reach"], "forecast": {"reach": 9.0}}
    post = house.put("evaluation.collecting", **told)
    assert ("metrics_measured",) == house.refuses(
        post, "ana", "analyse", feedback="warm", results={}
    )
    house.do(post, "ana", "analyse", feedback="warm", results={"reach": 6.0})

    house.do(
        post,
        "ana",
        "report",
        verdict="missed",
        goal_results={"awareness": "missed"},
        lessons="too late in the day",
        reported_by="ana",
        recommendations=["post in the morning"],
    )

    item = house.engine.item(post)
    assert (False,) == tuple(one.reached for one in compared(item))
    assert ("post in the morning",) == item.data["recommendations"]
    assert "role" in house.refuses(post, "ana", "accept_report")


def test_a_community_manager_answers_and_closes_no_case_of_support() -> None:
    """S3-07: they connect customer service with people, and are not customer service."""
    house = House()
    comment = house.hear(house.put("response.listening"))
    house.do(comment, "cora", "triage", intent="complaint")
    house.do(comment, "cora", "take")
    house.do(comment, "cora", "hand_over", handed_to="support", summary="it does not turn on")

    solved = {"outcome": "a new one is on its way"}
    assert ("role", "is_addressed") == house.refuses(comment, "cora", "resolve_handoff", **solved)
    done = house.do(comment, "cyrus", "resolve_handoff", **solved)
    assert ("interaction.answered",) == done.marking


def test_what_is_paid_is_kept_apart_from_what_is_free() -> None:
    """S3-08: it has a budget, and those who answer for the money pass it, not those who run it."""
    budgets = [Budget("ads", 100, "EUR")]
    house = House(at_work(), others=(EXPERIMENT,), budgets=budgets)
    post = house.put("promotion.open")
    plan = {"channel": "paid", "text": "Come and see", "disclosure": "Ad", "budget": 80.0}
    plan["ends_at"] = (house.now + DAY).isoformat()
    run = house.engine.create("promotion_run", by="paige", parent=post, data=plan).id

    assert ("one_of", "not_has") == house.refuses(run, "sam", "approve")
    assert ("role", "four_eyes") == house.refuses(run, "paige", "approve_spending")
    assert ("run.approved",) == house.do(run, "spencer", "approve_spending").marking
    assert ("run.running",) == house.do(run, "paige", "start").marking


def test_two_arms_are_compared_by_what_was_said_before() -> None:
    """S3-08: hypothesis, variants, metric and sample first; the winner is the analyst's to name."""
    house = House()
    design = {
        "hypothesis": "a face is clicked more often than a product",
        "metric": "clicks",
        "arms": {"face": "face.jpg", "product": "product.jpg"},
        "min_sample": 1000,
    }
    post = house.put("promotion.open")
    test = house.engine.create("experiment", by="paige", parent=post, data=design).id
    house.do(test, "paige", "start_experiment")
    house.do(test, "ana", "record_result", sample=400, results={"face": 7.0, "product": 4.0})
    assert ("sample_enough",) == house.refuses(test, "ana", "choose_winner", winner="face")

    house.do(test, "ana", "record_result", sample=1000, results={"face": 71.0, "product": 40.0})

    assert "face" == house.do(test, "ana", "choose_winner", winner="face").data["winner"]


def test_paid_and_organic_are_two_halves_of_one_post() -> None:
    """S3-09: both are planned at once below it, and both end when it is taken down."""
    house = House()
    post = house.put("promotion.open")
    house.do(post, "paige", "plan_promotion", promotion_channels=["organic", "paid"])

    runs = house.engine.children(post, "promotion_run")
    assert {"organic", "paid"} == {run.data["channel"] for run in runs}
    assert {post} == {run.parent for run in runs}
    house.do(post, "sam", "unpublish", reason="the product is gone")
    assert {("end.cancelled",)} == {house.at(run.id) for run in runs}


def test_who_holds_many_roles_still_has_somebody_else_look() -> None:
    """S3-10: whether two people are enough is known before anybody waits."""
    pair = preset("pair")
    roles = {grant.role for one in pair.team.members for grant in one.grants}

    found = staffing(pair.workflow, Team([Member("all", sorted(roles))]))

    assert "pair / approval / approve / other" in {
        one.where for one in found if one.code == "four_eyes"
    }
    assert () == staffing(pair.workflow, pair.team)


def test_who_has_too_much_says_so_and_the_lead_hears_of_it() -> None:
    """S3-11: without giving it back; and turns go round so that nobody burns out."""
    house = House(team=everybody(Member("carl", "content_creator")))
    post = house.put("production.drafting")

    said = house.do(post, "cleo", "raise_overload", reason="three for Friday are two too many")

    assert ("production.drafting",) == said.marking
    event = house.engine.history(post)[-1].event
    assert [("notify", {"whom": "lead"})] == [(one.name, dict(one.data)) for one in event.effects]
    those = candidates(house.team, "content_creator", Scope(), house.now)
    assert {"carl", "cleo"} == {round_robin(last)(those, {}).id for last in ("carl", "cleo")}


def test_what_happens_by_itself_is_opted_in_and_has_a_name() -> None:
    """S3-12: nobody asks, nothing happens; then it is the system's, and a person confirms it."""
    house = House()
    post = house.ready(accounts=["blog"])
    at = house.now + DAY
    house.do(post, "sam", "schedule", publish_at=at.isoformat())
    house.now = at
    assert ("publish.scheduled",) == house.at(post)

    (done,) = house.engine.run_due()

    assert ("publish.begin", SYSTEM.id) == (done.event.action, done.event.by)
    (upload,) = house.engine.children(post, "publication")
    house.do(upload.id, SYSTEM, "accept", url="https://example.com/1")
    assert ("publish.publishing",) == house.at(post)
    assert SYSTEM.id not in {one.id for one in house.engine.who_can(upload.id, "verify")}


def test_the_figures_are_reported_every_month() -> None:
    """S3-24: it is the analyst's duty, comes round again, and the lead hears if it does not."""
    house = House(others=DUTIES)
    report = house.engine.create("kpi_report", by="lea", data={"what": "all goals"}).id
    house.do(report, "lea", "assign", member="ana", stage="duty")
    house.now += 30 * DAY
    house.engine.run_due()

    (due,) = duties_due(house.store, house.department, house.now)
    assert ("ana", "kpi_report", "all goals") == (due.member, due.what, due.about)
    house.now += 30 * DAY
    (late,) = house.engine.run_due()
    assert [{"whom": "lead"}] == [dict(one.data) for one in late.event.effects]
    house.do(report, "ana", "finish", outcome="on track")
    assert () == duties_due(house.store, house.department, house.now)
    assert recurring("week", timedelta(7), "data_analyst").states == DUTIES[0].states
