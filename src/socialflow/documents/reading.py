"""Reading plain data: shapes say what a value looks like, a reading gathers all that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs

from socialflow.errors import DefinitionError, Finding, nearest
from socialflow.plugins import Registry

__all__ = [
    "FLAG",
    "TEXT",
    "TEXTS",
    "TEXT_BY_NAME",
    "WRONG",
    "Reading",
    "Shape",
    "by_name",
    "label",
    "list_of",
    "one_or_list_of",
    "optional",
    "path",
]

_LABELS = ("name", "key", "id", "role")

WRONG: Any = type("Wrong", (), {"__repr__": lambda _: "WRONG"})()
"""Stands for what could not be read; the findings say why."""


@attrs.frozen
class Shape:
    """How a document says one type of value.

    Attributes:
        read: Gives the value at a place (or `WRONG`), given the reading, the path, the plain data.
        schema: The same as JSON Schema.
    """

    read: Callable[[Reading, str, Any], Any]
    schema: Mapping[str, Any]


def path(*parts: str) -> str:
    """The path of a place in a document: ``"approval / actions / approve"``."""
    return " / ".join(part for part in parts if part)


@attrs.define
class Reading:
    """One document being read.

    Attributes:
        registry: Where names are looked up.
        findings: What is wrong so far.
    """

    registry: Registry
    findings: list[Finding] = attrs.field(factory=list)

    def finish(self) -> None:
        """Go on only if nothing is wrong.

        Raises:
            DefinitionError: With everything that is.
        """
        if self.findings:
            raise DefinitionError(tuple(self.findings))

    def report(self, code: str, where: str, message: str, remedy: str = "") -> Any:
        """Note one finding; gives `WRONG`."""
        self.findings.append(Finding(code, where or "document", message, remedy))
        return WRONG

    def wrong(self, where: str, wanted: str, told: Any) -> Any:
        """Note that *told* is not *wanted*; gives `WRONG`."""
        return self.report("wrong_type", where, f"it must be {wanted}, not {_short(told)}")

    def attempt(self, where: str, call: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
        """What *call* gives; whatever it objects to becomes findings at *where*."""
        try:
            return call(*given, **named)
        except DefinitionError as error:
            self.findings.extend(
                attrs.evolve(one, where=where or one.where) for one in error.findings
            )
        except (TypeError, ValueError) as error:
            self.report("wrong_value", where, str(error))
        return WRONG

    def look_up(self, kind: str, where: str, name: str) -> Any:
        """What the registry has under a name."""
        return self.attempt(where, self.registry.find, kind, name)

    def table(self, where: str, told: Any, known: Iterable[str]) -> Mapping[str, Any] | None:
        """*told*, if it is a table; keys that are not *known* are findings."""
        if not isinstance(told, Mapping):
            self.wrong(where, "a table", told)
            return None
        names = tuple(known)
        for key in told:
            if key not in names:
                self.report("unknown_key", where, f"there is no key {key!r}", nearest(key, names))
        return told

    def said(self, known: Mapping[str, Shape], where: str, told: Any) -> dict[str, Any]:
        """What a table says, read by the shapes of its keys; what is wrong is left out."""
        table = self.table(where, told, known) or {}
        values = {
            key: shape.read(self, path(where, key), table[key])
            for key, shape in known.items()
            if key in table
        }
        return {key: value for key, value in values.items() if value is not WRONG}


def _short(told: Any) -> str:
    text = repr(told)
    return text if len(text) <= 60 else f"{text[:56]} ..."


def _text(reading: Reading, where: str, told: Any) -> Any:
    return told if isinstance(told, str) else reading.wrong(where, "a text", told)


def _flag(reading: Reading, where: str, told: Any) -> Any:
    return told if isinstance(told, bool) else reading.wrong(where, "true or false", told)


def _texts(reading: Reading, where: str, told: Any) -> Any:
    several = (told,) if isinstance(told, str) else told
    if isinstance(several, list | tuple) and all(isinstance(one, str) for one in several):
        return tuple(several)
    return reading.wrong(where, "a text or a list of texts", told)


def optional(shape: Shape) -> Shape:
    """A value of a shape, or null."""

    def read(reading: Reading, where: str, told: Any) -> Any:
        return None if told is None else shape.read(reading, where, told)

    return Shape(read, {"anyOf": [shape.schema, {"type": "null"}]})


def list_of(shape: Shape, place: Callable[[str, int, Any], str] | None = None) -> Shape:
    """A list of values, each of a shape; *place* says where one stands, if not below the list."""

    def read(reading: Reading, where: str, told: Any) -> Any:
        if not isinstance(told, list | tuple):
            return reading.wrong(where, "a list", told)
        at = place or _in_list
        made = [shape.read(reading, at(where, n, one), one) for n, one in enumerate(told)]
        return WRONG if WRONG in made else tuple(made)

    return Shape(read, {"type": "array", "items": shape.schema})


def _in_list(where: str, n: int, told: Any) -> str:
    return path(where, label(n, told))


def label(n: int, told: Any) -> str:
    """What to call the *n*-th of a list: by its name, if it has one."""
    if isinstance(told, str):
        return told
    names = (told.get(key) for key in _LABELS) if isinstance(told, Mapping) else ()
    return next((name for name in names if isinstance(name, str)), f"#{n + 1}")


def one_or_list_of(shape: Shape) -> Shape:
    """A list of values of a shape, or a single one without the brackets."""
    several = list_of(shape, lambda where, _n, _told: where)

    def read(reading: Reading, where: str, told: Any) -> Any:
        single = isinstance(told, str | Mapping)
        return several.read(reading, where, [told] if single else told)

    return Shape(read, {"anyOf": [shape.schema, several.schema]})


def by_name(shape: Shape) -> Shape:
    """A table from names to values of a shape."""

    def read(reading: Reading, where: str, told: Any) -> Any:
        if not isinstance(told, Mapping):
            return reading.wrong(where, "a table", told)
        made = {name: shape.read(reading, path(where, name), one) for name, one in told.items()}
        return WRONG if WRONG in made.values() else made

    return Shape(read, {"type": "object", "additionalProperties": shape.schema})


TEXT = Shape(_text, {"type": "string"})
FLAG = Shape(_flag, {"type": "boolean"})
TEXTS = Shape(_texts, {"anyOf": [TEXT.schema, {"type": "array", "items": TEXT.schema}]})
TEXT_BY_NAME = by_name(TEXT)
