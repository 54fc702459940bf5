"""Plain data: what JSON can say, deeply immutable, and with one canonical form."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any, NoReturn

__all__ = ["EMPTY", "FrozenDict", "canonical", "digest", "freeze"]


class FrozenDict(dict[str, Any]):
    """A mapping that cannot be changed, equal to the `dict` with the same content."""

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("this data is immutable; make a new mapping instead")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[FrozenDict], tuple[dict[str, Any]]]:
        return FrozenDict, (dict(self),)

    def __deepcopy__(self, _: object) -> FrozenDict:
        return self


EMPTY = FrozenDict()
_ATOMS = frozenset({str, int, bool})


def freeze(value: Any) -> Any:
    """The same plain data, deeply immutable.

    Mappings become `FrozenDict`, lists tuples; text, numbers, booleans and None stay.

    Raises:
        TypeError: Something that JSON cannot say, or a key that is not text.
        ValueError: A number that is not finite.

    Example:
        >>> freeze({"tags": ["a", "b"]})
        {'tags': ('a', 'b')}
    """
    kind = type(value)
    if kind is FrozenDict or value is None or kind in _ATOMS:
        return value
    if kind is dict or isinstance(value, Mapping):
        if not value:
            return EMPTY
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"a key of plain data is text, not {key!r}")
        return FrozenDict(
            {key: part if type(part) in _ATOMS else freeze(part) for key, part in value.items()}
        )
    if kind is tuple or kind is list:
        return tuple([part if type(part) in _ATOMS else freeze(part) for part in value])
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value!r} is not a finite number")
        return float(value)
    if isinstance(value, list | tuple | set | frozenset):
        ordered = sorted(value) if isinstance(value, set | frozenset) else value
        return tuple([freeze(part) for part in ordered])
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    raise TypeError(f"plain data is what JSON can say, not {kind.__name__} {value!r}")


_canonical = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
).encode


def canonical(value: Any) -> str:
    """The one JSON text of plain data: keys sorted, no space, nothing escaped without need."""
    return _canonical(value)


def digest(text: str) -> str:
    """SHA-256 of a text, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
