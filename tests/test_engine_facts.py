"""Facts from outside: fetched before the transaction, and a no where they cannot be had."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from engines import KINDS, Ticking, engine_on, everything, post, store_of
from scenes import finish, stage

from socialflow import Action, Case, Item, Objection, Refused, rule
from socialflow.engine import Engine
from socialflow.plugins import Registry
from socialflow.protocols import Store
from socialflow.stores.sql import SqlStore

TITLE = {"title": "a title"}


@rule("cleared", needs="clearance")
def cleared(case: Case) -> Iterator[Objection]:
    """The outside has cleared the item."""
    if not case.facts["clearance"]:
        yield Objection("cleared", "it is not cleared")


@rule("looked_at_now", needs="version")
def looked_at_now(case: Case) -> Iterator[Objection]:
    """The fact was fetched for the item that is judged."""
    if case.facts["version"] != case.item.version:
        yield Objection("looked_at_now", "the fact is about another version")


CAREFUL = post(stage("desk", finish(rules=cleared())))


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return store_of(request, request.param, tmp_path)


class Watched:
    """A store that knows whether a unit of work is open."""

    def __init__(self, inner: Store) -> None:
        self.inner = inner
        self.open = 0

    def begin(self) -> Any:
        return WatchedWork(self, self.inner.begin())

    def rows(self, query: Any) -> Iterator[Any]:
        return self.inner.rows(query)


class WatchedWork:
    def __init__(self, store: Watched, inner: Any) -> None:
        self.store = store
        self.inner = inner

    def __enter__(self) -> Any:
        work = self.inner.__enter__()
        self.store.open += 1
        return work

    def __exit__(self, *error: Any) -> None:
        self.store.open -= 1
        self.inner.__exit__(*error)


def codes(engine: Engine, item: Item, action: str = "finish") -> tuple[str, ...]:
    with pytest.raises(Refused) as caught:
        engine.perform(item.id, action, by="ann")
    return caught.value.refusal.codes


def test_a_fact_decides(store: Store) -> None:
    """What the provider says now is what the rule judges by."""
    said = [False]
    engine = engine_on(store, CAREFUL, facts={"clearance": lambda item, at: said[-1]})
    item = engine.create("post", by="ann", data=TITLE)

    assert ("cleared",) == codes(engine, item)
    said.append(True)

    assert ("end.closed",) == engine.perform(item.id, "finish", by="ann").marking


def test_a_provider_is_given_the_item_and_the_time(store: Store) -> None:
    """The item as it is before the command, and when the command was given."""
    given: list[tuple[Item, datetime]] = []

    def provider(item: Item, at: datetime) -> bool:
        given.append((item, at))
        return True

    engine = engine_on(store, CAREFUL, facts={"clearance": provider})
    item = engine.create("post", by="ann", data=TITLE)
    assert [] == given

    engine.perform(item.id, "finish", by="ann")

    assert [(item, engine.history(item.id)[-1].event.at)] == given


def test_no_provider_is_called_while_a_unit_is_open(store: Store) -> None:
    """It may take its time: nobody waits for it. True for asking as well as for doing."""
    watched = Watched(store)
    open_when_called: list[int] = []

    def provider(item: Item, at: datetime) -> bool:
        open_when_called.append(watched.open)
        return True

    engine = engine_on(
        watched,
        post(stage("desk", finish(rules=cleared()), enter=cleared()), stage("end_desk", finish())),
        facts={"clearance": provider},
    )
    item = engine.create("post", by="ann", data=TITLE)
    engine.options(item.id, by="ann")
    engine.why_not(item.id, "finish", by="ann")
    engine.who_can(item.id, "finish")
    engine.preview(item.id, "finish", by="ann")
    engine.perform(item.id, "finish", by="ann")

    assert len(open_when_called) >= 5
    assert {0} == set(open_when_called)


def test_a_provider_may_ask_the_engine(store: Store) -> None:
    """It reads items, histories and worklists of the very engine that called it."""
    seen: list[Any] = []

    def provider(item: Item, at: datetime) -> bool:
        seen.append((engine.item(item.id), engine.find(ref="post:1"), engine.history(item.id)))
        return len(engine.worklist()) == 1

    engine = engine_on(store, CAREFUL, facts={"clearance": provider})
    item = engine.create("post", by="ann", data=TITLE, ref="post:1")

    assert 2 == engine.perform(item.id, "finish", by="ann").version
    assert (item, item) == seen[0][:2]


def test_a_provider_that_fails_is_a_no(store: Store) -> None:
    """With what went wrong in the sentence; nothing is written, and it may be tried again."""
    down = [True]

    def provider(item: Item, at: datetime) -> bool:
        if down:
            raise ConnectionError("the register is down")
        return True

    engine = engine_on(store, CAREFUL, facts={"clearance": provider})
    item = engine.create("post", by="ann", data=TITLE)
    before = everything(store)

    with pytest.raises(Refused, match="ConnectionError: the register is down") as caught:
        engine.perform(item.id, "finish", by="ann")

    assert ("fact_missing",) == caught.value.refusal.codes
    assert before == everything(store)
    assert {"no"} == {o.answer for o in engine.options(item.id, by="ann") if "finish" in o.action}
    down.clear()
    assert 2 == engine.perform(item.id, "finish", by="ann").version


def test_a_fact_that_nobody_provides_is_a_no(store: Store) -> None:
    """The sentence names the fact."""
    engine = engine_on(store, CAREFUL)
    item = engine.create("post", by="ann", data=TITLE)

    assert ("fact_missing",) == codes(engine, item)
    with pytest.raises(Refused, match="'clearance'"):
        engine.preview(item.id, "finish", by="ann")


def test_only_what_is_needed_is_fetched(store: Store) -> None:
    """A provider is not called for a command whose rules do not ask for its fact."""
    called: list[str] = []
    free = Action("keep", "one", "one")
    engine = engine_on(
        store,
        post(stage("desk", finish(rules=cleared()), free)),
        facts={
            "clearance": lambda item, at: called.append("clearance") or True,
            "weather": lambda item, at: called.append("weather") or True,
        },
    )
    item = engine.create("post", by="ann", data=TITLE)

    engine.perform(item.id, "keep", by="ann")
    assert [] == called
    engine.perform(item.id, "finish", by="ann")
    assert ["clearance"] == called


def test_facts_are_those_of_the_item_that_is_judged(store: Store) -> None:
    """If it has moved on since they were fetched, they are fetched again."""
    workflow = post(stage("desk", finish(rules=looked_at_now()), may_edit={"one": "author"}))
    interruptions = iter([{"body": "somebody else was here"}])

    def provider(item: Item, at: datetime) -> int:
        for data in interruptions:
            other.perform(item.id, "edit", by="tom", data=data)
        return item.version

    other = engine_on(store, workflow)
    engine = engine_on(store, workflow, facts={"version": provider})
    item = engine.create("post", by="ann", data=TITLE)

    assert 3 == engine.perform(item.id, "finish", by="ann").version


def test_facts_of_an_older_definition_are_fetched_too(store: Store) -> None:
    """A new engine has not met the definition of an old item; its rules need facts all the same."""
    facts = {"clearance": lambda item, at: True}
    old = engine_on(store, CAREFUL, facts=facts)
    item = old.create("post", by="ann", data=TITLE)
    newer = post(stage("desk", finish()), version="2")
    registry = Registry.standard().add("rules", cleared)

    engine = engine_on(store, newer, facts=facts, registry=registry)

    assert 2 == engine.perform(item.id, "finish", by="ann").version


def test_a_slow_provider_holds_nobody_up(tmp_path: Path) -> None:
    """While it is asked, another engine writes to the same item's neighbour."""
    store = SqlStore(f"sqlite:///{tmp_path}/content.db", create=True)
    other = engine_on(SqlStore(f"sqlite:///{tmp_path}/content.db"), CAREFUL, clock=Ticking())
    written: list[str] = []

    def provider(item: Item, at: datetime) -> bool:
        written.append(other.create("post", by="tom", data=TITLE, id="neighbour").id)
        return True

    engine = engine_on(store, CAREFUL, facts={"clearance": provider})
    item = engine.create("post", by="ann", data=TITLE)

    assert 2 == engine.perform(item.id, "finish", by="ann").version
    assert ["neighbour"] == written
