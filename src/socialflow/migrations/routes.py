"""Routes: where what an item was under one definition has its counterpart under another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import attrs

from socialflow.definitions import Workflow
from socialflow.items import stage_of
from socialflow.plans import Plan, plan_of

__all__ = ["Route"]


@attrs.frozen(slots=False, eq=False)
class Route:
    """The way from one definition to another.

    Attributes:
        old: The definition that holds the item.
        new: The one that will hold it.
        states: Where the states of the old one lead that the new one has under another name.
    """

    old: Workflow
    new: Workflow
    states: Mapping[str, str]

    @property
    def plan(self) -> Plan:
        """The plan of the new definition."""
        return plan_of(self.new)

    def counterpart(self, state: str) -> str | None:
        """The state that *state* leads to, or None if there is none."""
        to = self.states.get(state, state)
        return to if to in self._states else None

    @cached_property
    def _states(self) -> frozenset[str]:
        return frozenset(self.new.states)

    @cached_property
    def stages(self) -> Mapping[str, str]:
        """The same duty in the new definition, by the stage of the old one.

        One of the same name, or else the one whose done states those of the old stage lead to.
        """
        return {stage.name: same for stage in self.old.stages for same in self._same(stage.name)}

    def _same(self, name: str) -> Iterator[str]:
        if name in self.new.places:
            yield name
            return
        stage = self.old.stage(name)
        to = {self.counterpart(stage.full(state)) for state in stage.done}
        named = {stage_of(state) for state in to if state is not None}
        if to and to <= self.plan.done and len(named) == 1:
            yield from named

    @cached_property
    def same_content(self) -> bool:
        """Whether both mean the same fields by the content of an item."""
        return {*self.old.content} == {*self.new.content}

    @cached_property
    def content_only_now(self) -> frozenset[str]:
        """Fields that are content under the new definition, and were none before."""
        return frozenset(self.new.content) - {*self.old.content}

    def asks_the_same(self, action: str) -> bool:
        """Whether an action is decided by the same ballots as before."""
        before, now = plan_of(self.old).chains.get(action), self.plan.chains.get(action)
        return before is not None and now is not None and before.ballots == now.ballots
