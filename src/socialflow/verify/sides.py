"""Sides: one of two definitions that are compared, in a view that looks at the rules of both."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from functools import cached_property

import attrs

from socialflow.cases import Facts
from socialflow.definitions import Workflow
from socialflow.items import Command
from socialflow.people import SYSTEM, Member
from socialflow.plain import FrozenDict
from socialflow.rules import Rule
from socialflow.verify.casting import Casting
from socialflow.verify.chances import Said
from socialflow.verify.hunting import Budget, Exhausted, trace_to
from socialflow.verify.judgements import Order
from socialflow.verify.models import Model, Setting
from socialflow.verify.orders import Orders
from socialflow.verify.playing import Script, playable
from socialflow.verify.replays import Replay, replay
from socialflow.verify.rewritten import rules_of
from socialflow.verify.space import Space
from socialflow.verify.states import State
from socialflow.verify.steps import Step, Stepping
from socialflow.verify.traces import Trace
from socialflow.verify.unasked import Unasked
from socialflow.verify.views import View
from socialflow.ways import Way

__all__ = ["Itself", "Side"]

OF_OTHERS = ("vote", "undo", "resume", "unarchive")
"""Commands that follow from what was done before, which is not followed here."""
CAST = 500
"""So many states are looked at to find people who can go a way."""
APART = frozenset({"undo", "force"})
REASON = FrozenDict({"reason": "text"})

Opened = tuple[str, frozenset[str]]
"""Something that may be asked for, and the roles that open it."""
Itself = tuple[str, str, object]
"""What happens by itself: of which kind, its name, and where the children are."""


End = tuple[tuple[str, ...], frozenset[Said]]
"""Where something leads, and what undecided rules say then."""


@attrs.frozen(slots=False, eq=False)
class Compared(Model):
    """A model that tells apart what the rules of another definition, too, tell apart."""

    theirs: Workflow = attrs.field(kw_only=True)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule of both."""
        own = rules_of(self.setting.workflow)
        return tuple(dict.fromkeys((*own, *rules_of(self.theirs))))


@attrs.define(slots=False, eq=False)
class Side:
    """One definition.

    Attributes:
        name: ``"old"`` or ``"new"``.
        setting: It, and the team.
        view: What is told apart.
        theirs: The other definition.
        is_whole: Whether all of it has been looked at.
    """

    name: str
    setting: Setting
    view: View
    theirs: Workflow
    is_whole: bool = True
    _origins: dict[int, tuple[int | None, Step]] = attrs.field(factory=dict)

    @cached_property
    def model(self) -> Model:
        """It in that view."""
        known = frozenset(self.setting.workflow.declared)
        view = attrs.evolve(self.view, fields=self.view.fields & known, apart=APART)
        return Compared(self.setting, view, theirs=self.theirs)

    @cached_property
    def space(self) -> Space:
        """Everything that can happen."""
        return Space(self.model)

    @cached_property
    def stepping(self) -> Stepping:
        """Takes steps on purpose."""
        return Stepping(self.model)

    @cached_property
    def _orders(self) -> Orders:
        return Orders(self.model)

    # -- where an item can be

    def reached(self, budget: Budget) -> Iterator[int]:
        """States, the nearest first, for as long as the budget reaches."""
        waiting: deque[int] = deque()
        leadings, before = self.space.births, None
        while True:
            for leading in leadings:
                for step, n in leading:
                    if n not in self._origins:
                        self._origins[n] = before, step
                        waiting.append(n)
            if not waiting:
                return
            try:
                budget.spend()
            except Exhausted:
                self.is_whole = False
                return
            before = waiting.popleft()
            leadings = self.space.leaving(before)
            yield before

    def trace_to(self, n: int) -> Trace:
        """The shortest way to a state."""
        return trace_to(self._origins, n)

    def gone(self, n: int) -> tuple[Trace, Replay]:
        """A way to a state, and what comes of it if an engine goes it: with people who can."""
        if n not in self._gone:
            trace = self.trace_to(n)
            self._gone[n] = trace, replay(self.setting, trace)
            if self._gone[n][1].why:
                self._cast(n, trace)
        return self._gone[n]

    def _cast(self, n: int, trace: Trace) -> None:
        try:
            budget = Budget.of(CAST)
            cast = Casting(self.setting, self.model.view, budget).of(trace)
        except Exhausted:
            return
        if cast is not None:
            played = replay(self.setting, cast)
            if not played.why:
                self._gone[n] = cast, played

    @cached_property
    def _gone(self) -> dict[int, tuple[Trace, Replay]]:
        return {}

    @cached_property
    def script(self) -> Script:
        """What undecided rules say where the core is asked for real."""
        return Script()

    @cached_property
    def playable(self) -> Workflow:
        """The workflow in which only what is undecided follows the script."""
        told = self.setting
        return playable(told.workflow, self.script, frozenset(), spawned=told.is_below)

    @cached_property
    def holders(self) -> Facts:
        """Who has a vote where all have to agree."""
        return Model(self.setting, View(everybody=True)).facts

    # -- what may be asked for

    def ways(self, state: State) -> dict[tuple[str, str], Way]:
        """What is listed in a state, by full name and stage."""
        found: dict[tuple[str, str], Way] = {}
        for token in state.item.tokens:
            for way in self.model.plan.listed[token.state]:
                if way.name not in OF_OTHERS:
                    found.setdefault((way.full, way.stage), way)
        return found

    def papers(
        self, way: Way, state: State, member: Member
    ) -> Iterator[tuple[FrozenDict | None, str | None]]:
        """Data and target with which it may be asked for."""
        if way.name == "force" and way.action is None:
            yield from ((REASON, to) for to in way.targets[:1])
        elif way.name == "assign" and way.action is None:
            yield FrozenDict({"member": member.id, "stage": way.stage}), None
        else:
            for data in self._orders.data(way, state):
                yield from ((data, to) for to in way.choices or (None,))

    def births(self, member: Member) -> Iterator[FrozenDict | None]:
        """Data with which an item may be brought into being."""
        for command, by in self._orders.births():
            yield from (command.data for _ in (member,) if by is not SYSTEM)

    def order(self, name: str, member: Member, data: FrozenDict | None, to: str | None) -> Order:
        """A member's command."""
        return member, Command(name, member.id, self.setting.at, data, to)

    def votes(self, n: int) -> Iterator[tuple[Way, tuple[Order, ...]]]:
        """For each ballot that can be carried in a state, the fewest who carry it."""
        least: dict[tuple[str, str | None], Step] = {}
        for leading in self.space.leaving(n):
            for step, _ in leading:
                key = step.told.asked, step.orders[0].to if step.orders else None
                if step.kind == "voted" and (
                    key not in least or len(step.orders) < len(least[key].orders)
                ):
                    least[key] = step
        team = {one.id: one for one in self.model.crew.members}
        for step in least.values():
            assert step.way is not None, "votes are about something"
            yield step.way, tuple((team[one.by], one) for one in step.orders)

    def by_itself(
        self, state: State
    ) -> dict[Itself, frozenset[tuple[tuple[str, ...], frozenset[Said]]]]:
        """What happens without anybody asking, and where each leads."""
        found: dict[Itself, set[tuple[tuple[str, ...], frozenset[Said]]]] = {}
        for group in Unasked(self.stepping).leaving(state):
            for step, _ in group:
                below = step.below if step.kind == "children" else ()
                ends = found.setdefault((step.kind, step.told.asked, below), set())
                ends.add((step.told.marking, frozenset(step.leaning.said)))
        return {key: frozenset(ends) for key, ends in found.items()}

    # -- who

    def allowed(self, members: Iterable[Member]) -> dict[str, frozenset[Opened]]:
        """What each of them may do, by their ids."""
        ways = [*self.model.crew.ways, self.model.plan.birth("create")]
        may = {(one.full, one.roles): self.model.allowed(one) for one in ways}
        return {
            one.id: frozenset(key for key, several in may.items() if one in several)
            for one in members
        }
