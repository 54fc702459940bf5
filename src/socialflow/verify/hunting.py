"""Hunting: the shortest history in a space that breaks a property, or that there is none."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

import attrs

from socialflow.errors import WrongArgument
from socialflow.verify.properties import BROKEN, Book, Safety
from socialflow.verify.space import Space
from socialflow.verify.steps import Step
from socialflow.verify.traces import Trace

__all__ = ["Budget", "Exhausted", "broken", "reached"]


class Exhausted(Exception):
    """The budget is used up."""


@attrs.define
class Budget:
    """How many states may still be looked at, over all properties.

    Attributes:
        left: So many.
        given: So many it was.
    """

    left: int
    given: int

    @classmethod
    def of(cls, states: int) -> Budget:
        """One of so many states.

        Raises:
            WrongArgument: It is no number above 0.
        """
        if not isinstance(states, int) or isinstance(states, bool) or states <= 0:
            raise WrongArgument("budget", "how many states may be looked at, above 0", repr(states))
        return cls(states, states)

    def spend(self) -> None:
        """Look at one more.

        Raises:
            Exhausted: There is none left.
        """
        if self.left <= 0:
            raise Exhausted
        self.left -= 1


class Node(NamedTuple):
    """A state of the space, with what the property has written down by then."""

    state: int
    book: Book


Origins = dict[Node, tuple[Node | None, Step]]


def broken(
    space: Space, safety: Safety, budget: Budget, taken: Callable[[Step], bool] | None = None
) -> Trace | None:
    """The shortest history after which *safety* does not hold.

    Args:
        space: Where to look.
        safety: The property.
        budget: What it may cost.
        taken: Says which steps are taken; all of them, if not given.

    Raises:
        Exhausted: The budget did not reach.
    """
    workflow = space.model.setting.workflow
    origins: Origins = {}
    waiting: deque[Node] = deque()
    leadings, before = space.births, None
    book = safety.begin()
    while True:
        for leading in leadings:
            for step, n in leading:
                if taken is not None and not taken(step):
                    continue
                after = safety.after(workflow, book, step.told)
                if after is BROKEN:
                    return _trace(origins, before, step)
                node = Node(n, after)
                if node not in origins:
                    origins[node] = before, step
                    waiting.append(node)
        if not waiting:
            return None
        budget.spend()
        before = waiting.popleft()
        leadings, book = space.leaving(before.state), before.book


def _trace(origins: Origins, node: Node | None, last: Step) -> Trace:
    steps = [last]
    while node is not None:
        node, step = origins[node]
        steps.append(step)
    return Trace(tuple(reversed(steps)))


def reached(space: Space, budget: Budget) -> dict[int, tuple[int | None, Step]]:
    """Every state that can be reached, in the order of the shortest ways, with where it came from.

    Raises:
        Exhausted: The budget did not reach.
    """
    origins: dict[int, tuple[int | None, Step]] = {}
    waiting: deque[int] = deque()
    leadings, before = space.births, None
    while True:
        for leading in leadings:
            for step, n in leading:
                if n not in origins:
                    origins[n] = before, step
                    waiting.append(n)
        if not waiting:
            return origins
        budget.spend()
        before = waiting.popleft()
        leadings = space.leaving(before)


def trace_to(origins: dict[int, tuple[int | None, Step]], n: int) -> Trace:
    """The shortest way to a state."""
    steps: list[Step] = []
    at: int | None = n
    while at is not None:
        at, step = origins[at]
        steps.append(step)
    return Trace(tuple(reversed(steps)))
