"""Idempotency keys, expected versions and other writers: what happens once, and what again."""

from __future__ import annotations

from pathlib import Path

import pytest
from engines import KINDS, Heard, engine_on, everything, store_of
from scenes import EVE

from socialflow import Refused, Scope
from socialflow.bulk import Task
from socialflow.cases import Case, Verdict
from socialflow.engine import Engine
from socialflow.errors import ItemExists, KeyTaken, StaleItem, WrongArgument
from socialflow.policies import BY_ROLE
from socialflow.protocols import Store
from socialflow.testing import OvertakenStore
from socialflow.writers import ATTEMPTS

TITLE = {"title": "a title"}


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return store_of(request, request.param, tmp_path)


@pytest.fixture
def engine(store: Store) -> Engine:
    return engine_on(store)


# -- the same key, the same command


def test_a_birth_given_twice_happens_once(engine: Engine, store: Store) -> None:
    """The second call is answered with the item of the first, though it would have a new id."""
    first = engine.create("post", by="ann", data=TITLE, ref="post:1", key="k")
    heard, before = Heard(engine), everything(store)

    again = engine.create("post", by="ann", data=TITLE, ref="post:1", key="k")

    assert first == again
    assert before == everything(store)
    assert [] == heard.names


def test_an_adoption_given_twice_happens_once(engine: Engine, store: Store) -> None:
    """As a birth does."""
    first = engine.adopt("post", at="live.ready", by="cleo", data=TITLE, key="k")
    before = everything(store)

    assert first == engine.adopt("post", at="live.ready", by="cleo", data=TITLE, key="k")
    assert before == everything(store)


def test_a_command_given_twice_happens_once(engine: Engine, store: Store) -> None:
    """It is answered with the item as it was then, whatever has happened since."""
    item = engine.create("post", by="ann", data=TITLE)
    then = engine.perform(item.id, "submit", by="ann", key="k")
    engine.perform(item.id, "clear", by="ed")
    engine.perform(item.id, "go", by="ed")
    heard, before = Heard(engine), everything(store)

    again = engine.perform(item.id, "submit", by="ann", key="k")

    assert then == again
    assert (("review.waiting",), 2) == (again.marking, again.version)
    assert before == everything(store)
    assert [] == heard.names


def test_a_command_that_stays_open_given_twice_happens_once(engine: Engine, store: Store) -> None:
    """Also where nothing but the key tells the second from a new command."""
    item = engine.create("post", by="ann", data=TITLE)
    edit = {"by": "ann", "data": {"title": "better"}, "key": "k"}
    note = {"by": "ed", "data": {"text": "nice"}, "key": "n"}
    edited = engine.perform(item.id, "edit", **edit)
    noted = engine.perform(item.id, "note", **note)
    engine.perform(item.id, "edit", by="tom", data={"title": "best"})
    before = everything(store)

    assert edited == engine.perform(item.id, "edit", **edit)
    assert noted == engine.perform(item.id, "note", **note)
    assert before == everything(store)


def test_a_command_with_an_expected_version_given_twice_happens_once(engine: Engine) -> None:
    """That the version has moved on is its own doing."""
    item = engine.create("post", by="ann", data=TITLE)
    then = engine.perform(item.id, "submit", by="ann", expect=1, key="k")

    assert then == engine.perform(item.id, "submit", by="ann", expect=1, key="k")
    with pytest.raises(StaleItem):
        engine.perform(item.id, "submit", by="ann", expect=1, key="other")


def test_another_process_gives_the_same_answer(engine: Engine, store: Store) -> None:
    """The answer is in the store, not in the engine."""
    item = engine.create("post", by="ann", data=TITLE, key="c")
    then = engine.perform(item.id, "submit", by="ann", key="k")

    other = engine_on(store, new_id=lambda: "another id")

    assert then == other.perform(item.id, "submit", by="ann", key="k")
    assert item == other.create("post", by="ann", data=TITLE, key="c")


@pytest.mark.parametrize("key", ["0", " ", "it's\n🦊", "k" * 4_000])
def test_any_text_is_a_key(engine: Engine, store: Store, key: str) -> None:
    """But for the empty one; None is no key."""
    item = engine.create("post", by="ann", data=TITLE, key=key)
    before = everything(store)

    assert item == engine.create("post", by="ann", data=TITLE, key=key)
    assert before == everything(store)


def test_the_empty_text_is_no_key(engine: Engine, store: Store) -> None:
    """An empty header would be the same key for everybody; nothing is written."""
    item = engine.create("post", by="ann", data=TITLE)
    before = everything(store)

    for call in (
        lambda: engine.create("post", by="ann", data=TITLE, key=""),
        lambda: engine.perform(item.id, "submit", by="ann", key=""),
        lambda: engine.perform_many([Task(item.id, "submit", key="")], by="ann"),
        lambda: engine.perform_many([Task(item.id, "submit")], by="ann", key=""),
    ):
        with pytest.raises(WrongArgument, match="key must be a text that is not empty, not ''"):
            call()
    assert before == everything(store)


def test_a_key_of_a_refused_command_stays_free(engine: Engine) -> None:
    """Nothing happened under it: the same key may be tried again later."""
    item = engine.create("post", by="ann", data=TITLE)
    with pytest.raises(Refused):
        engine.perform(item.id, "clear", by="ed", key="k")
    engine.perform(item.id, "submit", by="ann")

    assert 3 == engine.perform(item.id, "clear", by="ed", key="k").version


# -- the same key, another command


@pytest.mark.parametrize(
    "changed",
    [
        {"action": "note", "data": {"text": "x"}},
        {"by": "tom"},
        {"data": {"title": "other"}},
        {"item": "other"},
        {"waive": {"four_eyes": "a holiday"}},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_key_belongs_to_one_command(engine: Engine, store: Store, changed: dict) -> None:
    """Another action, member, data, item or waiver under it is refused, and tells what it was."""
    item = engine.create("post", by="ann", data=TITLE)
    other = engine.create("post", by="ann", data=TITLE)
    told = {"item": item.id, "action": "edit", "by": "ann", "data": {"title": "new"}}
    _perform(engine, **told)
    before = everything(store)

    told |= {"item": other.id} if "item" in changed else changed
    with pytest.raises(Refused) as caught:
        _perform(engine, **told)

    [objection] = caught.value.refusal
    assert ("key_reused", item.id, "edit", "ann") == (
        objection.code,
        *(objection.facts[name] for name in ("item", "action", "by")),
    )
    assert before == everything(store)


def _perform(engine: Engine, item: str, action: str, **told: object) -> object:
    return engine.perform(item, action, key="k", **told)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changed",
    [
        {"by": "tom"},
        {"data": {"title": "other"}},
        {"ref": "post:2"},
        {"scope": Scope(brand="acme")},
        {"id": "another"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_key_belongs_to_one_birth(engine: Engine, store: Store, changed: dict) -> None:
    """Another member, data, row, scope or id under it is refused."""
    told = {"by": "ann", "data": TITLE, "ref": "post:1", "id": "one", "key": "k"}
    engine.create("post", **told)
    before = everything(store)

    with pytest.raises(Refused) as caught:
        engine.create("post", **(told | changed))

    assert ("key_reused",) == caught.value.refusal.codes
    assert before == everything(store)


def test_a_key_is_for_births_and_commands_alike(engine: Engine) -> None:
    """Neither may use one of the other."""
    item = engine.create("post", by="ann", data=TITLE, key="birth")
    engine.perform(item.id, "submit", by="ann", key="command")

    for call in (
        lambda: engine.create("post", by="ann", data=TITLE, key="command"),
        lambda: engine.adopt("post", at="live.ready", by="cleo", data=TITLE, key="birth"),
        lambda: engine.perform(item.id, "clear", by="ed", key="birth"),
    ):
        with pytest.raises(Refused) as caught:
            call()
        assert ("key_reused",) == caught.value.refusal.codes


def test_a_key_is_looked_up_also_where_the_command_is_refused(engine: Engine) -> None:
    """A repeated command that is not open any more is answered, another one is `key_reused`."""
    item = engine.create("post", by="ann", data=TITLE)
    then = engine.perform(item.id, "submit", by="ann", key="k")

    assert then == engine.perform(item.id, "submit", by="ann", key="k")
    with pytest.raises(Refused) as caught:
        engine.perform(item.id, "submit", by="ed", key="k")
    assert ("key_reused",) == caught.value.refusal.codes


# -- other writers


def test_a_stale_item_is_decided_again(store: Store) -> None:
    """On fresh state: the other writer's work stays, and both are in the history."""
    other = engine_on(store)
    item = other.create("post", by="ann", data=TITLE)
    once = iter([lambda: other.perform(item.id, "edit", by="tom", data={"body": "theirs"})])
    between = OvertakenStore(store, lambda: next(once, lambda: None)())
    engine = engine_on(between)
    heard = Heard(engine)

    after = engine.perform(item.id, "edit", by="ann", data={"title": "ours"})

    assert {"title": "ours", "body": "theirs"} == after.data
    assert (3, 2) == (after.version, between.attempts)
    assert ["performed", "edited"] == heard.names
    assert "theirs" == heard.told[0][1]["before"].data["body"]


def test_a_command_that_is_no_longer_open_is_refused_after_all(store: Store) -> None:
    """What was right when it was read may be wrong by the time it is written."""
    other = engine_on(store)
    item = other.create("post", by="ann", data=TITLE)
    once = iter([lambda: other.perform(item.id, "submit", by="tom")])
    engine = engine_on(OvertakenStore(store, lambda: next(once, lambda: None)()))

    with pytest.raises(Refused) as caught:
        engine.perform(item.id, "submit", by="ann")

    assert ("state",) == caught.value.refusal.codes
    assert 2 == other.item(item.id).version


def test_the_engine_does_not_try_for_ever(store: Store) -> None:
    """After a bounded number of attempts the caller is told."""
    other = engine_on(store)
    item = other.create("post", by="ann", data=TITLE)
    between = OvertakenStore(
        store, lambda: other.perform(item.id, "edit", by="tom", data={"title": "theirs"})
    )
    engine = engine_on(between)
    heard = Heard(engine)

    with pytest.raises(StaleItem):
        engine.perform(item.id, "edit", by="ann", data={"title": "ours"})

    assert ATTEMPTS == between.attempts
    assert ("theirs", []) == (other.item(item.id).data["title"], heard.names)


def test_an_expected_version_is_not_decided_again(store: Store) -> None:
    """Whoever says which version they saw wants to be told that it has moved on."""
    other = engine_on(store)
    item = other.create("post", by="ann", data=TITLE)
    once = iter([lambda: other.perform(item.id, "edit", by="tom", data={"body": "theirs"})])
    between = OvertakenStore(store, lambda: next(once, lambda: None)())

    with pytest.raises(StaleItem):
        engine_on(between).perform(item.id, "edit", by="ann", data={"title": "ours"}, expect=1)

    assert 1 == between.attempts
    assert 2 == other.item(item.id).version


@pytest.mark.parametrize("store", KINDS[2:], indirect=True)
def test_a_note_in_between_is_no_other_version(store: Store) -> None:
    """Whoever expects a version is not told that it has moved on when somebody has remarked on it.

    In memory nobody comes in between.
    """
    other = engine_on(store)
    item = other.create("post", by="ann", data=TITLE)
    note = {"by": "tom", "data": {"text": "x"}}
    once = iter([lambda: other.perform(item.id, "note", **note)])

    class Noting:
        def judge(self, case: Case) -> Verdict:
            next(once, lambda: None)()
            return BY_ROLE.judge(case)

    after = engine_on(store, policy=Noting()).perform(item.id, "submit", by="ann", expect=1)

    assert (2, ("review.waiting",)) == (after.version, after.marking)
    assert ["create", "note", "writing.submit"] == [
        entry.event.action for entry in other.history(item.id)
    ]


def test_the_same_command_from_two_sides_happens_once(store: Store) -> None:
    """Also if the store tells of the taken key only on leaving the unit of work."""
    other = engine_on(store)
    item = other.create("post", by="ann", data=TITLE)
    edit = {"by": "ann", "data": {"title": "new"}, "key": "k"}
    theirs = []
    between = OvertakenStore(store, lambda: theirs.append(other.perform(item.id, "edit", **edit)))

    ours = engine_on(between).perform(item.id, "edit", **edit)

    assert theirs
    assert all(ours == one for one in theirs)
    assert 2 == len(other.history(item.id))


def test_the_same_expectation_from_two_sides_happens_once(store: Store) -> None:
    """That the version has moved on is the doing of the same command: it is answered."""
    other = engine_on(store)
    item = other.create("post", by="ann", data=TITLE)
    edit = {"by": "ann", "data": {"title": "new"}, "key": "k", "expect": 1}
    theirs = []
    between = OvertakenStore(store, lambda: theirs.append(other.perform(item.id, "edit", **edit)))

    assert engine_on(between).perform(item.id, "edit", **edit) == theirs[0]
    assert 2 == len(other.history(item.id))


def test_the_same_birth_from_two_sides_happens_once(store: Store) -> None:
    """The later one is answered with the item of the earlier one."""
    other = engine_on(store)
    birth = {"by": "ann", "data": TITLE, "ref": "post:1", "key": "k"}
    theirs = []
    between = OvertakenStore(store, lambda: theirs.append(other.create("post", **birth)))

    ours = engine_on(between, new_id=lambda: "mine").create("post", **birth)

    assert [ours] == theirs
    assert 1 == len(other.worklist())


def test_two_births_for_one_row_leave_one_item(store: Store) -> None:
    """Without a key the later one is told, on leaving the unit of work as well."""
    other = engine_on(store)
    between = OvertakenStore(
        store, lambda: other.create("post", by="tom", data=TITLE, ref="post:1")
    )

    with pytest.raises(ItemExists):
        engine_on(between, new_id=lambda: "mine").create("post", by=EVE, data=TITLE, ref="post:1")

    assert ["item 1"] == [duty.item for duty in other.worklist()]


def test_a_taken_key_never_comes_through(engine: Engine) -> None:
    """It is either answered or refused: `KeyTaken` is between engine and store."""
    item = engine.create("post", by="ann", data=TITLE, key="k")
    try:
        engine.perform(item.id, "submit", by="ann", key="k")
        raised: type[Exception] | None = None
    except Exception as error:
        raised = type(error)

    assert raised is Refused
    assert not issubclass(Refused, KeyTaken)
