"""What one step makes, remembers, looks up and says to the database: no more than it has to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, suppress
from contextvars import ContextVar
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from engines import ANN, START, engine_on, post
from scenes import Post
from sqlalchemy import create_engine

from socialflow import Command, Event, Grant, Item, Member, Refused, Scope, Team, decide, filling
from socialflow.codec import decode_item, encode_item
from socialflow.items import Origin, Token
from socialflow.people import EVERYWHERE
from socialflow.queries import Items
from socialflow.stores.memory import MemoryStore
from socialflow.stores.sql import SqlStore, touched
from socialflow.stores.sql.connected import spoken
from socialflow.stores.sql.postgresql import PostgresqlTalk
from socialflow.stores.sql.sqlite import Sqlite
from socialflow.testing import OvertakenStore
from socialflow.testing.changes import born, change, moved, stored, write

TITLE = {"title": "a title"}

# -- what it makes


def test_an_event_holds_the_command_that_was_judged() -> None:
    """The very same, not a copy of its fields."""
    engine = engine_on(MemoryStore())
    item = engine.create("post", by="ann", data=TITLE)
    command = Command("submit", "ann", START)

    event = decide(post(), item, command, ANN)

    assert isinstance(event, Event)
    assert command is event.command


@pytest.mark.parametrize("kind", [Command, Event, Item, Origin, Token])
def test_what_every_step_makes_has_no_room_for_weak_references(kind: type) -> None:
    """Nor for attributes that it does not have: it is as small as can be."""
    names = {name for one in kind.__mro__ for name in vars(one).get("__slots__", ())}

    assert set() == names & {"__weakref__", "__dict__"}
    assert all("__slots__" in vars(one) for one in kind.__mro__[:-1])


def test_a_step_evolves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command without data: every value is made at once, as it is to be."""
    engine = engine_on(MemoryStore())
    item = engine.create("post", by="ann", data=TITLE)

    def evolve(value: object, **_: Any) -> None:
        raise AssertionError(f"{value!r} was made twice")

    monkeypatch.setattr(attrs, "evolve", evolve)

    assert ("review.waiting",) == engine.perform(item.id, "submit", by="ann").marking


def test_where_its_chain_ends_is_known_to_the_store_alone() -> None:
    """An item and an event carry no hash and no place in a history."""
    names = {field.name for kind in (Item, Event) for field in attrs.fields(kind)}

    assert set() == names & {"n", "head", "hash", "previous", "digest"}


# -- what is remembered


def test_roles_are_looked_up_once_for_as_long_as_they_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Once for a scope and a period; behind the end of a grant, and elsewhere, once more."""
    looked: list[tuple[Scope, datetime]] = []
    look_up = Member._look_up

    def noted(member: Member, scope: Scope, at: datetime) -> frozenset[str]:
        looked.append((scope, at))
        return look_up(member, scope, at)

    monkeypatch.setattr(Member, "_look_up", noted)
    acme, ends = Scope(brand="acme"), START + timedelta(days=1)
    ann = Member("ann", [Grant("author"), Grant("editor", acme, until=ends)])

    before = [ann.roles(acme, START + timedelta(hours=n)) for n in range(24)]
    behind = [ann.roles(acme, ends + timedelta(hours=n)) for n in range(24)]
    elsewhere = [ann.roles(EVERYWHERE, START) for _ in range(24)]

    assert {frozenset({"author", "editor"})} == set(before)
    assert {frozenset({"author"})} == set(behind) == set(elsewhere)
    assert [(acme, START), (acme, ends), (EVERYWHERE, START)] == looked


def test_a_changed_team_remembers_nothing_of_the_one_it_was() -> None:
    """It is a new value, with members of its own."""
    team = Team([Member("ann", "author")])
    known = team.member("ann")
    assert known is not None
    assert {"author"} == known.roles(EVERYWHERE, START)

    other = attrs.evolve(team, members=(Member("ann", "editor"),)).member("ann")

    assert other is not None
    assert ({"author"}, {"editor"}) == (
        known.roles(EVERYWHERE, START),
        other.roles(EVERYWHERE, START),
    )


def test_what_many_items_share_is_there_once() -> None:
    """States, people and scopes of items as they are loaded are the same objects."""
    engine = engine_on(MemoryStore())
    told = {"by": "ann", "data": TITLE, "scope": Scope(brand="acme")}
    made = [engine.create("post", **told) for _ in range(2)]
    first, second = (
        decode_item(one.id, one.ref, "".join(one.workflow), one.version, encode_item(one))
        for one in made
    )

    assert first.scope is second.scope
    assert first.contributors is second.contributors
    assert first.tokens[0].state is second.tokens[0].state
    assert first.workflow is second.workflow


def test_what_fills_in_a_form_is_compiled_once() -> None:
    """Once for a form, by the converter that fills in all of them."""
    converter = filling._converter(False)

    assert converter is filling._converter(False)
    assert converter.get_structure_hook(Post) is converter.get_structure_hook(Post)


# -- what it looks up


class Lookups:
    """Counts how often a store in SQLite looks for a key."""

    def __init__(self, store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        parts = map(re.escape, store.statements.answer.sql.split("?"))
        self._pattern = re.compile(".*".join(parts), re.DOTALL)
        own: Any = Sqlite.own.fget  # type: ignore[attr-defined]

        def listening(database: Sqlite) -> Any:
            connection = own(database)
            connection.raw.set_trace_callback(self._hear)
            return connection

        monkeypatch.setattr(Sqlite, "own", property(listening))

    def _hear(self, sql: str) -> None:
        self.count += bool(self._pattern.fullmatch(sql))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    url = f"sqlite:///{tmp_path}/content.db"
    with closing(SqlStore(url, create=True, synchronous="NORMAL")) as store:
        yield store


def test_a_key_that_is_new_is_not_looked_up(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither for a birth nor for a command: the unique index sees to it."""
    lookups = Lookups(store, monkeypatch)
    engine = engine_on(store)

    item = engine.create("post", by="ann", data=TITLE, key="birth")
    engine.perform(item.id, "submit", by="ann", key="submission")
    engine.perform(item.id, "note", by="ann", data={"text": "x"}, key="note")

    assert 0 == lookups.count


def test_a_key_is_looked_up_if_the_command_is_refused(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once; without a key there is nothing to look for."""
    engine = engine_on(store)
    item = engine.create("post", by="ann", data=TITLE)
    lookups = Lookups(store, monkeypatch)

    with suppress(Refused):
        engine.perform(item.id, "clear", by="ed", key="k")
    assert 1 == lookups.count
    with suppress(Refused):
        engine.perform(item.id, "clear", by="ed")
    assert 1 == lookups.count


def test_a_key_is_looked_up_if_the_item_has_moved_on(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else may have given the same command; then it is decided again."""
    other = engine_on(store)
    item = other.create("post", by="ann", data=TITLE)
    edit = {"by": "tom", "data": {"body": "theirs"}}
    once = iter([lambda: other.perform(item.id, "edit", **edit)])
    engine = engine_on(OvertakenStore(store, lambda: next(once, lambda: None)()))
    lookups = Lookups(store, monkeypatch)

    engine.perform(item.id, "submit", by="ann", key="k")

    assert 1 == lookups.count


def test_a_key_is_looked_up_if_the_index_has_it_already(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once to know that it was the key, once for the answer."""
    engine = engine_on(store)
    item = engine.create("post", by="ann", data=TITLE)
    note = {"by": "ann", "data": {"text": "x"}, "key": "k"}
    first = engine.perform(item.id, "note", **note)
    lookups = Lookups(store, monkeypatch)

    assert first == engine.perform(item.id, "note", **note)

    assert 2 == lookups.count


# -- what it says to PostgreSQL


class Speech:
    """Hears what units say to PostgreSQL, and on which connection."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.said: list[tuple[str, int]] = []
        cursor: Any = PostgresqlTalk._cursor.fget  # type: ignore[attr-defined]

        def listening(talk: PostgresqlTalk) -> Any:
            return _Told(cursor(talk), self.said)

        monkeypatch.setattr(PostgresqlTalk, "_cursor", property(listening))

    @property
    def words(self) -> list[str]:
        """The first word of each statement."""
        return [word for word, _ in self.said]


@attrs.frozen
class _Told:
    """A cursor that tells what is said on it."""

    cursor: Any
    said: list[tuple[str, int]]

    @property
    def rowcount(self) -> int:
        return int(self.cursor.rowcount)

    def execute(self, sql: str, *values: Any) -> Any:
        self.said.append((sql.split()[0], self.cursor.connection.info.backend_pid))
        return self.cursor.execute(sql, *values)


def test_a_step_on_postgresql_is_one_read_and_one_statement(
    pg_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing begins and nothing commits: the statement commits by itself."""
    nothing: ContextVar[Any] = ContextVar("no host has written anything", default=())
    monkeypatch.setattr(touched, "_TOUCHED", nothing)
    with closing(SqlStore(pg_url, create=True)) as store:
        engine = engine_on(store)
        item = engine.create("post", by="ann", data=TITLE)
        speech = Speech(monkeypatch)

        engine.perform(item.id, "submit", by="ann", key="k")

        assert ["SELECT", "WITH"] == speech.words


def test_a_longer_unit_on_postgresql_has_a_transaction_of_the_same_pool(
    pg_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One connection serves both: what commits by itself, and what is begun and committed."""
    with closing(SqlStore(pg_url, create=True, connections=1)) as store:
        write(store, born("a"))
        speech = Speech(monkeypatch)

        write(store, moved(stored(store, "a")))
        with store.begin("a") as work:
            work.write(change(moved(work.item("a"))))

        assert ["SELECT", "SELECT", "WITH"] == speech.words[:3]
        assert ["BEGIN", "SELECT", "WITH", "COMMIT"] == speech.words[3:]
        assert 1 == len({connection for _, connection in speech.said})


@pytest.mark.parametrize("read", ["by its id", "by a question", "not at all"])
def test_a_unit_that_has_an_item_alone_reads_what_it_has_written(
    store: SqlStore, read: str
) -> None:
    """It was read with its lock; however it was read then, and however often."""
    assert _written_alone(store, read) == stored(store, "a")


@pytest.mark.parametrize("read", ["by its id", "by a question", "not at all"])
def test_on_postgresql_such_a_unit_does_as_well(pg_url: str, read: str) -> None:
    """The same."""
    with closing(SqlStore(pg_url, create=True)) as store:
        assert _written_alone(store, read) == stored(store, "a")


def _written_alone(store: SqlStore, read: str) -> Item:
    item = write(store, born("a"))
    with store.begin("a") as work:
        if read == "by its id":
            item = work.item("a")
        elif read == "by a question":
            [item] = work.rows(Items(id="a"))
        first = moved(item)
        work.write(change(first))
        assert first.item == work.item("a")
        second = moved(first.item)
        work.write(change(second))
        assert second.item == work.item("a") == work.item("a")
    return second.item


def test_what_is_said_is_made_for_the_dialect_that_says_it(store: SqlStore) -> None:
    """Once for each engine of a host: drivers differ in how they want their parameters."""
    tables = store.tables
    sqlite, other, psycopg = (
        create_engine(url) for url in ("sqlite://", "sqlite://", "postgresql+psycopg://host/db")
    )

    assert spoken(tables, sqlite.dialect) is spoken(tables, sqlite.dialect)
    assert spoken(tables, sqlite.dialect) is not spoken(tables, other.dialect)
    assert "%(" in spoken(tables, psycopg.dialect).item.sql
    assert "?" in spoken(tables, sqlite.dialect).item.sql
