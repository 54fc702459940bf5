"""Small logs of a blog, and their replay into a store in memory: what tests of rehearsals need."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs

from socialflow import Workflow
from socialflow.documents import load_workflow
from socialflow.engine import Engine
from socialflow.items import Entry
from socialflow.logs import Log, read_log
from socialflow.mappings import LogMapping, load_mapping
from socialflow.rehearsal import OnRefusal, Rehearsal
from socialflow.reports import Report
from socialflow.stores.sql import SqlStore

EXAMPLE = Path(__file__).parent.parent / "examples" / "editorial_replay"
BLOG = load_workflow(EXAMPLE / "workflow.toml")
MAPPING = load_mapping(EXAMPLE / "mapping.toml")

WELL = (
    "10 post drafted ann 1",
    "11 post revised ben 1",
    "12 post merged eve 1",
    "13 post corrected ben 2",
    "14 post corrected ben 2",
    "15 post merged ann 2",
)
MIXED = (
    "10 one drafted ann 1",
    "10 two drafted ben 1",
    "11 one merged ann 1",
    "12 two revised ann 1",
    "13 one corrected eve 2",
    "14 two merged eve 1",
    "15 one merged guest 2",
    "16 one corrected eve 2",
    "17 one merged ann 2",
    "18 three revised ann 3",
    "19 three merged ann 3",
)
"""A self-approval, one by somebody without a role, and lines of an item that nobody drafted."""

STRICT = attrs.evolve(MAPPING, people={**MAPPING.people, "guest": ()})
"""The mapping of the example, but that a guest holds no role."""


def log(folder: Path, *lines: str) -> Log:
    """A log of lines that say: hour, item, event, member, request."""
    path = folder / "log.csv"
    rows = ["at,item,title,event,member,request,lines_added,lines_removed"]
    for line in lines:
        hour, item, event, member, request = line.split()
        rows.append(f"2026-05-01T{hour}:00:00Z,{item},,{event},{member},{request},3,1")
    path.write_text("\n".join(rows) + "\n")
    return read_log(path)


def store() -> SqlStore:
    """A store in memory, which can be dumped."""
    return SqlStore("sqlite://", create=True)


def rehearsed(
    told: Log,
    kept: Any,
    mapping: LogMapping = MAPPING,
    workflow: Workflow = BLOG,
    on_refusal: OnRefusal = "record",
) -> Report:
    """The report of a whole replay."""
    rehearsal = Rehearsal(told, mapping, workflow, kept, on_refusal=on_refusal)
    for _ in rehearsal.play():
        pass
    return rehearsal.report()


def history(kept: SqlStore, item: str) -> tuple[Entry, ...]:
    """Everything that happened to an item."""
    return Engine(kept).history(item)
