"""The engine: what it does, what it answers, and that a refusal leaves no trace."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from engines import (
    CHIEF,
    KINDS,
    START,
    Heard,
    engine_on,
    everything,
    open_store,
    post,
    refused,
    store_of,
)
from scenes import LIVE, REVIEW, WRITING, Post

from socialflow import Item, Member, Scope
from socialflow.chain import audit
from socialflow.decisions import rebuild
from socialflow.engine import Engine
from socialflow.errors import (
    ItemExists,
    ItemNotFound,
    NaiveTime,
    StaleItem,
    UnknownAction,
    UnknownMember,
    UnknownWorkflow,
    WrongArgument,
)
from socialflow.protocols import Store
from socialflow.stores.memory import MemoryStore

TITLE = {"title": "a title"}


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return store_of(request, request.param, tmp_path)


@pytest.fixture
def engine(store: Store) -> Engine:
    return engine_on(store)


def walked(engine: Engine) -> Item:
    """An item that has gone back once, been edited, remarked upon and gone out."""
    item = engine.create("post", by="ann", data=TITLE, ref="post:1", scope=Scope(brand="acme"))
    for action, by, told in (
        ("submit", "ann", {}),
        ("send_back", "ed", {"data": {"reason": "dull"}, "to": "writing"}),
        ("edit", "tom", {"data": {"title": "better", "body": "text"}}),
        ("note", "nobody", {"data": {"text": "nice"}}),
        ("submit", "tom", {}),
        ("clear", "ed", {}),
        ("go", "eve", {}),
    ):
        item = engine.perform(item.id, action, by=by, **told)
    return item


# -- doing


def test_a_command_moves_the_item_and_is_kept(engine: Engine) -> None:
    """`perform` returns the item as it then is, and as the store then has it."""
    item = engine.create("post", by="ann", data=TITLE)

    moved = engine.perform(item.id, "submit", by="ann")

    assert (("writing.drafting",), 1) == (item.marking, item.version)
    assert (("review.waiting",), 2) == (moved.marking, moved.version)
    assert moved == engine.item(item.id)


def test_a_history_rebuilds_the_stored_item(engine: Engine, store: Store) -> None:
    """Every entry is there, in order, and together they are the item."""
    item = walked(engine)

    entries = engine.history(item.id)

    assert ["create", "writing.submit", "review.send_back", "edit"] == [
        entry.event.action for entry in entries[:4]
    ]
    assert list(range(1, 9)) == [entry.n for entry in entries]
    assert item == rebuild(entry.event for entry in entries) == engine.item(item.id)
    assert ((), ("end.closed",)) == (audit(store), item.marking)


def test_a_note_takes_no_version(engine: Engine) -> None:
    """So that nobody's `expect` is spoilt by a remark."""
    item = engine.create("post", by="ann", data=TITLE)

    noted = engine.perform(item.id, "note", by="ed", data={"text": "nice"}, expect=1)

    assert item == noted
    assert 2 == engine.perform(item.id, "submit", by="ann", expect=1).version
    assert 3 == len(engine.history(item.id))


def test_data_may_be_an_instance_of_its_form(engine: Engine) -> None:
    """Or a mapping; both are kept the same."""
    one = engine.create("post", by="ann", data=Post("a title"))
    other = engine.create("post", by="ann", data=TITLE)

    assert TITLE == one.data == other.data


def test_an_item_is_adopted_where_it_is(engine: Engine) -> None:
    """It begins in the state that is said, and nothing counts as signed."""
    item = engine.adopt("post", at="live.ready", by="cleo", data=TITLE, ref="post:9")

    assert (("live.ready",), 1, ()) == (item.marking, item.version, item.signatures)
    assert [item] == [engine.item(item.id)]
    assert ["adopt"] == [entry.event.action for entry in engine.history(item.id)]


def test_an_item_is_adopted_only_at_a_state_and_by_right(engine: Engine, store: Store) -> None:
    """Both objections are told; nothing is written."""
    before = everything(store)

    codes = refused(engine.adopt, "post", at="live.redy", by="ann", data=TITLE)

    assert ("role", "to") == codes
    assert before == everything(store)


def test_a_row_of_the_host_has_one_item(engine: Engine) -> None:
    """`find` gives it, and a second one for it is `ItemExists`."""
    item = engine.create("post", by="ann", data=TITLE, ref="post:1")

    with pytest.raises(ItemExists) as taken:
        engine.create("post", by="ann", data=TITLE, ref="post:1")

    assert str(taken.value).startswith("the ref 'post:1' is taken by another item")
    assert item == engine.find(ref="post:1")
    assert engine.find(ref="post:2") is None


def test_an_id_may_be_given_and_is_used_once(engine: Engine) -> None:
    """Else `new_id` makes one."""
    given = engine.create("post", by="ann", data=TITLE, id="mine")
    made = engine.create("post", by="ann", data=TITLE)

    with pytest.raises(ItemExists):
        engine.create("post", by="ann", data=TITLE, id="mine")

    assert ("mine", "item 1") == (given.id, made.id)


def test_the_expected_version_is_demanded(engine: Engine, store: Store) -> None:
    """Any other is `StaleItem`, whatever the command; nothing is written."""
    item = engine.create("post", by="ann", data=TITLE)
    engine.perform(item.id, "submit", by="ann", expect=1)
    before = everything(store)

    for version in (0, 1, 3):
        with pytest.raises(StaleItem) as caught:
            engine.perform(item.id, "clear", by="ed", expect=version)
        assert (version, 2) == (caught.value.expected, caught.value.found)

    assert before == everything(store)


@pytest.mark.parametrize(
    ("action", "told", "codes"),
    [
        ("submit", {"by": "ed"}, ("role",)),
        ("clear", {"by": "ed"}, ("state",)),
        ("submit", {"by": "ann", "data": {"reason": "x"}}, ("data",)),
        ("submit", {"by": "ann", "to": "live"}, ("to",)),
        ("submit", {"by": "zoe"}, ("unknown_member",)),
        ("submit", {"by": Member("system")}, ("reserved",)),
        ("submit", {"by": "system"}, ("reserved",)),
        ("edit", {"by": "ann", "data": {"titel": "x"}}, None),
        ("edit", {"by": "ann", "data": {"title": 7}}, None),
        ("release", {"by": "ann"}, ("not_yours",)),
    ],
)
def test_a_refused_command_changes_nothing(
    engine: Engine, store: Store, action: str, told: dict[str, Any], codes: tuple[str, ...] | None
) -> None:
    """No row, no event, no duty, no signal; with a key or without, which stays free."""
    item = engine.create("post", by="ann", data=TITLE)
    heard, before = Heard(engine), everything(store)

    for key in (None, "k"):
        seen = refused(engine.perform, item.id, action, key=key, **told)
        assert seen
        if codes is not None:
            assert codes == seen

    assert before == everything(store)
    assert [] == heard.names
    assert 2 == engine.perform(item.id, "submit", by="ann", key="k").version


def test_a_refused_birth_changes_nothing(engine: Engine, store: Store) -> None:
    """Not even the definition is kept."""
    heard, before = Heard(engine), everything(store)

    for told in ({"by": "zoe", "data": TITLE}, {"by": "ann"}, {"by": "ann", "data": {"body": 7}}):
        for key in (None, "k"):
            assert refused(engine.create, "post", key=key, **told)

    assert before == everything(store)
    assert [] == heard.names


def test_what_no_workflow_could_answer_is_the_callers_error(engine: Engine, store: Store) -> None:
    """Unknown workflows, actions, items and members; nothing is written."""
    item = engine.create("post", by="ann", data=TITLE)
    before = everything(store)

    for error, call in (
        (UnknownWorkflow, lambda: engine.create("pots", by="ann", data=TITLE)),
        (UnknownAction, lambda: engine.perform(item.id, "submitt", by="ann")),
        (UnknownAction, lambda: engine.perform(item.id, "submitt", by="ann", key="k")),
        (UnknownAction, lambda: engine.preview(item.id, "submitt", by="ann")),
        (UnknownAction, lambda: engine.why_not(item.id, "submitt", by="ann")),
        (ItemNotFound, lambda: engine.perform("nobody", "submit", by="ann")),
        (ItemNotFound, lambda: engine.preview("nobody", "submit", by="ann")),
        (ItemNotFound, lambda: engine.item("nobody")),
        (ItemNotFound, lambda: engine.history("nobody")),
        (ItemNotFound, lambda: engine.options("nobody", by="ann")),
        (UnknownMember, lambda: engine.options(item.id, by="zoe")),
        (UnknownMember, lambda: engine.why_not(item.id, "submit", by="zoe")),
    ):
        with pytest.raises(error):
            call()

    assert before == everything(store)


def test_a_host_may_vouch_for_a_member(store: Store) -> None:
    """Then the directory is not asked, and the history keeps the id and the roles."""
    engine = engine_on(store, people=None)
    guest = Member("guest", "author")

    item = engine.create("post", by=guest, data=TITLE)
    engine.perform(item.id, "submit", by=guest)

    event = engine.history(item.id)[-1].event
    assert ("guest", ("author",)) == (event.by, event.roles)
    assert ("unknown_member",) == refused(engine.perform, item.id, "clear", by="ed")


# -- time


def test_a_clock_without_a_zone_is_told(store: Store) -> None:
    """Nothing is written under a time that could be any of twenty-four."""
    engine = engine_on(store, clock=lambda: datetime(2026, 5, 1, 12))

    with pytest.raises(NaiveTime, match="the engine's clock"):
        engine.create("post", by="ann", data=TITLE)

    assert everything(open_store("memory", Path()))[:5] == everything(store)[:5]


def test_times_are_kept_in_utc(store: Store) -> None:
    """Whatever zone the clock is in, it is the same moment."""
    there = START.astimezone(timezone(timedelta(hours=5, minutes=30)))
    engine = engine_on(store, clock=lambda: there)

    item = engine.create("post", by="ann", data=TITLE)

    assert START == item.tokens[0].entered
    assert timedelta(0) == item.tokens[0].entered.utcoffset()
    assert START == engine.history(item.id)[0].event.at


def test_an_engine_keeps_nothing_between_calls(store: Store) -> None:
    """Two engines over one store are as good as one."""
    one, other = engine_on(store), engine_on(store)
    item = one.create("post", by="ann", data=TITLE)

    other.perform(item.id, "submit", by="ann")

    assert ("review.waiting",) == one.item(item.id).marking
    assert 3 == one.perform(item.id, "clear", by="ed").version


def test_the_defaults_make_an_engine_that_works() -> None:
    """A store and a workflow are enough: the clock is UTC, ids are new, nobody is in the team."""
    engine = Engine(MemoryStore(), [post(WRITING, REVIEW, LIVE)])

    first, second = (engine.create("post", by=CHIEF, data=TITLE) for _ in range(2))

    assert first.id != second.id
    assert timedelta(0) == first.tokens[0].entered.utcoffset()


def test_an_item_has_an_id_that_it_is_found_by(engine: Engine) -> None:
    """An empty one comes before every list, and would never be in it."""
    before = everything(engine.store)

    with pytest.raises(WrongArgument, match="id must be a text that is not empty, not ''"):
        engine.create("post", by="ann", id="", data=TITLE)

    assert before == everything(engine.store)
