"""Approvals: nothing is queued for publication but what every stage that signs has passed.

Kept in plain words: what the content was when a stage passed it, and that going back before the
stage takes that away again.  Signatures are not looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from books import Book, Broken, Told

from socialflow import Event, Item, Workflow
from socialflow.items import stage_of

if TYPE_CHECKING:
    from office import Office

__all__ = ["Approvals"]

QUEUED = "publication.queued"
Content = dict[str, Any]


class Approvals(Book):
    """Which content each stage has passed, by item and stage."""

    def __init__(self) -> None:
        self.passed: dict[str, dict[str, Content]] = {}
        self.past: dict[tuple[str, int], dict[str, Content]] = {}
        self.content: dict[str, Content] = {}
        self.queued = 0

    def happened(self, office: Office, told: Told) -> None:
        """Follow the moves of an item, and look at what is queued below it."""
        item, workflow = told.item, office.of(told.item)
        if any(move.target == QUEUED for move in told.event.moves):
            self.queued += 1
            self._look(office, item)
        if told.event.action == "undo":
            self.passed[item.id] = self.past[item.id, item.version - 2]
        else:
            self._follow(workflow, item, told.event)
        self.content[item.id] = _content(workflow, item)
        self.past[item.id, item.version] = dict(self.passed.get(item.id, {}))

    def _follow(self, workflow: Workflow, item: Item, event: Event) -> None:
        passed = self.passed.setdefault(item.id, {})
        now = _content(workflow, item)
        for move in event.moves:
            place = workflow.places.get(stage_of(move.target)) if move.target else None
            if place is None:
                continue
            stage = workflow.stage(stage_of(move.target))
            if move.source == "" or stage_of(move.source) != stage.name:
                for other in workflow.stages:
                    if workflow.places[other.name] >= place:
                        passed.pop(other.name, None)
            if stage.signs and move.target in map(stage.full, stage.done):
                passed[stage.name] = now
            if move.cause == "force":
                for other in workflow.stages:
                    if other.signs and workflow.places[other.name] < place:
                        passed[other.name] = now

    def _look(self, office: Office, publication: Item) -> None:
        parent = str(publication.parent)
        for stage in office.workflow.stages:
            if stage.signs == "revision":
                passed = self.passed.get(parent, {}).get(stage.name)
                if passed != self.content[parent]:
                    raise Broken(
                        f"{publication.id} is queued, and {stage.name} has passed "
                        f"{'other content' if passed else 'nothing'}"
                    )


def _content(workflow: Workflow, item: Item) -> Content:
    return {name: item.data.get(name) for name in workflow.content}
