"""Late members: stages of a Parallel that are open although the item has gone on."""

from __future__ import annotations

from datetime import datetime

import attrs
import pytest
from engines import engine_on, everything, refused
from families_at_work import Clock
from scenes import stage, workflow

from socialflow import Action, Engine, Item, Parallel, Stage
from socialflow.ballots import Ballot
from socialflow.moments import Moment, days
from socialflow.protocols import Store


@attrs.frozen
class Post:
    """When it is looked back at."""

    title: str
    look_back: datetime | None = None


@attrs.frozen
class Date:
    """A new date to look back."""

    look_back: datetime | None


def duty(name: str) -> Stage:
    """A stage that is open until somebody settles it, or two agree that it is settled."""
    agree = Action(
        f"agree_{name}", "open", "settled", ballots=Ballot("b", ("author", "editor"), quorum=2)
    )
    settle = Action(f"settle_{name}", "open", "settled")
    return stage(name, settle, agree, states=("open", "settled"))


LOOK = stage(
    "look",
    Action("see", "one", "two"),
    Action("extend", "one", goto=("talk", "share"), data=Date, keeps="look_back"),
    Action("repeat", "one", goto=("talk", "share")),
    Action("talk_on", "one", goto="talk"),
)
CLOSING = stage("closing", Action("look_again", "one", goto="look"), Action("finish", "one", "two"))


def gone_on(store: Store) -> tuple[Engine, Clock, Item]:
    """An item that is looked back at while one still talks about it and shares it."""
    together = Parallel(duty("talk"), duty("share"), until=Moment("look_back"))
    clock = Clock()
    made = workflow(
        together, LOOK, CLOSING, fields=Post, content="title", rights={"create": "*", "reopen": "*"}
    )
    engine = engine_on(store, made, clock=clock)
    date = clock.now + days(7)
    item = engine.create("post", by="ann", data={"title": "a", "look_back": date})
    clock.on(days(7))
    engine.run_due()
    return engine, clock, engine.item(item.id)


@pytest.mark.law(4, 6)
def test_going_back_leaves_late_members_of_earlier_steps_open(store: Store) -> None:
    """They belong to a step before the target: neither left nor behind it."""
    engine, _, item = gone_on(store)
    assert ("closing.one", "share.open", "talk.open") == engine.perform(
        item.id, "see", by="ann"
    ).marking

    back = engine.perform(item.id, "look_again", by="ann")

    assert ("look.one", "share.open", "talk.open") == back.marking
    assert (2, 1, 1) == tuple(token.visit for token in back.tokens)


@pytest.mark.law(3)
def test_a_stage_that_is_late_and_entered_again_has_one_token(store: Store) -> None:
    """Going back to it closes the late token; the other late member stays as it is."""
    engine, clock, item = gone_on(store)
    date = clock.now + days(3)

    back = engine.perform(item.id, "extend", by="ann", to="talk", data={"look_back": date})

    assert ("share.open", "talk.open") == back.marking
    assert (1, 2) == tuple(token.visit for token in back.tokens)


@pytest.mark.law(6)
def test_going_back_to_a_late_member_wants_a_new_date_as_well(store: Store) -> None:
    """Although it is open already, its step would be over at once; nothing is written."""
    engine, _, item = gone_on(store)
    before = everything(store)

    assert ("date_passed",) == refused(engine.perform, item.id, "repeat", by="ann", to="talk")
    assert ("date_passed",) == refused(engine.perform, item.id, "talk_on", by="ann")
    assert before == everything(store)


@pytest.mark.law(6, 22)
def test_a_passed_date_is_a_no_beforehand(store: Store) -> None:
    """What would be refused is not offered."""
    engine, _, item = gone_on(store)
    no = engine.why_not(item.id, "talk_on", by="ann")

    assert no is not None
    assert ("date_passed",) == no.codes


@pytest.mark.law(6, 25)
def test_reopening_behind_a_passed_date_is_refused(store: Store) -> None:
    """An end is a source like any other: who goes back behind the date has to set a new one."""
    engine, _, item = gone_on(store)
    engine.perform(item.id, "see", by="ann")
    engine.perform(item.id, "finish", by="ann")

    assert ("date_passed",) == refused(engine.perform, item.id, "reopen", by="ann", to="talk")
    assert ("look.one",) == engine.perform(item.id, "reopen", by="ann", to="look").marking


@pytest.mark.law(6, 9)
def test_votes_of_the_electors_of_a_late_member_count(store: Store) -> None:
    """A decision that is still open after the date is taken by those who have it to take."""
    engine, _, item = gone_on(store)
    engine.perform(item.id, "agree_talk", by="ed")

    settled = engine.perform(item.id, "agree_talk", by="eve")

    assert ("look.one", "share.open") == settled.marking
    assert [("done", "")] == [
        (move.cause, move.target) for move in engine.history(item.id)[-1].event.moves[-1:]
    ]
