"""Undoing: the last event only, if it may be, and nothing has gone out; it is a new event."""

from __future__ import annotations

import attrs
import pytest
from engines import TEAM, engine_on, everything, refused
from families_at_work import OUT, Family, parent
from scenes import Post, finish, stage, workflow

from socialflow import Action, Effect, Engine, Item, Team
from socialflow.kinds import spawn, tell
from socialflow.people import Delegation
from socialflow.protocols import Store

BACK = Action("rewrite", "one", data=Post, keeps=("title", "body"), reversible=True)


def begun(store: Store, *actions: Action) -> tuple[Engine, Item]:
    """An engine, and a newborn item in a stage of these actions."""
    engine = engine_on(store, workflow(stage("desk", *actions), stage("after")))
    return engine, engine.create("post", by="ann", data={"title": "a"})


@pytest.mark.law(24)
def test_undoing_puts_back_what_was_before_the_last_event(store: Store) -> None:
    """States, visits, clocks, signatures and data are again what they were; who it is, too."""
    sign = stage("desk", finish(reversible=True), signs="visit")
    engine = engine_on(store, workflow(sign, stage("after")))
    item = engine.create("post", by="ann", data={"title": "a"})
    before = engine.perform(item.id, "claim", by="ann")
    assert ("after.one",) == engine.perform(item.id, "finish", by="ann").marking

    after = engine.perform(item.id, "undo", by="ann")

    kept = ("tokens", "idle", "data", "contributors", "signatures", "marks", "votes", "rounds")
    assert [getattr(before, name) for name in kept] == [getattr(after, name) for name in kept]


@pytest.mark.law(24)
def test_undoing_is_a_new_event_that_says_what_it_put_back(store: Store) -> None:
    """Nothing is taken out of the history; the fields that change are the event's data."""
    engine, item = begun(store, BACK)
    engine.perform(item.id, "rewrite", by="ann", data={"title": "b", "body": "c"})

    after = engine.perform(item.id, "undo", by="ann")

    assert (3, {"title": "a"}) == (after.version, after.data)
    told = [(one.event.action, one.event.version) for one in engine.history(item.id)]
    assert [("create", 1), ("desk.rewrite", 2), ("undo", 3)] == told
    assert {"title": "a", "body": None} == engine.history(item.id)[-1].event.command.data


@pytest.mark.law(24)
def test_only_the_last_event_is_undone(store: Store) -> None:
    """Whatever has happened since, a note or an undoing, there is no way back behind it."""
    engine, item = begun(store, BACK)
    for words in ("b", "c"):
        engine.perform(item.id, "rewrite", by="ann", data={"title": words})
    engine.perform(item.id, "undo", by="ann")
    before = everything(store)

    assert ("irreversible",) == refused(engine.perform, item.id, "undo", by="ann")
    assert before == everything(store)
    engine.perform(item.id, "rewrite", by="ann", data={"title": "d"})
    engine.perform(item.id, "note", by="tom", data={"text": "better"})
    assert ("irreversible",) == refused(engine.perform, item.id, "undo", by="ann")


@pytest.mark.law(24)
def test_what_is_not_reversible_is_not_undone(store: Store) -> None:
    """Neither an action that does not say so, nor the birth of the item."""
    engine, item = begun(store, BACK, Action("stamp", "one"))
    assert ("irreversible",) == refused(engine.perform, item.id, "undo", by="ann")

    engine.perform(item.id, "stamp", by="ann")

    assert ("irreversible",) == refused(engine.perform, item.id, "undo", by="ann")
    found = {one.action: one.answer for one in engine.options(item.id, by="ann")}
    assert "no" == found["undo"]


@pytest.mark.law(24)
def test_what_has_been_sent_is_not_undone(store: Store) -> None:
    """An effect has left the house, whether of the action or of what followed by itself."""
    post = Effect("notify", {"whom": "ed"})
    engine, item = begun(store, finish(reversible=True, effects=post))
    engine.perform(item.id, "finish", by="ann")
    assert ("irreversible",) == refused(engine.perform, item.id, "undo", by="ann")

    follows = Action("tell_all", "one", "two", automatic=True, effects=post)
    desks = stage("desk", finish(reversible=True)), stage("next", follows), stage("after")
    quiet = engine_on(store, workflow(*desks).named("follows"), new_id=lambda: "other")
    quiet.create("follows", by="ann", data={"title": "a"})
    quiet.perform("other", "finish", by="ann")
    assert ("irreversible",) == refused(quiet.perform, "other", "undo", by="ann")


@pytest.mark.law(24)
@pytest.mark.parametrize("effect", [spawn("comment"), tell("comment", "answer")])
def test_what_has_brought_children_into_being_is_not_undone(store: Store, effect: Effect) -> None:
    """Nor what has told them something."""
    call = Action("call", "ready", reversible=True, effects=effect)
    family = Family.begin(store, parent(attrs.evolve(OUT, actions=(call,))), "news")
    family.do("call")

    assert ("irreversible",) == refused(family.do, "undo")


@pytest.mark.law(24)
def test_who_did_it_undoes_it_or_their_delegate(store: Store) -> None:
    """Nobody else, whatever their role."""
    away = Team(TEAM.members, delegations=[Delegation("ann", "tom")])
    engine = engine_on(store, workflow(stage("desk", BACK), stage("after")), people=away)
    item = engine.create("post", by="ann", data={"title": "a"})
    engine.perform(item.id, "rewrite", by="ann", data={"title": "b"})

    assert ("not_yours",) == refused(engine.perform, item.id, "undo", by="ed")
    assert {"title": "a"} == engine.perform(item.id, "undo", by="tom").data
