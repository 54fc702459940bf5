"""Cycle times: how long does each stage take?"""

from __future__ import annotations

from itertools import groupby
from statistics import median

import attrs

from socialflow import Workflow
from socialflow.content.views.reading import Reader, percentile
from socialflow.queries import History
from socialflow.spans import Spans

__all__ = ["StageTimes", "cycle_times"]


@attrs.frozen
class StageTimes:
    """How long items were in one stage.

    Attributes:
        stage: Its name.
        visits: How often it was entered and left again.
        open: How many items are in it now.
        median_hours: Half of the visits took no longer; None if there was none.
        p90_hours: Nine of ten took no longer.
    """

    stage: str
    visits: int
    open: int
    median_hours: float | None
    p90_hours: float | None


def cycle_times(reader: Reader, workflow: Workflow) -> tuple[StageTimes, ...]:
    """How long does each stage take?

    Args:
        reader: The store of the items; all of their histories are read, one after the other.
        workflow: Which stages, and in which order.

    Returns:
        Each stage with its visits that are over.  One that ended before it began, by the clocks of
        whoever told it, took no time.
    """
    spans = Spans(stage.name for stage in workflow.stages)
    for _, entries in groupby(reader.rows(History()), key=lambda entry: entry.event.item):
        spans.add(entry.event for entry in entries)
    return tuple(
        _times(stage.name, spans.hours[stage.name], spans.open[stage.name])
        for stage in workflow.stages
    )


def _times(stage: str, told: list[float], still_open: int) -> StageTimes:
    hours = [max(one, 0.0) for one in told]
    if not hours:
        return StageTimes(stage, 0, still_open, None, None)
    slowest = percentile(hours, 0.9) or 0.0
    return StageTimes(stage, len(hours), still_open, round(median(hours), 2), round(slowest, 2))
