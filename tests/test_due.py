"""What is due: done once for each moment, by whoever sweeps, however late."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import attrs
import pytest
from engines import KINDS, store_of
from families_at_work import NOON, Clock
from hypothesis import given
from hypothesis import strategies as st

from socialflow import (
    Action,
    Effect,
    Engine,
    Item,
    Member,
    Objection,
    Refused,
    Stage,
    Team,
    Workflow,
    rule,
)
from socialflow.due import Done
from socialflow.errors import NaiveTime
from socialflow.moments import Moment, days, hours, minutes
from socialflow.protocols import Store
from socialflow.queries import Duties
from socialflow.rules import marked
from socialflow.stores.memory import MemoryStore
from socialflow.stores.sql import SqlStore


@attrs.frozen
class Plan:
    """When it goes out."""

    publish_at: datetime | None = None


@attrs.frozen
class Date:
    """When it is to go out."""

    publish_at: datetime | None


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A store of every kind."""
    return store_of(request, request.param, tmp_path)


ANN, ED = Member("ann", "author"), Member("ed", "editor")
TEAM = Team([ANN, ED])

SET = Action("set_date", "waiting", data=Date, keeps="publish_at", roles=("author", "editor"))
GO = Action("go", "waiting", "out", due=Moment("publish_at"), within=minutes(30))
MISS = Action("miss", "waiting", due=Moment("publish_at", minutes(30)), marks="late")
REMIND = Action(
    "remind", "waiting", due=days(1), every=days(1), effects=Effect("notify"), while_held=True
)


def workflow(*actions: Action, **told: Any) -> Workflow:
    """One stage in which something may be due."""
    done = Action("finish", "waiting", "out")
    stage = Stage("desk", ("waiting", "out"), role="editor", actions=(done, *actions), **told)
    return Workflow("post", [stage], fields=Plan, rights={"create": "*", "hold": "editor"})


def begun(
    store: Store, *actions: Action, people: Team = TEAM, **told: Any
) -> tuple[Engine, Clock, Item]:
    """An engine, its clock, and a newborn item of Ann's."""
    clock = Clock()
    engine = Engine(store, workflow(*actions), people, clock=clock)
    return engine, clock, engine.create("post", by="ann", **told)


def acts(engine: Engine, item: Item) -> list[str]:
    """What has happened to the item."""
    return [entry.event.action for entry in engine.history(item.id)]


def done(results: tuple[Done, ...]) -> list[str]:
    """What a sweep has done."""
    return [one.event.action for one in results if one.event]


# -- when (model 20)


def test_something_is_due_so_long_after_the_state_was_entered(store: Store) -> None:
    """Not a moment before; and then it is the system that does it."""
    engine, clock, item = begun(store, Action("lapse", "waiting", "out", due=hours(2)))
    assert NOON + hours(2) == item.tokens[0].due

    clock.on(hours(2) - timedelta(seconds=1))
    assert () == engine.run_due()
    clock.on(timedelta(seconds=1))
    (result,) = engine.run_due()

    assert result.event is not None
    assert ("desk.lapse", "system") == (result.event.action, result.event.by)
    assert ("end.closed",) == engine.item(item.id).marking
    assert () == engine.run_due()


def test_nobody_can_ask_for_what_is_due(store: Store) -> None:
    """It is no option, and asking for it is refused."""
    engine, _, item = begun(store, REMIND)

    assert "desk.remind" not in [one.action for one in engine.options(item.id, by="ed")]
    with pytest.raises(Refused) as no:
        engine.perform(item.id, "remind", by="ed")
    assert ("automatic",) == no.value.refusal.codes


def test_a_moment_of_the_data_makes_it_due(store: Store) -> None:
    """Without a date nothing is due; a new date is a new moment."""
    engine, clock, item = begun(store, SET, GO, MISS)
    assert item.tokens[0].alarm is None

    engine.perform(item.id, "set_date", by="ed", data={"publish_at": NOON + hours(5)})
    engine.perform(item.id, "set_date", by="ed", data={"publish_at": NOON + hours(3)})
    clock.on(hours(3))

    assert ["desk.go"] == done(engine.run_due())
    assert [] == done(engine.run_due(NOON + hours(9)))


def test_the_worklist_says_when_it_is_due(store: Store) -> None:
    """A duty tells when the system will act there by itself."""
    engine, _, _ = begun(store, REMIND)

    assert [NOON + days(1)] == [duty.due for duty in engine.worklist()]


# -- once


@pytest.mark.law(20)
def test_each_moment_is_fired_once_whoever_sweeps(tmp_path: Path) -> None:
    """Eight sweepers over two engines on one file, and one reminder each day."""
    url = f"sqlite:///{tmp_path}/due.db"
    first = SqlStore(url, create=True, synchronous="NORMAL")
    engine, _, item = begun(first, REMIND)
    other = Engine(SqlStore(url), workflow(REMIND), TEAM)
    swept: list[str] = []

    def sweep(one: Engine, now: datetime) -> None:
        swept.extend(done(one.run_due(now)))

    for day in (1, 2, 3):
        now = NOON + days(day)
        threads = [Thread(target=sweep, args=((engine, other)[n % 2], now)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert ["desk.remind"] * 3 == swept
    assert ["create", *["desk.remind"] * 3] == acts(engine, item)


@pytest.mark.law(20)
@pytest.mark.parametrize("way_back", [("come_back",), ("go_on", "turn")])
def test_what_was_done_in_a_visit_is_not_due_in_it_again(
    way_back: tuple[str, ...], store: Store
) -> None:
    """Back in the state in which it was due, nobody waits for it, and no sweep finds it."""
    go = Action("go", "waiting", "gone", due=Moment("publish_at"))
    back, further = Action("come_back", "gone", "waiting"), Action("go_on", "gone", "further")
    desk = Stage(
        "desk",
        ("waiting", "gone", "further", "out"),
        role="editor",
        actions=(go, back, further, Action("turn", "further", "waiting")),
    )
    clock = Clock()
    post = Workflow("post", [desk], fields=Plan, rights={"create": "*"})
    engine = Engine(store, post, TEAM, clock=clock)
    item = engine.create("post", by="ann", data={"publish_at": NOON + hours(1)})
    clock.on(hours(2))
    assert ["desk.go"] == done(engine.run_due())

    for action in way_back:
        engine.perform(item.id, action, by="ed")

    assert () == tuple(store.rows(Duties(due=NOON + hours(9))))
    assert None is engine.item(item.id).tokens[0].due


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12))
@pytest.mark.law(20)
def test_what_repeats_keeps_its_cadence_and_skips_what_was_missed(hours_on: list[int]) -> None:
    """At most once for each day that has begun, counted from the first, never early."""
    engine, clock, item = begun(MemoryStore(), REMIND)
    fired_days: set[int] = set()
    for n in hours_on:
        now = clock.on(hours(n))
        fired = bool(engine.run_due())
        day = (now - NOON) // days(1)

        assert fired == (day >= 1 and day not in fired_days)
        fired_days |= {day} if fired else set()

    assert len(fired_days) == acts(engine, item).count("desk.remind")


@pytest.mark.law(10)
def test_a_new_visit_has_a_fresh_clock(store: Store) -> None:
    """Entering the state again starts the span anew."""
    engine, clock, item = begun(store, Action("again", "waiting", goto="desk"), REMIND)
    clock.on(hours(20))
    engine.perform(item.id, "again", by="ed")

    assert () == engine.run_due(NOON + days(1))
    assert ["desk.remind"] == done(engine.run_due(NOON + days(1) + hours(20)))


# -- too late


@pytest.mark.law(20)
def test_past_its_time_it_is_skipped_and_the_next_due_one_is_judged(store: Store) -> None:
    """What may be done only within half an hour is not done later."""
    engine, clock, item = begun(store, SET, GO, MISS)
    engine.perform(item.id, "set_date", by="ed", data={"publish_at": NOON + hours(1)})
    clock.on(hours(1) + minutes(31))

    assert ["desk.miss"] == done(engine.run_due())
    late = engine.item(item.id)
    assert (("desk.waiting",), ("late",)) == (late.marking, late.marks)
    assert () == engine.run_due(NOON + days(9))


@pytest.mark.law(20)
def test_within_its_time_it_is_done_although_late(store: Store) -> None:
    """The near miss: half an hour late is in time."""
    engine, clock, item = begun(store, SET, GO, MISS)
    engine.perform(item.id, "set_date", by="ed", data={"publish_at": NOON + hours(1)})
    clock.on(hours(1) + minutes(30))

    assert ["desk.go"] == done(engine.run_due())


def test_what_is_skipped_with_nothing_behind_it_is_written_down(store: Store) -> None:
    """It is due no more, and the history says that its time was let pass."""
    engine, clock, item = begun(store, SET, GO)
    engine.perform(item.id, "set_date", by="ed", data={"publish_at": NOON + hours(1)})
    clock.on(hours(3))

    assert ["settled"] == done(engine.run_due())
    assert () == engine.run_due()
    engine.perform(item.id, "set_date", by="ed", data={"publish_at": NOON + hours(9)})
    assert ["desk.go"] == done(engine.run_due(NOON + hours(9)))


# -- refused


@rule("never")
def never(case: Any) -> Any:
    """Always objects."""
    yield Objection("never", "never")


@pytest.mark.law(20)
def test_what_is_refused_stays_due_and_is_put_off(store: Store) -> None:
    """Tried again after a minute, then as long as it is overdue, at most a day."""
    engine, _, item = begun(store, Action("lapse", "waiting", "out", due=hours(1), rules=never()))
    tries = []
    now = NOON + hours(1)
    while now < NOON + days(4):
        for result in engine.run_due(now):
            assert result.refusal is not None
            assert ("never",) == result.refusal.codes
            tries.append(now - NOON - hours(1))
        now += minutes(1 if now < NOON + minutes(76) else 16)

    assert ["create"] == acts(engine, item)
    spans = (0, *(2**n for n in range(12)), 2048 + 1440, 2048 + 2880)
    assert [minutes(n) for n in spans] == tries
    assert [item.id] == [duty.item for duty in engine.store.rows(Duties(due=NOON + days(9)))]


def test_what_is_refused_does_not_keep_others_from_their_turn(store: Store) -> None:
    """Put off, it stands no more at the front of the line."""
    engine, clock, item = begun(
        store, Action("lapse", "waiting", "out", due=hours(1), rules=marked("late")), MISS
    )
    other = engine.create("post", by="ann")
    clock.on(hours(1))
    both = [*engine.run_due(limit=1), *engine.run_due(limit=1)]

    assert {item.id, other.id} == {one.duty.item for one in both}
    assert () == engine.run_due()


@pytest.mark.law(21)
def test_due_actions_wait_while_an_item_is_on_hold(store: Store) -> None:
    """They wait and are judged again on resume; clocks run on."""
    engine, clock, item = begun(store, Action("lapse", "waiting", "out", due=hours(1)), REMIND)
    engine.perform(item.id, "hold", by="ed", data={"reason": "the press asks"})
    clock.on(days(1))

    assert ["on_hold"] == [code for one in engine.run_due() for code in one.refusal.codes]  # type: ignore[union-attr]
    engine.perform(item.id, "resume", by="ed")
    assert ["desk.lapse"] == done(engine.run_due(NOON + days(2)))


# -- on whose behalf (model 19)


THEIRS = Action("go", "waiting", "out", due=Moment("publish_at"), roles="editor")


class People:
    """A directory that forgets and forbids."""

    def __init__(self) -> None:
        self.known = {"ann": ANN, "ed": ED}

    def member(self, id: str) -> Member | None:
        return self.known.get(id)

    def holders(self, role: str) -> list[Member]:
        return [one for one in self.known.values() if any(g.role == role for g in one.grants)]

    def acting_for(self, id: str, at: datetime) -> tuple[str, ...]:
        return ()


def dated(store: Store, by: str, *actions: Action) -> tuple[Engine, People, Item]:
    """An item whose moment was set by somebody."""
    people = People()
    engine = Engine(store, workflow(SET, *actions), people, clock=Clock())
    item = engine.create("post", by="ann")
    engine.perform(item.id, "set_date", by=by, data={"publish_at": NOON + hours(1)})
    return engine, people, item


@pytest.mark.law(19)
def test_what_names_roles_is_done_on_behalf_of_who_set_the_moment(store: Store) -> None:
    """Policy is judged for that member."""
    engine, _, _ = dated(store, "ed", THEIRS)
    assert ["desk.go"] == done(engine.run_due(NOON + hours(1)))


@pytest.mark.law(19)
def test_who_may_not_do_it_cannot_have_it_done(store: Store) -> None:
    """Setting a date is no way around the roles."""
    engine, _, _ = dated(store, "ann", THEIRS)

    (result,) = engine.run_due(NOON + hours(1))
    assert result.refusal is not None
    assert ("role",) == result.refusal.codes


@pytest.mark.law(19)
def test_somebody_who_has_left_or_lost_the_role_has_nothing_done(store: Store) -> None:
    """The member is looked up when it is due, not when it was set."""
    engine, people, item = dated(store, "ed", THEIRS)
    people.known["ed"] = Member("ed", "author")
    (lost,) = engine.run_due(NOON + hours(1))
    del people.known["ed"]
    (left,) = engine.run_due(NOON + hours(2))

    assert [("role",), ("unknown_member",)] == [lost.refusal.codes, left.refusal.codes]  # type: ignore[union-attr]
    people.known["ed"] = ED
    assert ["desk.go"] == done(engine.run_due(NOON + days(1)))
    assert ("end.closed",) == engine.item(item.id).marking


def test_what_names_no_roles_is_the_systems_own(store: Store) -> None:
    """An expiry does not depend on who happened to set the date."""
    engine, people, _ = dated(store, "ann", MISS)
    people.known.clear()

    assert ["desk.miss"] == done(engine.run_due(NOON + hours(2)))


def test_a_sweep_wants_a_moment_with_a_time_zone() -> None:
    """A naive moment could be any of twenty-four hours."""
    engine, _, _ = begun(MemoryStore(), REMIND)

    with pytest.raises(NaiveTime, match="timezone-aware"):
        engine.run_due(datetime(2026, 5, 1))
