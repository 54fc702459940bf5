"""Logs: what people did, line by line, as CSV or JSON lines; an unreadable line says why it is."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import attrs

from socialflow.errors import LogError, nearest

__all__ = ["Columns", "Log", "Row", "Unreadable", "read_log"]

JSON_LINES = (".jsonl", ".ndjson")
Record = Mapping[str, str]


@attrs.frozen
class Columns:
    """The columns of a log that mean something by themselves; each of them holds a value.

    Attributes:
        item: What it happened to.
        event: What happened.
        member: Who did it.
        time: When, in ISO 8601 with a time zone.
    """

    item: str = "item"
    event: str = "event"
    member: str = "member"
    time: str = "at"


@attrs.frozen(weakref_slot=False)
class Row:
    """One readable line.

    Attributes:
        line: Its number in the file, from 1; of the first one, where a value spans several.
        item: What it happened to.
        event: What happened.
        member: Who did it.
        at: When, in UTC.
        values: Every column as text; empty where there is nothing.
    """

    line: int
    item: str
    event: str
    member: str
    at: datetime
    values: Record


@attrs.frozen
class Unreadable:
    """A line that was skipped.

    Attributes:
        line: Its number in the file, from 1.
        reason: Why it could not be read.
    """

    line: int
    reason: str


@attrs.frozen
class Log:
    """Everything that a file tells, in the order of the file; `at` orders nothing.

    Attributes:
        source: The path, for messages.
        digest: SHA-256 of the file.
        columns: Names of all columns.
        rows: The lines that could be read.
        skipped: Those that could not.
    """

    source: str
    digest: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    skipped: tuple[Unreadable, ...]

    def demand(self, columns: Sequence[str]) -> None:
        """Make sure that the log has these columns.

        Raises:
            LogError: It lacks one.
        """
        for column in columns:
            if column not in self.columns:
                raise LogError(self.source, f"there is no column {column!r}", self._remedy(column))

    def only(self, events: Sequence[str]) -> Log:
        """The log with the lines of any other event among the skipped ones."""
        known = frozenset(events)
        strange = [
            Unreadable(row.line, f"unknown event {row.event!r}: {nearest(row.event, known)}")
            for row in self.rows
            if row.event not in known
        ]
        return attrs.evolve(
            self,
            rows=tuple(row for row in self.rows if row.event in known),
            skipped=tuple(sorted((*self.skipped, *strange), key=lambda one: one.line)),
        )

    def _remedy(self, column: str) -> str:
        """What helps where a column is missing."""
        apart = [sign for sign in ";\t|" if len(self.columns) == 1 and sign in self.columns[0]]
        return "separate the columns by commas" if apart else nearest(column, self.columns)


@attrs.frozen
class _Wrong:
    """Why a line cannot be read, in the place of what it would be."""

    reason: str


Records = Iterable[tuple[int, Record | _Wrong]]


def read_log(path: str | Path, columns: Columns | None = None) -> Log:
    """Read a log: JSON lines if it ends in ``.jsonl`` or ``.ndjson``, else CSV with a header.

    Args:
        path: The file, in UTF-8.
        columns: What its columns are called; as `Columns` has it, if left out.

    Raises:
        LogError: It is missing or empty, or has not these columns.
    """
    columns = columns or Columns()
    source = str(path)
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        raise LogError(source, f"it cannot be read: {error.strerror}") from error
    lines = raw.decode("utf-8", "surrogateescape").removeprefix("\ufeff").split("\n")
    if not any(map(str.strip, lines)):
        raise LogError(source, "it is empty", "a log has a line for everything that was done")
    read = _json_lines if source.endswith(JSON_LINES) else _csv
    names, records = read(source, lines)
    log = Log(source, hashlib.sha256(raw).hexdigest(), names, (), ())
    log.demand(attrs.astuple(columns))
    rows, skipped = [], []
    for line, record in records:
        row = record if isinstance(record, _Wrong) else _row(line, record, columns)
        if isinstance(row, _Wrong):
            skipped.append(Unreadable(line, row.reason))
        else:
            rows.append(row)
    return attrs.evolve(log, rows=tuple(rows), skipped=tuple(skipped))


def _row(line: int, record: Record, columns: Columns) -> Row | _Wrong:
    for name, value in record.items():
        if any("\ud800" <= character <= "\udfff" for character in value):
            return _Wrong(f"{name} holds bytes that are not UTF-8")
        if "\0" in value:
            return _Wrong(f"{name} holds a NUL character")
    for name in attrs.astuple(columns):
        if not record.get(name, "").strip():
            return _Wrong(f"{name} is missing")
    moment = _moment(columns.time, record[columns.time])
    if isinstance(moment, _Wrong):
        return moment
    return Row(
        line, record[columns.item], record[columns.event], record[columns.member], moment, record
    )


def _moment(name: str, text: str) -> datetime | _Wrong:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return _Wrong(f"{name} has no time zone: {text!r}; in UTC it would end in Z")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return _Wrong(f"{name} is no moment in ISO 8601: {text!r}")


# -- CSV


def _csv(source: str, lines: list[str]) -> tuple[tuple[str, ...], Records]:
    first = next(n for n, line in enumerate(lines) if line.strip())
    names = _cells(lines[first])
    if isinstance(names, _Wrong):
        raise LogError(source, f"its header cannot be read: {names.reason}")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise LogError(source, f"two columns are called {', '.join(map(repr, twice))}")
    return tuple(names), _csv_records(names, lines, first + 1)


def _csv_records(names: list[str], lines: list[str], begin: int) -> Records:
    n = begin
    while n < len(lines):
        end = _end_of_record(lines, n)
        record = _csv_record(names, "\n".join(lines[n:end]))
        if isinstance(record, _Wrong) and end > n + 1:
            record, end = _csv_record(names, lines[n]), n + 1
        if lines[n].strip():
            yield n + 1, record
        n = end


def _end_of_record(lines: list[str], begin: int) -> int:
    """Behind the line that closes the quotes which *begin* opens; behind *begin* if none does."""
    quotes = 0
    for n in range(begin, len(lines)):
        quotes += lines[n].count('"')
        if quotes % 2 == 0:
            return n + 1
    return begin + 1


def _csv_record(names: list[str], text: str) -> Record | _Wrong:
    cells = _cells(text)
    if isinstance(cells, _Wrong):
        return cells
    if len(cells) != len(names):
        return _Wrong(f"it has {len(cells)} fields, not {len(names)}")
    return dict(zip(names, cells, strict=True))


def _cells(text: str) -> list[str] | _Wrong:
    try:
        return next(csv.reader([text], strict=True))
    except csv.Error as error:
        return _Wrong(f"it is no CSV: {error}")


# -- JSON lines


def _json_lines(_: str, lines: list[str]) -> tuple[tuple[str, ...], Records]:
    records = [(n, _json_record(line)) for n, line in enumerate(lines, 1) if line.strip()]
    names: dict[str, None] = {}
    for _line, record in records:
        if not isinstance(record, _Wrong):
            names.update(dict.fromkeys(record))
    return tuple(names), records


def _json_record(line: str) -> Record | _Wrong:
    try:
        told = json.loads(line, parse_constant=_no_constant, object_pairs_hook=_each_once)
    except (ValueError, RecursionError) as error:
        return _Wrong(f"it is no JSON: {error}")
    if not isinstance(told, dict):
        return _Wrong("it is no JSON object")
    for name, value in told.items():
        if isinstance(value, dict | list):
            return _Wrong(f"{name} is no text, number or truth value")
    return {name: _json_text(value) for name, value in told.items()}


def _json_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise ValueError("a name is given twice")
    return told
