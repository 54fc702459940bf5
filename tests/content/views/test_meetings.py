"""How the day begins, and what the fortnightly meeting talks about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from socialflow.content.department import Department
from socialflow.content.views.brief import Mentions, brief
from socialflow.content.views.digest import digest
from socialflow.content.views.overdue import overdue

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def month(office: Any) -> Any:
    """What the month brings."""
    asked = (office.store, office.department, office.team)
    return digest(*asked, office.now - 3 * DAY, office.now + 27 * DAY)


def test_the_brief_tells_what_goes_out_today(office: Any) -> None:
    """From midnight to midnight, with what stands in its way."""
    told = brief(office.store, office.department, office.now)

    assert ["wait", "today", "today", "soon"] == [entry.item for entry in told.today]
    assert [("today", "soon")] == [clash.items for clash in told.clashes]


def test_the_brief_tells_what_could_do_harm(office: Any) -> None:
    """Freezes that hold, and open items of high risk."""
    told = brief(office.store, office.department, office.now)

    assert [("freeze", "fire"), ("high", "wait")] == [(one.what, one.item) for one in told.risks]


def test_the_brief_tells_who_is_waiting(office: Any) -> None:
    """Three have written in a week, one of them today; nobody has looked at any."""
    told = brief(office.store, office.department, office.now).mentions

    assert Mentions(3, 3 * DAY, 1, 0.3, spike=False) == told


def test_a_spike_is_more_than_twice_the_usual(office: Any) -> None:
    """And at least five."""
    for n in range(3):
        office.hear(f"more{n}", "live", office.now - HOUR)
    assert not brief(office.store, office.department, office.now).mentions.spike

    office.hear("one more", "live", office.now - HOUR)
    assert brief(office.store, office.department, office.now).mentions.spike


def test_as_many_as_usual_are_no_spike(empty: Any) -> None:
    """Ten a day, every day."""
    empty.put("live", "response.listening", empty.now - 9 * DAY)
    for day in range(8):
        for n in range(10):
            empty.hear(f"{day} {n}", "live", empty.now - day * DAY - HOUR)

    told = brief(empty.store, empty.department, empty.now).mentions

    assert Mentions(80, 7 * DAY + HOUR, 10, 10.0, spike=False) == told


def test_what_was_born_a_while_ago_does_not_arrive_again(office: Any) -> None:
    """When somebody looks at it today."""
    before = brief(office.store, office.department, office.now).mentions.arrived

    office.do("first", "cora", "triage", intent="question")

    told = brief(office.store, office.department, office.now).mentions
    assert (before, 2, 2 * DAY) == (told.arrived, told.waiting, told.longest)


def test_overdue_tells_what_should_have_been_done(office: Any) -> None:
    """Latest first; a day ends at midnight, so what is due today is not late."""
    found = overdue(office.store, office.now)

    assert [
        ("submit", "draft", 2 * DAY + 12 * HOUR),
        ("evaluate", "done", DAY + 12 * HOUR),
        ("clock", "later", DAY),
        ("clock", "wait", timedelta(minutes=65)),
        ("publish", "wait", HOUR),
    ] == [(one.what, one.item, one.late) for one in found]


def test_what_has_to_be_done_right_now_is_not_late(empty: Any) -> None:
    """A date that has just come may still be kept; a second later it was missed."""
    empty.put("now", "publish.ready", planned_for=empty.now.isoformat())
    second = timedelta(seconds=1)

    assert () == overdue(empty.store, empty.now)
    assert [("now", second)] == [(o.item, o.late) for o in overdue(empty.store, empty.now + second)]


def test_what_is_on_its_way_and_does_not_arrive_is_late(empty: Any) -> None:
    """Half an hour after it was sent, whatever had been planned: the outside says nothing."""
    week = (empty.now + 7 * DAY).isoformat()
    empty.put("stuck", "publish.publishing", planned_for=week)
    half = timedelta(minutes=30)

    assert () == overdue(empty.store, empty.now + half)
    [late] = overdue(empty.store, empty.now + HOUR)
    assert ("publish", "stuck", half) == (late.what, late.item, late.late)


def test_a_comment_is_overdue_until_it_is_answered(office: Any) -> None:
    """By the date that it was given."""
    due = (office.now - HOUR).isoformat()
    office.do("third", "cora", "triage", intent="complaint", sla_due=due)
    late = [(one.what, one.item) for one in overdue(office.store, office.now)]
    office.do("third", "cora", "take")
    office.do("third", "cora", "draft_reply", reply="We are sorry")
    office.do("third", "cora", "send_reply")
    then = [(one.what, one.item) for one in overdue(office.store, office.now)]

    assert ("answer", "third") in late
    assert "third" not in {item for _, item in then}


def test_the_digest_counts_by_unit_stage_and_goal(office: Any) -> None:
    """An item of two units counts for both."""
    told = month(office)

    assert 4 == told.items
    assert {
        ("unit", "hub"): 2,
        ("unit", "north"): 3,
        ("stage", "approval"): 1,
        ("stage", "publish"): 3,
        ("goal", "awareness"): 2,
        ("goal", "leads"): 1,
        ("goal", "none"): 1,
    } == {(one.by, one.key): one.items for one in told.counts}


def test_the_digest_tells_what_clashes(office: Any) -> None:
    """As the calendar does."""
    assert ["slot", "blackout"] == [one.why for one in month(office).clashes]


def test_the_digest_tells_who_could_do_something_together(office: Any) -> None:
    """Two units with one goal or campaign."""
    told = month(office).together

    assert [
        ("campaign", "spring", ("hub", "north"), ("today", "wait")),
        ("goal", "awareness", ("hub", "north"), ("today", "wait")),
    ] == [(one.why, one.key, one.units, one.items) for one in told]


def test_two_units_with_one_topic_could_work_together(empty: Any) -> None:
    """Where their items point to the same place; within one unit that is their own affair."""
    at = (empty.now + DAY).isoformat()
    for id, unit in (("a", "hub"), ("b", "north"), ("c", "north")):
        link = [f"https://example.com/new?utm_source={id}"]
        empty.put(id, "publish.ready", planned_for=at, links=link, scope={"unit": unit})

    assert [("topic", ("a", "b")), ("topic", ("a", "c"))] == [
        (one.why, one.items) for one in month(empty).together
    ]


def test_an_item_without_accounts_belongs_to_the_units_of_its_people(empty: Any) -> None:
    """Whoever is responsible for it, and whoever has written it."""
    at = (empty.now + DAY).isoformat()
    empty.put("mine", "production.drafting", planned_for=at, responsible="carl")

    told = {one.key for one in month(empty).counts if one.by == "unit"}

    assert {"hub", "north"} == told


def test_a_department_of_which_nothing_is_known_has_a_brief(empty: Any) -> None:
    """It says that there is nothing."""
    told = brief(empty.store, Department(), empty.now)

    assert ((), (), (), ()) == (told.today, told.clashes, told.risks, told.overdue)
    assert Mentions(0, None, 0, 0.0, spike=False) == told.mentions
