"""Mappings: what the lines of a log ask of a workflow, and who the people of the log are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from os import PathLike
from pathlib import Path
from string import Formatter
from typing import Any

import attrs

from socialflow.definitions import Workflow
from socialflow.documents.formats import read_file, read_plain
from socialflow.documents.reading import (
    FLAG,
    TEXT,
    TEXTS,
    WRONG,
    Reading,
    Shape,
    by_name,
    list_of,
    path,
)
from socialflow.errors import DefinitionError, Finding, nearest
from socialflow.forms import fields_of
from socialflow.logs import Columns, Row
from socialflow.people import Member
from socialflow.plain import freeze
from socialflow.plugins import Registry
from socialflow.standing import STANDING

__all__ = ["LogMapping", "Step", "Template", "load_mapping"]

IMPORTER = "importer"
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
        columns: The columns that say what, to what, who and when.
        events: The commands that each event asks for, in order.
        people: Roles of the members of the log; ``"*"`` of everybody who is not listed.
        importer: The member who goes on where a rule may be waived, and notes what is refused.
    """

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
            DefinitionError: With every action, field and role that it has not.
        """
        findings = (
            *self._unknown_actions(workflow),
            *self._unknown_fields(workflow),
            *self._unknown_roles(workflow),
        )
        if findings:
            raise DefinitionError(findings)

    def _unknown_actions(self, workflow: Workflow) -> Iterator[Finding]:
        known = _known_actions(workflow)
        for where, step in self._steps():
            if step.action == "adopt":
                yield Finding(
                    "unknown_action",
                    where,
                    "a mapping can only create, not adopt",
                    "create, and pass the early stages by commands with by = 'importer'",
                )
            elif step.action not in known:
                yield Finding(
                    "unknown_action",
                    where,
                    f"workflow {workflow.name!r} has no action {step.action!r}",
                    nearest(step.action, known),
                )

    def _unknown_fields(self, workflow: Workflow) -> Iterator[Finding]:
        known = _known_actions(workflow)
        for where, step in self._steps():
            fields = _fields(workflow, step.action)
            for field in step.data if step.action in known else ():
                if field not in fields:
                    yield Finding(
                        "unknown_field",
                        path(where, "data", field),
                        f"{step.action!r} takes no field {field!r}",
                        nearest(field, fields) if fields else "it takes no data: leave it out",
                    )

    def _steps(self) -> Iterator[tuple[str, Step]]:
        """Every command, with the place where it stands."""
        for event, steps in self.events.items():
            for step in steps:
                yield path("mapping", "events", event), step

    def _unknown_roles(self, workflow: Workflow) -> Iterator[Finding]:
        known = {role.key for role in workflow.roles}
        granted = {path("mapping", "people", who): roles for who, roles in self.people.items()}
        granted["mapping / importer"] = tuple(grant.role for grant in self.importer.grants)
        for where, roles in granted.items():
            for role in roles:
                if known and role not in known:
                    yield Finding(
                        "unknown_role",
                        where,
                        f"workflow {workflow.name!r} has no role {role!r}",
                        nearest(role, known),
                    )


def _known_actions(workflow: Workflow) -> frozenset[str]:
    short = {name.rpartition(".")[2] for name in workflow.action_names}
    return frozenset({*workflow.action_names, *short, *STANDING} - {"adopt"})


def _fields(workflow: Workflow, name: str) -> frozenset[str]:
    """What the data of a command may hold, whichever of the actions of that name it turns out."""
    named = [("", action) for action in workflow.actions]
    named += [(stage.name, action) for stage in workflow.stages for action in stage.actions]
    forms = [action.data for stage, action in named if name in _names(stage, action.name)]
    forms.append(workflow.fields if name in ("create", "edit") else STANDING.get(name))
    return frozenset(field for form in forms if form for field in fields_of(form))


def _names(stage: str, action: str) -> tuple[str, ...]:
    return (action, f"{stage}.{action}")


def load_mapping(source: str | PathLike[str] | Mapping[str, Any]) -> LogMapping:
    """The mapping that a document describes.

    Args:
        source: The path of a ``.toml``, ``.json`` or ``.yaml`` file, or plain data.

    Raises:
        DefinitionError: With everything that is wrong about the document.

    Example:
        >>> mapping = load_mapping(
        ...     {
        ...         "events": {
        ...             "drafted": [{"action": "create", "data": {"title": "{title|item}"}}]
        ...         },
        ...         "people": {"*": "author"},
        ...         "importer": {"roles": "importer"},
        ...     }
        ... )
        >>> mapping.columns_used
        ('item', 'event', 'member', 'at', 'title')
    """
    if isinstance(source, Mapping):
        return _mapping(read_plain(source))
    try:
        return _mapping(read_file(Path(source)))
    except DefinitionError as error:
        error.add_note(f"in {source}")
        raise


def _mapping(told: Any) -> LogMapping:
    reading = Reading(Registry())
    said = reading.said(MAPPING, "", told)
    for name in ("events", "importer"):
        if isinstance(told, Mapping) and not told.get(name):
            reading.report("missing_key", "", f"{name} is missing", f"say {name} = ...")
    reading.finish()
    importer: Member = said["importer"]
    people = said.get("people", {})
    if importer.id in people:
        where, remedy = path("people", importer.id), "give the importer an id of its own"
        raise DefinitionError.because("duplicate", where, "that is the importer", remedy)
    return LogMapping(said.get("columns", Columns()), said["events"], people, importer)


def _columns(reading: Reading, where: str, told: Any) -> Any:
    names = {field.name: TEXT for field in attrs.fields(Columns)}
    return Columns(**reading.said(names, where, told))


def _importer(reading: Reading, where: str, told: Any) -> Any:
    said = reading.said({"id": TEXT, "roles": TEXTS}, where, told)
    return reading.attempt(where, Member, said.get("id", IMPORTER), said.get("roles", ()))


def _steps(reading: Reading, where: str, told: Any) -> Any:
    steps = list_of(Shape(_step, {})).read(reading, where, told)
    if steps is not WRONG and all(step.if_open for step in steps):
        message = "no command is asked for whatever the item's state"
        return reading.report("if_open", where, message, "leave if_open out of one of them")
    return steps


def _step(reading: Reading, where: str, told: Any) -> Any:
    before = len(reading.findings)
    said = reading.said(STEP, where, told)
    if isinstance(told, Mapping) and "action" not in told:
        reading.report("missing_key", where, "action is missing", "say action = ...")
    if said.get("by", IMPORTER) != IMPORTER:
        message = f"by is {IMPORTER!r} or left out, not {said['by']!r}"
        reading.report("wrong_value", path(where, "by"), message)
    return WRONG if len(reading.findings) > before else Step(**said)


def _value(reading: Reading, where: str, told: Any) -> Any:
    if isinstance(told, list):
        return list_of(VALUE).read(reading, where, told)
    if isinstance(told, str):
        return reading.attempt(where, Template.of, told)
    return reading.attempt(where, freeze, told)


VALUE = Shape(_value, {})
STEP: Mapping[str, Shape] = {
    "action": TEXT,
    "data": by_name(VALUE),
    "to": TEXT,
    "by": TEXT,
    "if_open": FLAG,
}
MAPPING: Mapping[str, Shape] = {
    "columns": Shape(_columns, {}),
    "events": by_name(Shape(_steps, {})),
    "people": by_name(TEXTS),
    "importer": Shape(_importer, {}),
}
