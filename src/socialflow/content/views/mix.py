"""Content mix: what is our content for, besides our products?"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import get_args, get_type_hints

import attrs

from socialflow.content.post import Post
from socialflow.content.views.calendar import planned
from socialflow.content.views.reading import Reader

__all__ = ["Purpose", "content_mix"]

PURPOSES: tuple[str, ...] = tuple(
    purpose for one in get_args(get_type_hints(Post)["purpose"]) for purpose in get_args(one)
)


@attrs.frozen
class Purpose:
    """How much of the content has one purpose.

    Attributes:
        purpose: ``"product"``, ``"help"``, ``"interaction"``, ``"entertainment"``; ``"none"`` for
            what has none.
        items: How many.
        share: Which part of all, from 0 to 1.
    """

    purpose: str
    items: int
    share: float


def content_mix(reader: Reader, since: datetime, until: datetime) -> tuple[Purpose, ...]:
    """What is our content for, besides our products?

    Args:
        reader: The store of the items.
        since: First moment that is looked at.
        until: First moment that is not.

    Returns:
        Every purpose, also those of which there is nothing, for what goes out in the period.
    """
    told = Counter(item.data.get("purpose") or "none" for _, item in planned(reader, since, until))
    whole = told.total()
    return tuple(
        Purpose(one, told[one], round(told[one] / whole, 3) if whole else 0.0)
        for one in (*PURPOSES, "none")
    )
