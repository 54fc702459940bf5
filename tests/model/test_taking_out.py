"""Variants and rules: a stage that is taken out, and rules that know no stage by name."""

from __future__ import annotations

import attrs
import pytest
from scenes import ANN, ED, LIVE, REVIEW, WRITING, Walk, finish, stage, workflow

from socialflow import Action, DefinitionError, Member
from socialflow.ballots import Ballot
from socialflow.rules import four_eyes, responsible_named, signed_off

OFF = attrs.evolve(LIVE, actions=(Action("go", "ready", "out", rules=signed_off()),))
LEGAL = stage("legal", Action("allow", "one", "two"), role="lawyer", signs="revision")


@pytest.mark.law(17)
def test_a_ballot_that_asks_about_a_stage_taken_out_is_told_with_the_rest() -> None:
    """Conditions of ballots refer to stages like rules do: one error lists them all."""
    asks = Ballot("b", "editor", when=responsible_named("review"))
    gate = stage("gate", Action("pass", "one", "two", ballots=(asks, Ballot("c", "editor"))))
    made = workflow(WRITING, REVIEW, gate, stage("end_of_it", Action("x", "one", goto="review")))

    with pytest.raises(DefinitionError) as no:
        made.without("review")

    assert [("dangling", "gate / pass / b"), ("dangling", "end_of_it / x")] == [
        (one.code, one.where) for one in no.value.findings
    ]


@pytest.mark.law(17, 18)
@pytest.mark.parametrize(
    ("steps", "asked"),
    [
        ((WRITING, REVIEW, OFF), ("review",)),
        ((WRITING, LEGAL, REVIEW, OFF), ("legal", "review")),
        ((WRITING, OFF), ()),
    ],
)
def test_signed_off_asks_whatever_stage_signs_in_this_workflow(
    steps: tuple[object, ...], asked: tuple[str, ...]
) -> None:
    """The rule is one and the same; what it demands follows from the workflow it stands in."""
    made = workflow(*steps, rights={"create": "*", "force": "editor"})
    walk = Walk.begin(made)
    for member in (ED, Member("eve", "editor")):
        walk.do("force", member, {"reason": "x"}, to="live")
    bare = Walk(made, attrs.evolve(walk.item, signatures=()), walk.events)

    answer = bare.ask("go", ED)

    assert asked == tuple(one.facts["stage"] for one in getattr(answer, "objections", ()))


@pytest.mark.law(18)
def test_a_signature_on_another_revision_is_none() -> None:
    """Signed is what it is now, not what it was."""
    made = workflow(WRITING, REVIEW, OFF)
    walk = Walk.begin(made)
    walk.do("submit", ANN)
    walk.do("clear", ED)
    assert () == made.unsigned(walk.item)

    assert ("review",) == made.unsigned(attrs.evolve(walk.item, data={"title": "other"}))


@pytest.mark.law(18)
@pytest.mark.parametrize("rule", [responsible_named("reviev"), ~responsible_named("reviev")])
def test_a_rule_that_names_what_is_not_there_is_an_error(rule: object) -> None:
    """It is never true, nor is its negation: the workflow cannot be made."""
    with pytest.raises(DefinitionError) as no:
        workflow(WRITING, stage("review", finish(rules=rule)))

    assert ("unknown_stage",) == no.value.codes
    assert "did you mean 'review'?" in str(no.value)


@pytest.mark.law(18)
def test_four_eyes_asks_about_the_revision_whatever_stage_it_stands_in() -> None:
    """Whoever wrote it may pass it nowhere, and anybody else may, wherever the rule stands."""
    both = Member("ann", ("author", "editor", "lawyer"))
    for name in ("writing", "anything"):
        walk = Walk.begin(workflow(stage(name, finish(rules=four_eyes(), roles="*"))))

        assert ("four_eyes",) == walk.refused("finish", both).codes
        assert walk.do("finish", ED)


@pytest.mark.law(5)
def test_no_action_names_a_stage_ahead_of_it() -> None:
    """Forward is done, and nothing else: so a stage that is inserted is never skipped."""
    hurry = Action("hurry", "drafting", goto="review")
    eager = attrs.evolve(WRITING, actions=(*WRITING.actions, hurry))

    with pytest.raises(DefinitionError) as no:
        workflow(eager, REVIEW, LIVE)

    assert ("ahead",) == no.value.codes
