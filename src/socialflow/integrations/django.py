"""Django: an engine inside the transaction of `atomic`, on Django's own connection.

What Django writes and what the engine writes is one transaction, savepoints included; signals are
sent by `transaction.on_commit`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode
from weakref import WeakKeyDictionary

from socialflow.engine import Engine
from socialflow.errors import MissingExtra, StoreError
from socialflow.stores.sql.foreign import foreign

try:
    from django.db import (  # type: ignore[import-untyped]
        DEFAULT_DB_ALIAS,
        connections,
        transaction,
    )
except ModuleNotFoundError:
    raise MissingExtra("socialflow.integrations.django", "django") from None

__all__ = ["url", "within"]

DRIVERS = {"sqlite3": "sqlite", "psycopg": "postgresql+psycopg", "psycopg2": "postgresql+psycopg2"}
"""What SQLAlchemy calls the driver that a connection of Django comes from."""

_HANDLES: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


def within(engine: Engine, using: str = DEFAULT_DB_ALIAS) -> Engine:
    """The engine inside the transaction that Django is in, which only Django commits.

    Args:
        engine: Over a `SqlStore`, whose tables are in the same database.
        using: Which of Django's databases.

    Raises:
        StoreError: Django is in no transaction there, or in one that has to be rolled back; or its
            database is neither SQLite nor PostgreSQL, or does not have our tables.
    """
    connection = connections[using]
    if not connection.in_atomic_block:
        raise StoreError(
            f"Django is in no transaction of its database {using!r}: "
            f"use `with transaction.atomic():` or ATOMIC_REQUESTS"
        )
    if connection.needs_rollback:
        raise StoreError(
            f"Django's transaction of its database {using!r} is broken: leave the atomic block"
        )
    return engine.within(_handle(connection), after_commit=partial(_later, using))


def url(using: str = DEFAULT_DB_ALIAS) -> str:
    """The address of the database that Django uses now, for a `SqlStore` of the same.

    In tests that is the database of the tests: ask once it has been made.

    Args:
        using: Which of Django's databases.

    Raises:
        StoreError: It is neither SQLite nor PostgreSQL; or it is in memory, where only Django's own
            connection can see it.
    """
    connection = connections[using]
    told = connection.settings_dict
    if connection.vendor == "postgresql":
        return _postgresql(told)
    if connection.vendor != "sqlite":
        raise StoreError(f"Django's database {using!r} is {connection.vendor}: see `SqlStore`")
    name = str(told["NAME"])
    if ":memory:" in name or "mode=memory" in name:
        raise StoreError(
            f"Django's database {using!r} is in memory, as tests have it if nothing else is said: "
            f"say DATABASES[{using!r}]['TEST'] = {{'NAME': 'test.db'}}"
        )
    return f"sqlite:///{name}"


def _postgresql(told: Mapping[str, Any]) -> str:
    user, password = quote(told["USER"], safe=""), quote(told["PASSWORD"], safe="")
    who = f"{user}:{password}@" if password else f"{user}@" if user else ""
    options = {name: one for name, one in told["OPTIONS"].items() if isinstance(one, str)}
    options.pop("assume_role", None)
    query = options | {name.lower(): str(told[name]) for name in ("HOST", "PORT") if told[name]}
    return f"postgresql://{who}/{told['NAME']}?{urlencode(query)}"


def _later(using: str, call: Any) -> None:
    transaction.on_commit(call, using=using)


def _handle(connection: Any) -> Any:
    """SQLAlchemy's handle of a connection of Django: the same one for as long as it is open."""
    connection.ensure_connection()
    raw = connection.connection
    handle = _HANDLES.get(connection)
    if handle is None or handle.connection.driver_connection is not raw:
        handle = _HANDLES[connection] = foreign(raw, _driver(raw))
    return handle


def _driver(raw: Any) -> str:
    """What SQLAlchemy calls the driver that made a connection."""
    for kind in type(raw).__mro__:
        if driver := DRIVERS.get(kind.__module__.partition(".")[0]):
            return driver
    raise StoreError(f"a connection of {type(raw).__module__} is neither SQLite's nor PostgreSQL's")
