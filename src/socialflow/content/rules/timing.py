"""Timing: not before it may be said, and not before it can be done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from socialflow import Case, Objection, rule

__all__ = ["embargo_over", "lead_time", "scheduled_after"]


@rule("embargo_over", names_fields="field")
def embargo_over(case: Case, field: str) -> Iterator[Objection]:
    """The moment in the item's *field*, if there is one, has come."""
    yield from _too_early("embargo_over", case, field, case.at)


@rule("scheduled_after", reads_data=True, names_fields="field")
def scheduled_after(case: Case, field: str) -> Iterator[Objection]:
    """The data's ``publish_at`` is not before the moment in the item's *field*, if there is one."""
    yield from _too_early("scheduled_after", case, field, case.data.publish_at)


@rule("lead_time", reads_data=True)
def lead_time(case: Case, minutes: int = 5) -> Iterator[Objection]:
    """The data's ``publish_at`` is at least so many *minutes* ahead."""
    earliest = case.at + timedelta(minutes=minutes)
    if case.data.publish_at < earliest:
        yield Objection(
            "lead_time",
            f"{case.data.publish_at.isoformat()} is less than {minutes} minutes ahead",
            f"choose {earliest.isoformat()} or later, or publish now",
            {"minutes": minutes, "earliest": earliest.isoformat()},
        )


def _too_early(code: str, case: Case, field: str, at: datetime) -> Iterator[Objection]:
    until = case.item.data.get(field)
    if until and at < datetime.fromisoformat(until):
        yield Objection(
            code,
            f"{field} is {until}, and {at.isoformat()} is before that",
            f"wait until {until}",
            {"field": field, "until": until, "at": at.isoformat()},
        )
