"""Closings: whatever has been published is closed with its goals answered, and nothing burning.

Or else somebody has waived that, or two have forced it, and the reason is in the history.  What is
taken over closed was closed elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from books import Book, Broken, Told

from socialflow.items import stage_of

if TYPE_CHECKING:
    from office import Office

__all__ = ["Closings"]

CLOSED, EVALUATION, ESCALATED = "end.closed", "evaluation", "escalated"


class Closings(Book):
    """Where every item is, by the item above it."""

    def __init__(self) -> None:
        self.below: dict[str, dict[str, tuple[str, ...]]] = {}
        self.closed = 0

    def happened(self, office: Office, told: Told) -> None:
        """Look at what evaluation closes."""
        item, event = told.item, told.event
        if item.parent is not None:
            self.below.setdefault(item.parent, {})[item.id] = item.marking
        for move in event.moves:
            if move.target == CLOSED and stage_of(move.source or CLOSED) == EVALUATION:
                self.closed += 1
                if move.cause != "force" and told.before is not None:
                    self._look(told)

    def _look(self, told: Told) -> None:
        item, waived = told.item, told.event.command.waive
        answered = item.data.get("goal_results", {})
        missing = [goal for goal in item.data.get("goals", ()) if goal not in answered]
        below = self.below.get(item.id, {})
        burning = [
            id for id, marking in below.items() if any(s.endswith(ESCALATED) for s in marking)
        ]
        if (missing or burning) and not any(reason.strip() for reason in waived.values()):
            raise Broken(
                f"{item.id} is closed, and {missing} are not answered, {burning} escalated"
            )
