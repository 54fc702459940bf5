"""Retiring: what has to stay is told, with the reason, and what would help."""

from __future__ import annotations

from datetime import timedelta

import pytest
from parcel_office import START, Office

from socialflow import Engine, Member, Team
from socialflow.content import social_content
from socialflow.errors import NaiveTime
from socialflow.outbox import Outbox
from socialflow.retiring import held_back, retire
from socialflow.stores.memory import MemoryStore

LONG_AFTER = START + timedelta(days=400)


def retired(office: Office) -> tuple[str, ...]:
    return retire(
        office.store, ended_before=LONG_AFTER, by="dpo", reason="kept for a year", at=LONG_AFTER
    )


def test_what_stays_is_told_with_its_reasons() -> None:
    """An effect that is queued, by its key; what is open still is nobody's question."""
    office = Office()
    office.pack("a", "ring", "shred")
    office.pack("b", "shred")
    office.pack("c")

    assert ("b",) == retired(office)

    (held,) = held_back(office.store, ended_before=LONG_AFTER)
    assert ("a", "a/2/0") == (held.item, held.effect)
    assert "a: its effect notify (a/2/0) is queued" == str(held)


def test_what_has_not_ended_long_enough_ago_is_not_held_back() -> None:
    """It is not its time yet."""
    office = Office()
    office.pack("a", "ring", "shred")

    assert () == held_back(office.store, ended_before=START)
    with pytest.raises(NaiveTime):
        held_back(office.store, ended_before=START.replace(tzinfo=None))


def test_an_effect_that_nobody_will_deliver_is_dropped_and_its_item_retired() -> None:
    """By somebody who may speak for the item, in its history; audits find nothing."""
    office = Office()
    office.pack("a", "ring", "shred")

    for held in held_back(office.store, ended_before=LONG_AFTER):
        office.outbox.resolve(held.effect, "drop", by="cleo", evidence="nobody is told by us")

    last = office.engine.history("a")[-1].event
    assert ("note", "cleo") == (last.action, last.by)
    assert ["dead"] == office.states()
    assert () == held_back(office.store, ended_before=LONG_AFTER)
    assert ("a",) == retired(office)


def test_a_rejected_post_of_the_department_is_retired() -> None:
    """Its notice is dropped first: no channel takes it."""
    roles = {"lea": "department_lead", "ina": "intern"}
    team = Team(Member(id, role) for id, role in roles.items())
    engine = Engine(MemoryStore(), social_content(), team, clock=lambda: START)
    post = engine.create("social_content", by="ina", data={"title": "No"})
    engine.perform(post.id, "reject", by="lea", data={"reason": "too late"})
    told = {"by": "dpo", "reason": "kept for a year", "at": LONG_AFTER}

    assert () == retire(engine.store, ended_before=LONG_AFTER, **told)
    held = held_back(engine.store, ended_before=LONG_AFTER)
    assert [(post.id, f"{post.id}/2/0")] == [(one.item, one.effect) for one in held]
    Outbox(engine, {}).resolve(held[0].effect, "drop", by="lea", evidence="they know")

    assert (post.id,) == retire(engine.store, ended_before=LONG_AFTER, **told)
