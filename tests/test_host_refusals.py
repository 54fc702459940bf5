"""What goes wrong inside the host's transaction: it leaves no trace, and the transaction usable."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import attrs
import pytest
from engines import Ticking, engine_on, everything, post
from families_at_work import TEAM, parent
from hosts_at_work import (
    ALL,
    BEGINS,
    POSTGRESQL,
    SQLITE,
    Host,
    Invoice,
    address,
    born,
    host,
    host_at,
    on,
)
from sqlalchemy import NullPool, create_engine
from sqlalchemy.orm import Session

from socialflow import Action, Engine, Refused, Stage, Workflow
from socialflow.bulk import Task
from socialflow.errors import Contended, ItemExists, ItemNotFound, StaleItem, StoreError
from socialflow.moments import days
from socialflow.stores.memory import MemoryStore
from socialflow.stores.sql import SqlStore, touched

__all__ = ["host"]


def goes_on(host: Host, session: Session) -> None:
    """The transaction takes and keeps what is done in it from here on."""
    session.add(Invoice(number="behind"))
    born(host.engine.within(session), id="behind")
    session.commit()
    assert "behind" in host.items
    assert ["behind"] == host.invoices


# -- commands that do not come about


@on(*ALL)
def test_a_refused_command_writes_nothing_and_leaves_the_transaction_usable(host: Host) -> None:
    """No row of ours is another one."""
    item = host.drafted()

    with host.session() as session:
        inside = host.engine.within(session)
        before = everything(inside.store)
        with pytest.raises(Refused):
            inside.perform(item.id, "submit", by="ed")
        assert before == everything(inside.store)
        goes_on(host, session)

    assert item == host.engine.item(item.id)


@on(*ALL)
def test_a_stale_command_leaves_the_transaction_usable(host: Host) -> None:
    """It says which version there is, as it does outside."""
    item = host.drafted()

    with host.session() as session:
        with pytest.raises(StaleItem):
            host.engine.within(session).perform(item.id, "submit", by="ann", expect=7)
        goes_on(host, session)

    assert item == host.engine.item(item.id)


@on(*ALL)
def test_a_command_given_twice_happens_once(host: Host) -> None:
    """The same key is answered alike inside, be the first time inside or before."""
    item = host.drafted(key="birth")

    with host.session() as session:
        inside = host.engine.within(session)
        assert item == born(inside, key="birth")
        once = inside.perform(item.id, "note", by="ann", data={"text": "x"}, key="note")
        again = inside.perform(item.id, "note", by="ann", data={"text": "x"}, key="note")
        assert once == again
        with pytest.raises(Refused):
            inside.perform(item.id, "note", by="ann", data={"text": "other"}, key="note")
        goes_on(host, session)

    assert once == host.engine.item(item.id)


@on(*ALL)
def test_what_exists_leaves_the_transaction_usable(host: Host) -> None:
    """An id that is taken, or a row of the host that has its item."""
    item = host.drafted(id="one", ref="post:42")

    with host.session() as session:
        inside = host.engine.within(session)
        for told in ({"id": item.id}, {"ref": item.ref}):
            with pytest.raises(ItemExists):
                born(inside, **told)
        goes_on(host, session)

    assert ["behind", "one"] == host.items


@on(*ALL)
def test_what_is_missing_leaves_the_transaction_usable(host: Host) -> None:
    """There is no such item."""
    with host.session() as session:
        with pytest.raises(ItemNotFound):
            host.engine.within(session).perform("none", "submit", by="ann")
        goes_on(host, session)


# -- more than one item, more than one tenant


@pytest.mark.parametrize("kind", ALL)
def test_a_family_is_born_and_follows_inside(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Children come with what spawned them, and their parent with what they do."""
    url = address(kind, tmp_path, request)
    with host_at(url, parent(), begins=kind == BEGINS, people=TEAM) as host:
        with host.session() as session:
            inside = host.engine.within(session)
            made = inside.create("post", by="ann", data={"title": "a", "accounts": ["x", "y"]})
            inside.perform(made.id, "send", by="ann")
            [x, y] = inside.children(made.id)
            inside.perform(x.id, "begin", by="ed")
            inside.perform(x.id, "fail", by="ed")
            session.rollback()
            assert [] == host.items

            made = inside.create("post", by="ann", data={"title": "a", "accounts": ["x", "y"]})
            inside.perform(made.id, "send", by="ann")
            for child in inside.children(made.id):
                for action in ("begin", "check"):
                    inside.perform(child.id, action, by="ed")
            session.commit()

        assert ("end.closed",) == host.engine.item(made.id).marking
        assert 3 == len(host.items)
        assert 3 == host.heard.names.count("created")
        assert all(x.id not in host.items for x in (x, y))


@on(*ALL)
def test_tenants_are_apart_inside(host: Host) -> None:
    """A tenant's engine sees and writes what is the tenant's."""
    acme = engine_on(host.store.for_tenant("acme"))
    other = host.drafted(id="same")

    with host.session() as session, session.begin():
        inside = acme.within(session)
        assert inside.worklist() == ()
        inside.perform(born(inside, id="same").id, "submit", by="ann")

    assert other == host.engine.item("same")
    assert ("review.waiting",) == acme.item("same").marking
    assert acme.item("same") == next(iter(everything(host.store.for_tenant("acme"))[0]))


@on(*ALL)
def test_what_is_asked_inside_is_answered_inside(host: Host) -> None:
    """Items, histories, worklists and options see what has not been committed; others do not."""
    with host.session() as session:
        inside = host.engine.within(session)
        item = born(inside, ref="post:42")

        assert item == inside.item(item.id) == inside.find(ref="post:42")
        assert [item.id] == [duty.item for duty in inside.worklist()]
        assert 1 == len(inside.history(item.id))
        assert "submit" in [
            one.action.rpartition(".")[2] for one in inside.options(item.id, by="ann")
        ]
        assert ["ann"] == [m.id for m in inside.who_can(item.id, "submit") if m.id == "ann"]
        assert inside.why_not(item.id, "submit", by="ed") is not None
        assert inside.preview(item.id, "submit", by="ann").version == item.version + 1
        assert ((), None) == (host.engine.worklist(), host.engine.find(ref="post:42"))


# -- what can be joined


def test_a_store_that_is_no_sql_store_says_so() -> None:
    """A `MemoryStore` has no transaction of a host."""
    with pytest.raises(StoreError, match="cannot join a transaction: use a SqlStore"):
        engine_on(MemoryStore()).within(object())


@on(SQLITE)
def test_a_handle_of_another_kind_says_what_is_wanted(host: Host) -> None:
    """An engine of SQLAlchemy is no transaction."""
    with pytest.raises(StoreError, match=r"takes a Session, .*not Engine"):
        host.engine.within(host.database)


@pytest.mark.parametrize("kind", [SQLITE, POSTGRESQL])
def test_a_database_without_our_tables_says_so(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A host that has taken the wrong engine, or forgotten to make the tables."""
    database = create_engine(address(kind, tmp_path, request), poolclass=NullPool)
    engine = engine_on(SqlStore("sqlite://", create=True))

    with Session(database) as session, pytest.raises(StoreError, match=r"no table .*make_tables"):
        engine.within(session)


@on(SQLITE, POSTGRESQL)
def test_an_autocommit_connection_says_so(host: Host) -> None:
    """There each statement would stand by itself."""
    with (
        host.database.connect() as connection,
        pytest.raises(StoreError, match="commits each statement by itself"),
    ):
        host.engine.within(connection.execution_options(isolation_level="AUTOCOMMIT"))


@on(SQLITE)
def test_a_session_of_many_databases_says_so(host: Host) -> None:
    """It has no connection as a whole: the host takes the one that is meant."""

    with Session(binds={Invoice: host.database}) as session:
        with pytest.raises(StoreError, match="has no connection"):
            host.engine.within(session)
        item = born(host.engine.within(session.connection(bind_arguments={"mapper": Invoice})))
        session.commit()

    assert [item.id] == host.items


@on(SQLITE, BEGINS)
def test_a_session_that_has_to_be_rolled_back_says_so(host: Host) -> None:
    """The host has gone on after an error of its own."""
    with host.session() as session:
        inside = host.engine.within(session)
        session.add_all([Invoice(number="17"), Invoice(number="17")])
        with pytest.raises(Exception, match="UNIQUE"):
            session.flush()

        with pytest.raises(StoreError, match=r"has no connection: .*rolled back"):
            born(inside)


# -- two at a time


@on(SQLITE, BEGINS)
def test_a_second_transaction_of_the_same_thread_is_refused_at_once(host: Host) -> None:
    """It would wait for the first one, which waits for it; after the commit it can be had."""
    with host.session() as session:
        inside = host.engine.within(session)
        born(inside, id="inside")
        begun = time.monotonic()
        with pytest.raises(StoreError, match=r"in this thread is writing to it.*within"):
            born(host.engine)
        assert time.monotonic() - begun < 5
        born(inside, id="still inside")
        session.commit()
        born(host.engine, id="outside")

    assert ["inside", "outside", "still inside"] == host.items


@on(POSTGRESQL)
@pytest.mark.parametrize("wanted", ["its item", "its ref", "its key", "its definition"])
def test_what_the_same_thread_holds_is_not_waited_for(
    host: Host, wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The host would have to commit first, and cannot; afterwards it can be had."""
    monkeypatch.setattr(touched, "PATIENCE", 0.1)
    item = host.drafted() if wanted != "its definition" else None

    def outside() -> None:
        if wanted == "its item" and item is not None:
            host.engine.perform(item.id, "note", by="ann", data={"text": "x"})
        else:
            told = {"its ref": {"ref": "post:42"}, "its key": {"key": "birth"}}.get(wanted, {})
            born(host.engine, **told)

    with host.session() as session:
        inside = host.engine.within(session)
        born(inside, id="new", ref="post:42", key="birth")
        if item is not None:
            inside.perform(item.id, "submit", by="ann")
        with pytest.raises(StoreError, match=r"in this thread has written to the same.*within"):
            outside()
        session.rollback()
        outside()

    assert "new" not in host.items


@on(POSTGRESQL)
def test_what_the_same_thread_does_not_hold_is_waited_for(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another item, though this thread has a transaction of a host: who has it gets the time."""
    monkeypatch.setattr(touched, "PATIENCE", 0.1)
    item, other = host.drafted(), host.drafted()
    holds, ends = Event(), Event()

    def hold() -> None:
        with host.session() as session, session.begin():
            host.engine.within(session).perform(other.id, "submit", by="ann")
            holds.set()
            ends.wait(0.5)

    holder = Thread(target=hold)
    holder.start()
    holds.wait(20)
    with host.session() as session:
        host.engine.within(session).perform(item.id, "submit", by="ann")
        host.engine.perform(other.id, "note", by="ann", data={"text": "x"})
        session.commit()
    holder.join(20)

    assert ["create", "submit", "note"] == actions(host.engine, other.id)


@on(POSTGRESQL)
def test_what_a_savepoint_has_taken_back_can_be_had(host: Host) -> None:
    """Nobody holds it any more, so there is nothing to wait for."""
    item = host.drafted()

    with host.session() as session:
        inside = host.engine.within(session)
        with session.begin_nested() as savepoint:
            inside.perform(item.id, "submit", by="ann")
            savepoint.rollback()
        host.engine.perform(item.id, "note", by="ann", data={"text": "x"})
        session.commit()

    assert ["create", "note"] == actions(host.engine, item.id)


@on(SQLITE, BEGINS)
def test_a_second_transaction_is_refused_though_others_wait_already(host: Host) -> None:
    """Whoever leads the line would take its writes along, and wait for its own host."""
    item, other = host.drafted(), host.drafted()

    with host.session() as session:
        host.engine.within(session).perform(item.id, "submit", by="ann")
        waiting = Thread(
            target=host.engine.perform, args=(other.id, "submit"), kwargs={"by": "ann"}
        )
        waiting.start()
        time.sleep(0.3)
        begun = time.monotonic()
        with pytest.raises(StoreError, match="in this thread is writing to it"):
            born(host.engine)
        assert time.monotonic() - begun < 5
        session.commit()
        waiting.join(20)

    assert ("review.waiting",) == host.engine.item(other.id).marking


@on(SQLITE, BEGINS)
def test_reading_beside_the_hosts_transaction_is_never_refused(host: Host) -> None:
    """It sees what is committed."""
    item = host.drafted()

    with host.session() as session:
        host.engine.within(session).perform(item.id, "submit", by="ann")
        assert item == host.engine.item(item.id)


@on(*ALL)
def test_another_thread_waits_for_the_hosts_commit(host: Host) -> None:
    """Its own command is decided on what the host has committed."""
    item, done = host.drafted(), Event()

    def notes() -> None:
        host.engine.perform(item.id, "note", by="ann", data={"text": "x"})
        done.set()

    with host.session() as session:
        host.engine.within(session).perform(item.id, "submit", by="ann")
        other = Thread(target=notes)
        other.start()
        assert not done.wait(0.3)
        session.commit()
        other.join(20)

    assert ["create", "submit", "note"] == actions(host.engine, item.id)


@on(SQLITE, POSTGRESQL)
def test_what_another_has_done_meanwhile_is_decided_upon(host: Host) -> None:
    """What was read before our own write counts for nothing, on READ COMMITTED and on SQLite."""
    item = host.drafted()

    with host.session() as session:
        inside = host.engine.within(session)
        host.engine.perform(item.id, "submit", by="ann")
        with pytest.raises(Refused):
            inside.perform(item.id, "submit", by="ann")
        inside.perform(item.id, "note", by="ann", data={"text": "x"})
        session.commit()

    assert ["create", "submit", "note"] == actions(host.engine, item.id)


@on(POSTGRESQL, BEGINS)
def test_what_the_database_gives_up_on_is_the_hosts_to_begin_again(host: Host) -> None:
    """It is told at once, since only the whole transaction can be tried again."""
    item = host.drafted()
    database = host.database.execution_options(isolation_level="REPEATABLE READ")

    with Session(database if host.store.statements.is_postgresql else host.database) as session:
        inside = host.engine.within(session)
        assert item == inside.item(item.id)
        host.engine.perform(item.id, "note", by="ann", data={"text": "x"})
        with pytest.raises(Contended):
            inside.perform(item.id, "submit", by="ann")
        session.rollback()
        inside.perform(item.id, "submit", by="ann")
        session.commit()

    assert ["create", "note", "submit"] == actions(host.engine, item.id)


@pytest.mark.parametrize("kind", [POSTGRESQL, BEGINS])
@pytest.mark.parametrize("how", ["by a sweep", "by many at once", "by all at once", "by a birth"])
def test_no_way_of_asking_hides_that_the_database_has_given_up(
    kind: str, how: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The host's transaction is broken, so nothing in it is tried again, put off or answered."""
    later = Ticking()() + timedelta(days=2)
    ways: dict[str, Callable[[Engine, str], object]] = {
        "by a sweep": lambda inside, id: inside.run_due(later),
        "by many at once": lambda inside, id: inside.perform_many([Task(id, "submit")], by="ann"),
        "by all at once": lambda inside, id: inside.perform_many(
            [Task(id, "submit")], by="ann", atomic=True
        ),
        "by a birth": lambda inside, id: inside.create("comment", by="ed", parent=id),
    }
    url = address(kind, tmp_path, request)
    with host_at(url, post_with_comments(), begins=kind == BEGINS) as host:
        item = host.drafted()
        isolation = "REPEATABLE READ" if host.store.statements.is_postgresql else "SERIALIZABLE"
        with Session(host.database.execution_options(isolation_level=isolation)) as session:
            inside = host.engine.within(session)
            assert item == inside.item(item.id)
            host.engine.perform(item.id, "edit", by="ann", data={"title": "b"})
            with pytest.raises(Contended):
                ways[how](inside, item.id)
            session.rollback()
            ways[how](inside, item.id)


def post_with_comments() -> Workflow:
    """The post of the scenes, in whose first stage something is due, with comments below it."""
    scene = post()
    remind = Action("remind", "drafting", due=days(1), every=days(1))
    writing = next(one for one in scene.steps if one.name == "writing")
    reading = Stage("reading", ("new", "read"), role="editor")
    comment = Workflow("comment", [reading], rights={"create": "*"})
    changed = attrs.evolve(writing, actions=(*writing.actions, remind))
    return post(changed, *scene.steps[1:], children=(comment,))


@on(SQLITE)
def test_a_savepoint_that_would_be_a_commit_is_refused(host: Host) -> None:
    """SQLite's driver begins nothing before a savepoint, so releasing that would be all."""
    with host.session() as session, session.begin_nested():
        inside = host.engine.within(session)
        with pytest.raises(StoreError, match="may take a savepoint for the whole transaction"):
            born(inside)

    assert [] == host.items


def actions(engine: Engine, id: str) -> list[str]:
    """What has happened to an item."""
    return [entry.event.action.rpartition(".")[2] for entry in engine.history(id)]
