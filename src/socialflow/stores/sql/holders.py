"""Holders: which SQLite file is being written by a host's transaction of whoever asks.

A second transaction of theirs would wait for the first one, which would wait for them: until the
timeout.  Who asks is a thread or a task, and those whom it has sent out with its own context.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from pathlib import Path
from sqlite3 import ProgrammingError
from types import MappingProxyType
from typing import Any
from weakref import ref

from sqlalchemy import Connection

__all__ = ["holds", "is_held"]

_NOTHING: Mapping[Path, ref[Connection]] = MappingProxyType({})
_HELD: ContextVar[Mapping[Path, ref[Connection]]] = ContextVar("held", default=_NOTHING)


def holds(connection: Connection, file: Path) -> None:
    """Remember that the transaction on a host's connection is about to write to a file."""
    held, file = _HELD.get(), file.resolve()
    if file not in held or held[file]() is not connection:
        _HELD.set({**held, file: ref(connection)})


def is_held(file: Path | None) -> bool:
    """Whether a host's transaction of whoever asks has written to the file, and goes on."""
    held = _HELD.get()
    if not held or file is None or (file := file.resolve()) not in held:
        return False
    connection = held[file]()
    return connection is not None and _goes_on(connection)


def _goes_on(connection: Connection) -> bool:
    if connection.closed or not connection.in_transaction():
        return False
    driver: Any = connection.connection.driver_connection
    try:
        return bool(driver.in_transaction)
    except ProgrammingError:
        return False
