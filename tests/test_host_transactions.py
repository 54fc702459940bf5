"""Inside the host's transaction: what is ours comes with what is theirs, or not at all."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from families_at_work import TEAM, parent
from hosts_at_work import (
    ALL,
    BEGINS,
    WITH_SAVEPOINTS,
    Host,
    Invoice,
    address,
    born,
    host,
    host_at,
    on,
)
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from socialflow.protocols import Store
from socialflow.queries import Definitions, Effects

__all__ = ["host"]

# -- a Session


@on(*ALL)
def test_what_is_ours_comes_with_the_hosts_own_row(host: Host) -> None:
    """One commit, the host's, brings both; nobody sees either before."""
    with host.session() as session, session.begin():
        session.add(Invoice(number="17"))
        item = born(host.engine.within(session))
        session.flush()
        assert ([], []) == (host.items, host.invoices)

    assert ([item.id], ["17"]) == (host.items, host.invoices)
    assert item == host.engine.item(item.id)


@on(*ALL)
def test_nothing_is_told_before_the_hosts_commit(host: Host) -> None:
    """Signals come after it, in order, from the engine that was made, not from the one inside."""
    with host.session() as session, session.begin():
        inside = host.engine.within(session)
        item = born(inside)
        inside.perform(item.id, "submit", by="ann")
        assert [] == host.heard.names

    assert ["created", "performed", "moved", "performed", "moved"] == host.heard.names


@on(*ALL)
def test_a_rollback_takes_all_of_ours_back(host: Host) -> None:
    """Items, histories, duties, definitions: everything is as it was, and nothing is told."""
    before = host.store.dump()

    with host.session() as session:
        session.add(Invoice(number="17"))
        inside = host.engine.within(session)
        inside.perform(born(inside).id, "submit", by="ann")
        session.rollback()

    assert before == host.store.dump()
    assert [] == host.heard.names


@pytest.mark.parametrize("kind", ALL)
def test_a_rollback_takes_what_was_to_be_sent_back(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """No effect waits for what has never happened; of what is committed each waits once."""
    url = address(kind, tmp_path, request)
    with host_at(url, parent(), begins=kind == BEGINS, people=TEAM) as host:
        item = host.drafted()
        with host.session() as session:
            inside = host.engine.within(session)
            inside.perform(item.id, "announce", by="ed")
            assert ["notify"] == queued(inside.store)
            session.rollback()
            assert [] == queued(host.store)
            inside.perform(item.id, "announce", by="ed")
            session.commit()

        assert ["notify"] == queued(host.store)


@pytest.mark.parametrize("kind", WITH_SAVEPOINTS)
def test_a_savepoint_that_is_rolled_back_takes_back_what_was_to_be_sent(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Its own, and nothing of what was to be sent before it."""
    url = address(kind, tmp_path, request)
    with host_at(url, parent(), begins=kind == BEGINS, people=TEAM) as host:
        first, second = host.drafted(), host.drafted()
        with host.session() as session:
            inside = host.engine.within(session)
            inside.perform(first.id, "announce", by="ed")
            with session.begin_nested() as savepoint:
                inside.perform(second.id, "announce", by="ed")
                assert 2 == len(queued(inside.store))
                savepoint.rollback()
            session.commit()

        assert [first.id] == [one.item for one in host.store.rows(Effects())]


def queued(store: Store) -> list[str]:
    """Names of the effects that wait."""
    return [one.name for one in store.rows(Effects(state="queued"))]


@on(*ALL)
def test_a_session_that_is_closed_without_a_commit_leaves_nothing(host: Host) -> None:
    """Leaving the block is no commit."""
    before = host.store.dump()

    with host.session() as session:
        born(host.engine.within(session))

    assert before == host.store.dump()
    assert [] == host.heard.names


@on(*ALL)
def test_an_error_in_the_hosts_commit_leaves_nothing(host: Host) -> None:
    """The host's own row is refused while it commits, and ours goes with it."""
    with host.session() as session, session.begin():
        session.add(Invoice(number="17"))

    with host.session() as session:
        session.add(Invoice(number="17"))
        born(host.engine.within(session))
        with pytest.raises(IntegrityError):
            session.commit()

    assert ([], ["17"]) == (host.items, host.invoices)
    assert [] == host.heard.names


@on(*ALL)
def test_a_session_can_be_used_for_one_transaction_after_the_other(host: Host) -> None:
    """What was rolled back is never told, and what is committed is told once."""
    with host.session() as session:
        inside = host.engine.within(session)
        born(inside)
        session.rollback()
        kept = born(inside)
        session.commit()
        told = host.heard.names
        born(inside, id="last")
        session.commit()

    assert [kept.id, "last"] == host.items
    assert ["created", "performed", "moved"] == told
    assert told * 2 == host.heard.names


@on(*ALL)
def test_every_session_tells_for_itself(host: Host) -> None:
    """One after the other, as many as a host has requests."""
    for number in range(20):
        with host.session() as session, session.begin():
            born(host.engine.within(session), id=f"{number:02}")

    assert [f"{number:02}" for number in range(20)] == host.items
    assert 20 == host.heard.names.count("created")


@on(*ALL)
def test_a_scoped_session_is_the_session_of_its_scope(host: Host) -> None:
    """It is unwrapped, and its commit tells."""
    scoped = scoped_session(sessionmaker(host.database))

    item = born(host.engine.within(scoped))
    scoped.commit()
    scoped.remove()

    assert [item.id] == host.items
    assert ["created", "performed", "moved"] == host.heard.names


@on(*ALL)
def test_a_session_inside_a_connection_tells_at_its_own_commit(host: Host) -> None:
    """As in tests that roll everything back in the end: there the session's commit is all."""
    with host.database.connect() as connection, connection.begin() as outer:
        with Session(connection, join_transaction_mode="rollback_only") as session:
            born(host.engine.within(session))
            session.commit()
        told = host.heard.names
        outer.rollback()

    assert ["created", "performed", "moved"] == told
    assert [] == host.items


# -- savepoints


@on(*WITH_SAVEPOINTS)
def test_a_savepoint_that_is_rolled_back_takes_its_own_and_nothing_else(host: Host) -> None:
    """What was done before and after it stays, and is all that is told."""
    with host.session() as session, session.begin():
        inside = host.engine.within(session)
        born(inside, id="before")
        with session.begin_nested() as savepoint:
            session.add(Invoice(number="17"))
            born(inside, id="within")
            savepoint.rollback()
        born(inside, id="behind")

    assert (["before", "behind"], []) == (host.items, host.invoices)
    assert ["before", "behind"] == told_of(host, "created")


@on(*WITH_SAVEPOINTS)
def test_a_savepoint_that_is_released_comes_with_the_rest(host: Host) -> None:
    """Releasing it tells nothing yet."""
    with host.session() as session, session.begin():
        with session.begin_nested():
            born(host.engine.within(session), id="within")
        assert [] == host.heard.names

    assert ["within"] == host.items == told_of(host, "created")


@on(*WITH_SAVEPOINTS)
def test_a_savepoint_that_is_released_goes_with_the_rest(host: Host) -> None:
    """The rollback of what is around it is a rollback of it."""
    with host.session() as session:
        with session.begin_nested():
            born(host.engine.within(session))
        session.rollback()

    assert [] == host.items == host.heard.names


@on(*WITH_SAVEPOINTS)
def test_savepoints_nest(host: Host) -> None:
    """The innermost is released into one that is rolled back; its neighbour stays."""
    with host.session() as session, session.begin():
        inside = host.engine.within(session)
        with session.begin_nested() as outer:
            born(inside, id="outer")
            with session.begin_nested():
                born(inside, id="inner")
            outer.rollback()
        with session.begin_nested():
            with session.begin_nested() as inner:
                born(inside, id="lost")
                inner.rollback()
            born(inside, id="kept")

    assert ["kept"] == host.items == told_of(host, "created")


@on(*WITH_SAVEPOINTS)
def test_a_definition_that_was_rolled_back_is_stored_again(host: Host) -> None:
    """What a savepoint has taken back is not thought to be there."""
    with host.session() as session, session.begin():
        inside = host.engine.within(session)
        with session.begin_nested() as savepoint:
            born(inside)
            savepoint.rollback()
        item = born(inside)

    assert [item.id] == host.items
    assert [item.workflow] == [one.digest for one in host.store.rows(Definitions())]


# -- a bare Connection


@on(*ALL)
def test_a_bare_connection_is_told_for_by_whoever_commits_it(host: Host) -> None:
    """`announce` makes the calls that wait, once."""
    with host.database.begin() as connection:
        inside = host.engine.within(connection)
        connection.execute(insert(Invoice).values(number="17"))
        item = born(inside)
    assert [] == host.heard.names

    inside.store.announce()
    inside.store.announce()

    assert ([item.id], ["17"]) == (host.items, host.invoices)
    assert ["created", "performed", "moved"] == host.heard.names


@on(*ALL)
def test_a_bare_connection_can_have_somebody_who_tells(host: Host) -> None:
    """Whatever makes a call after a commit: each is handed to it."""
    later: list[Callable[[], None]] = []

    with host.database.begin() as connection:
        born(host.engine.within(connection, after_commit=later.append))
    assert [] == host.heard.names
    for call in later:
        call()

    assert ["created", "performed", "moved"] == host.heard.names


@on(*ALL)
def test_a_connection_that_is_rolled_back_has_nothing_to_tell(host: Host) -> None:
    """Even if the same connection commits later."""
    with host.database.connect() as connection:
        inside = host.engine.within(connection)
        born(inside, id="lost")
        connection.rollback()
        born(inside, id="kept")
        connection.commit()
        inside.store.announce()

    assert ["kept"] == host.items == told_of(host, "created")


@on(*WITH_SAVEPOINTS)
def test_a_savepoint_of_a_connection_takes_back_what_waits(host: Host) -> None:
    """What was done behind it, or behind one that was set before anybody joined."""
    with host.database.begin() as connection:
        early = connection.begin_nested()
        inside = host.engine.within(connection)
        born(inside, id="early")
        early.rollback()
        born(inside, id="kept")
        late = connection.begin_nested()
        born(inside, id="late")
        late.rollback()
    inside.store.announce()

    assert ["kept"] == host.items == told_of(host, "created")


# -- receivers


@on(*ALL)
def test_a_receiver_that_raises_does_not_reach_the_hosts_commit(
    host: Host, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged; the others are told, and the host's commit is one."""

    def broken(sender: object, **told: object) -> None:
        raise RuntimeError("broken")

    host.engine.signals.created.connect(broken)

    with caplog.at_level(logging.ERROR), host.session() as session, session.begin():
        born(host.engine.within(session))

    assert 1 == len(caplog.records)
    assert 1 == len(host.items)
    assert ["created", "performed", "moved"] == host.heard.names


@on(*ALL)
def test_a_call_that_raises_does_not_reach_whoever_makes_it(
    host: Host, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Be it the announcement itself that fails."""

    def broken(*told: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(type(host.engine.signals), "announce", broken)

    with host.session() as session, session.begin():
        born(host.engine.within(session))

    assert ["a call after the host's commit failed"] == [
        one.message for one in caplog.records if one.levelname == "ERROR"
    ]
    assert 1 == len(host.items)


@on(*ALL)
def test_a_receiver_can_use_the_engine(host: Host) -> None:
    """At the host's commit it has a transaction of its own."""

    def submits(sender: Any, item: Any, **told: object) -> None:
        sender.perform(item.id, "submit", by="ann")

    host.engine.signals.created.connect(submits)

    with host.session() as session, session.begin():
        item = born(host.engine.within(session))

    assert ("review.waiting",) == host.engine.item(item.id).marking


@on(*ALL)
def test_a_receiver_can_use_the_session(host: Host) -> None:
    """It is free again, and what is done with it waits for its next commit."""
    with host.session() as session:

        def submits(sender: Any, item: Any, **told: object) -> None:
            sender.within(session).perform(item.id, "submit", by="ann")

        host.engine.signals.created.connect(submits)
        item = born(host.engine.within(session))
        session.commit()
        then = host.engine.item(item.id).marking
        session.commit()

    assert ("writing.drafting",) == then
    assert ("review.waiting",) == host.engine.item(item.id).marking
    assert ["created", "performed", "moved", "performed", "moved"] == host.heard.names


def told_of(host: Host, signal: str) -> list[str]:
    """The ids of the items of which a signal has told."""
    return [told["item"].id for name, told in host.heard.told if name == signal]
