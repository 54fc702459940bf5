"""The rows of `SqlStore`: history is append-only, questions use an index, items weigh little."""

from __future__ import annotations

import gc
import sqlite3
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlite_files import open_at, sql

from socialflow.chain import anchor, audit, recorded
from socialflow.errors import StoreError
from socialflow.plain import FrozenDict
from socialflow.queries import Change, Delivery, Duties, Duty, Effects, Heads, History, Items
from socialflow.stores.sql import SqlStore
from socialflow.testing.changes import LETTER, START, born, moved, noted, write


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "content.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqlStore]:
    store = open_at(path, create=True)
    yield store
    store.close()


# -- history is append-only

HISTORY = (
    *("seq", "item", "n", "version", "action", "by"),
    *("at", "key", "meta", "digest", "previous", "hash"),
)


@pytest.mark.parametrize(
    "tampering",
    [
        *(f"UPDATE socialflow_history SET \"{column}\" = '7' WHERE n = 1" for column in HISTORY),
        'UPDATE socialflow_history SET data = \'{"title":"forged"}\' WHERE n = 1',
        "UPDATE socialflow_history SET data = NULL, action = 'forged' WHERE n = 1",
        "DELETE FROM socialflow_history WHERE n = 2",
        "DELETE FROM socialflow_history",
    ],
)
def test_history_cannot_be_changed_or_deleted(store: SqlStore, path: Path, tampering: str) -> None:
    """Not even with a SQL prompt, as long as the triggers are there."""
    item = write(store, born("a", data={"title": "first"}, key="k"))
    write(store, moved(item))
    before = store.dump()

    with pytest.raises(sqlite3.IntegrityError, match="history is append-only"):
        sql(path, tampering)

    assert before == store.dump()


def test_history_cannot_be_replaced(store: SqlStore, path: Path) -> None:
    """INSERT OR REPLACE would delete a row without asking the trigger against it."""
    write(store, born("a", data={"title": "first"}))
    before = store.dump()

    with pytest.raises(sqlite3.IntegrityError):
        sql(
            path,
            "INSERT OR REPLACE INTO socialflow_history "
            "SELECT seq, tenant, item, n, version, 'forged', \"by\", at, key, meta, data, digest, "
            "previous, hash FROM socialflow_history",
        )

    assert before == store.dump()


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE socialflow_record SET kind = 'forged'",
        "UPDATE socialflow_record SET told = '{}'",
        "DELETE FROM socialflow_record",
        "INSERT OR REPLACE INTO socialflow_record SELECT * FROM socialflow_record",
    ],
)
def test_the_book_cannot_be_changed_or_deleted(store: SqlStore, path: Path, tampering: str) -> None:
    """Like history."""
    anchor(store, at=START)
    before = store.dump()

    with pytest.raises(sqlite3.IntegrityError, match="the book is append-only"):
        sql(path, tampering)

    assert before == store.dump()


@pytest.mark.parametrize(
    ("where", "head"), [("writing.drafting", ""), ("end.closed", "of an entry before it")]
)
def test_a_history_goes_only_if_the_book_says_that_its_item_has_ended(
    store: SqlStore, path: Path, where: str, head: str
) -> None:
    """A record of an item that is open, or that has gone on since, is not enough."""
    item = write(store, born("a", where))
    (ending,) = store.rows(Heads())
    told = FrozenDict(item="a", n=ending.n, hash=ending.hash)
    with store.begin() as work:
        work.write(Change(records=(recorded("retired", START, told, None),)))
    if head:
        write(store, noted(item, "it goes on"))

    with pytest.raises(sqlite3.IntegrityError, match="history is append-only"):
        sql(path, "DELETE FROM socialflow_history")
    with pytest.raises(StoreError, match="history is append-only"), store.begin() as work:
        work.write(Change(removed=tuple(store.rows(Heads()))))


def test_data_may_be_erased_and_the_chain_still_holds(store: SqlStore, path: Path) -> None:
    """As the law may ask for: the entry stays, says that it had data, and is still sealed."""
    item = write(store, born("a", data={"title": "personal"}))
    write(store, moved(item, "end.closed", data={"title": "neutral"}))

    sql(path, "UPDATE socialflow_history SET data = NULL WHERE n = 1")

    first, second = store.rows(History("a"))
    assert first.event.command.data is None
    assert 64 == len(first.digest)
    assert {"title": "neutral"} == second.event.command.data
    assert ["lost"] == [finding.code for finding in audit(store)]


# -- how it is read


def plans(store: SqlStore, query: Any) -> list[str]:
    """How SQLite goes about the statements that answer *query*."""
    said: list[str] = []

    def traced(connection: Any, *_: Any) -> None:
        connection.set_trace_callback(said.append)

    store.close()
    event.listen(store.engine.pool, "connect", traced)
    try:
        list(store.rows(query))
    finally:
        event.remove(store.engine.pool, "connect", traced)
        store.close()
    selects = [one for one in said if one.startswith("SELECT")]
    assert selects
    with store.engine.connect() as connection:
        return [
            row[3]
            for one in selects
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}")
        ]


LAST = Duty("item 7", "writing", "writing.drafting", START)
SENT = Delivery("item 7", 1, 0, "publish", FrozenDict(), "dead", START)


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (Duties(limit=50), "ix_socialflow_duty_entered"),
        (Duties(after=LAST, limit=50), "ix_socialflow_duty_entered"),
        (Duties("ann", limit=50), "ix_socialflow_duty_responsible"),
        (Duties("ann", after=LAST, limit=50), "ix_socialflow_duty_responsible"),
        (Duties("ann", "writing", "writing.drafting", LAST, 50), "ix_socialflow_duty_"),
        (Duties(stage="writing", limit=50), "ix_socialflow_duty_stage"),
        (Duties(state="writing.drafting", limit=50), "ix_socialflow_duty_state"),
        (Duties(state="writing.drafting", after=LAST, limit=50), "ix_socialflow_duty_state"),
        (History("item 7"), "(tenant=? AND item=?"),
        (History("item 7", after=3, limit=10), "(tenant=? AND item=? AND n>?)"),
        (History(key="k"), "(tenant=? AND key=?)"),
        (Items(id="item 7"), "(tenant=? AND id=?)"),
        (Items(ref="post:7", limit=1), "(tenant=? AND ref=?"),
        (Items(after="item 7", limit=50), "(tenant=? AND id>?)"),
        (Items(workflow=LETTER.digest, limit=6), "ix_socialflow_item_workflow"),
        (Effects(state="dead", limit=50), "ix_socialflow_outbox_state"),
        (Effects(state="dead", after=SENT, limit=50), "ix_socialflow_outbox_state"),
        (
            Effects(name="publish", ready=START, among=("publish", "recall"), limit=50),
            "ix_socialflow_outbox_open (tenant=? AND name=? AND due<?)",
        ),
    ],
)
def test_a_question_is_answered_from_an_index(store: SqlStore, query: Any, index: str) -> None:
    """No table is read through, and nothing is sorted after it has been read."""
    write(store, *(born(f"item {n}", ref=f"post:{n}", responsible="ann") for n in range(20)))

    told = plans(store, query)

    assert any(index in one for one in told), told
    assert not any("TEMP B-TREE" in one for one in told), told
    assert not any(one.startswith("SCAN") and "USING" not in one for one in told), told


def test_a_page_of_a_worklist_begins_where_the_last_one_ended(store: SqlStore) -> None:
    """It seeks to its place in the index, and does not read everything before it once more."""
    write(store, born("a", responsible="ann"))

    for query in (Duties(after=LAST), Duties("ann", after=LAST)):
        assert any("(entered,item,stage)>(?,?,?)" in one for one in plans(store, query))


# -- what it weighs


def test_an_item_as_loaded_is_small() -> None:
    """At most 400 bytes: ids of their own, three contributors, one token, no data."""
    store = SqlStore("sqlite://", create=True)
    count = 3_000
    names = ("ann", "tom", "zoe", "lea", "ed")
    write(
        store,
        *(
            born(f"{n:032x}", contributors=tuple(names[n % 3 : n % 3 + 3]), at=START)
            for n in range(count)
        ),
    )
    list(store.rows(Items(limit=100)))
    gc.collect()

    tracemalloc.start()
    items = list(store.rows(Items()))
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == len(items)
    assert size / count <= 400, f"{size / count:.0f} bytes an item"
