"""Members: somebody who acts, the roles they hold, and what is known about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property

import attrs

from socialflow.credentials import Credential, Need
from socialflow.errors import DefinitionError
from socialflow.grants import EVERY_ACTION, Grant
from socialflow.periods import Period, turns_around
from socialflow.plain import EMPTY, FrozenDict, freeze
from socialflow.scopes import Scope

__all__ = ["ANYONE", "SYSTEM", "Capacity", "Member"]

ANYONE = "*"
"""Stands for every member, whatever roles they hold."""


@attrs.frozen
class Capacity:
    """How many hours a week somebody has for the work.

    Attributes:
        least: As many are counted on.
        most: More is too much.

    Raises:
        DefinitionError: It is not ``0 <= least <= most``.
    """

    least: float = 6
    most: float = 18

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.least <= self.most:
            raise DefinitionError.because(
                "capacity",
                "Capacity",
                f"nobody has from {self.least} to {self.most} hours a week",
                "least= is 0 or more, most= not below it",
            )


def _grants(value: Grant | str | Iterable[Grant | str]) -> tuple[Grant, ...]:
    several = (value,) if isinstance(value, Grant | str) else value
    return tuple(Grant(one) if isinstance(one, str) else one for one in several)


def _credentials(value: Credential | Iterable[Credential]) -> tuple[Credential, ...]:
    return (value,) if isinstance(value, Credential) else tuple(value)


def _periods(value: Period | Iterable[Period]) -> tuple[Period, ...]:
    return (value,) if isinstance(value, Period) else tuple(value)


def _levels(value: Mapping[str, int]) -> FrozenDict:
    levels: FrozenDict = freeze(value)
    return levels


@attrs.frozen(slots=False)
class Member:
    """Somebody who acts.

    Attributes:
        id: The host's own key of the person; ``"system"`` is reserved.
        grants: What they may be, where and when; a bare text is a grant everywhere and always.
        name: What people call them.
        kind: ``"employee"``, ``"agency"``, ``"guest"`` ... : the host's word.
        credentials: What they have passed, signed or agreed to.
        skills: How well they know a platform, by its name: ``{"facebook": 3}``.
        hours: What they have time for in a week.
        unit: Key of the unit that they belong to, if any.
        absent: When they are away.
        seniority: ``"junior"`` ... : the host's word.

    Example:
        >>> maria = Member("maria", ["approver", Grant("editor", Scope(brand="acme"))])
        >>> sorted(maria.roles(Scope(brand="acme"), datetime.fromisoformat("2026-05-01T12:00Z")))
        ['approver', 'editor']
    """

    id: str
    grants: tuple[Grant, ...] = attrs.field(default=(), converter=_grants)
    name: str = attrs.field(default="", kw_only=True)
    kind: str = attrs.field(default="employee", kw_only=True)
    credentials: tuple[Credential, ...] = attrs.field(
        default=(), converter=_credentials, kw_only=True
    )
    skills: Mapping[str, int] = attrs.field(default=EMPTY, converter=_levels, kw_only=True)
    hours: Capacity = attrs.field(default=Capacity(), kw_only=True)
    unit: str | None = attrs.field(default=None, kw_only=True)
    absent: tuple[Period, ...] = attrs.field(default=(), converter=_periods, kw_only=True)
    seniority: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.id, str) or not self.id:
            raise DefinitionError.because(
                "member", "Member", f"the id of a member is a text, not {self.id!r}"
            )
        if self.id == "system" and self.grants:
            raise DefinitionError.because(
                "reserved",
                "Member / system",
                "no grant can name the system",
                "give the person or service another id",
            )

    def roles(self, scope: Scope, at: datetime) -> frozenset[str]:
        """The roles that this member holds for *scope* at the moment *at*, for every action."""
        known = self._held.get(scope)
        if known is not None:
            roles, since, until = known
            if (since is None or since <= at) and (until is None or at < until):
                return roles
        return self._look_up(scope, at)

    def roles_for(self, action: str, scope: Scope, at: datetime) -> frozenset[str]:
        """The roles held at the moment *at* for one *action*, by its full name."""
        if not self.is_limited:
            return self.roles(scope, at)
        return frozenset(one.role for one in self.holding(scope, at) if one.is_for(action))

    def holding(self, scope: Scope, at: datetime) -> Iterator[Grant]:
        """The grants that hold for *scope* at the moment *at*, for whichever actions."""
        return (
            one
            for one in self.grants
            if one.scope.covers(scope) and one.runs(at) and not self.lacks(one.requires, at)
        )

    def holds(self, kind: str, key: str, at: datetime, level: int = 0) -> bool:
        """Whether this member has that credential at the moment *at*, at that level or above.

        Example:
            >>> ann = Member("ann", credentials=Credential("training", "social_basics", level=2))
            >>> noon = datetime.fromisoformat("2026-05-01T12:00Z")
            >>> ann.holds("training", "social_basics", noon, level=3)
            False
        """
        return self._has(Need(kind, key, level), at)

    def lacks(self, requires: Iterable[str], at: datetime) -> tuple[str, ...]:
        """Those of the credentials in *requires* that this member does not hold."""
        return tuple([text for text in requires if not self._has(Need.of(text), at)])

    def is_absent(self, at: datetime) -> bool:
        """Whether this member is away at the moment *at*."""
        return any(period.covers(at) for period in self.absent)

    def _has(self, need: Need, at: datetime) -> bool:
        return any(need.is_met_by(one) and one.holds(at) for one in self.credentials)

    @cached_property
    def is_limited(self) -> bool:
        """Whether a grant is for some actions only."""
        return any(one.actions != EVERY_ACTION for one in self.grants)

    @cached_property
    def _held(self) -> dict[Scope, tuple[frozenset[str], datetime | None, datetime | None]]:
        return {}

    def _look_up(self, scope: Scope, at: datetime) -> frozenset[str]:
        covering = [one for one in self.grants if one.scope.covers(scope)]
        roles = frozenset(
            one.role for one in self.holding(scope, at) if one.actions == EVERY_ACTION
        )
        self._held[scope] = roles, *turns_around(self._turns(covering), at)
        return roles

    def _turns(self, grants: Iterable[Grant]) -> set[datetime | None]:
        """When one of *grants*, or a credential that one requires, begins or ends."""
        turns: set[datetime | None] = set()
        for grant in grants:
            turns |= {grant.since, grant.until}
            for need in map(Need.of, grant.requires):
                met = [one for one in self.credentials if need.is_met_by(one)]
                turns |= {turn for one in met for turn in (one.since, one.until)}
        return turns


SYSTEM = Member("system", name="the system")
"""Who does what nobody asked for: automatic actions, outcomes from outside."""
