"""Advisory rules: what they say is shown and recorded, and stops nothing."""

from __future__ import annotations

from typing import Any

import pytest
from engines import engine_on
from scenes import Reason, finish, stage, workflow

from socialflow import Action, Engine, Item, Objection, rule
from socialflow.protocols import Store
from socialflow.rules import has


@rule("brief", reads_data=True)
def brief(case: Any) -> Any:
    """The reason is a short one."""
    if len(case.data.reason) > 9:
        yield Objection("brief", "that is long")


def begun(store: Store, action: Action) -> tuple[Engine, Item]:
    """An engine and a newborn item without a body."""
    engine = engine_on(store, workflow(stage("desk", action), stage("after")))
    return engine, engine.create("post", by="ann", data={"title": "a"})


def warned(engine: Engine, item: Item) -> tuple[str, ...]:
    """What the last event was warned of, as it was written down."""
    return engine.history(item.id)[-1].event.warned


@pytest.mark.law(22)
def test_a_rule_that_only_warns_stops_nothing(store: Store) -> None:
    """The answer is yes, with the warning beside it; the event keeps its code."""
    engine, item = begun(store, finish(rules=(has("body").warning(), has("title").warning())))
    option = next(one for one in engine.options(item.id, by="ann") if one.action == "desk.finish")

    assert ("yes", ["has"]) == (option.answer, [one.code for one in option.warnings])
    assert ("after.one",) == engine.perform(item.id, "finish", by="ann").marking
    assert ("has",) == warned(engine, item)


def test_a_rule_that_has_nothing_to_say_warns_of_nothing(store: Store) -> None:
    """The near miss: the rule holds."""
    engine, item = begun(store, finish(rules=has("title").warning()))
    engine.perform(item.id, "finish", by="ann")

    assert () == warned(engine, item)


def test_a_warning_about_data_is_said_when_there_is_some(store: Store) -> None:
    """Beforehand there is nothing to judge."""
    engine, item = begun(store, finish(data=Reason, rules=brief().warning()))
    option = next(one for one in engine.options(item.id, by="ann") if one.action == "desk.finish")
    assert ("needs data", ()) == (option.answer, option.warnings)

    engine.perform(item.id, "finish", by="ann", data={"reason": "a very long story"})

    assert ("brief",) == warned(engine, item)


def test_a_rule_that_warns_and_fails_warns_all_the_same(store: Store) -> None:
    """What could not be judged is said, and does not stop what it would only have warned of."""

    @rule("broken")
    def broken(case: Any) -> Any:
        raise RuntimeError("no connection")

    engine, item = begun(store, finish(rules=broken().warning()))
    engine.perform(item.id, "finish", by="ann")

    assert ("rule_failed",) == warned(engine, item)


@pytest.mark.law(8)
def test_a_warning_does_not_keep_the_system_from_acting(store: Store) -> None:
    """An automatic action is taken although a rule has something to say about it."""
    auto = Action("go", "one", "two", automatic=True, rules=has("body").warning())
    _, item = begun(store, auto)

    assert ("after.one",) == item.marking
