"""Hours spent: who has spent how much time on what, and how much was estimated?"""

from __future__ import annotations

from datetime import datetime

import attrs

from socialflow.content.views.reading import Reader, content, named
from socialflow.queries import History

__all__ = ["Spent", "hours_spent"]


@attrs.frozen
class Spent:
    """What one item has taken somebody.

    Attributes:
        item: Id of the item.
        ref: The host's own row, if it has one.
        title: What it is called.
        member: Their id.
        hours: So many in the period.
        estimated: How many the whole item was to take; None if nobody has said.
    """

    item: str
    ref: str | None
    title: str
    member: str
    hours: float
    estimated: float | None


def hours_spent(reader: Reader, since: datetime, until: datetime) -> tuple[Spent, ...]:
    """Who has spent how much time on what, and how much was estimated?

    Args:
        reader: The store of the items.
        since: First moment that is looked at: when it was written down.
        until: First moment that is not.

    Returns:
        One for each item and member, most hours first.
    """
    found = []
    for item in content(reader):
        spent: dict[str, float] = {}
        for entry in reader.rows(History(item=item.id)):
            event = entry.event
            if event.action == "log_hours" and since <= event.at < until:
                spent[event.by] = spent.get(event.by, 0.0) + event.command.data["hours"]
        estimated = item.data.get("effort_hours")
        found += [Spent(*named(item), who, hours, estimated) for who, hours in spent.items()]
    return tuple(sorted(found, key=lambda one: (-one.hours, one.item, one.member)))
