"""What is written down: full names, one row and one version a command, and data as it was."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from engines import engine_on, post
from scenes import REVIEW, WRITING, Reason, finish, stage, workflow

from socialflow import Action, DefinitionError, Engine, Item
from socialflow.errors import StaleItem
from socialflow.protocols import Store


def begun(store: Store, *steps: Any, **told: Any) -> tuple[Engine, Item]:
    """An engine and a newborn item of Ann's."""
    engine = engine_on(store, post(*steps, **told))
    return engine, engine.create("post", by="ann", data={"title": "a"})


@pytest.mark.law(1)
@pytest.mark.parametrize("name", ["submit", "writing.submit"])
def test_history_has_full_names_however_it_was_asked_for(store: Store, name: str) -> None:
    """An action of a stage is ``stage.action``, one of the workflow stands bare."""
    stop = Action("stop", "*", goto="end.rejected", roles="*")
    engine, item = begun(store, actions=[stop])
    engine.perform(item.id, name, by="ann")
    engine.perform(item.id, "stop", by="ann")

    assert ["create", "writing.submit", "stop"] == [
        one.event.action for one in engine.history(item.id)
    ]


@pytest.mark.law(1)
def test_every_state_that_is_written_down_has_a_dot(store: Store) -> None:
    """In tokens, moves, duties, and at the ends."""
    engine, item = begun(store)
    for action, by in (("submit", "ann"), ("clear", "ed"), ("go", "ed")):
        engine.perform(item.id, action, by=by)
    events = [one.event for one in engine.history(item.id)]
    states = {move.target for event in events for move in event.moves}

    assert {"end.closed"} == {*engine.item(item.id).marking}
    assert {*states} <= {*engine.workflow(item).states}


@pytest.mark.law(15)
def test_a_command_takes_one_version_and_one_row_with_its_moves_inside(store: Store) -> None:
    """What follows by itself has no row of its own."""
    auto = Action("go", "one", "two", automatic=True)
    engine, item = begun(store, stage("a", finish()), stage("b", auto), stage("c"))

    after = engine.perform(item.id, "finish", by="ann")

    assert (2, ("c.one",)) == (after.version, after.marking)
    _, row = engine.history(item.id)
    assert (2, 2) == (row.n, row.event.version)
    assert ["a.two", "b.one", "b.two", "c.one"] == [move.target for move in row.event.moves]


@pytest.mark.law(15)
def test_a_note_has_a_row_and_takes_no_version(store: Store) -> None:
    """Who expects the version that they have seen is not disturbed by what was remarked since."""
    engine, item = begun(store)
    before = engine.item(item.id)
    for text in ("nice", "very nice"):
        noted = engine.perform(item.id, "note", by="nobody", data={"text": text})
        assert before == noted

    rows = [(one.n, one.event.version) for one in engine.history(item.id)]
    assert [(1, 1), (2, 1), (3, 1)] == rows
    assert 2 == engine.perform(item.id, "submit", by="ann", expect=1).version


@pytest.mark.law(15)
def test_expecting_another_version_is_stale(store: Store) -> None:
    """The number that is compared is the item's version: one behind is too old."""
    engine, item = begun(store)
    engine.perform(item.id, "claim", by="ann")

    with pytest.raises(StaleItem):
        engine.perform(item.id, "submit", by="ann", expect=1)
    assert 3 == engine.perform(item.id, "submit", by="ann", expect=2).version


@attrs.frozen
class Told:
    """Data with something inside."""

    title: str
    tags: tuple[str, ...] = ()
    facts: dict[str, Any] | None = None


@pytest.mark.law(13)
def test_an_items_data_is_immutable_all_the_way_down(store: Store) -> None:
    """Neither what is given out nor what was handed in can change what is stored."""
    engine = engine_on(store, workflow(fields=Told, content="title"))
    given: dict[str, Any] = {"title": "a", "tags": ["x"], "facts": {"of": [{"deep": [1]}]}}
    item = engine.create("post", by="ann", data=given)
    given["tags"].append("y")
    given["facts"]["of"][0]["deep"].append(2)

    kept = engine.item(item.id).data
    assert {"title": "a", "tags": ("x",), "facts": {"of": ({"deep": (1,)},)}} == kept
    for inner, name in ((kept, "title"), (kept["facts"], "of"), (kept["facts"]["of"][0], "deep")):
        with pytest.raises(TypeError, match="immutable"):
            inner[name] = "changed"
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        item.data = {}  # type: ignore[misc]
    event = engine.history(item.id)[0].event
    with pytest.raises(TypeError, match="immutable"):
        event.command.data["title"] = "changed"  # type: ignore[index]


@pytest.mark.law(13)
@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"fields": None, "content": ()}, "undeclared"),
        ({"fields": Reason, "content": ()}, "two_owners"),
    ],
)
def test_each_field_of_an_item_is_declared_once(told: dict[str, Any], code: str) -> None:
    """What an action keeps belongs to one form: to none, or to two, is an error."""
    keeps = Action("say", "one", data=Reason, keeps="reason")
    owner = Reason if code == "two_owners" else None

    with pytest.raises(DefinitionError) as no:
        workflow(stage("a", keeps, fields=owner), **told)

    assert (code,) == no.value.codes


@pytest.mark.law(13)
def test_data_that_is_not_kept_stays_in_the_event(store: Store) -> None:
    """Why it was sent back is history's, not the item's."""
    engine, item = begun(store, WRITING, REVIEW)
    engine.perform(item.id, "submit", by="ann")

    back = engine.perform(item.id, "send_back", by="ed", to="writing", data={"reason": "too long"})

    assert {"title": "a"} == back.data
    assert {"reason": "too long"} == engine.history(item.id)[-1].event.command.data


@pytest.mark.law(19)
@pytest.mark.parametrize("method", ["create", "adopt", "perform", "preview", "options", "why_not"])
def test_whoever_asks_says_who_they_are(method: str) -> None:
    """``by`` is never optional."""
    from inspect import Parameter, signature

    by = signature(getattr(Engine, method)).parameters["by"]

    assert (Parameter.KEYWORD_ONLY, Parameter.empty) == (by.kind, by.default)
