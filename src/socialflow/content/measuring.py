"""Measuring: what is counted from the day on which something is live, and what was expected of it.

A figure may come in at any time, out of a platform or by hand, and stays in the item's history.  A
snapshot says how all of them stand; the evaluation begins with the latest one.  What was promised
is compared with what was measured, and neither is made up where nobody has said it (S2-14).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import attrs

from socialflow import Action, Item
from socialflow.content.roles import DATA_ANALYST
from socialflow.people import SYSTEM

__all__ = ["MEASURING", "Analysis", "Compared", "Period", "Sample", "Snapshot", "compared"]

LIVE = ("promotion", "response", "reshare", "evaluation")


@attrs.frozen
class Sample:
    """One figure.

    Attributes:
        metric: What was counted.
        value: How much of it.
        measured_at: When; timezone-aware.
        source: Where the figure comes from.
    """

    metric: str
    value: float
    measured_at: datetime
    source: str | None = None


@attrs.frozen
class Snapshot:
    """How all metrics stand."""

    results: dict[str, float]


@attrs.frozen
class Period:
    """The days that are looked at, first and last."""

    first_day: date
    last_day: date


@attrs.frozen
class Analysis:
    """What was found.

    Attributes:
        feedback: What people said, in sum.
        results: A figure for every metric that was promised.
    """

    feedback: str
    results: dict[str, float]


MEASURING = (
    Action("record_metric", LIVE, roles=(DATA_ANALYST, SYSTEM.id), data=Sample),
    Action("snapshot", LIVE, roles=DATA_ANALYST, data=Snapshot, keeps="results"),
)
"""What may be asked for as soon as something is live."""


@attrs.frozen
class Compared:
    """A metric, what was expected of it, and what became of that; None where nobody has said."""

    metric: str
    forecast: float | None
    measured: float | None

    @property
    def reached(self) -> bool | None:
        """Whether as much was measured as was expected; None if that cannot be said."""
        if self.forecast is None or self.measured is None:
            return None
        return self.measured >= self.forecast


def compared(item: Item) -> tuple[Compared, ...]:
    """Every metric that *item* has promised or measured, the promised ones first."""
    expected: Mapping[str, Any] = item.data.get("forecast", {})
    found: Mapping[str, Any] = item.data.get("results", {})
    metrics = dict.fromkeys((*item.data.get("metrics", ()), *expected, *found))
    return tuple(Compared(one, expected.get(one), found.get(one)) for one in metrics)
