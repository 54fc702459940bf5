"""Approvals: what somebody has passed, by a property's own books and not by the engine's."""

from __future__ import annotations

from typing import NamedTuple

import attrs

from socialflow.definitions import Workflow
from socialflow.verify.happenings import Happening
from socialflow.verify.words import actions_like, check_place, check_role, code, either

__all__ = ["Approval", "approval"]

NOBODY: frozenset[str] = frozenset()


class Page(NamedTuple):
    """What is written down of one: if it stands, who wrote, who said yes, and in which roles."""

    stands: bool = False
    wrote: frozenset[str] = NOBODY
    ayes: frozenset[str] = NOBODY
    roles: frozenset[str] = NOBODY


@attrs.frozen(repr=False)
class Approval:
    """That an action took place, and still counts; see `approval`.

    Attributes:
        actions: Any of these passes it.
        other: Whether nobody who wrote the content counts.
        stages: Entering one of these takes it away.
        changes: Whether another content takes it away.
        role: One who holds it has to be among those who said yes.
    """

    actions: tuple[str, ...]
    other: bool = False
    stages: tuple[str, ...] = ()
    changes: bool = False
    role: str = ""

    def with_vote_of(self, role: str) -> Approval:
        """Somebody of that role is among those who did it, or voted for it during the visit."""
        return attrs.evolve(self, role=role)

    def by_other_than(self, whom: str = "author") -> Approval:
        """Nobody has passed it who has written the content since it was last released."""
        del whom
        return attrs.evolve(self, other=True)

    def since_last(self, *stages: str) -> Approval:
        """Entering one of these stages takes it away."""
        return attrs.evolve(self, stages=(*self.stages, *stages))

    def since_last_change(self) -> Approval:
        """Another content takes it away."""
        return attrs.evolve(self, changes=True)

    def __str__(self) -> str:
        told = either(self.actions)
        told += f" with the vote of {self.role}" if self.role else ""
        told += " by others than its authors" if self.other else ""
        told += f" since it was last in {either(self.stages)}" if self.stages else ""
        return told + (" since the content last changed" if self.changes else "")

    def __repr__(self) -> str:
        told = code("approval", *self.actions)
        told += code(".with_vote_of", self.role) if self.role else ""
        told += code(".by_other_than", "author") if self.other else ""
        told += code(".since_last", *self.stages) if self.stages else ""
        return told + (".since_last_change()" if self.changes else "")

    def check(self, workflow: Workflow, where: str) -> None:
        """Raise if it names what is not there."""
        actions_like(workflow, self.actions, where)
        for stage in self.stages:
            check_place(workflow, stage, where)
        if self.role:
            check_role(workflow, self.role, where)

    def begin(self) -> Page:
        """An empty page."""
        return Page()

    def after(self, page: Page, told: Happening, passing: frozenset[str]) -> Page:
        """The page after one more event; *passing* are the actions in full."""
        stands, wrote, ayes, roles = page
        if told.changed or told.stages:
            roles = NOBODY
        if self.changes and told.changed:
            stands = False
        wrote |= told.wrote
        if told.asked in passing:
            ayes |= told.by
            roles |= told.roles | told.backed
        if told.taken & passing:
            doers = ayes if told.voted else told.by
            stands = not (self.other and doers & wrote)
            stands = stands and (not self.role or self.role in roles | page.roles | told.backed)
            ayes, roles = NOBODY, NOBODY
        if told.begins(self.stages):
            stands = False
        ayes -= told.wrote
        if told.released:
            wrote = NOBODY
        kept = frozenset({self.role}) & roles
        return Page(stands, wrote, ayes if self.other else NOBODY, kept)


def approval(*actions: str) -> Approval:
    """That one of *actions* took place, whoever did it.

    Example:
        >>> str(approval("approve").by_other_than("author").since_last("drafting"))
        'approve by others than its authors since it was last in drafting'
    """
    return Approval(actions)
