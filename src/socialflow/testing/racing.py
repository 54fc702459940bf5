"""Threads: a store is shared by many, and none of them loses anything."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Barrier, Thread
from threading import Event as Turn
from typing import Any, TypeVar

from socialflow.chain import audit
from socialflow.errors import ItemExists, KeyTaken, StaleItem
from socialflow.items import Item
from socialflow.protocols import Store
from socialflow.queries import Heads, Items
from socialflow.testing.changes import born, change, history, moved, stored, write

__all__ = ["RacingContract", "together"]

T = TypeVar("T")

THREADS = 6
TURNS = 40
PATIENCE = 60.0


def together(count: int, job: Callable[[int], T]) -> list[T]:
    """What *job* returns in each of *count* threads, which begin at the same moment.

    Raises:
        AssertionError: One of them has not come to an end after a minute.
        Exception: Whatever the first thread that failed raised.
    """
    answers: list[Any] = [None] * count
    errors: list[BaseException] = []
    begin = Barrier(count)

    def run(n: int) -> None:
        try:
            begin.wait(PATIENCE)
            answers[n] = job(n)
        except BaseException as error:
            errors.append(error)

    threads = [Thread(target=run, args=(n,), daemon=True) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    if errors:
        raise errors[0]
    waiting = sum(thread.is_alive() for thread in threads)
    assert waiting == 0, f"{waiting} of {count} threads wait for ever"
    return answers


def _add_one(store: Store, id: str) -> None:
    """Read, and write what was read plus one, until nobody else comes in between."""
    while True:
        try:
            with store.begin() as work:
                item = work.item(id)
                work.write(change(moved(item, data={"count": item.data["count"] + 1})))
            return
        except StaleItem:
            continue


class RacingContract:
    """Threads: a part of the contract."""

    def test_no_update_of_one_item_is_lost(self, store: Store) -> None:
        """Six threads add forty each to one item: it says 240, and its history tells each."""
        write(store, born("a", data={"count": 0}))

        def job(_: int) -> None:
            for _turn in range(TURNS):
                _add_one(store, "a")

        together(THREADS, job)

        count = THREADS * TURNS
        item = stored(store, "a")
        assert (count, count + 1) == (item.data["count"], item.version)
        assert list(range(1, count + 2)) == [entry.n for entry in history(store, "a")]
        assert () == audit(store)

    def test_threads_with_items_of_their_own_do_not_meet(self, store: Store) -> None:
        """Each finds all its own, without an error."""

        def job(n: int) -> Item:
            item = write(store, born(f"{n}", data={"count": 0}))
            for _turn in range(TURNS):
                item = write(store, moved(item, data={"count": item.version}))
            return item

        items = together(THREADS, job)

        assert items == list(store.rows(Items()))
        assert [TURNS + 1] * THREADS == [head.n for head in store.rows(Heads())]

    def test_of_many_who_want_one_ref_or_key_one_gets_it(self, store: Store) -> None:
        """The others are told; which of them was first is nobody's business."""

        def job(n: int) -> list[str]:
            had = []
            for turn in range(10):
                for name, wanted in (
                    (f"ref {turn}", born(f"ref {turn} {n}", ref=f"{turn}")),
                    (f"key {turn}", born(f"key {turn} {n}", key=f"{turn}")),
                ):
                    with suppress(ItemExists, KeyTaken):
                        write(store, wanted)
                        had.append(name)
            return had

        had = sorted(one for got in together(THREADS, job) for one in got)

        assert sorted(f"{name} {turn}" for name in ("ref", "key") for turn in range(10)) == had
        assert 20 == len(list(store.rows(Items())))

    def test_a_reader_sees_a_change_whole_or_not_at_all(self, store: Store) -> None:
        """Two items that are always written together are never seen at different versions."""
        write(store, born("a"), born("b"))
        written = Turn()

        def job(n: int) -> set[tuple[int, ...]]:
            seen: set[tuple[int, ...]] = set()
            if n > 0:
                while not written.is_set():
                    seen.add(tuple(item.version for item in store.rows(Items())))
                return seen
            try:
                for _turn in range(TURNS):
                    write(store, moved(stored(store, "a")), moved(stored(store, "b")))
            finally:
                written.set()
            return seen

        seen = set().union(*together(2, job))

        assert {(version, version) for version, _ in seen} == seen
