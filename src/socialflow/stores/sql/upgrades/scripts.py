"""The scripts, as Alembic runs them; the door to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TextIO

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from socialflow.stores.sql.opening import Place
from socialflow.stores.sql.tables import SCHEMA_VERSION

__all__ = ["run", "stamp"]


def stamp(connection: Connection, place: Place) -> str | None:
    """The script that the tables have gone through last, if that was ever written down."""
    table = place.tables.alembic
    if not connection.dialect.has_table(connection, table.name, schema=table.schema):
        return None
    told: str | None = connection.scalar(table.select())
    return told


def run(
    connection: Connection,
    place: Place,
    begin: str,
    *,
    end: str = SCHEMA_VERSION,
    sql: TextIO | None = None,
) -> None:
    """Run the scripts from one version to another, in the transaction that is open.

    Args:
        connection: With the transaction.
        place: Where the tables are.
        begin: The version to begin at; ``"base"`` where there are no tables.
        end: The version to reach.
        sql: Where to write what would be said; then nothing is done.
    """
    table = place.tables.alembic
    config = Config()
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    told: dict[str, Any] = {
        "version_table": table.name,
        "version_table_schema": table.schema,
        "prefix": place.prefix,
        "schema": place.schema,
        "reading": connection,
        "transactional_ddl": False,
    }
    if sql is None:
        told["connection"] = connection
    else:
        told |= {"dialect_name": connection.dialect.name, "output_buffer": sql}
        told |= {"dialect_opts": {"paramstyle": "named"}, "literal_binds": True}
    config.attributes["told"] = told
    if begin != "base" and stamp(connection, place) is None:
        command.stamp(config, begin, sql=sql is not None)
    command.upgrade(config, end if sql is None else f"{begin}:{end}", sql=sql is not None)
