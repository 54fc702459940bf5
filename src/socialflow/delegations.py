"""Delegations: who stands in for an absent member, and what that lends them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import attrs

from socialflow.errors import Finding, nearest
from socialflow.grants import EVERY_ACTION, Grant
from socialflow.members import Member
from socialflow.periods import aware_field, holds_at, in_order

__all__ = ["Delegation", "with_lent", "wrong_delegations"]


def _patterns(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


@attrs.frozen
class Delegation:
    """One member stands in for another while they are away.

    Whoever stands in counts as both persons for all of the time, whatever the actions.

    Attributes:
        by: Id of the member who is represented.
        to: Id of the member who stands in.
        since: First moment; timezone-aware.
        until: First moment after it; timezone-aware.
        actions: Patterns of full action names for which roles are lent; all, if not said.
        reason: Why: ``"parental leave"``.

    Raises:
        DefinitionError: It ends before it begins.
    """

    by: str
    to: str
    since: datetime | None = attrs.field(default=None, validator=aware_field)
    until: datetime | None = attrs.field(default=None, validator=aware_field)
    actions: tuple[str, ...] = attrs.field(default=EVERY_ACTION, converter=_patterns, kw_only=True)
    reason: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        in_order(f"Delegation / {self.by} / {self.to}", self.since, self.until)

    def runs(self, at: datetime) -> bool:
        """Whether it has begun at the moment *at*, and has not ended."""
        return holds_at(self.since, self.until, at)


def with_lent(member: Member, lenders: Iterable[tuple[Member, Delegation]]) -> Member:
    """The member, with the grants of those for whom they stand in, as long as they do.

    Only a lender's own grants are lent, so that nothing is passed on twice. What a grant requires
    is then required of the one who stands in.
    """
    lent = [one for lender, how in lenders for one in _lent(lender, how)]
    return attrs.evolve(member, grants=(*member.grants, *lent)) if lent else member


def _lent(lender: Member, how: Delegation) -> Iterator[Grant]:
    for grant in lender.grants:
        since = max(filter(None, (grant.since, how.since)), default=None)
        until = min(filter(None, (grant.until, how.until)), default=None)
        actions = _narrowed(grant.actions, how.actions)
        if actions and (since is None or until is None or since < until):
            yield attrs.evolve(grant, since=since, until=until, actions=actions, lent_by=lender.id)


def _narrowed(granted: tuple[str, ...], lent: tuple[str, ...]) -> tuple[str, ...]:
    """Those patterns that lie within the others: what is lent of what is granted."""
    if granted == EVERY_ACTION:
        return lent
    return granted if lent == EVERY_ACTION else tuple(one for one in lent if one in granted)


def wrong_delegations(
    delegations: Iterable[Delegation], members: Mapping[str, Member]
) -> Iterator[Finding]:
    """What is wrong about *delegations* among *members* by id."""
    for one in delegations:
        where = f"Team / {one.by} / {one.to}"
        for id in (one.by, one.to):
            if id not in members:
                message = f"{id!r} is no member of the team"
                yield Finding("unknown_member", where, message, nearest(id, members))
        if one.by == one.to:
            yield Finding("delegation", where, "nobody stands in for themselves", "leave it out")
        elif {one.by, one.to} <= members.keys():
            yield from _laundered(where, members[one.by], members[one.to])


def _laundered(where: str, by: Member, to: Member) -> Iterator[Finding]:
    """What is denied to everybody of a kind, nobody of another kind may do in their place."""
    if by.kind not in ("employee", to.kind):
        yield Finding(
            "delegation",
            where,
            f"{by.id!r} is of kind {by.kind!r}, and {to.id!r}, of kind {to.kind!r}, would escape "
            f"what is denied to it",
            f"let somebody of kind {by.kind!r} stand in",
        )
