"""S2: listening before posting, and what is learnt from it."""

from __future__ import annotations

from house import DAY, HOUR, House, at_work

from socialflow.content import compared
from socialflow.content.department import (
    Before,
    Campaign,
    Department,
    MonitoringAssignment,
)
from socialflow.content.duty import MONITORING
from socialflow.content.records import recorded
from socialflow.content.views.coverage import coverage
from socialflow.content.views.listening import listening

REPORT = {
    "verdict": "partly",
    "goal_results": {"awareness": "partly"},
    "lessons": "people ask where one buys it",
    "reported_by": "ana",
    "new_ideas": ["a map of our shops", "opening hours"],
}


def answer(house: House, comment: str) -> None:
    """Answer somebody."""
    house.do(comment, "cora", "triage", intent="question")
    house.do(comment, "cora", "take")
    house.do(comment, "cora", "draft_reply", reply="In our shop")
    house.do(comment, "cora", "send_reply")


def test_listening_is_measured_against_posting() -> None:
    """S2-10: two answers to one post are two thirds of all that was said."""
    house = House()
    post = house.live()
    for _ in range(2):
        answer(house, house.hear(post))
    house.hear(post)

    told = listening(house.store, house.now - DAY, house.now + DAY)

    assert (3, 2, 1, 0.667) == (told.arrived, told.answered, told.published, told.listening_ratio)


def test_the_consumers_of_competitors_are_listened_to() -> None:
    """S2-10: it is somebody's daily duty, and what nobody keeps an eye on is told."""
    house = House(others=(MONITORING,), monitoring=[MonitoringAssignment("brand", "acme", "sam")])
    watch = {"dimension": "competitor", "value": "globex"}
    duty = house.engine.create("monitoring", by="sam", data=watch)

    house.now += DAY
    house.engine.run_due()

    assert ("duty.due",) == house.at(duty.id)
    house.do(duty.id, "lea", "assign", member="cora", stage="duty")
    house.do(duty.id, "cora", "finish", outcome="they wait a week for an answer")
    department = recorded(house.department, house.store)
    watched = coverage(department, house.now, wanted={"competitor": ["globex", "initech"]})
    seen = {one.value: one.members for one in watched if one.dimension == "competitor"}
    assert {"globex": ("cora",), "initech": ()} == seen


def test_what_was_learnt_becomes_the_next_ideas() -> None:
    """S2-11: figures become insights, and insights items that say where they come from."""
    house = House()
    post = house.put("evaluation.analysing", goals=["awareness"], results={"reach": 7.0})
    house.do(post, "ana", "report", **REPORT)

    house.do(post, "lea", "accept_report")

    first, second = sorted(house.engine.children(post, "idea"), key=lambda one: one.data["text"])
    assert REPORT["new_ideas"] == [first.data["text"], second.data["text"]]
    assert REPORT["lessons"] == first.data["lessons"]
    told = {"title": "A map", "source": "evaluation", "derived_from": first.id}
    made = house.engine.create("social_content", by="sam", data=told)
    assert ("end.taken_up",) == house.do(first.id, "sam", "take_up", taken_up_as=made.id).marking


def test_talking_inside_is_weighed_against_talking_with_people() -> None:
    """S2-12: three notes on a post against four steps for one reader."""
    house = House()
    post = house.put("response.listening")
    comment = house.hear(post)
    house.now += DAY
    for text in ("is that so?", "I think so", "so do I"):
        house.do(post, "lea", "note", text=text)
    inside = listening(house.store, house.now, house.now + HOUR)
    answer(house, comment)

    told = listening(house.store, house.now, house.now + HOUR)

    assert (3, 0, 0.0) == (inside.inward, inside.outward, inside.outward_share)
    assert (3, 4, 0.571) == (told.inward, told.outward, told.outward_share)


def test_what_a_campaign_puts_first_goes_out_first() -> None:
    """S2-13: the teaser is live before what it teases, or somebody says why not."""
    house = House(at_work())
    teaser = house.put("publish.ready", accounts=["blog"])
    film = house.put("publish.ready", accounts=["news"])
    order = [Before(teaser, film)]
    house.department = Department(
        channels=house.department.channels,
        accounts=house.department.accounts,
        campaigns=[Campaign("spring", order=order)],
    )

    assert "campaign_order" in house.refuses(film, "sam", "publish_now")
    assert "campaign_order" not in house.refuses(teaser, "sam", "publish_now")


def test_what_was_expected_is_held_against_what_was_measured() -> None:
    """S2-14: no return is told that nobody measured, and no forecast is forgotten."""
    house = House()
    told = {"goals": ["awareness"], "metrics": ["reach"], "forecast": {"reach": 9.0}}
    post = house.put("evaluation.analysing", **told)
    magic = {**REPORT, "roi": 40.0}
    assert ("return_measured",) == house.refuses(post, "ana", "report", **magic)

    house.do(post, "ana", "snapshot", results={"reach": 7.0})
    house.do(post, "ana", "report", **magic)

    (reach,) = compared(house.engine.item(post))
    assert (9.0, 7.0, False) == (reach.forecast, reach.measured, reach.reached)
