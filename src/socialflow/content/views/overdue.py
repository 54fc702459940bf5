"""Overdue: what should have been done by now?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import attrs

from socialflow import Item
from socialflow.content.providers import is_out
from socialflow.content.views.reading import Reader, day, moment, named, open_items
from socialflow.moments import minutes
from socialflow.queries import Duty

__all__ = ["Overdue", "overdue"]

MAKING = ("assignment", "production")
"""Stages that have until the day on which the item has to be submitted."""
MEASURING = ("promotion", "response", "reshare", "evaluation")
"""Stages that have until the moment at which the item is to be evaluated."""
ON_ITS_WAY = ("publish.publishing", "publication.publishing")
"""States out of which nothing leads but what the outside says."""
UPLOAD = minutes(30)
"""How long that may take."""


@attrs.frozen
class Overdue:
    """Something that should have been done by now.

    Attributes:
        late: By how much.
        what: ``"submit"``, ``"publish"``, ``"answer"``, ``"evaluate"``; or ``"clock"``, where the
            system should have done something by itself and has not.
        by: Until when.
        item: Id of the item.
        ref: The host's own row, if it has one.
        title: What it is called.
        state: Full name of the state that it is still in.
        responsible: Id of whoever has it, if anybody.
    """

    late: timedelta
    what: str
    by: datetime
    item: str
    ref: str | None
    title: str
    state: str
    responsible: str | None


def overdue(reader: Reader, at: datetime) -> tuple[Overdue, ...]:
    """What should have been done by now?

    Args:
        reader: The store of the items.
        at: Now; days end at midnight in its time zone.

    Returns:
        Everything open that is late, latest first; what is on hold as well.
    """
    found = (
        Overdue(at - by, what, by, *named(item), duty.state, duty.responsible)
        for duty, item in open_items(reader)
        for what, by in _dates(duty, item, at)
        if by < at
    )
    return tuple(sorted(found, key=lambda one: (one.by, one.item, one.what)))


def _dates(duty: Duty, item: Item, at: datetime) -> Iterator[tuple[str, datetime]]:
    """What has to be done in an open stage, and until when."""
    dates = {
        "submit": _evening(item, "due", at) if duty.stage in MAKING else None,
        "evaluate": moment(item, "evaluate_at") if duty.stage in MEASURING else None,
        "publish": None if is_out(item) else _out(duty, item),
        "answer": None if "answered" in duty.state else moment(item, "sla_due"),
        "clock": duty.due,
    }
    yield from ((what, by) for what, by in dates.items() if by is not None)


def _out(duty: Duty, item: Item) -> datetime | None:
    """Until when an item has to be out: soon after it is on its way, whatever had been planned."""
    if duty.state in ON_ITS_WAY:
        return duty.entered + UPLOAD
    return moment(item, "publish_at", "planned_for")


def _evening(item: Item, field: str, at: datetime) -> datetime | None:
    """The end of the day in a field."""
    told = day(item, field)
    return datetime.combine(told, time.min, at.tzinfo) + timedelta(days=1) if told else None
