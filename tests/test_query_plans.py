"""How databases go about questions: from an index, in its order, and from where a page begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlite_files import open_at

from socialflow.plain import FrozenDict
from socialflow.queries import (
    Delivery,
    Duties,
    Duty,
    Effects,
    Heads,
    History,
    Inhabited,
    Items,
    Laters,
    Records,
)
from socialflow.stores.sql import SqlStore
from socialflow.stores.sql.reading import question
from socialflow.testing.changes import LETTER, START

LAST = Duty("item 7", "writing", "writing.drafting", START)
DUE = Duty("item 7", "writing", "writing.drafting", START, due=START)
SENT = Delivery("item 7", 1, 0, "publish", FrozenDict(), "dead", START)

QUESTIONS = (
    Duties(limit=50),
    Duties(after=LAST, limit=50),
    Duties("ann", limit=50),
    Duties("ann", after=LAST, limit=50),
    Duties(state="writing.drafting", limit=50),
    Duties(state="writing.drafting", after=LAST, limit=50),
    Duties(stage="writing", limit=50),
    Duties(stage="writing", after=LAST, limit=50),
    Duties(due=START, limit=50),
    Duties(due=START, after=DUE, limit=50),
    Effects(state="dead", limit=50),
    Effects(state="dead", after=SENT, limit=50),
    Effects(name="publish", ready=START, limit=50),
    Effects(name="publish", ready=START, among=("publish", "recall"), limit=50),
    History("item 7"),
    History("item 7", after=3, limit=10),
    History(key="k"),
    Items(limit=50),
    Items(after="item 7", limit=50),
    Items(id="item 7"),
    Items(ids=("item 7", "item 8")),
    Items(ref="post:7"),
    Items(workflow=LETTER.digest, limit=50),
    Items(workflow=LETTER.digest, after="item 7", limit=50),
    Inhabited("item 7", "letter"),
    Heads(limit=50),
    Heads(after="item 7", limit=50),
    Records(limit=50),
    Records(newest=True),
    Records(item="item 7"),
)
SORTED = (
    Items(parent="item 7"),
    Items(parent="item 7", kind="letter", round=1),
    Duties(item="item 7"),
    Effects(item="item 7"),
    Laters(item="item 7"),
)
"""Whose few rows are found in an index and sorted afterwards."""


def asked(store: SqlStore, query: Any) -> tuple[str, Any]:
    """What is said to answer *query*, and its parameters."""
    statement, values, _ = question(store.statements, "", query)
    return statement.sql, statement.pick(values)


Plan = Callable[[Any], str]


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plan]:
    path: Path = tmp_path_factory.mktemp("plans") / "content.db"
    with closing(open_at(path, create=True)) as store:

        def plan(query: Any) -> str:
            sql, values = asked(store, query)
            with store.engine.connect() as connection:
                rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
                return "\n".join(row[3] for row in rows)

        yield plan


@pytest.fixture(scope="module")
def on_postgresql(pg_store: str) -> Iterator[Plan]:
    with (
        closing(SqlStore(pg_store)) as store,
        psycopg.connect(pg_store.replace("+psycopg", "")) as connection,
    ):
        for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            connection.execute(f"SET enable_{way} = off")

        def plan(query: Any) -> str:
            sql, values = asked(store, query)
            return "\n".join(row[0] for row in connection.execute(f"EXPLAIN {sql}", values))

        yield plan


@pytest.mark.parametrize("query", QUESTIONS + SORTED, ids=repr)
def test_sqlite_reads_no_table_through(on_sqlite: Plan, query: Any) -> None:
    """Every row comes from a place that an index tells."""
    plan = on_sqlite(query)

    assert "SEARCH" in plan
    assert [] == [line for line in plan.splitlines() if line.startswith("SCAN socialflow")]


@pytest.mark.parametrize("query", QUESTIONS, ids=repr)
def test_sqlite_sorts_nothing(on_sqlite: Plan, query: Any) -> None:
    """The index has the order that is asked for, so a page costs what is on it."""
    assert "TEMP B-TREE" not in on_sqlite(query)


@pytest.mark.parametrize("query", QUESTIONS + SORTED, ids=repr)
def test_postgresql_reads_no_table_through(on_postgresql: Plan, query: Any) -> None:
    """Every row comes from a place that an index tells."""
    plan = on_postgresql(query)

    assert "Index" in plan
    assert "Seq Scan" not in plan


@pytest.mark.parametrize("query", QUESTIONS, ids=repr)
def test_postgresql_sorts_nothing(on_postgresql: Plan, query: Any) -> None:
    """The index has the order that is asked for, so a page costs what is on it."""
    assert "Sort" not in on_postgresql(query)


PAGES = [one for one in QUESTIONS if isinstance(one, Duties | Effects) and one.after is not None]


@pytest.mark.parametrize("query", PAGES, ids=repr)
def test_a_page_begins_where_the_last_one_ended(
    on_sqlite: Plan, on_postgresql: Plan, query: Any
) -> None:
    """Both seek to the place in the index, and do not read what stands before it once more."""
    assert ">" in on_sqlite(query)
    assert "ROW(" in on_postgresql(query).partition("Filter")[0]
