"""What may be asked of an engine, and that its answers are those that a command would get."""

from __future__ import annotations

from pathlib import Path

import pytest
from engines import KINDS, TEAM, Heard, engine_on, everything, post, refused, store_of
from scenes import finish, stage

from socialflow import Member, Parallel
from socialflow.engine import Engine
from socialflow.protocols import Store

TITLE = {"title": "a title"}


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return store_of(request, request.param, tmp_path)


@pytest.fixture
def engine(store: Store) -> Engine:
    return engine_on(store)


def test_a_preview_writes_nothing(engine: Engine, store: Store) -> None:
    """It is the item as the command would make it, or refused as the command would be."""
    item = engine.create("post", by="ann", data=TITLE)
    heard, before = Heard(engine), everything(store)

    seen = engine.preview(item.id, "submit", by="ann")
    codes = refused(engine.preview, item.id, "submit", by="ed")

    assert before == everything(store)
    assert [] == heard.names
    done = engine.perform(item.id, "submit", by="ann")
    assert (seen.marking, seen.version) == (done.marking, done.version)
    assert codes == ("role",)


def test_options_say_yes_exactly_where_perform_succeeds(engine: Engine) -> None:
    """For every member and every action of an item on its way."""
    item = engine.create("post", by="ann", data=TITLE)
    engine.perform(item.id, "submit", by="ann")

    for member in TEAM.members:
        for option in engine.options(item.id, by=member.id):
            if option.answer == "needs data":
                continue
            if option.answer == "yes":
                assert engine.preview(item.id, option.action, by=member.id)
            else:
                assert option.refusal is not None
                codes = refused(engine.preview, item.id, option.action, by=member.id)
                assert set(option.refusal.codes) <= set(codes)


def test_why_not_tells_everything_that_stands_in_the_way(engine: Engine) -> None:
    """None, where nothing does; `state`, where the action is not open."""
    item = engine.create("post", by="ann", data=TITLE)

    assert engine.why_not(item.id, "submit", by="ann") is None
    assert engine.why_not(item.id, "writing.submit", by="ann") is None
    for action, by, codes in (
        ("submit", "ed", ("role",)),
        ("clear", "ed", ("state",)),
        ("review.clear", "ann", ("state",)),
        ("release", "ann", ("not_yours",)),
    ):
        refusal = engine.why_not(item.id, action, by=by)
        assert refusal is not None
        assert codes == refusal.codes


def test_why_not_and_perform_give_the_same_reasons(store: Store) -> None:
    """Also where a short name stands for actions of two open stages."""
    wide = post(Parallel(stage("left", finish()), stage("right", finish())))
    engine = engine_on(store, wide)
    item = engine.create("post", by="ann", data=TITLE)

    refusal = engine.why_not(item.id, "finish", by="ann")

    assert ("ambiguous",) == refused(engine.perform, item.id, "finish", by="ann")
    assert refusal is not None
    assert ("ambiguous",) == refusal.codes
    assert engine.why_not(item.id, "left.finish", by="ann") is None


def test_who_can_names_those_who_could(engine: Engine) -> None:
    """Members of the directory, by id, to whom nothing stands in the way now."""
    item = engine.create("post", by="ann", data=TITLE)
    assert ["ann", "tom"] == [member.id for member in engine.who_can(item.id, "submit")]
    assert [] == list(engine.who_can(item.id, "clear"))

    engine.perform(item.id, "submit", by="ann")

    assert ["ed", "eve"] == [member.id for member in engine.who_can(item.id, "review.clear")]
    assert ["ed", "eve"] == [member.id for member in engine.who_can(item.id, "send_back")]
    assert [m.id for m in sorted(TEAM.members, key=lambda m: m.id)] == [
        member.id for member in engine.who_can(item.id, "note")
    ]


def test_four_eyes_counts_for_who_can(store: Store) -> None:
    """An editor who wrote content is not among those who can clear it."""
    both = Member("bo", ("author", "editor"))
    people = type(TEAM)((*TEAM.members, both))
    engine = engine_on(store, people=people)
    item = engine.create("post", by="bo", data=TITLE)
    engine.perform(item.id, "submit", by="bo")

    assert ["ed", "eve"] == [member.id for member in engine.who_can(item.id, "clear")]
    refusal = engine.why_not(item.id, "clear", by="bo")
    assert refusal is not None
    assert ("four_eyes",) == refusal.codes


def test_a_worklist_is_read_in_pages(engine: Engine) -> None:
    """Longest waiting first; behind the last duty of a page comes the next page."""
    ids = [engine.create("post", by="ann", data=TITLE).id for _ in range(7)]
    engine.perform(ids[2], "claim", by="tom")

    whole = engine.worklist()
    pages, last = [], None
    while page := engine.worklist(after=last, limit=3):
        pages.append([duty.item for duty in page])
        last = page[-1]

    assert ids == [duty.item for duty in whole]
    assert [ids[:3], ids[3:6], ids[6:]] == pages
    assert [ids[2]] == [duty.item for duty in engine.worklist("tom")]
    assert [] == list(engine.worklist("ann"))
    assert 7 == len(engine.worklist(stage="writing"))
    assert 0 == len(engine.worklist(state="writing.submitted"))
