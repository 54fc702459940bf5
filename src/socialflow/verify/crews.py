"""Crews: a team in front of one workflow, in one place and at one moment: who may do what there.

Nothing of it asks about an item: rules are taken to hold, but for four eyes, which is about people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property

import attrs

from socialflow.ballots import Ballot
from socialflow.cases import NO_FACTS, Allow, Case, Deny, Verdict
from socialflow.decisions import newborn
from socialflow.definitions import Workflow
from socialflow.items import Command, Item, Origin
from socialflow.people import ANYONE, SYSTEM, Grant, Member, Scope, Team
from socialflow.plans import Plan, plan_of
from socialflow.policies import bound, entitled
from socialflow.protocols import Policy
from socialflow.rules import four_eyes
from socialflow.ways import Way

__all__ = ["NOBODY", "Crew", "is_by_system"]

NOBODY: frozenset[str] = frozenset()
"""Ids of no member."""


@attrs.frozen(slots=False, eq=False)
class Crew:
    """A team in front of one workflow.

    Attributes:
        workflow: What there is to do.
        team: Everybody.
        scope: Where the item belongs.
        at: When; timezone-aware.
        policy: Says who may.
    """

    workflow: Workflow
    team: Team
    scope: Scope
    at: datetime
    policy: Policy

    # -- who

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """Everybody, with what is lent to them."""
        known = (self.team.member(one.id) for one in self.team.members)
        return tuple(one for one in known if one is not None)

    @cached_property
    def persons(self) -> dict[str, frozenset[str]]:
        """Ids that count as a member, by theirs: their own, and of those they act for."""
        every = (one.id for one in self.members)
        return {id: frozenset({id, *self.team.acting_for(id, self.at)}) for id in every}

    @cached_property
    def authors(self) -> tuple[Member, ...]:
        """Members who may write content: those who edit it.

        Where nobody edits, those who write some of it with an action; or else those who bring it.
        """
        if not self.workflow.content:
            return ()
        editing = [one for one in self.ways if one.name == "edit"]
        writing = [one for one in self.ways if one.content]
        every = (self._doers(ways) for ways in (editing, writing, [self.plan.birth("create")]))
        return next(filter(None, every), ())

    def _doers(self, ways: Iterable[Way]) -> tuple[Member, ...]:
        found = {one.id for way in ways for one in self.may(way)}
        return tuple(one for one in self.members if one.id in found)

    # -- what

    @cached_property
    def plan(self) -> Plan:
        """The workflow, compiled."""
        return plan_of(self.workflow)

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """Everything that a member may ask for somewhere, each with its roles once."""
        every = (way for ways in self.plan.listed.values() for way in ways)
        return tuple({(way.full, way.roles): way for way in every}.values())

    # -- who may do what

    def may(self, way: Way) -> tuple[Member, ...]:
        """Members whom the policy allows it."""
        key = way.full, way.roles
        if key not in self._may:
            self._may[key] = tuple(
                one for one in self.members if isinstance(self.verdict(one, way), Allow)
            )
        return self._may[key]

    @cached_property
    def _may(self) -> dict[tuple[str, frozenset[str]], tuple[Member, ...]]:
        return {}

    def verdict(self, member: Member, way: Way) -> Verdict:
        """What the policy says."""
        return self.policy.judge(self._case(member, way))

    def denied(self, way: Way) -> tuple[Member, ...]:
        """Members who hold a role that opens it, and whom it is denied all the same."""
        return tuple(
            one
            for one in self.members
            if way.roles & one.roles_for(way.full, self.scope, self.at)
            and isinstance(self.verdict(one, way), Deny)
        )

    def could(self, way: Way, role: str, but: Iterable[Member]) -> Member | None:
        """The first member to whom *role* would open it: none of *but*, nor who acts for them."""
        for one in self.members:
            granted = attrs.evolve(one, grants=(*one.grants, Grant(role, self.scope)))
            apart = all(self.are_apart(one, other) for other in but)
            if apart and isinstance(self.verdict(granted, way), Allow):
                return one
        return None

    def _case(self, member: Member, way: Way) -> Case:
        command = Command(way.name, member.id, self.at)
        return Case(
            self.workflow,
            self._item,
            command,
            member,
            tuple(sorted(self.persons[member.id])),
            way.full,
            way.roles,
            way.denied,
            NO_FACTS,
        )

    @cached_property
    def _item(self) -> Item:
        return newborn("", Origin(self.workflow.digest, None, self.scope))

    # -- what can be done by somebody else than the author

    def are_apart(self, one: Member, other: Member | None) -> bool:
        """Whether they are different persons, for whomever each of them acts."""
        return other is None or self.persons[one.id].isdisjoint(self.persons[other.id])

    def can(self, way: Way, author: Member | None, away: frozenset[str] = NOBODY) -> bool:
        """Whether it can come about, *author* having written the content, *away* being absent.

        Whatever its ballots depend on, all of them are asked for.
        """
        if not way.ballots:
            return any(True for _ in self.doers(way, author, away))
        return all(self.carries(one, way, author, away) for one in way.ballots)

    def doers(
        self, way: Way, author: Member | None, away: frozenset[str] = NOBODY
    ) -> Iterator[Member]:
        """Members who may do it, *author* having written the content, *away* being absent."""
        strict = any(rule.kind is four_eyes and not rule.negated for rule in way.rules)
        for one in self.may(way):
            if one.id not in away and not (strict and not self.are_apart(one, author)):
                yield one

    def voters(
        self, ballot: Ballot, way: Way, author: Member | None, away: frozenset[str] = NOBODY
    ) -> tuple[Member, ...]:
        """Those of them who have a vote in *ballot*."""
        return tuple(
            one
            for one in self.doers(way, author, away)
            if self._is_asked(one, ballot, way)
            and not (ballot.four_eyes and not self.are_apart(one, author))
        )

    def carries(
        self, ballot: Ballot, way: Way, author: Member | None, away: frozenset[str] = NOBODY
    ) -> bool:
        """Whether *ballot* can be carried."""
        free = [self.persons[one.id] for one in self.voters(ballot, way, author, away)]
        if ballot.quorum != "all":
            return _are_apart(free, 1 if ballot.quorum == "any" else int(ballot.quorum))
        wrote = self.persons[author.id] if author and ballot.four_eyes else NOBODY
        electors = {one.id for one in self.members if self._elects(one, ballot, way)}
        return bool(free) and electors - wrote <= NOBODY.union(*free)

    def _is_asked(self, member: Member, ballot: Ballot, way: Way) -> bool:
        return ANYONE in ballot.roles or self._elects(member, ballot, way)

    def _elects(self, member: Member, ballot: Ballot, way: Way) -> bool:
        held = entitled(member, self._case(member, way), way.full)
        return way.denied.isdisjoint(bound(member, held)) and not held.isdisjoint(ballot.roles)

    def holds(self, member: Member, roles: Iterable[str], action: str) -> bool:
        """Whether a member has one of *roles* for an action, be it by inheritance."""
        wanted = set(roles)
        grown = -1
        while grown != len(wanted):
            grown = len(wanted)
            wanted.update(one.key for one in self.workflow.roles if wanted & {*one.inherits})
        held = member.roles_for(action, self.scope, self.at)
        lacking = (self.workflow.requires.get(role, ()) for role in held & wanted)
        return ANYONE in wanted or any(not member.lacks(one, self.at) for one in lacking)


def is_by_system(way: Way) -> bool:
    """Whether the system does it, or reports it from outside."""
    return SYSTEM.id in way.roles or (way.action is not None and way.action.by_system)


def _are_apart(groups: list[frozenset[str]], n: int) -> bool:
    """Whether *n* of these groups of persons have nobody in common."""
    alone = [one for one in groups if all(one.isdisjoint(g) for g in groups if g is not one)]
    mixed = [one for one in groups if one not in alone]
    return _chosen(mixed, n - len(alone))


def _chosen(groups: list[frozenset[str]], n: int) -> bool:
    if n <= 0:
        return True
    if len(groups) < n:
        return False
    first, *rest = groups
    return _chosen([one for one in rest if one.isdisjoint(first)], n - 1) or _chosen(rest, n)
