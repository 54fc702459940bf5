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
from socialflow.errors import (
    ItemExists,
    ItemNotFound,
    LogError,
    Objection,
    Refusal,
    Refused,
)
from socialflow.items import Entry
from socialflow.logs import Log, Row
from socialflow.mappings import LogMapping, Step
from socialflow.people import ANYONE, SYSTEM, Member
from socialflow.protocols import Store
from socialflow.queries import History
from socialflow.reports import Outcome, Report, make_report

__all__ = ["Crowd", "OnRefusal", "Rehearsal"]

OnRefusal = Literal["record", "stop"]


class Crowd:
    """The people of a log as a directory: whoever the mapping does not list is known all the same.

    Args:
        mapping: Says who holds which roles.

    Attributes:
        behind: Id of the member on whose behalf the importer acts at the moment, if any.
    """

    def __init__(self, mapping: LogMapping) -> None:
        self._roles = mapping.people
        self._importer = mapping.importer
        self._seen: dict[str, Member] = {
            id: Member(id, roles) for id, roles in mapping.people.items() if id != ANYONE
        }
        self._seen[mapping.importer.id] = mapping.importer
        self.behind: str | None = None

    def member(self, id: str) -> Member | None:
        """The member with that id; None only if the mapping says nothing about everybody."""
        if id not in self._seen and ANYONE in self._roles and id != SYSTEM.id:
            self._seen[id] = Member(id, self._roles[ANYONE])
        return self._seen.get(id)

    def holders(self, role: str) -> Iterator[Member]:
        """Everybody seen so far who holds *role*."""
        return (
            member
            for member in tuple(self._seen.values())
            if role == ANYONE or any(grant.role == role for grant in member.grants)
        )

    def acting_for(self, id: str, at: datetime) -> tuple[str, ...]:  # noqa: ARG002
        """Whom the importer stands in for; nobody else stands in for anybody."""
        return (self.behind,) if self.behind is not None and id == self._importer.id else ()


Place = tuple[int, int]
"""Of a command in a log: the number of the line, and which of its commands."""

NOTHING = (0, 0)


@attrs.frozen(weakref_slot=False)
class _Answer:
    """What became of one command.

    Attributes:
        how: ``"done"``, ``"waived"``, ``"refused"``, or ``"left_out"`` as not open.
        codes: What objected.
    """

    how: str
    codes: tuple[str, ...] = ()


DONE = _Answer("done")
LEFT_OUT = _Answer("left_out")


@attrs.define
class _Known:
    """What has become of one item.

    Attributes:
        answers: What the store says of an earlier replay.
        last: Place of the last command that has left a trace; all before it are dealt with.
        stopped: Whether the item is left as it is for the rest of the log.
    """

    answers: dict[Place, _Answer] = attrs.field(factory=dict)
    last: Place = NOTHING
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
        log: As given, with events that the mapping does not know among the skipped lines.

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
        _check_importer(log, mapping)
        self.log = log.only(tuple(mapping.events))
        self._mapping = mapping
        self._workflow = workflow
        self._store = store
        self._waives = on_refusal == "record"
        self._crowd = Crowd(mapping)
        self._now = datetime.min.replace(tzinfo=UTC)
        self._engine = Engine(store, [workflow], self._crowd, clock=lambda: self._now)
        self._importer = mapping.importer
        self._prefix = f"{log.digest[:16]}:"
        self._items: dict[str, _Known] = {}
        self._outcomes: list[Outcome] = []

    def play(self) -> Iterator[Outcome]:
        """Carry out line after line, and say what became of each.

        Whoever stops asking leaves the rest undone; another replay goes on there.

        Raises:
            LogError: The store has this log already, replayed through another workflow.
            StoreError: The store cannot be read or written.
        """
        for row in self.log.rows[len(self._outcomes) :]:
            outcome = self._line(row)
            self._outcomes.append(outcome)
            yield outcome

    def report(self) -> Report:
        """What has come of the lines played so far; read from the store."""
        histories = ([entry.event for entry in self._entries(item)] for item in self._items)
        return make_report(self._workflow, self.log, self._outcomes, histories)

    # -- one line

    def _line(self, row: Row) -> Outcome:
        known = self._items.get(row.item)
        if known is None:
            known = self._items[row.item] = self._known(row.item)
        if known.stopped:
            return Outcome(row, "not_tried")
        self._now = row.at
        answers, fresh = [], False
        for n, step in enumerate(self._mapping.events[row.event]):
            place = (row.line, n)
            if place <= known.last:
                answer = known.answers.get(place, LEFT_OUT)
            else:
                answer = self._asked(row, step, place, known)
                fresh = fresh or answer is not LEFT_OUT
            answers.append(answer)
            if answer.how == "refused":
                known.stopped = not self._waives or known.last == NOTHING
                break
        codes = tuple(code for answer in answers for code in answer.codes)
        if answers[-1].how == "refused":
            return Outcome(row, "refused", codes)
        waived = any(answer.how == "waived" for answer in answers)
        return Outcome(row, "performed" if fresh else "repeated", codes, waived)

    def _asked(self, row: Row, step: Step, place: Place, known: _Known) -> _Answer:
        """Ask for one command: as the member; then, where that may be, by waiving."""
        key = f"{self._prefix}{place[0]}:{place[1]}"
        by = self._importer.id if step.by else row.member
        try:
            self._do(row, step, by, key)
        except Refused as no:
            refusal = no.refusal
        except ItemExists as taken:
            refusal = Refusal(step.action, (Objection(taken.code, str(taken)),))
        except ItemNotFound as missing:
            return _Answer("refused", (missing.code,))
        else:
            known.last = place
            return DONE
        codes = tuple(dict.fromkeys(refusal.codes))
        if step.if_open and codes in (("state",), (ItemExists.code,)):
            return LEFT_OUT
        if self._is_waived(row, step, key, refusal):
            known.last = place
            return _Answer("waived", codes)
        if known.last != NOTHING or step.action != "create":
            self._note(row, key, refusal)
            known.last = place
        return _Answer("refused", codes)

    def _is_waived(self, row: Row, step: Step, key: str, refusal: Refusal) -> bool:
        if not self._waives or not all(one.waivable_by for one in refusal):
            return False
        reason = f"{row.member} did it all the same: line {row.line} of the log"
        self._crowd.behind = row.member
        try:
            how = _with_codes(key, "waived", refusal)
            self._do(row, step, self._importer.id, how, dict.fromkeys(refusal.codes, reason))
        except Refused:
            return False
        finally:
            self._crowd.behind = None
        return True

    def _do(
        self, row: Row, step: Step, by: str, key: str, waive: Mapping[str, str] | None = None
    ) -> None:
        data = step.filled(row)
        if step.action == "create":
            self._engine.create(self._workflow.name, by=by, data=data, key=key, id=row.item)
        else:
            self._engine.perform(
                row.item, step.action, by=by, data=data, to=step.to, key=key, waive=waive
            )

    def _note(self, row: Row, key: str, refusal: Refusal) -> None:
        text = f"{row.member} was refused (line {row.line} of the log): {refusal}"
        how = _with_codes(key, "refused", refusal)
        self._engine.perform(row.item, "note", by=self._importer.id, data={"text": text}, key=how)

    # -- what the store knows

    def _entries(self, item: str) -> Iterator[Entry]:
        """The entries of an item that come from this log, oldest first."""
        for entry in self._store.rows(History(item)):
            if (entry.event.command.key or "").startswith(self._prefix):
                yield entry

    def _known(self, item: str) -> _Known:
        known = _Known()
        for entry in self._entries(item):
            key = entry.event.command.key or ""
            line, n, *told = key.removeprefix(self._prefix).split(":", 3)
            how, codes = told or ("done", "")
            place = (int(line), int(n))
            known.answers[place] = _Answer(how, tuple(codes.split(",")) if codes else ())
            known.last = max(known.last, place)
        if known.answers:
            self._check_workflow(item)
        return known

    def _check_workflow(self, item: str) -> None:
        held = self._engine.workflow(self._engine.item(item))
        if held.digest != self._workflow.digest:
            raise LogError(
                self.log.source,
                f"this store has it already, replayed through another workflow: {held!r}",
                "use another store, or give the other workflow another log",
            )


def _with_codes(key: str, how: str, refusal: Refusal) -> str:
    return f"{key}:{how}:{','.join(dict.fromkeys(refusal.codes))}"


def _check_importer(log: Log, mapping: LogMapping) -> None:
    for row in log.rows:
        if row.member == mapping.importer.id:
            raise LogError(
                log.source,
                f"line {row.line}: the member {row.member!r} is called like the importer",
                "give the importer of the mapping another id",
            )
