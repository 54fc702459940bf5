"""SQLite, as it is safe: WAL, writers take turns, a transaction of ours begins IMMEDIATE.

Only for engines that this library makes; a host's engine is never touched.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, StaticPool, create_engine, event
from sqlalchemy.engine import URL

__all__ = ["open_engine"]

SYNCHRONOUS = ("FULL", "NORMAL")
BUSY_MILLISECONDS = 30_000


def open_engine(url: URL, synchronous: str) -> Engine:
    """An engine whose connections leave transactions to us.

    Args:
        url: ``sqlite:///file`` or ``sqlite://`` for one in memory.
        synchronous: ``"FULL"``, or ``"NORMAL"``, which may lose the last commits on power loss.
    """
    in_memory = url.database in (None, "", ":memory:")
    if in_memory:
        engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        engine = create_engine(url, connect_args={"check_same_thread": False}, max_overflow=-1)

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        if not in_memory:
            cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute(f"PRAGMA synchronous = {synchronous}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    return engine
