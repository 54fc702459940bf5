"""Plans: what a workflow says, compiled once into the table that runs.

The table comes out of the workflow's `transitions.Machine`; this module adds what a machine does
not know: who opens an action, what it needs, where done leads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import attrs

from socialflow._machine import table_of
from socialflow.cases import BELOW, RESERVED_FACTS
from socialflow.definitions import Workflow
from socialflow.forms import fields_of
from socialflow.items import Event, Token, stage_of
from socialflow.kinds import Children, Line
from socialflow.moments import Moment
from socialflow.people import ANYONE
from socialflow.stages import Parallel, Stage, stages_in
from socialflow.ways import Way, denied_by, opened_by, ways_out_of

__all__ = ["Plan", "plan_of"]


@attrs.define(slots=False, eq=False)
class Plan:
    """A workflow, ready to run.

    Attributes:
        workflow: What it was compiled from.
        ways: The ways out of each state, by short and by full name.
        listed: The same ways, each once, in reading order.
        automatic: Ways that the system takes by itself, by state.
        due: Ways that the system takes when their time has come, by state.
        restless: States in which something may happen by itself: done, with automatic ways, or of
            a stage that follows its children.
    """

    workflow: Workflow
    ways: Mapping[str, Mapping[str, Way]]
    listed: Mapping[str, tuple[Way, ...]]
    automatic: Mapping[str, tuple[Way, ...]]
    due: Mapping[str, tuple[Way, ...]]
    restless: frozenset[str]

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name, short or full, that some state has a way for."""
        return frozenset(name for ways in self.ways.values() for name in ways)

    @cached_property
    def needs(self) -> frozenset[str]:
        """Facts that any rule of the workflow reads."""
        ways = (way for table in (self.listed, self.due) for way in _all(table))
        return self.settling_needs.union(*(way.needs for way in ways))

    def needs_of(self, action: str) -> frozenset[str]:
        """Facts from outside that an action needs, wherever it is open, and what may follow."""
        ways = [ways[action] for ways in self.ways.values() if action in ways]
        return self.settling_needs.union(*(way.needs for way in ways)) - RESERVED_FACTS

    @cached_property
    def settling_needs(self) -> frozenset[str]:
        """Facts that settling may need: of entry rules, ballots, and what happens by itself."""
        gates = (rule for stage in self.workflow.stages for rule in stage.enter)
        needs = {need for rule in gates for need in rule.kind.needs}
        ways = (way for table in (self.automatic, self.balloted) for way in _all(table))
        needs.update(need for way in ways for need in way.needs)
        return frozenset(needs | {BELOW} if self.follows else needs)

    @cached_property
    def inside(self) -> frozenset[str]:
        """Facts that the engine has to read out of the store and the directory."""
        return self.needs & RESERVED_FACTS

    @cached_property
    def watched(self) -> tuple[str, ...]:
        """Kinds of children that stages follow or rules ask about."""
        asked = {following.workflow for following in self.follows.values()}
        if BELOW in self.needs:
            asked.update(self.workflow.kinds)
        return tuple(sorted(asked))

    @cached_property
    def balloted(self) -> Mapping[str, tuple[Way, ...]]:
        """Ways that are decided by ballot, by state."""
        found = {s: tuple(w for w in ways if w.ballots) for s, ways in self.listed.items()}
        return {state: ways for state, ways in found.items() if ways}

    @cached_property
    def is_timed(self) -> bool:
        """Whether anything in the workflow is due at some time."""
        return bool(self.due or self.until)

    @cached_property
    def by_system(self) -> tuple[Way, ...]:
        """Ways that nobody can ask for."""
        return (*_all(self.automatic), *_all(self.due))

    @cached_property
    def chains(self) -> Mapping[str, Way]:
        """A way of each action that is decided by ballot, by its full name."""
        return {way.full: way for way in _all(self.balloted)}

    @cached_property
    def follows(self) -> Mapping[str, Children]:
        """What stages follow, every state in full, by the stage."""
        stages = (stage for stage in self.workflow.stages if stage.follows is not None)
        return {stage.name: _in_full(self.workflow, stage) for stage in stages}

    @cached_property
    def led_by_children(self) -> frozenset[str]:
        """States that nothing leads out of but what becomes of the item's children."""
        return frozenset(
            full
            for name in self.follows
            for full in map(self.stage_named(name).full, self.stage_named(name).states)
            if full not in self.done and not self._leads_out_of(full)
        )

    def _leads_out_of(self, state: str) -> bool:
        """Whether somebody, or time, may move an item in that state, or give it children."""
        tables = (self.listed, self.automatic, self.due)
        ways = [way for table in tables for way in table.get(state, ()) if way.action is not None]
        return stage_of(state) in self.until or any(
            {*way.targets} - {state} or any(effect.name == "spawn" for effect in way.effects)
            for way in ways
        )

    @cached_property
    def until(self) -> Mapping[str, Moment]:
        """When stages that are open together are joined at the latest, by the stage."""
        steps = [step for step in self.workflow.steps if isinstance(step, Parallel)]
        return {one.name: step.until for step in steps if step.until for one in step.stages}

    @cached_property
    def _reversible(self) -> frozenset[str]:
        """Full names of the actions that may be undone."""
        ways = [way for way in _all(self.listed) if way.action is not None]
        return frozenset(way.full for way in ways if way.action and way.action.reversible)

    def may_be_undone(self, event: Event) -> bool:
        """Whether what happened may be undone: nothing was sent, spawned or told."""
        return event.action in self._reversible and not event.effects

    @cached_property
    def content(self) -> frozenset[str]:
        """Names of the fields that are content."""
        return frozenset(self.workflow.content)

    @cached_property
    def editable(self) -> Mapping[str, attrs.Attribute[Any]]:
        """The workflow's own fields, but for those that are fixed, by name."""
        own = fields_of(self.workflow.fields) if self.workflow.fields else {}
        return {name: own[name] for name in own if name not in self.workflow.fixed}

    def stage_named(self, name: str) -> Stage:
        """The stage of that name, looked up in a table."""
        return self._stages[name]

    @cached_property
    def _stages(self) -> Mapping[str, Stage]:
        return {stage.name: stage for stage in self.workflow.stages}

    @cached_property
    def done(self) -> frozenset[str]:
        """Full names of all done states."""
        return _done(self.workflow)

    @cached_property
    def first_stages(self) -> tuple[Stage, ...]:
        """Where an item begins."""
        return tuple(stages_in(self.workflow.steps[:1]))

    def birth(self, name: str) -> Way:
        """The way into the workflow: ``create`` or ``adopt``."""
        roles = self.workflow.rights.get(name, (ANYONE,) if name == "create" else ())
        opening, denied = opened_by(self.workflow, roles), denied_by(self.workflow, name)
        return Way(name, name, "", (), "", opening, denied)

    def settles(self, tokens: Iterable[Token]) -> bool:
        """Whether something may happen by itself where these tokens are."""
        return any(token.state in self.restless or token.stage in self.until for token in tokens)

    def is_late(self, token: Token, tokens: Iterable[Token]) -> bool:
        """Whether the item has gone on, and *token* lives on in a step behind."""
        places = self.workflow.places
        if token.stage not in self.until:
            return False
        return any(places.get(one.stage, 0) > places[token.stage] for one in tokens)

    def open(self, tokens: tuple[Token, ...], name: str) -> list[Way]:
        """The ways that *name* stands for where these tokens are; each action of a stage once."""
        found: dict[tuple[str, str], Way] = {}
        for token in tokens:
            way = self.ways[token.state].get(name)
            if way is not None:
                found.setdefault((way.full, way.stage), way)
        return list(found.values())

    def states_with(self, name: str) -> tuple[str, ...]:
        """The states in which *name* is open."""
        return tuple(state for state, ways in self.ways.items() if name in ways)


def plan_of(workflow: Workflow) -> Plan:
    """The plan of *workflow*, compiled the first time it is asked for."""
    plan: Plan | None = workflow.__dict__.get("_plan")
    if plan is None:
        plan = workflow.__dict__["_plan"] = _compiled(workflow)
    return plan


def _compiled(workflow: Workflow) -> Plan:
    table, restless = table_of(workflow.machine()), _restless(workflow)
    busy = restless | _timed(workflow)
    ways = [way for state in workflow.states for way in ways_out_of(workflow, table, busy, state)]
    listed: dict[str, list[Way]] = {state: [] for state in workflow.states}
    automatic: dict[str, list[Way]] = {}
    due: dict[str, list[Way]] = {}
    for way in ways:
        action = way.action
        if action is None or not action.by_system:
            listed[way.source].append(way)
        else:
            (automatic if action.automatic else due).setdefault(way.source, []).append(way)
    return Plan(
        workflow,
        {state: _by_name(ways) for state, ways in listed.items()},
        _frozen(listed),
        _frozen(automatic),
        _frozen(due),
        restless,
    )


def _frozen(table: Mapping[str, list[Way]]) -> Mapping[str, tuple[Way, ...]]:
    return {state: tuple(ways) for state, ways in table.items()}


def _all(table: Mapping[str, tuple[Way, ...]]) -> Iterator[Way]:
    return (way for ways in table.values() for way in ways)


def _in_full(workflow: Workflow, stage: Stage) -> Children:
    """What a stage follows, with the states of the stage and of the children in full."""
    assert stage.follows is not None
    kind = workflow.kinds[stage.follows.workflow]
    lines = [
        Line(
            line.state if line.state.startswith("end.") else stage.full(line.state),
            some=map(kind.full, line.some),
            only=map(kind.full, line.only),
        )
        for line in stage.follows.lines
    ]
    return Children(kind.name, lines)


def _done(workflow: Workflow) -> frozenset[str]:
    return frozenset(stage.full(state) for stage in workflow.stages for state in stage.done)


def _restless(workflow: Workflow) -> frozenset[str]:
    """States that are done, have an automatic action, or follow the children's."""
    own = {
        stage.full(source)
        for stage in workflow.stages
        for action in stage.actions
        if action.automatic
        for source in action.sources
    }
    every = (workflow.sources(action) for action in workflow.actions if action.automatic)
    following = (map(stage.full, stage.states) for stage in workflow.stages if stage.follows)
    return _done(workflow).union(own, *every, *following)


def _timed(workflow: Workflow) -> frozenset[str]:
    """States in which something is due, or that are left when a date has come."""
    own = {
        stage.full(source)
        for stage in workflow.stages
        for action in stage.actions
        if action.due is not None
        for source in action.sources
    }
    every = (workflow.sources(action) for action in workflow.actions if action.due is not None)
    steps = [step for step in workflow.steps if isinstance(step, Parallel) and step.until]
    together = (map(stage.full, stage.states) for step in steps for stage in stages_in((step,)))
    return frozenset(own).union(*every, *together)


def _by_name(ways: list[Way]) -> Mapping[str, Way]:
    return {way.full: way for way in ways} | {way.name: way for way in reversed(ways)}
