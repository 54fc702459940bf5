"""Trials: one workflow, one team, and the verdict on each property.

A trial begins with the coarsest view that a property can be judged in, and looks closer for as long
as what breaks it there is nothing that could really happen.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import attrs

from socialflow.errors import WrongArgument
from socialflow.verify.casting import Casting
from socialflow.verify.chances import Chances, Said, is_closed, spoken
from socialflow.verify.concerned import concerned, stoppable
from socialflow.verify.hunting import Budget, Exhausted, broken
from socialflow.verify.models import Model, Setting, matches
from socialflow.verify.outlooks import Outlook, names_of
from socialflow.verify.properties import Property, Safety
from socialflow.verify.prospects import AlwaysPossible, Eventually, SomeoneCanAct
from socialflow.verify.replays import replay
from socialflow.verify.rewritten import Reading, fields_read
from socialflow.verify.space import Space
from socialflow.verify.steps import Step
from socialflow.verify.traces import Trace
from socialflow.verify.verdicts import Outcome, Verdict
from socialflow.verify.views import View
from socialflow.verify.words import states_of

__all__ = ["Trial"]

FEW = 6
"""So many members are few enough to follow them all."""
SMALL = 80
"""So many states are few enough for that."""
LARGE = 20
"""A workflow with more states is not looked at field by field, if rules may have their say."""
CLOSER = 6
"""How often a trial looks closer."""


def _is_played(step: Step) -> bool:
    return step.kind not in ("date", "told", "again")


def _is_sure(step: Step) -> bool:
    return not step.leaning.said


SURELY: tuple[Callable[[Step], bool], ...] = (
    lambda step: _is_sure(step) and _is_played(step),
    _is_played,
    _is_sure,
)
"""What a trace had better consist of: the best first."""


@attrs.define(slots=False)
class Trial:
    """The verdicts about one workflow and one team.

    Attributes:
        setting: The two.
        properties: All that are asked about it; they share what has been looked at.
        budget: How much may still be looked at.
    """

    setting: Setting
    properties: tuple[Property, ...]
    budget: Budget
    _spaces: dict[View, Space] = attrs.field(factory=dict)
    _outlooks: dict[View, Outlook] = attrs.field(factory=dict)
    _castings: dict[View, Casting] = attrs.field(factory=dict)

    @property
    def size(self) -> int:
        """How many states have been looked at."""
        return sum(one.size for one in self._spaces.values())

    @property
    def forgotten(self) -> tuple[str, ...]:
        """What is not looked at here."""
        found = []
        if any(space.model.chances.more for space in self._spaces.values()):
            found.append(
                "some of the ways in which undecided rules can be combined: there are too many"
            )
        return tuple(found)

    def verdict_on(self, one: Property) -> Verdict:
        """What can be said about a property."""
        before = self.budget.left
        try:
            verdict = self._judged(one)
        except Exhausted:
            used = before - self.budget.left
            why = (
                f"the budget of {self.budget.given} states is used up, {used} of them here: "
                "give more, or a property that is about less"
            )
            verdict = Verdict(one, Outcome.UNKNOWN, why=why)
        if not verdict.is_refuted and self._is_cut_short:
            why = "undecided rules can be combined in too many ways: declare some of them closed"
            verdict = Verdict(one, Outcome.UNKNOWN, why=why)
        return attrs.evolve(verdict, workflow=self.setting.workflow.name)

    @property
    def _is_cut_short(self) -> bool:
        return any(space.model.chances.more for space in self._spaces.values())

    def _judged(self, one: Property) -> Verdict:
        if isinstance(one, Safety):
            return self._safe(one)
        if isinstance(one, AlwaysPossible):
            return self._possible(one)
        if isinstance(one, SomeoneCanAct):
            return self._acting(one)
        if isinstance(one, Eventually):
            return self._coming(one)
        raise WrongArgument("a property", "made with socialflow.verify", repr(one))

    # -- what is looked at

    def _space(self, view: View) -> Space:
        if view not in self._spaces:
            self._spaces[view] = Space(Model(self.setting, view))
        return self._spaces[view]

    def _outlook(self, view: View) -> Outlook:
        if view not in self._outlooks:
            self._outlooks[view] = Outlook.over(self._space(view), self.budget)
        return self._outlooks[view]

    @cached_property
    def _names(self) -> View:
        """The roles, kinds and commands that any of the properties asks about."""
        view = View()
        for one in self.properties:
            theirs = one.view()
            if theirs.fields or (isinstance(one, Safety) and one.is_about_people):
                continue
            view |= View(roles=theirs.roles, kinds=theirs.kinds, named=theirs.named)
        return view

    def _view_of(self, one: Property) -> View:
        """What it looks at; with what the others look at, if they can share a space."""
        view = one.view()
        return view if view.fields else view | self._names

    def _is_small(self, view: View) -> bool:
        """Whether everybody can be followed."""
        states = len(self._space(view).states)
        return len(self.setting.team.members) <= FEW and states <= SMALL

    @property
    def _is_large(self) -> bool:
        """Whether what breaks a property may lean on rules that could be decided."""
        return len(self.setting.workflow.states) > LARGE

    # -- safety

    def _safe(self, one: Safety) -> Verdict:
        if not one.is_about_people:
            return self._pursued(one, self._view_of(one))
        view = self._view_of(one)
        cast = tuple(concerned(self.setting, one)) or (frozenset[str](),)
        verdicts = [self._pursued(one, view | View(people=ids)) for ids in cast]
        worst = [verdict for verdict in verdicts if verdict.outcome is not Outcome.PROVED]
        return worst[0] if worst else Verdict(one, Outcome.PROVED)

    def _pursued(self, one: Safety, view: View) -> Verdict:
        """The verdict in one view, or in closer ones if what breaks it there cannot be."""
        for time in range(CLOSER):
            found = broken(self._space(view), one, self.budget)
            if found is None:
                return Verdict(one, Outcome.PROVED)
            coarse = self._surest(one, view, found)
            trace = self._cast_for(view, coarse)
            played = replay(self.setting, trace)
            if not played.why and played.breaks(self.setting, one):
                return self._refuted(one, trace, confirmed=True)
            if self._is_large:
                told = replay(self.setting, trace, decided=view.fields)
                if not told.why and told.breaks(self.setting, one):
                    names = names_of(self._undecided(trace.said, view.fields))
                    outcome = Outcome.REFUTED_IF if names else Outcome.REFUTED
                    return Verdict(one, outcome, names, trace, confirmed=True)
            why = played.why or "the engine makes something else of it"
            closer = self._looking_closer(view, coarse, trace)
            if closer == view or time == CLOSER - 1:
                return self._refuted(one, trace, why=why)
            view = closer
        raise AssertionError("it is looked at closer only so often")

    def _cast_for(self, view: View, trace: Trace) -> Trace:
        """The trace with people in it who can go it, if there are any."""
        if view.everybody:
            return trace
        if view not in self._castings:
            self._castings[view] = Casting(self.setting, view, self.budget)
        return self._castings[view].of(trace) or trace

    def _surest(self, one: Safety, view: View, trace: Trace) -> Trace:
        """A trace that leans on no undecided rule, or at least can be played, if there is one."""
        for taken in SURELY:
            if all(map(taken, trace.steps)):
                return trace
            found = broken(self._space(view), one, self.budget, taken)
            if found is not None:
                return found
        return trace

    def _refuted(
        self, one: Property, trace: Trace, *, confirmed: bool = False, why: str = ""
    ) -> Verdict:
        names = names_of(self._undecided(trace.said) if confirmed else trace.said)
        outcome = Outcome.REFUTED_IF if names or not confirmed else Outcome.REFUTED
        return Verdict(one, outcome, names, trace, confirmed, why)

    def _undecided(
        self, said: tuple[Said, ...], fields: frozenset[str] | None = None
    ) -> tuple[Said, ...]:
        """Those that the engine, too, has taken from the script when it carried out a trace."""
        view = self._exactly if fields is None else View(everybody=True, fields=fields)
        reading = Reading(view, Chances())
        rules = {spoken(one): one for one in Model(self.setting, View()).rules}
        return tuple(
            one for one in said if one.rule in rules and not (reading.is_decided(rules[one.rule]))
        )

    @cached_property
    def _exactly(self) -> View:
        return View(everybody=True, fields=frozenset(self.setting.workflow.declared))

    def _with_fields(self, view: View, said: tuple[Said, ...]) -> View:
        """The view that decides those rules too which are about fields alone."""
        names = {one.rule for one in said}
        rules = [one for one in self._space(view).model.rules if spoken(one) in names]
        closed = (one for one in rules if is_closed(one) and not one.waivable_by)
        fields = frozenset(field for one in closed for field in fields_read(one))
        known = fields & frozenset(self.setting.workflow.declared)
        return view | View(fields=known) if len(view.fields | known) <= FEW else view

    def _looking_closer(self, view: View, coarse: Trace, cast: Trace) -> View:
        """A view in which it may turn out that what a trace tells cannot be."""
        closer = self._with_fields(view, cast.said)
        if cast is coarse or closer == view:
            closer |= self._with_people(view, coarse)
        return closer

    def _with_people(self, view: View, trace: Trace) -> View:
        """The view that follows those too who act in a trace, or everybody, if they are few.

        Whom nothing stops that they have written need not be followed.
        """
        doers = trace.doers & self._stoppable
        closer = view | View(alike=doers - view.people)
        if closer == view and self._is_small(view):
            return view | View(everybody=True)
        return closer

    @cached_property
    def _stoppable(self) -> frozenset[str]:
        return stoppable(self.setting)

    # -- prospects

    def _possible(self, one: AlwaysPossible) -> Verdict:
        goal = states_of(self.setting.workflow, one.to)

        def hopeless(outlook: Outlook, given: frozenset[Said] | None) -> int | None:
            found = outlook.hopeless(goal, given)
            return found[0] if found else None

        return self._ahead(one, hopeless)

    def _acting(self, one: SomeoneCanAct) -> Verdict:
        return self._ahead(one, lambda outlook, given: outlook.stranded(one.absent, given))

    def _ahead(
        self,
        one: Property,
        worst: Callable[[Outlook, frozenset[Said] | None], int | None],
    ) -> Verdict:
        """The verdict on what can still happen: relying on nothing, on some rules, or on any."""
        view = self._view_of(one)
        for _ in range(CLOSER):
            outlook = self._outlook(view)
            if worst(outlook, frozenset()) is None:
                return Verdict(one, Outcome.PROVED)
            n = worst(outlook, None)
            if n is None:
                names = self._fewest(outlook, worst)
                closer = self._closer(view, tuple(names))
                if closer == view:
                    return Verdict(one, Outcome.PROVED_IF, names_of(names))
            else:
                coarse = outlook.trace_to(n)
                trace = self._cast_for(view, coarse)
                closer = self._looking_closer(view, coarse, trace)
                if closer == view:
                    played = replay(self.setting, trace)
                    return self._refuted(one, trace, confirmed=not played.why, why=played.why)
            view = closer
        return Verdict(one, Outcome.UNKNOWN, why="it was not looked at any closer")

    def _closer(self, view: View, said: tuple[Said, ...]) -> View:
        if self._is_small(view) and not view.everybody:
            return view | View(everybody=True)
        return self._with_fields(view, said)

    def _fewest(
        self,
        outlook: Outlook,
        worst: Callable[[Outlook, frozenset[Said] | None], int | None],
    ) -> frozenset[Said]:
        """A smallest set of what has to be relied upon: nothing of it can be left out."""
        kept = outlook.relied_on()
        parts = [sorted(kept)]
        while parts:
            part = parts.pop()
            if worst(outlook, kept.difference(part)) is None:
                kept = kept.difference(part)
            elif len(part) > 1:
                half = len(part) // 2
                parts += part[half:], part[:half]
        return kept

    def _coming(self, one: Eventually) -> Verdict:
        goal = states_of(self.setting.workflow, one.states)

        def is_named(step: Step) -> bool:
            names = (step.kind, step.told.asked, *step.told.taken)
            names += ("stale",) if step.told.stale else ()
            return any(matches(name, one.repeating) for name in names)

        view = self._view_of(one)
        for time in range(CLOSER):
            outlook = self._outlook(view)
            found = outlook.round_about(goal, is_named)
            if found is None:
                return Verdict(one, Outcome.PROVED)
            n, loop = found
            coarse = Trace((*outlook.trace_to(n).steps, *loop))
            trace = self._cast_for(view, coarse)
            played = replay(self.setting, trace)
            if not played.why:
                return self._refuted(one, trace, confirmed=True)
            if self._is_large:
                told = replay(self.setting, trace, decided=view.fields)
                if not told.why:
                    names = names_of(self._undecided(trace.said, view.fields))
                    outcome = Outcome.REFUTED_IF if names else Outcome.REFUTED
                    return Verdict(one, outcome, names, trace, confirmed=True)
            closer = self._looking_closer(view, coarse, trace)
            if closer == view or time == CLOSER - 1:
                return self._refuted(one, trace, why=played.why)
            view = closer
        raise AssertionError("it is looked at closer only so often")
