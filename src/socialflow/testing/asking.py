"""What may be asked of a store: items, histories, definitions and heads, and in which order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from socialflow.chain import audit, link
from socialflow.decisions import rebuild
from socialflow.items import Entry, Item
from socialflow.protocols import Store
from socialflow.queries import Definitions, Head, Heads, History, Items
from socialflow.testing.changes import (
    LETTER,
    born,
    change,
    definition,
    history,
    moved,
    noted,
    paged,
    stored,
    write,
)

__all__ = ["AskingContract"]


def _with_history(store: Store, id: str, steps: int) -> None:
    item = write(store, born(id, data={"step": 0}))
    for step in range(1, steps):
        item = write(store, moved(item, data={"step": step}))


class AskingContract:
    """Questions: a part of the contract."""

    def test_a_history_is_gapless_and_in_order(self, store: Store) -> None:
        """Positions are 1, 2, 3 ..., oldest first, and the entries are the events as written."""
        first = born("a")
        second = moved(first.item, "review.waiting", data={"title": "new"})
        third = moved(second.item, "end.closed")
        for kept in (first, second, third):
            write(store, kept)

        entries = history(store, "a")

        assert [1, 2, 3] == [entry.n for entry in entries]
        assert [first.event, second.event, third.event] == [entry.event for entry in entries]
        assert rebuild(entry.event for entry in entries) == stored(store, "a")

    def test_each_entry_is_chained_to_the_one_before(self, store: Store) -> None:
        """Its hash seals what it says and the hash before it, which anybody can recompute."""
        _with_history(store, "a", 4)

        previous = ""
        for entry in history(store, "a"):
            sealed = link(entry.event, entry.n, previous)
            assert (previous, sealed.digest, sealed.hash) == (
                entry.previous,
                entry.digest,
                entry.hash,
            )
            previous = entry.hash
        assert () == audit(store)

    def test_a_note_takes_a_place_but_no_version(self, store: Store) -> None:
        """The item stays as it is, its history grows, and the next command goes on behind it."""
        item = write(store, born("a"))
        write(store, noted(item, "one"))
        write(store, noted(item, "two"))

        assert item == stored(store, "a")
        write(store, moved(item, "review.waiting"))

        entries = history(store, "a")
        assert [(1, 1), (2, 1), (3, 1), (4, 2)] == [(one.n, one.event.version) for one in entries]
        assert [Head("a", 4, entries[-1].hash)] == list(store.rows(Heads()))
        assert () == audit(store)

    def test_a_history_is_read_in_pages(self, store: Store) -> None:
        """Pages of any size put together are the history: nothing lost, nothing twice."""
        _with_history(store, "a", 7)
        _with_history(store, "b", 2)
        whole = history(store, "a")

        def page(last: Entry | None, size: int) -> Iterator[Entry]:
            return store.rows(History("a", after=last.n if last else 0, limit=size))

        for size in range(1, 9):
            assert whole == paged(whole, size, page)

    def test_all_histories_are_read_item_by_item(self, store: Store) -> None:
        """Without an item, every history comes, in the order of the ids."""
        for id in ("b", "a", "c"):
            _with_history(store, id, 2)
        write(store, moved(stored(store, "a")))

        places = [(one.event.item, one.n) for one in store.rows(History())]

        assert [("a", 1), ("a", 2), ("a", 3), ("b", 1), ("b", 2), ("c", 1), ("c", 2)] == places

    def test_a_key_finds_its_entry(self, store: Store) -> None:
        """And a history that nobody has, or a key that nobody used, is empty."""
        item = write(store, born("a"))
        write(store, moved(item, key="k"))

        assert [history(store, "a")[1]] == list(store.rows(History(key="k")))
        assert [] == list(store.rows(History(key="other")))
        assert [] == list(store.rows(History("nobody")))

    def test_heads_are_the_ends_of_all_histories(self, store: Store) -> None:
        """One for each item, by item, with the position and hash of its last entry."""
        for id, steps in (("b", 3), ("a", 1)):
            _with_history(store, id, steps)

        ends = [history(store, id)[-1] for id in ("a", "b")]

        assert [Head(one.event.item, one.n, one.hash) for one in ends] == list(store.rows(Heads()))

    def test_items_are_read_by_id_and_in_pages(self, store: Store) -> None:
        """In the order of their ids, whatever order they were written in."""
        ids = ["b", "B", "a2", "a10", "ü", "z", "日"]
        for id in ids:
            write(store, born(id))

        whole = list(store.rows(Items()))
        assert sorted(ids) == [item.id for item in whole]

        def page(last: Item | None, size: int) -> Iterator[Item]:
            return store.rows(Items(after=last.id if last else "", limit=size))

        for size in range(1, 9):
            assert whole == paged(whole, size, page)

    def test_an_item_is_found_by_its_id_and_ref(self, store: Store) -> None:
        """Whoever says both gets the item that has both, or nothing."""
        item = write(store, born("a", ref="post:1"))
        write(store, born("b", ref="post:2"))

        assert [item] == list(store.rows(Items(id="a")))
        assert [item] == list(store.rows(Items(ref="post:1")))
        assert [item] == list(store.rows(Items(id="a", ref="post:1")))
        for query in (Items(id="A"), Items(ref="post"), Items(id="a", ref="post:2")):
            assert [] == list(store.rows(query))

    def test_several_items_are_read_at_once(self, store: Store) -> None:
        """Those that are there of the ids that are asked for, each once and in order."""
        odd = ("b", "'", '"', "ü", "[1]", "%s", "?")
        write(store, *(born(id) for id in ("a", *odd, "c")))

        found = store.rows(Items(ids=("nowhere", "c", *odd, "c")))

        assert sorted((*odd, "c")) == [item.id for item in found]
        assert [] == list(store.rows(Items(ids=())))
        assert ["c"] == [item.id for item in store.rows(Items(ids=("b", "c"), after="b"))]

    def test_items_are_found_by_their_definition(self, store: Store) -> None:
        """Only those that it holds, also in pages."""
        other = definition(version="2")
        for id in ("a", "b", "c", "d"):
            of = other if id in "bd" else LETTER
            write(store, born(id, of=of), of=of)

        held = Items(workflow=other.digest)
        assert ["b", "d"] == [item.id for item in store.rows(held)]
        assert ["d"] == [i.id for i in store.rows(Items(workflow=other.digest, after="b"))]
        assert ["b"] == [i.id for i in store.rows(Items(workflow=other.digest, limit=1))]
        assert [] == list(store.rows(Items(workflow="unheard of")))

    def test_an_item_may_go_on_under_another_definition(self, store: Store) -> None:
        """It is found by that one from then on, and by its name; its history has both."""
        other = definition("advert")
        item = write(store, born("a"))
        write(store, born("b"))

        item = write(store, moved(item, workflow=other.digest), of=other)

        assert item == stored(store, "a") == next(store.rows(Items(id="a")))
        assert [item] == list(store.rows(Items(workflow=other.digest)))
        assert [item] == list(store.rows(Items(kind="advert")))
        assert ["b"] == [one.id for one in store.rows(Items(workflow=LETTER.digest))]
        assert ["b"] == [one.id for one in store.rows(Items(kind="letter"))]
        assert item == rebuild(entry.event for entry in history(store, "a"))
        assert other in store.rows(Definitions())

    def test_a_definition_is_kept_once(self, store: Store) -> None:
        """With the first item that needs it, as it was given; in the order of names and digests."""
        newer, other = definition(version="2"), definition("advert")
        for n, of in enumerate((LETTER, newer, LETTER, other, newer)):
            write(store, born(f"item {n}", of=of), of=of)

        by_name = sorted((LETTER, newer, other), key=lambda one: (one.name, one.digest))
        assert by_name == list(store.rows(Definitions()))

    def test_an_answer_is_as_of_when_it_was_asked_for(self, store: Store) -> None:
        """What is written while it is being read does not change it, and is not held up by it."""
        for id in ("a", "b", "c"):
            write(store, born(id))

        answer = store.rows(Items())
        read = [next(answer)]
        with store.begin() as work:
            work.write(change(born("bb"), moved(work.item("c"))))
        read += answer

        assert [("a", 1), ("b", 1), ("c", 1)] == [(item.id, item.version) for item in read]

    def test_a_question_that_it_does_not_know_is_an_error(self, store: Store) -> None:
        """It is never answered with nothing."""
        unknown: Any = "everything, please"

        with pytest.raises(TypeError):
            list(store.rows(unknown))
