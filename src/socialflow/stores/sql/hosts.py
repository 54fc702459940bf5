"""Hosts: whose transaction a store joins, and when they say that it is durable.

Only an ORM Session can tell that it has really committed.  What is to be told waits in a queue for
each of its transactions: releasing a savepoint hands the queue up, rolling one back drops it, the
outermost commit delivers.  A bare Connection cannot tell, so whoever commits it says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from logging import getLogger
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session, SessionTransaction, scoped_session

from socialflow.errors import StoreError

__all__ = ["Call", "ConnectionHost", "Host", "SessionHost", "host_of"]

Call = Callable[[], None]


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
        """The one that the session has in its transaction."""
        return self._session.connection()

    def after_commit(self, calls: Sequence[Call]) -> None:
        """Have them wait for the innermost transaction that the session is in."""
        queues = _QUEUES.get(self._session)
        if queues is None:
            queues = _QUEUES[self._session] = {}
            event.listen(self._session, "after_commit", _committed)
            event.listen(self._session, "after_transaction_end", _ended)
        transaction = _innermost(self._session)
        if transaction is not None:
            queues.setdefault(transaction, []).extend(calls)


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

    def after_commit(self, calls: Sequence[Call]) -> None:
        """Hand them on, or have them wait for `announce`."""
        for call in calls:
            if self._later is None:
                self._waiting.append(call)
            else:
                self._later(call)

    def announce(self) -> None:
        """Make every call that waits: whoever calls this has committed."""
        waiting, self._waiting = self._waiting, []
        for call in waiting:
            _made(call)


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


_QUEUES: WeakKeyDictionary[Session, dict[SessionTransaction, list[Call]]] = WeakKeyDictionary()


def _innermost(session: Session) -> SessionTransaction | None:
    return session.get_nested_transaction() or session.get_transaction()


def _committed(session: Session) -> None:
    queues = _QUEUES[session]
    transaction = _innermost(session)
    waiting = queues.pop(transaction, []) if transaction is not None else []
    if transaction is not None and transaction.nested:
        above = transaction.parent
        while above is not None and above.parent is not None and not above.nested:
            above = above.parent
        if above is not None:
            queues.setdefault(above, []).extend(waiting)
        return
    for call in waiting:
        _made(call)


def _ended(session: Session, transaction: SessionTransaction) -> None:
    _QUEUES[session].pop(transaction, None)


def _made(call: Call) -> None:
    """Make a call for which the host's commit must not suffer."""
    try:
        call()
    except Exception:
        getLogger(__name__).exception("a call after the host's commit failed")
