"""Rehearsals: a log of what people did, driven through a workflow that says what they may do.

Order is the order of the file; the clock shows what each line says.  Every command has a key made
of the log's digest, the line and the place of the command in it, so that a log is replayed once,
however often it is started.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Literal

import attrs

from socialflow.definitions import Workflow
from socialflow.engine import Engine
from socialflow.errors import ItemExists, ItemNotFound, LogError, Refusal, Refused
from socialflow.items import Entry
from socialflow.logs import Log, Row
from socialflow.mappings import LogMapping, Step
from socialflow.people import ANYONE, SYSTEM, Member
from socialflow.protocols import Store
from socialflow.queries import History

__all__ = ["Crowd", "OnRefusal", "Outcome", "Rehearsal"]

OnRefusal = Literal["record", "stop"]
WAIVED = "waived"
REFUSED = "refused"


@attrs.frozen(weakref_slot=False)
class Outcome:
    """What became of one line.

    Attributes:
        row: The line.
        answer: ``"performed"``; ``"repeated"``, if the store knew it already; ``"refused"``, and
            not performed; ``"not_tried"``, because its item was left where a refusal met it.
        codes: What objected, to be waived or not.
        waived: Whether it was performed because the importer waived the objections.
    """

    row: Row
    answer: str
    codes: tuple[str, ...] = ()
    waived: bool = False


CROWD

@attrs.define
class _Known:
    """What the store knows of one item from an earlier replay of the log.

    Attributes:
        answers: The entries of the log by line and step, with what their keys say more.
        last: Line and step of the last one: everything before has been dealt with.
        stopped: Whether a refusal has left the item for good.
    """

    answers: dict[tuple[int, int], tuple[Entry, str, tuple[str, ...]]]
    last: tuple[int, int]
    stopped: bool = False


class Rehearsal:
    """One log, driven through one workflow into one store.

    Args:
        log: What was done.
        mapping: What that asks for, and who the people are.
        workflow: Says what they may do.
        store: Keeps what comes of it.
        on_refusal: ``"record"`` goes on where the importer may waive what objects; ``"stop"``
            waives nothing, and leaves an item where a refusal met it.

    Attributes:
        log: As given, with the events that the mapping does not know among the skipped lines.
        engine: Carries out the commands; its clock shows the time of the line.

    Raises:
        LogError: The log lacks a column, or the workflow an action or a role of the mapping.
        DefinitionConflict: The store knows the workflow's name and version with other content.
    """

    def __init__(
        self,
        log: Log,
        mapping: LogMapping,
        workflow: Workflow,
        store: Store,
        *,
        on_refusal: OnRefusal = "record",
    ) -> None:
        log.demand(mapping.columns_used)
        mapping.check(workflow)
        self.log = log.only(tuple(mapping.events))
        self.workflow = workflow
        self._mapping = mapping
        self._importer = mapping.importer
        self._on_refusal = on_refusal
        self._crowd = Crowd(mapping)
        self._now = datetime.min.replace(tzinfo=UTC)
        self.engine = Engine(store, [workflow], self._crowd, clock=lambda: self._now)
        self._items: dict[str, _Known] = {}
        for row in self.log.rows:
            if row.member == self._importer.id:
                raise LogError(
                    log.source,
                    f"line {row.line}: the member {row.member!r} is called like the importer",
                    "give the importer of the mapping another id",
                )

    def play(self) -> Iterator[Outcome]:
        """Carry out line after line, and say what became of each.

        Whoever stops asking leaves the rest undone; the next replay goes on there.

        Raises:
            LogError: The store has this log already, replayed through another workflow.
            StoreError: The store cannot be read or written.
        """
        for row in self.log.rows:
            yield self._line(row)

    def _line(self, row: Row) -> Outcome:
        known = self._items.get(row.item)
        if known is None:
            known = self._items[row.item] = self._known(row.item)
        if known.stopped:
            return Outcome(row, "not_tried")
        self._now = row.at
        done = [
            self._step(row, n, step, known)
            for n, step in enumerate(self._mapping.events[row.event])
        ]
        ...
