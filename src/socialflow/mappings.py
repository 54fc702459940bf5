"""Mappings: what the lines of a log ask of a workflow, and who the people of the log are."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

import attrs

from socialflow.definitions import Workflow
from socialflow.errors import DefinitionError, LogError, nearest
from socialflow.logs import Columns, Row
from socialflow.people import Member
from socialflow.plain import freeze
from socialflow.standing import STANDING

__all__ = ["LogMapping", "Step", "Template", "load_mapping", "parse_mapping"]

LINE = "line"
"""Stands for the number of the line, beside the columns, in a template."""


@attrs.frozen
class Template:
    """Text with columns in it: ``"{request}, line {line}"``.

    ``{title|item}`` stands for the first of the two that holds anything.

    Attributes:
        parts: Literal text, and the columns to look at behind it, in turn.
    """

    parts: tuple[tuple[str, tuple[str, ...]], ...]

    @classmethod
    def of(cls, text: str) -> Template:
        """The template that *text* says.

        Raises:
            ValueError: A brace is left open, or something but columns stands in braces.

        Example:
            >>> Template.of("{title|item}, line {line}").columns
            ('title', 'item')
        """
        parts = []
        for literal, field, form, conversion in Formatter().parse(text):
            names = tuple(field.split("|")) if field is not None else ()
            if form or conversion or not all(map(str.strip, names)):
                raise ValueError(f"only names of columns stand in braces, not in {text!r}")
            parts.append((literal, names))
        return cls(tuple(parts))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it looks at."""
        named = dict.fromkeys(name for _, names in self.parts for name in names)
        return tuple(name for name in named if name != LINE)

    def fill(self, row: Row) -> str:
        """The text for *row*; nothing in it is evaluated."""
        values = {**row.values, LINE: str(row.line)}
        return "".join(
            literal + next((values[name] for name in names if values.get(name)), "")
            for literal, names in self.parts
        )


@attrs.frozen
class Step:
    """One command that a line of the log asks for.

    Attributes:
        action: What is asked for; ``"create"`` brings the item into being.
        data: Its data by field; texts are templates.
        to: Which target, for an action with several.
        by: Who asks, if not the member of the line: the importer.
        if_open: Whether it is left out where the item is in no state in which it is open.
    """

    action: str
    data: Mapping[str, Any] = attrs.field(factory=dict)
    to: str | None = None
    by: str | None = None
    if_open: bool = False

    @property
    def columns(self) -> Iterator[str]:
        """The columns its data looks at."""
        for value in self.data.values():
            for part in value if isinstance(value, tuple) else (value,):
                if isinstance(part, Template):
                    yield from part.columns

    def filled(self, row: Row) -> dict[str, Any] | None:
        """The data for *row*, without the fields that come out empty; None if it takes none."""
        if not self.data:
            return None
        told = {field: _filled(value, row) for field, value in self.data.items()}
        return {field: value for field, value in told.items() if value not in ("", ())}


def _filled(value: Any, row: Row) -> Any:
    if isinstance(value, tuple):
        return tuple(text for part in value if (text := _filled(part, row)) != "")
    return value.fill(row) if isinstance(value, Template) else value


@attrs.frozen
class LogMapping:
    """What a log means to a workflow.

    Attributes:
        source: Where it comes from, for messages.
        columns: The columns that say what, to what, who and when.
        events: The commands that each event asks for, in order.
        people: Roles of the members of the log; ``"*"`` of everybody who is not listed.
        importer: The member who goes on where a rule may be waived, and notes what is refused.
    """

    source: str
    columns: Columns
    events: Mapping[str, tuple[Step, ...]]
    people: Mapping[str, tuple[str, ...]]
    importer: Member

    @property
    def columns_used(self) -> tuple[str, ...]:
        """Every column that it looks at."""
        steps = (step for steps in self.events.values() for step in steps)
        named = (column for step in steps for column in step.columns)
        return tuple(dict.fromkeys((*attrs.astuple(self.columns), *named)))

    def check(self, workflow: Workflow) -> None:
        """Make sure that *workflow* has what is asked for.

        Raises:
            LogError: It has no such action, or no such role.
        """
        short = {name.rpartition(".")[2] for name in workflow.action_names}
        actions = {*workflow.action_names, *short, *STANDING} - {"adopt"}
        roles = {role.key for role in workflow.roles}
        for event, steps in self.events.items():
            for step in steps:
                if step.action not in actions:
                    where = f"events / {event}: workflow {workflow.name!r} has no action"
                    self._wrong(f"{where} {step.action!r}", nearest(step.action, actions))
        granted = {"importer": [grant.role for grant in self.importer.grants], **self.people}
        for who, held in granted.items():
            for role in held:
                if roles and role not in roles:
                    where = f"people / {who}: workflow {workflow.name!r} has no role"
                    self._wrong(f"{where} {role!r}", nearest(role, roles))

    def _wrong(self, message: str, remedy: str) -> None:
        raise LogError(self.source, message, remedy)


def load_mapping(path: str | Path) -> LogMapping:
    """Read a mapping from a TOML file.

    Raises:
        LogError: The file cannot be read, or says what no mapping says.
    """
    source = str(path)
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise LogError(source, f"it cannot be read: {reason}") from error
    return parse_mapping(text, source)


def parse_mapping(text: str, source: str = "mapping") -> LogMapping:
    """Read a mapping from the text of a TOML document.

    Args:
        text: The document.
        source: What to call it in messages.

    Raises:
        LogError: It says what no mapping says.

    Example:
        >>> mapping = parse_mapping('''
        ... [people]
        ... "*" = "author"
        ... [importer]
        ... roles = "importer"
        ... [events]
        ... drafted = [{ action = "create", data = { title = "{title|item}" } }]
        ... ''')
        >>> mapping.columns_used
        ('item', 'event', 'member', 'at', 'title')
    """
    try:
        told = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise LogError(source, f"it is no TOML: {error}") from error
    return _Reader(source).mapping(told)


@attrs.frozen
class _Reader:
    """Turns what a document says into values, and anything else into an error that names it."""

    source: str

    def mapping(self, told: Any) -> LogMapping:
        table = self.table("the mapping", told, ("columns", "people", "importer", "events"))
        events = self.table("events", table.get("events"))
        people = self.table("people", table.get("people", {}))
        if not events:
            raise self.wrong("events", "nothing is asked for", "say [events]")
        columns = self.table("columns", table.get("columns", {}), _names(Columns))
        for name, column in columns.items():
            self.text(f"columns / {name}", column)
        importer = self.importer(table.get("importer"))
        if importer.id in people:
            remedy = "give the importer an id of its own"
            raise self.wrong(f"people / {importer.id}", "that is the importer", remedy)
        return LogMapping(
            self.source,
            Columns(**columns),
            {name: self.steps(f"events / {name}", steps) for name, steps in events.items()},
            {who: self.texts(f"people / {who}", roles) for who, roles in people.items()},
            importer,
        )

    def importer(self, told: Any) -> Member:
        table = self.table("importer", told, ("id", "roles"))
        id = self.text("importer / id", table.get("id", "importer"))
        try:
            return Member(id, self.texts("importer / roles", table.get("roles", ())))
        except DefinitionError as wrong:
            raise self.wrong("importer", str(wrong)) from wrong

    def steps(self, where: str, told: Any) -> tuple[Step, ...]:
        if not isinstance(told, list) or not told:
            raise self.wrong(where, "it is a list of commands", 'write [{ action = "..." }]')
        steps = tuple(self.step(f"{where} / {n}", one) for n, one in enumerate(told, 1))
        if all(step.if_open for step in steps):
            raise self.wrong(where, "every command has if_open", "one has to be asked for always")
        return steps

    def step(self, where: str, told: Any) -> Step:
        table = self.table(where, told, _names(Step))
        data = self.table(f"{where} / data", table.get("data", {}))
        step = Step(
            self.text(f"{where} / action", table.get("action")),
            {name: self.value(f"{where} / data / {name}", value) for name, value in data.items()},
            self.text(f"{where} / to", table["to"]) if "to" in table else None,
            self.text(f"{where} / by", table["by"]) if "by" in table else None,
            table.get("if_open", False),
        )
        if step.by not in (None, "importer"):
            raise self.wrong(f"{where} / by", f"it is the importer, not {step.by!r}")
        if not isinstance(step.if_open, bool):
            raise self.wrong(f"{where} / if_open", f"it is true or false, not {step.if_open!r}")
        return step

    def value(self, where: str, told: Any) -> Any:
        if isinstance(told, list):
            return tuple(self.value(where, part) for part in told)
        if not isinstance(told, str):
            try:
                return freeze(told)
            except (TypeError, ValueError) as wrong:
                raise self.wrong(where, str(wrong), "write it as text") from wrong
        try:
            return Template.of(told)
        except ValueError as wrong:
            raise self.wrong(where, str(wrong), "a brace itself is written twice") from wrong

    def table(self, where: str, told: Any, known: Iterable[str] | None = None) -> Mapping[str, Any]:
        if not isinstance(told, Mapping):
            missing = "it is missing" if told is None else f"it is a table, not {told!r}"
            raise self.wrong(where, missing)
        for name in told:
            if known is not None and name not in known:
                raise self.wrong(where, f"there is no {name!r}", nearest(name, known))
        return told

    def texts(self, where: str, told: Any) -> tuple[str, ...]:
        several = (told,) if isinstance(told, str) else told
        if not isinstance(several, list | tuple):
            raise self.wrong(where, f"it is a list of texts, not {told!r}")
        return tuple(self.text(where, one) for one in several)

    def text(self, where: str, told: Any) -> str:
        if not isinstance(told, str) or not told:
            missing = "it is missing" if told is None else f"it is a text, not {told!r}"
            raise self.wrong(where, missing)
        return told

    def wrong(self, where: str, message: str, remedy: str = "") -> LogError:
        return LogError(self.source, f"{where}: {message}", remedy)


def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in attrs.fields(kind))
