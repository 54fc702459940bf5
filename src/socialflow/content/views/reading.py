"""Reading: what every view reads through, and what several of them want to know of an item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any, Protocol

from socialflow import Item, Token
from socialflow.moments import Moment
from socialflow.queries import Duties, Duty, History, Items

__all__ = [
    "Reader",
    "born",
    "content",
    "day",
    "is_content",
    "item_of",
    "moment",
    "named",
    "open_content",
    "open_items",
    "percentile",
    "title",
    "waited",
]

EVERY_DUTY = Duties()


class Reader(Protocol):
    """What a view reads through: every store is one."""

    def rows(self, query: Any, /) -> Iterable[Any]:
        """What a query of `socialflow.queries` asks for, in the order it promises."""
        ...


def content(reader: Reader) -> Iterator[Item]:
    """Every piece of content, by id, ended ones included."""
    return (item for item in reader.rows(Items()) if is_content(item))


def is_content(item: Item) -> bool:
    """Whether it is a piece of content: it has a title, and is no upload of one to an account."""
    return "title" in item.data and "account" not in item.data


def open_items(reader: Reader, duties: Duties = EVERY_DUTY) -> Iterator[tuple[Duty, Item]]:
    """Open duties, longest waiting first, each with its item; what has ended is not even read."""
    seen: dict[str, Item] = {}
    for duty in reader.rows(duties):
        if duty.item not in seen:
            seen[duty.item] = item_of(reader, duty.item)
        yield duty, seen[duty.item]


def open_content(reader: Reader) -> Iterator[Item]:
    """Every piece of content that has not ended, longest waiting first."""
    for id in dict.fromkeys(duty.item for duty in reader.rows(Duties())):
        item = item_of(reader, id)
        if is_content(item):
            yield item


def item_of(reader: Reader, id: str) -> Item:
    """The item with that id, which is there."""
    (item,) = reader.rows(Items(id=id))
    return item  # type: ignore[no-any-return]


def born(reader: Reader, item: Item) -> datetime:
    """When it came into being."""
    (first,) = reader.rows(History(item=item.id, limit=1))
    return first.event.at  # type: ignore[no-any-return]


def title(item: Item) -> str:
    """What people call it: its title, what it says, or where it is."""
    told = item.data
    return str(told.get("title") or told.get("text") or told.get("account") or "")


def named(item: Item) -> tuple[str, str | None, str]:
    """Its id, the host's own row and what people call it: how a row of a view begins."""
    return item.id, item.ref, title(item)


def moment(item: Item, *fields: str) -> datetime | None:
    """The moment in the first of its *fields* that holds one."""
    return next((told for name in fields if (told := Moment(name).of(item.data))), None)


def day(item: Item, field: str) -> date | None:
    """The day in one of its fields, if it holds one."""
    told = item.data.get(field)
    return date.fromisoformat(told) if told else None


def waited(token: Token | Duty, at: datetime) -> timedelta:
    """How long it has been there at the moment *at*; nothing, if the clock says less."""
    return max(at - token.entered, timedelta())


def percentile(values: Iterable[float], share: float) -> float | None:
    """The smallest of *values* that at least such a *share* of them does not exceed.

    Example:
        >>> percentile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.9)
        9
    """
    ordered = sorted(values)
    return ordered[max(ceil(share * len(ordered)), 1) - 1] if ordered else None
