"""Migrations that leave an item where it is: each is prepared, and gives what stands against it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import valid_things as valid
from scenes import finish, stage, workflow

from socialflow import Action, Engine, Parallel, Refusal, Refused, Workflow
from socialflow.ballots import Ballot
from socialflow.kinds import spawn
from socialflow.migrations import plan_migration
from socialflow.stores.sql import SqlStore

__all__ = ["MIGRATIONS"]

DESK = stage("desk", finish())
NOTE = Workflow("note_below", [stage("note", finish())])


@attrs.frozen
class Numbered:
    """A form in which a title is a number, and something more is asked for."""

    title: int
    number: int


def stays(store: SqlStore, old: Workflow, new: Workflow, *actions: str) -> Callable[[], Any]:
    """What stands against moving an item of *old*, after some actions, to *new*."""
    engine = Engine(store, old.named("migrating"), valid.TEAM)
    item = engine.create("migrating", by="cleo", data={"title": "x", "body": "y"})
    for action in actions:
        engine.perform(item.id, action, by="ed" if action == "finish" else "cleo")

    def plan() -> None:
        left = plan_migration(engine, new.named("migrating", "2")).left
        raise Refused(Refusal("migrate", left[0].objections))

    return plan


def a_state_that_is_gone(store: SqlStore) -> Callable[[], Any]:
    """Nobody says where it leads."""
    return stays(store, workflow(DESK), workflow(stage("other", finish())))


def states_that_no_longer_go_together(store: SqlStore) -> Callable[[], Any]:
    """They were of one Parallel."""
    both = DESK, stage("legal", finish())
    return stays(store, workflow(Parallel(*both)), workflow(*both))


def fields_that_do_not_fit(store: SqlStore) -> Callable[[], Any]:
    """One is a text, one is missing, one is not known any more."""
    return stays(store, workflow(DESK), workflow(DESK, fields=Numbered, content="title"))


def votes_that_would_be_lost(store: SqlStore) -> Callable[[], Any]:
    """One of two has said yes."""
    two = finish(ballots=Ballot("b", ("editor", "chief"), quorum=2))
    any_of_them = finish(ballots=Ballot("b", "editor"))
    old, new = (workflow(stage("desk", one, role="editor")) for one in (two, any_of_them))
    return stays(store, old, new, "finish")


def somebody_of_another_role(store: SqlStore) -> Callable[[], Any]:
    """They have claimed what is a matter of others now."""
    desk = stage("desk", finish(), role="chief")
    return stays(store, workflow(desk), workflow(stage("desk", finish(), role="nun")), "claim")


def children_without_a_kind(store: SqlStore) -> Callable[[], Any]:
    """They have been made, and have not come to an end."""
    made = Action("make", "one", effects=spawn("note_below"), roles="*")
    old = workflow(stage("desk", finish(), made), children=[NOTE])
    return stays(store, old, workflow(DESK), "make")


def children_whose_parent_stays(store: SqlStore) -> Callable[[], Any]:
    """It is held by a definition that has them otherwise."""
    call = children_without_a_kind(store)
    louder = NOTE.amend("note", role="chief").named("note_below", "2")

    def plan() -> None:
        engine = Engine(store, people=valid.TEAM)
        left = plan_migration(engine, louder).left
        raise Refused(Refusal("migrate", left[0].objections))

    assert call
    return plan


MIGRATIONS = (
    a_state_that_is_gone,
    states_that_no_longer_go_together,
    fields_that_do_not_fit,
    votes_that_would_be_lost,
    somebody_of_another_role,
    children_without_a_kind,
    children_whose_parent_stays,
)
"""All of them."""
