"""Tampering: every row of a store edited, deleted, swapped or inserted by hand.

Somebody has the database, drops the triggers, and changes one row, or several so that every seal is
right again.  With an anchor at hand that was taken before, the audit has to name what was changed,
every time.  What it does not find without has to be what `docs/explanation/integrity.md` lists.
"""

from __future__ import annotations

import random
import sqlite3
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import attrs
from soak.campaign import Outcome, options
from tampered import KEYS, Try, deliberate, fill, single_rows

from socialflow.chain import audit
from socialflow.stores.sql import SqlStore

__all__ = ["OPTIONS", "File", "Victim", "listed", "run", "tampering"]

PAGE = Path(__file__).parent.parent.parent / "docs" / "explanation" / "integrity.md"
ALL = 1_000_000

OPTIONS = options("tampering", __doc__, examples=ALL, seed=1)


class Victim(Protocol):
    """A filled store that somebody tampers with.

    Attributes:
        store: As it was filled.
        lines: Of the anchor that was taken then.
    """

    store: SqlStore
    lines: list[str]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table."""
        ...

    def after(self, statements: tuple[str, ...]) -> Any:
        """The store after somebody has done that, for a while; None if the database refuses."""
        ...


class File:
    """A SQLite file in a folder."""

    def __init__(self, folder: Path) -> None:
        self._path, self._copy = folder / "store.db", folder / "copy.db"
        self.store = SqlStore(f"sqlite:///{self._path}", create=True, synchronous="NORMAL")
        self.lines = fill(self.store)
        self.store.close()

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table."""
        with closing(sqlite3.connect(self._path)) as connection:
            connection.row_factory = sqlite3.Row
            order = ", ".join(f'"{column}"' for column in KEYS[table])
            found = connection.execute(
                f"SELECT * FROM socialflow_{table} WHERE tenant = '' ORDER BY {order}"
            )
            return [dict(row) for row in found]

    @contextmanager
    def after(self, statements: tuple[str, ...]) -> Iterator[SqlStore | None]:
        """A copy of the store after somebody has done that."""
        copy(self._path, self._copy)
        try:
            with closing(sqlite3.connect(self._copy)) as connection, connection:
                named = "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
                for (trigger,) in connection.execute(named).fetchall():
                    connection.execute(f'DROP TRIGGER "{trigger}"')
                for statement in statements:
                    connection.execute(statement)
        except sqlite3.IntegrityError:
            yield None
            return
        store = SqlStore(f"sqlite:///{self._copy}", synchronous="NORMAL")
        try:
            yield store
        finally:
            store.close()
            for file in self._copy.parent.glob(f"{self._copy.name}*"):
                file.unlink()


@attrs.define
class Came:
    """What came of tampering with one store."""

    done: int = 0
    refused: int = 0
    missed: list[dict[str, Any]] = attrs.field(factory=list)
    only_with_an_anchor: set[str] = attrs.field(factory=set)


def tampering(victim: Victim, examples: int = ALL, seed: int = 1) -> Came:
    """Tamper with a store, one way after the other, and look whether it is found."""
    rows = {table: victim.rows(table) for table in KEYS}
    known = list(deliberate(victim.store, rows))
    singles = list(single_rows(rows))
    if len(singles) > examples:
        singles = random.Random(seed).sample(singles, examples)
    came = Came()
    for one in known + singles:
        with victim.after(one.statements) as store:
            came.done += 1
            if store is None:
                came.refused += 1
                continue
            if not is_named(one, store, victim.lines):
                came.missed.append(attrs.asdict(one, recurse=False) | {"names": sorted(one.names)})
            if not is_named(one, store, None):
                came.only_with_an_anchor.add(one.what)
    return came


def is_named(one: Try, store: SqlStore, lines: list[str] | None) -> bool:
    """Whether a finding of the audit names what was tampered with."""
    found = {finding.where.split(" / ")[0] for finding in audit(store, lines)}
    return not found.isdisjoint(one.names)


def listed() -> set[str]:
    """What the page says is not found without an anchor."""
    section = PAGE.read_text().split("## Not found without an anchor\n")[1].split("\n## ")[0]
    return {line[2:].rstrip(".;") for line in section.splitlines() if line.startswith("* ")}


def run(asked: Namespace) -> list[Outcome]:
    """Every way to tamper with a SQLite file."""
    with TemporaryDirectory() as folder:
        came = tampering(File(Path(folder)), asked.examples, asked.seed)
    wrong: list[Any] = [*came.missed]
    if came.only_with_an_anchor != listed():
        wrong.append({"listed": sorted(listed()), "is so": sorted(came.only_with_an_anchor)})
    report = (
        f"{came.done} ways to tamper with a store, {came.refused} of which the database refused; "
        f"{len(came.missed)} were not named",
        *(f"  only with an anchor: {what}" for what in sorted(came.only_with_an_anchor)),
        *(f"  MISSED {one['what']}: {one['statements']}" for one in came.missed[:20]),
    )
    return [Outcome("tampering", came.done, wrong, asked.seed, report)]
