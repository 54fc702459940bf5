"""Unasked: what happens in a state without anybody asking, whenever it may."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from socialflow.drafts import Draft
from socialflow.errors import Refusal
from socialflow.items import Command, Event
from socialflow.judging import stopped_by_marks
from socialflow.outcomes import outcome_of
from socialflow.people import SYSTEM
from socialflow.plain import FrozenDict
from socialflow.settling import carry, objections_of
from socialflow.unasked import SETTLE, followed, told
from socialflow.verify.children import inhabited
from socialflow.verify.models import Model
from socialflow.verify.states import Below, State
from socialflow.verify.steps import Group, Ran, Stepping
from socialflow.ways import Way

__all__ = ["Unasked"]

LONG_AGO = "1970-01-01T00:00:00+00:00"


@attrs.frozen
class Unasked:
    """Takes the steps that the system takes."""

    stepping: Stepping

    @property
    def model(self) -> Model:
        """What it is about."""
        return self.stepping.model

    def leaving(self, state: State) -> Iterator[Group]:
        """Whatever is due, told from above, or follows from the children."""
        yield from self._due(state)
        yield from self._dated(state)
        yield from self._told(state)
        yield from self._from_below(state)
        yield from self._again(state)

    def _again(self, state: State) -> Iterator[Group]:
        """What did not happen by itself before, as the item was on hold or had to wait."""
        plan = self.model.plan
        if any(one.state in plan.automatic or one.state in plan.done for one in state.item.tokens):

            def run() -> Ran | None:
                at, facts = self.model.setting.at, self.stepping.facts(state)
                return _ran(state, followed(self.model.workflow, state.item, at, facts=facts))

            yield from self.stepping.taken("again", state, run)

    def _due(self, state: State) -> Iterator[Group]:
        """Whatever has a time, at any time."""
        for token in state.item.tokens:
            for way in self.model.plan.due.get(token.state, ()):
                if self.model.is_taken(way):

                    def run(way: Way = way) -> Ran | None:
                        return self._done(state, way)

                    yield from self.stepping.taken("due", state, run, way=way)

    def _done(self, state: State, way: Way) -> Ran | None:
        command = Command(way.full, SYSTEM.id, self.model.setting.at)
        draft = Draft.of(self.model.plan, state.item, command, self.stepping.facts(state))
        draft.behalf = SYSTEM.id
        if stopped_by_marks(way, state.item):
            return None
        if objections_of(way.rules, draft.case_for_system(way.full)):
            return None
        carry(draft, way)
        return _ran(state, outcome_of(draft, way.full, command, (), state.item.version + 1))

    def _dated(self, state: State) -> Iterator[Group]:
        """The date of stages that are open together, whatever it is."""
        until, item = self.model.plan.until, state.item
        open_ = [one for one in item.tokens if one.stage in until]
        if not open_ or all(self.model.plan.is_late(one, item.tokens) for one in open_):
            return
        field = until[open_[0].stage].field
        dated = attrs.evolve(item, data=FrozenDict({**item.data, field: LONG_AGO}))

        def run() -> Ran | None:
            command = Command(SETTLE, SYSTEM.id, self.model.setting.at)
            draft = Draft.of(self.model.plan, dated, command, self.stepping.facts(state))
            return _ran(state, outcome_of(draft, SETTLE, command, (), item.version + 1))

        yield from self.stepping.taken("date", state, run)

    def _told(self, state: State) -> Iterator[Group]:
        """What an item above may have it do."""
        for action in self.model.setting.told:

            def run(action: str = action) -> Ran | None:
                at, facts = self.model.setting.at, self.stepping.facts(state)
                return _ran(state, told(self.model.workflow, state.item, action, at, facts=facts))

            yield from self.stepping.taken("told", state, run)

    def _from_below(self, state: State) -> Iterator[Group]:
        """The children are somewhere else by now; wherever they can be."""
        for stage, following in self.model.plan.follows.items():
            if state.item.token(stage) is None or not state.item.rounds.get(following.workflow):
                continue
            for states in inhabited(following):
                below = ((following.workflow, states),)
                if below == state.below:
                    continue

                def run(below: Below = below) -> Ran | None:
                    at, facts = self.model.setting.at, self.stepping.facts(state, below)
                    return _ran(state, followed(self.model.workflow, state.item, at, facts=facts))

                yield from self.stepping.taken("children", state, run, below=below)


def _ran(state: State, outcome: Event | Refusal | None) -> Ran | None:
    return Ran(state.item, outcome) if isinstance(outcome, Event) else None
