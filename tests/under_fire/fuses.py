"""Fuses: connections that break at a chosen statement.

The statements of every connection that is opened while a fuse is wired are counted, with a boundary
before and after each.  At the boundary that is chosen, the connection breaks without a COMMIT.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Literal

import attrs
import psycopg
from sqlalchemy import Engine, event

__all__ = ["Fuse", "Gone", "wired"]

Break = Literal["gone", "lost"]


class Gone(BaseException):
    """The process is no more: whatever it would still do is not done."""


@attrs.define(eq=False)
class Fuse:
    """Where and how connections break.

    Attributes:
        at: At which boundary: 0 before the first statement, 1 after it; None for nowhere.
        how: ``"gone"``: together with the process, which does nothing any more; ``"lost"``: the
            statement fails, and the process goes on.
        passed: How many boundaries have been passed.
        look: Called at every boundary that is passed.
    """

    at: int | None = None
    how: Break = "gone"
    look: Callable[[], Any] = lambda: None
    passed: int = 0
    is_armed: bool = False
    is_gone: bool = False
    is_buried: bool = False
    connections: list[Any] = attrs.field(factory=list)

    def arm(self) -> None:
        """Begin to count."""
        self.is_armed = True

    def bury(self) -> None:
        """Close what the process had open, as the system does when a process has gone."""
        self.is_armed, self.is_buried = False, True
        for connection in self.connections:
            if isinstance(connection, psycopg.Connection):
                connection.pgconn.finish()
            else:
                connection.close()

    def around(self, statement: Callable[[], Any], broken: Callable[[], None]) -> Any:
        """Carry out a statement, or break."""
        self._boundary(broken)
        answer = statement()
        self._boundary(broken)
        return answer

    def _boundary(self, broken: Callable[[], None]) -> None:
        if not self.is_armed:
            return
        if self.is_gone:
            raise Gone
        here, self.passed = self.passed, self.passed + 1
        if here != self.at:
            self.look()
        elif self.how == "gone":
            self.is_gone = True
            raise Gone
        else:
            broken()

    def connected(self, dialect: str, args: Any, told: dict[str, Any]) -> Any:
        """A connection that breaks when the fuse does."""
        connection: Any
        if dialect == "sqlite":
            connection = sqlite3.connect(*args, factory=SqliteConnection, **told)
        else:
            told["cursor_factory"] = PostgresqlCursor
            connection = PostgresqlConnection.connect(*args, **told)
        connection.fuse = self
        self.connections.append(connection)
        return connection


@contextmanager
def wired(fuse: Fuse) -> Iterator[Fuse]:
    """Every connection that is opened within is the fuse's."""

    def connect(dialect: Any, record: Any, args: Any, told: dict[str, Any]) -> Any:
        return fuse.connected(dialect.name, args, told)

    event.listen(Engine, "do_connect", connect)
    try:
        yield fuse
    finally:
        event.remove(Engine, "do_connect", connect)
        fuse.bury()


def _disk_is_full() -> None:
    raise sqlite3.OperationalError("database or disk is full")


class SqliteConnection(sqlite3.Connection):
    """A connection whose statements a fuse counts."""

    fuse: Fuse

    def __init__(self, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.cursors: list[sqlite3.Cursor] = []

    def cursor(self, factory: Any = None) -> sqlite3.Cursor:
        self.cursors.append(super().cursor(SqliteCursor))
        return self.cursors[-1]

    def close(self) -> None:
        """As long as an answer is half read, the transaction would stay."""
        with suppress(sqlite3.ProgrammingError):  # it has been closed already
            for cursor in self.cursors:
                cursor.close()
        super().close()

    def rollback(self) -> None:
        if not self.fuse.is_gone and not self.fuse.is_buried:
            self.fuse.around(super().rollback, _disk_is_full)

    def commit(self) -> None:
        self.fuse.around(super().commit, _disk_is_full)


class SqliteCursor(sqlite3.Cursor):
    """A cursor of it."""

    def execute(self, sql: str, *values: Any) -> Any:
        fuse = self.connection.fuse  # type: ignore[attr-defined]
        return fuse.around(lambda: sqlite3.Cursor.execute(self, sql, *values), _disk_is_full)

    def executemany(self, sql: str, *values: Any) -> Any:
        fuse = self.connection.fuse  # type: ignore[attr-defined]
        return fuse.around(lambda: sqlite3.Cursor.executemany(self, sql, *values), _disk_is_full)


class PostgresqlConnection(psycopg.Connection[Any]):
    """A connection whose statements a fuse counts."""

    fuse: Fuse | None = None

    def commit(self) -> None:
        self.around(super().commit)

    def rollback(self) -> None:
        if self.fuse is None or not self.fuse.is_gone:
            self.around(super().rollback)

    def around(self, statement: Callable[[], Any]) -> Any:
        """Carry out a statement, or break; the server sees the connection end."""
        return statement() if self.fuse is None else self.fuse.around(statement, self._break)

    def _break(self) -> None:
        self.pgconn.finish()
        raise psycopg.OperationalError("server closed the connection unexpectedly")


class PostgresqlCursor(psycopg.Cursor[Any]):
    """A cursor of it."""

    connection: PostgresqlConnection

    def execute(self, *told: Any, **more: Any) -> Any:
        return self.connection.around(lambda: psycopg.Cursor.execute(self, *told, **more))

    def executemany(self, *told: Any, **more: Any) -> Any:
        return self.connection.around(lambda: psycopg.Cursor.executemany(self, *told, **more))
