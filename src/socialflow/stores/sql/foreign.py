"""Connections that somebody else has made, with a driver that SQLAlchemy knows as well.

SQLAlchemy says things on one, and does nothing else with it: it neither prepares it nor begins,
commits, rolls back or closes anything.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import URL, Connection, Dialect, Engine, StaticPool

__all__ = ["foreign"]

NOT_OURS = ("do_begin", "do_commit", "do_rollback", "do_close", "do_terminate")


def foreign(raw: Any, driver: str) -> Connection:
    """A Connection of SQLAlchemy on the connection of somebody else.

    Args:
        raw: As the driver has made it.
        driver: What SQLAlchemy calls that driver, such as ``"postgresql+psycopg"``.
    """
    dialect = _untouching(driver)
    pool = StaticPool(lambda: raw, reset_on_return=None, dialect=dialect)
    return Engine(pool, dialect, URL.create(driver)).connect()


@cache
def _untouching(driver: str) -> Dialect:
    """What SQLAlchemy knows of a driver, but for what would end a transaction."""
    kind: Any = URL.create(driver).get_dialect()
    dialect: Dialect = kind(dbapi=kind.import_dbapi())
    for name in NOT_OURS:
        setattr(dialect, name, _nothing)
    return dialect


def _nothing(*_: object) -> None:
    """Leave it to whose connection it is."""
