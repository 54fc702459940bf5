"""What comes round: monitoring that is due, what nobody watches, ideas that wait."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from socialflow.content.views.coverage import coverage
from socialflow.content.views.duties import duties_due
from socialflow.content.views.ideas import ideas_due

DAY = timedelta(days=1)


def test_duties_are_due_when_their_time_has_come_round(office: Any) -> None:
    """What was never done stands first."""
    told = duties_due(office.department, office.now)

    assert [
        ("cora", "platform: web", None),
        ("ana", "competitor: globex", 2 * DAY),
    ] == [(one.member, one.about, one.late) for one in told]


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
