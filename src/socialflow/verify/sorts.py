"""Sorts: who may stand for whom, as nothing that is decided makes a difference between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import attrs

from socialflow.items import Item
from socialflow.people import Member
from socialflow.policies import BY_ROLE
from socialflow.ways import Way

if TYPE_CHECKING:
    from socialflow.verify.models import Model

__all__ = ["Sorts"]


@attrs.frozen(slots=False, eq=False)
class Sorts:
    """The members of a team, as one model tells them apart.

    Two are of one sort if they may do the same, have a vote in the same ballots, may waive the
    same rules, and nobody acts for them or has them act: then whatever one of them does, the
    other could have done.
    """

    model: Model

    def here(self, member: Member, way: Way) -> object:
        """What of a member makes a difference to one way."""
        model = self.model
        if not self._is_plain(member):
            return member.id
        held = member.roles_for(way.full, model.setting.scope, model.setting.at)
        ballots = tuple(
            one.name for one in way.ballots if model.crew.holds(member, one.roles, way.full)
        )
        waiving = frozenset(role for rule in way.rules for role in rule.waivable_by) & held
        seen = model.roles_of(member, way.full)
        return ballots, waiving, seen, member.kind if model.view.kinds else ""

    def everywhere(self, member: Member) -> object:
        """What of a member makes a difference anywhere."""
        known = self._known.get(member.id)
        if known is None:
            known = self._known[member.id] = self._everywhere(member)
        return known

    def _everywhere(self, member: Member) -> object:
        if not self._is_plain(member) or member.id in self._acted_for:
            return member.id
        model = self.model
        birth = model.plan.birth("create")
        able = tuple(
            (way.full, way.roles, self.here(member, way))
            for way in (*model.crew.ways, birth)
            if member in model.allowed(way)
        )
        electing = (
            role
            for way in model.plan.chains.values()
            for one in way.ballots
            for role in (*one.roles, *way.denied)
        )
        held = frozenset(electing) & {one.role for one in member.grants}
        return able, held

    @cached_property
    def _known(self) -> dict[str, object]:
        return {}

    @cached_property
    def _acted_for(self) -> frozenset[str]:
        members = self.model.crew.members
        return frozenset(id for one in members for id in self.model.acting_for(one))

    def _is_plain(self, member: Member) -> bool:
        return self.model.setting.policy is BY_ROLE and not self.model.acting_for(member)

    # -- those who are followed, and may stand for each other

    def groups(self, item: Item, members: Iterable[Member]) -> Iterator[list[Member]]:
        """Members in groups, within which it does not matter who does something in this state."""
        found: dict[object, list[Member]] = {}
        for one in members:
            alike = one.id in self.model.view.alike
            key = (self.everywhere(one), self._role_in(item, one.id)) if alike else one.id
            found.setdefault(key, []).append(one)
        yield from found.values()

    def _role_in(self, item: Item, id: str) -> tuple[bool, bool]:
        return id in item.contributors, id in item.authors

    def renaming(self, items: Iterable[Item], last: str) -> dict[str, str]:
        """Who is called what, so that it is forgotten which of a sort has written what.

        Args:
            items: The item, and the item before it.
            last: Id of who has done the last thing.
        """
        named: dict[str, str] = {}
        for ids in self._alike:
            roles = {id: (*(self._role_in(one, id) for one in items), id == last) for id in ids}
            turned = sorted(ids, key=lambda id: roles[id], reverse=True)
            named.update(zip(turned, ids, strict=True))
        return named

    @cached_property
    def _alike(self) -> tuple[tuple[str, ...], ...]:
        found: dict[object, list[str]] = {}
        for one in self.model.crew.members:
            if one.id in self.model.view.alike:
                found.setdefault(self.everywhere(one), []).append(one.id)
        return tuple(tuple(ids) for ids in found.values() if len(ids) > 1)
