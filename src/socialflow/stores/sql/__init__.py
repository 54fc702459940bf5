"""`SqlStore`: items in a SQL database, through SQLAlchemy Core; the door to `sqlalchemy`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL, MetaData, inspect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from socialflow.errors import StoreError, StoreVersion
from socialflow.stores.sql.reading import statement_for
from socialflow.stores.sql.sqlite import SYNCHRONOUS, open_engine
from socialflow.stores.sql.statements import Statements
from socialflow.stores.sql.tables import SCHEMA_VERSION, Tables, append_only, make_tables
from socialflow.stores.sql.work import SqlWork
from socialflow.stores.turns import Turn

__all__ = ["SqlStore", "make_tables"]


class SqlStore:
    """A store in a SQLite file, or in memory with ``sqlite://``.

    Args:
        url: ``"sqlite:///content.db"``, relative to the working directory; four slashes for an
            absolute path.
        create: Make the tables if they are missing; else missing tables are an error.
        synchronous: ``"FULL"`` survives power loss; ``"NORMAL"`` is faster, and may then lose the
            last commits, never corrupt.
        prefix: Of the names of its tables.

    Raises:
        StoreVersion: The tables are missing, or of another version of this library.
        StoreError: The database cannot be opened.
    """

    def __init__(
        self,
        url: str,
        *,
        create: bool = False,
        synchronous: str = "FULL",
        prefix: str = "socialflow_",
    ) -> None:
        if synchronous not in SYNCHRONOUS:
            raise StoreError(f"synchronous is one of {SYNCHRONOUS}, not {synchronous!r}")
        self.url = _sqlite_url(url)
        if not create and self._is_missing:
            raise self._without_tables("no file")
        try:
            self.engine = open_engine(self.url, synchronous)
        except (NoSuchModuleError, ModuleNotFoundError):
            raise StoreError(
                f"{self._name} names no driver that is installed: try sqlite:///content.db"
            ) from None
        self.tables, self.statements = _prepared(prefix, self.url.drivername)
        self._turn = Turn(self._name)
        self._writer: Any = None
        self.known: set[str] = set()
        try:
            self._make_sure_of_tables(create)
        except DBAPIError as error:
            self.engine.dispose()
            raise StoreError(f"{self._name} cannot be opened: {error.orig}") from error
        except StoreError:
            self.engine.dispose()
            raise

    def __repr__(self) -> str:
        return f"<SqlStore {self._name}>"

    @property
    def _name(self) -> str:
        return self.url.render_as_string(hide_password=True)

    def begin(self) -> SqlWork:
        """Open a unit of work; the writers of one process take turns."""
        return SqlWork(self)

    def rows(self, query: Any) -> Iterator[Any]:
        """Answer *query* as of now."""
        found, read = statement_for(self.tables, query)
        if self._in_memory:
            self.take_turn()
        try:
            with self.engine.connect() as connection:
                rows = connection.execute(found).fetchall()
        except DBAPIError as error:
            raise self.failed(error.orig or error) from error
        finally:
            if self._in_memory:
                self.give_turn()
        return map(read, rows)

    @property
    def _is_missing(self) -> bool:
        """Whether there is no file yet, though there is a place for it."""
        file = Path(str(self.url.database))
        return not self._in_memory and file.parent.is_dir() and not file.exists()

    @property
    def _in_memory(self) -> bool:
        return self.url.database in (None, "", ":memory:")

    def failed(self, error: BaseException) -> StoreError:
        """What the caller is told when the database cannot do what it should."""
        return StoreError(f"{self._name}: {error}; nothing was written")

    def take_turn(self) -> Any:
        """Wait until no other unit of work is open; then the writer's cursor is the caller's."""
        self._turn.take()
        try:
            if self._writer is None:
                self._checked_out = self.engine.raw_connection()
                self._writer = self._checked_out.driver_connection
                self._cursor = self._writer.cursor()
            return self._cursor
        except BaseException:
            self.give_turn()
            raise

    def give_turn(self) -> None:
        """Let the next one begin; what has not been committed by now is rolled back."""
        try:
            if self._writer is not None and self._writer.in_transaction:
                self._writer.rollback()
        finally:
            self._turn.give()

    def answered(self, cursor: Any, query: Any) -> Iterator[Any]:
        """What a unit of work sees on its *cursor*."""
        found, read = statement_for(self.tables, query)
        made = found.compile(dialect=self.engine.dialect)
        values = made.construct_params()
        try:
            told = cursor.execute(str(made), [values[name] for name in made.positiontup or ()])
        except sqlite3.Error as error:
            raise self.failed(error) from error
        return iter([read(row) for row in told.fetchall()])

    def dump(self) -> str:
        """Everything in the database as SQL text; equal text, equal content."""
        with closing(self.engine.raw_connection()) as connection:
            said = list(connection.cursor().connection.iterdump())
        return "\n".join(sorted(said, key=_after_tables))

    def close(self) -> None:
        """Close every connection; the store can be used again, and opens new ones."""
        if self._writer is not None:
            self._writer = None
            self._checked_out.close()
        self.engine.dispose()

    def _make_sure_of_tables(self, create: bool) -> None:
        found = self._schema_version()
        if found == "none" and create:
            self._create()
        elif found != SCHEMA_VERSION:
            raise self._without_tables(f"schema {found}")

    def _without_tables(self, found: str) -> StoreVersion:
        remedy = "use the version of socialflow that wrote it, or upgrade its tables"
        if found in ("no file", "schema none"):
            remedy = "open it once with create=True"
        return StoreVersion(self._name, found, f"schema {SCHEMA_VERSION}", remedy)

    def _schema_version(self) -> str:
        about = self.tables.about
        there = set(inspect(self.engine).get_table_names())
        if about.name not in there:
            return "none"
        lost = sorted(set(self.tables.item.metadata.tables) - there)
        if lost:
            return f"without {', '.join(lost)}"
        with closing(self.engine.raw_connection()) as connection:
            told = connection.cursor().execute(f'SELECT value FROM "{about.name}"').fetchall()
        return str(told[0][0]) if told else "none"

    def _create(self) -> None:
        with self.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            self.tables.item.metadata.create_all(connection)
            for trigger in append_only(self.tables):
                connection.exec_driver_sql(trigger)
            connection.exec_driver_sql(
                f'INSERT OR IGNORE INTO "{self.tables.about.name}" VALUES (?, ?)',
                ("schema", SCHEMA_VERSION),
            )
            connection.exec_driver_sql("COMMIT")


@cache
def _prepared(prefix: str, driver: str) -> tuple[Tables, Statements]:
    """The tables with that prefix, and what is said to them: made once for all stores."""
    tables = make_tables(MetaData(), prefix)
    return tables, Statements.of(tables, URL.create(driver).get_dialect()())


def _sqlite_url(url: str) -> URL:
    try:
        made = make_url(url)
    except (ArgumentError, AttributeError):
        raise StoreError(
            f"{url!r} is not the address of a database: try sqlite:///content.db"
        ) from None
    if made.get_backend_name() != "sqlite":
        raise StoreError(
            f"{made!r} is not SQLite, the only database this version writes to: "
            f"try sqlite:///content.db"
        )
    return made


def _after_tables(line: str) -> str:
    """Sorts indexes behind everything else, by name: they are made in no certain order."""
    return line if line.startswith("CREATE INDEX") else ""
