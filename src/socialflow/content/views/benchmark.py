"""Benchmark: how do we do beside our competitors?"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import mean

import attrs

from socialflow.content.views.reading import Reader, content
from socialflow.queries import Items

__all__ = ["Beside", "benchmark"]


@attrs.frozen
class Beside:
    """A competitor beside us.

    Attributes:
        metric: What was measured.
        competitor: Whom it was measured of.
        theirs: What one piece of their content brings.
        ours: What one of ours brings, on the average; None if nobody has measured that.
    """

    metric: str
    competitor: str
    theirs: float
    ours: float | None


def benchmark(reader: Reader) -> tuple[Beside, ...]:
    """How do we do beside our competitors?

    As good as the figures that whoever keeps an eye on them has written down (S1-21).

    Args:
        reader: The store of the items; competitors are those of its monitoring duties.

    Returns:
        By metric, then by competitor; the newest figure of each.
    """
    ours: dict[str, list[float]] = {}
    for item in content(reader):
        for metric, figure in (item.data.get("results") or {}).items():
            ours.setdefault(metric, []).append(figure)
    found = [
        Beside(metric, rival, figure, round(mean(ours[metric]), 2) if metric in ours else None)
        for metric, rival, figure in _theirs(reader)
    ]
    return tuple(sorted(found, key=lambda one: (one.metric, one.competitor)))


def _theirs(reader: Reader) -> Iterator[tuple[str, str, float]]:
    for item in reader.rows(Items(kind="monitoring")):
        if item.data["dimension"] == "competitor" and not item.ended:
            for metric, figure in (item.data.get("results") or {}).items():
                yield metric, item.data["value"], figure
