"""Outlooks: from which states of a space a goal can be reached, and on what that depends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import combinations

import attrs

from socialflow.verify.chances import Said
from socialflow.verify.hunting import Budget, reached, trace_to
from socialflow.verify.space import Leading, Space
from socialflow.verify.steps import Step
from socialflow.verify.traces import Trace

__all__ = ["Outlook"]

Origins = dict[int, tuple[int | None, Step]]
BY_ITSELF = ("due", "children", "date", "again")
HELD_NO_MORE = Said("not_held()", True)
"""Whoever may have an item held may have it resumed."""
OTHERS = Said("others who have not written it are there", True)


@attrs.frozen(slots=False, eq=False)
class Outlook:
    """The states that can be reached in a space, and what can be reached from them.

    Attributes:
        space: The space.
        origins: Where each state was first come from.
    """

    space: Space
    origins: Origins

    @classmethod
    def over(cls, space: Space, budget: Budget) -> Outlook:
        """All of it.

        Raises:
            Exhausted: The budget did not reach.
        """
        return cls(space, reached(space, budget))

    def trace_to(self, n: int) -> Trace:
        """The shortest way to a state."""
        return trace_to(self.origins, n)

    def marking(self, n: int) -> tuple[str, ...]:
        """Where the item is in a state."""
        return self.space.states[n].item.marking

    # -- what can be reached

    def hopeless(self, goal: frozenset[str], given: frozenset[Said] | None) -> tuple[int, ...]:
        """States from which the goal cannot be reached, the nearest first.

        Args:
            goal: States of the workflow.
            given: What undecided rules may be relied upon to say; None for anything.
        """
        good = {n for n in self.origins if not goal.isdisjoint(self.marking(n))}
        waiting = list(good)
        while waiting:
            for n, leading in self._behind[waiting.pop()]:
                if n not in good and leads(leading, good, given):
                    good.add(n)
                    waiting.append(n)
        return tuple(n for n in self.origins if n not in good)

    @cached_property
    def _behind(self) -> dict[int, list[tuple[int, Leading]]]:
        """For each state from where it is come to, and how."""
        behind: dict[int, list[tuple[int, Leading]]] = defaultdict(list)
        for n in self.origins:
            for leading in self.space.leaving(n):
                for target in {to for _, to in leading}:
                    behind[target].append((n, leading))
        return behind

    def relied_on(self) -> frozenset[Said]:
        """Everything that undecided rules may say anywhere."""
        groups = (leading for n in self.origins for leading in self.space.leaving(n))
        return frozenset(one for leading in groups for step, _ in leading for one in needs(step))

    # -- who can go on

    def stranded(self, absent: int, given: frozenset[Said] | None) -> int | None:
        """The nearest state that nobody can bring anywhere else, so many being away."""
        for n in self.origins:
            marking = self.marking(n)
            if not marking[0].startswith("end.") and self._is_stranded(n, absent, given):
                return n
        return None

    def _is_stranded(self, n: int, absent: int, given: frozenset[Said] | None) -> bool:
        here = self.marking(n)
        onward = [
            leading
            for leading in self.space.leaving(n)
            if leads(leading, _Elsewhere(self, here), given)
        ]
        if any(
            step.kind in ("due", "children", "date", "again") for one in onward for step, _ in one
        ):
            return False
        model = self.space.model
        ways = {one[0][0].way for one in onward if one[0][0].way is not None}
        single = [way for way in ways if way and not way.ballots]
        able = frozenset(one.id for way in single for one in model.allowed(way))
        if len(able) > absent:
            return False
        voted = [way for way in ways if way and way.ballots]
        everybody = sorted({one.id for one in model.crew.members} - able)
        rest = min(absent - len(able), len(everybody))
        return any(
            not any(model.crew.can(way, None, able.union(away)) for way in voted)
            for away in combinations(everybody, rest)
        )

    # -- what goes round

    def round_about(
        self, goal: frozenset[str], is_named: Callable[[Step], bool]
    ) -> tuple[int, tuple[Step, ...]] | None:
        """A state outside of the goal where an item may go round for ever, and how; or stand still.

        Steps that are named are not taken, nor those that leave the item where it is.
        """
        ahead: dict[int, list[tuple[Step, int]]] = {}
        for n in self.origins:
            if goal.isdisjoint(self.marking(n)):
                moving = self._moving(n)
                if not moving and not self.marking(n)[0].startswith("end."):
                    return n, ()
                if not moving:
                    return n, ()
                ahead[n] = [one for one in moving if not is_named(one[0])]
        return _cycle(ahead)

    def _moving(self, n: int) -> list[tuple[Step, int]]:
        edges = (one for leading in self.space.leaving(n) for one in leading)
        return [(step, to) for step, to in edges if step.told.entered]


class _Elsewhere:
    """The states in which an item is not where it was."""

    def __init__(self, outlook: Outlook, here: tuple[str, ...]) -> None:
        self._outlook, self._here = outlook, here

    def __contains__(self, n: object) -> bool:
        return isinstance(n, int) and self._outlook.marking(n) != self._here


def needs(step: Step) -> frozenset[Said]:
    """What has to be so for a step to be taken on purpose."""
    found = {one for one in step.leaning.said if one != HELD_NO_MORE}
    ballots = step.way.ballots if step.way is not None and step.way.name != "force" else ()
    if step.kind == "voted" and any(one.four_eyes for one in ballots):
        found.add(OTHERS)
    if step.kind == "children":
        found |= {Said(f"the {kind} items go on", True) for kind, _ in step.below}
    if step.kind == "date":
        found.add(Said("the date of what is open together is set", True))
    return frozenset(found)


def leads(leading: Leading, good: object, given: frozenset[Said] | None) -> bool:
    """Whether an order leads to something good, whatever undecided rules say that are not given."""
    if all(
        step.leaning.covered and n in good and needs(step) <= frozenset(step.leaning.script)  # type: ignore[operator]
        for step, n in leading
    ):
        return True
    return any(
        n in good and (given is None or needs(step) <= given)  # type: ignore[operator]
        for step, n in leading
    )


def _cycle(ahead: dict[int, list[tuple[Step, int]]]) -> tuple[int, tuple[Step, ...]] | None:
    """A shortest cycle through the first state that lies on one."""
    left = dict(ahead)
    shrinking = True
    while shrinking:
        stuck = [n for n, edges in left.items() if not any(to in left for _, to in edges)]
        for n in stuck:
            del left[n]
        shrinking = bool(stuck)
    for n in left:
        found = _round(left, n)
        if found:
            return n, found
    return None


def _round(ahead: dict[int, list[tuple[Step, int]]], start: int) -> tuple[Step, ...]:
    paths: dict[int, tuple[Step, ...]] = {}
    waiting: list[tuple[int, tuple[Step, ...]]] = [(start, ())]
    for n, path in waiting:
        for step, to in ahead.get(n, ()):
            if to == start:
                return (*path, step)
            if to not in paths and to in ahead:
                paths[to] = (*path, step)
                waiting.append((to, paths[to]))
    return ()


def names_of(said: Iterable[Said]) -> tuple[str, ...]:
    """What they are called in a verdict."""
    return tuple(dict.fromkeys(str(one) for one in sorted(said)))
