"""SQLite files: opened as stores, and by somebody with a SQL prompt."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from socialflow.stores.sql import SqlStore


def open_at(path: Path, **told: Any) -> SqlStore:
    """The store in the file at *path*."""
    return SqlStore(f"sqlite:///{path}", **told)


def sql(path: Path, *statements: str) -> list[tuple[Any, ...]]:
    """What somebody with the file and a SQL prompt does to it; the last answer."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            rows = connection.execute(statement).fetchall()
    return rows
