"""Ideas due for review: which ideas has nobody looked at for too long?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import attrs

from socialflow import Item
from socialflow.content.views.reading import Reader, moment, named, open_items, waited
from socialflow.queries import Duties, Duty

__all__ = ["Idea", "ideas_due"]


@attrs.frozen
class Idea:
    """An idea that waits for somebody to look at it.

    Attributes:
        item: Id of the item.
        ref: The host's own row, if it has one.
        title: What it is called.
        state: Where it is: new, being screened or shelved.
        source: Where it came from: ``"person"``, ``"monitoring"`` ...
        waiting: How long it has been there.
        review_at: When it was to be looked at again, if it was shelved.
    """

    item: str
    ref: str | None
    title: str
    state: str
    source: str | None
    waiting: timedelta
    review_at: datetime | None


def ideas_due(
    reader: Reader, at: datetime, *, every: timedelta = timedelta(days=14)
) -> tuple[Idea, ...]:
    """Which ideas has nobody looked at for too long?

    Args:
        reader: The store of the items.
        at: Now.
        every: How often ideas are looked at.

    Returns:
        Ideas that have waited that long, and shelved ones whose day has come; longest first.
    """
    return tuple(
        Idea(
            *named(item),
            duty.state,
            item.data.get("source", "evaluation"),
            waited(duty, at),
            moment(item, "review_at") if _shelved(duty) else None,
        )
        for duty, item in sorted(_ideas(reader), key=lambda one: one[0].entered)
        if _is_due(duty, item, at, every)
    )


def _ideas(reader: Reader) -> Iterator[tuple[Duty, Item]]:
    """What was proposed, and what evaluations have suggested."""
    for stage in ("concept", "idea"):
        yield from open_items(reader, Duties(stage=stage))


def _shelved(duty: Duty) -> bool:
    return duty.state == "concept.shelved"


def _is_due(duty: Duty, item: Item, at: datetime, every: timedelta) -> bool:
    if _shelved(duty):
        review = moment(item, "review_at")
        return review is not None and review <= at
    return waited(duty, at) >= every
