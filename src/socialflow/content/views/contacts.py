"""Contacts: with whom are we speaking, and what might we answer?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import attrs

from socialflow import Item
from socialflow.content.department import Department
from socialflow.content.records import recorded
from socialflow.content.views.reading import Reader
from socialflow.errors import ItemNotFound
from socialflow.queries import Items

__all__ = ["Exchange", "Suggestion", "contact", "suggestions"]

HEARD = Items(kind="interaction")


@attrs.frozen
class Exchange:
    """What somebody has said to us once, and what became of it.

    Attributes:
        since: When it came to where it is now.
        item: Id of the interaction.
        account: Key of the account where it was said.
        text: Their words.
        intent: What they wanted.
        reply: Our words, if there are any.
        state: Where it is.
        tags: What it is about.
    """

    since: datetime
    item: str
    account: str
    text: str | None
    intent: str
    reply: str | None
    state: str
    tags: tuple[str, ...]


@attrs.frozen
class Suggestion:
    """Words that may be used.

    Attributes:
        key: Of the message.
        text: The words.
        used: In how many answers to the same intent they were used so far.
    """

    key: str
    text: str
    used: int


def contact(reader: Reader, item: str) -> tuple[Exchange, ...]:
    """With whom are we speaking, and what was said before?

    Args:
        reader: The store of the items.
        item: Id of one interaction.

    Returns:
        Everything that its author has said to us, wherever that was, oldest first.

    Raises:
        ItemNotFound: No item has that id.
    """
    author = _data(reader, item).get("author")
    found = (_exchange(one) for one in reader.rows(HEARD) if one.data["author"] == author)
    return tuple(sorted(found, key=lambda one: (one.since, one.item)))


def suggestions(
    reader: Reader, department: Department, item: str, at: datetime
) -> tuple[Suggestion, ...]:
    """What might we answer, in words that may be used now?

    Args:
        reader: The store of the items.
        department: Its messages; those that are items are looked up.
        item: Id of one interaction.
        at: Now: drafts, and what is over or not yet to be said, is left out.

    Returns:
        Snippets: those that have been used most for what its author wants first, then by key.

    Raises:
        ItemNotFound: No item has that id.
    """
    intent = _data(reader, item).get("intent")
    used = Counter(
        one.data.get("snippet") for one in reader.rows(HEARD) if one.data["intent"] == intent
    )
    found = [
        Suggestion(one.key, one.text, used[one.key])
        for one in recorded(department, reader).messages
        if one.kind == "reply_snippet" and one.may_be_used(at)
    ]
    return tuple(sorted(found, key=lambda one: (-one.used, one.key)))


def _data(reader: Reader, item: str) -> Mapping[str, Any]:
    """What is known of an item."""
    for one in reader.rows(Items(id=item)):
        return one.data  # type: ignore[no-any-return]
    raise ItemNotFound(item)


def _exchange(item: Item) -> Exchange:
    (token,), told = item.tokens, item.data
    return Exchange(
        token.entered,
        item.id,
        told["account"],
        told.get("text"),
        told["intent"],
        told.get("reply"),
        token.state,
        tuple(told.get("tags") or ()),
    )
