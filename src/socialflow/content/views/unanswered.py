"""Published without response: what did we say, and then speak with nobody?"""

from __future__ import annotations

from datetime import datetime

import attrs

from socialflow import Item
from socialflow.content.providers import is_out
from socialflow.content.views.reading import Reader, content, moment, named
from socialflow.queries import Items

__all__ = ["Silence", "published_without_response"]

SILENT_BY_POLICY = ("passive", "none")
ANSWERED = ("interaction.answered",)


@attrs.frozen
class Silence:
    """Something that is out, and below which we have answered nobody.

    Attributes:
        item: Id of the item.
        ref: The host's own row, if it has one.
        title: What it is called.
        states: Where it is.
        since: When it went out, if it had a date.
        waiting: How many have written below it, and have had no answer.
    """

    item: str
    ref: str | None
    title: str
    states: tuple[str, ...]
    since: datetime | None
    waiting: int


def published_without_response(reader: Reader) -> tuple[Silence, ...]:
    """What did we say, and then speak with nobody?

    Content that by its policy is not answered is left out.

    Returns:
        By id: those below which people wait first.
    """
    found = [
        Silence(*named(item), item.marking, moment(item, "publish_at"), waiting)
        for item in content(reader)
        if is_out(item) and item.data.get("response_policy") not in SILENT_BY_POLICY
        for answered, waiting in [_interactions(reader, item)]
        if not answered
    ]
    return tuple(sorted(found, key=lambda one: (-one.waiting, one.item)))


def _interactions(reader: Reader, item: Item) -> tuple[int, int]:
    """How many have had an answer, and how many have not and still might."""
    below = list(reader.rows(Items(parent=item.id, kind="interaction")))
    answered = sum(_is_answered(one) for one in below)
    waiting = sum(not one.ended and not _is_answered(one) for one in below)
    return answered + item.data.get("answered", 0), waiting


def _is_answered(item: Item) -> bool:
    return item.marking[0] in ANSWERED or (item.ended and bool(item.data.get("reply")))
