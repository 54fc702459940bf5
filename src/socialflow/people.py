"""Who acts: members, the roles they hold, where and until when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

import attrs

from socialflow.errors import DefinitionError, Finding, NaiveTime, nearest

__all__ = ["ANYONE", "EVERYWHERE", "SYSTEM", "Grant", "Member", "Role", "Scope", "Team", "aware"]

ANYONE = "*"
"""Stands for every member, whatever roles they hold."""


def aware(name: str, value: datetime | None) -> datetime | None:
    """*value*, if it names one moment.

    Raises:
        NaiveTime: It has no time zone.
    """
    if value is not None and value.tzinfo is None:
        raise NaiveTime(name, repr(value))
    return value


def _aware(_: object, field: attrs.Attribute[datetime | None], value: datetime | None) -> None:
    aware(field.name, value)


class Scope(Mapping[str, frozenset[str]]):
    """Where something belongs, or where a grant holds: values for named dimensions.

    A dimension that a scope does not name is open: ``Scope()`` covers everything. Values are one
    text or several.

    Example:
        >>> Scope(brand="acme").covers(Scope(brand="acme", region="north"))
        True
        >>> Scope(brand="acme").covers(Scope(region="north"))
        False
    """

    __slots__ = ("_hash", "_values")

    def __init__(self, /, **dimensions: str | Iterable[str]) -> None:
        values = {}
        for name in sorted(dimensions):
            given = dimensions[name]
            several = frozenset((given,) if isinstance(given, str) else given)
            if not several or not all(isinstance(value, str) and value for value in several):
                raise DefinitionError.because(
                    "scope",
                    f"Scope / {name}",
                    f"a dimension has one value or several, each a text, not {given!r}",
                    "leave the dimension out to leave it open",
                )
            values[name] = several
        self._values = values
        self._hash = hash(tuple(values.items()))

    def covers(self, other: Scope) -> bool:
        """Whether everything in *other* lies within this scope."""
        theirs = other._values
        return all(name in theirs and theirs[name] <= ours for name, ours in self._values.items())

    @property
    def specificity(self) -> int:
        """How many dimensions are named; of two covering scopes the more specific one wins."""
        return len(self._values)

    def __getitem__(self, name: str) -> frozenset[str]:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scope) and self._values == other._values

    def __repr__(self) -> str:
        return f"Scope({', '.join(f'{n}={v!r}' for n, v in self.to_plain().items())})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _scope, (self.to_plain(),)

    def to_plain(self) -> dict[str, str | list[str]]:
        """The scope as JSON data: one value as a text, several as a sorted list."""
        return {
            name: next(iter(values)) if len(values) == 1 else sorted(values)
            for name, values in self._values.items()
        }


def _scope(plain: Mapping[str, str | list[str]]) -> Scope:
    return Scope(**plain)


EVERYWHERE = Scope()


def _names(value: str | Iterable[str] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


@attrs.frozen
class Role:
    """A part that members play.

    Attributes:
        key: What grants and actions call it: ``"approver"``.
        title: What people call it.
        inherits: Roles whose rights this one has as well.
        deny: Patterns of full action names that nobody with this role may ask for, whatever else
            they hold: ``"approval.*"``. A denial beats every allowance.
    """

    key: str
    title: str = ""
    inherits: tuple[str, ...] = attrs.field(default=(), converter=_names)
    deny: tuple[str, ...] = attrs.field(default=(), converter=_names)


def _scope_of(value: Scope | Mapping[str, str | Iterable[str]]) -> Scope:
    return value if isinstance(value, Scope) else Scope(**value)


@attrs.frozen
class Grant:
    """Gives a member a role, within a scope and a period.

    Attributes:
        role: Key of the role.
        scope: Where it holds; everywhere, if not said.
        since: First moment at which it holds; timezone-aware.
        until: First moment at which it holds no longer; timezone-aware.

    Raises:
        DefinitionError: It ends before it begins.
    """

    role: str
    scope: Scope = attrs.field(default=EVERYWHERE, converter=_scope_of)
    since: datetime | None = attrs.field(default=None, validator=_aware, kw_only=True)
    until: datetime | None = attrs.field(default=None, validator=_aware, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.since is not None and self.until is not None and self.until <= self.since:
            raise DefinitionError.because(
                "period",
                f"Grant / {self.role}",
                f"it ends at {self.until.isoformat()}, and begins at {self.since.isoformat()}",
                "since= is when it begins to hold, until= when it no longer does",
            )


def _grants(value: Grant | str | Iterable[Grant | str]) -> tuple[Grant, ...]:
    several = (value,) if isinstance(value, Grant | str) else value
    return tuple(Grant(one) if isinstance(one, str) else one for one in several)


@attrs.frozen(slots=False)
class Member:
    """Somebody who acts.

    Attributes:
        id: The host's own key of the person; ``"system"`` is reserved.
        grants: What they may be, where and when; a bare text is a grant everywhere and always.
        name: What people call them.
        kind: ``"employee"``, ``"agency"``, ``"guest"`` ... : the host's word.

    Example:
        >>> maria = Member("maria", ["approver", Grant("editor", Scope(brand="acme"))])
        >>> sorted(maria.roles(Scope(brand="acme"), datetime.fromisoformat("2026-05-01T12:00Z")))
        ['approver', 'editor']
    """

    id: str
    grants: tuple[Grant, ...] = attrs.field(default=(), converter=_grants)
    name: str = attrs.field(default="", kw_only=True)
    kind: str = attrs.field(default="employee", kw_only=True)

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
        """The roles that this member holds for *scope* at the moment *at*."""
        known = self._held.get(scope)
        if known is not None:
            roles, since, until = known
            if (since is None or since <= at) and (until is None or at < until):
                return roles
        return self._look_up(scope, at)

    @cached_property
    def _held(self) -> dict[Scope, tuple[frozenset[str], datetime | None, datetime | None]]:
        return {}

    def _look_up(self, scope: Scope, at: datetime) -> frozenset[str]:
        covering = [grant for grant in self.grants if grant.scope.covers(scope)]
        roles = frozenset(
            grant.role
            for grant in covering
            if (grant.since is None or grant.since <= at)
            and (grant.until is None or at < grant.until)
        )
        turns = {turn for grant in covering for turn in (grant.since, grant.until) if turn}
        since = max((turn for turn in turns if turn <= at), default=None)
        until = min((turn for turn in turns if turn > at), default=None)
        self._held[scope] = roles, since, until
        return roles


SYSTEM = Member("system", name="the system")
"""Who does what nobody asked for: automatic actions, outcomes from outside."""


@attrs.frozen(slots=False)
class Team:
    """A directory of members, from code or (`socialflow.documents.load_team`) from a file.

    Attributes:
        members: Everybody; ids are unique.

    Raises:
        DefinitionError: Two members share an id.

    Example:
        >>> team = Team([Member("maria", "approver"), Member("tom", "content_creator")])
        >>> [member.id for member in team.holders("approver")]
        ['maria']
    """

    members: tuple[Member, ...] = attrs.field(converter=tuple[Member, ...])

    def __attrs_post_init__(self) -> None:
        strangers = [one for one in self.members if not isinstance(one, Member)]
        if strangers:
            raise DefinitionError.because(
                "member", "Team", f"{strangers[0]!r} is no Member", "say Member(id, grants)"
            )
        findings = [
            Finding("duplicate", f"Team / {member.id}", f"two members are called {member.id!r}")
            for n, member in enumerate(self.members)
            if member.id in {other.id for other in self.members[:n]}
        ]
        if findings:
            raise DefinitionError(tuple(findings))

    @cached_property
    def _by_id(self) -> dict[str, Member]:
        return {member.id: member for member in self.members}

    def member(self, id: str) -> Member | None:
        """The member with that id, or None."""
        return self._by_id.get(id)

    def holders(self, role: str) -> Iterator[Member]:
        """Everybody with a grant of *role*, wherever and whenever it holds; `ANYONE`: everybody."""
        return (
            member
            for member in self.members
            if role == ANYONE or any(grant.role == role for grant in member.grants)
        )

    def acting_for(self, id: str, at: datetime) -> tuple[str, ...]:  # noqa: ARG002
        """Ids of those on whose behalf that member acts; a plain team knows no delegation."""
        return ()

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
