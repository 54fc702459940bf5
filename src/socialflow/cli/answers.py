"""What people get to see of an answer: any value of a view, as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, get_args, get_type_hints

import attrs

from socialflow.cli.screen import headline, say, span, table, when

__all__ = ["show_answer"]

PROSE = ("title", "reason", "what", "asks", "about")
"""Fields that may wrap where the terminal is narrow."""


def show_answer(told: Any) -> None:
    """Show what a view returns: several values as a table, one as its figures and its tables."""
    if isinstance(told, tuple):
        _show_rows(told)
    else:
        _show_value(told)


def _show_rows(rows: Sequence[Any]) -> None:
    if not rows:
        say("Nothing.")
        return
    plain = [_fields(one) for one in rows]
    columns = [_column(name, [row[name] for row in plain]) for name in plain[0]]
    table(columns, [[_cell(value) for value in row.values()] for row in plain])


def _show_value(told: Any) -> None:
    fields = _fields(told)
    hints = get_type_hints(type(told))
    parts = {name: value for name, value in fields.items() if _is_part(hints[name])}
    figures = [(_words(name), _cell(one)) for name, one in fields.items() if name not in parts]
    if figures:
        table(("", "~"), figures)
    for name, value in parts.items():
        headline(_words(name))
        show_answer(value)


def _is_part(hint: Any) -> bool:
    """Whether a field has a table of its own: it is a value, or several of them."""
    return any(attrs.has(one) for one in (hint, *get_args(hint)) if isinstance(one, type))


def _fields(one: Any) -> Mapping[str, Any]:
    if isinstance(one, Mapping):
        return one
    return {field.name: getattr(one, field.name) for field in attrs.fields(type(one))}


def _column(name: str, values: list[Any]) -> str:
    """The name of a column, with the sign that says how it stands."""
    if name in PROSE:
        return f"{_words(name)}~"
    numbers = all(isinstance(one, int | float | None) for one in values)
    return f"{_words(name)}>" if numbers else _words(name)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _cell(value: Any) -> Any:
    match value:
        case None | False:
            return ""
        case True:
            return "yes"
        case datetime():
            return when(value)
        case timedelta():
            return span(value / timedelta(hours=1))
        case float():
            return f"{value:g}"
        case tuple():
            return ", ".join(value)
    return value
