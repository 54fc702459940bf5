"""Fields: whether an item's data fits another definition, and what is written to make it fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs

from socialflow.errors import Objection
from socialflow.filling import Filled, fill_some, plain
from socialflow.forms import fields_of
from socialflow.items import Item
from socialflow.migrations.routes import Route
from socialflow.plain import FrozenDict

__all__ = ["Data", "fitted", "misfits", "written"]

Data = Mapping[str, Any] | Callable[[Item], Mapping[str, Any]]
"""What is told of fields: for every item the same, or for each its own."""


def written(route: Route, item: Item, told: Data) -> FrozenDict:
    """What of *told* is needed; a value that fits is never overwritten, nor taken away."""
    given = plain(told(item) if callable(told) else told)
    needed = {name for name, value in given.items() if _is_needed(route, item, name, value)}
    return FrozenDict({name: given[name] for name in sorted(needed)})


def _is_needed(route: Route, item: Item, name: str, value: Any) -> bool:
    if name not in route.new.declared:
        return value is None and name in item.data
    if name not in item.data:
        return value is not None
    return bool(_wrong(route, name, item.data))


def _wrong(route: Route, name: str, data: Mapping[str, Any]) -> str:
    """Why what *data* has in a field does not fit; empty if it does, as it is."""
    filled = fill_some(route.new.declared, {name: data[name]})
    if not isinstance(filled, Filled):
        return str(filled[0].facts["reason"])
    same = filled.plain[name] == data[name]
    return "" if same else f"it would be taken for {filled.plain[name]!r}"


def fitted(item: Item, told: FrozenDict) -> FrozenDict:
    """The item's data with what is written."""
    if not told:
        return item.data
    merged = {**item.data, **told}
    return FrozenDict({name: value for name, value in merged.items() if value is not None})


def misfits(route: Route, data: FrozenDict) -> Iterator[Objection]:
    """Everything about *data* that the new definition has no place for, or lacks."""
    declared, name = route.new.declared, route.new.name
    for field in data:
        if field not in declared:
            yield Objection(
                "field_unknown",
                f"{name} has no field {field!r}",
                f"say data={{{field!r}: None}} to leave it out",
                {"field": field},
            )
        elif wrong := _wrong(route, field, data):
            yield Objection(
                "field_shape",
                f"the field {field!r} does not fit {name}: {wrong}",
                f"say data={{{field!r}: ...}}, or have it edited first",
                {"field": field},
            )
    own = fields_of(route.new.fields) if route.new.fields else {}
    for field, attribute in own.items():
        if attribute.default is attrs.NOTHING and field not in data:
            yield Objection(
                "field_missing",
                f"{name} asks for the field {field!r}, which the item lacks",
                f"say data={{{field!r}: ...}}",
                {"field": field},
            )
