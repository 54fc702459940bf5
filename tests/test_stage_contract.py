"""The contract of a stage: right ones pass, and what is wrong with others is named."""

from __future__ import annotations

from inspect import signature
from itertools import count
from typing import Any

import attrs
import pytest

from socialflow import Action, Case, Objection, Stage
from socialflow.people import ANYONE
from socialflow.rules import four_eyes, has, rule
from socialflow.testing import StageContract
from socialflow.testing.stages import KINDS, Subject, between_others


@attrs.frozen
class Text:
    """What an item says."""

    title: str
    claim: str | None = None


@attrs.frozen
class Reason:
    """Why."""

    reason: str


CLEAR = Action("clear", "waiting", "cleared", rules=(four_eyes(), has("claim")))
ASK = Action("ask", "waiting", "asked", data=Reason)
ANSWER = Action("answer", "asked", "waiting")
DROP = Action("drop", ("waiting", "asked"), goto="end.dropped", data=Reason)


def legal(*actions: Action, **told: Any) -> Stage:
    """A stage; actions take the place of those with the same name."""
    own = {one.name: one for one in (CLEAR, ASK, ANSWER, DROP, *actions)}
    states = told.pop("states", ("waiting", "asked", "cleared"))
    given = {"role": "lawyer", "signs": "revision", "actions": own.values()} | told
    return Stage("legal", states, **given)


class TestALegalStage(StageContract):
    """A whole test of a stage, as users write it."""

    fields = Text

    @pytest.fixture
    def stage(self) -> Stage:
        return legal()


class TestASmallStage(StageContract):
    """One action, nothing else."""

    @pytest.fixture
    def stage(self) -> Stage:
        return Stage("look", ("open", "seen"), role="r", actions=[Action("see", "open", "seen")])


NUMBERS = count()


@rule("moody")
def moody(case: Case) -> list[Objection]:
    """It remembers how often it was asked."""
    return [Objection("moody", "not today, thank you")] if next(NUMBERS) % 2 else []


@rule("brittle")
def brittle(case: Case) -> list[Objection]:
    """It takes for granted what need not be there."""
    return [] if case.item.data["claim"].startswith("a") else [Objection("brittle", "no claim")]


@rule("curious")
def curious(case: Case) -> list[Objection]:
    """It reads a fact that it has not asked for."""
    return [] if case.facts["weather"] else [Objection("curious", "it rains outside")]


@rule("wordy")
def wordy(case: Case) -> list[Objection]:
    """Its code is a sentence."""
    return [] if case.item.data.get("claim") else [Objection("no claim!", "there is no claim")]


@rule("silent")
def silent(case: Case) -> list[Objection]:
    """It has nothing to say."""
    return [] if case.item.data.get("claim") else [Objection("silent", "")]


@rule("never")
def never(case: Case) -> list[Objection]:
    """It always objects."""
    return [Objection("never", "not in this life")]


@rule("always")
def always(case: Case) -> list[Objection]:
    """It never objects."""
    return []


BROKEN = {
    "test_no_state_is_a_dead_end": legal(
        states=("waiting", "asked", "stuck", "cleared"),
        actions=(CLEAR, ASK, ANSWER, DROP, Action("park", "waiting", "stuck")),
    ),
    "test_every_state_can_be_reached": legal(
        states=("waiting", "asked", "lost", "cleared"),
        actions=(CLEAR, ASK, ANSWER, DROP, Action("find", "lost", "waiting")),
    ),
    "test_being_done_hands_over_to_the_next_stage": legal(
        Action("clear", "waiting", "cleared", rules=never())
    ),
    "test_every_action_can_be_accepted": legal(Action("drop", "asked", "waiting", rules=never())),
    "test_only_what_is_said_to_be_is_open_to_everybody": legal(
        Action("ask", "waiting", "asked", roles=ANYONE)
    ),
    "test_a_stranger_may_do_nothing": legal(Action("answer", "asked", "waiting", roles=ANYONE)),
    "test_every_action_belongs_to_a_role": legal(role=()),
    "test_no_rule_fails": legal(Action("ask", "waiting", "asked", rules=brittle())),
    "test_rules_say_which_facts_they_need": legal(
        Action("ask", "waiting", "asked", rules=curious())
    ),
    "test_rules_answer_the_same_to_the_same_case": legal(
        Action("ask", "waiting", "asked", rules=moody())
    ),
    "test_objections_have_a_code_and_a_sentence": legal(
        Action("ask", "waiting", "asked", rules=wordy())
    ),
    "test_every_rule_can_stand_in_the_way": legal(
        Action("ask", "waiting", "asked", rules=always())
    ),
    "test_every_rule_can_hold": legal(Action("answer", "asked", "waiting", rules=never())),
}
TESTS = [name for name in dir(StageContract) if name.startswith("test_")]


def run(name: str, stage: Stage) -> None:
    """Run one test of the contract on a stage."""
    subject = Subject(stage, between_others(stage, Text))
    test = getattr(StageContract(), name)
    for kind in KINDS if "kind" in signature(test).parameters else (None,):
        test(subject, **({} if kind is None else {"kind": kind}))


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_stage_fails_the_test_that_names_what_is_wrong(name: str) -> None:
    """Each is broken in one place."""
    with pytest.raises(AssertionError):
        run(name, BROKEN[name])


def test_a_sentence_without_words_is_none() -> None:
    """The same test finds what is not said."""
    with pytest.raises(AssertionError):
        run(
            "test_objections_have_a_code_and_a_sentence",
            legal(Action("ask", "waiting", "asked", rules=silent())),
        )


def test_the_contract_has_many_tests_and_each_says_its_law() -> None:
    """More than twenty-five with the kinds of obligations; names are sentences."""
    assert len(TESTS) + len(KINDS) - 1 > 25
    assert all(getattr(StageContract, name).__doc__ for name in TESTS)
