"""Compliance: what is out without something that it should have had?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import attrs

from socialflow import Item, Workflow
from socialflow.content.providers import is_out
from socialflow.content.views.reading import Reader, named
from socialflow.queries import History, Items

__all__ = ["Lapse", "published_without"]

BY_HAND = ("force", "approval.break_glass")
"""Actions that pass by what is otherwise asked for."""


@attrs.frozen
class Lapse:
    """Something that is out, and what it has not had.

    Attributes:
        item: Id of the item.
        ref: The host's own row, if it has one.
        title: What it is called.
        without: The stage whose signature is missing, the rule that was waived, or what was done
            in their place: ``"approval"``, ``"four_eyes"``, ``"disclosure"``, ``"force"`` ...
        by: Id of whoever waived or did it.
        at: When.
        reason: Why, if they said.
    """

    item: str
    ref: str | None
    title: str
    without: str
    by: str | None = None
    at: datetime | None = None
    reason: str | None = None


def published_without(
    reader: Reader, workflow: Workflow, *, what: str | None = None
) -> tuple[Lapse, ...]:
    """What is out without something that it should have had?

    Args:
        reader: The store of the items; of those that are out their histories are read.
        workflow: Says which stages sign; items of other workflows are left out.
        what: Only this: ``"approval"``, ``"four_eyes"`` ...

    Returns:
        By item; first what is missing, then what happened in order of time.
    """
    return tuple(
        lapse
        for item in reader.rows(Items(kind=workflow.name))
        if is_out(item)
        for lapse in (*_missing(item, workflow), *_passed_by(reader, item))
        if what in (None, lapse.without)
    )


def _missing(item: Item, workflow: Workflow) -> Iterator[Lapse]:
    for stage in workflow.unsigned(item):
        yield Lapse(*named(item), stage)
    if item.data.get("ties", "none") != "none" and not item.data.get("disclosure"):
        yield Lapse(*named(item), "disclosure")


def _passed_by(reader: Reader, item: Item) -> Iterator[Lapse]:
    for entry in reader.rows(History(item=item.id)):
        event = entry.event
        for code, reason in event.command.waive.items():
            yield Lapse(*named(item), code, event.by, event.at, reason)
        if event.action in BY_HAND:
            reason = (event.command.data or {}).get("reason")
            yield Lapse(*named(item), event.action, event.by, event.at, reason)
