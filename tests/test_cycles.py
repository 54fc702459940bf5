"""Cycles: what the system would do by itself for ever is found when the workflow is made."""

from __future__ import annotations

from typing import Any

import pytest
from scenes import ANN, Post, Walk, stage

from socialflow import Action, DefinitionError, Facts, Parallel, Stage, Workflow
from socialflow.errors import EndlessSettling
from socialflow.rules import has, responsible_named, signed_off
from socialflow.testing.strategies import cleared


def auto(name: str, source: str, target: str | None = None, **told: Any) -> Action:
    """What the system does by itself."""
    return Action(name, source, target, automatic=True, **told)


def cycles(*steps: Any, **told: Any) -> list[tuple[str, str]]:
    """Severity and path of every cycle that is found."""
    try:
        found = Workflow("w", steps, fields=Post, **told).findings()
    except DefinitionError as error:
        found = error.findings
    return [
        (one.severity, one.message.partition(": ")[2].partition(",")[0])
        for one in found
        if one.code == "cycle"
    ]


def two(there: Any = (), back: Any = ()) -> Stage:
    """A stage that goes to and fro by itself, as far as these rules let it."""
    return Stage(
        "a",
        ("one", "two", "out"),
        role="author",
        actions=(
            auto("there", "one", "two", rules=there),
            auto("back", "two", "one", rules=back),
            Action("leave", "one", "out"),
        ),
    )


TO_AND_FRO = "a.one -> a.two -> a.one"


@pytest.mark.parametrize(
    ("there", "back", "severity"),
    [
        ((), (), "error"),
        (has("body"), (), "warning"),
        ((), cleared(), "warning"),
        (has("body"), has("title"), "warning"),
        (has("body"), ~has("title"), "warning"),
        (has("body"), ~has("body"), None),
        ((cleared(), has("body")), ~cleared(), None),
        (cleared(), (has("title"), ~cleared()), None),
    ],
)
@pytest.mark.law(8)
def test_a_cycle_is_an_error_unless_a_rule_may_stop_it(
    there: Any, back: Any, severity: str | None
) -> None:
    """Without rules an error, with rules a warning; a rule and its negation end it."""
    assert [(severity, TO_AND_FRO)] * (severity is not None) == cycles(two(there, back))


def test_an_automatic_action_that_stays_where_it_is_is_a_cycle() -> None:
    """What changes nothing would be done again."""
    assert [("error", "a.one -> a.one")] == cycles(stage("a", auto("x", "one")))
    assert [("error", "a.one -> a.one")] == cycles(stage("a", auto("x", "one", "one")))
    assert [("error", "a.one -> a.one")] == cycles(stage("a", auto("x", "one", goto="a")))


def test_a_hand_over_is_part_of_a_cycle() -> None:
    """Done, the next stage and an automatic way back are one circle."""
    back = stage("b", auto("back", "one", goto="a"))

    assert [("error", "a.one -> a.two -> b.one -> a.one")] == cycles(
        stage("a", auto("x", "one", "two")), back
    )
    assert [] == cycles(stage("a", Action("x", "one", "two")), back)


def test_an_entry_rule_may_stop_a_cycle() -> None:
    """Rules of entry count like those of an action."""
    there = stage("a", auto("x", "one", "two"))

    def back(rules: Any) -> Stage:
        return stage("b", auto("back", "one", goto="a", rules=rules), enter=has("body"))

    path = "a.one -> a.two -> b.one -> a.one"
    assert [("warning", path)] == cycles(there, back(()))
    assert [] == cycles(there, back(~has("body")))


def test_automatic_actions_of_the_workflow_are_part_of_a_cycle() -> None:
    """What may happen in several stages may go round in circles in each of them."""
    again = auto("again", "b.one", goto="a")

    assert [("error", "a.one -> a.two -> b.one -> a.one")] == cycles(
        stage("a", auto("x", "one", "two")), stage("b"), actions=[again]
    )


def test_a_cycle_through_a_parallel_is_found() -> None:
    """A member that is done hands over towards the next step."""
    both = Parallel(stage("a", auto("x", "one", "two")), stage("b", auto("y", "one", "two")))
    found = cycles(both, stage("c", auto("back", "one", goto="a")))

    assert [("error", "a.one -> a.two -> c.one -> a.one")] == found


@pytest.mark.law(8)
def test_what_cannot_be_seen_beforehand_is_stopped_when_it_happens() -> None:
    """A circle that its rules did not stop ends in a typed error, and changes nothing."""
    made = Workflow("w", [two(cleared(), cleared())], fields=Post)
    walk = Walk.begin(made, facts=Facts({"clearance": False}))
    before = walk.item
    walk.facts = Facts({"clearance": True})

    with pytest.raises(EndlessSettling) as caught:
        walk.ask("claim", ANN)

    assert "w" == caught.value.workflow
    assert ("a.two", "a.one") == caught.value.path[:2]
    assert before is walk.item


def test_a_signature_given_and_voided_in_turn_ends_in_an_error() -> None:
    """Rules that contradict each other may still hold in turn, if settling itself turns them."""
    sign = Stage(
        "a",
        ("one", "two"),
        role="author",
        signs="visit",
        actions=(auto("x", "one", "two", rules=(~signed_off(), has("body"))),),
    )
    back = stage("b", auto("back", "one", goto="a", rules=signed_off()))
    made = Workflow("w", [sign, back], fields=Post)

    assert () == tuple(one for one in made.findings() if one.code == "cycle")
    with pytest.raises(EndlessSettling, match=r"a\.two -> b\.one -> a\.one -> a\.two"):
        Walk.begin(made, {"title": "a", "body": "b"})


@pytest.mark.law(8)
def test_settling_may_take_as_many_steps_as_there_are_states() -> None:
    """The bound is what the workflow has states; only one step more is an error."""
    first = stage("a", auto("x", "one", "two"), signs="revision")
    last = stage("b", auto("y", "one", "two", rules=has("body")), may_edit={"one": "author"})
    made = Workflow("w", [first, last], fields=Post, content=("title", "body"))
    walk = Walk.begin(made)
    assert ("b.one",) == walk.marking

    event = walk.do("edit", ANN, {"body": "b"})

    assert ["a.one", "a.two", "b.one", "b.two", "end.closed"] == [
        move.target for move in event.moves
    ]
    assert len(event.moves) == len(made.states)


def test_a_named_stage_is_no_cycle() -> None:
    """What is handed over once, and waits there for somebody, is none."""
    assert [] == cycles(
        stage("a", auto("x", "one", "two")), stage("b", enter=responsible_named("b"))
    )
