"""Spans: how long items stay in a stage, read off their histories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from socialflow.items import Event, stage_of

__all__ = ["Spans"]

HOUR = timedelta(hours=1)


class Spans:
    """Measures how long items stay in a stage: from its first state to the last.

    Attributes:
        hours: What each visit took that is over, by the stage; below zero where it ended before it
            began, by the clocks of whoever told it.
        open: How many items are in a stage now.
    """

    def __init__(self, stages: Iterable[str]) -> None:
        self.hours: dict[str, list[float]] = {stage: [] for stage in stages}
        self.open: Counter[str] = Counter()

    def add(self, events: Iterable[Event]) -> None:
        """Measure the visits of one item; *events* is its history, oldest first."""
        here: dict[tuple[str, int], datetime] = {}
        for event in events:
            now = {(token.stage, token.visit) for token in event.tokens if token.stage != "end"}
            for visit in here.keys() - now:
                self._took(visit[0], (event.at - here.pop(visit)) / HOUR)
            for stage in _entered(event) - {stage for stage, _ in now}:
                self._took(stage, 0.0)
            here |= dict.fromkeys(now - here.keys(), event.at)
        self.open.update(stage for stage, _ in here)

    def _took(self, stage: str, hours: float) -> None:
        self.hours.setdefault(stage, []).append(hours)


def _entered(event: Event) -> set[str]:
    entered = {
        stage_of(move.target)
        for move in event.moves
        if move.target and (not move.source or stage_of(move.source) != stage_of(move.target))
    }
    return entered - {"end"}
