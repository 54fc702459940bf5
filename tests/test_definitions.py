"""Definitions: values that are whole and consistent from birth, or say everything that is wrong."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable, Iterator
from datetime import datetime
from types import FunctionType
from typing import Any

import attrs
import pytest
from findings import Remark, acting, attempt, flow
from hypothesis import given
from hypothesis import strategies as st
from scenes import LIVE, REVIEW, WRITING, Reason, stage, workflow

import socialflow
from socialflow import (
    Action,
    DefinitionError,
    Parallel,
    Scope,
    Stage,
    Workflow,
    before,
)
from socialflow.forms import fields_of
from socialflow.plain import FrozenDict
from socialflow.rules import has
from socialflow.testing.strategies import histories, workflows


@attrs.frozen
class Retitled:
    """The data of an item, declared otherwise."""

    title: str
    body: str


@pytest.mark.parametrize("wrong", ["Reason", {"title": "str"}, 7])
@pytest.mark.parametrize(
    "build",
    [
        lambda wrong: flow(stage("a"), fields=wrong),
        lambda wrong: flow(stage("a", fields=wrong)),
        lambda wrong: acting(attempt("x", data=wrong)),
    ],
)
def test_a_form_that_is_none_is_a_definition_error(build: Any, wrong: Any) -> None:
    """What stands in the place of an attrs class is named, not stumbled over."""
    with pytest.raises(DefinitionError) as caught:
        build(wrong)

    assert ("form",) == caught.value.codes


def test_a_parallel_of_no_stage_is_a_definition_error() -> None:
    """A step without a stage could be entered by nothing, and the item would be nowhere."""
    with pytest.raises(DefinitionError) as caught:
        flow(stage("a"), Parallel(), stage("b"))

    assert ("empty",) == caught.value.codes


def test_an_action_of_the_workflow_and_one_of_a_stage_never_share_a_name_and_a_state() -> None:
    """A name that stood for both would hide one of them, whose full name it is."""
    with pytest.raises(DefinitionError) as caught:
        flow(
            stage("a", attempt("x")),
            actions=[Action("x", "*", goto="end.closed", roles="editor")],
        )

    assert ("duplicate",) == caught.value.codes


@pytest.mark.law(1)
def test_states_and_actions_have_full_names() -> None:
    """A state has a dot, ends are ``end.x``; an action is ``stage.action`` or bare."""
    made = workflow(actions=[Action("withdraw", before("live"), goto="writing", roles="author")])

    assert (
        "writing.drafting",
        "writing.submitted",
        "review.waiting",
        "review.passed",
        "live.ready",
        "live.out",
        "end.closed",
        "end.rejected",
    ) == made.states
    assert (
        "writing.submit",
        "review.clear",
        "review.send_back",
        "live.go",
        "withdraw",
    ) == made.action_names


@pytest.mark.parametrize(
    ("source", "states"),
    [
        ("*", ("a.one", "a.two", "b.one", "b.two", "c.one", "c.two")),
        ("b", ("b.one", "b.two")),
        ("b.two", ("b.two",)),
        (before("b"), ("a.one", "a.two")),
        (before("a"), ()),
        (before("c"), ("a.one", "a.two", "b.one", "b.two")),
        ("end.closed", ("end.closed",)),
        (("a.one", before("b"), "c.two"), ("a.one", "a.two", "c.two")),
    ],
)
def test_a_selector_stands_for_states(source: Any, states: tuple[str, ...]) -> None:
    """``"*"`` is every live state, a stage its states, `before` those of the earlier steps."""
    action = Action("x", source, roles="*")
    made = flow(stage("a"), stage("b"), stage("c"), actions=[action])

    assert states == made.sources(action)


def test_the_first_state_is_the_initial_and_the_last_is_done_if_nothing_else_is_said() -> None:
    """What a stage leaves out has a meaning."""
    made = Stage("a", ("one", "two", "three"))

    assert ("a.one", ("three",), ("one", "two")) == (made.initial, made.done, made.is_open)


# -- identity


@given(workflows())
def test_a_description_is_json_data_and_the_digest_its_own(made: Workflow) -> None:
    """A description survives JSON; the digest is a function of it, and no accident of a process."""
    again = attrs.evolve(made)

    assert json.loads(json.dumps(made.describe())) == json.loads(json.dumps(again.describe()))
    assert made.digest == again.digest
    assert (made, hash(made)) == (again, hash(again))
    assert 64 == len(made.digest)


def test_the_digest_of_a_definition_stays_the_same_for_ever() -> None:
    """Items are pinned to it: this one is known."""
    plain = Workflow("x", [Stage("a", ("one", "two"), actions=(Action("go", "one", "two"),))])

    assert {
        "name": "x",
        "steps": [
            {
                "name": "a",
                "states": ["one", "two"],
                "actions": [{"name": "go", "sources": ["one"], "target": "two"}],
            }
        ],
    } == plain.describe()
    assert "aae62904cf1d08a05d947fea43904601c68fddbea871598bae780eb95d55a457" == plain.digest


def test_the_version_is_no_part_of_the_identity() -> None:
    """Two versions of the same definition have one digest, and are not equal."""
    one, two = workflow(version="1"), workflow(version="2")

    assert one.digest == two.digest
    assert one != two
    assert "2" == two.describe()["version"]
    assert f"<Workflow post 2 {two.digest[:12]}>" == repr(two)


CHANGES: list[tuple[str, Callable[[Workflow], Workflow]]] = [
    ("name", lambda made: made.named("other")),
    ("end", lambda made: attrs.evolve(made, ends=("closed", "rejected", "lost"))),
    ("content", lambda made: attrs.evolve(made, content="title")),
    ("fields", lambda made: attrs.evolve(made, fields=Retitled)),
    ("rights", lambda made: attrs.evolve(made, rights={"create": "author"})),
    ("roles", lambda made: attrs.evolve(made, roles=("author", "editor"))),
    ("state", lambda made: made.amend("live", states=("ready", "held", "out"))),
    ("done", lambda made: made.amend("live", done=("ready", "out"))),
    ("role", lambda made: made.amend("live", role=("editor", "author"))),
    ("signs", lambda made: made.amend("review", signs="visit")),
    ("releases", lambda made: made.amend("live", releases=False)),
    ("may_edit", lambda made: made.amend("live", may_edit={})),
    ("enter", lambda made: made.amend("live", enter=has("body"))),
    ("stage fields", lambda made: made.amend("live", fields=Remark)),
    ("stage", lambda made: made.insert(stage("legal"), after="review")),
    ("rule", lambda made: made.amend("live", actions=[again(made, rules=has("body"))])),
    ("not", lambda made: made.amend("live", actions=[again(made, rules=~has("body"))])),
    ("parameter", lambda made: made.amend("live", actions=[again(made, rules=has("title"))])),
    (
        "waivable",
        lambda made: made.amend(
            "live", actions=[again(made, rules=has("body").waivable("editor"))]
        ),
    ),
    ("form", lambda made: made.amend("live", actions=[again(made, data=Reason)])),
    ("automatic", lambda made: made.amend("live", actions=[again(made, automatic=True)])),
    ("effects", lambda made: made.amend("live", actions=[again(made, effects=effect("notify"))])),
    ("effect", lambda made: made.amend("live", actions=[again(made, effects=effect("call"))])),
    ("action roles", lambda made: made.amend("live", actions=[again(made, roles="editor")])),
    ("workflow action", lambda made: attrs.evolve(made, actions=[Action("x", "*", roles="*")])),
]


def again(made: Workflow, **changes: Any) -> Action:
    """The one action of the last stage, changed."""
    (action,) = made.stage("live").actions
    return attrs.evolve(action, **changes)


def effect(name: str) -> socialflow.Effect:
    """Some work for the outside."""
    return socialflow.Effect(name, {"whom": "all"})


def test_whatever_is_said_otherwise_has_another_digest() -> None:
    """Every change to a definition gives it an identity that no other change gives."""
    plain = workflow()
    digests = {name: change(plain).digest for name, change in CHANGES} | {"": plain.digest}

    assert len(CHANGES) + 1 == len(set(digests.values()))


def test_an_order_of_writing_that_means_nothing_changes_nothing() -> None:
    """One text or a tuple of it, a mapping in another order: equal definitions, equal digest."""
    one = Stage(
        "a", ["one", "two"], done=("two",), role="author", may_edit={"one": "x", "two": "y"}
    )
    two = Stage("a", ("one", "two"), role=["author"], may_edit={"two": ["y"], "one": ("x",)})

    assert one == two
    assert flow(one).digest == flow(two).digest
    assert flow(one) != "w"


# -- immutability

FROZEN = (str, int, float, bool, type(None), datetime, type, FunctionType)


def parts(value: Any, seen: set[int]) -> Iterator[Any]:
    """Every value that something is made of, itself included."""
    if id(value) in seen or isinstance(value, FROZEN):
        return
    seen.add(id(value))
    yield value
    if isinstance(value, FrozenDict):
        yield from (part for one in value.values() for part in parts(one, seen))
    elif isinstance(value, tuple | frozenset):
        yield from (part for one in value for part in parts(one, seen))
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            if not field.name.startswith("_"):
                yield from parts(getattr(value, field.name), seen)


@given(st.data())
def test_whatever_is_kept_is_immutable_all_the_way_down(data: st.DataObject) -> None:
    """Workflows, items, events and their parts are frozen values, tuples or frozen mappings."""
    made = data.draw(workflows())
    events = data.draw(histories(made, 3))

    for part in parts((made, tuple(events), socialflow.rebuild(events)), set()):
        if attrs.has(type(part)):
            for field in attrs.fields(type(part)):
                with pytest.raises(attrs.exceptions.FrozenInstanceError):
                    setattr(part, field.name, None)
        else:
            assert isinstance(part, tuple | frozenset | FrozenDict | Scope), part


@given(st.data())
def test_what_is_kept_survives_pickle_and_copy(data: st.DataObject) -> None:
    """Items and events are the same in another process."""
    made = data.draw(workflows())
    events = data.draw(histories(made, 3))
    item = socialflow.rebuild(events)

    assert (item, events) == pickle.loads(pickle.dumps((item, events)))
    assert (item, events) == copy.deepcopy((item, events))


def test_a_workflow_knows_its_fields_and_their_owners() -> None:
    """The declared fields are the workflow's own and those of its stages."""
    made = workflow(WRITING, attrs.evolve(REVIEW, fields=Remark), LIVE)

    assert ["title", "body", "remark"] == list(made.declared)
    assert fields_of(Remark)["remark"] == made.declared["remark"]


def test_what_an_action_demands_may_be_kept_where_an_item_need_not_have_it() -> None:
    """The form is stricter than the item: a text is told, and the item has a text or none."""

    @attrs.frozen
    class Told:
        remark: str

    kept = acting(attempt("x", data=Told, keeps="remark"), fields=Remark)

    assert ("remark",) == kept.stage("a").actions[0].keeps


@pytest.mark.law(14)
def test_a_revision_is_a_digest_over_the_content_alone() -> None:
    """Fields that are not content, and the order of fields, change no revision."""
    made = workflow(content="title")
    revision = made.revision_of({"title": "a", "body": "b"})

    assert revision == made.revision_of({"body": "c", "title": "a"})
    assert revision != made.revision_of({"title": "b", "body": "b"})
    assert revision != made.revision_of({})
