"""What comes round: monitoring that is due, what nobody watches, ideas that wait."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from socialflow import Engine
from socialflow.content.department import Department
from socialflow.content.duty import DUTIES
from socialflow.content.views.coverage import coverage
from socialflow.content.views.duties import duties_due
from socialflow.content.views.ideas import ideas_due

DAY = timedelta(days=1)


def test_duties_are_due_when_their_time_has_come_round(office: Any) -> None:
    """What was never done stands first."""
    told = duties_due(office.store, office.department, office.now)

    assert [
        ("cora", "platform: web", None),
        ("ana", "competitor: globex", 2 * DAY),
    ] == [(one.member, one.about, one.late) for one in told]


def test_a_duty_of_the_store_is_due_when_its_time_has_come(empty: Any) -> None:
    """Whether somebody has swept since or not; once it is done it rests again."""
    clock = [empty.now]
    engine = Engine(empty.store, DUTIES, empty.team, clock=lambda: clock[0])
    engine.create("idea_review", by="sam", id="review", data={"what": "sort the ideas"})
    clock[0] += 9 * DAY

    def due() -> list[Any]:
        told = duties_due(empty.store, Department(), clock[0])
        return [(one.what, one.about, one.late) for one in told]

    unswept = due()
    engine.run_due()
    swept = due()
    engine.perform("review", "finish", by="sam", data={"outcome": "two kept"})

    assert [("idea_review", "sort the ideas", 2 * DAY)] == unswept
    assert [("idea_review", "sort the ideas")] == [one[:2] for one in swept]
    assert [] == due()


def test_coverage_tells_what_is_watched_and_what_is_not(office: Any) -> None:
    """Own brands, regions and platforms are to be watched; of the others anything."""
    told = coverage(office.department, office.now)

    assert [
        ("brand", "acme", ("sam",), False),
        ("industry", "", (), False),
        ("competitor", "globex", ("ana",), True),
        ("platform", "tube", (), False),
        ("platform", "web", ("cora",), True),
        ("region", "north", (), False),
        ("city", "", (), False),
        ("opinion_leader", "", (), False),
    ] == [(one.dimension, one.value, one.members, one.overdue) for one in told]


def test_coverage_looks_for_what_else_is_wanted(office: Any) -> None:
    """As a company says."""
    wanted = {"competitor": ["initech"], "city": ["Graz"]}

    told = coverage(office.department, office.now, wanted=wanted)

    missing = {(one.dimension, one.value) for one in told if not one.members}
    assert {("competitor", "initech"), ("city", "Graz")} <= missing
    assert ("city", "") not in missing


def test_ideas_are_due_when_they_have_waited_or_their_day_has_come(office: Any) -> None:
    """Longest first."""
    told = ideas_due(office.store, office.now)

    assert [("later", 30 * DAY), ("stew", 20 * DAY)] == [(one.item, one.waiting) for one in told]
    assert [office.now - DAY, None] == [one.review_at for one in told]


def test_a_shelved_idea_waits_for_its_day(office: Any) -> None:
    """However long it has been there."""
    told = ideas_due(office.store, office.now - 2 * DAY)

    assert ["stew"] == [one.item for one in told]


def test_how_often_ideas_are_looked_at_can_be_said(office: Any) -> None:
    """Every day, say."""
    told = ideas_due(office.store, office.now, every=DAY)

    assert ["later", "stew", "fresh"] == [one.item for one in told]
