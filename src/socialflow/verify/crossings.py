"""Crossings: an item of one definition as another finds it, with nothing about it moved on."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from socialflow.definitions import Workflow
from socialflow.items import Beside, Item, Signature, stage_of
from socialflow.plain import EMPTY, FrozenDict
from socialflow.stages import Parallel

__all__ = ["Crossing"]


@attrs.frozen
class Crossing:
    """From one definition to another.

    Attributes:
        origin: The definition that has the item.
        goal: The one that is asked about it.
        states: Where states of the first are in the second, if they have another name there.
        carriers: The field that stands for all content in a proof, in each of them.
    """

    origin: Workflow
    goal: Workflow
    states: Mapping[str, str] = EMPTY
    carriers: tuple[str, str] = ("", "")

    def state(self, state: str) -> str:
        """The state as the other definition calls it."""
        return self.states.get(state, state)

    def marking(self, marking: tuple[str, ...]) -> tuple[str, ...]:
        """The same, of several."""
        return tuple(map(self.state, marking))

    def stands(self, marking: tuple[str, ...]) -> bool:
        """Whether an item can be there under the other definition."""
        now = self.marking(marking)
        if not all(one in self.goal.states for one in now):
            return False
        named = {stage_of(was): stage_of(is_) for was, is_ in zip(marking, now, strict=True)}
        return all(
            _beside(self.goal, there) == {named.get(one, one) for one in _beside(self.origin, here)}
            for here, there in named.items()
        )

    def item(self, item: Item) -> Item | None:
        """The item there; None if it cannot be there."""
        if not self.stands(item.marking):
            return None
        data = self._data(item.data)
        return attrs.evolve(
            item,
            workflow=self.goal.digest,
            tokens=tuple(attrs.evolve(one, state=self.state(one.state)) for one in item.tokens),
            idle=tuple(
                attrs.evolve(one, state=self.state(one.state))
                for one in item.idle
                if self.state(one.state) in self.goal.states
            ),
            data=data,
            signatures=tuple(
                self._signature(one, item.data, data)
                for one in item.signatures
                if one.stage in self.goal.places
            ),
            beside=self._rest(item.beside),
        )

    def _data(self, data: FrozenDict) -> FrozenDict:
        here, there = self.carriers
        told = {name: value for name, value in data.items() if name in self.goal.declared}
        if here in data and there and here != there:
            told[there] = data[here]
        return data if told == data else FrozenDict(told)

    def _signature(self, one: Signature, was: FrozenDict, now: FrozenDict) -> Signature:
        if not one.revision:
            return one
        holds = one.revision == self.origin.revision_of(was)
        return attrs.evolve(one, revision=self.goal.revision_of(now) if holds else one.revision)

    def _rest(self, beside: Beside) -> Beside:
        rounds = {kind: n for kind, n in beside.rounds.items() if kind in self.goal.kinds}
        return (
            beside if rounds == beside.rounds else attrs.evolve(beside, rounds=FrozenDict(rounds))
        )


def _beside(workflow: Workflow, stage: str) -> set[str]:
    """The stages that are open together with one, itself among them."""
    for step in workflow.steps:
        if isinstance(step, Parallel) and any(one.name == stage for one in step.stages):
            return {one.name for one in step.stages}
    return {stage}
