"""Options: what is open to a member, and what stands in the way, told before anything is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenes import ANN, ED, LIVE, NOON, REVIEW, WRITING, Reason, Walk, finish, stage, workflow

from socialflow import (
    Action,
    Command,
    Event,
    Facts,
    Item,
    Member,
    Objection,
    Option,
    Parallel,
    Refusal,
    Workflow,
    decide,
    options,
    rebuild,
    rule,
)
from socialflow.cases import Case
from socialflow.errors import UnknownAction
from socialflow.plans import plan_of
from socialflow.rules import has
from socialflow.standing import STANDING
from socialflow.testing.strategies import (
    TEAM,
    Rewrite,
    cleared,
    facts,
    fitting,
    histories,
    workflows,
)


@rule("say_why", reads_data=True)
def say_why(case: Case) -> Iterator[Objection]:
    """There is a reason."""
    if case.data is None or not case.data.reason:
        yield Objection("say_why", "say why")


@attrs.frozen
class Perhaps:
    """A form that may be left empty."""

    reason: str | None = None


@st.composite
def scenes(draw: st.DrawFn) -> tuple[Workflow, Item, Member, Facts]:
    """An item with a history, somebody, and what is known."""
    made = draw(workflows())
    item = rebuild(draw(histories(made)))
    return made, item, draw(st.sampled_from(TEAM)), draw(facts)


def judged_later(made: Workflow, option: Option) -> set[str]:
    """Codes of objections that only data, or the stage that is handed over to, can tell.

    Whoever has voted on the same data before, has voted.
    """
    ways = [way for ways in plan_of(made).listed.values() for way in ways]
    rules = [one for way in ways if way.full == option.action for one in way.rules]
    entry = [one for stage in made.stages for one in stage.enter]
    codes = {one.name for one in rules if one.kind.reads_data} | {one.name for one in entry}
    return codes | {"fact_missing", "voted"}


def offered_to(made: Workflow, item: Item, member: Member, known: Facts) -> list[Option]:
    """The options; what a vote may be about is a law of its own, in test_votes."""
    found = options(made, item, member, NOON, facts=known)
    return [option for option in found if option.action != "vote"]


# -- laws (model 22)


@given(scenes(), st.data())
@pytest.mark.law(22)
def test_options_and_decide_never_disagree(
    scene: tuple[Workflow, Item, Member, Facts], data: st.DataObject
) -> None:
    """Yes if and only if it is accepted with valid data; no is the very refusal.

    What needs data is accepted with valid data, unless a rule objects that reads the data, or one
    of the stage that it would hand over to.
    """
    made, item, member, known = scene
    for option in offered_to(made, item, member, known):
        command = data.draw(fitting(option, member, NOON))
        answer = decide(made, item, command, member, facts=known)

        if option.answer == "yes":
            assert isinstance(answer, Event), str(answer)
        elif option.answer == "no":
            assert isinstance(answer, Refusal), option
            assert option.refusal is not None
            later = judged_later(made, option) if option.form else set()
            told = tuple(one for one in answer if one.code not in later)
            assert told == tuple(one for one in option.refusal if one.code not in later)
            assert later or option.refusal == answer
        else:
            assert option.answer == "needs data"
            assert isinstance(answer, Event) or set(answer.codes) <= judged_later(made, option)


@given(scenes())
def test_a_yes_without_a_form_needs_nothing_but_its_name(
    scene: tuple[Workflow, Item, Member, Facts],
) -> None:
    """What is a yes is accepted by its bare full name; what needs data is not."""
    made, item, member, known = scene
    for option in offered_to(made, item, member, known):
        data = {"stage": option.stage} if option.stage else None
        command = Command(option.action, member.id, NOON, data)
        answer = decide(made, item, command, member, facts=known)

        if option.answer == "yes":
            assert isinstance(answer, Event), str(answer)
        elif option.answer == "no":
            assert isinstance(answer, Refusal)


@given(scenes(), st.data())
def test_whatever_decide_accepts_was_an_option(
    scene: tuple[Workflow, Item, Member, Facts], data: st.DataObject
) -> None:
    """The other direction: no name, short or full, is accepted that was not offered."""
    made, item, member, known = scene
    offered = {
        option.action: option
        for option in options(made, item, member, NOON, facts=known)
        if option.answer != "no"
    }
    for name in sorted(plan_of(made).names):
        told = Option(name, "yes", None, STANDING.get(name), (), "alpha")
        given_data = data.draw(fitting(told, member, NOON)) if name in STANDING else None
        for to in (None, "alpha", "end.rejected"):
            body = given_data.data if given_data else {"reason": "a"}
            for form in (None, body):
                command = Command(name, member.id, NOON, form, to)
                try:
                    answer = decide(made, item, command, member, facts=known)
                except UnknownAction:
                    continue
                assert isinstance(answer, Refusal) or answer.action in offered


@given(scenes())
def test_every_option_is_open_here_and_told_once(
    scene: tuple[Workflow, Item, Member, Facts],
) -> None:
    """Exactly the ways out of the marking are listed, those of several tokens once."""
    made, item, member, known = scene
    plan = plan_of(made)
    expected = {
        (way.full, way.stage if way.name in ("claim", "release") else "")
        for state in item.marking
        for way in plan.listed[state]
    }

    told = [(one.action, one.stage) for one in options(made, item, member, NOON, facts=known)]

    assert len(told) == len(set(told))
    assert expected == set(told)


@given(scenes())
def test_asking_for_options_changes_nothing(scene: tuple[Workflow, Item, Member, Facts]) -> None:
    """Options are the same however often they are asked for, and the item stays as it is."""
    made, item, member, known = scene
    before = repr(item)

    one = options(made, item, member, NOON, facts=known)

    assert one == options(made, item, member, NOON, facts=known)
    assert before == repr(item)


# -- examples


def test_a_screen_shows_yes_no_and_needs_data() -> None:
    """Each answer, with its reasons, form and targets, reads as a line."""
    made = workflow(WRITING, REVIEW, LIVE, rights={"create": "*", "note": "*"})
    walk = Walk.begin(made)
    walk.do("submit", ANN)
    walk.do("edit", ED, {"body": "b"})

    assert [
        "review.clear: no: 'ed' has written this revision and may not pass it "
        "(ask somebody who has not)",
        "review.send_back: needs data: reason, to writing or end.rejected",
        "note: needs data: text",
        "edit: needs data",
        "claim: yes",
        "release: no: review is not yours to release: nobody is responsible",
    ] == [str(one) for one in options(made, walk.item, ED, NOON)]
    assert {"no"} == {
        one.answer for one in options(made, walk.item, Member("x"), NOON) if one.action != "note"
    }


def test_open_stages_are_claimed_one_by_one() -> None:
    """In a Parallel, claim and release are an option for each open stage."""
    two = Parallel(stage("a", finish()), stage("b", finish(), role="editor"))
    walk = Walk.begin(workflow(two, stage("c")))
    walk.do("claim", ANN, {"stage": "a"})

    answers = walk.answers(ANN)

    assert ("yes", "no") == (answers["claim a"], answers["claim b"])
    assert ("yes", "no") == (answers["release a"], answers["release b"])
    assert ("yes", "no") == (answers["a.finish"], answers["b.finish"])


@pytest.mark.law(22)
def test_a_no_because_of_the_next_stage_is_told_beforehand() -> None:
    """What entry rules would object to the hand-over is a no, until they would not."""
    walk = Walk.begin(
        workflow(stage("a", finish(), may_edit={"one": "author"}), stage("b", enter=has("body")))
    )
    assert "no" == walk.answers(ANN)["a.finish"]

    walk.do("edit", ANN, {"body": "b"})

    assert "yes" == walk.answers(ANN)["a.finish"]


@pytest.mark.law(22)
def test_a_form_that_may_be_left_empty_is_needed_where_a_rule_reads_it() -> None:
    """Yes means that the bare name is accepted; a rule that reads data needs data."""
    asks = finish(data=Perhaps, rules=say_why())
    walk = Walk.begin(workflow(stage("a", asks, Action("x", "one", data=Perhaps))))

    answers = walk.answers(ANN)

    assert ("needs data", "yes") == (answers["a.finish"], answers["a.x"])
    assert ("say_why",) == walk.refused("finish", ANN).codes
    assert walk.do("finish", ANN, {"reason": "because"})


@pytest.mark.law(22)
def test_what_the_next_stage_lacks_and_the_form_may_bring_needs_data() -> None:
    """No means that no valid data is accepted; here some is."""
    brings = finish(data=Rewrite, keeps="body")
    walk = Walk.begin(workflow(stage("a", brings), stage("b", enter=has("body"))))

    assert "needs data" == walk.answers(ANN)["a.finish"]
    assert ("has",) == walk.refused("finish", ANN).codes
    assert walk.do("finish", ANN, {"body": "b"})


def test_all_that_objects_is_told_at_once() -> None:
    """A no has every objection of policy and rules, as the refusal would."""
    demands = finish(rules=(has("body"), cleared()), roles="editor")
    walk = Walk.begin(workflow(stage("a", demands)))
    (option, *_) = options(walk.workflow, walk.item, ANN, walk.now)

    assert option.refusal == walk.refused("finish", ANN)
    assert option.refusal is not None
    assert ("role", "has", "fact_missing") == option.refusal.codes


def test_an_option_knows_its_form_and_targets() -> None:
    """What a screen needs to ask for is in the option."""
    walk = Walk.begin(workflow())
    walk.do("submit", ANN)
    told: dict[str, Any] = {
        one.action: one for one in options(walk.workflow, walk.item, ED, walk.now)
    }

    assert Reason is told["review.send_back"].form
    assert ("writing", "end.rejected") == told["review.send_back"].targets
    assert (None, ()) == (told["review.clear"].form, told["review.clear"].targets)
