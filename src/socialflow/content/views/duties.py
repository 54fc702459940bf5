"""Duties due: what was to be looked at again by now, and by whom?"""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs

from socialflow.content.department import Department

__all__ = ["Due", "duties_due"]


@attrs.frozen
class Due:
    """Something that comes round, and has come round.

    Attributes:
        member: Id of whoever does it.
        what: ``"monitoring"``.
        about: What it is about: ``"competitor: globex"``.
        cadence: How often it has to be done.
        last_done: When it was done last; None if it never was.
        late: By how much it is late; None if it was never done.
    """

    member: str
    what: str
    about: str
    cadence: timedelta
    last_done: datetime | None
    late: timedelta | None


def duties_due(department: Department, at: datetime) -> tuple[Due, ...]:
    """What was to be looked at again by now, and by whom?

    Args:
        department: Who keeps an eye on what.
        at: Now.

    Returns:
        What has never been done first, then what is latest.
    """
    found = [
        Due(
            one.member,
            "monitoring",
            f"{one.dimension}: {one.value}",
            one.cadence,
            one.last_done,
            None if one.last_done is None else at - one.last_done - one.cadence,
        )
        for one in department.overdue(at)
    ]
    found.sort(key=lambda one: (one.late is not None, -(one.late or timedelta()), one.about))
    return tuple(found)
