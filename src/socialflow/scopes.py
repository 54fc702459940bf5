"""Scopes: where something belongs, or where a grant holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from socialflow.errors import DefinitionError

__all__ = ["EVERYWHERE", "Scope"]


class Scope(Mapping[str, frozenset[str]]):
    """Where something belongs, or where a grant holds: values for named dimensions.

    A dimension that a scope does not name is open: ``Scope()`` covers everything. Values are one
    text or several.

    Example:
        >>> Scope(brand="acme").covers(Scope(brand="acme", region="north"))
        True
        >>> Scope(brand="acme").covers(Scope(region="north"))
        False
    """

    __slots__ = ("_hash", "_values")

    def __init__(self, /, **dimensions: str | Iterable[str]) -> None:
        values = {}
        for name in sorted(dimensions):
            given = dimensions[name]
            several = _values(given)
            if not several or not all(isinstance(value, str) and value for value in several):
                raise DefinitionError.because(
                    "scope",
                    f"Scope / {name}",
                    f"a dimension has one value or several, each a text, not {given!r}",
                    "leave the dimension out to leave it open",
                )
            values[name] = frozenset(several)
        self._values = values
        self._hash = hash(tuple(values.items()))

    def covers(self, other: Scope) -> bool:
        """Whether everything in *other* lies within this scope."""
        theirs = other._values
        return all(name in theirs and theirs[name] <= ours for name, ours in self._values.items())

    def meets(self, other: Scope) -> bool:
        """Whether something may lie within both."""
        shared = self._values.keys() & other._values.keys()
        return not any(self._values[name].isdisjoint(other._values[name]) for name in shared)

    @property
    def specificity(self) -> int:
        """How many dimensions are named; of two covering scopes the more specific one wins."""
        return len(self._values)

    def __getitem__(self, name: str) -> frozenset[str]:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scope) and self._values == other._values

    def __repr__(self) -> str:
        return f"Scope({', '.join(f'{n}={v!r}' for n, v in self.to_plain().items())})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _scope, (self.to_plain(),)

    def __str__(self) -> str:
        return ", ".join(f"{n}={'/'.join(sorted(v))}" for n, v in self._values.items())

    def to_plain(self) -> dict[str, str | list[str]]:
        """The scope as JSON data: one value as a text, several as a sorted list."""
        return {
            name: next(iter(values)) if len(values) == 1 else sorted(values)
            for name, values in self._values.items()
        }


def _values(given: Any) -> tuple[Any, ...]:
    if isinstance(given, str) or not isinstance(given, Iterable):
        return (given,)
    return tuple(given)


def _scope(plain: Mapping[str, str | list[str]]) -> Scope:
    return Scope(**plain)


EVERYWHERE = Scope()
