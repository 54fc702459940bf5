"""Fields: what the item's own data has to be like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from socialflow import Case, Item, Objection, rule

__all__ = ["has_any", "keys_in", "one_of", "said_on"]


def keys_in(item: Item, field: str) -> tuple[str, ...]:
    """What a field names that has one key in it, or several, or none."""
    told = item.data.get(field)
    return (told,) if isinstance(told, str) else tuple(told or ())


def said_on(item: Item, account: str, variants: str) -> Mapping[str, Any]:
    """The item's data as *account* says it: what its entry in *variants* says otherwise on top."""
    said = (item.data.get(variants) or {}).get(account) or {}
    return {**item.data, **{name: other for name, other in said.items() if other is not None}}


@rule("has_any", names_fields="fields", closed=True)
def has_any(case: Case, fields: tuple[str, ...]) -> Iterator[Objection]:
    """At least one of the item's *fields* is there and not empty."""
    if not any(case.item.data.get(field) for field in fields):
        told = ", ".join(fields)
        yield Objection(
            "has_any", f"none of {told} is filled in", "fill in one", {"fields": fields}
        )


@rule("one_of", names_fields="field", closed=True)
def one_of(case: Case, field: str, values: tuple[str, ...]) -> Iterator[Objection]:
    """The item's *field* has one of these *values*."""
    found = case.item.data.get(field)
    if found not in values:
        yield Objection(
            "one_of",
            f"{field} is {found!r}, and would have to be {' or '.join(values)}",
            facts={"field": field, "value": found, "values": values},
        )
