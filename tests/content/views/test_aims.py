"""What we are there for: goals, what is asked again and again, and how others do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest

from socialflow import Engine
from socialflow.content.department import Goal
from socialflow.content.duty import MONITORING
from socialflow.content.views.asked import asked_again
from socialflow.content.views.benchmark import benchmark
from socialflow.content.views.goals import goals_pursued

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("told", "figures", "gained", "share"),
    [
        ({"target": 100}, [], None, None),
        ({"target": 100}, [0.0], 0.0, 0.0),
        ({"target": 100}, [20.0, 5.0], 25.0, 0.25),
        ({"target": 100, "baseline": 50}, [20.0, 5.0], 25.0, 0.5),
        ({"target": 50, "baseline": 50}, [20.0], 20.0, None),
        ({}, [20.0], 20.0, None),
    ],
)
def test_the_way_to_a_goal_is_what_its_items_have_brought(
    empty: Any, told: Any, figures: list[float], gained: float | None, share: float | None
) -> None:
    """As a part of the way from the baseline; nothing is made up where nobody has measured."""
    goal = Goal("known", "awareness", **told)
    for n, figure in enumerate(figures):
        empty.put(f"p{n}", "evaluation.collecting", goals=["known"], results={"reach": figure})
    empty.put("other", "evaluation.collecting", goals=["else"], results={"reach": 7.0})
    empty.put("unmeasured", "evaluation.collecting", goals=["known"], results={"clicks": 7.0})

    (one,) = goals_pursued(empty.store, attrs.evolve(empty.department, goals=[goal]), empty.now)

    assert (len(figures) + 1, gained, share) == (one.items, one.gained, one.share)


def test_of_goals_the_first_stand_first_and_those_that_are_over_do_not_stand_there(
    empty: Any,
) -> None:
    """Then those that most items serve."""
    goals = [
        Goal("b"),
        Goal("a"),
        Goal("busy"),
        Goal("main", primary=True),
        Goal("old", until=empty.now),
    ]
    empty.put("p", "production.drafting", goals=["busy"])

    told = goals_pursued(empty.store, attrs.evolve(empty.department, goals=goals), empty.now)

    assert ["main", "busy", "a", "b"] == [one.goal for one in told]


def test_what_is_asked_again_is_counted_by_tag_within_the_period(empty: Any) -> None:
    """Questions only; two tags count twice; often is as often as somebody says."""
    empty.put("post", "response.listening", tags=["price"])
    heard = [
        ("early", -DAY, {"tags": ["price"]}),
        ("first", 0 * DAY, {"tags": ["price", "size"]}),
        ("second", DAY, {"tags": ["price"], "handed_to": "support"}),
        ("praise", DAY, {"tags": ["price"], "intent": "praise"}),
        ("plain", DAY, {}),
        ("late", 2 * DAY, {"tags": ["price"]}),
    ]
    for id, after, told in heard:
        empty.hear(id, "post", empty.now + after, **told)

    def asked(least: int) -> list[tuple[str, int, int, tuple[str, ...]]]:
        told = asked_again(empty.store, empty.now, empty.now + 2 * DAY, least=least)
        return [attrs.astuple(one) for one in told]

    assert [("price", 2, 1, ("post",)), ("size", 1, 0, ())] == asked(1)
    assert [("price", 2, 1, ("post",))] == asked(2)
    assert [] == asked(3)


def test_rivals_are_those_that_are_watched_now(empty: Any) -> None:
    """Figures of a brand of ours are no rival's, and neither are those of a duty given up."""
    engine = Engine(empty.store, MONITORING, empty.team, clock=lambda: empty.now)
    for dimension, value in (("competitor", "globex"), ("competitor", "gone"), ("brand", "acme")):
        told = {"dimension": dimension, "value": value}
        watch = engine.create("monitoring", by="sam", data=told, id=value).id
        engine.perform(watch, "measure", by="sam", data={"results": {"reach": 5.0}})
    engine.perform("gone", "give_up", by="sam", data={"reason": "they closed"})

    assert [("reach", "globex", 5.0, None)] == [
        attrs.astuple(one) for one in benchmark(empty.store)
    ]
