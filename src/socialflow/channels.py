"""What comes of work that is handed to the outside: it is done, it is not, or nobody knows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs

from socialflow.plain import EMPTY, FrozenDict, freeze

__all__ = ["ABILITIES", "Outcome", "delivered", "refused", "try_again", "unknown"]

ABILITIES = ("deduplicate", "verify", "nothing")
"""What a channel can do about an effect of which nobody knows whether it was delivered."""


@attrs.frozen
class Outcome:
    """What became of one effect that was handed to a channel.

    Attributes:
        kind: ``"delivered"``; ``"refused"``, certainly not done, and no use to try again;
            ``"try_again"``, certainly not done, this time; ``"unknown"``.
        told: What there is to say about it.
        data: What the item is told.
        after: How long to wait before the next attempt; if None, as long as the outbox says.
    """

    kind: str
    told: str = ""
    data: FrozenDict = attrs.field(default=EMPTY, converter=freeze)
    after: timedelta | None = None


def delivered(told: str = "", **data: Any) -> Outcome:
    """It is done, and *data* is what the item is to know of it.

    Example:
        >>> delivered(url="https://blog.example/1").data
        {'url': 'https://blog.example/1'}
    """
    return Outcome("delivered", told, freeze(data))


def refused(told: str, **data: Any) -> Outcome:
    """It is certainly not done, and will not be."""
    return Outcome("refused", told, freeze(data))


def try_again(told: str, after: timedelta | None = None) -> Outcome:
    """It is certainly not done, but may be the next time."""
    return Outcome("try_again", told, after=after)


def unknown(told: str) -> Outcome:
    """It may be done or not: no answer has come."""
    return Outcome("unknown", told)
