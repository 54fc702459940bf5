"""Tables over time: those of an older version become those of this one, and nothing is lost."""

from __future__ import annotations

import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from old_places import KINDS, Old, made_of, old_at
from old_stores import START, engine_on, laid_down
from sqlalchemy import MetaData, NullPool, create_engine
from sqlalchemy.orm import Session
from under_fire.fuses import Break, Fuse, Gone, wired

from socialflow.chain import audit
from socialflow.cli import main
from socialflow.decisions import rebuild
from socialflow.errors import StoreError, StoreVersion
from socialflow.queries import Definitions, Duties, Effects, History, Items, Laters
from socialflow.stores.sql import SqlStore, make_tables, upgrade
from socialflow.stores.sql.opening import OLDER, Place
from socialflow.stores.sql.tables import SCHEMA_VERSION
from socialflow.stores.sql.upgrades import schema_2, scripts
from socialflow.testing.racing import together

LATER = START + timedelta(days=999)


@pytest.fixture(params=KINDS)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Old]:
    """An old store, on each database, with the usual names and with others."""
    old = old_at(request, tmp_path)
    yield old
    old.close()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An old store in a file."""
    return Place.at(laid_down(tmp_path / "old.db"))


def upgraded(old: Old) -> SqlStore:
    """The store behind an upgrade."""
    upgrade(old.url, **old.names)
    return old.opened()


# -- what is kept


def test_every_row_is_kept(old: Old) -> None:
    """Each column of each row is what it was; the version of the schema is not."""
    before = old.rows()

    upgraded(old).close()

    after = old.rows()
    assert [("schema", "1")] == before.pop("about")
    assert [("schema", SCHEMA_VERSION)] == after.pop("about")
    assert before == after
    assert all(before.values())


def test_what_was_stored_agrees_with_itself(old: Old) -> None:
    """The audit finds nothing, and each history still leads to its item."""
    store = upgraded(old)

    assert () == audit(store)
    items = tuple(store.rows(Items()))
    assert 5 == len(items)
    for item in items:
        assert item == rebuild(entry.event for entry in store.rows(History(item.id)))
    assert 3 == len(tuple(store.rows(Duties())))
    assert 2 == len(tuple(store.rows(Laters())))
    assert {"film", "upload"} == {one.name for one in store.rows(Definitions())}


def test_work_goes_on_where_it_was(old: Old) -> None:
    """Keys are known, refs are found, children are told, and a new effect is queued."""
    store = upgraded(old)
    engine = engine_on(store)
    shown = engine.find(ref="post:42")
    assert shown is not None
    waiting = next(one for one in engine.children(shown.id) if "waiting" in one.marking[0])

    again = engine.perform(
        shown.id, "cut", by="ann", data={"text": "zwei Fassungen, 50 % kürzer\n"}, key="cut it"
    )
    sent = engine.perform(waiting.id, "send", by="ed")

    assert (2, ("showing.ready",)) == (again.version, again.marking)
    assert ["queued"] == [one.state for one in store.rows(Effects(item=sent.id))]
    assert () == audit(store)


def test_nothing_old_is_sent_again(old: Old) -> None:
    """Each effect of an old event has its row, in order, and none of them is ever ready."""
    store = upgraded(old)

    effects = tuple(store.rows(Effects()))

    assert {"delivered"} == {one.state for one in effects}
    asked = [
        (entry.event.item, entry.n, place, effect.name, effect.data)
        for entry in store.rows(History())
        for place, effect in enumerate(entry.event.outgoing)
    ]
    assert sorted(asked, key=str) == sorted(
        ((one.item, one.n, one.place, one.name, one.data) for one in effects), key=str
    )
    assert 5 == len(effects)
    with store.begin() as work:
        assert () == tuple(work.rows(Effects(ready=LATER)))


def test_history_is_append_only_afterwards(old: Old) -> None:
    """The triggers are there."""
    upgraded(old).close()
    history = f"{old.place.schema or ('main' if 'sqlite' in old.url else 'public')}."
    history += old.place.tables.history.name

    for sql in (f"DELETE FROM {history}", f"UPDATE {history} SET \"by\" = 'eve'"):
        with pytest.raises(Exception, match="history is append-only"):
            old.say(sql)


# -- the schema it leads to


def test_the_schema_is_the_one_that_a_new_store_has(old: Old, tmp_path: Path) -> None:
    """Tables, indexes, triggers, functions: to the letter."""
    upgraded(old).close()
    after = old.made()

    if old.place.schema:
        old.say(f"DROP SCHEMA {old.place.schema} CASCADE")
        old.say(f"CREATE SCHEMA {old.place.schema}")
    elif "sqlite" not in old.url:
        old.say("DROP SCHEMA public CASCADE")
        old.say("CREATE SCHEMA public")
    else:
        old = attrs.evolve(old, url=f"sqlite:///{tmp_path / 'new.db'}")
    old.opened(create=True).close()
    assert old.made() == after


def test_alembic_sees_no_difference_to_the_models(old: Old) -> None:
    """What `make_tables` says and what the scripts lead to is the same."""
    upgraded(old).close()
    metadata = MetaData()
    make_tables(metadata, old.place.prefix, old.place.schema)
    engine = create_engine(old.place.url, poolclass=NullPool)

    with engine.connect() as connection:
        opts = {"include_schemas": bool(old.place.schema)}
        found = compare_metadata(MigrationContext.configure(connection, opts=opts), metadata)

    assert [] == found


def test_the_first_script_makes_what_the_old_version_made(place: Place, tmp_path: Path) -> None:
    """So that what was tried from there on was tried on old tables."""
    made = Place.at(f"sqlite:///{tmp_path / 'made.db'}")
    engine = create_engine(made.url, poolclass=NullPool)
    with engine.begin() as connection:
        scripts.run(connection, made, "base", end="1")

    assert made_of(place) == [one for one in made_of(made) if "alembic" not in one]


def test_a_new_store_is_stamped(tmp_path: Path) -> None:
    """So that the next upgrade begins where it is."""
    url = f"sqlite:///{tmp_path / 'new.db'}"
    SqlStore(url, create=True).close()

    with closing(sqlite3.connect(tmp_path / "new.db")) as connection:
        assert [(SCHEMA_VERSION,)] == list(connection.execute("SELECT * FROM socialflow_alembic"))
    assert "already" in str(upgrade(url))


def test_there_is_a_script_for_each_version() -> None:
    """In a row, up to the present one."""
    folder = Path(scripts.__file__).parent
    revisions = ScriptDirectory(str(folder)).walk_revisions()

    assert [*OLDER, SCHEMA_VERSION] == [one.revision for one in revisions][::-1]


# -- once, whole, or not at all


def test_a_second_upgrade_does_nothing(old: Old) -> None:
    """It tells so, and every byte stays."""
    before = upgraded(old).dump()

    told = upgrade(old.url, **old.names)

    assert (SCHEMA_VERSION, SCHEMA_VERSION) == (told.found, told.reached)
    assert before == old.opened().dump()


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_an_upgrade_that_is_interrupted_has_not_begun(
    old: Old, error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables and rows are the old ones, and the next upgrade goes through."""
    before = old.rows(), old.made()
    with monkeypatch.context() as patched:
        patched.setattr(schema_2, "triggers", _interrupted(error))
        with pytest.raises(error):
            upgrade(old.url, **old.names)

    assert before == (old.rows(), old.made())
    assert () == audit(upgraded(old))


def _interrupted(error: type[BaseException]) -> Any:
    def triggers(*_: Any) -> Any:
        raise error

    return triggers


@pytest.mark.parametrize("how", ["gone", "lost"])
def test_an_upgrade_that_crashes_anywhere_has_not_begun_or_is_done(old: Old, how: Break) -> None:
    """Of the process or of a connection, at one boundary in 19; tried again, it goes through."""
    before = old.rows(), old.made()
    at = 0
    while crashes(old, Fuse(at, how)):
        assert before == (old.rows(), old.made()) or not audit(old.opened())
        at += 19

    assert at > 100
    assert () == audit(old.opened())


def crashes(old: Old, fuse: Fuse) -> bool:
    """Whether an upgrade meets the boundary at which it is to crash."""
    with wired(fuse):
        fuse.arm()
        try:
            upgrade(old.url, **old.names)
        except (Gone, StoreError):
            return True
    return False


def test_what_the_database_objects_to_is_told(old: Old) -> None:
    """As a `StoreError`, and nothing was changed: here a view stands where a table will."""
    name = old.place.tables.outbox.name
    where = f"{old.place.schema}.{name}" if old.place.schema else name
    old.say(f"CREATE VIEW {where} AS SELECT 1 AS one")
    before = old.rows()

    with pytest.raises(StoreError, match="nothing was changed"):
        upgrade(old.url, **old.names)

    assert before == old.rows()


def test_of_two_at_once_one_upgrades(old: Old) -> None:
    """The other waits, and finds it done."""
    told = together(2, lambda _: upgrade(old.url, **old.names))

    assert [OLDER[-1], SCHEMA_VERSION] == sorted(one.found for one in told)
    assert () == audit(old.opened())


def test_a_dry_run_changes_nothing_and_its_sql_does_the_same(old: Old, tmp_path: Path) -> None:
    """What is printed can be given to a database as it is."""
    before = old.rows(), old.made()

    told = upgrade(old.url, **old.names, dry_run=True)

    assert before == (old.rows(), old.made())
    assert ("1", SCHEMA_VERSION) == (told.found, told.reached)
    if "sqlite" in old.url:
        with closing(sqlite3.connect(old.place.url.database or "")) as connection:
            connection.executescript(told.sql)
    else:
        old.say(told.sql.removeprefix("BEGIN;\n").removesuffix("COMMIT;\n").replace("%", "%%"))
    assert () == audit(old.opened())
    assert 5 == len(tuple(old.opened().rows(Effects(state="delivered"))))


# -- what is refused


def test_a_store_with_old_tables_names_the_command(
    old: Old, capsys: pytest.CaptureFixture[str]
) -> None:
    """The remedy is what is to be typed, and typing it helps; create=True does not."""
    for create in (False, True):
        with pytest.raises(StoreVersion, match="found schema 1, need schema 2") as caught:
            old.opened(create=create)
    typed = shlex.split(caught.value.remedy.partition(": ")[2])

    assert "socialflow" == typed.pop(0)
    assert 0 == main(typed)

    assert "from schema 1 to schema 2" in capsys.readouterr().out.replace("\n", " ")
    old.opened().close()


@pytest.mark.parametrize(
    ("done", "sentence"),
    [
        ("UPDATE socialflow_about SET value = '3'", "found schema 3"),
        ("UPDATE socialflow_about SET value = 'x'", "found schema x"),
        ("UPDATE socialflow_about SET value = '2'", "found schema without"),
        ("DELETE FROM socialflow_about", "found schema none"),
        ("DROP TABLE socialflow_about", "found schema none"),
    ],
)
def test_tables_that_no_script_begins_at_are_refused(
    place: Place, done: str, sentence: str
) -> None:
    """Newer, unknown or incomplete ones: nothing is guessed, and nothing done."""
    old = Old(place.name)
    old.say(done)
    before = old.made()

    for dry_run in (False, True):
        with pytest.raises(StoreVersion, match=sentence):
            upgrade(place.name, dry_run=dry_run)

    assert before == old.made()


@pytest.mark.parametrize("old", KINDS[:2], indirect=True)
def test_a_hosts_database_with_old_tables_names_the_command(old: Old) -> None:
    """Inside the host's transaction as well, at once; once they are upgraded it is at work."""
    engine = engine_on(SqlStore("sqlite://", create=True))
    database = create_engine(old.place.url, poolclass=NullPool)

    with Session(database) as session:
        with pytest.raises(StoreVersion, match="found schema 1, need schema 2") as caught:
            engine.within(session)
        assert f"socialflow upgrade {shlex.quote(old.place.name)}" in str(caught.value)
        session.rollback()
        upgrade(old.url)
        assert engine.within(session).find(ref="post:42") is not None


def test_where_nothing_is_nothing_is_made(tmp_path: Path) -> None:
    """An address with a slip of the pen is told; there is no file afterwards."""
    path = tmp_path / "nothing.db"

    with pytest.raises(StoreVersion, match="create=True"):
        upgrade(f"sqlite:///{path}")

    assert not path.exists()


def test_tables_that_are_stamped_otherwise_are_refused(old: Old) -> None:
    """Two versions are told of one store: nobody guesses which is right."""
    where = old.place.tables.alembic
    name = f"{where.schema}.{where.name}" if where.schema else where.name
    old.say(f"CREATE TABLE IF NOT EXISTS {name} (version_num VARCHAR(32) NOT NULL)")
    old.say(f"DELETE FROM {name}")
    old.say(f"INSERT INTO {name} VALUES ('7')")

    with pytest.raises(StoreVersion, match="stamped 7"):
        upgrade(old.url, **old.names)
