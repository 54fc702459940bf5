"""Signals: what an engine tells after the commit, to whom, and in which order."""

from __future__ import annotations

import gc
import logging
from pathlib import Path
from typing import Any

import attrs
import pytest
from engines import KINDS, Heard, engine_on, post, store_of
from scenes import ANN, REVIEW, WRITING, finish, stage

from socialflow import Event, Item
from socialflow.engine import Engine
from socialflow.protocols import Store
from socialflow.signals import Signals

TITLE = {"title": "a title"}
NAMES = tuple(field.name for field in attrs.fields(Signals))


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return store_of(request, request.param, tmp_path)


@pytest.fixture
def engine(store: Store) -> Engine:
    return engine_on(store)


def test_a_birth_is_told(engine: Engine) -> None:
    """An item was created, a command performed, and the item has moved to where it began."""
    heard = Heard(engine)

    item = engine.create("post", by="ann", data=TITLE)

    assert ["created", "performed", "moved"] == heard.names
    for name, told in heard.told:
        assert item == told["item"]
        assert "create" == told["event"].action
        assert ("before" in told) == (name != "created")
        assert told.get("before") is None


def test_each_command_is_told_as_what_it_was(engine: Engine) -> None:
    """Always as performed; as moved, edited or ended only where that has happened."""
    item = engine.create("post", by="ann", data=TITLE)
    heard = Heard(engine)

    for action, by, told, expected in (
        ("edit", "ann", {"data": {"title": "new"}}, ["performed", "edited"]),
        ("edit", "ann", {"data": {"title": "new"}}, ["performed"]),
        ("note", "ed", {"data": {"text": "nice"}}, ["performed"]),
        ("claim", "ann", {}, ["performed"]),
        ("submit", "ann", {}, ["performed", "moved"]),
        (
            "send_back",
            "ed",
            {"data": {"reason": "no"}, "to": "end.rejected"},
            ["performed", "moved", "ended"],
        ),
        ("note", "ed", {"data": {"text": "a pity"}}, ["performed"]),
    ):
        heard.told.clear()
        engine.perform(item.id, action, by=by, **told)
        assert expected == heard.names, action


def test_an_item_that_is_adopted_at_its_end_has_ended(engine: Engine) -> None:
    """All that is true of it is told at once."""
    heard = Heard(engine)

    engine.adopt("post", at="end.closed", by="cleo", data=TITLE)

    assert ["created", "performed", "moved", "ended"] == heard.names


def test_a_signal_brings_the_item_before_and_after(engine: Engine) -> None:
    """And the event between the two."""
    before = engine.create("post", by="ann", data=TITLE)
    heard = Heard(engine)

    after = engine.perform(before.id, "submit", by="ann")

    for _, told in heard.told:
        assert (before, after) == (told["before"], told["item"])
        assert engine.history(before.id)[-1].event == told["event"]


def test_a_signal_comes_after_the_commit(engine: Engine) -> None:
    """A receiver finds the item as it was told, and may go on with it."""
    seen: list[Any] = []

    def receiver(sender: Engine, item: Item, event: Event, before: Item | None) -> None:
        seen.append((sender is engine, engine.item(item.id) == item, event.action))
        if event.action == "writing.submit":
            engine.perform(item.id, "clear", by="ed")

    engine.signals.performed.connect(receiver)
    item = engine.create("post", by="ann", data=TITLE)

    returned = engine.perform(item.id, "submit", by="ann")

    assert [
        (True, True, "create"),
        (True, True, "writing.submit"),
        (True, True, "review.clear"),
    ] == seen
    assert (2, 3) == (returned.version, engine.item(item.id).version)


def test_a_receiver_that_fails_does_not_stop_the_others(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, with its name and what went wrong; the command has been carried out."""
    called: list[str] = []

    def broken(sender: Engine, **told: Any) -> None:
        called.append("broken")
        raise RuntimeError("the mail server is down")

    def fine(sender: Engine, **told: Any) -> None:
        called.append("fine")

    for receiver in (broken, fine):
        engine.signals.performed.connect(receiver)
        engine.signals.moved.connect(receiver)

    with caplog.at_level(logging.ERROR, logger="socialflow.signals"):
        item = engine.create("post", by="ann", data=TITLE)

    assert item == engine.item(item.id)
    assert (2, 2) == (called.count("broken"), called.count("fine"))
    assert 2 == len(caplog.records)
    for record in caplog.records:
        assert "broken of " in record.getMessage()
        assert f"failed at create of {item.id}" in record.getMessage()
        assert record.exc_info is not None
        assert "the mail server is down" == str(record.exc_info[1])


def test_a_receiver_is_not_kept_alive(engine: Engine) -> None:
    """References are weak: who wants to hear on keeps the receiver."""
    called: list[str] = []

    def connect() -> None:
        def receiver(sender: Engine, **told: Any) -> None:
            called.append("gone")

        engine.signals.created.connect(receiver)

    connect()
    gc.collect()

    engine.create("post", by="ann", data=TITLE)

    assert [] == called
    assert not engine.signals.created.receivers


def test_a_receiver_may_be_kept_by_the_signal(engine: Engine) -> None:
    """With weak=False, as in blinker."""
    called: list[str] = []
    engine.signals.created.connect(lambda sender, **told: called.append("kept"), weak=False)
    gc.collect()

    engine.create("post", by="ann", data=TITLE)

    assert ["kept"] == called


def test_a_receiver_that_disconnects_itself_harms_nobody(engine: Engine) -> None:
    """It hears once; the others go on hearing."""
    heard = Heard(engine)
    called: list[str] = []

    def once(sender: Engine, **told: Any) -> None:
        engine.signals.performed.disconnect(once)
        called.append("once")

    engine.signals.performed.connect(once)

    for _ in range(2):
        engine.create("post", by="ann", data=TITLE)

    assert (["once"], 2) == (called, heard.names.count("performed"))


def test_each_engine_has_signals_of_its_own(store: Store) -> None:
    """Whoever listens to one does not hear the other, though both are on one store."""
    one, other = engine_on(store), engine_on(store)
    heard, overheard = Heard(one), Heard(other)

    one.create("post", by="ann", data=TITLE)

    assert heard.told
    assert [] == overheard.told
    assert not any(getattr(one.signals, n) is getattr(other.signals, n) for n in NAMES)


def test_nothing_is_told_that_was_not_committed(engine: Engine) -> None:
    """A change that the store turns down at the last moment makes no sound."""
    engine.create("post", by="ann", data=TITLE, id="one")
    heard = Heard(engine)

    for told in ({"id": "one"}, {"by": "zoe"}):
        with pytest.raises(Exception, match=r"one|zoe"):
            engine.create("post", **({"by": ANN, "data": TITLE} | told))

    assert [] == heard.told


def test_signals_come_in_the_order_of_the_commands(engine: Engine) -> None:
    """One command's all together, before those of the next."""
    heard = Heard(engine)
    item = engine.create("post", by="ann", data=TITLE)
    engine.perform(item.id, "submit", by="ann")
    engine.perform(item.id, "clear", by="ed")

    versions = [told["item"].version for _, told in heard.told]

    assert sorted(versions) == versions
    assert [1, 1, 1, 2, 2, 3, 3] == versions


def test_moves_that_follow_by_themselves_are_one_signal(store: Store) -> None:
    """The event tells every step; the item has moved once, from where it was to where it is."""
    engine = engine_on(store, post(stage("desk", finish()), WRITING, REVIEW))
    item = engine.create("post", by="ann", data=TITLE)
    heard = Heard(engine)

    engine.perform(item.id, "finish", by="ann")

    assert ["performed", "moved"] == heard.names
    event = heard.told[1][1]["event"]
    assert 2 <= len(event.moves)
