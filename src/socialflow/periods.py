"""Periods: from when something holds, and until when."""

from __future__ import annotations

from datetime import datetime

import attrs

from socialflow.errors import DefinitionError, NaiveTime

__all__ = ["Period", "aware", "aware_field", "holds_at", "in_order", "turns_around"]


def aware(name: str, value: datetime | None) -> datetime | None:
    """*value*, if it names one moment.

    Raises:
        NaiveTime: It has no time zone.
    """
    if value is not None and value.tzinfo is None:
        raise NaiveTime(name, repr(value))
    return value


def aware_field(_: object, field: attrs.Attribute[datetime | None], value: datetime | None) -> None:
    """Validates an attribute as `aware` does."""
    aware(field.name, value)


def holds_at(since: datetime | None, until: datetime | None, at: datetime) -> bool:
    """Whether *at* is at *since* or later, and before *until*; None leaves that side open."""
    return (since is None or since <= at) and (until is None or at < until)


def in_order(where: str, since: datetime | None, until: datetime | None) -> None:
    """Go on only if what ends does so after it begins.

    Raises:
        DefinitionError: It ends before it begins.
    """
    if since is not None and until is not None and until <= since:
        raise DefinitionError.because(
            "period",
            where,
            f"it ends at {until.isoformat()}, and begins at {since.isoformat()}",
            "since= is when it begins to hold, until= when it no longer does",
        )


def turns_around(
    turns: set[datetime | None], at: datetime
) -> tuple[datetime | None, datetime | None]:
    """The last of *turns* that has come at the moment *at*, and the next one."""
    told = [turn for turn in turns if turn is not None]
    last = max((turn for turn in told if turn <= at), default=None)
    return last, min((turn for turn in told if turn > at), default=None)


@attrs.frozen
class Period:
    """A time in which something is so, as an absence.

    Attributes:
        since: Its first moment; timezone-aware. Without it, since ever.
        until: The first moment after it; timezone-aware. Without it, for good.
        reason: Why: ``"leave"``.

    Raises:
        DefinitionError: It ends before it begins.

    Example:
        >>> june = Period(
        ...     datetime.fromisoformat("2026-06-01T00:00Z"),
        ...     datetime.fromisoformat("2026-07-01T00:00Z"),
        ... )
        >>> june.covers(datetime.fromisoformat("2026-07-01T00:00Z"))
        False
    """

    since: datetime | None = attrs.field(default=None, validator=aware_field)
    until: datetime | None = attrs.field(default=None, validator=aware_field)
    reason: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        in_order("Period", self.since, self.until)

    def covers(self, at: datetime) -> bool:
        """Whether the moment *at* lies within it."""
        return holds_at(self.since, self.until, at)
