"""The agenda: what items that are under way have to do with each other.

Who has how much to do, what goes out when, what waits for what.  It is read by duty: what has come
to its end is not looked at, however much of it there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

import attrs

from socialflow import Item
from socialflow.content.department import Department
from socialflow.queries import Duties, Duty, Items

__all__ = [
    "Booking",
    "Load",
    "Reader",
    "accounts_of",
    "ahead",
    "calendar",
    "is_out",
    "item_above",
    "others",
    "waiting",
    "workload",
]

OUT = ("live", "partly_live", "published", "verified")
BEHIND = ("promotion", "response", "reshare", "evaluation")


class Reader(Protocol):
    """What finds items and duties: every store does."""

    def rows(self, query: Any) -> Iterable[Any]:
        """What is asked for."""
        ...


@attrs.frozen
class Load:
    """What somebody has on their desk.

    Attributes:
        hours: Of work, as estimated.
        items: How many.
    """

    hours: float = 0.0
    items: int = 0


@attrs.frozen
class Booking:
    """When an item is to go out on an account.

    Attributes:
        item: Its id.
        ref: The host's own row, if it has one.
        at: That moment.
    """

    item: str
    ref: str | None
    at: datetime


def accounts_of(item: Item) -> tuple[str, ...]:
    """Keys of the accounts that an item, or a publication or comment below one, is about."""
    one = item.data.get("account")
    return (one,) if one else tuple(item.data.get("accounts") or ())


def item_above(reader: Reader, item: Item) -> Item | None:
    """The item that *item* belongs below, if it does."""
    found = () if item.parent is None else reader.rows(Items(id=item.parent))
    return next(iter(found), None)


def others(reader: Reader, duties: Iterable[Duty], item: Item) -> Iterator[Item]:
    """The items that have these duties, each once, but *item* and those above and below it."""
    for id in dict.fromkeys(duty.item for duty in duties):
        for other in reader.rows(Items(id=id)):
            if other.parent != item.id and id not in (item.id, item.parent):
                yield other


def workload(items: Iterable[Item]) -> Mapping[str, Load]:
    """What everybody is responsible for, by their ids."""
    load: dict[str, Load] = {}
    for item in (one for one in items if not one.ended):
        effort = item.data.get("effort_hours") or 0
        for id in {token.responsible for token in item.tokens if token.responsible}:
            so_far = load.get(id, Load())
            load[id] = Load(so_far.hours + effort, so_far.items + 1)
    return load


def calendar(items: Iterable[Item]) -> Mapping[str, tuple[Booking, ...]]:
    """What is to go out, by account."""
    booked: dict[str, tuple[Booking, ...]] = {}
    for item in items:
        told = item.data.get("publish_at")
        if told:
            booking = Booking(item.id, item.ref, datetime.fromisoformat(told))
            for account in accounts_of(item):
                booked[account] = (*booked.get(account, ()), booking)
    return booked


def waiting(reader: Reader, item: Item) -> Iterator[str]:
    """Other replies in the thread of *item* that wait to be sent."""
    thread = item.data.get("thread")
    if thread:
        for other in others(reader, reader.rows(Duties(state="interaction.reply_pending")), item):
            if other.data.get("thread") == thread:
                yield other.ref or other.id


def ahead(reader: Reader, department: Department, item: Item) -> Iterator[str]:
    """What has to be out before *item*, by the order of its campaign, and is not."""
    for campaign in department.campaigns:
        for one in campaign.order:
            if one.then in (item.ref, item.id) and not _is_out(reader, one.first):
                yield one.first


def _is_out(reader: Reader, key: str) -> bool:
    """Whether the item with that id, or of that row of the host's, is where the public sees it."""
    found = (*reader.rows(Items(ref=key)), *reader.rows(Items(id=key)))
    return any(is_out(item) for item in found)


def is_out(item: Item) -> bool:
    """Whether an item is where the public sees it, or was there until it was closed."""
    return any(
        one.stage in BEHIND or one.state.rpartition(".")[2] in OUT or _closed(item, one.state)
        for one in item.tokens
    )


def _closed(item: Item, state: str) -> bool:
    return state == "end.closed" and not item.data.get("duplicate_of")
