"""Cases that no mutation of a document, an order or a log comes to: each a call that is refused."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import valid_things as valid
from findings import CHECKS, WARNINGS, said
from findings_of_more import BALLOTS, CHILDREN, DOUBTFUL, MARKS, TIMES
from scenes import finish, stage, workflow
from transitions import Machine
from transitions.extensions import HierarchicalMachine
from wrong_anchors import ANCHORS
from wrong_effects import EFFECTS
from wrong_migrations import MIGRATIONS
from wrong_parts import ENGINES, PARTS
from wrong_requests import REQUESTS
from wrong_teams import TEAMS

from socialflow import (
    Action,
    Effect,
    Engine,
    Grant,
    Member,
    Scope,
    Workflow,
    chain,
)
from socialflow.documents import dump_workflow, load_workflow, parse_workflow
from socialflow.errors import Finding
from socialflow.plain import EMPTY
from socialflow.plugins import Registry
from socialflow.queries import Change, Definitions, Delivery, History, Items, Kept
from socialflow.rules import four_eyes, has, rule
from socialflow.stores.sql import SqlStore

__all__ = ["CASES", "LEFT_OUT", "tamper"]

CASES: dict[str, Callable[[SqlStore], Any]] = {}
"""By name: what a store is given to, and what is refused; findings that are told are returned,
and so is a call that is prepared, and refused only then."""

LEFT_OUT = {
    "raced": "somebody else has to write at the same time, five times over",
    **dict.fromkeys(("Contended", "contended"), "two have to stand in each other's way"),
    **dict.fromkeys(("Uncertain", "uncertain"), "a connection has to be lost in time"),
}
"""Classes and codes that need more than wrong input, and why."""


def case(call: Callable[[SqlStore], Any]) -> Callable[[SqlStore], Any]:
    """Lists a function among the cases."""
    CASES[call.__name__] = call
    return call


for prepared in (*ANCHORS, *EFFECTS, *MIGRATIONS, *REQUESTS, *TEAMS):
    case(prepared)


def engine(store: SqlStore, *workflows: Workflow, **told: Any) -> Engine:
    return Engine(store, workflows or [valid.WORKFLOW], valid.TEAM, **told)


# -- stores and engines

for number, (make, _) in enumerate((*ENGINES, *PARTS)):
    CASES[f"wrong_part_{number}"] = lambda store, make=make: make()


@case
def a_key_written_twice(store: SqlStore) -> None:
    """Somebody writes to the store without the engine, and repeats a key."""
    (item,) = store.rows(Items(id="first"))
    (entry,) = store.rows(History(key="used"))
    definition = next(one for one in store.rows(Definitions()) if one.digest == item.workflow)
    with store.begin() as work:
        work.write(Change((Kept(item, entry.event, item.version, definition),)))


@case
def two_units_in_one_thread(store: SqlStore) -> None:
    """A unit of work that has its items alone is opened within another."""
    with store.begin("first"), store.begin("second"):
        pass


@case
def an_effect_that_has_come_further(store: SqlStore) -> None:
    """What has become of an effect is written by somebody who has not seen the last of it."""
    when = datetime(2026, 5, 1, tzinfo=UTC)
    with store.begin() as work:
        gone = Delivery("first", 1, 0, "notify", EMPTY, "delivered", when, turn=7)
        work.write(Change(deliveries=(gone,)))


@case
def a_definition_whose_rules_are_gone(store: SqlStore) -> None:
    """The rules of the item's definition are not registered."""
    Engine(store, (), valid.TEAM, registry=Registry()).perform("first", "submit", by="ann")


@case
def a_clock_without_zone(store: SqlStore) -> None:
    """The engine's clock says a naive time."""
    engine(store, clock=lambda: datetime(2026, 5, 1)).perform("first", "submit", by="ann")


@case
def a_grant_without_zone(store: SqlStore) -> None:
    """A period that could be any of twenty-four hours."""
    Grant("author", since=datetime(2026, 5, 1))


@case
def two_workflows_of_one_name(store: SqlStore) -> None:
    """An engine is given two definitions that it could not tell apart."""
    engine(store, valid.WORKFLOW, valid.WORKFLOW.named("post", "2"))


@case
def a_circle_that_rules_do_not_stop(store: SqlStore) -> None:
    """Automatic actions there and back, each with a rule that holds."""
    there = Action("there", "one", "two", automatic=True, rules=has("title"))
    back = Action("back", "two", "one", automatic=True, rules=has("title"))
    circle = workflow(stage("a", there, back, states=("one", "two", "three")))
    engine(store, circle.named("circle")).create("circle", by="cleo", data={"title": "x"})


@case
def an_id_that_is_taken(store: SqlStore) -> None:
    """An item is created under the id of another."""
    engine(store).create("post", by="ann", data={"title": "x"}, id="first")


@case
def a_duty_that_is_taken(store: SqlStore) -> None:
    """Somebody claims what somebody else is responsible for."""
    engine(store).perform("first", "claim", by="cleo")


@case
def a_short_name_of_two_actions(store: SqlStore) -> None:
    """Both are open."""
    engine(store).perform("both", "sign", by="ed")


@case
def an_approval_of_own_work(store: SqlStore) -> None:
    """By the one who has brought it in."""
    engine(store).perform("second", "clear", by="cleo")


@case
def a_field_that_is_empty(store: SqlStore) -> None:
    """A rule wants it filled in."""
    engine(store).perform("first", "elaborate", by="ann")


@case
def a_fact_that_nothing_provides(store: SqlStore) -> None:
    """A rule needs it."""
    valid.engine_on(store).perform("first", "ask_the_sky", by="ann")


@case
def an_item_that_is_not_signed_off(store: SqlStore) -> None:
    """A rule wants it to be."""
    valid.engine_on(store).perform("first", "signed", by="ann")


@case
def data_deeper_than_a_stack(store: SqlStore) -> None:
    """Lists within lists, as JSON may have them."""
    data: list[Any] = []
    for _ in range(20_000):
        data = [data]
    engine(store).perform("first", "edit", by="ann", data={"body": data})


@case
def a_document_deeper_than_a_stack(store: SqlStore) -> None:
    """As plain data."""
    told: dict[str, Any] = {}
    for _ in range(20_000):
        told = {"fields": told}
    load_workflow({"name": "deep", "fields": told, "steps": []})


@case
def yaml_without_its_extra(store: SqlStore) -> None:
    """An optional dependency is not installed."""
    with patch.dict(sys.modules, {"ruamel.yaml": None}):
        parse_workflow("name: post", "yaml")


@case
def a_format_that_is_not_there(store: SqlStore) -> None:
    """Asked for by name."""
    dump_workflow(valid.WORKFLOW, "xml")


# -- plugins


def plugin(call: Callable[[Registry], Any]) -> Callable[[SqlStore], Any]:
    """A case about a registry."""

    def told(_: SqlStore) -> Any:
        return call(Registry.standard())

    told.__name__, told.__doc__ = call.__name__, call.__doc__
    return case(told)


@plugin
def a_plugin_that_is_not_installed(registry: Registry) -> None:
    """Its module cannot be imported."""
    registry.add("rules", "no_such_module:x", "gone").find("rules", "gone")


@plugin
def a_plugin_of_another_kind(registry: Registry) -> None:
    """A text is no policy."""
    registry.add("policies", object(), "all")


@plugin
def a_plugin_under_another_name(registry: Registry) -> None:
    """A rule is offered under a name that documents would not keep."""
    registry.add("rules", valid.has_title, "title_there")


@plugin
def a_kind_of_plugin_that_is_not_there(registry: Registry) -> None:
    """Asked for by name."""
    registry.find("wheels", "round")


@plugin
def a_policy_that_is_not_there(registry: Registry) -> None:
    """Asked for by name."""
    registry.policy("anarchy")


@plugin
def a_store_that_is_not_there(registry: Registry) -> None:
    """Asked for by the scheme of a URL."""
    registry.store("punchcards:///x")


@plugin
def a_workflow_that_is_not_there(registry: Registry) -> None:
    """Asked for by name."""
    registry.find("workflows", "blg")


# -- definitions


@case
def a_nested_machine(store: SqlStore) -> None:
    """A machine with states within a state."""
    states = ["one", {"name": "two", "children": ["inner"]}]
    Workflow.from_machine(HierarchicalMachine(model=None, states=states, initial="one"), "m")


@case
def a_machine_with_callbacks(store: SqlStore) -> None:
    """Which would not be called."""
    machine = Machine(model=None, states=["one"], initial="one", after_state_change=print)
    Workflow.from_machine(machine, "m")


@case
def a_machine_without_that_trigger(store: SqlStore) -> None:
    """Roles for what the machine does not have."""
    machine = Machine(model=None, states=["one", "two"], initial="one", auto_transitions=False)
    machine.add_transition("go", "one", "two")
    Workflow.from_machine(machine, "m", roles={"goo": "author"})


@case
def a_grant_that_ends_before_it_begins(store: SqlStore) -> None:
    """It would never hold."""
    noon = datetime(2026, 5, 1, 12, tzinfo=UTC)
    Grant("author", since=noon, until=noon)


@case
def a_rule_that_is_not_called(store: SqlStore) -> None:
    """The kind of a rule in the place of a rule."""
    Action("finish", "one", "two", rules=[four_eyes])


@case
def an_effect_called_effect(store: SqlStore) -> None:
    """Its data could not be told from its name."""
    Effect("notify", {"effect": "x"})


@case
def an_empty_scope(store: SqlStore) -> None:
    """A dimension without a value."""
    Scope(brand=())


@case
def a_member_without_id(store: SqlStore) -> None:
    """Nobody could be called so."""
    Member("")


@case
def a_stage_removed_that_others_lead_to(store: SqlStore) -> None:
    """Without a word where they lead now."""
    going_back = stage("b", Action("back", "one", goto="a"))
    Workflow("w", [stage("a", finish()), going_back]).without("a")


@case
def a_stage_inserted_nowhere(store: SqlStore) -> None:
    """Neither after, before, nor beside another one."""
    workflow().insert(stage("legal"))


@case
def a_field_kept_as_another_type(store: SqlStore) -> None:
    """An action's field is called like an item's."""
    form = {"form": "Numbered", "fields": {"title": "int"}}
    action = {"name": "x", "sources": "one", "data": form, "keeps": "title", "roles": "*"}
    owner = {"form": "Post", "fields": {"title": "str"}}
    steps = [{"name": "a", "states": "one", "actions": [action]}]
    load_workflow({"name": "w", "fields": owner, "steps": steps})


@case
def a_binding_rule_that_only_warns(store: SqlStore) -> None:
    """It is meant to bind."""
    rule("bound", binding=True)(lambda case: None)().warning()


@case
def whatever_can_be_wrong_about_a_workflow(store: SqlStore) -> Iterator[Finding]:
    """One workflow for each finding that there is."""
    for _, build, _ in (*CHECKS, *WARNINGS, *BALLOTS, *DOUBTFUL, *TIMES, *CHILDREN, *MARKS):
        yield from said(build)


# -- stores that somebody has tampered with

HISTORY = "UPDATE socialflow_history SET"
ROWS = "socialflow_history WHERE item = 'first'"
COPY = 'seq + 100, tenant, item, n, version, action, "by", at, NULL, '
COPY += "meta, data, digest, previous, hash"
TAMPERED: dict[str, tuple[str, ...]] = {
    "an entry edited": (f"{HISTORY} \"by\" = 'zoe' WHERE item = 'first' AND n = 2",),
    "an entry not chained": (f"{HISTORY} previous = '0' WHERE item = 'first' AND n = 2",),
    "an entry taken out": (f"DELETE FROM {ROWS} AND n = 1",),
    "the end taken out": (f"DELETE FROM {ROWS} AND n = 2",),
    "an item taken out": ("DELETE FROM socialflow_item WHERE id = 'first'",),
    "an item edited": ("UPDATE socialflow_item SET body = replace(body, 'a title', 'forged')",),
    "a duty taken out": ("DELETE FROM socialflow_duty",),
    "a definition taken out": ("DELETE FROM socialflow_definition",),
    "a definition mangled": ("UPDATE socialflow_definition SET document = '{'",),
    "two entries at one place": (
        "CREATE TABLE loose AS SELECT * FROM socialflow_history",
        "DROP TABLE socialflow_history",
        "ALTER TABLE loose RENAME TO socialflow_history",
        f"INSERT INTO socialflow_history SELECT {COPY} FROM {ROWS} AND n = 1",
    ),
}


def tamper(filled: Path, folder: Path) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """What an audit finds in copies of a store to which somebody did what nobody may."""
    for name, statements in TAMPERED.items():
        path = folder / "tampered.db"
        shutil.copyfile(filled, path)
        with closing(sqlite3.connect(path)) as connection, connection:
            triggers = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
            for (trigger,) in triggers.fetchall():
                connection.execute(f'DROP TRIGGER "{trigger}"')
            for statement in statements:
                connection.execute(statement)
        with closing(valid.open_store(path)) as store:
            yield name, chain.audit(store)
