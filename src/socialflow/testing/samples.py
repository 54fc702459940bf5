"""Sample data: what fits a form, made out of its fields and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import attrs

from socialflow.forms import fields_of
from socialflow.people import Member
from socialflow.plain import FrozenDict
from socialflow.standing import Assign, Which
from socialflow.testing.changes import START
from socialflow.ways import Way

__all__ = ["Examples", "Samples"]

Examples = Mapping[str | type, Sequence[Any]]
"""By the name of a field: values to try. By a form, or the full name of an action: whole data."""

LATER = START + timedelta(days=7)


@attrs.frozen
class Samples:
    """What commands are given to say.

    Attributes:
        examples: Where the user knows better than what the fields say.
        members: Whom an item can be assigned to.
    """

    examples: Examples = attrs.field(factory=dict)
    members: tuple[Member, ...] = ()

    def of(self, way: Way, stage_role: tuple[str, ...] = ()) -> tuple[dict[str, Any] | None, ...]:
        """Data to take a way with, the least first."""
        if way.full in self.examples:
            return tuple(self.examples[way.full])
        if way.form is Assign:
            return self._assigned(stage_role)
        if way.form is Which:
            return ({"stage": way.stage},)
        if way.form is None:
            return (None,)
        return self.fitting(way.form)

    def fitting(self, form: type) -> tuple[dict[str, Any], ...]:
        """Data that fits a form: what is needed, everything, and every other value of a field."""
        if form in self.examples:
            return tuple(self.examples[form])
        fields = fields_of(form)
        first = {name: self.values(name, field.type)[0] for name, field in fields.items()}
        needed = {n: first[n] for n, field in fields.items() if field.default is attrs.NOTHING}
        found = [needed, first]
        for name, field in fields.items():
            found += [{**first, name: value} for value in self.values(name, field.type)[1:]]
        return tuple(_unlike(found))

    def edits(
        self, fields: Mapping[str, attrs.Attribute[Any]], data: Mapping[str, Any]
    ) -> Iterator[dict[str, Any]]:
        """Edits of one field each: to a sample it is not yet, and to nothing where it may be so."""
        for name, field in fields.items():
            more = (f"another {name}",) if _plain_type(field.type) is str else ()
            for value in (*self.values(name, field.type), *more):
                if value != data.get(name):
                    yield {name: value}
                    break
            if field.default is not attrs.NOTHING and name in data:
                yield {name: None}

    def values(self, name: str, kind: Any) -> tuple[Any, ...]:
        """Values to try for a field, the usual one first."""
        if name in self.examples:
            return tuple(self.examples[name])
        return (_sample(name, kind),)

    def _assigned(self, roles: tuple[str, ...]) -> tuple[dict[str, Any], ...]:
        able = [m for m in self.members if any(grant.role in roles for grant in m.grants)]
        return tuple({"member": member.id} for member in (able or self.members)[:2])


def _unlike(several: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    seen = set()
    for one in several:
        if repr(one) not in seen:
            seen.add(repr(one))
            yield one


def _plain_type(kind: Any) -> Any:
    """The type without its None."""
    if get_origin(kind) in (Union, UnionType):
        return next(part for part in get_args(kind) if part is not type(None))
    return kind


def _sample(name: str, kind: Any) -> Any:
    kind = _plain_type(kind)
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return inner[0]
    if origin in (list, tuple):
        return (_sample(name, inner[0]),)
    if origin in (dict, Mapping, FrozenDict):
        return {name: _sample(name, inner[1])}
    if isinstance(kind, type) and attrs.has(kind):
        fields = fields_of(kind).items()
        return {n: _sample(n, f.type) for n, f in fields if f.default is attrs.NOTHING}
    known = {int: 1, float: 1.5, bool: True, datetime: LATER.isoformat(), date: "2026-05-08"}
    return known.get(kind, f"a {name}")
