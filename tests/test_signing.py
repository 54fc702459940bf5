"""Signing: a stage signs what it saw, and what was changed since goes back to it."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from scenes import (
    ANN,
    ED,
    EVE,
    LEA,
    LIVE,
    REVIEW,
    TOM,
    WRITING,
    Walk,
    finish,
    stage,
    workflow,
)

from socialflow import (
    Action,
    Event,
    Member,
    Parallel,
    Refusal,
)
from socialflow.rules import has, signed_off


def causes(event: Event) -> list[tuple[str, str]]:
    """Cause and target of every move."""
    return [(move.cause, move.target) for move in event.moves]


def to_review() -> Walk:
    """An item of ann that waits for its review."""
    walk = Walk.begin(workflow())
    walk.do("submit", ANN)
    return walk


def auto(**told: Any) -> Action:
    """What the system does by itself."""
    return Action("x", "one", "two", automatic=True, **told)


@pytest.mark.law(11)
def test_being_done_signs_the_revision_or_the_visit() -> None:
    """The signature holds the digest of the content, or only the visit."""
    walk = to_review()
    walk.do("clear", ED)
    (signature,) = walk.item.signatures

    assert ("review", 1, walk.workflow.revision(walk.item)) == attrs.astuple(signature)[:3]
    assert () == walk.workflow.unsigned(walk.item)

    visits = Walk.begin(workflow(stage("a", finish(), signs="visit"), stage("b")))
    visits.do("finish", ANN)
    assert [("a", 1, "")] == [attrs.astuple(one)[:3] for one in visits.item.signatures]


@pytest.mark.law(11)
def test_a_stale_signature_sends_the_item_back_to_the_stage_that_signed() -> None:
    """Content that changed since is reviewed again, by somebody who did not write it."""
    walk = to_review()
    walk.do("clear", ED)

    event = walk.do("edit", Member("eve", ("author", "editor")), {"body": "new"})

    assert [("stale", "review.waiting")] == causes(event)
    assert () == walk.item.signatures
    assert 2 == walk.item.tokens[0].visit
    assert ("four_eyes",) == walk.refused("clear", EVE).codes
    walk.do("clear", ED)
    assert ("live.ready",) == walk.marking


@pytest.mark.law(11)
def test_the_earliest_stale_signature_decides_where_to() -> None:
    """Of several stages that signed, the first one is next."""
    sign = {"signs": "revision"}
    walk = Walk.begin(
        workflow(
            stage("a", finish(), **sign),
            stage("b", finish(), **sign),
            stage("c", may_edit={"one": "author"}),
        )
    )
    walk.do("finish", ANN)
    walk.do("finish", ANN)
    assert ["a", "b"] == [one.stage for one in walk.item.signatures]

    walk.do("edit", ANN, {"body": "new"})

    assert (("a.one",), ()) == (walk.marking, walk.item.signatures)


@pytest.mark.parametrize("data", [{"note": "x"}, {"body": None}, {"title": "a title"}])
@pytest.mark.law(11, 14)
def test_what_leaves_the_revision_as_it_was_leaves_its_signature(data: dict[str, Any]) -> None:
    """Fields that are no content, or the same content, make nothing stale."""
    fields = attrs.make_class(
        "Fields",
        {
            "title": attrs.field(type=str),
            "body": attrs.field(type=str | None, default=None),
            "note": attrs.field(type=str | None, default=None),
        },
        frozen=True,
    )
    walk = Walk.begin(workflow(fields=fields))
    walk.do("submit", ANN)
    walk.do("clear", ED)

    walk.do("edit", TOM, data)

    assert ("live.ready",) == walk.marking
    assert ("review",) == tuple(one.stage for one in walk.item.signatures)


@pytest.mark.law(11)
def test_a_signature_under_the_visit_is_never_stale() -> None:
    """A stage that signed that the item has been there does not see it again."""
    walk = Walk.begin(
        workflow(stage("a", finish(), signs="visit"), stage("b", may_edit={"one": "author"}))
    )
    walk.do("finish", ANN)
    walk.do("edit", ANN, {"body": "new"})

    assert ("b.one",) == walk.marking
    assert [("a", 1, "")] == [attrs.astuple(one)[:3] for one in walk.item.signatures]


@pytest.mark.law(11)
def test_a_stage_that_signed_and_waits_for_a_join_signs_again() -> None:
    """Content changed before the join is not handed over with a stale signature."""
    beside = stage("legal", finish(), role="lawyer", may_edit={"one": "lawyer"})
    gate = stage("gate", finish(rules=signed_off()))
    review = attrs.evolve(REVIEW, actions=REVIEW.actions[:1])
    walk = Walk.begin(workflow(Parallel(review, beside), gate))
    walk.do("clear", ED)
    assert ("legal.one", "review.passed") == walk.marking

    event = walk.do("edit", LEA, {"body": "new"})

    assert [("stale", "review.waiting")] == causes(event)
    assert ("legal.one", "review.waiting") == walk.marking
    walk.do("finish", LEA)
    assert ("legal.two", "review.waiting") == walk.marking
    walk.do("clear", EVE)
    assert ("gate.one",) == walk.marking
    assert walk.do("finish", ANN)


@pytest.mark.law(11)
def test_every_stage_that_signed_and_waits_for_a_join_signs_again() -> None:
    """All members whose signature went stale are open again, not the first one only."""
    sign = {"signs": "revision"}
    walk = Walk.begin(
        workflow(
            Parallel(
                stage("a", finish(), **sign),
                stage("b", finish(), **sign),
                stage("c", finish(), may_edit={"one": "author"}),
            )
        )
    )
    walk.do("a.finish", ANN)
    walk.do("b.finish", ANN)
    walk.do("edit", ANN, {"body": "new"})

    assert ("a.one", "b.one", "c.one") == walk.marking
    assert () == walk.item.signatures


@pytest.mark.law(11)
def test_a_stage_that_signed_and_is_parked_signs_again() -> None:
    """What waits for an entry rule does not go on with a stale signature."""
    first = stage(
        "a",
        auto(rules=has("title")),
        signs="revision",
        may_edit={"two": "author"},
        role="author",
    )
    walk = Walk.begin(workflow(first, stage("b", enter=has("body"))))
    assert ("a.two",) == walk.marking

    event = walk.do("edit", ANN, {"title": "other"})

    assert [("stale", "a.one"), ("a.x", "a.two")] == causes(event)
    (signature,) = walk.item.signatures
    assert walk.workflow.revision(walk.item) == signature.revision


@pytest.mark.law(14)
def test_a_release_lets_contributors_start_anew() -> None:
    """Those who wrote what went out may approve the next change."""
    back = attrs.evolve(LIVE, states=("ready", "out", "over"), done="out")
    after = stage("after", Action("again", "one", goto="review"), role="editor")
    walk = Walk.begin(workflow(WRITING, REVIEW, back, after))
    walk.do("submit", ANN)
    walk.do("clear", ED)
    assert (("ann",), ()) == (walk.item.contributors, walk.item.authors)

    walk.do("go", ED)
    assert ((), ("ann",)) == (walk.item.contributors, walk.item.authors)

    walk.do("again", ED)
    walk.do("edit", ED, {"body": "by ed"})
    assert (("ed",), ("ann",)) == (walk.item.contributors, walk.item.authors)
    assert ("four_eyes",) == walk.refused("clear", ED).codes
    assert walk.do("clear", Member("ann", "editor"))


@pytest.mark.law(14)
def test_contributors_are_listed_once_in_the_order_of_writing() -> None:
    """Who wrote twice stands once; a delegate brings in both persons."""
    walk = Walk.begin(workflow())
    walk.do("edit", TOM, {"body": "1"}, acting_for=("eve",))
    walk.do("edit", ANN, {"body": "2"}, acting_for=("eve",))

    assert ("ann", "tom", "eve") == walk.item.contributors


@pytest.mark.law(14)
def test_a_voided_signature_leaves_the_earlier_writers_contributors() -> None:
    """Whoever wrote since the last release may not approve the change."""
    walk = to_review()
    walk.do("clear", ED)
    walk.do("edit", TOM, {"body": "new"})

    assert ("ann", "tom") == walk.item.contributors
    assert isinstance(walk.ask("clear", Member("ann", "editor")), Refusal)
