"""Spaces: the states that can be reached, and what happens between them, each looked at once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import attrs

from socialflow.verify.models import Model
from socialflow.verify.polls import Polls
from socialflow.verify.states import State
from socialflow.verify.steps import Group, Step, Stepping
from socialflow.verify.unasked import Unasked

__all__ = ["Leading", "Space"]

Leading = tuple[tuple[Step, int], ...]
"""What one order may lead to: steps, each with the number of the state."""


@attrs.frozen(slots=False, eq=False)
class Space:
    """Everything that may happen in a model, found out when it is asked for.

    Attributes:
        model: What of.
        states: All that have been met, by their number.
    """

    model: Model
    states: list[State] = attrs.field(factory=list)

    @cached_property
    def births(self) -> tuple[Leading, ...]:
        """How an item comes into being."""
        return self._numbered(self._stepping.begin())

    def leaving(self, n: int) -> tuple[Leading, ...]:
        """What may happen in a state."""
        known = self._known.get(n)
        if known is None:
            state = self.states[n]
            takers = (self._stepping, self._polls, self._unasked)
            groups = [group for one in takers for group in one.leaving(state)]
            known = self._known[n] = self._numbered(groups)
        return known

    @property
    def size(self) -> int:
        """How many states have been looked at."""
        return len(self._known)

    @cached_property
    def _stepping(self) -> Stepping:
        return Stepping(self.model)

    @cached_property
    def _polls(self) -> Polls:
        return Polls(self._stepping)

    @cached_property
    def _unasked(self) -> Unasked:
        return Unasked(self._stepping)

    def _numbered(self, groups: Iterable[Group]) -> tuple[Leading, ...]:
        return tuple(tuple((one.step, self._number(one.target)) for one in g) for g in groups)

    def _number(self, state: State) -> int:
        n = self._numbers.get(state)
        if n is None:
            n = self._numbers[state] = len(self.states)
            self.states.append(state)
        return n

    @cached_property
    def _known(self) -> dict[int, tuple[Leading, ...]]:
        return {}

    @cached_property
    def _numbers(self) -> dict[State, int]:
        return {}
