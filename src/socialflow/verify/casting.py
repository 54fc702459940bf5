"""Casting: who could have been in a trace, so that the engine lets them.

A trace of a coarse view has one of each sort of people in it, and forgets what they have written.
Here it is gone once more with everybody followed: what happens stays the same, and those who do it
are looked for, somebody being named for a stage in between where nothing would happen without.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import attrs

from socialflow.people import Member
from socialflow.rules import is_responsible, responsible_named
from socialflow.verify.chances import spoken
from socialflow.verify.hunting import Budget
from socialflow.verify.models import Model, Setting
from socialflow.verify.polls import Polls
from socialflow.verify.states import State
from socialflow.verify.steps import Edge, Group, Step, Stepping
from socialflow.verify.traces import Trace
from socialflow.verify.unasked import Unasked
from socialflow.verify.views import View

__all__ = ["Casting"]

NAMING = ("assign", "claim")
"""By what somebody is named for a stage."""
TRIES = 3_000
"""So many steps are tried at most."""
Steps = tuple[Step, ...]


@attrs.define(slots=False, eq=False)
class Casting:
    """Looks for people who can go a trace.

    Attributes:
        setting: The workflow and the team.
        view: What the trace looks at; whom it follows by name stays in it.
        budget: What it may cost.
    """

    setting: Setting
    view: View
    budget: Budget
    _left: int = TRIES
    _seen: set[tuple[int, State]] = attrs.field(factory=set)

    def of(self, trace: Trace) -> Trace | None:
        """The same trace with people who can go it; None if none are found.

        Raises:
            Exhausted: The budget did not reach.
        """
        self._left = TRIES
        self._seen.clear()
        steps = self._from(None, trace.steps, 0)
        return None if steps is None else Trace(steps)

    def _from(self, state: State | None, wanted: tuple[Step, ...], n: int) -> Steps | None:
        """How to go on from a state, *n* of the steps being behind."""
        if n == len(wanted):
            return ()
        if state is not None:
            if (n, state) in self._seen or self._left <= 0:
                return None
            self._seen.add((n, state))
            self.budget.spend()
        for first, target in self._ways_on(state, wanted[n]):
            rest = self._from(target, wanted, n + 1)
            if rest is not None:
                return (*first, *rest)
        return None

    def _ways_on(self, state: State | None, wanted: Step) -> Iterator[tuple[Steps, State]]:
        """Steps that come to the same, as they are, or after somebody has been named."""
        for edge in self._same(state, wanted):
            yield (edge.step,), edge.target
        if state is not None:
            for named, between in self._named(state, self._stages_of(wanted)):
                for edge in self._same(between, wanted):
                    yield (*named, edge.step), edge.target

    # -- the same once more

    def _same(self, state: State | None, wanted: Step) -> Iterator[Edge]:
        for group in self._tried(state, wanted):
            self._left -= 1
            fitting = [one for one in group if self._is_same(one.step, wanted)]
            yield from sorted(fitting, key=lambda one: len(one.step.leaning.said))

    def _tried(self, state: State | None, wanted: Step) -> Iterator[Group]:
        if state is None:
            yield from self._stepping.begin()
        elif wanted.kind == "asked":
            yield from self._asked(state, wanted)
        elif wanted.kind == "voted":
            yield from self._voted(state, wanted)
        elif wanted.kind == "forced":
            yield from self._stepping.forced(state)
        else:
            yield from self._unasked.leaving(state)

    def _is_same(self, step: Step, wanted: Step) -> bool:
        one, other = step.told, wanted.told
        fields = self.view.fields
        return (
            (step.kind, one.asked, one.marking, one.entered, one.taken, one.kind, one.changed)
            == (
                wanted.kind,
                other.asked,
                other.marking,
                other.entered,
                other.taken,
                other.kind,
                other.changed,
            )
            and one.roles == other.roles
            and one.backed == other.backed
            and step.below == wanted.below
            and all(one.data.get(name) == other.data.get(name) for name in fields)
            and self._named_among(one.by) == other.by
            and self._named_among(one.wrote) == other.wrote
        )

    def _named_among(self, ids: frozenset[str]) -> frozenset[str]:
        return frozenset(filter(self.view.names, ids))

    def _asked(self, state: State, wanted: Step) -> Iterator[Group]:
        (order,) = wanted.orders
        for way in self._stepping.orders.ways(state):
            if way.full == order.action:
                for member in self._first(self._model.doers(way), {order.by}):
                    yield from self._stepping.asked(state, way, member)

    def _voted(self, state: State, wanted: Step) -> Iterator[Group]:
        voting = {order.by for order in wanted.orders}
        way = wanted.way
        if way is None:
            return
        members = self._first(self._model.doers(way), voting)
        first = tuple(one for one in members if self.view.names(one.id) and one.id in voting)
        line = [one for one in members if not self.view.names(one.id)]
        yield from Polls(self._stepping).voted(state, way, first, line)

    def _first(self, members: tuple[Member, ...], ids: set[str]) -> list[Member]:
        """Those who are followed by name stay in it; of the others anybody may be, they first."""
        named = {one for one in ids if self.view.names(one)}
        fitting = [one for one in members if one.id in named or not self.view.names(one.id)]
        return sorted(fitting, key=lambda one: one.id not in ids)

    # -- who is named for a stage

    def _stages_of(self, wanted: Step) -> tuple[str, ...]:
        """Stages for which somebody has to be named before a step."""
        said = {one.rule for one in wanted.leaning.said if one.holds}
        asked = [one for one in self._model.rules if spoken(one) in said]
        named = [one.parameters["stage"] for one in asked if one.kind is responsible_named]
        if any(one.kind is is_responsible for one in asked):
            named.append(wanted.told.asked.rpartition(".")[0])
        return tuple(dict.fromkeys(named))

    def _named(self, state: State, stages: tuple[str, ...]) -> Iterator[tuple[Steps, State]]:
        """How somebody may be named for each of some stages; at least for one."""
        for stage in stages[:1]:
            for edge in self._naming(state, stage):
                yield (edge.step,), edge.target
                for more, target in self._named(edge.target, stages[1:]):
                    yield (edge.step, *more), target
        if len(stages) > 1:
            yield from self._named(state, stages[1:])

    def _naming(self, state: State, stage: str) -> Iterator[Edge]:
        for way in self._stepping.orders.ways(state):
            if way.name in NAMING:
                members = [one for one in self._model.doers(way) if not self.view.names(one.id)]
                for member in members[: 1 if way.name == "assign" else None]:
                    for group in self._stepping.asked(state, way, member):
                        self._left -= 1
                        yield from (
                            one for one in group if one.target.item.responsible(stage) is not None
                        )

    # -- where it is gone

    @cached_property
    def _model(self) -> Model:
        return Model(self.setting, self.view | View(everybody=True))

    @cached_property
    def _stepping(self) -> Stepping:
        return Stepping(self._model)

    @cached_property
    def _unasked(self) -> Unasked:
        return Unasked(self._stepping)
