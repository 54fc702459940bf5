"""Decisions beside a shared `transitions.Machine` with the same checks as conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import attrs
from cattrs import Converter
from ratios import Pair
from transitions import Machine

from socialflow import (
    Action,
    Command,
    Effect,
    Item,
    Member,
    Refusal,
    Stage,
    Workflow,
    apply,
    decide,
    options,
)
from socialflow.births import found
from socialflow.items import Origin
from socialflow.rules import four_eyes, has

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
EDITOR = Member("ed", ["editor"])


@attrs.frozen
class Post:
    """The fields of the item."""

    title: str
    body: str | None = None


@attrs.frozen
class Slot:
    """The data of the full action."""

    slot: str
    title: str


def review(*actions: Action) -> Workflow:
    """A workflow with one stage, in which nothing else is open."""
    stage = Stage("review", ("waiting", "checked", "passed"), role="editor", actions=actions)
    rights = {"create": "*", "note": (), "claim": (), "release": ()}
    return Workflow("post", [stage], fields=Post, content=("title", "body"), rights=rights)


def item_of(workflow: Workflow) -> Item:
    """A new item of it, written by somebody else."""
    author = Member("ann")
    command = Command("create", "ann", NOON, {"title": "Behind the scenes"})
    event = found(workflow, "post-1", command, author, Origin(workflow.digest))
    assert not isinstance(event, Refusal)
    return apply(None, event)


class Model:
    """What a machine moves: it holds what the conditions look at."""

    def __init__(self, item: Item) -> None:
        self.state = "waiting"
        self.item = item

    def may(self, member: Member, **_: Any) -> bool:
        """The role check."""
        return not member.roles(self.item.scope, NOON).isdisjoint({"editor"})

    def may_boss(self, member: Member, **_: Any) -> bool:
        """The role check of an action for somebody else."""
        return not member.roles(self.item.scope, NOON).isdisjoint({"boss"})

    def other(self, member: Member, **_: Any) -> bool:
        """Four eyes."""
        return member.id not in self.item.contributors

    def titled(self, **_: Any) -> bool:
        """A field that is there."""
        return bool(self.item.data.get("title"))

    def bodied(self, **_: Any) -> bool:
        """A field that is missing."""
        return bool(self.item.data.get("body"))

    def fits(self, data: Any, **_: Any) -> bool:
        """The data of the full action."""
        return CONVERTER.structure(data, Slot) is not None


CONVERTER = Converter(forbid_extra_keys=True)


def machine(triggers: dict[str, list[str]]) -> Machine:
    """A shared machine without models."""
    made = Machine(
        model=None, states=["waiting", "checked"], initial="waiting", auto_transitions=False
    )
    for name, conditions in triggers.items():
        made.add_transition(name, "waiting", "checked", conditions=conditions)
    return made


def repeated(times: int, call: Callable[[], object]) -> Callable[[], None]:
    """*call*, so often."""

    def run() -> None:
        for _ in range(times):
            call()

    return run


def pairs() -> Iterator[Pair]:
    """One rule; a full action; what is open."""
    times = 5_000
    plain = review(Action("check", "waiting", "checked", rules=four_eyes()))
    yield _step("decide + apply, one rule", plain, None, ["may", "other"], times, 0.4)
    full = review(
        Action(
            "check",
            "waiting",
            "checked",
            data=Slot,
            keeps="title",
            rules=(four_eyes(), has("title")),
            effects=Effect("notify", {"to": "lead"}),
        )
    )
    data = {"slot": "09:00", "title": "Behind the scenes"}
    conditions = ["may", "other", "titled", "fits"]
    yield _step("decide + apply, full action", full, data, conditions, times, 0.8)
    yield _options(times // 5)


def _step(
    name: str,
    workflow: Workflow,
    data: dict[str, str] | None,
    conditions: list[str],
    times: int,
    goal: float,
) -> Pair:
    item = item_of(workflow)
    command = Command("check", EDITOR.id, NOON, data)
    shared = machine({"check": conditions})
    model = Model(item)

    def ours() -> Item:
        event = decide(workflow, item, command, EDITOR)
        assert not isinstance(event, Refusal), event
        return apply(item, event)

    def theirs() -> None:
        assert shared.events["check"].trigger(model, member=EDITOR, data=data)
        model.state = "waiting"

    return Pair(name, repeated(times, ours), repeated(times, theirs), times, goal)


def _options(times: int) -> Pair:
    workflow = review(
        Action("a", "waiting", "checked", rules=four_eyes()),
        Action("b", "waiting", "checked"),
        Action("c", "waiting", "checked", roles="boss"),
        Action("d", "waiting", "checked", roles="boss"),
        Action("e", "waiting", "checked", rules=has("body")),
    )
    item = item_of(workflow)
    checks = {"a": ["may", "other"], "b": ["may"], "c": ["may_boss"], "d": ["may_boss"]}
    shared = machine(checks | {"e": ["may", "bodied"]})
    model: Any = Model(item)
    shared.add_model(model, initial="waiting")

    def ours() -> None:
        seen = options(workflow, item, EDITOR, NOON)
        assert len(seen) == 5

    def theirs() -> None:
        seen = [getattr(model, f"may_{name}")(member=EDITOR) for name in "abcde"]
        assert seen == [True, True, False, False, False]

    name = "options of five, each refusal whole"
    return Pair(name, repeated(times, ours), repeated(times, theirs), times, 0.05)
