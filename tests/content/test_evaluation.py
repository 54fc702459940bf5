"""Stage 10: what was promised is measured, reported, accepted by another, and learnt from."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from socialflow import Member
from socialflow.content.measuring import Compared, compared
from socialflow.content.views.ideas import ideas_due
from socialflow.people import SYSTEM

TWO_WEEKS = timedelta(days=14)
REPORT = {
    "verdict": "reached",
    "goal_results": {"awareness": "reached"},
    "lessons": "people like to look behind the scenes",
    "reported_by": "ana",
}
BOTH = Member("bea", ["data_analyst", "department_lead"])
OPEN = ("promotion.open", "reshare.open", "response.listening")


def _on_the_date(desk: Any) -> Any:
    """An item of which nothing is settled when the date of its evaluation comes."""
    at = desk().until("promotion.open")
    at.now = at.item.tokens[0].due
    at.engine.run_due()
    return at


# -- when it begins


def test_before_its_date_the_evaluation_waits_for_all_three(desk: Any) -> None:
    """What is open is not cut short: a minute before the date nothing has happened yet."""
    at = desk().until("promotion.open")

    at.now = at.item.tokens[0].due - timedelta(minutes=1)
    at.engine.run_due()

    assert OPEN == at.item.marking


def test_on_its_date_the_evaluation_begins_and_what_is_open_lives_on(desk: Any) -> None:
    """The date that the screening has set joins the three; none of them is lost."""
    at = _on_the_date(desk)

    assert ("evaluation.collecting", *OPEN) == at.item.marking


def test_what_lives_on_is_settled_later_and_then_gone(desk: Any) -> None:
    """A late duty is still a duty, and does not open the evaluation once more."""
    at = _on_the_date(desk)

    at.do("cora", "skip_reshare", reason="nobody made anything of it")

    assert ("evaluation.collecting", "promotion.open", "response.listening") == at.item.marking


def test_who_extends_behind_the_date_sets_a_new_one(desk: Any) -> None:
    """Without a new date the extension would be over at once."""
    at = _on_the_date(desk)
    for who, action in (("paige", "settle_promotion"), ("cora", "skip_reshare")):
        at.do(who, action, **({"reason": "-"} if who == "cora" else {}))
    at.do("ana", "analyse", feedback="warm", results={"reach": 9})

    assert ("date_passed",) == at.refuses("sam", "extend", to="promotion", reason="more")
    at.do("sam", "extend", to="promotion", reason="more", evaluate_at="2026-07-01T09:00+00:00")

    assert "promotion.open" in at.item.marking
    assert "2026-07-01T09:00:00+00:00" == at.item.data["evaluate_at"]


def test_content_without_a_date_waits_for_the_three(desk: Any) -> None:
    """Whoever overrides the screening has promised no date; nothing is joined by time."""
    at = desk().until("concept.screening")
    at.do("lea", "override", reason="the board wants it")
    at.until("promotion.open")

    assert all(token.due is None for token in at.item.tokens)


# -- what is measured


@pytest.mark.parametrize("state", ["promotion.open", "evaluation.reported"])
def test_a_figure_comes_in_at_any_time_once_it_is_live(state: str, desk: Any) -> None:
    """Samples are history: they move nothing, and are told by people and platforms alike."""
    at = desk().until(state)
    before = at.item
    sample = {"metric": "reach", "value": 12, "measured_at": "2026-05-05T09:00+00:00"}

    at.engine.perform(at.id, "record_metric", by=SYSTEM, data=sample, key="reach/1")
    at.engine.perform(at.id, "record_metric", by=SYSTEM, data=sample, key="reach/1")

    assert (before.marking, before.data) == (at.item.marking, at.item.data)
    assert before.version + 1 == at.item.version


def test_nothing_is_measured_before_it_is_live(desk: Any) -> None:
    """There is no reach of a draft."""
    at = desk().until("production.drafting")

    assert ("state",) == at.refuses("ana", "snapshot", results={"reach": 1})


def test_what_was_expected_is_compared_with_what_was_measured(desk: Any) -> None:
    """S2-14: a forecast and a figure side by side, and neither is made up."""
    at = desk().until("concept.screening")
    at.do("sam", "accept", **at.screening(metrics=["reach", "leads"], forecast={"reach": 100}))
    at.until("promotion.open").do("ana", "snapshot", results={"reach": 90, "likes": 7})

    found = compared(at.item)

    assert (
        Compared("reach", 100, 90),
        Compared("leads", None, None),
        Compared("likes", None, 7),
    ) == found
    assert [False, None, None] == [one.reached for one in found]
    assert Compared("reach", 100, 100).reached


def test_no_return_is_told_of_what_was_never_measured(desk: Any) -> None:
    """S2-14: no promises of magic; what has figures may tell its return."""
    at = desk().until("evaluation.collecting")
    at.do_waiving("ana", "analyse", {"metrics_measured": "no access"}, feedback="-", results={})

    assert ("return_measured",) == at.refuses("ana", "report", **REPORT, roi=3.5)
    at.do("ana", "snapshot", results={"reach": 2})
    at.do("ana", "report", **REPORT, roi=3.5)


# -- four eyes


def test_nobody_accepts_their_own_report(desk: Any) -> None:
    """They may hold the lead's role as well: somebody else accepts, and that is never waived."""
    at = desk().until("evaluation.analysing")
    at.do(BOTH, "report", **{**REPORT, "reported_by": "bea"})

    own = at.ask(BOTH, "accept_report", waive={"checked_by_another": "I am sure"})

    assert ("checked_by_another",) == own.codes
    at.do("lea", "accept_report")


def test_the_lead_accepts_the_report_of_another(desk: Any) -> None:
    """The near miss: the same member, and a report that is not theirs."""
    at = desk().until("evaluation.reported")

    at.do(BOTH, "accept_report")

    assert ("end.closed",) == at.item.marking


def test_nobody_reports_in_the_name_of_another(desk: Any) -> None:
    """Or four eyes could be had by writing down somebody else."""
    at = desk().until("evaluation.analysing")

    assert ("in_own_name",) == at.refuses(BOTH, "report", **REPORT)


def test_nothing_is_closed_above_somebody_who_waits_for_the_lead(desk: Any) -> None:
    """An escalated interaction holds up the end; a silent one does not."""
    at = desk().until("promotion.open")
    one = at.engine.create(
        "interaction", by="cora", parent=at.id, data={"account": "blog", "author": "kim"}
    )
    at.now = at.item.tokens[0].due
    at.engine.run_due()
    at.do("ana", "analyse", feedback="warm", results={"reach": 9})
    at.do("ana", "report", **REPORT)
    at.engine.perform(one.id, "escalate", by="cora", data={"reason": "a journalist"})

    assert ("not_some_child",) == at.refuses("lea", "accept_report")
    at.engine.perform(one.id, "take_over", by="lea")
    at.do("lea", "accept_report")


# -- what comes of it


def _with_ideas(desk: Any, *ideas: str) -> Any:
    at = desk().until("evaluation.analysing")
    at.do("ana", "report", **REPORT, new_ideas=ideas)
    at.do("lea", "accept_report")
    return at


def test_an_accepted_report_leaves_an_idea_for_each_that_it_suggests(desk: Any) -> None:
    """S2-11: what was learnt leads somewhere, and says where it comes from."""
    at = _with_ideas(desk, "a series", "a tour")

    found = at.engine.children(at.id, "idea")

    assert ["a series", "a tour"] == sorted(one.data["text"] for one in found)
    assert {REPORT["lessons"]} == {one.data["lessons"] for one in found}


def test_a_returned_report_leaves_no_idea(desk: Any) -> None:
    """Only what the lead has accepted is followed up."""
    at = desk().until("evaluation.analysing")
    at.do("ana", "report", **REPORT, new_ideas=["a series"])

    at.do("lea", "return_report", reason="think again")

    assert () == at.engine.children(at.id, "idea")


def test_an_idea_becomes_an_item_that_knows_where_it_comes_from(desk: Any) -> None:
    """The new item says what suggested it, and the idea what it has become."""
    at = _with_ideas(desk, "a series")
    (idea,) = at.engine.children(at.id, "idea")
    told = {"title": "A series", "source": "evaluation", "derived_from": idea.id}

    new = at.engine.create("social_content", by="ana", data=told)
    done = at.engine.perform(idea.id, "take_up", by="sam", data={"taken_up_as": new.id})

    assert (("end.taken_up",), new.id) == (done.marking, done.data["taken_up_as"])
    assert at.engine.item(new.data["derived_from"]).parent == at.id


def test_an_idea_is_set_aside_with_a_reason(desk: Any) -> None:
    """Whoever had it hears why not."""
    at = _with_ideas(desk, "a series")
    (idea,) = at.engine.children(at.id, "idea")

    refusal = at.engine.why_not(idea.id, "set_aside", by="ana")
    done = at.engine.perform(idea.id, "set_aside", by="sam", data={"reason": "no money"})

    assert ("role",) == refusal.codes
    assert ("end.set_aside",) == done.marking


def test_the_lead_is_reminded_of_an_idea_every_two_weeks(desk: Any) -> None:
    """S1-24: ideas are looked at again and again, until somebody says yes or no."""
    at = _with_ideas(desk, "a series")
    (idea,) = at.engine.children(at.id, "idea")
    for _ in range(2):
        at.now += TWO_WEEKS
        at.engine.run_due()

    entries = at.engine.history(idea.id)

    assert ["create", "idea.remind", "idea.remind"] == [e.event.action for e in entries]


def test_what_has_waited_for_two_weeks_is_due_for_review(desk: Any) -> None:
    """Both kinds of ideas, longest waiting first; not a minute before, and nothing else."""
    at = _with_ideas(desk, "a series")
    (idea,) = at.engine.children(at.id, "idea")
    proposed = at.engine.create("social_content", by="eve", data={"title": "A tour"})
    store, due = at.engine.store, idea.tokens[0].entered + TWO_WEEKS

    def waiting(moment: datetime) -> list[tuple[str, str | None]]:
        return [(one.item, one.source) for one in ideas_due(store, moment)]

    assert [] == waiting(due - timedelta(minutes=1))
    assert [(idea.id, "evaluation")] == waiting(due)
    assert [idea.id, proposed.id] == [id for id, _ in waiting(at.now + TWO_WEEKS)]


def test_no_report_is_accepted_that_leaves_a_goal_open(desk: Any) -> None:
    """However it came to be reported: whoever takes an item over half-way tells the results too."""
    told = {"verdict": "reached", "goals": ["awareness", "leads"]}
    half = desk(at="evaluation.reported", goal_results={"awareness": "reached"}, **told)
    whole = desk(
        at="evaluation.reported", goal_results={"awareness": "reached", "leads": "missed"}, **told
    )

    assert ("goals_answered",) == half.refuses("lea", "accept_report")
    assert "evaluation.accept_report" in whole.offered("lea")
