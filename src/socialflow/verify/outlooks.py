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
Ahead = dict[int, list[tuple[Step, int]]]
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
        everybody = sorted(one.id for one in self.space.model.crew.members)
        found: set[int] = set()
        for away in combinations(everybody, min(absent, len(everybody))):
            found |= self.origins.keys() - self._movable(frozenset(away), given)
        return next((n for n in self.origins if n in found), None)

    def _movable(self, away: frozenset[str], given: frozenset[Said] | None) -> set[int]:
        """States that can be brought elsewhere without some people, be it by several steps."""
        good = {n for n in self.origins if self.marking(n)[0].startswith("end.")}
        grown = True
        while grown:
            found = {n for n in self.origins if n not in good and self._moves(n, good, away, given)}
            good |= found
            grown = bool(found)
        return good

    def _moves(
        self, n: int, good: set[int], away: frozenset[str], given: frozenset[Said] | None
    ) -> bool:
        elsewhere = _Elsewhere(self, self.marking(n), good)
        return any(
            self._is_done_without(leading[0][0], away) and leads(leading, elsewhere, given)
            for leading in self.space.leaving(n)
        )

    def _is_done_without(self, step: Step, away: frozenset[str]) -> bool:
        """Whether a step is taken by the system, or by somebody who is not away."""
        if step.kind in BY_ITSELF:
            return True
        if step.way is None:
            return False
        doers = [order.by for order in step.orders]
        if doers and all(map(self.space.model.view.follows, doers)):
            return away.isdisjoint(doers)
        key = step.way.full, step.way.roles, away
        if key not in self._without:
            model = self.space.model
            self._without[key] = (
                model.crew.can(step.way, None, away)
                if step.way.ballots
                else any(one.id not in away for one in model.allowed(step.way))
            )
        return self._without[key]

    @cached_property
    def _without(self) -> dict[object, bool]:
        return {}

    # -- what goes round

    def round_about(
        self, goal: frozenset[str], is_named: Callable[[Step], bool]
    ) -> tuple[int, tuple[Step, ...]] | None:
        """A state outside of the goal where an item may go round for ever, and how; or stand still.

        Steps that are named are not taken.  What leaves the item where it is may prepare others,
        and does not count as going round by itself.
        """
        within = [n for n in self.origins if goal.isdisjoint(self.marking(n))]
        moving = {n for n in within if any(s.told.entered for s, _ in self._edges(n))}
        still = self._stuck(within, moving)
        if still is not None:
            return still, ()
        ahead = {n: [one for one in self._edges(n) if not is_named(one[0])] for n in within}
        return _cycle(ahead)

    def _stuck(self, within: list[int], moving: set[int]) -> int | None:
        """The nearest state from which nothing leads anywhere else, whatever is prepared."""
        known = moving | (self.origins.keys() - set(within))
        grown = True
        while grown:
            found = {n for n in within if n not in known and self._prepares(n, known)}
            known |= found
            grown = bool(found)
        return next((n for n in within if n not in known), None)

    def _prepares(self, n: int, known: set[int]) -> bool:
        return any(to in known for _, to in self._edges(n))

    def _edges(self, n: int) -> list[tuple[Step, int]]:
        return [one for leading in self.space.leaving(n) for one in leading]


class _Elsewhere:
    """The states in which an item is not where it was, or from which it can be brought there."""

    def __init__(self, outlook: Outlook, here: tuple[str, ...], good: set[int]) -> None:
        self._outlook, self._here, self._good = outlook, here, good

    def __contains__(self, n: object) -> bool:
        if not isinstance(n, int):
            return False
        return n in self._good or self._outlook.marking(n) != self._here


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


def _cycle(ahead: Ahead) -> tuple[int, tuple[Step, ...]] | None:
    """A shortest way round that moves the item, through the first state that lies on one."""
    together = _together(ahead)
    for n, edges in ahead.items():
        for step, to in edges:
            if step.told.entered and together.get(to) == together[n]:
                return n, (step, *_path(ahead, to, n))
    return None


def _together(ahead: Ahead) -> dict[int, int]:
    """For each state one of those that can be reached from it, and from which it can be reached."""
    behind: dict[int, list[int]] = defaultdict(list)
    for n, edges in ahead.items():
        for _, to in edges:
            behind[to].append(n)
    found: dict[int, int] = {}
    for root in reversed(_finished(ahead)):
        waiting = [] if root in found else [root]
        while waiting:
            n = waiting.pop()
            if n in ahead and n not in found:
                found[n] = root
                waiting += behind[n]
    return found


def _finished(ahead: Ahead) -> list[int]:
    """States in the order in which a search in depth is through with them."""
    met: set[int] = set()
    order: list[int] = []
    for root in ahead:
        waiting = [(root, False)]
        while waiting:
            n, through = waiting.pop()
            if through:
                order.append(n)
            elif n in ahead and n not in met:
                met.add(n)
                waiting += [(n, True), *((to, False) for _, to in ahead[n])]
    return order


def _path(ahead: Ahead, start: int, goal: int) -> tuple[Step, ...]:
    """A shortest way from one state to another."""
    paths: dict[int, tuple[Step, ...]] = {start: ()}
    for n in (waiting := [start]):
        if n == goal:
            break
        for step, to in ahead.get(n, ()):
            if to not in paths:
                paths[to] = (*paths[n], step)
                waiting.append(to)
    return paths[goal]


def names_of(said: Iterable[Said]) -> tuple[str, ...]:
    """What they are called in a verdict."""
    return tuple(dict.fromkeys(str(one) for one in sorted(said)))
