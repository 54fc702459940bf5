"""Touched: what a host's transaction of whoever asks has written in PostgreSQL, and not committed.

A second transaction of theirs that wants to write the same would wait for the first one, which
would wait for them: for ever.  Who asks is a thread or a task, and those whom it has sent out with
its own context.  A savepoint may have been rolled back since, so what is touched is only a reason
to wait no longer than a moment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import Any
from weakref import ref

import attrs
from sqlalchemy import Connection, RootTransaction

from socialflow.errors import StoreError
from socialflow.stores.sql.steps import Said

__all__ = ["GIVEN_UP", "PATIENCE", "SHORTLY", "is_touched", "touch", "would_wait"]

PATIENCE = 2.0
"""For how many seconds somebody waits for what their own host's transaction has touched."""
SHORTLY = "SET LOCAL lock_timeout = {}"
"""What is said, with so many milliseconds, before something is written that is touched."""
GIVEN_UP = "55P03"
"""What PostgreSQL says then."""
NAMES = ("id", "item", "ref", "key", "digest")
"""Columns by whose values rows and unique indexes lock each other."""

Row = tuple[str, str, str]


@attrs.frozen
class _Touched:
    """What one transaction has written."""

    connection: ref[Connection]
    transaction: ref[RootTransaction]
    rows: set[Row]

    @property
    def goes_on(self) -> bool:
        """Whether the transaction has not ended."""
        connection, transaction = self.connection(), self.transaction()
        if connection is None or transaction is None or connection.closed:
            return False
        if connection.invalidated or connection.get_transaction() is not transaction:
            return False
        driver: Any = connection.connection.driver_connection
        told: Any = getattr(driver, "info", None)
        return told is None or bool(told.transaction_status)


_TOUCHED: ContextVar[tuple[_Touched, ...]] = ContextVar("touched", default=())


def touch(connection: Connection, said: Sequence[Said]) -> None:
    """Remember that all that was said in the transaction on a host's connection."""
    transaction = connection.get_transaction()
    if transaction is None:
        return
    rows = {row for one in said for row in _rows_of(one.values)}
    others = tuple(one for one in _TOUCHED.get() if one.goes_on)
    for one in others:
        if one.transaction() is transaction:
            one.rows.update(rows)
            return
    _TOUCHED.set((*others, _Touched(ref(connection), ref(transaction), rows)))


def is_touched(*values: Mapping[str, Any]) -> bool:
    """Whether a host's transaction of whoever asks has written what these are the values of."""
    return any(
        not one.rows.isdisjoint(_rows_of(told))
        for one in _TOUCHED.get()
        if one.goes_on
        for told in values
    )


def would_wait(name: str) -> StoreError:
    """What somebody is told who would wait for themselves."""
    return StoreError(
        f"{name}: the transaction of the host in this thread has written to the same and is not "
        f"committed: use engine.within(...), or commit first; nothing was written"
    )


def _rows_of(values: Mapping[str, Any]) -> set[Row]:
    tenant = values["tenant"]
    named = ((name, values.get(name)) for name in NAMES)
    return {(tenant, "item" if name == "id" else name, told) for name, told in named if told}
