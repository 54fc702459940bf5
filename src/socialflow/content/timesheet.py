"""A timesheet: how many hours somebody has spent on an item, beside what was estimated (S1-04).

Whoever works on something says so, in any stage, and it stays in the item's history; see
`socialflow.content.views.spent`.
"""

from __future__ import annotations

from datetime import date

import attrs

from socialflow import Action

__all__ = ["TIMESHEET", "Hours"]


@attrs.frozen
class Hours:
    """How long it took.

    Attributes:
        hours: So many; less than 0 takes some back that were said by mistake.
        what: What was done in them.
        day: On which day; today, if not said.
    """

    hours: float
    what: str | None = None
    day: date | None = None


TIMESHEET = (Action("log_hours", "*", roles="*", data=Hours),)
"""What anybody may write down about the work that they have done; the item stays where it is."""
