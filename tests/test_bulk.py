"""Many commands at once: as if they were given one after the other, or none of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from engines import KINDS, START, Heard, engine_on, everything, open_store, store_of
from families_at_work import ED, Family, parent

from socialflow import Refused
from socialflow.bulk import Answer, Task
from socialflow.chain import audit
from socialflow.engine import Engine
from socialflow.errors import Contended, ItemNotFound, KeyTaken, StaleItem, WrongArgument
from socialflow.people import SYSTEM
from socialflow.protocols import Store
from socialflow.queries import Items
from socialflow.stores.memory import MemoryStore
from socialflow.testing import OvertakenStore

TITLE = {"title": "a title"}


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return store_of(request, request.param, tmp_path)


def filled(store: Store, count: int = 5) -> tuple[Engine, list[str]]:
    """An engine with so many posts, each with a title; its time stands still."""
    engine = engine_on(store, clock=lambda: START)
    return engine, [engine.create("post", by="ann", data=TITLE).id for _ in range(count)]


def submitted(ids: list[str]) -> list[Task]:
    return [Task(id, "submit", by="ann") for id in ids]


def test_many_are_what_each_alone_would_be(store: Store, tmp_path: Path) -> None:
    """Items, histories and signals are those of the same commands, given one by one."""
    engine, ids = filled(store, 30)
    (tmp_path / "other").mkdir()
    other, _ = filled(open_store("sqlite file", tmp_path / "other"), 30)
    heard, also = Heard(engine), Heard(other)

    answers = engine.perform_many(submitted(ids))
    alone = [other.perform(id, "submit", by="ann") for id in ids]

    assert alone == [answer.item for answer in answers]
    assert also.names == heard.names
    assert () == audit(store)


def test_what_cannot_be_done_is_told_and_the_rest_is_done(store: Store) -> None:
    """The answers come in order, each with the item or with what `perform` raises."""
    engine, ids = filled(store)
    tasks = submitted(ids)
    tasks[1] = Task(ids[1], "submit", by="eve")
    tasks[2] = Task("nowhere", "submit", by="ann")
    tasks[3] = Task(ids[3], "submit", by="ann", expect=7)

    answers = engine.perform_many(tasks)

    errors = [type(answer.error) for answer in answers]
    assert [type(None), Refused, ItemNotFound, StaleItem, type(None)] == errors
    assert [2, 1, 1, 1, 2] == [engine.item(id).version for id in ids]
    assert tasks == [answer.task for answer in answers]


def test_several_tasks_of_one_item_are_done_in_order(store: Store) -> None:
    """Each is judged on what the one before has made of the item."""
    engine, (id, *_) = filled(store, 1)

    note = Task(id, "note", data={"text": "sent"})
    answers = engine.perform_many([Task(id, "submit"), Task(id, "submit"), note], by="ann")

    assert [None, Refused, None] == [one.error and type(one.error) for one in answers]
    assert ["create", "writing.submit", "note"] == [e.event.action for e in engine.history(id)]


def test_the_same_call_with_the_same_key_goes_on(store: Store) -> None:
    """What was done is answered as it was then; what was not is done now."""
    engine, ids = filled(store)
    first = engine.perform_many(submitted(ids[:3]), key="import 7")
    engine.perform(ids[0], "note", by="ann", data={"text": "meanwhile"})
    before = len(engine.history(ids[0]))

    again = engine.perform_many(submitted(ids), key="import 7")

    assert [answer.item for answer in first] == [answer.item for answer in again[:3]]
    assert [2] * 5 == [engine.item(id).version for id in ids]
    assert before == len(engine.history(ids[0]))


def test_atomic_is_all(store: Store) -> None:
    """One transaction: every task is done."""
    engine, ids = filled(store)

    answers = engine.perform_many(submitted(ids), atomic=True)

    assert [engine.item(id) for id in ids] == [answer.item for answer in answers]
    assert [2] * 5 == [engine.item(id).version for id in ids]


def test_atomic_with_the_same_key_is_answered_as_it_was(store: Store) -> None:
    """As after a crash, when nobody knows whether it was done; another call has no such key."""
    engine, ids = filled(store, 3)
    first = engine.perform_many(submitted(ids), key="import 7", atomic=True)

    again = engine.perform_many(submitted(ids), key="import 7", atomic=True)

    assert first == again
    with pytest.raises(Refused, match="belongs to another command"):
        engine.perform_many(submitted(ids[::-1]), key="import 7", atomic=True)


def test_atomic_is_nothing_if_one_was_done_under_its_key(store: Store) -> None:
    """The others are not done behind it."""
    engine, ids = filled(store, 3)
    engine.perform_many(submitted(ids[:1]), key="import 7")

    with pytest.raises(KeyTaken, match="import 7/0"):
        engine.perform_many(submitted(ids), key="import 7", atomic=True)

    assert [2, 1, 1] == [engine.item(id).version for id in ids]


def test_atomic_is_nothing_if_one_cannot_be_done(store: Store) -> None:
    """What `perform` would raise is raised, with a note, and nothing was written or told."""
    engine, ids = filled(store)
    tasks = submitted(ids)
    tasks[3] = Task(ids[3], "submit", by="eve")
    before, heard = everything(store), Heard(engine)

    with pytest.raises(Refused) as caught:
        engine.perform_many(tasks, atomic=True)

    assert ["this is task 4 of 5; nothing of them was done"] == caught.value.__notes__
    assert before == everything(store)
    assert [] == heard.names


@pytest.mark.parametrize("atomic", [False, True])
def test_families_follow(store: Store, atomic: bool) -> None:
    """Where children have their parent follow, it follows as it would one by one."""
    family = Family.begin(store, parent(), "here", "there")
    family.do("send")
    begin, check = (
        [Task(child.id, action, by=who) for child in family.engine.children(family.id)]
        for action, who in (("begin", SYSTEM), ("check", ED))
    )

    family.engine.perform_many(begin, atomic=atomic)
    answers = family.engine.perform_many(check, atomic=atomic)

    assert [None, None] == [answer.error for answer in answers]
    assert ["end.closed"] == [*family.engine.item(family.id).marking]
    assert () == audit(store)


def test_nobody_asks_for_nothing(store: Store) -> None:
    """A task for which nobody is named is the caller's mistake; no task at all is none."""
    engine, ids = filled(store, 1)

    with pytest.raises(WrongArgument, match="by must be the id of a member"):
        engine.perform_many([Task(ids[0], "submit")])

    assert () == engine.perform_many([], by="ann") == engine.perform_many([], atomic=True)
    assert (Answer(Task(ids[0], "submit"), engine.item(ids[0])),) != engine.perform_many(
        [Task(ids[0], "submit")], by="ann"
    )


def test_a_refusal_in_a_bundle_that_is_done_again_is_counted_once(tmp_path: Path) -> None:
    """What was judged in vain counts for nothing."""
    inner = open_store("sqlite file", tmp_path)
    _, ids = filled(inner)
    other = engine_on(inner)
    came = iter([lambda: other.perform(ids[2], "assign", by="ed", data={"member": "tom"})])
    engine = engine_on(OvertakenStore(inner, lambda: next(came, lambda: None)()))

    engine.perform_many([Task(ids[0], "clear", by="ed"), *submitted(ids[1:])])

    assert {"state": 1} == engine.counters.refused
    assert 4 == engine.counters.performed


def test_atomic_is_tried_again_when_the_database_has_given_up(tmp_path: Path) -> None:
    """As each of them would be; the end is the same as if nobody had stood in the way."""
    inner = open_store("sqlite file", tmp_path)
    _, ids = filled(inner)
    gives_up = iter([True])

    def intrude() -> None:
        if next(gives_up, False):
            raise Contended("content", "deadlock detected")

    engine = engine_on(OvertakenStore(inner, intrude))
    answers = engine.perform_many(submitted(ids), atomic=True)

    assert [engine.item(id) for id in ids] == [answer.item for answer in answers]
    assert (5, 5) == (engine.counters.performed, engine.counters.contended)


def test_atomic_is_not_tried_for_ever(tmp_path: Path) -> None:
    """What does not help twelve times is told."""
    inner = open_store("sqlite file", tmp_path)
    _, ids = filled(inner)
    attempts = []

    def intrude() -> None:
        attempts.append(True)
        raise Contended("content", "deadlock detected")

    engine = engine_on(OvertakenStore(inner, intrude))
    with pytest.raises(Contended):
        engine.perform_many(submitted(ids), atomic=True)

    assert 12 == len(attempts)
    assert [1] * 5 == [inner_item.version for inner_item in inner.rows(Items())]


def test_somebody_who_comes_in_between_costs_nobody_anything(tmp_path: Path) -> None:
    """A bundle in which something has become stale is done one by one."""
    inner = open_store("sqlite file", tmp_path)
    _, ids = filled(inner)
    other = engine_on(inner)
    came = iter([lambda: other.perform(ids[2], "assign", by="ed", data={"member": "tom"})])
    engine = engine_on(OvertakenStore(inner, lambda: next(came, lambda: None)()))

    answers = engine.perform_many(submitted(ids))

    assert [None] * 5 == [answer.error for answer in answers]
    assert [2, 2, 3, 2, 2] == [item.version for item in inner.rows(Items())]
    assert () == audit(inner)


@pytest.mark.parametrize(
    ("tasks", "told"),
    [
        ([("m0", "submit")], "tasks[0] must be a Task, as in Task('i1', 'submit'), not a tuple"),
        (Task("m0", "submit"), "tasks must be several, as in [Task(...)], not one Task"),
        (None, "tasks must be several, as in [Task(...)], not one NoneType"),
    ],
)
def test_what_are_no_tasks_is_said_so(tasks: Any, told: str) -> None:
    """Whatever else looks like one."""
    with pytest.raises(WrongArgument) as wrong:
        engine_on(MemoryStore()).perform_many(tasks, by="ann")

    assert told == str(wrong.value)
