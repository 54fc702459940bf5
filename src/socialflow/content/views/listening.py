"""Listening: do we answer, how soon, and do we speak more with each other than with people?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from statistics import median

import attrs

from socialflow import Event
from socialflow.content.views.reading import Reader, percentile
from socialflow.people import SYSTEM
from socialflow.queries import History

__all__ = ["Listening", "listening"]

HOUR = timedelta(hours=1)
ANSWER, OUT = "interaction.answered", ("publish.live", "publish.partly_live")


@attrs.frozen
class Listening:
    """What was heard and said in a period.

    Attributes:
        arrived: Comments, mentions and messages that came.
        answered: Those that had their first answer in the period.
        median_hours: How long they had waited for it, half of them at most; None without any.
        p90_hours: Nine of ten had waited no longer.
        published: Items that went out.
        listening_ratio: First answers, as part of everything that was said to the public: answers
            and items.
        inward: What people did among themselves: notes, votes and whatever else on content.
        outward: What people did for those who write to us.
        outward_share: Which part of their work that is, from 0 to 1.
    """

    arrived: int
    answered: int
    median_hours: float | None
    p90_hours: float | None
    published: int
    listening_ratio: float
    inward: int
    outward: int
    outward_share: float


def listening(reader: Reader, since: datetime, until: datetime) -> Listening:
    """Do we answer, how soon, and do we speak more with each other than with people?

    Args:
        reader: The store of the items; all of their histories are read, one after the other.
        since: First moment that is looked at.
        until: First moment that is not.
    """
    told = _Told(since, until)
    for _, entries in groupby(reader.rows(History()), key=lambda entry: entry.event.item):
        told.add([entry.event for entry in entries])
    hours = told.hours
    return Listening(
        told.arrived,
        len(hours),
        round(median(hours), 2) if hours else None,
        None if not hours else round(percentile(hours, 0.9) or 0.0, 2),
        told.published,
        _part(len(hours), told.published),
        told.inward,
        told.outward,
        _part(told.outward, told.inward),
    )


class _Told:
    """Counts what the histories tell of a period."""

    def __init__(self, since: datetime, until: datetime) -> None:
        self._since, self._until = since, until
        self.hours: list[float] = []
        self.arrived = self.published = self.inward = self.outward = 0

    def add(self, events: list[Event]) -> None:
        within = [event for event in events if self._since <= event.at < self._until]
        by_people = sum(event.by != SYSTEM.id for event in within)
        if events[0].tokens[0].stage != "interaction":
            self.inward += by_people
            self.published += next(_moved(within, OUT), None) is not None
            return
        self.outward += by_people
        self.arrived += events[0] in within
        first = next(_moved(events, (ANSWER,)), None)
        if first in within and first is not None:
            self.hours.append(max((first.at - events[0].at) / HOUR, 0.0))


def _moved(events: Iterable[Event], targets: tuple[str, ...]) -> Iterator[Event]:
    """Events in which one of the states was reached."""
    return (one for one in events if any(move.target in targets for move in one.moves))


def _part(one: int, other: int) -> float:
    return round(one / (one + other), 3) if one + other else 0.0
