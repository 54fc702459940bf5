"""Freezes: in a crisis nothing goes out by itself."""

from __future__ import annotations

from collections.abc import Iterator

from socialflow import Case, Objection, rule
from socialflow.content.roles import DEPARTMENT_LEAD, EXECUTIVE_SPONSOR

__all__ = ["frozen", "no_freeze"]


@rule("frozen", needs="freezes", waivable_by=(DEPARTMENT_LEAD, EXECUTIVE_SPONSOR))
def frozen(case: Case) -> Iterator[Objection]:
    """A freeze that covers the item is in force; stages say ``~frozen()``."""
    if not case.facts["freezes"]:
        yield Objection("frozen", "no freeze covers this", facts={"freezes": ()})


@rule("no_freeze", needs="freezes", waivable_by=(DEPARTMENT_LEAD, EXECUTIVE_SPONSOR))
def no_freeze(case: Case) -> Iterator[Objection]:
    """The same as ``~frozen()``, and says which freezes there are, by whom, and why."""
    for one in case.facts["freezes"]:
        until = one.until.isoformat() if one.until else None
        yield Objection(
            "no_freeze",
            f"{one.by or 'somebody'} has frozen {one.scope or 'everything'}: {one.reason}",
            f"wait until {until}" if until else "wait for the all-clear",
            {"freeze": one.key, "by": one.by, "reason": one.reason, "until": until},
        )
