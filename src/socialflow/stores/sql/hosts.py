"""Hosts: whose transaction a store joins, and when they say that it is durable.

Only an ORM Session can tell that it has really committed.  What is to be told waits in a queue for
each of its transactions: releasing a savepoint hands the queue up, rolling one back drops it, and
the end of a committed transaction delivers.  A bare Connection cannot tell, so whoever commits it
says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from logging import getLogger
from typing import Any, Protocol

from sqlalchemy import Connection, event
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session, SessionTransaction, scoped_session

from socialflow.errors import StoreError

__all__ = ["Call", "ConnectionHost", "Host", "SessionHost", "host_of"]

Call = Callable[[], None]
QUEUES = "socialflow.queues"
"""Under which the queues of a Session are among what it carries for others, so they go with it."""


class Host(Protocol):
    """Somebody with a transaction of their own."""

    @property
    def connection(self) -> Connection:
        """Where the transaction is."""
        ...

    def after_commit(self, calls: Sequence[Call]) -> None:
        """See to it that these calls are made once the transaction is durable; else never."""
        ...


class SessionHost:
    """An ORM Session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def connection(self) -> Connection:
        """The one that the session has in its transaction.

        Raises:
            StoreError: It is bound to no database as a whole, or has to be rolled back first.
        """
        try:
            return self._session.connection()
        except InvalidRequestError as error:
            raise StoreError(f"the session of the host has no connection: {error}") from error

    def after_commit(self, calls: Sequence[Call]) -> None:
        """Have them wait for the innermost transaction that the session is in."""
        if calls:
            _queues_of(self._session).wait(_innermost(self._session), calls)


class ConnectionHost:
    """A bare Connection, or another technology's.

    Args:
        connection: Where the transaction is.
        after_commit: Makes a call after the commit, if there is somebody who can tell.
    """

    def __init__(
        self, connection: Connection, after_commit: Callable[[Call], object] | None = None
    ) -> None:
        self.connection = connection
        self._later = after_commit
        self._waiting: list[Call] = []
        self._savepoints: list[int] = []
        if after_commit is None:
            event.listen(connection, "savepoint", self._begun)
            event.listen(connection, "release_savepoint", self._released)
            event.listen(connection, "rollback_savepoint", self._undone)
            event.listen(connection, "rollback", self._forgotten)

    def after_commit(self, calls: Sequence[Call]) -> None:
        """Hand them on, or have them wait for `announce`."""
        if self._later is None:
            self._waiting.extend(calls)
            return
        for call in calls:
            self._later(_safe(call))

    def announce(self) -> None:
        """Make every call that waits: whoever calls this has committed."""
        waiting, self._waiting = self._waiting, []
        for call in waiting:
            _safe(call)()

    def _begun(self, _: Connection, __: str | None) -> None:
        self._savepoints.append(len(self._waiting))

    def _released(self, _: Connection, __: str, ___: None) -> None:
        self._since_savepoint()

    def _undone(self, _: Connection, __: str, ___: None) -> None:
        del self._waiting[self._since_savepoint() :]

    def _forgotten(self, _: Connection) -> None:
        self._waiting.clear()
        self._savepoints.clear()

    def _since_savepoint(self) -> int:
        """How many calls waited when the innermost savepoint was set; none, if that was early."""
        return self._savepoints.pop() if self._savepoints else 0


def host_of(handle: Any, after_commit: Callable[[Call], object] | None) -> Host:
    """What a handle of a host's transaction is.

    Raises:
        StoreError: It is nothing that a transaction can be joined by.
    """
    if isinstance(handle, scoped_session):
        handle = handle()
    if isinstance(handle, Session):
        return SessionHost(handle)
    if isinstance(handle, Connection):
        return ConnectionHost(handle, after_commit)
    raise StoreError(
        f"within() takes a Session, a scoped_session or a Connection of SQLAlchemy, not "
        f"{type(handle).__name__}; of Django see socialflow.integrations.django, of asyncio "
        f"socialflow.aio"
    )


class _Queues:
    """What waits for the transactions of one Session."""

    def __init__(self) -> None:
        self._waiting: dict[SessionTransaction, list[Call]] = {}
        self._durable: list[Call] = []

    def wait(self, transaction: SessionTransaction, calls: Sequence[Call]) -> None:
        """Have calls wait for a transaction."""
        self._waiting.setdefault(transaction, []).extend(calls)

    def committed(self, session: Session) -> None:
        """Hand up what waits for a savepoint; what waits for all is durable."""
        transaction = _innermost(session)
        calls = self._waiting.pop(transaction, [])
        if transaction.nested:
            self.wait(_around(transaction), calls)
        else:
            self._durable = calls

    def ended(self, _: Session, transaction: SessionTransaction) -> None:
        """Drop what still waits; after all of it, when the session is free, tell what is so."""
        self._waiting.pop(transaction, None)
        if transaction.parent is None:
            durable, self._durable = self._durable, []
            for call in durable:
                _safe(call)()


def _queues_of(session: Session) -> _Queues:
    if QUEUES not in session.info:
        queues = session.info[QUEUES] = _Queues()
        event.listen(session, "after_commit", queues.committed)
        event.listen(session, "after_transaction_end", queues.ended)
    found: _Queues = session.info[QUEUES]
    return found


def _innermost(session: Session) -> SessionTransaction:
    """The savepoint that the session is in, or its transaction."""
    found = session.get_nested_transaction() or session.get_transaction()
    if found is None:
        raise StoreError("the session of the host is in no transaction any more")
    return found


def _around(transaction: SessionTransaction) -> SessionTransaction:
    """The savepoint or the transaction around a savepoint; a flush counts for neither."""
    while transaction.parent is not None:
        transaction = transaction.parent
        if transaction.nested:
            break
    return transaction


def _safe(call: Call) -> Call:
    """The same call, for which the host's commit does not suffer."""

    def made() -> None:
        try:
            call()
        except Exception:
            getLogger(__name__).exception("a call after the host's commit failed")

    return made
