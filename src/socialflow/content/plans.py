"""Plans: goals and campaigns, what they may cost, and who keeps an eye on what."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, get_args

import attrs

from socialflow import Scope
from socialflow.content.channels import one_of_these
from socialflow.people import EVERYWHERE, Period

__all__ = [
    "DIMENSIONS",
    "Before",
    "Budget",
    "Campaign",
    "Dimension",
    "Goal",
    "MonitoringAssignment",
]

USUAL = {
    "awareness": "reach",
    "reputation": "positive_mentions",
    "sales": "revenue",
    "leads": "leads",
    "satisfaction": "satisfied_users",
    "engagement": "reactions",
    "user_insight": "findings",
    "custom": None,
}
"""What a goal may be about, and by which metric such a goal is usually measured (S1-07, S1-08)."""

Dimension = Literal[
    "brand",
    "industry",
    "competitor",
    "platform",
    "region",
    "city",
    "opinion_leader",
]
DIMENSIONS: tuple[str, ...] = get_args(Dimension)


@attrs.frozen
class Goal:
    """What the work is for.

    Attributes:
        key: What items call it.
        kind: ``"awareness"``, ``"reputation"``, ``"sales"``, ``"leads"``, ``"satisfaction"``,
            ``"engagement"``, ``"user_insight"`` or ``"custom"``.
        metric: What shows whether it is reached; if not said, what is usual for its kind.
        baseline: The metric when work began.
        target: The metric when it is reached.
        units: Keys of units that take part: more than one makes it a goal across departments.
        primary: Whether it comes first.
        parent: Key of the business goal that it serves.
        since: When it begins; timezone-aware.
        until: When it is over; timezone-aware.

    Raises:
        DefinitionError: There is no such kind; it is over before it begins.
    """

    key: str
    kind: str = "custom"
    metric: str | None = None
    baseline: float | None = None
    target: float | None = None
    units: tuple[str, ...] = attrs.field(default=(), converter=tuple[str, ...])
    primary: bool = False
    parent: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def __attrs_post_init__(self) -> None:
        one_of_these(f"Goal / {self.key}", "kind", self.kind, tuple(USUAL))
        Period(self.since, self.until)

    @property
    def measured_by(self) -> str | None:
        """The metric that shows whether it is reached; None if nobody has said."""
        return self.metric or USUAL[self.kind]

    def holds(self, at: datetime) -> bool:
        """Whether it is pursued at the moment *at*."""
        return Period(self.since, self.until).covers(at)


@attrs.frozen
class Before:
    """One item goes out before another: references of the host's."""

    first: str
    then: str


@attrs.frozen
class Campaign:
    """Content that belongs together.

    Attributes:
        key: What items call it.
        goals: Keys of the goals that it serves.
        order: What goes out before what.
        since: When it begins; timezone-aware.
        until: When it is over; timezone-aware.
    """

    key: str
    goals: tuple[str, ...] = attrs.field(default=(), converter=tuple[str, ...])
    order: tuple[Before, ...] = attrs.field(default=(), converter=tuple[Before, ...])
    since: datetime | None = None
    until: datetime | None = None

    def __attrs_post_init__(self) -> None:
        Period(self.since, self.until)


@attrs.frozen
class Budget:
    """What has been approved to be spent.

    Attributes:
        key: What it is called.
        amount: How much.
        currency: Of what: ``"EUR"``.
        spent: How much of it is gone.
        campaign: Key of the campaign that it is for; None for everything else in its scope.
        scope: Where it may be spent.
        since: From when; timezone-aware.
        until: Until when; timezone-aware.
    """

    key: str
    amount: float
    currency: str
    spent: float = 0.0
    campaign: str | None = None
    scope: Scope = EVERYWHERE
    since: datetime | None = None
    until: datetime | None = None

    def __attrs_post_init__(self) -> None:
        Period(self.since, self.until)

    @property
    def left(self) -> float:
        """What can still be spent."""
        return self.amount - self.spent

    def holds(self, at: datetime) -> bool:
        """Whether it may be spent at the moment *at*."""
        return Period(self.since, self.until).covers(at)


@attrs.frozen
class MonitoringAssignment:
    """Who keeps an eye on what, how often.

    Attributes:
        dimension: ``"brand"``, ``"industry"``, ``"competitor"``, ``"platform"``, ``"region"``,
            ``"city"`` or ``"opinion_leader"``.
        value: Which one.
        member: Id of whoever does it.
        cadence: How often.
        last_done: When it was done last; timezone-aware.

    Raises:
        DefinitionError: There is no such dimension.
    """

    dimension: str
    value: str
    member: str
    cadence: timedelta = timedelta(days=1)
    last_done: datetime | None = None

    def __attrs_post_init__(self) -> None:
        where = f"MonitoringAssignment / {self.value}"
        one_of_these(where, "dimension", self.dimension, DIMENSIONS)

    def is_due(self, at: datetime) -> bool:
        """Whether it has to be done again at the moment *at*."""
        return self.last_done is None or self.last_done + self.cadence <= at
