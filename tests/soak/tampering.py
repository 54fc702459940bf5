"""Tampering: every row of a store edited, deleted, swapped or inserted by hand.

Somebody has the database, drops the triggers, and changes one row, or several so that every seal is
right again.  With an anchor at hand that was taken before, the audit has to name what was changed,
every time.  What it does not find without has to be what `docs/explanation/integrity.md` lists.
"""

from __future__ import annotations

import random
from argparse import Namespace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs
from postgres import Server
from soak.campaign import Outcome, options
from tampered import KEYS, Try, deliberate, single_rows
from under_fire.databases import PostgresDatabases
from victims import Database, File, Victim

from socialflow.chain import audit
from socialflow.stores.sql import SqlStore

__all__ = ["OPTIONS", "listed", "run", "tampering"]

PAGE = Path(__file__).parent.parent.parent / "docs" / "explanation" / "integrity.md"
ALL = 1_000_000

OPTIONS = options("tampering", __doc__, examples=ALL, seed=1)


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
    """Every way to tamper with a SQLite file, and with a database of PostgreSQL."""
    with TemporaryDirectory() as folder, Server() as server:
        address = PostgresDatabases(server).empty()
        with Database.filled(address) as database:
            return [
                told(
                    "SQLite", tampering(File(Path(folder)), asked.examples, asked.seed), asked.seed
                ),
                told("PostgreSQL", tampering(database, asked.examples, asked.seed), asked.seed),
            ]


def told(where: str, came: Came, seed: int) -> Outcome:
    """What came of tampering with one store."""
    wrong: list[Any] = [*came.missed]
    if came.only_with_an_anchor != listed():
        wrong.append({"listed": sorted(listed()), "is so": sorted(came.only_with_an_anchor)})
    report = (
        f"{where}: {came.done} ways to tamper with a store, {came.refused} of which the database "
        f"refused; {len(came.missed)} were not named",
        *(f"  only with an anchor: {what}" for what in sorted(came.only_with_an_anchor)),
        *(f"  MISSED {one['what']}: {one['statements']}" for one in came.missed[:20]),
    )
    return Outcome(f"tampering, {where}", came.done, wrong, seed, report)
