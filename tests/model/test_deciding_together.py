"""Ballots and signatures over time: who counts at the moment of counting, and what goes stale."""

from __future__ import annotations

from datetime import datetime

import attrs
import pytest
from engines import engine_on
from scenes import Post, finish, stage, workflow

from socialflow import Action, Engine, Item, Member
from socialflow.ballots import Ballot
from socialflow.protocols import Store
from socialflow.rules import has, marked


@attrs.define
class People:
    """A directory that people join and leave."""

    known: dict[str, Member]

    def member(self, id: str) -> Member | None:
        return self.known.get(id)

    def holders(self, role: str) -> list[Member]:
        return [one for one in self.known.values() if any(g.role == role for g in one.grants)]

    def acting_for(self, id: str, at: datetime) -> tuple[str, ...]:
        return ()


def people(**roles: str) -> People:
    """Members with a role each."""
    return People({id: Member(id, role) for id, role in roles.items()})


def before_all(store: Store, **roles: str) -> tuple[Engine, People, Item]:
    """An item that all editors have to agree to."""
    ballot = Action("pass", "one", "two", ballots=Ballot("b", "editor", quorum="all"))
    desk = stage("desk", ballot, may_edit={"one": "author"})
    known = people(ann="author", ed="editor", eve="editor", **roles)
    engine = engine_on(store, workflow(desk, stage("after")), people=known)
    return engine, known, engine.create("post", by="ann", data={"title": "a"})


@pytest.mark.law(9)
def test_who_has_become_an_elector_since_has_to_agree_as_well(store: Store) -> None:
    """All are the electors at the moment of counting, not those of the first vote."""
    engine, known, item = before_all(store)
    engine.perform(item.id, "pass", by="ed")
    known.known["uma"] = Member("uma", "editor")
    assert ("desk.one",) == engine.perform(item.id, "pass", by="eve").marking

    assert ("after.one",) == engine.perform(item.id, "pass", by="uma").marking


@pytest.mark.law(9)
def test_who_has_left_is_waited_for_no_longer(store: Store) -> None:
    """The next event carries what only they were missing from; the system is the doer."""
    engine, known, item = before_all(store)
    engine.perform(item.id, "pass", by="ed")
    del known.known["eve"]

    assert ("after.one",) == engine.perform(item.id, "claim", by="ann").marking
    event = engine.history(item.id)[-1].event
    assert ("claim", ["desk.pass", "done"]) == (event.action, [one.cause for one in event.moves])


@pytest.mark.law(9)
def test_what_an_elector_says_last_counts(store: Store) -> None:
    """A no takes the yes back, and another yes the no; every vote is kept."""
    engine, _, item = before_all(store)
    for choice in ("yes", "no"):
        told = {"action": "pass", "choice": choice}
        engine.perform(item.id, "vote", by="ed", data=told)
    assert ("desk.one",) == engine.perform(item.id, "pass", by="eve").marking

    carried = engine.perform(item.id, "pass", by="ed")

    assert ("after.one",) == carried.marking
    assert ["yes", "no", "yes", "yes"] == [vote.choice for vote in carried.votes]


def signed(store: Store, ballot: Ballot, *actions: Action) -> tuple[Engine, Item]:
    """An item that an editor has passed, in the stage behind, with a ballot that may be added."""
    chain = (Ballot("brand", "editor"), ballot)
    gate = stage("gate", Action("pass", "one", "two", ballots=chain), signs="revision")
    desk = stage("desk", *actions, may_edit={"one": "author"})
    made = workflow(stage("first", finish()), gate, desk, content="title", fields=Post)
    known = people(ann="author", ed="editor", lea="lawyer")
    engine = engine_on(store, made, people=known)
    item = engine.create("post", by="ann", data={"title": "a"})
    engine.perform(item.id, "finish", by="ann")
    assert ("desk.one",) == engine.perform(item.id, "pass", by="ed").marking
    return engine, item


@pytest.mark.law(11)
def test_a_ballot_that_is_asked_for_since_makes_the_signature_stale(store: Store) -> None:
    """The content is the same; but what it now needs was not carried then, so back it goes."""
    engine, item = signed(store, Ballot("legal", "lawyer", when=has("body")))
    revision = engine.workflow(item).revision(item)

    back = engine.perform(item.id, "edit", by="ann", data={"body": "we are the best"})

    assert ("gate.one",) == back.marking
    assert revision == engine.workflow(back).revision(back)
    engine.perform(item.id, "pass", by="ed")
    assert ("desk.one",) == engine.perform(item.id, "pass", by="lea").marking


@pytest.mark.law(11)
def test_a_mark_that_adds_a_ballot_makes_the_signature_stale(store: Store) -> None:
    """Nothing was written; a mark is enough to ask for one decision more."""
    alarm = Action("alarm", "one", marks="crisis")
    engine, item = signed(store, Ballot("legal", "lawyer", when=marked("crisis")), alarm)

    assert ("gate.one",) == engine.perform(item.id, "alarm", by="ann").marking


@pytest.mark.law(11)
def test_a_ballot_that_is_asked_for_no_longer_makes_nothing_stale(store: Store) -> None:
    """The near miss: more was carried than is needed now."""
    engine, item = signed(store, Ballot("legal", "lawyer", when=~has("title")))

    assert ("desk.one",) == engine.perform(item.id, "edit", by="ann", data={"body": "b"}).marking
