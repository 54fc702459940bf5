"""Ends: where an item comes to rest, and what may still be asked for there."""

from __future__ import annotations

from typing import Any

import pytest
from engines import engine_on, everything, refused
from families_at_work import Family, parent
from scenes import finish, stage, workflow

from socialflow import Action, Engine, Item
from socialflow.people import SYSTEM
from socialflow.protocols import Store

RIGHTS = {"create": "*", "note": "*", "archive": "editor", "reopen": "editor"}
STOP = Action("stop", "*", goto="end.rejected", roles="*")


def ended(store: Store, *actions: Action, **told: Any) -> tuple[Engine, Item]:
    """An item that was stopped."""
    made = workflow(stage("a", finish()), stage("b"), rights=RIGHTS, actions=(STOP, *actions))
    engine = engine_on(store, made)
    item = engine.create("post", by="ann", data={"title": "a"})
    return engine, engine.perform(item.id, "stop", by="ann")


@pytest.mark.law(25)
def test_an_end_is_a_source(store: Store) -> None:
    """An action may leave an end for a stage, or for another end."""
    revive = Action("revive", "end.rejected", goto="b", roles="author")
    close = Action("close", "end.rejected", goto="end.closed", roles="author")
    engine, item = ended(store, revive, close)

    assert ("end.closed",) == engine.perform(item.id, "close", by="ann").marking
    assert ("state",) == refused(engine.perform, item.id, "revive", by="ann")
    other = engine.create("post", by="ann", data={"title": "b"})
    engine.perform(other.id, "stop", by="ann")
    assert ("b.one",) == engine.perform(other.id, "revive", by="ann").marking


@pytest.mark.law(25)
def test_every_live_state_is_no_end(store: Store) -> None:
    """A ``"*"`` does not reach an item that has come to rest."""
    engine, item = ended(store)

    assert "stop" not in [one.action for one in engine.options(item.id, by="ann")]
    assert ("state",) == refused(engine.perform, item.id, "stop", by="ann")


@pytest.mark.law(25)
def test_what_is_in_the_archive_is_left_alone_until_it_is_taken_out(store: Store) -> None:
    """Only at an end is anything archived; then nothing but a note is taken, and no way back."""
    engine, item = ended(store, Action("revive", "end.rejected", goto="a", roles="*"))
    live = engine.create("post", by="ann", data={"title": "b"})
    assert ("state",) == refused(engine.perform, live.id, "archive", by="ed")

    assert ("archived",) == engine.perform(item.id, "archive", by="ed").marks
    before = everything(store)
    assert ("archived",) == refused(engine.perform, item.id, "revive", by="ed")
    assert ("archived",) == refused(engine.perform, item.id, "reopen", by="ed", to="a")
    assert ("archived",) == refused(engine.perform, item.id, "archive", by="ed")
    assert before == everything(store)

    engine.perform(item.id, "note", by="ann", data={"text": "remember this one"})
    assert () == engine.perform(item.id, "unarchive", by="ed").marks
    assert ("a.one",) == engine.perform(item.id, "reopen", by="ed", to="a").marking


@pytest.mark.law(4, 25)
def test_an_end_leaves_the_children_untouched(store: Store) -> None:
    """What is below goes on, and outcomes still come back to it, unless it is told otherwise."""
    family = Family.begin(
        store, parent(actions=[Action("stop", "*", goto="end.closed", roles="*")]), "news"
    )
    family.do("send")
    family.do("stop")

    assert ("upload.queued",) == family.child("news").marking
    assert ("upload.sending",) == family.have("news", "begin", by=SYSTEM).marking
    assert ("end.closed",) == family.parent.marking
