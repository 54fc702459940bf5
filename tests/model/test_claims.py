"""Claims: whose duty it is, and for how long, where a stage lends it for a time only."""

from __future__ import annotations

import pytest
from engines import engine_on, refused
from families_at_work import NOON, Clock
from scenes import finish, stage, workflow

from socialflow import Engine, Item
from socialflow.moments import hours, minutes
from socialflow.protocols import Store


def claimed(store: Store) -> tuple[Engine, Clock, Item]:
    """An item that Ann has claimed for eight hours, in a stage of two steps."""
    desk = stage("desk", finish(), states=("one", "two", "three"), lease=hours(8))
    clock = Clock()
    made = workflow(desk, stage("after"), rights={"create": "*", "assign": "editor"})
    engine = engine_on(store, made, clock=clock)
    item = engine.create("post", by="ann", data={"title": "a"})
    return engine, clock, engine.perform(item.id, "claim", by="ann")


def test_a_claim_lasts_as_long_as_the_stage_lends_it(store: Store) -> None:
    """Before it is over nobody else may claim, and they are told until when; then anybody may."""
    engine, clock, item = claimed(store)
    clock.on(hours(8) - minutes(1))
    assert ("taken",) == refused(engine.perform, item.id, "claim", by="tom")
    no = engine.why_not(item.id, "claim", by="tom")
    assert "wait until 2026-05-01T20:00:00+00:00" in str(no)

    clock.on(minutes(1))

    assert "tom" == engine.perform(item.id, "claim", by="tom").responsible("desk")
    assert ("taken",) == refused(engine.perform, item.id, "claim", by="ann")


def test_who_claims_their_own_again_has_it_anew(store: Store) -> None:
    """A renewal counts from now."""
    engine, clock, item = claimed(store)
    now = clock.on(hours(7))

    (token,) = engine.perform(item.id, "claim", by="ann").tokens

    assert now + hours(8) == token.lease


def test_a_claim_lives_through_the_steps_of_its_stage(store: Store) -> None:
    """Another state of the same stage is the same duty, lent until the same time."""
    engine, clock, item = claimed(store)
    clock.on(hours(2))

    (token,) = engine.perform(item.id, "finish", by="ann").tokens

    assert ("desk.two", "ann", NOON + hours(8)) == (token.state, token.responsible, token.lease)


def test_whoever_is_assigned_is_lent_nothing(store: Store) -> None:
    """An assignment does not run out."""
    engine, clock, item = claimed(store)
    (token,) = engine.perform(item.id, "assign", by="ed", data={"member": "ann"}).tokens
    clock.on(hours(99))

    assert token.lease is None
    assert ("taken",) == refused(engine.perform, item.id, "claim", by="tom")


@pytest.mark.law(22)
def test_the_option_to_claim_changes_when_the_time_is_over(store: Store) -> None:
    """What is offered is what is accepted, at the time it is asked for."""
    engine, clock, item = claimed(store)
    answers = []
    for span in (hours(8) - minutes(1), minutes(1)):
        clock.on(span)
        found = {one.action: one.answer for one in engine.options(item.id, by="tom")}
        answers.append(found["claim"])

    assert ["no", "yes"] == answers
