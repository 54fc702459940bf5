"""Samples: data that fits a form, so that a command can be given for real."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from itertools import product
from typing import Any, Literal, Union, get_args, get_origin

import attrs

from socialflow.forms import fields_of
from socialflow.plain import FrozenDict, freeze

__all__ = ["combined", "needed", "sample"]

LATER = "2100-01-01"
MOST = 48
"""So many combinations of values are tried at most; beyond that, one field at a time."""


def sample(kind: Any) -> Any:
    """A plain value of a type, one that is not empty."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return sample(next(one for one in parts if one is not type(None)))
    if origin is Literal:
        return parts[0]
    if origin in (tuple, list, set, frozenset) or kind in (tuple, list):
        return (sample(parts[0] if parts else str),)
    if origin in (dict, Mapping) or kind is dict:
        return {"text": sample(parts[1] if parts else str)}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind)).value
    if isinstance(kind, type) and attrs.has(kind):
        return needed(kind)
    return _ATOMS.get(kind, "text")


_ATOMS: Mapping[Any, Any] = {
    str: "text",
    int: 1,
    float: 1.0,
    bool: True,
    datetime: f"{LATER}T00:00:00+00:00",
    date: LATER,
}


def needed(form: type) -> dict[str, Any]:
    """Data for a form: what it does not do without."""
    return {
        name: sample(field.type)
        for name, field in fields_of(form).items()
        if field.default is attrs.NOTHING
    }


def combined(base: Mapping[str, Any], choices: Mapping[str, Iterable[Any]]) -> Iterator[FrozenDict]:
    """*base* with every combination of *choices*; ``...`` leaves the field as *base* has it."""
    several = {name: tuple(values) for name, values in choices.items()}
    size = 1
    for values in several.values():
        size *= len(values)
    if size <= MOST:
        for values in product(*several.values()):
            yield _with(base, dict(zip(several, values, strict=True)))
        return
    for name, values in several.items():
        for value in values:
            yield _with(base, {other: many[0] for other, many in several.items()} | {name: value})


def _with(base: Mapping[str, Any], values: Mapping[str, Any]) -> FrozenDict:
    told = {name: value for name, value in values.items() if value is not ...}
    frozen: FrozenDict = freeze({**base, **told})
    return frozen
