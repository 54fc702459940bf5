"""Holds: an item on hold refuses what is not marked, takes in what has happened, and waits."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from engines import TEAM, engine_on, everything, refused
from families_at_work import Clock
from scenes import finish, stage, workflow

from socialflow import Action, Engine, Item, Member, Team, Workflow
from socialflow.ballots import Ballot
from socialflow.moments import hours
from socialflow.people import SYSTEM
from socialflow.protocols import Store
from socialflow.rules import has, marked
from socialflow.stages import Step

WHY = {"reason": "the press asks"}
RIGHTS = {
    "create": "*",
    "note": "*",
    "assign": "editor",
    "hold": "editor",
    "cancel": "editor",
    "force": "editor",
}


@attrs.define
class Leaving:
    """A directory that some have left."""

    team: Team
    gone: set[str] = attrs.field(factory=set)

    def member(self, id: str) -> Member | None:
        return self.team.member(id)

    def holders(self, role: str) -> list[Member]:
        return [one for one in self.team.holders(role) if one.id not in self.gone]

    def acting_for(self, id: str, at: Any) -> tuple[str, ...]:
        return ()


def flow(*steps: Step) -> Workflow:
    """A workflow of these steps in which the editor may hold."""
    return workflow(*steps, rights=RIGHTS, ends=("closed", "rejected", "cancelled"))


def held(store: Store, *actions: Action) -> tuple[Engine, Item]:
    """An engine, and an item on hold in a stage with these actions."""
    desk = stage("desk", *actions, role="editor", may_edit={"one": "editor"})
    engine = engine_on(store, flow(desk, stage("after")))
    item = engine.create("post", by="ed", data={"title": "a"})
    return engine, engine.perform(item.id, "hold", by="ed", data=WHY)


@pytest.mark.law(21)
def test_an_item_on_hold_refuses_every_action_that_is_not_marked(store: Store) -> None:
    """Actions, edits, votes and force have to wait; nothing is written, whoever asks."""
    ballot = Action("pass", "one", "two", ballots=Ballot("b", "editor"))
    back = Action("back", "one", goto="end.rejected")
    engine, item = held(store, finish(), back, ballot)
    before = everything(store)

    for action, told in {
        "finish": {},
        "back": {},
        "pass": {},
        "vote": {"data": {"action": "pass"}},
        "edit": {"data": {"body": "b"}},
        "force": {"to": "after", "data": WHY},
    }.items():
        assert ("on_hold",) == refused(engine.perform, item.id, action, by="eve", **told), action

    assert before == everything(store)


@pytest.mark.law(21)
def test_an_action_that_is_marked_is_open_although_the_item_is_on_hold(store: Store) -> None:
    """Those with ``while_held``, and of every workflow those that move nothing or end it all."""
    engine, item = held(store, finish(), Action("ask_press", "one", while_held=True))

    for action, data in {
        "ask_press": None,
        "note": {"text": "they called"},
        "claim": None,
        "release": None,
        "assign": {"member": "eve"},
    }.items():
        assert ("on_hold",) == engine.perform(item.id, action, by="ed", data=data).marks, action

    assert ("end.cancelled",) == engine.perform(item.id, "cancel", by="ed").marking


@pytest.mark.law(21, 22)
def test_the_options_of_an_item_on_hold_are_those_that_are_accepted(store: Store) -> None:
    """What a hold refuses is a no beforehand, for the very reason."""
    engine, item = held(store, finish(), Action("ask_press", "one", while_held=True))
    found = {one.action: one for one in engine.options(item.id, by="ed")}

    no = found["desk.finish"].refusal
    assert no is not None
    assert ("on_hold",) == no.codes
    assert no == engine.why_not(item.id, "finish", by="ed")
    assert "yes" == found["desk.ask_press"].answer
    assert ("yes", "no") == (found["resume"].answer, found["hold"].answer)


@pytest.mark.law(21)
def test_automatic_actions_wait_and_are_judged_on_resume(store: Store) -> None:
    """What follows by itself does not follow while the item is on hold, and does at once after."""
    call = Action("call", "one", marks="called", while_held=True)
    auto = Action("go", "one", "two", automatic=True, rules=marked("called"))
    engine, item = held(store, call, auto)

    assert ("desk.one",) == engine.perform(item.id, "call", by="ed").marking
    assert ("after.one",) == engine.perform(item.id, "resume", by="ed").marking


@pytest.mark.law(21)
def test_what_is_carried_by_ballot_waits_and_takes_place_on_resume(store: Store) -> None:
    """A member who leaves may make a decision carried; on hold, it is not taken yet."""
    ballot = Action("pass", "one", "two", ballots=Ballot("b", "editor", quorum="all"))
    people = Leaving(TEAM)
    engine = engine_on(store, flow(stage("desk", ballot), stage("after")), people=people)
    item = engine.create("post", by="ann", data={"title": "a"})
    engine.perform(item.id, "pass", by="ed")
    engine.perform(item.id, "hold", by="ed", data=WHY)
    people.gone = {"eve"}

    waiting = engine.perform(item.id, "assign", by="ed", data={"member": "ed"})

    assert ("desk.one",) == waiting.marking
    assert ("after.one",) == engine.perform(item.id, "resume", by="ed").marking


@pytest.mark.law(21)
def test_the_clocks_of_an_item_on_hold_run_on(store: Store) -> None:
    """What became due during the hold is due as soon as it is resumed, not so much later."""
    clock = Clock()
    lapse = Action("lapse", "one", "two", due=hours(2))
    engine = engine_on(store, flow(stage("desk", finish(), lapse)), clock=clock)
    item = engine.create("post", by="ann", data={"title": "a"})
    engine.perform(item.id, "hold", by="ed", data=WHY)
    clock.on(hours(2))
    (waits,) = engine.run_due()
    assert waits.refusal is not None
    assert ("on_hold",) == waits.refusal.codes

    engine.perform(item.id, "resume", by="ed")
    clock.on(hours(2))
    (done,) = engine.run_due()

    assert done.event is not None
    assert "desk.lapse" == done.event.action


@pytest.mark.law(7, 21)
def test_an_outcome_is_accepted_although_it_cannot_be_handed_over(store: Store) -> None:
    """What has happened outside is taken in, parked in done, and tried again with the next."""
    back = Action("come_back", "one", "two", roles="system")
    first = stage("sent", back, may_edit={"two": "author"})
    engine = engine_on(store, flow(first, stage("after", enter=has("body"))))
    item = engine.create("post", by="ann", data={"title": "a"})

    assert ("sent.two",) == engine.perform(item.id, "come_back", by=SYSTEM).marking
    assert ("after.one",) == engine.perform(item.id, "edit", by="ann", data={"body": "b"}).marking
