"""Upgrades: tables of an older version of this library become those of the present one.

The scripts are Alembic's, with a version table of their own beside a host's.  All of them run in
one transaction: an upgrade that is interrupted has not begun.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING, Any

import attrs
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.exc import DBAPIError

from socialflow.errors import MissingExtra, StoreError
from socialflow.stores.sql.opening import CREATING, OLDER, PREFIX, Place
from socialflow.stores.sql.tables import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Upgrade", "include_name", "upgrade"]


@attrs.frozen
class Upgrade:
    """What became of the tables of a store.

    Attributes:
        store: Where they are.
        found: The version of their schema before.
        reached: The version that they are at now; or would be, if nothing was to be done yet.
        sql: What is said to the database, if nothing was to be done yet; empty otherwise.
    """

    store: str
    found: str
    reached: str
    sql: str = ""

    def __str__(self) -> str:
        if self.found == self.reached:
            return f"{self.store}: the tables are at schema {self.reached} already"
        return f"{self.store}: the tables went from schema {self.found} to schema {self.reached}"


def upgrade(
    url: str, *, prefix: str = PREFIX, schema: str | None = None, dry_run: bool = False
) -> Upgrade:
    """Bring the tables of a store to the present schema; every row is kept.

    Nobody else should use the store meanwhile: older versions of this library cannot any more.

    Args:
        url: Of the database, as `SqlStore` takes it.
        prefix: Of the names of its tables.
        schema: Of PostgreSQL: in which its tables are; the connection's own, if not said.
        dry_run: Change nothing, and tell in SQL what would be done.

    Raises:
        StoreVersion: There are no tables, or some that no script begins at.
        MissingExtra: Alembic is not installed.
        StoreError: The database objects, and nothing was changed; or the answer to the COMMIT was
            lost, and upgrading again tells.
    """
    try:
        from socialflow.stores.sql.upgrades.scripts import run, stamp
    except ModuleNotFoundError as missing:
        raise MissingExtra("an upgrade of tables", "migrations") from missing
    place = Place.at(url, prefix, schema)
    if place.is_without_file:
        raise place.other("no file")
    told = StringIO()
    with _alone(place, dry_run) as connection:
        found = place.version(connection)
        if found not in (*OLDER, SCHEMA_VERSION):
            raise place.other(f"schema {found}")
        if stamp(connection, place) not in (None, found):
            raise place.other(f"schema {found}, stamped {stamp(connection, place)}")
        if found == SCHEMA_VERSION:
            return Upgrade(place.name, found, found)
        run(connection, place, found, sql=told if dry_run else None)
    sql = _whole(told.getvalue()) if dry_run else ""
    return Upgrade(place.name, found, SCHEMA_VERSION, sql)


def _whole(sql: str) -> str:
    """The same statements as one transaction."""
    return f"BEGIN;\n\n{sql.strip()}\n\nCOMMIT;\n"


@contextmanager
def _alone(place: Place, dry_run: bool) -> Iterator[Connection]:
    """A transaction in which nobody else makes or upgrades tables, kept if all goes well."""
    database = place.opened()
    is_postgresql = database.engine.dialect.name == "postgresql"
    try:
        with database.engine.connect() as connection:
            reads = is_postgresql or dry_run
            connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
            if is_postgresql:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({CREATING})"))
            yield connection
            connection.exec_driver_sql("ROLLBACK" if dry_run else "COMMIT")
    except DBAPIError as error:
        raise StoreError(
            f"{place.name}: {error.orig}; nothing was changed, or everything if that was at the "
            f"COMMIT: upgrading again is safe, and tells"
        ) from error
    finally:
        database.close()


def include_name(
    metadata: MetaData | None = None, *, prefix: str = PREFIX, schema: str | None = None
) -> Callable[[str | None, str, MutableMapping[Any, Any]], bool]:
    """What tells a host's own Alembic to leave the tables of a store alone.

    Without it ``alembic revision --autogenerate`` proposes to drop whatever the host's metadata
    does not name.

    Args:
        metadata: The host's: what stands there is the host's to look after, `make_tables` or not.
        prefix: Of the names of the tables.
        schema: In which they are, if the host's metadata says so.

    Example:
        >>> is_included = include_name()
        >>> is_included("socialflow_item", "table", {"schema_name": None})
        False
        >>> is_included("invoice", "table", {"schema_name": None})
        True
    """
    place = Place.at("sqlite://", prefix, schema)
    ours = {(table.schema, table.name) for table in place.tables.all}
    if metadata is not None:
        ours -= {(table.schema, table.name) for table in metadata.tables.values()}

    def is_included(name: str | None, kind: str, parents: MutableMapping[Any, Any]) -> bool:
        return kind != "table" or (parents.get("schema_name"), name) not in ours

    return is_included
