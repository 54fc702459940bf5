"""What a store refuses: it is the last to see that two commands cannot both be true."""

from __future__ import annotations

import pytest

from socialflow.errors import ItemExists, ItemNotFound, KeyTaken, StaleItem, StoreError
from socialflow.protocols import Store
from socialflow.queries import Items
from socialflow.testing.changes import born, change, history, moved, noted, stored, write, write_all
from socialflow.testing.racing import together

__all__ = ["GuardingContract"]


class GuardingContract:
    """Guards: a part of the contract."""

    def test_an_item_that_is_not_there_is_said_so(self, store: Store) -> None:
        """Reading it raises `ItemNotFound` with its id; writing it is refused."""
        with pytest.raises(ItemNotFound) as caught:
            stored(store, "nobody")
        with pytest.raises((ItemNotFound, StaleItem)):
            write(store, moved(born("nobody").item))

        assert "nobody" == caught.value.item
        assert [] == list(store.rows(Items()))

    def test_the_second_of_two_writers_is_told(self, store: Store) -> None:
        """Writing on a version that has moved on raises `StaleItem`, and the first one stays."""
        item = write(store, born("a"))
        first = write(store, moved(item, "review.waiting"))

        with pytest.raises(StaleItem) as caught:
            write(store, moved(item, "end.closed"))

        assert ("a", 1) == (caught.value.item, caught.value.expected)
        assert first == stored(store, "a")
        assert 2 == len(history(store, "a"))

    def test_a_version_that_is_not_yet_there_is_stale_too(self, store: Store) -> None:
        """The expected version is compared, in both directions."""
        item = write(store, born("a"))

        with pytest.raises(StaleItem):
            write(store, moved(moved(item).item))

        assert item == stored(store, "a")

    def test_a_note_makes_nothing_stale(self, store: Store) -> None:
        """It takes no version: who has read the item before it was made writes behind it."""
        item = write(store, born("a"))
        write(store, noted(item, "a remark"))

        first = write(store, moved(item, "review.waiting"))
        write(store, noted(first, "another"), moved(first, "end.closed"))

        assert 3 == stored(store, "a").version
        assert [1, 1, 2, 2, 3] == [entry.event.version for entry in history(store, "a")]

    def test_a_stale_item_is_found_within_its_own_unit(self, store: Store) -> None:
        """A unit that writes twice on one version is told as well."""
        item = write(store, born("a"))

        with pytest.raises(StaleItem):
            write_all(
                store, change(moved(item, "review.waiting")), change(moved(item, "end.closed"))
            )

        assert item == stored(store, "a")

    def test_an_id_belongs_to_one_item(self, store: Store) -> None:
        """A second new item with the same id raises `ItemExists`, and the first one stays."""
        item = write(store, born("a", data={"title": "first"}))

        with pytest.raises(ItemExists) as caught:
            write(store, born("a", data={"title": "second"}))

        assert "a" == caught.value.item
        assert item == stored(store, "a")
        assert 1 == len(history(store, "a"))

    def test_a_ref_belongs_to_one_item(self, store: Store) -> None:
        """A second new item for one row of the host raises `ItemExists`."""
        item = write(store, born("a", ref="post:1"))

        with pytest.raises(ItemExists) as caught:
            write(store, born("b", ref="post:1"))

        assert "post:1" == caught.value.ref
        assert [item] == list(store.rows(Items(ref="post:1")))
        with pytest.raises(ItemNotFound):
            stored(store, "b")

    def test_no_ref_is_shared_by_many(self, store: Store) -> None:
        """Items without a row of the host, and commands without a key, never collide."""
        for id in "abc":
            write(store, born(id))

        assert ["a", "b", "c"] == [item.id for item in store.rows(Items())]

    def test_two_new_items_of_one_change_are_kept_apart(self, store: Store) -> None:
        """The same id, ref or key twice in one change is refused like in two."""
        for error, second in (
            (ItemExists, born("a")),
            (ItemExists, born("b", ref="post:1")),
            (KeyTaken, born("b", key="k")),
        ):
            with pytest.raises(error):
                write(store, born("a", ref="post:1", key="k"), second)
            assert [] == list(store.rows(Items()))

    def test_two_changes_of_one_unit_are_kept_apart(self, store: Store) -> None:
        """The same id, ref or key twice in one unit is refused like in two."""
        for error, second in (
            (ItemExists, born("a")),
            (ItemExists, born("b", ref="post:1")),
            (KeyTaken, born("b", key="k")),
        ):
            with pytest.raises(error):
                write_all(store, change(born("a", ref="post:1", key="k")), change(second))
            assert [] == list(store.rows(Items()))

    def test_a_key_is_used_once(self, store: Store) -> None:
        """A second command under a key raises `KeyTaken`, whatever it is about."""
        item = write(store, born("a", key="k"))

        for kept in (moved(item, key="k"), noted(item, "again", key="k"), born("b", key="k")):
            with pytest.raises(KeyTaken) as caught:
                write(store, kept)
            assert "k" == caught.value.key

        assert [item] == list(store.rows(Items()))
        assert 1 == len(history(store, "a"))

    def test_a_taken_key_is_told_before_a_taken_id(self, store: Store) -> None:
        """So that a command which is given twice finds its answer, not a conflict with itself."""
        write(store, born("a", ref="post:1", key="k"))

        for again in (born("a", ref="post:1", key="k"), born("b", ref="post:1", key="k")):
            with pytest.raises(KeyTaken):
                write(store, again)

    def test_the_answer_of_a_key_is_the_entry_that_used_it(self, store: Store) -> None:
        """`answer` gives the entry of the command, now and later; None for any other key."""
        item = write(store, born("a"))
        item = write(store, moved(item, "review.waiting", key="k"))
        write(store, moved(item, "end.closed", key="other"))

        with store.begin() as work:
            answer = work.answer("k")
            assert work.answer("K") is None
            assert work.answer("") is None
        assert history(store, "a")[1] == answer

    def test_a_unit_inside_another_loses_nothing(self, store: Store) -> None:
        """In one thread, one of the two is told: neither waits for ever nor overwrites."""
        item = write(store, born("a"))

        def job(_: int) -> int:
            accepted = 0
            try:
                with store.begin() as outer:
                    outer.write(change(moved(item, "review.waiting")))
                    try:
                        with store.begin() as inner:
                            inner.write(change(moved(item, "end.closed")))
                        accepted += 1
                    except StoreError:
                        pass
                accepted += 1
            except StoreError:
                pass
            return accepted

        [accepted] = together(1, job)

        assert (1, 2) == (accepted, stored(store, "a").version)
        assert [1, 2] == [entry.n for entry in history(store, "a")]
