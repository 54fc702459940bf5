"""`SqlStore` on SQLite: how it is opened, what guards it, how it is read, what it weighs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, create_engine
from sqlite_files import open_at, sql

from socialflow.errors import StoreError, StoreVersion
from socialflow.queries import Duties, Items
from socialflow.stores.sql import SqlStore, make_tables
from socialflow.stores.sql import connections as settings
from socialflow.testing.changes import (
    LETTER,
    born,
    change,
    definition,
    moved,
    stored,
    write,
)
from socialflow.testing.racing import together


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "content.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqlStore]:
    store = open_at(path, create=True)
    yield store
    store.close()


# -- opening


def test_tables_are_made_only_when_asked_for(path: Path) -> None:
    """Without create=True a missing table is an error that says so, and none is made."""
    with pytest.raises(StoreVersion, match="open it once with create=True") as caught:
        open_at(path)

    assert [] == sql(path, "SELECT name FROM sqlite_schema")
    assert "store_version" == caught.value.code
    open_at(path, create=True).close()
    open_at(path).close()


def test_creating_twice_changes_nothing(path: Path) -> None:
    """create=True on a store that is there opens it."""
    first = open_at(path, create=True)
    item = write(first, born("a"))
    before = first.dump()

    again = open_at(path, create=True)

    assert before == again.dump()
    assert item == stored(again, "a")


def test_many_may_create_at_once(path: Path) -> None:
    """Six threads that open the same new file with create=True all get a store."""
    stores = together(6, lambda n: open_at(path, create=True))

    for n, store in enumerate(stores):
        write(store, born(f"{n}"))
    assert 6 == len(list(stores[0].rows(Items())))


def test_tables_of_another_version_are_refused(path: Path) -> None:
    """The error names both versions and what would help, create=True or not."""
    open_at(path, create=True).close()
    sql(path, "UPDATE socialflow_about SET value = '99' WHERE name = 'schema'")

    for create in (False, True):
        with pytest.raises(StoreVersion, match="found schema 99, need schema") as caught:
            open_at(path, create=create)
        assert "use the version of socialflow that wrote it" in str(caught.value)


def test_other_things_that_are_told_about_a_store_do_not_matter(path: Path) -> None:
    """The version of the schema is looked up by its name."""
    open_at(path, create=True).close()
    sql(path, "INSERT INTO socialflow_about VALUES ('a note', 'from the host')")

    open_at(path).close()


def test_a_store_that_has_lost_a_table_is_not_opened(path: Path) -> None:
    """It is told at once, not by the first command that needs the table."""
    open_at(path, create=True).close()
    sql(path, "DROP TABLE socialflow_duty")

    with pytest.raises(StoreError):
        open_at(path)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("content.db", "is not the address of a database: try sqlite:///content.db"),
        ("", "is not the address of a database"),
        (None, "is not the address of a database"),
        ("nosuch://here", "is neither SQLite nor PostgreSQL"),
        ("mysql://here/there", "is neither SQLite nor PostgreSQL"),
        ("sqlite+nosuch:///content.db", "nosuch"),
        ("sqlite+aiosqlite:///content.db", "socialflow.aio is for asyncio"),
    ],
)
def test_an_address_that_leads_nowhere_is_told(url: Any, sentence: str) -> None:
    """A bad URL, an unknown dialect or driver: a `StoreError` that says what to write instead."""
    with pytest.raises(StoreError) as caught:
        SqlStore(url, create=True)

    assert sentence in str(caught.value)


def test_a_password_is_not_told(path: Path) -> None:
    """The sentence of an error may be logged."""
    with pytest.raises(StoreError) as caught:
        SqlStore("postgresql://ann:secret@here/there", create=True)

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("what", ["no database", "a folder", "in no folder"])
def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path, what: str) -> None:
    """With its name, and what SQLite says about it."""
    path = tmp_path / "content.db"
    if what == "no database":
        path.write_text("once upon a time " * 1_000)
    elif what == "a folder":
        path.mkdir()
    else:
        path = tmp_path / "nowhere" / "content.db"

    for create in (False, True):
        with pytest.raises(StoreError, match=r"content\.db cannot be opened: ") as caught:
            open_at(path, create=create)
        assert not isinstance(caught.value, StoreVersion)


def test_a_choice_that_there_is_not_is_told(path: Path) -> None:
    """synchronous is FULL or NORMAL."""
    with pytest.raises(StoreError, match="synchronous is one of"):
        open_at(path, create=True, synchronous="OFF")

    assert not path.exists()


def test_two_stores_fit_into_one_file(path: Path) -> None:
    """With a prefix each; neither sees the other's."""
    here = open_at(path, create=True, prefix="here_")
    there = open_at(path, create=True, prefix="there_")
    write(here, born("a", ref="post:1", key="k"))

    write(there, born("a", ref="post:1", key="k"), moved(born("a").item))

    assert [1] == [item.version for item in here.rows(Items())]
    assert [2] == [item.version for item in there.rows(Items())]


def test_a_host_may_have_the_tables_in_its_own_metadata() -> None:
    """Every table and constraint is named, and behind the prefix."""
    metadata = MetaData()

    make_tables(metadata, "ours_")

    names = ["about", "alembic", "definition", "duty", "history", "item", "outbox", "record"]
    assert {f"ours_{name}" for name in names} == set(metadata.tables)
    named = [
        one
        for table in metadata.tables.values()
        for one in (*table.constraints, *table.indexes)
        if type(one).__name__ != "CheckConstraint"
    ]
    assert all(one.name and "ours_" in str(one.name) for one in named)


def test_a_store_that_was_closed_opens_again_when_it_is_used(store: SqlStore) -> None:
    """close() gives the connections back, no more."""
    write(store, born("a"))

    store.close()

    assert 2 == write(store, moved(stored(store, "a"))).version


@pytest.mark.parametrize(("synchronous", "number"), [("FULL", 2), ("NORMAL", 1)])
def test_every_connection_has_the_settings(path: Path, synchronous: str, number: int) -> None:
    """WAL, the synchronous that was asked for, foreign keys: as SQLite itself reads them back."""
    store = open_at(path, create=True, synchronous=synchronous)
    write(store, born("a"))

    for _ in range(2):
        with store.engine.connect() as first, store.engine.connect() as second:
            for connection in (first, second):
                seen = [
                    connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                    for name in ("journal_mode", "synchronous", "foreign_keys")
                ]
                assert ["wal", number, 1] == seen
    assert [("wal",)] == sql(path, "PRAGMA journal_mode")


# -- what it says when something is wrong


def test_a_unit_inside_another_is_told_at_once(store: SqlStore) -> None:
    """In one thread the second one would wait for the first, which is alone, for ever."""
    with store.begin("a") as work:
        work.write(change(born("a")))
        with pytest.raises(StoreError, match="has a unit of work open already"):
            write(store, born("b"))

    assert ["a"] == [item.id for item in store.rows(Items())]


def test_a_connection_that_its_host_has_closed_keeps_nobody_from_writing(
    store: SqlStore, path: Path
) -> None:
    """Whatever became of the transaction of the host in this thread, it is over."""
    database = create_engine(f"sqlite:///{path}")
    with database.connect() as connection, connection.begin():
        write(store.joining(connection), born("a"))
    database.dispose()

    assert born("b").item == write(store, born("b"))


def test_a_store_that_cannot_be_read_says_so(store: SqlStore, path: Path) -> None:
    """A question that the database does not answer is a `StoreError`."""
    write(store, born("a"))
    sql(path, "DROP TABLE socialflow_duty")

    with pytest.raises(StoreError):
        list(store.rows(Duties()))


def test_a_store_that_cannot_be_written_says_so(store: SqlStore, path: Path) -> None:
    """A change that the database does not take is a `StoreError`, and the store stays usable."""
    item = write(store, born("a"))
    sql(path, "ALTER TABLE socialflow_history RENAME TO elsewhere")

    with pytest.raises(StoreError):
        write(store, moved(item))
    sql(path, "ALTER TABLE elsewhere RENAME TO socialflow_history")

    assert 2 == write(store, moved(item)).version


def test_a_file_that_stays_locked_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program that does not give the file back is a `StoreError`, after the timeout."""
    monkeypatch.setattr(settings, "BUSY_MILLISECONDS", 50)
    store = open_at(path, create=True)
    item = write(store, born("a"))

    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError):
            write(store, moved(item))
        assert [1] == [one.version for one in store.rows(Items())]

    assert 2 == write(store, moved(item)).version


def test_an_item_of_a_definition_that_is_not_the_changes_own_is_an_error(store: SqlStore) -> None:
    """It is not told as an item that exists."""
    stray = born("a", of=definition("advert"))

    with pytest.raises((StoreError, sqlite3.IntegrityError)) as caught:
        write(store, stray, of=LETTER)

    assert "item_exists" != getattr(caught.value, "code", None)
