"""Steps of a story: one operation each, which can be told again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
from under_fire.databases import Rows

from socialflow import Engine

__all__ = ["Step"]


@attrs.frozen
class Step:
    """One operation.

    Attributes:
        name: What it is.
        do: Asks an engine for it.
        commits: In how many transactions; what each does is seen at once.
        has_key: Whether asking again gives the same answer.
        errors: What may be raised beside the library's own errors.
        goes_on: Whether it does what is left of it where a part has failed.
        same: What of all rows is the same in the end, however often it is told.
    """

    name: str
    do: Callable[[Engine], Any]
    commits: int = 1
    has_key: bool = True
    errors: tuple[type[Exception], ...] = ()
    goes_on: bool = False
    same: Callable[[Rows], Rows] = list
