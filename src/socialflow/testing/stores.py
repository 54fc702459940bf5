"""The contract of a store, as tests: inherit a class, say how a store is opened, run pytest.

What every store must do is `StoreContract`.  What only some can do has a class of its own, which
a store inherits as well if it can: no test is ever skipped.

| class                  | for a store that                                                     |
|------------------------|----------------------------------------------------------------------|
| `StoreContract`        | is one                                                               |
| `DurableStoreContract` | keeps what it was told when it is opened again under the same name   |
| `SideBySideContract`   | answers questions while another thread has a unit of work open       |
| `BookContract`         | keeps effects and a book, and can erase data and remove items        |
| `TenantContract`       | has tenants, who neither see nor touch what is another's             |
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Event as Turn
from typing import Any

import pytest

from socialflow.chain import audit
from socialflow.errors import ItemNotFound, KeyTaken, StaleItem
from socialflow.protocols import Store
from socialflow.queries import Definitions, Duties, Heads, Items
from socialflow.testing.asking import AskingContract
from socialflow.testing.changes import LETTER, born, change, history, moved, noted, stored, write
from socialflow.testing.delivering import DeliveringContract
from socialflow.testing.guarding import GuardingContract
from socialflow.testing.racing import RacingContract, together
from socialflow.testing.worklists import WorklistContract
from socialflow.testing.writing import WritingContract

__all__ = ["DurableStoreContract", "OpenStore", "SideBySideContract", "StoreContract"]

OpenStore = Callable[[str], Store]


class StoreContract(
    WritingContract,
    GuardingContract,
    AskingContract,
    WorklistContract,
    DeliveringContract,
    RacingContract,
):
    """What every store must do; its class begins with ``Test`` and has the fixture `open_store`.

    Example:
        >>> import pytest
        >>> from socialflow.stores.memory import MemoryStore
        >>> class TestMyStore(StoreContract):
        ...     @pytest.fixture
        ...     def open_store(self):
        ...         return lambda name: MemoryStore()
    """

    @pytest.fixture
    def open_store(self, *_: Any) -> OpenStore:
        """Opens the store of that name: an empty one, where it has not been opened before."""
        raise NotImplementedError("override the fixture open_store: lambda name: MyStore(name)")

    @pytest.fixture
    def store(self, open_store: OpenStore) -> Store:
        """The store that most tests are about."""
        return open_store("contract")


class DurableStoreContract(StoreContract):
    """And it is durable: opening the same name again opens the same store."""

    def test_a_store_that_is_opened_again_has_everything(self, open_store: OpenStore) -> None:
        """Items, histories, keys, duties and definitions are those that were written."""
        first = open_store("kept")
        item = write(first, born("a", ref="post:1", key="k", responsible="ann", data={"t": "ü"}))
        write(first, noted(item, "a remark"), moved(item, "end.closed"))
        write(first, born("b", "review.waiting"))

        again = open_store("kept")

        for query in (Items(), Duties(), Heads(), Definitions()):
            assert list(first.rows(query)) == list(again.rows(query))
        assert history(first, "a") == history(again, "a")
        assert ["a", "b"] == [one.id for one in again.rows(Items())]
        assert () == audit(again)

    def test_two_openings_are_one_store(self, open_store: OpenStore) -> None:
        """Each sees at once what the other writes, and its guards hold for both."""
        here, there = open_store("shared"), open_store("shared")
        item = write(here, born("a", key="k"))
        write(there, moved(stored(there, "a")), of=LETTER)

        with pytest.raises(StaleItem):
            write(here, moved(item))
        with pytest.raises(KeyTaken):
            write(there, born("b", key="k"))
        assert 2 == stored(here, "a").version
        assert [LETTER] == list(there.rows(Definitions()))

    def test_another_name_is_another_store(self, open_store: OpenStore) -> None:
        """What is written under one name is not found under another."""
        write(open_store("one"), born("a"))

        other = open_store("two")

        assert [] == list(other.rows(Items()))
        with pytest.raises(ItemNotFound):
            stored(other, "a")


class SideBySideContract(StoreContract):
    """And its readers do not wait for a writer."""

    def test_a_question_is_answered_while_a_unit_is_open(self, store: Store) -> None:
        """It sees what is committed, and nothing of what is not."""
        item = write(store, born("a"))
        asked = Turn()

        def job(n: int) -> Any:
            if n == 0:
                with store.begin() as work:
                    work.write(change(moved(item), born("b")))
                    written.set()
                    return asked.wait(20)
            written.wait(20)
            seen = [(one.id, one.version) for one in store.rows(Items())]
            asked.set()
            return seen

        written = Turn()
        answered_before_it_closed, seen = together(2, job)

        assert answered_before_it_closed, "the question had to wait for the unit of work"
        assert [("a", 1)] == seen
        assert [("a", 2), ("b", 1)] == [(one.id, one.version) for one in store.rows(Items())]
