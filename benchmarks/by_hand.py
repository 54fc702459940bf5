"""A durable step as somebody would write it by hand who needs nothing but this one step.

It does the work of ours, and writes the same rows: reads the item, checks step, role and four eyes,
makes JSON of the new body and of the event, chains it by SHA-256, and guards the item's version.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

__all__ = ["Step", "in_one_statement", "in_transaction", "on_sqlite"]

Step = Callable[[str, str, str], None]
Clock = Callable[[], datetime]

READ = (
    "SELECT id, ref, workflow, version, n, head, body FROM socialflow_item "
    "WHERE tenant = '' AND id = ?"
)
CHANGE = (
    "UPDATE socialflow_item SET version=?, n=?, head=?, body=?, marking=? "
    "WHERE tenant = '' AND id = ? AND n = ?"
)
DUTY = (
    "UPDATE socialflow_duty SET stage=?, state=?, entered=?, responsible=?, due=?, later=NULL "
    "WHERE tenant = '' AND item = ? AND stage = ?"
)
ENTRY = (
    'INSERT INTO socialflow_history (tenant, item, n, version, action, "by", at, "key", meta, '
    "data, digest, previous, hash) VALUES ('', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
AT_ONCE = """
WITH moved AS (
    UPDATE socialflow_item SET version = %s, n = %s, head = %s, body = %s, marking = %s
    WHERE tenant = '' AND id = %s AND n = %s RETURNING id
), duty AS (
    UPDATE socialflow_duty
    SET stage = %s, state = %s, entered = %s, responsible = %s, due = %s, later = NULL
    WHERE tenant = '' AND item = %s AND stage = %s AND EXISTS (SELECT FROM moved)
)
INSERT INTO socialflow_history (tenant, item, n, version, action, "by", at, "key", meta, data,
    digest, previous, hash)
SELECT '', %s, %s::integer, %s::integer, %s, %s, %s, %s, %s, %s, %s, %s, %s FROM moved
"""
STEPS = {
    ("review.waiting", "check"): "review.checked",
    ("review.checked", "return"): "review.waiting",
}
ROLES = {"ed": {"editor"}}
dumps = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode

Rows = tuple[tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]


def rows_of(row: tuple[Any, ...], action: str, by: str, now: datetime) -> Rows:
    """What the step makes of an item: values of its row, its duty and its entry."""
    id, _, _, version, n, head, text = row
    at = now.isoformat()
    body = json.loads(text)
    state, visit, _ = body["tokens"][0]
    target = STEPS[state, action]
    if "editor" not in ROLES[by] or by in body.get("contributors", ()):
        raise PermissionError(by)
    full = f"review.{action}"
    body["tokens"] = [[target, visit, at]]
    moves = [[full, state, target]]
    meta = dumps({"roles": ["editor"], "moves": moves, "tokens": body["tokens"], "named": action})
    columns = dumps([head, id, n + 1, version + 1, full, by, at, None])
    hash_ = hashlib.sha256((columns + meta).encode()).hexdigest()
    return (
        (version + 1, n + 1, hash_, dumps(body), target, id, n),
        ("review", target, at, None, None, id, "review"),
        (id, n + 1, version + 1, full, by, at, None, meta, None, "", head, hash_),
    )


def on_sqlite(path: Path, synchronous: str, clock: Clock) -> Step:
    """The step on a SQLite file, on a connection of its own."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma in ("busy_timeout = 30000", f"synchronous = {synchronous}", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    cursor = connection.cursor()

    def step(id: str, action: str, by: str) -> None:
        cursor.execute("BEGIN IMMEDIATE")
        try:
            row = cursor.execute(READ, (id,)).fetchall()[0]
            change, duty, entry = rows_of(row, action, by, clock())
            if cursor.execute(CHANGE, change).rowcount != 1:
                raise RuntimeError(id)
            cursor.execute(DUTY, duty)
            cursor.execute(ENTRY, entry)
            cursor.execute("COMMIT")
        except BaseException:
            cursor.execute("ROLLBACK")
            raise

    return step


def for_psycopg(sql: str) -> str:
    """The same statement with the placeholders of psycopg."""
    return sql.replace("?", "%s")


def in_one_statement(address: str, clock: Clock) -> Step:
    """The step on PostgreSQL: one read, and one statement that commits by itself."""
    cursor = psycopg.connect(address, autocommit=True).cursor()
    read = for_psycopg(READ)

    def step(id: str, action: str, by: str) -> None:
        row = cursor.execute(read, (id,)).fetchall()[0]
        change, duty, entry = rows_of(row, action, by, clock())
        if cursor.execute(AT_ONCE, (*change, *duty, *entry)).rowcount != 1:
            raise RuntimeError(id)

    return step


def in_transaction(address: str, clock: Clock) -> Step:
    """The step on PostgreSQL with the row locked, from BEGIN to COMMIT."""
    connection = psycopg.connect(address, autocommit=True)
    cursor = connection.cursor()
    read = for_psycopg(READ) + " FOR UPDATE"

    def step(id: str, action: str, by: str) -> None:
        cursor.execute("BEGIN")
        row = cursor.execute(read, (id,)).fetchall()[0]
        change, duty, entry = rows_of(row, action, by, clock())
        if cursor.execute(AT_ONCE, (*change, *duty, *entry)).rowcount != 1:
            raise RuntimeError(id)
        cursor.execute("COMMIT")

    return step
