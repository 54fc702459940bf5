"""Duties due: what was to be done again by now, and by whom?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import attrs

from socialflow.content.department import Department
from socialflow.content.views.reading import Reader, open_items
from socialflow.queries import Definitions, Duties

__all__ = ["Due", "duties_due"]


@attrs.frozen
class Due:
    """Something that comes round, and has come round.

    Attributes:
        member: Id of whoever does it, if anybody has been named.
        what: ``"monitoring"``, ``"idea_review"`` ...: the kind of duty.
        about: What it is about: ``"competitor: globex"``.
        since: When it fell due; None if it has never been done.
        late: How long ago that is.
    """

    member: str | None
    what: str
    about: str
    since: datetime | None
    late: timedelta | None


def duties_due(reader: Reader, department: Department, at: datetime) -> tuple[Due, ...]:
    """What was to be done again by now, and by whom?

    Args:
        reader: The store of the duties: see `socialflow.content.duty`.
        department: Who keeps an eye on what, as far as that is data.
        at: Now.

    Returns:
        What has never been done first, then what is latest.
    """
    found = [*_watched(department, at), *_recurring(reader, at)]
    found.sort(key=lambda one: (one.late is not None, -(one.late or timedelta()), one.about))
    return tuple(found)


def _watched(department: Department, at: datetime) -> Iterator[Due]:
    for one in department.overdue(at):
        since = None if one.last_done is None else one.last_done + one.cadence
        late = None if since is None else at - since
        yield Due(one.member, "monitoring", f"{one.dimension}: {one.value}", since, late)


def _recurring(reader: Reader, at: datetime) -> Iterator[Due]:
    kinds = {one.digest: one.name for one in reader.rows(Definitions())}
    for duty, item in open_items(reader, Duties(stage="duty")):
        since = duty.entered if duty.state == "duty.due" else duty.due
        if since is not None and since <= at:
            told = item.data
            about = told.get("what") or ": ".join(
                told[name] for name in ("dimension", "value") if told.get(name)
            )
            yield Due(duty.responsible, kinds[item.workflow], about, since, at - since)
