"""The screening: three questions about an idea, and what the answers promise (S1-27 to S1-29)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import attrs

__all__ = ["PROMISED", "Promise", "Screening"]


@attrs.frozen(kw_only=True)
class Promise:
    """What an idea has promised when it was accepted.

    Attributes:
        effort_hours: Hours of work that it will take.
        outsourced: Whether an agency makes it.
        metrics: What will be measured.
        forecast: How much of it is expected, as far as that can be said.
        method: How it will be measured.
        evaluate_at: When, at the latest; timezone-aware.
    """

    effort_hours: float
    outsourced: Literal["no", "partly", "yes"] = "no"
    metrics: tuple[str, ...]
    method: str
    evaluate_at: datetime
    forecast: dict[str, float] | None = None


PROMISED = tuple(field.name for field in attrs.fields(Promise))
"""What of it stays with the item, because stage 10 measures it."""


@attrs.frozen(kw_only=True)
class Screening(Promise):
    """The three answers, and what they promise.

    Attributes:
        fits_goals: Does it help reach the main goals ...
        goals: ... and which?
        resources_suffice: Are there enough time, people and money to make and promote it?
        measurable: Can the feedback of users on it be evaluated?
        note: What else was said.
    """

    fits_goals: bool
    goals: tuple[str, ...]
    resources_suffice: bool
    measurable: bool
    note: str | None = None
