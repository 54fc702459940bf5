"""Steps: what the library makes of an order in a state; nothing is decided here but by the core."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

import attrs

from socialflow.cases import BELOW, PAST, Facts
from socialflow.decisions import apply, decide
from socialflow.errors import EndlessSettling, Refusal
from socialflow.items import Command, Event, Item, new_event
from socialflow.people import SYSTEM, Member
from socialflow.plain import FrozenDict
from socialflow.verify.chances import Leaning
from socialflow.verify.happenings import Happening, happening
from socialflow.verify.models import Model
from socialflow.verify.orders import Orders
from socialflow.verify.states import Below, Forgetting, Past, State
from socialflow.ways import Way

__all__ = ["Edge", "Group", "Ran", "Step", "Stepping"]


class Step(NamedTuple):
    """One thing that happens.

    Attributes:
        kind: ``"born"``, ``"asked"``, ``"voted"``, ``"forced"``, ``"due"``, ``"date"``,
            ``"told"``, ``"children"`` or ``"again"``.
        told: What has happened.
        leaning: What undecided rules said.
        orders: The commands that were given, in turn.
        below: Where the children are.
        way: What was asked for.
    """

    kind: str
    told: Happening
    leaning: Leaning
    orders: tuple[Command, ...] = ()
    below: Below = ()
    way: Way | None = None


class Edge(NamedTuple):
    """A step, and the state that it leads to."""

    step: Step
    target: State


Group = tuple[Edge, ...]
"""What one order may lead to, whatever undecided rules say."""


class Ran(NamedTuple):
    """What came of a run: the item before its last event, that event, and what was ordered."""

    before: Item | None
    event: Event
    orders: tuple[Command, ...] = ()


Run = Callable[[], Ran | None]


@attrs.frozen(slots=False, eq=False)
class Stepping:
    """Takes the steps that members ask for."""

    model: Model

    @cached_property
    def forgetting(self) -> Forgetting:
        """Makes states of items."""
        return Forgetting(self.model)

    @cached_property
    def orders(self) -> Orders:
        """What may be asked for."""
        return Orders(self.model)

    def begin(self) -> Iterator[Group]:
        """How an item comes into being."""
        for command, member in self.orders.births():

            def run(command: Command = command, member: Member = member) -> Ran | None:
                return self._found(command, member)

            yield from self.taken("born", None, run, doers=(member,))
        if self.model.setting.is_below:
            yield from self._spawned()

    def _spawned(self) -> Iterator[Group]:
        """As an item above brings it into being: some who are followed may have written it."""
        followed = tuple(one for one in self.model.crew.members if self.model.view.follows(one.id))
        for command in self.orders.spawnings():
            for writers in dict.fromkeys(((), followed)):

                def run(command: Command = command, by: tuple[Member, ...] = writers) -> Ran | None:
                    return self._found(command, SYSTEM, tuple(one.id for one in by))

                yield from self.taken("born", None, run, doers=writers)

    def _found(self, command: Command, member: Member, writers: tuple[str, ...] = ()) -> Ran | None:
        outcome = self.model.birth(command, member, writers)
        return Ran(None, outcome, (command,)) if isinstance(outcome, Event) else None

    def leaving(self, state: State) -> Iterator[Group]:
        """Everything that members may do in a state."""
        self.forgetting.remember(state.item)
        for way, command, member in self.orders.of(state):
            yield from self._commanded(state, way, command, member)
        yield from self.forced(state)

    def asked(self, state: State, way: Way, member: Member) -> Iterator[Group]:
        """What one member may do there by one way."""
        self.forgetting.remember(state.item)
        for command in self.orders.by(member, way, state):
            yield from self._commanded(state, way, command, member)

    def _commanded(
        self, state: State, way: Way, command: Command, member: Member
    ) -> Iterator[Group]:
        def run() -> Ran | None:
            return self._in_turn(state, [(member, command)])

        yield from self.taken("asked", state, run, doers=(member,), way=way)

    # -- one command after the other

    def facts(self, state: State, below: Below | None = None) -> Facts:
        """What rules find out of the store and the directory."""
        more: dict[str, object] = {BELOW: dict(state.below if below is None else below)}
        if state.past is not None:
            past = state.past
            command = Command("", past.by, self.model.setting.at)
            more[PAST] = new_event("item", 1, past.action, command, (), (), ()), past.item
        return self.model.facts.with_known(more)

    def decided(self, item: Item, facts: Facts, command: Command, member: Member) -> Event | None:
        """What the library says to a command; None if it refuses."""
        outcome = decide(
            self.model.workflow,
            item,
            command,
            member,
            facts=facts,
            policy=self.model.setting.policy,
            acting_for=self.model.acting_for(member),
        )
        return None if isinstance(outcome, Refusal) else outcome

    def _in_turn(self, state: State, orders: list[tuple[Member, Command]]) -> Ran | None:
        """All of them, one after the other; None if one is refused."""
        item, facts, ran = state.item, self.facts(state), None
        for member, command in orders:
            event = self.decided(item, facts, command, member)
            if event is None:
                return None
            ran = Ran(item, event, tuple(order for _, order in orders))
            item = apply(item, event)
        return ran

    def forced(self, state: State) -> Iterator[Group]:
        """Two who force it, one after the other: in between nothing has happened."""
        way = self.model.plan.ways[state.item.tokens[0].state].get("force")
        if way is None or not self.model.is_taken(way):
            return
        reason = FrozenDict({"reason": "text"})
        for to in way.targets:
            for pair in combinations(self.model.doers(way), 2):
                at = self.model.setting.at
                orders = [(one, Command("force", one.id, at, reason, to)) for one in pair]

                def run(orders: list[tuple[Member, Command]] = orders) -> Ran | None:
                    return self._in_turn(state, orders)

                yield from self.taken("forced", state, run, doers=pair, way=way)

    # -- what comes of it

    def taken(
        self,
        kind: str,
        state: State | None,
        run: Run,
        *,
        doers: tuple[Member, ...] = (),
        below: Below | None = None,
        way: Way | None = None,
        voters: tuple[Member, ...] = (),
    ) -> Iterator[Group]:
        """The group of what a run leads to, if it leads anywhere."""
        edges: dict[object, Edge] = {}
        sure = True

        def safely() -> Ran | None:
            try:
                return run()
            except EndlessSettling:
                return None

        for ran, leaning in self.model.chances.runs(safely):
            if ran is None:
                sure = False
                continue
            told = self._told(ran, doers, voters)
            edge = self._edge(kind, state, ran, leaning, told, below, way)
            key = edge.target, edge.step.told.entered
            known = edges.get(key)
            if known is None or len(leaning.said) < len(known.step.leaning.said):
                edges[key] = edge
        if len(edges) == 1 and sure:
            (only,) = edges.values()
            asked = Leaning((), only.step.leaning.asked)
            yield (Edge(only.step._replace(leaning=asked), only.target),)
        elif edges:
            yield tuple(_covered(one, sure) for one in edges.values())

    def _edge(
        self,
        kind: str,
        state: State | None,
        ran: Ran,
        leaning: Leaning,
        told: Happening,
        below: Below | None,
        way: Way | None,
    ) -> Edge:
        item = apply(ran.before, ran.event)
        if kind == "forced":
            votes = tuple(one for one in item.votes if one.action != "force")
            item = attrs.evolve(item, beside=attrs.evolve(item.beside, votes=votes))
        now = state.below if below is None and state is not None else below or ()
        now = tuple(one for one in now if one[0] in item.rounds)
        target = self.forgetting.state(item, now, self._past(state, ran.event))
        return Edge(Step(kind, told, leaning, ran.orders, now, way), target)

    def _told(self, ran: Ran, doers: tuple[Member, ...], voters: tuple[Member, ...]) -> Happening:
        model, action = self.model, ran.event.action
        gave = {order.by for order in ran.orders}
        backing = [model.roles_of(one, action) for one in voters if one.id in gave]
        return happening(
            model.workflow,
            ran.before,
            apply(ran.before, ran.event),
            ran.event,
            [id for one in doers for id in (one.id, *model.acting_for(one))],
            frozenset().union(*(model.roles_of(one, action) for one in doers)),
            doers[-1].kind if doers else "",
            model.view.names,
            frozenset().union(*backing),
        )

    def _past(self, state: State | None, event: Event) -> Past | None:
        plan = self.model.plan
        if state is None or not plan.may_be_undone(event) or event.by == SYSTEM.id:
            return None
        return Past(event.action, event.by, state.item)


def _covered(edge: Edge, sure: bool) -> Edge:
    leaning = attrs.evolve(edge.step.leaning, covered=sure)
    return Edge(edge.step._replace(leaning=leaning), edge.target)
