"""Steps: what the library makes of an order in a state; nothing is decided here but by the core."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

import attrs

from socialflow.births import found
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
            ``"told"`` or ``"children"``.
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

            yield from self.taken("born", None, run, doer=member)

    def _found(self, command: Command, member: Member) -> Ran | None:
        model = self.model
        outcome = found(
            model.workflow,
            "item",
            command,
            member,
            model.origin,
            facts=model.facts,
            policy=model.setting.policy,
            acting_for=model.acting_for(member),
        )
        return Ran(None, outcome, (command,)) if isinstance(outcome, Event) else None

    def leaving(self, state: State) -> Iterator[Group]:
        """Everything that members may do in a state."""
        self.forgetting.remember(state.item)
        for way, command, member in self.orders.of(state):

            def run(command: Command = command, member: Member = member) -> Ran | None:
                return self._in_turn(state, [(member, command)])

            yield from self.taken("asked", state, run, doer=member, way=way)
        yield from self._voted(state)
        yield from self._forced(state)

    # -- one command after the other

    def facts(self, state: State, below: Below | None = None) -> Facts:
        """What rules find out of the store and the directory."""
        more: dict[str, object] = {BELOW: dict(state.below if below is None else below)}
        if state.past is not None:
            past = state.past
            command = Command("", past.by, self.model.setting.at)
            more[PAST] = new_event("item", 1, past.action, command, (), (), ()), past.item
        return self.model.facts.with_known(more)

    def _decided(self, item: Item, facts: Facts, command: Command, member: Member) -> Event | None:
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
            event = self._decided(item, facts, command, member)
            if event is None:
                return None
            ran = Ran(item, event, tuple(order for _, order in orders))
            item = apply(item, event)
        return ran

    def _voted(self, state: State) -> Iterator[Group]:
        """What others carry who are not followed: all their votes at once, since none is kept."""
        if self.model.view.everybody:
            return
        for token in state.item.tokens:
            for way in self.model.plan.balloted.get(token.state, ()):
                if way.name != "force" and self.model.is_taken(way):
                    yield from self._voted_for(state, way)

    def _voted_for(self, state: State, way: Way) -> Iterator[Group]:
        followed = [one for one in self.model.doers(way) if self.model.view.follows(one.id)]
        others = [one for one in self.model.doers(way) if one not in followed]
        data = next(iter(self.orders.data(way, state)), None)
        for to in way.choices or (None,):
            for last in (None, *followed):

                def run(last: Member | None = last, to: str | None = to) -> Ran | None:
                    return self._carried(state, way, [*others, *others], last, data, to)

                yield from self.taken("voted", state, run, doer=last, way=way)

    def _carried(
        self,
        state: State,
        way: Way,
        others: list[Member],
        last: Member | None,
        data: FrozenDict | None,
        to: str | None,
    ) -> Ran | None:
        """One vote after the other, as far as each is let, and *last* the one that carries it."""
        item, facts = state.item, self.facts(state)
        orders: list[Command] = []
        for member in (*others, *([last] if last else [])):
            command = Command(way.full, member.id, self.model.setting.at, data, to)
            event = self._decided(item, facts, command, member)
            if event is None:
                continue
            orders.append(command)
            if any(move.cause == way.full for move in event.moves):
                return Ran(item, event, tuple(orders)) if last in (None, member) else None
            item = apply(item, event)
        return None

    def _forced(self, state: State) -> Iterator[Group]:
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

                yield from self.taken("forced", state, run, doer=pair[1], way=way)

    # -- what comes of it

    def taken(
        self,
        kind: str,
        state: State | None,
        run: Run,
        *,
        doer: Member | None = None,
        below: Below | None = None,
        way: Way | None = None,
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
            edge = self._edge(kind, state, ran, leaning, doer, below, way)
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
        doer: Member | None,
        below: Below | None,
        way: Way | None,
    ) -> Edge:
        item = apply(ran.before, ran.event)
        told = self._told(ran, item, doer)
        if kind == "forced":
            votes = tuple(one for one in item.votes if one.action != "force")
            item = attrs.evolve(item, beside=attrs.evolve(item.beside, votes=votes))
        now = state.below if below is None and state is not None else below or ()
        now = tuple(one for one in now if one[0] in item.rounds)
        target = self.forgetting.state(item, now, self._past(state, ran.event))
        return Edge(Step(kind, told, leaning, ran.orders, now, way), target)

    def _told(self, ran: Ran, item: Item, doer: Member | None) -> Happening:
        model = self.model
        if doer is None:
            return happening(model.workflow, ran.before, item, ran.event, ())
        persons = (doer.id, *model.acting_for(doer))
        return happening(
            model.workflow,
            ran.before,
            item,
            ran.event,
            persons,
            model.roles_of(doer, ran.event.action),
            doer.kind,
            model.view.follows,
        )

    def _past(self, state: State | None, event: Event) -> Past | None:
        plan = self.model.plan
        if state is None or not plan.may_be_undone(event) or event.by == SYSTEM.id:
            return None
        return Past(event.action, event.by, state.item)


def _covered(edge: Edge, sure: bool) -> Edge:
    leaning = attrs.evolve(edge.step.leaning, covered=sure)
    return Edge(edge.step._replace(leaning=leaning), edge.target)
