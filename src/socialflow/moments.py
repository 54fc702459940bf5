"""Moments: points in time that a definition can name, and spans in the spelling of ISO 8601."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs

__all__ = ["Moment", "days", "hours", "minutes", "read_span", "span_text"]

_SPAN = re.compile(
    r"(?P<sign>-?)P(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?\Z"
)


def days(n: float) -> timedelta:
    """A span of so many days."""
    return timedelta(days=n)


def hours(n: float) -> timedelta:
    """A span of so many hours."""
    return timedelta(hours=n)


def minutes(n: float) -> timedelta:
    """A span of so many minutes."""
    return timedelta(minutes=n)


def read_span(text: str) -> timedelta:
    """The span that an ISO 8601 text names; days are the largest unit.

    Raises:
        ValueError: It is no such text.

    Example:
        >>> read_span("-PT5M")
        datetime.timedelta(days=-1, seconds=86100)
    """
    found = _SPAN.match(text)
    parts = {k: int(v) for k, v in found.groupdict().items() if k != "sign" and v} if found else {}
    if found is None or not parts:
        raise ValueError(f"{text!r} is no span: write it as in P1D, PT12H or -PT5M")
    span = timedelta(**parts)
    return -span if found["sign"] else span


def span_text(span: timedelta) -> str:
    """The span in ISO 8601, to the second.

    Example:
        >>> span_text(days(1) + hours(2)), span_text(minutes(-5))
        ('P1DT2H', '-PT5M')
    """
    seconds = abs(round(span.total_seconds()))
    whole, rest = divmod(seconds, 86400)
    units = (("H", rest // 3600), ("M", rest % 3600 // 60), ("S", rest % 60))
    time = "".join(f"{n}{unit}" for unit, n in units if n)
    day = f"{whole}D" if whole or not time else ""
    return f"{'-' if span < timedelta() else ''}P{day}{'T' if time else ''}{time}"


@attrs.frozen
class Moment:
    """A point in time taken from the item's data.

    Attributes:
        field: A field of the item that holds a moment.
        offset: What to add to it; negative for before.

    Example:
        >>> Moment("publish_at", minutes(-5)).of({"publish_at": "2026-05-01T12:00:00+00:00"})
        datetime.datetime(2026, 5, 1, 11, 55, tzinfo=datetime.timezone.utc)
    """

    field: str
    offset: timedelta = timedelta()

    def of(self, data: Mapping[str, Any]) -> datetime | None:
        """The moment in *data*; None if the field is empty."""
        told = data.get(self.field)
        return datetime.fromisoformat(told) + self.offset if told else None
