"""Birth: how an item comes into being, and how its history begins."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from scenes import (
    ANN,
    ED,
    NOON,
    REVIEW,
    WRITING,
    Walk,
    stage,
    workflow,
)

from socialflow import (
    Action,
    Command,
    Event,
    Member,
    Parallel,
    Refusal,
    Scope,
    Workflow,
    apply,
    decide,
    rebuild,
)
from socialflow.births import found
from socialflow.items import Origin


def birth(made: Workflow, by: Member = ANN, **asked: Any) -> Event | Refusal:
    """What comes of asking for a new item."""
    action = asked.pop("action", "create")
    command = Command(action, by.id, NOON, asked.pop("data", {"title": "a"}), **asked)
    return found(made, "item", command, by, Origin(made.digest))


def test_an_item_begins_at_the_first_step_whatever_is_asked() -> None:
    """Only ``adopt`` begins elsewhere: a target for ``create`` is refused, known or not."""
    made = workflow()

    event = birth(made)
    assert isinstance(event, Event)
    assert ("writing.drafting",) == apply(None, event).marking
    for to in ("live.ready", "writing.drafting", "nowhere"):
        refusal = birth(made, to=to)
        assert isinstance(refusal, Refusal)
        assert ("to",) == refusal.codes


def test_every_member_of_a_first_parallel_is_open_at_birth() -> None:
    """Creation settles too, and opens all stages of the first step."""
    follow = Action("x", "one", "two", automatic=True)
    walk = Walk.begin(workflow(Parallel(stage("a", follow), stage("b")), stage("c")))

    assert ("a.two", "b.one") == walk.marking


def test_creating_needs_the_right_and_data_that_fits() -> None:
    """All objections to a birth come at once."""
    made = workflow(rights={"create": "editor"})

    refusal = birth(made, ANN, data={"titel": "x"})

    assert isinstance(refusal, Refusal)
    assert ("role", "data", "data") == refusal.codes
    assert isinstance(birth(made, ED), Event)


@pytest.mark.law(14)
def test_the_maker_is_the_first_contributor() -> None:
    """Who gives content at birth wrote it, and so did those they act for."""
    made = workflow()
    command = Command("create", "ann", NOON, {"title": "a"})
    event = found(made, "item", command, ANN, Origin(made.digest), acting_for=("tom",))
    assert isinstance(event, Event)

    assert ("ann", "tom") == apply(None, event).contributors
    bare = Walk.begin(workflow(stage("a"), fields=None, content=()), {})
    assert () == bare.item.contributors


def test_an_item_is_adopted_where_it_is_already() -> None:
    """``adopt`` takes the full state in ``to``, the stages' fields, and the right to it."""
    remark = attrs.make_class("Own", {"remark": attrs.field(type=str)}, frozen=True)
    made = workflow(WRITING, attrs.evolve(REVIEW, fields=remark), rights={"adopt": "editor"})
    data = {"title": "a", "remark": "b"}

    event = birth(made, ED, action="adopt", to="review.waiting", data=data)

    assert isinstance(event, Event)
    item = apply(None, event)
    assert (("review.waiting",), data, 1) == (item.marking, item.data, item.version)
    for by, to, codes in (
        (ANN, "review.waiting", ("role",)),
        (ED, None, ("to",)),
        (ED, "review.wating", ("to",)),
    ):
        refusal = birth(made, by, action="adopt", to=to, data=data)
        assert isinstance(refusal, Refusal)
        assert codes == refusal.codes
    wrong = birth(made, ED, action="adopt", to="review.wating", data=data)
    assert (
        "adopt: an item cannot be adopted at 'review.wating' (did you mean 'review.waiting'?)"
        == str(wrong)
    )


def test_the_fields_of_a_stage_are_not_given_at_creation() -> None:
    """A new item brings the workflow's own fields only."""
    remark = attrs.make_class("Own", {"remark": attrs.field(type=str)}, frozen=True)
    made = workflow(attrs.evolve(WRITING, fields=remark))

    refusal = birth(made, data={"title": "a", "remark": "b"})

    assert isinstance(refusal, Refusal)
    assert ("data",) == refusal.codes


def test_a_history_begins_with_its_origin() -> None:
    """What has no beginning is no history."""
    walk = Walk.begin(workflow())
    walk.do("submit", ANN)

    with pytest.raises(ValueError, match="the history of 'item' does not begin with its origin"):
        rebuild(walk.events[1:])
    with pytest.raises(ValueError, match="a history has at least one event"):
        rebuild([])


def test_an_item_keeps_its_key_reference_workflow_and_scope() -> None:
    """What an item is born with never changes."""
    made = workflow()
    scope = Scope(brand="acme")
    command = Command("create", "ann", NOON, {"title": "a"})
    event = found(made, "p1", command, ANN, Origin(made.digest, "post:42", scope))
    assert isinstance(event, Event)
    item = apply(None, event)

    assert ("p1", "post:42", made.digest, scope) == (item.id, item.ref, item.workflow, item.scope)
    assert not item.ended
    after = decide(made, item, Command("submit", "ann", NOON), ANN)
    assert isinstance(after, Event)
    assert ("p1", "post:42", scope) == (
        apply(item, after).id,
        apply(item, after).ref,
        apply(item, after).scope,
    )
