"""Talking on a Connection of SQLAlchemy, whosever it is: what a unit says is said through it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from socialflow.errors import Contended, ItemExists, KeyTaken, StoreError
from socialflow.queries import Kept, Record
from socialflow.stores.sql.statements import Statement, Statements
from socialflow.stores.sql.steps import Said, missed
from socialflow.stores.sql.tables import Tables

__all__ = ["ConnectedTalk", "spoken"]

GIVEN_UP = ("40001", "40P01", "SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_LOCKED")
"""What databases say when another transaction stood in the way."""


class ConnectedTalk:
    """A unit of work's conversation on one connection.

    Args:
        connection: Where everything is said.
        say: What is said to a database of that dialect.
        name: Of the database, for the sentence.
    """

    at_once = False

    def __init__(self, connection: Connection, say: Statements, name: str) -> None:
        self.say = say
        self.is_open = False
        self._connection = connection
        self._name = name

    def rows(self, statement: Statement, values: dict[str, Any]) -> list[Any]:
        """What the database answers."""
        return self._done(statement.sql, statement.pick(values)).fetchall()  # type: ignore[no-any-return]

    def write(self, said: Sequence[Said]) -> None:
        """Say all that inside the open transaction."""
        for one in said:
            self._say(one)

    def submit(self, said: Sequence[Said]) -> None:
        """Say all that: one statement stands or falls by itself, several belong together."""
        if len(said) == 1 and not _may_collide(said[0]):
            self.write(said)
            return
        self.open()
        self.write(said)
        self.commit()

    def open(self) -> None:
        """Begin what can be taken back."""
        raise NotImplementedError

    def commit(self) -> None:
        """End it, so that what was written is kept."""
        raise NotImplementedError

    def roll_back(self) -> None:
        """Take back what this unit has written, and nothing else, if it is open."""
        raise NotImplementedError

    # -- inside

    def _say(self, one: Said) -> None:
        try:
            done = self._done(one.statement.sql, one.statement.pick(one.values))
        except IntegrityError as error:
            raise self._objection(one, error) from error
        if one.about is not None and done.rowcount != 1:
            raise missed(one.about)

    def _done(self, sql: str, values: Any = ()) -> Any:
        try:
            return self._connection.exec_driver_sql(sql, values)
        except IntegrityError:
            raise
        except SQLAlchemyError as error:
            raise self._failed(error) from error

    def _failed(self, error: SQLAlchemyError) -> StoreError:
        """What the caller is told when the database cannot do what it should."""
        cause = error.orig if isinstance(error, DBAPIError) else error
        reason = f"{cause}".partition("\n")[0]
        codes = (getattr(cause, name, None) for name in ("sqlstate", "sqlite_errorname"))
        if any(code in GIVEN_UP for code in codes):
            return Contended(self._name, reason)
        return StoreError(f"{self._name}: {reason}")

    def _objection(self, one: Said, error: IntegrityError) -> StoreError:
        """What a violated constraint means; to find that out, the unit is taken back."""
        kept = one.about
        if isinstance(kept, Record):
            return missed(kept)
        if not isinstance(kept, Kept) or not self.is_open:
            return self._failed(error)
        self.roll_back()
        key = kept.event.command.key
        if key is not None and self.rows(self.say.answer, one.values):
            return KeyTaken(key)
        if kept.expected == 0 and self.rows(self.say.taken, one.values):
            return ItemExists(kept.item.id, kept.item.ref)
        return self._failed(error)


def _may_collide(one: Said) -> bool:
    """Whether it may violate a constraint, after which PostgreSQL takes nothing any more."""
    kept = one.about
    return not isinstance(kept, Kept) or not kept.expected or kept.event.command.key is not None


_SPOKEN: WeakKeyDictionary[Dialect, dict[Tables, Statements]] = WeakKeyDictionary()


def spoken(tables: Tables, dialect: Dialect) -> Statements:
    """What is said to a host's database, as its driver takes it: made once for each engine."""
    known = _SPOKEN.setdefault(dialect, {})
    if tables not in known:
        known[tables] = Statements(tables, dialect)
    return known[tables]
