"""Asked again: what are we asked again and again, and does our content answer it?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import attrs

from socialflow import Item
from socialflow.content.views.reading import Reader, born, content
from socialflow.queries import Items

__all__ = ["Asked", "asked_again"]


@attrs.frozen
class Asked:
    """Something that many want to know: an idea, if nothing answers it yet (S1-12).

    Attributes:
        about: The tag that these questions have.
        times: How often it was asked.
        handed_over: How many of these went to customer service: what an answer for all would spare
            the call centre.
        answered_by: Ids of content with the same tag, proposed or made.
    """

    about: str
    times: int
    handed_over: int
    answered_by: tuple[str, ...]


def asked_again(
    reader: Reader, since: datetime, until: datetime, *, least: int = 3
) -> tuple[Asked, ...]:
    """What are we asked again and again, and does our content answer it?

    Args:
        reader: The store of the items.
        since: First moment that is looked at.
        until: First moment that is not.
        least: As often it has to be asked.

    Returns:
        What is asked most first.
    """
    questions: dict[str, list[Item]] = {}
    for one in _questions(reader, since, until):
        for tag in one.data["tags"]:
            questions.setdefault(tag, []).append(one)
    often = {tag: several for tag, several in questions.items() if len(several) >= least}
    found = [_asked(reader, tag, several) for tag, several in often.items()]
    return tuple(sorted(found, key=lambda one: (-one.times, one.about)))


def _questions(reader: Reader, since: datetime, until: datetime) -> Iterator[Item]:
    for item in reader.rows(Items(kind="interaction")):
        told = item.data
        is_question = told.get("intent") == "question" and told.get("tags")
        if is_question and since <= born(reader, item) < until:
            yield item


def _asked(reader: Reader, tag: str, several: list[Item]) -> Asked:
    handed = sum(one.data.get("handed_to") == "support" for one in several)
    made = tuple(one.id for one in content(reader) if tag in one.data.get("tags", ()))
    return Asked(tag, len(several), handed, made)
