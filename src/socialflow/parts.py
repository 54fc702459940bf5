"""Parts of a definition, looked at when it is made: one or several, each of its kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import UnionType
from typing import Any

from socialflow.errors import DefinitionError
from socialflow.showing import shown

__all__ = ["parts", "texts"]


def parts(where: str, kind: type | UnionType, value: Any, remedy: str) -> tuple[Any, ...]:
    """*value* as a tuple: what is of that *kind*, alone or several of them.

    Raises:
        DefinitionError: Something among it is of another kind; with *remedy*.
    """
    if isinstance(value, kind):
        return (value,)
    several = isinstance(value, Iterable) and not isinstance(value, str | Mapping)
    made = tuple(value) if several and not isinstance(value, type) else (value,)
    for one in made:
        if not isinstance(one, kind):
            raise DefinitionError.because(
                "wrong_part", where, f"{shown(one)} is no {_noun(kind)}", remedy
            )
    return made


def texts(value: Any) -> tuple[Any, ...]:
    """*value* as a tuple: one text, or several; what stands in it is looked at with the whole.

    Raises:
        DefinitionError: It is neither.
    """
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, Iterable) or isinstance(value, type):
        raise DefinitionError.because(
            "wrong_part", "definition", f"{shown(value)} is no text", "say one text, or several"
        )
    return tuple(value)


def _noun(kind: type | UnionType) -> str:
    kinds = kind.__args__ if isinstance(kind, UnionType) else (kind,)
    return " or ".join(one.__name__ for one in kinds)
