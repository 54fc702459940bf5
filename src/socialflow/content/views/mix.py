"""Content mix: what is our content for, besides our products?"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Literal, get_args, get_type_hints

import attrs

from socialflow.content.post import Post
from socialflow.content.views.calendar import planned
from socialflow.content.views.reading import Reader

__all__ = ["Purpose", "content_mix"]

Field = Literal["purpose", "funnel"]


@attrs.frozen
class Purpose:
    """How much of the content has one purpose, or is for one part of the funnel.

    Attributes:
        purpose: ``"product"``, ``"help"``, ``"interaction"``, ``"entertainment"``; or
            ``"awareness"``, ``"consideration"``, ``"purchase"``, ``"loyalty"``; ``"none"`` for what
            has none.
        items: How many.
        share: Which part of all, from 0 to 1.
    """

    purpose: str
    items: int
    share: float


def content_mix(
    reader: Reader, since: datetime, until: datetime, *, by: Field = "purpose"
) -> tuple[Purpose, ...]:
    """What is our content for, besides our products?

    Args:
        reader: The store of the items.
        since: First moment that is looked at.
        until: First moment that is not.
        by: What is asked about the content; ``"funnel"``: how far on the way to us its readers are.

    Returns:
        Every purpose, also those of which there is nothing, for what goes out in the period.
    """
    told = Counter(item.data.get(by) or "none" for _, item in planned(reader, since, until))
    whole = told.total()
    return tuple(
        Purpose(one, told[one], round(told[one] / whole, 3) if whole else 0.0)
        for one in (*_values(by), "none")
    )


def _values(field: Field) -> tuple[str, ...]:
    """Those that a post may have there."""
    asked = get_args(get_type_hints(Post)[field])
    return tuple(value for one in asked for value in get_args(one))
