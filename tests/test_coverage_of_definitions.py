"""Coverage of a definition: what tests have met of it, and what they have not."""

from __future__ import annotations

import json

import pytest
from blogs import BLOG, CALENDAR
from blogs import TEAM as WRITERS
from parcels import PARCEL, TEAM

from socialflow import Engine, Refused
from socialflow.judges import Judge
from socialflow.stores.memory import MemoryStore
from socialflow.testing import Coverage, obligations


def test_what_was_met_is_counted_and_what_was_not_is_named() -> None:
    """States, actions, outcomes of rules and refusals, of every engine there is meanwhile."""
    with Coverage() as coverage:
        engine = Engine(MemoryStore(), PARCEL, TEAM)
        item = engine.create("parcel", by="cleo", data={"title": "a box"})
        engine.perform(item.id, "send", by="cleo")
        with pytest.raises(Refused):
            engine.perform(item.id, "snatch", by="gus")
    engine.perform(item.id, "snatch", by="cleo")

    met = coverage.of(PARCEL)

    assert 1 == met.parts["states"]["desk.packed"] == met.parts["states"]["desk.sending"]
    assert {"desk.send": 1, "desk.snatch": 0}.items() <= met.parts["actions"].items()
    assert 1 == met.parts["refusals"]["desk.snatch to somebody without the role"]
    assert "actions: desk.snatch" in met.missing
    assert str(met).startswith("parcel: 2 of 7 states, 1 of 11 actions, 0 of 0 outcomes of rules")


def test_the_outcomes_of_rules_are_those_that_were_seen() -> None:
    """A rule that has only held was never seen to object."""
    with Coverage() as coverage:
        engine = Engine(MemoryStore(), BLOG, WRITERS)
        item = engine.create("blog", by="ann", data={"title": "t", "body": "b"})
        engine.perform(item.id, "submit", by="ann")

    outcomes = coverage.of(BLOG).parts["outcomes of rules"]

    assert 1 == outcomes["has(field='body') of writing.submit holds"]
    assert 0 == outcomes["has(field='body') of writing.submit objects"]


def test_the_obligations_of_a_definition_cover_it() -> None:
    """Every state, action, outcome and refusal that can be met: only the responsible may take it,
    and nobody without the role can be that.
    """
    suite = obligations(BLOG, WRITERS, facts=CALENDAR)

    with Coverage() as coverage:
        engine = suite.engine()
        for case in suite:
            if case.kind in ("accepted", "refused"):
                case.run(engine)

    assert ("refusals: release.take to somebody without the role",) == coverage.of(BLOG).missing
    assert 0.97 < coverage.of(BLOG).ratio < 1.0


def test_it_is_told_as_json_by_workflow() -> None:
    """For programs: every name with how often it was met."""
    with Coverage() as coverage:
        Engine(MemoryStore(), PARCEL, TEAM).create("parcel", by="gus", data={"title": "t"})

    told = json.loads(coverage.to_json())

    assert ["parcel"] == list(told)
    assert 1 == told["parcel"]["states"]["desk.packed"]
    assert 0 < told["parcel"]["ratio"] < 0.1


def test_afterwards_nobody_is_watched() -> None:
    """What was put in the way is taken out again, after an exception too."""
    before = Judge.decide

    with pytest.raises(RuntimeError), Coverage():
        raise RuntimeError

    assert before is Judge.decide
