"""Variants: a company's own workflow, made from another one, and always checked anew."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from scenes import ANN, ED, LIVE, REVIEW, WRITING, Reason, Walk, finish, stage, workflow

from socialflow import Action, DefinitionError, Effect, Parallel, Stage, Workflow, before
from socialflow.rules import four_eyes, responsible_named, signed_off
from socialflow.testing.strategies import workflows

LEGAL = stage("legal", finish())


def names(made: Workflow) -> list[Any]:
    """Names of the stages, those of a Parallel together."""
    return [
        tuple(one.name for one in step.stages) if isinstance(step, Parallel) else step.name
        for step in made.steps
    ]


@pytest.mark.parametrize(
    ("place", "order"),
    [
        ({"after": "review"}, ["writing", "review", "legal", "live"]),
        ({"before": "review"}, ["writing", "legal", "review", "live"]),
        ({"before": "writing"}, ["legal", "writing", "review", "live"]),
        ({"after": "live"}, ["writing", "review", "live", "legal"]),
        ({"beside": "review"}, ["writing", ("review", "legal"), "live"]),
    ],
)
def test_a_stage_is_inserted_where_it_is_said(place: dict[str, str], order: list[Any]) -> None:
    """After, before, or open together with a stage that is there."""
    assert order == names(workflow().insert(LEGAL, **place))


@pytest.mark.parametrize("place", [{}, {"after": "live", "before": "live"}])
def test_a_stage_is_inserted_at_exactly_one_place(place: dict[str, str]) -> None:
    """No place, or two, is an error."""
    with pytest.raises(DefinitionError) as caught:
        workflow().insert(LEGAL, **place)

    assert ("insert",) == caught.value.codes


def test_a_third_stage_joins_a_parallel() -> None:
    """Beside a member of a Parallel is within that Parallel, not within another one."""
    made = workflow().insert(LEGAL, beside="review").insert(stage("brand"), beside="legal")

    assert ["writing", ("review", "legal", "brand"), "live"] == names(made)


@pytest.mark.law(5)
def test_an_inserted_stage_is_never_skipped() -> None:
    """Done leads to whatever stands next, so no stage ahead need be told."""
    walk = Walk.begin(workflow().insert(LEGAL, after="review"))

    walk.do("submit", ANN)
    walk.do("clear", ED)

    assert ("legal.one",) == walk.marking


@pytest.mark.law(17)
def test_a_workflow_without_a_stage_hands_over_to_the_next() -> None:
    """A stage that is taken out leaves no gap, and tuples of targets shrink."""
    made = workflow().without("writing")
    walk = Walk.begin(made)

    assert ["review", "live"] == names(made)
    assert ("review.waiting",) == walk.marking
    (send_back,) = (one for one in made.stage("review").actions if one.name == "send_back")
    assert ("end.rejected",) == send_back.goto


def test_a_parallel_of_which_one_stage_is_left_is_a_plain_step() -> None:
    """A Parallel shrinks as well, down to the stage itself."""
    made = workflow().insert(LEGAL, beside="review").insert(stage("brand"), beside="legal")

    assert ["writing", ("review", "brand"), "live"] == names(made.without("legal"))
    assert ["writing", "brand", "live"] == names(made.without("legal", "review"))


@pytest.mark.law(17)
def test_everything_that_refers_to_a_stage_taken_out_is_said_at_once() -> None:
    """Targets, selectors and rules that name the stage are one DefinitionError."""
    made = workflow(
        WRITING,
        REVIEW,
        stage(
            "live",
            Action("back", "one", goto="writing"),
            Action("again", "one", goto="writing"),
            finish(rules=responsible_named("writing")),
            enter=responsible_named("writing"),
        ),
        actions=[
            Action("withdraw", before("live"), goto="writing", roles="author"),
            Action("hurry", before("writing"), roles="author"),
        ],
    )

    with pytest.raises(DefinitionError) as caught:
        made.without("writing")

    assert {"dangling"} == set(caught.value.codes)
    assert {
        "live / back",
        "live / again",
        "live / finish",
        "live / enter",
        "workflow / withdraw",
        "workflow / hurry",
    } == {finding.where for finding in caught.value.findings}


@pytest.mark.law(17)
def test_what_led_to_a_stage_taken_out_goes_where_it_is_redirected() -> None:
    """``redirect=`` says where targets and selectors lead instead, each once."""
    made = workflow(
        WRITING,
        LEGAL,
        REVIEW,
        stage(
            "live",
            Action("back", "one", goto=("legal", "writing")),
            Action("x", "one", goto="legal"),
        ),
        actions=[
            Action("hurry", before("legal"), roles="author"),
            Action("stop", ("legal.one", "review"), goto="end.rejected", roles="author"),
        ],
    ).without("legal", redirect={"legal": "writing"})
    back, away = made.stage("live").actions
    hurry, stop = made.actions

    assert (("writing",), ("writing",)) == (back.goto, away.goto)
    assert ("before writing",) == hurry.sources
    assert ("writing", "review") == stop.sources


@pytest.mark.law(17)
def test_sources_of_an_action_shrink_and_an_action_without_any_goes() -> None:
    """A workflow action loses the stage taken out; with its last source it is gone."""
    made = workflow(
        actions=[
            Action("stop", ("writing", "review.waiting"), goto="end.rejected", roles="author"),
            Action("flag", "review", roles="author"),
        ]
    ).without("review")

    assert [("stop", ("writing",))] == [(one.name, one.sources) for one in made.actions]


@pytest.mark.law(17)
def test_a_stage_that_signed_and_is_gone_is_asked_for_no_signature() -> None:
    """Removing a stage that signs removes the demand for its signature."""
    gate = attrs.evolve(LIVE, actions=(Action("go", "ready", "out", rules=signed_off()),))
    made = workflow(WRITING, REVIEW, gate)
    walk = Walk.begin(made.without("review"))
    walk.do("submit", ANN)

    assert ("review",) == made.unsigned(walk.item)
    assert walk.do("go", ED)


def test_a_stage_is_replaced_in_its_place() -> None:
    """The new stage stands where the old one stood, in a Parallel too."""
    made = workflow().insert(LEGAL, beside="review").replace("legal", stage("brand"))

    assert ["writing", ("review", "brand"), "live"] == names(made)
    with pytest.raises(DefinitionError, match="replace: there is no stage 'legal'"):
        made.replace("legal", LEGAL)


def test_a_stage_is_not_renamed_by_amending() -> None:
    """It is said how it would be."""
    with pytest.raises(DefinitionError, match="a stage keeps its name when it is amended"):
        workflow().amend("writing", name="drafting")


def test_amending_says_some_things_anew_and_leaves_the_rest() -> None:
    """Actions of the same name are renewed in their place, others added, some dropped."""
    longer = Action("clear", "waiting", "passed", rules=four_eyes(since="creation"))
    made = workflow().amend(
        "review",
        actions=[longer, Action("look", "waiting")],
        drop=["send_back"],
        role=("editor", "lawyer"),
    )
    review = made.stage("review")

    assert ["clear", "look"] == [one.name for one in review.actions]
    assert longer == review.actions[0]
    assert ("editor", "lawyer") == review.role
    assert (REVIEW.states, REVIEW.signs) == (review.states, review.signs)


def test_rules_are_added_by_the_full_name_of_the_action() -> None:
    """Those of stages and of the workflow; what is there already stays as it is told there."""
    gate = stage("live", finish(rules=signed_off().warning()))
    stop = Action("stop", "review", goto="end.rejected", roles="editor")
    made = workflow(WRITING, REVIEW, gate, actions=[stop])

    ruled = made.with_rules(
        {"live.finish": (signed_off(), four_eyes()), "stop": responsible_named("review")}
    )

    assert (signed_off().warning(), four_eyes()) == ruled.stage("live").actions[0].rules
    assert (responsible_named("review"),) == ruled.actions[0].rules
    assert ruled == ruled.with_rules({"live.finish": four_eyes()})


def test_rules_before_actions_that_are_not_there_are_one_error() -> None:
    """Each name that is no action, with the nearest one that is."""
    with pytest.raises(DefinitionError) as caught:
        workflow().with_rules({"review.pas": four_eyes(), "finish": four_eyes()})

    assert ("unknown_action", "unknown_action") == caught.value.codes


def test_actions_of_one_name_are_renewed_together() -> None:
    """What leaves several states under one name is renewed as one."""
    both = (Action("x", "one", "two"), Action("x", "two", "one"))
    made = workflow(stage("a", *both)).amend("a", actions=[Action("x", ("one", "two"), "two")])

    assert (Action("x", ("one", "two"), "two"),) == made.stage("a").actions


@pytest.mark.parametrize(
    "change",
    [
        lambda made: made.amend("review", signs="all"),
        lambda made: made.replace("review", stage("writing")),
        lambda made: made.insert(stage("live"), after="writing"),
        lambda made: made.without("writing", "review", "live"),
        lambda made: made.named("no name"),
        lambda made: made.amend("live", actions=[], kind="other"),
    ],
)
def test_a_variant_is_checked_like_any_workflow(change: Any) -> None:
    """No variant is made that could not have been written; a stage's name stays."""
    with pytest.raises(DefinitionError):
        change(workflow())


@given(workflows())
def test_a_variant_leaves_the_workflow_it_was_made_from_as_it_was(made: Workflow) -> None:
    """Variants are new values; what is inserted and taken out again leaves no trace."""
    told = made.describe()
    last = made.stages[-1].name

    other = made.insert(LEGAL, after=last).named("other", "7")

    assert told == made.describe()
    assert ("other", "7") == (other.name, other.version)
    assert made.digest == other.without("legal").named(made.name).digest
    assert Stage("legal", LEGAL.states) != other.stage("legal") == LEGAL


def test_effects_and_forms_travel_with_a_variant() -> None:
    """A change to one stage touches no other."""
    told = stage("a", finish(effects=Effect("notify"), data=Reason))
    made = workflow(told, stage("b")).amend("b", role="editor").insert(LEGAL, before="b")

    assert told == made.stage("a")
