"""Units of work that overlap: whichever way, every store ends with the same in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from itertools import count
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlite_files import open_at

from socialflow.chain import audit
from socialflow.errors import StoreError
from socialflow.protocols import Store
from socialflow.queries import Definitions, Duties, Heads, History, Items, Kept
from socialflow.stores.memory import MemoryStore
from socialflow.stores.sql import SqlStore
from socialflow.testing import OvertakenStore
from socialflow.testing.changes import born, change, moved, write

ITEMS = ("a", "b", "c")
KEYS = (None, None, "k", "l")
WHERE = ("writing.drafting", "review.waiting", "end.closed")


@attrs.frozen
class Unit:
    """One unit: it reads, then it writes what follows from what it has read, then it is left.

    Attributes:
        reads: Items.
        births: New items, each with a key or none.
        where: To which its items move.
        key: Of what it does with the first item.
    """

    reads: tuple[str, ...]
    births: tuple[tuple[str, str | None], ...]
    where: str
    key: str | None

    def kept(self, items: Mapping[str, Any]) -> list[Kept]:
        """What it writes."""
        new = [born(id, key=key) for id, key in self.births]
        keys = (self.key, *(None for _ in items))
        for (_, item), key in zip(items.items(), keys, strict=False):
            new.append(moved(item, self.where, key=key))
        return new


Schedule = tuple[tuple[Unit, ...], tuple[int, ...]]


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """Up to four units, and whose turn it is: each begins and reads, then writes, then ends."""
    ids = st.sampled_from(ITEMS)
    unit = st.builds(
        Unit,
        reads=st.lists(ids, unique=True, max_size=2).map(tuple),
        births=st.lists(
            st.tuples(st.sampled_from(("d", "e")), st.sampled_from(KEYS)),
            max_size=2,
            unique_by=lambda one: one[0],
        ).map(tuple),
        where=st.sampled_from(WHERE),
        key=st.sampled_from(KEYS),
    )
    units = draw(st.lists(unit, min_size=2, max_size=4).map(tuple))
    turns = [n for n in range(len(units)) for _ in range(3)]
    return units, tuple(draw(st.permutations(turns)))


def carried_out(store: Store, schedule: Schedule) -> list[bool]:
    """Which of the units were kept; for why not there may be two reasons, of which one is told."""
    units, turns = schedule
    kept = [True for _ in units]
    steps = [_steps(store, unit) for unit in units]
    for n in turns:
        try:
            next(steps[n], None)
        except StoreError:
            kept[n] = False
    return kept


def _steps(store: Store, unit: Unit) -> Iterator[None]:
    with store.begin() as work:
        items = {id: work.item(id) for id in unit.reads}
        yield
        kept = unit.kept(items)
        if kept:
            work.write(change(*kept))
        yield


def everything(store: Store) -> list[list[Any]]:
    asked = (Items(), History(), Duties(), Heads(), Definitions())
    return [list(store.rows(query)) for query in asked]


@pytest.fixture(scope="module")
def sql_stores(
    pg_store: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[SqlStore, SqlStore]]:
    path: Path = tmp_path_factory.mktemp("interleavings") / "content.db"
    with ExitStack() as stack:
        yield (
            stack.enter_context(closing(open_at(path, create=True, synchronous="NORMAL"))),
            stack.enter_context(closing(SqlStore(pg_store))),
        )


EXAMPLES = count()
TOGETHER = Unit(("a",), (), "review.waiting", None)


@given(schedule=schedules())
@example(schedule=((TOGETHER, TOGETHER), (0, 1, 0, 1, 1, 0)))
def test_units_that_overlap_leave_the_same_in_every_store(
    sql_stores: tuple[SqlStore, SqlStore], schedule: Schedule
) -> None:
    """What is refused is refused by all, and what is written is the same, entry by entry."""
    tenant = f"interleaving {next(EXAMPLES)}"
    stores = [
        OvertakenStore(MemoryStore(), lambda: None),
        *(one.for_tenant(tenant) for one in sql_stores),
    ]
    for store in stores:
        write(store, *(born(id) for id in ITEMS))

    kept = [carried_out(store, schedule) for store in stores]

    assert kept[0] == kept[1] == kept[2]
    expected = everything(stores[0])
    for store in stores[1:]:
        assert expected == everything(store)
        assert () == audit(store)
