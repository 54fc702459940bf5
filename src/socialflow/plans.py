"""Plans: what a workflow says, compiled once into the table that runs.

The table comes out of the workflow's `transitions.Machine`; this module adds what a machine does
not know: who opens an action, what it needs, where done leads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cached_property

import attrs

from socialflow._machine import Table, table_of
from socialflow.definitions import Workflow
from socialflow.forms import fields_of
from socialflow.items import Effect, Token, stage_of
from socialflow.people import ANYONE
from socialflow.rules import Rule
from socialflow.stages import Action, Stage, stages_in
from socialflow.standing import STANDING

__all__ = ["Plan", "Way", "plan_of", "short"]


@attrs.define(weakref_slot=False, eq=False)
class Way:
    """One action out of one state: a row of the table.

    Attributes:
        name: Short name of the action.
        full: Full name; history has only this one.
        source: Full state it leaves.
        targets: Full states it may lead to; empty where the state stays.
        stage: Name of the action's stage; empty for an action of the workflow.
        roles: Roles that open it, those that inherit them included.
        denied: Roles that may never ask for it.
        action: The definition; None for a command that every workflow has.
        rules: All must hold.
        needs: Names of the facts the rules read.
        form: The attrs class of its data, if it has a fixed one.
        demands: Whether it cannot be asked for without data.
        choices: Of several targets, what ``to`` may be: a stage, or an end.
        asks: Whether somebody has to say more than its name: data, a target, or data for a rule.
        is_step: Whether it moves within its stage, and nothing follows by itself, unless a
            signature goes stale.
        effects: Work for the outside.
        keeps: Fields of its data that the item keeps.
        content: Those of them that are content.
        gated: Whether a hand-over with entry rules may follow.
    """

    name: str
    full: str
    source: str
    targets: tuple[str, ...]
    stage: str
    roles: frozenset[str]
    denied: frozenset[str]
    action: Action | None = None
    rules: tuple[Rule, ...] = ()
    needs: frozenset[str] = frozenset()
    form: type | None = None
    demands: bool = False
    choices: tuple[str, ...] = ()
    asks: bool = False
    gated: bool = False
    is_step: bool = False
    effects: tuple[Effect, ...] = ()
    keeps: tuple[str, ...] = ()
    content: frozenset[str] = frozenset()

    def target(self, to: str | None) -> str | None:
        """The full state that ``to`` stands for, as it is or as one of the choices."""
        return self.targets[self.choices.index(to)] if to in self.choices else to


@attrs.define(slots=False, eq=False)
class Plan:
    """A workflow, ready to run.

    Attributes:
        workflow: What it was compiled from.
        ways: The ways out of each state, by short and by full name.
        listed: The same ways, each once, in reading order.
        automatic: Ways that the system takes by itself, by state.
        restless: States in which something may happen by itself: done, or with automatic ways.
    """

    workflow: Workflow
    ways: Mapping[str, Mapping[str, Way]]
    listed: Mapping[str, tuple[Way, ...]]
    automatic: Mapping[str, tuple[Way, ...]]
    restless: frozenset[str]

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name, short or full, that some state has a way for."""
        return frozenset(name for ways in self.ways.values() for name in ways)

    @cached_property
    def needs(self) -> frozenset[str]:
        """Facts that any rule of the workflow reads."""
        ways = (way for listed in self.listed.values() for way in listed)
        return self.settling_needs.union(*(way.needs for way in ways))

    @cached_property
    def settling_needs(self) -> frozenset[str]:
        """Facts that settling may need: those of entry rules and automatic actions."""
        rules = [rule for stage in self.workflow.stages for rule in stage.enter]
        rules += [rule for ways in self.automatic.values() for way in ways for rule in way.rules]
        return frozenset(need for rule in rules for need in rule.kind.needs)

    @cached_property
    def signing(self) -> tuple[Stage, ...]:
        """Stages that sign the revision, in order."""
        return tuple(stage for stage in self.workflow.stages if stage.signs == "revision")

    @cached_property
    def content(self) -> frozenset[str]:
        """Names of the fields that are content."""
        return frozenset(self.workflow.content)

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
        opening, denied = _opening(self.workflow, roles), _denied(self.workflow, name)
        return Way(name, name, "", (), "", opening, denied)

    def settles(self, tokens: Iterable[Token]) -> bool:
        """Whether something may happen by itself where these tokens are."""
        return any(token.state in self.restless for token in tokens)

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
    ways = [way for state in workflow.states for way in _ways(workflow, table, restless, state)]
    listed: dict[str, list[Way]] = {state: [] for state in workflow.states}
    automatic: dict[str, list[Way]] = {}
    for way in ways:
        taken_by_system = way.action is not None and way.action.automatic
        (automatic if taken_by_system else listed).setdefault(way.source, []).append(way)
    return Plan(
        workflow,
        {state: _by_name(ways) for state, ways in listed.items()},
        {state: tuple(ways) for state, ways in listed.items()},
        {state: tuple(ways) for state, ways in automatic.items()},
        restless,
    )


def _done(workflow: Workflow) -> frozenset[str]:
    return frozenset(stage.full(state) for stage in workflow.stages for state in stage.done)


def _restless(workflow: Workflow) -> frozenset[str]:
    """States that are done, or have an automatic action."""
    own = {
        stage.full(source)
        for stage in workflow.stages
        for action in stage.actions
        if action.automatic
        for source in action.sources
    }
    every = (workflow.sources(action) for action in workflow.actions if action.automatic)
    return _done(workflow).union(own, *every)


def _by_name(ways: list[Way]) -> Mapping[str, Way]:
    return {way.full: way for way in ways} | {way.name: way for way in reversed(ways)}


def _ways(workflow: Workflow, table: Table, restless: frozenset[str], state: str) -> Iterator[Way]:
    name, _, bare = state.partition(".")
    if name in workflow.places:
        stage = workflow.stage(name)
        for action in stage.actions:
            if bare in action.sources:
                full = stage.full(action.name)
                moves = action.goto or action.target is not None
                targets = table[full, state] if moves else ()
                roles = stage.role if action.roles is None else action.roles
                yield _way(workflow, restless, action, full, state, targets, stage.name, roles)
    for action in workflow.actions:
        if (action.name, state) in table:
            targets = table[action.name, state] if action.goto else ()
            roles = action.roles or ()
            yield _way(workflow, restless, action, action.name, state, targets, "", roles)
    yield from _standing(workflow, state)


def _way(
    workflow: Workflow,
    restless: frozenset[str],
    action: Action,
    full: str,
    source: str,
    targets: tuple[str, ...],
    stage: str,
    roles: tuple[str, ...],
) -> Way:
    demands, choices = _demands(action.data), _choices(workflow, targets)
    reading = any(rule.kind.reads_data for rule in action.rules)
    calm = restless.isdisjoint(targets)
    return Way(
        action.name,
        full,
        source,
        targets,
        stage,
        _opening(workflow, roles),
        _denied(workflow, full),
        action,
        action.rules,
        frozenset(need for rule in action.rules for need in rule.kind.needs),
        action.data,
        demands,
        choices,
        demands or bool(choices) or (action.data is not None and reading),
        any(stage.enter for stage in workflow.stages),
        bool(targets) and calm and not action.goto,
        action.effects,
        action.keeps,
        frozenset(workflow.content) & {*action.keeps},
    )


def _demands(form: type | None) -> bool:
    return form is not None and any(
        field.default is attrs.NOTHING for field in fields_of(form).values()
    )


def _choices(workflow: Workflow, targets: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(short(workflow, target) for target in targets) if len(targets) > 1 else ()


def short(workflow: Workflow, target: str) -> str:
    """What ``to`` calls a full state: its stage, where that begins there."""
    stage = stage_of(target)
    at_start = stage in workflow.places and workflow.stage(stage).initial == target
    return stage if at_start else target


def _opening(workflow: Workflow, roles: Iterable[str]) -> frozenset[str]:
    opening = set(roles)
    grown = -1
    while grown != len(opening):
        grown = len(opening)
        opening.update(role.key for role in workflow.roles if opening & {*role.inherits})
    return frozenset(opening)


def _denied(workflow: Workflow, full: str) -> frozenset[str]:
    denying = {r.key for r in workflow.roles if any(fnmatchcase(full, p) for p in r.deny)}
    return _opening(workflow, denying)


def _standing(workflow: Workflow, state: str) -> Iterator[Way]:
    for name, roles in _rights(workflow, state):
        targets: tuple[str, ...] = ()
        if name == "cancel":
            targets = ("end.cancelled",)
        elif name == "reopen":
            targets = workflow.entries(workflow.places)
        form, choices = STANDING[name], _choices(workflow, targets)
        demands = form is None or _demands(form)
        yield Way(
            name,
            name,
            state,
            targets,
            stage_of(state),
            _opening(workflow, roles),
            _denied(workflow, name),
            form=form,
            demands=demands,
            choices=choices,
            asks=demands or bool(choices),
        )


def _released(workflow: Workflow, stage: str) -> bool:
    """Whether a revision may have gone out by *stage*: then there is more to do than to cancel."""
    releasing = [workflow.places[one.name] for one in workflow.stages if one.releases]
    return bool(releasing) and workflow.places[stage] >= min(releasing)


def _rights(workflow: Workflow, state: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Commands of every workflow that somebody has the right to in *state*."""
    name, _, bare = state.partition(".")
    rights = workflow.rights
    granted = {"note": rights.get("note", (ANYONE,))}
    if name == "end":
        granted["reopen"] = rights.get("reopen", ())
    else:
        stage = workflow.stage(name)
        granted["edit"] = stage.may_edit.get(bare, ())
        granted["assign"] = rights.get("assign", ())
        granted["claim"] = rights.get("claim", stage.role)
        granted["release"] = rights.get("release", stage.role)
        if not _released(workflow, name):
            granted["cancel"] = rights.get("cancel", ())
    yield from ((command, roles) for command, roles in granted.items() if roles)
