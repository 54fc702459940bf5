"""Requests that an item on its way refuses: each is prepared, and gives the call for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import attrs
import valid_things as valid
from scenes import NOON, REVIEW, WRITING, Post, finish, stage, workflow

from socialflow import Action, Engine, Parallel, Workflow
from socialflow.ballots import Ballot
from socialflow.moments import Moment
from socialflow.rules import marked, only_children, signed_off_above, some_child
from socialflow.stores.sql import SqlStore

__all__ = ["REQUESTS"]

Call = Callable[[], Any]
"""What is to be refused, or gives what stands against it."""


@attrs.frozen
class Dated:
    """An item that is looked back at."""

    look_back: datetime


@attrs.frozen
class Begun:
    """An item that cleo has begun on a store, and what is asked of it."""

    engine: Engine
    id: str

    @classmethod
    def of(cls, store: SqlStore, workflow: Workflow, **data: Any) -> Begun:
        """A newborn item of *workflow*, under a name that the store does not know yet."""
        engine = Engine(store, workflow.named("asked"), valid.TEAM, clock=lambda: NOON)
        return cls(engine, engine.create("asked", by="cleo", data=data or {"title": "x"}).id)

    def asks(self, action: str, by: str = "cleo", **told: Any) -> Call:
        """A request; nothing is asked before it is called."""
        return lambda: self.engine.perform(self.id, action, by=by, **told)

    def votes(self, action: str, by: str, **told: Any) -> Call:
        """A yes to an action."""
        return self.asks("vote", by, data={"action": action, "choice": "yes", **told})


def voted(store: SqlStore) -> Begun:
    """What editors vote on, and authors after them."""
    ballots = (Ballot("brand", "editor"), Ballot("text", "author", after="brand"))
    return Begun.of(store, workflow(stage("a", finish(ballots=ballots)), roles=VOTERS))


VOTERS = ("author", "editor", "chief")


def a_ballot_of_others(store: SqlStore) -> Call:
    """Asked for by name, it is not theirs."""
    return voted(store).votes("finish", "ann", ballots=["brand"])


def a_ballot_before_its_turn(store: SqlStore) -> Call:
    """It comes after another one."""
    return voted(store).votes("finish", "ann")


def a_vote_given_already(store: SqlStore) -> Call:
    """The same, by the same one, and it counts."""
    begun = voted(store)
    begun.asks("finish", "ed")()
    return begun.asks("finish", "ed")


def a_vote_on_what_is_not_voted_on(store: SqlStore) -> Call:
    """No action of that name is decided by ballot."""
    return voted(store).votes("finnish", "ed")


def a_vote_on_what_has_changed(store: SqlStore) -> Call:
    """Another revision was looked at."""
    return voted(store).votes("finish", "ed", revision="0" * 64)


def a_request_while_on_hold(store: SqlStore) -> Call:
    """It has to wait."""
    begun = Begun.of(store, workflow(stage("a", finish()), rights={"hold": "*"}))
    begun.asks("hold", data={"reason": "wait"})()
    return begun.asks("finish")


def a_request_to_the_archive(store: SqlStore) -> Call:
    """What is in the archive moves no more."""
    begun = Begun.of(store, workflow(stage("a", finish()), rights={"archive": "*", "reopen": "*"}))
    for name in ("finish", "archive"):
        begun.asks(name)()
    return begun.asks("reopen", data={"stage": "a", "reason": "more"})


def an_item_without_a_mark(store: SqlStore) -> Call:
    """A rule wants it to bear one."""
    late = Action("be_late", "one", marks="late")
    return Begun.of(store, workflow(stage("a", finish(rules=marked("late")), late))).asks("finish")


def a_date_that_has_passed(store: SqlStore) -> Call:
    """Back to stages that would be over at once."""
    together = Parallel(stage("a", finish()), stage("b", finish()), until=Moment("look_back"))
    last = stage("c", Action("repeat", "one", goto="a"), finish())
    flow = workflow(together, last, fields=Dated, content="look_back")
    begun = Begun.of(store, flow, look_back=NOON)
    for name in ("a.finish", "b.finish"):
        begun.asks(name)()
    return begun.asks("repeat")


def above(*actions: Action) -> Workflow:
    """A workflow with remarks below it, which the item above has to have signed."""
    told = stage("told", finish(rules=signed_off_above()), states=("one", "two"))
    remark = Workflow("remark", [told], fields=Post)
    return workflow(WRITING, REVIEW, stage("a"), actions=actions, children=remark)


def children_that_are_not_there(store: SqlStore) -> Call:
    """A rule wants some in one state, and another one wants all of them there."""
    wanted = ("remark", ("told.two",))
    rules = (some_child(*wanted), only_children(*wanted))
    begun = Begun.of(
        store, above(Action("wrap_up", "*", goto="end.closed", roles="*", rules=rules))
    )
    begun.engine.create("remark", by="cleo", parent=begun.id, data={"title": "x"})
    return begun.asks("wrap_up")


def a_child_of_what_is_not_signed(store: SqlStore) -> Call:
    """A rule wants the item above to be signed off."""
    begun = Begun.of(store, above())
    child = begun.engine.create("remark", by="cleo", parent=begun.id, data={"title": "x"})
    return Begun(begun.engine, child.id).asks("finish")


REQUESTS: tuple[Callable[[SqlStore], Call], ...] = (
    a_ballot_of_others,
    a_ballot_before_its_turn,
    a_vote_given_already,
    a_vote_on_what_is_not_voted_on,
    a_vote_on_what_has_changed,
    a_request_while_on_hold,
    a_request_to_the_archive,
    an_item_without_a_mark,
    a_date_that_has_passed,
    children_that_are_not_there,
    a_child_of_what_is_not_signed,
)
"""Each is given a store, and prepares an item in it."""
