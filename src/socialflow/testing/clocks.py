"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from socialflow.people import aware
from socialflow.testing.changes import START

__all__ = ["FakeClock"]


class FakeClock:
    """Says the same time again and again, until it is moved: an engine's ``clock=`` in tests.

    Args:
        start: What it says at first, with a time zone; noon of the first of May 2026, if not said.

    Example:
        >>> clock = FakeClock()
        >>> str(clock())
        '2026-05-01 12:00:00+00:00'
        >>> str(clock.tick(hours=3))
        '2026-05-01 15:00:00+00:00'
        >>> clock() == clock()
        True
    """

    def __init__(self, start: datetime = START) -> None:
        aware("the start of a clock", start)
        self._now = start

    def __call__(self) -> datetime:
        """What time it is."""
        return self._now

    def __repr__(self) -> str:
        return f"<FakeClock {self._now.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z>"

    def tick(self, minutes: float | None = None, **more: Any) -> datetime:
        """Let time pass: one minute, if nothing is said; else what `timedelta` can say.

        Raises:
            ValueError: Time does not go back.
        """
        passed = timedelta(minutes=1 if minutes is None and not more else minutes or 0, **more)
        if passed < timedelta(0):
            raise ValueError(f"time does not go back, and this is {passed}")
        self._now += passed
        return self._now

    def set(self, moment: datetime) -> datetime:
        """Let it be that moment, which has not passed yet.

        Raises:
            ValueError: It has passed.
        """
        aware("a moment", moment)
        self.tick(seconds=(moment - self._now).total_seconds())
        return self._now
