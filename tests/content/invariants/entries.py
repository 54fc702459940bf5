"""Entries: data that fits a form, by chance, and in favour of what gets work done."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Literal, Union, get_args, get_origin

import attrs

__all__ = ["entries", "some_of"]

WORDS = ("blog", "news", "spring", "why not")
OFFSETS = (
    timedelta(minutes=-30),
    timedelta(minutes=10),
    timedelta(minutes=20),
    timedelta(hours=2),
    timedelta(days=2),
)


def entries(
    chance: Random,
    form: type,
    now: datetime,
    known: Iterable[str] = (),
    share: float = 0.4,
) -> dict[str, Any]:
    """A value for every field of a form; for some of those that may be left out, none.

    Args:
        chance: Chooses.
        form: An attrs class.
        now: What moments lie around.
        known: What a mapping has an entry for, so that whatever was promised can be told.
        share: How many of the fields that may be left out are filled in.
    """
    attrs.resolve_types(form)
    return {
        field.name: _value(chance, field.type, now, tuple(known))
        for field in attrs.fields(form)
        if field.default is attrs.NOTHING or chance.random() < share
    }


def some_of(
    chance: Random, fields: Mapping[str, Any], now: datetime, known: Iterable[str] = ()
) -> dict[str, Any]:
    """A value for one or two of several fields, as an edit has it."""
    chosen = chance.sample(sorted(fields), min(len(fields), chance.randint(1, 2)))
    return {name: _value(chance, fields[name].type, now, tuple(known)) for name in chosen}


def _value(chance: Random, kind: Any, now: datetime, known: tuple[str, ...]) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        left = [part for part in inner if part is not type(None)]
        if chance.random() < 0.1:
            return None
        return chance.random() < 0.2 if left[0] is bool else _value(chance, left[0], now, known)
    if origin is Literal:
        return chance.choice(inner)
    if origin in (list, tuple):
        count = chance.randint(0, 2)
        return list({str(_value(chance, inner[0], now, known)): None for _ in range(count)})
    if origin is not None:
        return {key: _value(chance, inner[1], now, known) for key in (known or WORDS[:2])}
    if isinstance(kind, type) and attrs.has(kind):
        return entries(chance, kind, now, known)
    return _simple(chance, kind, now)


def _simple(chance: Random, kind: Any, now: datetime) -> Any:
    if kind is bool:
        return chance.random() < 0.85
    if kind is datetime:
        return (now + chance.choice(OFFSETS)).isoformat()
    if kind is date:
        return (now + chance.choice(OFFSETS)).date().isoformat()
    if kind in (int, float):
        return chance.randint(1, 8)
    return chance.choice(WORDS)
