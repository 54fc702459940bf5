"""Stages that are open together until a date: joined then, and what is open lives on."""

from __future__ import annotations

from datetime import datetime

import attrs
import pytest
from engines import everything
from families_at_work import ANN, NOON, Clock

from socialflow import Action, Engine, Parallel, Refused, Stage, Team, Workflow
from socialflow.moments import Moment, days, hours
from socialflow.stores.memory import MemoryStore


@attrs.frozen
class Post:
    """When it is looked back at."""

    look_back: datetime | None = None


@attrs.frozen
class Date:
    """A new date to look back."""

    look_back: datetime | None


def duty(name: str) -> Stage:
    """A stage that is open until somebody finishes it."""
    return Stage(
        name,
        ("open", "settled"),
        role="editor",
        actions=(
            Action(f"settle_{name}", "open", "settled"),
            Action(f"open_{name}", "settled", "open"),
        ),
    )


LOOK = Stage(
    "look",
    ("back", "seen"),
    role="editor",
    actions=(
        Action("extend", "back", goto=("talk", "share"), data=Date, keeps="look_back"),
        Action("repeat", "back", goto=("talk", "share")),
        Action("see", "back", "seen"),
    ),
)


NEXT_WEEK = NOON + days(7)


def begun(look_back: datetime | None = NEXT_WEEK) -> tuple[Engine, Clock, str]:
    """An item that is talked about and shared, and looked back at in a week."""
    together = Parallel(duty("talk"), duty("share"), until=Moment("look_back"))
    workflow = Workflow("post", [together, LOOK], fields=Post)
    clock = Clock()
    engine = Engine(MemoryStore(), workflow, Team([ANN]), clock=clock)
    data = {"look_back": look_back} if look_back else None
    return engine, clock, engine.create("post", by="ann", data=data).id


@pytest.mark.law(6)
def test_members_are_joined_when_none_is_open() -> None:
    """Long before the date, if everything is settled."""
    engine, _, id = begun()
    engine.perform(id, "settle_talk", by="ann")
    assert ("share.open", "talk.settled") == engine.item(id).marking
    assert ("look.back",) == engine.perform(id, "settle_share", by="ann").marking


@pytest.mark.law(6)
def test_at_the_date_they_are_joined_with_the_open_ones_named() -> None:
    """`until` joins with those that are open; they live on as late tokens."""
    engine, clock, id = begun()
    engine.perform(id, "settle_talk", by="ann")
    clock.on(days(7))

    (result,) = engine.run_due()

    assert ("look.back", "share.open") == engine.item(id).marking
    assert result.event is not None
    assert ["look.back"] == [move.target for move in result.event.moves]
    assert {"look", "share"} == {duty.stage for duty in engine.worklist()}


def test_both_may_be_open_at_the_date() -> None:
    """Each lives on by itself, and the step behind is entered once."""
    engine, clock, id = begun()
    clock.on(days(8))
    engine.run_due()

    assert ("look.back", "share.open", "talk.open") == engine.item(id).marking
    assert () == engine.run_due()
    assert 1 == engine.item(id).token("look").visit  # type: ignore[union-attr]


@pytest.mark.law(6)
def test_a_late_token_vanishes_when_it_is_done() -> None:
    """It moves nothing else."""
    engine, clock, id = begun()
    clock.on(days(7))
    engine.run_due()

    assert ("look.back", "share.open") == engine.perform(id, "settle_talk", by="ann").marking
    assert ("look.back",) == engine.perform(id, "settle_share", by="ann").marking
    assert ("end.closed",) == engine.perform(id, "see", by="ann").marking


@pytest.mark.law(4)
def test_an_end_takes_late_tokens_with_it() -> None:
    """To an end all tokens vanish."""
    engine, clock, id = begun()
    clock.on(days(7))
    engine.run_due()

    assert ("end.closed",) == engine.perform(id, "see", by="ann").marking


@pytest.mark.law(6)
def test_going_back_behind_the_date_wants_a_new_one() -> None:
    """The step would be over at once; the refusal names the field."""
    engine, clock, id = begun()
    for name in ("talk", "share"):
        engine.perform(id, f"settle_{name}", by="ann")
    clock.on(days(9))
    before = everything(engine.store)

    with pytest.raises(Refused) as no:
        engine.perform(id, "repeat", by="ann", to="talk")

    assert ("date_passed",) == no.value.refusal.codes
    assert "look_back" in str(no.value)
    assert before == everything(engine.store)


@pytest.mark.law(6)
def test_going_back_with_a_new_date_opens_that_member_only() -> None:
    """Members without a token count as settled; the new date holds."""
    engine, clock, id = begun()
    for name in ("talk", "share"):
        engine.perform(id, f"settle_{name}", by="ann")
    now = clock.on(days(9))

    item = engine.perform(id, "extend", by="ann", to="share", data={"look_back": now + hours(5)})

    assert ("share.open",) == item.marking
    assert now + hours(5) == item.tokens[0].due
    clock.on(hours(5))
    engine.run_due()
    assert ("look.back", "share.open") == engine.item(id).marking


def test_going_back_before_the_date_needs_no_new_one() -> None:
    """The near miss: the date lies ahead."""
    engine, _, id = begun()
    for name in ("talk", "share"):
        engine.perform(id, f"settle_{name}", by="ann")

    assert ("talk.open",) == engine.perform(id, "repeat", by="ann", to="talk").marking


def test_without_a_date_they_wait_for_each_other() -> None:
    """An empty field is no date."""
    engine, clock, id = begun(None)
    engine.perform(id, "settle_talk", by="ann")
    clock.on(days(99))

    assert () == engine.run_due()
    assert ("share.open", "talk.settled") == engine.item(id).marking


def test_any_event_after_the_date_joins_as_well() -> None:
    """Whoever comes first: the sweep, or somebody who does something there."""
    engine, clock, id = begun()
    clock.on(days(8))

    item = engine.perform(id, "settle_talk", by="ann")

    assert ("look.back", "share.open") == item.marking
    assert () == engine.run_due()
