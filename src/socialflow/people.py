"""Who acts: a team of members, the roles they hold, where and until when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property
from itertools import combinations

import attrs

from socialflow.credentials import Credential, Need
from socialflow.delegations import Delegation, with_lent, wrong_delegations
from socialflow.errors import DefinitionError, Finding, nearest
from socialflow.grants import Grant, Role
from socialflow.members import ANYONE, SYSTEM, Capacity, Member
from socialflow.parts import parts
from socialflow.periods import Period, aware
from socialflow.scopes import EVERYWHERE, Scope
from socialflow.units import Unit, wrong_units

__all__ = [
    "ANYONE",
    "EVERYWHERE",
    "SYSTEM",
    "Capacity",
    "Credential",
    "Delegation",
    "Grant",
    "Member",
    "Need",
    "Period",
    "Role",
    "Scope",
    "Team",
    "Unit",
    "aware",
]


def _members(value: Member | Iterable[Member]) -> tuple[Member, ...]:
    return parts("Team", Member, value, "say Member(id, grants)")


def _units(value: Unit | Iterable[Unit]) -> tuple[Unit, ...]:
    return parts("Team / units", Unit, value, "say Unit(key); members are a list: Team([ann, tom])")


def _delegations(value: Delegation | Iterable[Delegation]) -> tuple[Delegation, ...]:
    return parts("Team / delegations", Delegation, value, "say Delegation(by, to)")


@attrs.frozen(slots=False)
class Team:
    """A directory of members, from code or (`socialflow.documents.load_team`) from a file.

    Attributes:
        members: Everybody; ids are unique.
        units: What they belong to; keys are unique. Whoever belongs to an agency is of that kind.
        delegations: Who stands in for whom. A team gives those members the other's grants as long.

    Raises:
        DefinitionError: Members share an id or units a key, a unit, lead or delegation names what
            is not there, or lends what is denied to the kind of its lender.

    Example:
        >>> team = Team([Member("maria", "approver"), Member("tom", "content_creator")])
        >>> [member.id for member in team.holders("approver")]
        ['maria']
    """

    members: tuple[Member, ...] = attrs.field(converter=_members)
    units: tuple[Unit, ...] = attrs.field(default=(), converter=_units)
    delegations: tuple[Delegation, ...] = attrs.field(default=(), converter=_delegations)

    def __attrs_post_init__(self) -> None:
        findings = (
            *_twice("members", [member.id for member in self.members]),
            *_twice("units", [unit.key for unit in self.units]),
            *wrong_units({unit.key: unit for unit in self.units}, self.members),
            *wrong_delegations(self.delegations, {one.id: one for one in self.members}),
        )
        if findings:
            raise DefinitionError(findings)

    @cached_property
    def _by_id(self) -> dict[str, Member]:
        own = {member.id: member for member in self.members}
        lenders: dict[str, list[tuple[Member, Delegation]]] = {}
        for one in self.delegations:
            lenders.setdefault(one.to, []).append((own[one.by], one))
        return {id: with_lent(member, lenders.get(id, ())) for id, member in own.items()}

    def member(self, id: str) -> Member | None:
        """The member with that id, or None; with what is lent to them."""
        return self._by_id.get(id)

    def unit(self, key: str) -> Unit | None:
        """The unit with that key, or None."""
        return next((unit for unit in self.units if unit.key == key), None)

    def holders(self, role: str) -> Iterator[Member]:
        """Everybody with a grant of *role*, wherever and whenever it holds; `ANYONE`: everybody."""
        return (
            member
            for member in self._by_id.values()
            if role == ANYONE or any(grant.role == role for grant in member.grants)
        )

    def acting_for(self, id: str, at: datetime) -> tuple[str, ...]:
        """Ids of those on whose behalf that member acts at the moment *at*."""
        return tuple({one.by: 0 for one in self.delegations if one.to == id and one.runs(at)})

    def lead(self, role: str, scope: Scope, at: datetime) -> Member | None:
        """The member whose own grant of *role* covers *scope* most specifically, if any does.

        Of several, the one who is listed first; `overlaps` finds where that may be. Whoever stands
        in for a lead does not become one.
        """
        found = [
            (grant.scope.specificity, member)
            for member in self.members
            for grant in member.holding(scope, at)
            if grant.role == role
        ]
        return max(found, key=lambda one: one[0])[1] if found else None

    def overlaps(self, role: str) -> tuple[Finding, ...]:
        """Where two members hold *role* at the same time, neither more specifically."""
        granted = [(m, g) for m in self.members for g in m.grants if g.role == role]
        return tuple(
            _overlap(role, one, other)
            for (one, grant), (other, against) in combinations(granted, 2)
            if one.id != other.id and _collide(grant, against)
        )

    def check(self, roles: Iterable[str]) -> tuple[Finding, ...]:
        """Grants that name none of *roles*, which therefore give nothing."""
        known = frozenset(roles)
        return tuple(
            Finding(
                "unknown_role",
                f"Team / {member.id}",
                f"the role {grant.role!r} is in no workflow",
                nearest(grant.role, known),
                "warning",
            )
            for member in self.members
            for grant in member.grants
            if grant.role not in known
        )


def _twice(what: str, names: list[str]) -> Iterator[Finding]:
    for n, name in enumerate(names):
        if name in names[:n]:
            message = f"two {what} are called {name!r}"
            yield Finding("duplicate", f"Team / {name}", message)


def _collide(one: Grant, other: Grant) -> bool:
    """Whether something may lie within both at some time, and neither is more specific."""
    begins = max(filter(None, (one.since, other.since)), default=None)
    ends = min(filter(None, (one.until, other.until)), default=None)
    together = begins is None or ends is None or begins < ends
    return together and _as_specific(one.scope, other.scope)


def _as_specific(one: Scope, other: Scope) -> bool:
    return one.specificity == other.specificity and one.meets(other)


def _overlap(role: str, one: Member, other: Member) -> Finding:
    return Finding(
        "overlap",
        f"Team / {role}",
        f"{one.id!r} and {other.id!r} hold it for the same place at the same time",
        "give one of them a more specific scope, or another period",
        "warning",
    )
