"""Forks: what the databases of a process do before one, and after it in the parent and the child.

Before it nobody writes to a SQLite file, and no connection to one is open.
"""

from __future__ import annotations

import os
from weakref import WeakSet

from socialflow.stores.sql.connections import OPENING
from socialflow.stores.sql.line import Line, Request
from socialflow.stores.sql.opening import Database
from socialflow.stores.sql.sqlite import Sqlite

__all__ = ["survive_forks"]

_OPEN: WeakSet[Database] = WeakSet()
_PAUSED: list[tuple[Line, Request | None]] = []


def survive_forks(database: Database) -> None:
    """See to it that *database* can be used after a fork, by the parent and by the child."""
    _OPEN.add(database)


def _pause() -> None:
    files = [database for database in tuple(_OPEN) if isinstance(database, Sqlite)]
    _PAUSED[:] = [(line, line.pause()) for line in {database.line for database in files}]
    OPENING.acquire()
    for database in files:
        if (database.line, None) not in _PAUSED:
            database.close_all()


def _go_on() -> None:
    OPENING.release()
    for line, paused in _PAUSED:
        line.go_on(paused)
    _PAUSED.clear()


def _start_anew() -> None:
    OPENING.release()
    _PAUSED.clear()
    for database in tuple(_OPEN):
        database.start_anew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_pause, after_in_parent=_go_on, after_in_child=_start_anew)
