"""Laws of migrations, for any two definitions and any item that lived under the first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
from engines import everything
from hypothesis import given
from hypothesis import strategies as st

from socialflow import Team, Workflow, apply, rebuild
from socialflow.chain import audit
from socialflow.engine import Engine
from socialflow.items import Event, Item
from socialflow.migrations import MigrationPlan, migrate, plan_migration
from socialflow.people import SYSTEM
from socialflow.protocols import Store
from socialflow.queries import Change, Items, Kept, StoredDefinition
from socialflow.stores.memory import MemoryStore
from socialflow.testing.strategies import EVERYBODY, NOON, TEAM, histories, texts, workflows

OLD = "generated"


@attrs.frozen
class World:
    """Two definitions, what became of items under the first, and how states lead on."""

    old: Workflow
    new: Workflow
    histories: tuple[tuple[Event, ...], ...]
    states: Mapping[str, str]
    data: Mapping[str, Any]

    def store(self) -> Store:
        """A store in which all of it has happened."""
        store = MemoryStore()
        old = self.old
        kept = StoredDefinition(old.digest, old.name, old.version, old.document)
        for n, events in enumerate(self.histories):
            item: Item | None = None
            for event in events:
                event = attrs.evolve(event, item=f"item {n}")
                before, item = item, apply(item, event)
                with store.begin() as work:
                    expected = before.version if before is not None else 0
                    work.write(Change((Kept(item, event, expected, kept),)))
        return store

    def engine(self, store: Store) -> Engine:
        """An engine that knows both, on a day when everything is cleared."""
        people = Team(TEAM)
        facts = {"clearance": lambda *_: True}
        engine = Engine(store, [self.new], people, clock=lambda: NOON, facts=facts)
        engine._writer.shelf.learn(self.old)
        return engine

    def plan(self, engine: Engine) -> MigrationPlan:
        """The plan for all of them."""
        return plan_migration(engine, self.new, states=self.states, data=self.data)


def variants_of(old: Workflow) -> st.SearchStrategy[Workflow]:
    """The same but for a new end, and perhaps for what is content or who has to approve it."""
    ends = (*old.ends, "shelved")
    content = st.sampled_from((old.content, ("title",), ("title", "body"), ()))
    signs = st.sampled_from((None, "visit", "revision"))
    first = old.stages[0].name
    return st.builds(
        lambda content, signs: attrs.evolve(old, ends=ends, content=content).amend(
            first, signs=signs
        ),
        content,
        signs,
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Any two definitions, some items of the first, and a mapping that is made at random."""
    old = draw(workflows())
    new = draw(st.one_of(workflows(), variants_of(old))).named(OLD, "2")
    items = draw(st.lists(histories(old), min_size=1, max_size=3))
    lost = [state for state in old.states if state not in new.states]
    some = draw(st.lists(st.sampled_from(old.states), max_size=2))
    to = st.sampled_from(new.states)
    states = {state: draw(to) for state in (*lost, *some) if draw(st.integers(0, 4))}
    fields = {name for name in old.declared if name not in new.declared and draw(st.booleans())}
    data = dict.fromkeys(sorted(fields)) | {"body": draw(texts)}
    return World(old, new, tuple(map(tuple, items)), states, data)


def items_of(store: Store) -> dict[str, Item]:
    return {item.id: item for item in store.rows(Items())}


@given(worlds())
def test_a_plan_writes_nothing_and_says_what_a_run_does(world: World) -> None:
    """A dry run leaves the store as it is, and the run reports exactly its groups."""
    store = world.store()
    engine = world.engine(store)
    before = everything(store)

    plan = world.plan(engine)

    assert before == everything(store)
    report = migrate(engine, plan, by=SYSTEM)
    assert (plan.moving, plan.left) == (report.moving, report.left)
    assert (plan.cost, plan.stayed, True) == (report.moved, report.stayed, report.is_whole)


@given(worlds())
def test_what_has_moved_is_whole_under_the_new_definition(world: World) -> None:
    """Its states are the new ones, its history leads to it, and nobody is forgotten who wrote."""
    store = world.store()
    engine = world.engine(store)
    before = items_of(store)

    migrate(engine, world.plan(engine), by=SYSTEM)

    assert () == audit(store)
    for item in items_of(store).values():
        was = before[item.id]
        assert item == rebuild(entry.event for entry in engine.history(item.id))
        if item.workflow == world.old.digest:
            assert was == item
            continue
        assert (world.new.digest, was.version + 1) == (item.workflow, item.version)
        assert {*item.marking} <= {*world.new.states}
        stages = [token.stage for token in (*item.tokens, *item.idle)]
        assert len(stages) == len({*stages})
        assert {*was.contributors} | {*was.authors} <= {*item.contributors} | {*item.authors}
        assert {*item.data} <= {*world.new.declared}
        engine.options(item.id, by=EVERYBODY)


@given(worlds())
def test_what_is_content_as_before_has_the_same_contributors(world: World) -> None:
    """A migration is no writing: nobody becomes a contributor by it, nor stops being one."""
    store = world.store()
    engine = world.engine(store)
    before = items_of(store)

    migrate(engine, world.plan(engine), by=SYSTEM)

    for item in items_of(store).values():
        was = before[item.id]
        released = not item.contributors and {*was.contributors} <= {*item.authors}
        if {*world.new.content} <= {*world.old.content} and not released:
            assert was.contributors == item.contributors


@given(worlds())
def test_a_migration_that_is_run_again_does_nothing(world: World) -> None:
    """What has moved is not moved again, and what has stayed stays for the same reasons."""
    store = world.store()
    engine = world.engine(store)
    plan = world.plan(engine)
    first = migrate(engine, plan, by=SYSTEM)
    before = everything(store)

    again = migrate(engine, plan, by=SYSTEM)

    assert before == everything(store)
    assert ((), first.left) == (again.moving, again.left)


@given(worlds())
def test_an_interrupted_migration_comes_to_the_same(world: World) -> None:
    """One item at a time, each by an engine of its own, or all in one go."""
    whole, parts = world.store(), world.store()
    plan = world.plan(world.engine(whole))

    migrate(world.engine(whole), plan, by=SYSTEM)
    rounds = 0
    while not migrate(world.engine(parts), plan, by=SYSTEM, limit=1).is_whole:
        rounds += 1
        assert rounds <= len(world.histories)

    assert everything(whole) == everything(parts)


@given(worlds())
def test_a_signature_that_is_left_signs_what_is_there(world: World) -> None:
    """It is of a stage that signs, behind the item, and of the content as it is now."""
    store = world.store()
    engine = world.engine(store)

    migrate(engine, world.plan(engine), by=SYSTEM)

    for item in items_of(store).values():
        if item.workflow == world.new.digest:
            now = world.new.revision(item)
            for one in item.signatures:
                signs = world.new.stage(one.stage).signs
                assert (now if signs == "revision" else "") == one.revision
                assert signs is not None
