"""Deciding: a command, judged in one order, becomes one event or every reason against it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import attrs
import pytest
from scenes import (
    ANN,
    ED,
    EVE,
    LEA,
    NOBODY,
    NOON,
    REVIEW,
    TOM,
    WRITING,
    Post,
    Reason,
    Walk,
    finish,
    stage,
    workflow,
)

from socialflow import (
    Action,
    Command,
    Effect,
    Member,
    Objection,
    Parallel,
    Role,
    Workflow,
    rule,
)
from socialflow.cases import Case
from socialflow.errors import NaiveTime, UnknownAction
from socialflow.rules import four_eyes, has
from socialflow.testing.strategies import (
    Rewrite,
)


@rule("reads", reads_data=True)
def reads(case: Case) -> Iterator[Objection]:
    """The reason is not a shrug."""
    if case.data.reason == "meh":
        yield Objection("reads", "that is no reason")


@rule("cleared", needs="clearance")
def cleared(case: Case) -> Iterator[Objection]:
    """The outside has cleared it."""
    if not case.facts["clearance"]:
        yield Objection("cleared", "it is not cleared")


def told(walk: Walk) -> dict[str, Any]:
    """Everything about an item, by attribute."""
    return {field.name: getattr(walk.item, field.name) for field in attrs.fields(type(walk.item))}


# -- the order of a judgement


def test_an_action_the_workflow_does_not_have_is_the_programmers_error() -> None:
    """A misspelt action is no refusal, and the nearest right spelling is named."""
    walk = Walk.begin(workflow())

    with pytest.raises(UnknownAction, match=r"no action 'submitt': did you mean 'submit'\?"):
        walk.ask("submitt", ANN)


def test_an_action_that_is_not_open_here_says_where_it_is() -> None:
    """The objection `state` names where the item is, and where the action is open."""
    walk = Walk.begin(workflow())

    assert [
        "'go' is not open in writing.drafting (it is open in live.ready)",
    ] == [str(one) for one in walk.refused("go", ED)]
    assert [
        "'live.go' is not open in writing.drafting (it is open in live.ready)",
    ] == [str(one) for one in walk.refused("live.go", ED)]
    assert [
        "'cancel' is not open in writing.drafting (nobody has the right to it: "
        "say rights={'cancel': 'role'} in the workflow)",
    ] == [str(one) for one in walk.refused("cancel", ED)]


@pytest.mark.parametrize("name", ["a.x", "x"])
def test_nobody_asks_for_what_the_system_does(name: str) -> None:
    """An automatic action is refused to everybody, by its full and by its short name."""
    automatic = Action("x", "one", "two", automatic=True, rules=has("body"))
    walk = Walk.begin(workflow(stage("a", automatic, finish())))

    (objection,) = walk.refused(name, ANN)

    assert ("automatic", f"{name!r} is taken by the system") == (
        objection.code,
        objection.message,
    )


def test_all_objections_are_gathered_at_once() -> None:
    """Policy, target, data and every rule object in one refusal, in that order."""
    review = attrs.evolve(
        REVIEW,
        actions=(
            Action(
                "send_back",
                "waiting",
                goto=("writing", "end.rejected"),
                data=Reason,
                rules=(four_eyes(), has("body"), cleared()),
            ),
        ),
    )
    walk = Walk.begin(workflow(WRITING, review))
    walk.do("submit", ANN)

    refusal = walk.refused("send_back", ANN, {"resaon": 7}, to="live")

    assert ("role", "to", "data", "data", "four_eyes", "has", "fact_missing") == refusal.codes
    assert "review.send_back" == refusal.action
    assert "'review.send_back' cannot go to 'live' (say to=, one of writing, end.rejected)" == str(
        refusal.objections[1]
    )


def test_a_rule_that_reads_the_data_is_not_asked_about_data_that_does_not_fit() -> None:
    """Data that is wrong is one reason; a rule that would read it would only fail on it."""
    sends = Action("x", "one", "two", data=Reason, rules=(reads(), has("body")))
    walk = Walk.begin(workflow(stage("a", sends)))

    assert ("data", "has") == walk.refused("x", ANN).codes
    assert ("data", "has") == walk.refused("x", ANN, {"reason": 7}).codes
    assert ("reads", "has") == walk.refused("x", ANN, {"reason": "meh"}).codes
    assert ("has",) == walk.refused("x", ANN, {"reason": "good"}).codes


@pytest.mark.parametrize(
    ("action", "data", "to", "sentence"),
    [
        (
            "send_back",
            {"reason": "x"},
            None,
            "'review.send_back' goes to several places (say to=, one of writing, end.rejected)",
        ),
        ("clear", None, "live", "'review.clear' cannot go to 'live' (leave to= out)"),
        ("clear", {"reason": "x"}, None, "'review.clear' takes no data (leave data= out)"),
        ("send_back", None, "writing", "data.reason: it is missing (Reason takes reason: str)"),
    ],
)
def test_a_target_or_data_that_does_not_fit_is_an_objection(
    action: str, data: Any, to: str | None, sentence: str
) -> None:
    """What a command says too much, too little or wrongly is said back to it."""
    walk = Walk.begin(workflow())
    walk.do("submit", ANN)

    assert [sentence] == [str(one) for one in walk.refused(action, ED, data, to=to)]


@pytest.mark.parametrize("to", ["writing", "writing.drafting"])
def test_one_of_several_targets_is_chosen_by_stage_or_state(to: str) -> None:
    """``to=`` names the stage, or its first state in full."""
    walk = Walk.begin(workflow())
    walk.do("submit", ANN)
    walk.do("send_back", ED, {"reason": "x"}, to=to)

    assert ("writing.drafting",) == walk.marking


@pytest.mark.parametrize("to", ["a", "b"])
def test_each_of_several_stages_can_be_chosen(to: str) -> None:
    """``to=`` is the stage that it names, whichever place it has among the targets."""
    back = Action("back", "one", goto=("a", "b"))
    walk = Walk.begin(workflow(stage("a", finish()), stage("b", finish()), stage("c", back)))
    walk.do("finish", ANN)
    walk.do("finish", ANN)
    walk.do("back", ANN, to=to)

    assert (f"{to}.one",) == walk.marking


def test_a_time_without_a_zone_is_no_command() -> None:
    """The core reads no clock, and is given one moment."""
    with pytest.raises(NaiveTime, match=r"^at must be timezone-aware"):
        Command("submit", "ann", NOON.replace(tzinfo=None))


# -- which token (model 2)


def both() -> Workflow:
    """Two stages that are open together, each with an action of the same name."""
    return workflow(
        Parallel(stage("a", finish(), Action("stay", "one")), stage("b", finish(), role="editor")),
        stage("c", finish()),
        actions=[Action("flag", "*", roles="*"), Action("stop", "a", goto="end.closed", roles="*")],
    )


@pytest.mark.law(2)
def test_a_short_name_that_stands_for_several_actions_is_ambiguous() -> None:
    """The refusal lists the full names; a full name, or one that is alone, is none."""
    walk = Walk.begin(both())

    assert [
        "'finish' is open in several stages (say which by the full name: a.finish, b.finish)"
    ] == [str(one) for one in walk.refused("finish", ANN)]
    assert walk.do("stay", ANN)
    assert walk.do("a.finish", ANN)
    assert ("a.two", "b.one") == walk.marking
    assert walk.do("finish", ED)
    assert ("c.one",) == walk.marking


@pytest.mark.law(2)
def test_an_action_of_the_workflow_moves_the_item_whatever_is_open() -> None:
    """It is one action, however many tokens it could leave from."""
    walk = Walk.begin(both())

    assert "flag" == walk.do("flag", NOBODY).action
    assert ("a.one", "b.one") == walk.marking
    walk.do("stop", NOBODY)
    assert ("end.closed",) == walk.marking


# -- what an event says (model 1, 13, 15)


@pytest.mark.law(1, 15)
def test_an_event_keeps_the_full_name_the_roles_and_every_move() -> None:
    """One row, with the automatic moves inside, under the full name."""
    walk = Walk.begin(workflow(roles=("author", "editor", Role("chief", inherits="author"))))
    event = walk.do("submit", Member("ida", ("author", "chief", "editor")))

    assert ("writing.submit", ("author", "chief")) == (event.action, event.roles)
    assert [
        ("writing.submit", "writing.drafting", "writing.submitted"),
        ("done", "writing.submitted", "review.waiting"),
    ] == [tuple(move) for move in event.moves]
    assert (2, "ida", walk.events[0].at + timedelta(minutes=1)) == (
        event.version,
        event.by,
        event.at,
    )


def test_effects_are_recorded_with_the_event_that_asks_for_them() -> None:
    """Work for the outside stands in the event, that of automatic actions after it."""
    act = finish(effects=(Effect("notify", {"whom": "ed"}), Effect("log")))
    follow = Action("x", "one", "two", automatic=True, effects=Effect("after"))
    walk = Walk.begin(workflow(stage("a", act), stage("b", follow)))

    assert ("notify", "log", "after") == tuple(one.name for one in walk.do("finish", ANN).effects)


@pytest.mark.law(13)
def test_the_data_of_an_action_stays_in_the_event_unless_it_is_kept() -> None:
    """The item takes only the fields that the action keeps."""
    keeping = Action("x", "one", data=Post, keeps="body")
    walk = Walk.begin(workflow(stage("a", keeping)))
    event = walk.do("x", TOM, {"title": "new", "body": "new"})

    assert {"title": "a title", "body": "new"} == walk.item.data
    assert {"title": "new", "body": "new"} == event.command.data
    assert ("ann", "tom") == walk.item.contributors


@pytest.mark.parametrize("target", [None, "two"])
@pytest.mark.law(14)
def test_what_a_form_leaves_open_is_neither_kept_nor_written(target: str | None) -> None:
    """Who says nothing about a field that is kept has written nothing."""
    keeping = Action("x", "one", target, data=Rewrite, keeps="body")
    flow = stage("a", keeping, states=("one", "two", "three"))
    walk = Walk.begin(workflow(flow), {"title": "a", "body": "b"})
    walk.do("x", TOM)

    assert {"title": "a", "body": "b"} == walk.item.data
    assert ("ann",) == walk.item.contributors


@pytest.mark.parametrize("target", [None, "two"])
@pytest.mark.law(14)
def test_who_keeps_what_is_no_content_is_no_contributor(target: str | None) -> None:
    """Contributors are those who wrote one of the content fields."""
    keeping = Action("x", "one", target, data=Post, keeps="body")
    flow = stage("a", keeping, states=("one", "two", "three"))
    walk = Walk.begin(workflow(flow, content="title"))
    walk.do("x", TOM, {"title": "new", "body": "new"})

    assert {"title": "a title", "body": "new"} == walk.item.data
    assert ("ann",) == walk.item.contributors


def test_one_command_asks_the_same_as_another_but_for_time_and_version() -> None:
    """What is sent twice is recognised, whatever the clock says."""
    one = Command("submit", "ann", NOON, {"a": 1}, key="k", expect=3)
    later = attrs.evolve(one, at=NOON + timedelta(days=1), expect=4)

    assert one.fingerprint() == later.fingerprint()
    for change in ({"action": "go"}, {"by": "ed"}, {"data": {"a": 2}}, {"to": "x"}):
        assert one.fingerprint() != attrs.evolve(one, **change).fingerprint()
    assert LEA.id != ANN.id != EVE.id
