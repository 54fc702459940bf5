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
from socialflow.ballots import Ballot
from socialflow.cases import BELOW, HOLDERS, PAST, RESERVED_FACTS
from socialflow.definitions import Workflow
from socialflow.forms import fields_of
from socialflow.items import Effect, Event, Move, Token, stage_of
from socialflow.kinds import Children, Line
from socialflow.moments import Moment
from socialflow.people import ANYONE
from socialflow.rules import Rule
from socialflow.stages import Action, Parallel, Stage, stages_in
from socialflow.standing import STANDING

__all__ = ["Plan", "Way", "plan_of", "short"]

WHILE_HELD = frozenset({"note", "resume", "assign", "claim", "release", "cancel", "archive"})


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
        advice: Rules that only warn.
        needs: Names of the facts the rules read.
        form: The attrs class of its data, if it has a fixed one.
        demands: Whether its data is filled in even if none is given: some is missing, or a rule
            reads it.
        choices: Of several targets, what ``to`` may be: a stage, or an end.
        asks: Whether somebody has to say more than its name: data, a target, or data for a rule.
        step: The move it makes, if that is one within its stage and nothing follows by itself,
            unless a signature goes stale.
        effects: Work for the outside.
        keeps: Fields of its data that the item keeps.
        content: Those of them that are content.
        gated: Whether a hand-over with entry rules may follow.
        ballots: Decided by several: asking for it is voting for it.
        while_held: Whether it is open although the item is on hold.
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
    step: Move | None = None
    effects: tuple[Effect, ...] = ()
    keeps: tuple[str, ...] = ()
    content: frozenset[str] = frozenset()
    ballots: tuple[Ballot, ...] = ()
    while_held: bool = False
    advice: tuple[Rule, ...] = ()

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
        ways = (way for listed in self.listed.values() for way in listed)
        return self.settling_needs.union(*(way.needs for way in ways))

    @cached_property
    def settling_needs(self) -> frozenset[str]:
        """Facts that settling may need: of entry rules, ballots, and what the system does."""
        gates = (rule for stage in self.workflow.stages for rule in stage.enter)
        needs = {need for rule in gates for need in rule.kind.needs}
        ways = (way for table in (self.automatic, self.due, self.balloted) for way in _all(table))
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
    ways = [way for state in workflow.states for way in _ways(workflow, table, busy, state)]
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


def _ways(workflow: Workflow, table: Table, busy: frozenset[str], state: str) -> Iterator[Way]:
    name, _, bare = state.partition(".")
    if name in workflow.places:
        stage = workflow.stage(name)
        for action in stage.actions:
            if bare in action.sources:
                full = stage.full(action.name)
                moves = action.goto or action.target is not None
                targets = table[full, state] if moves else ()
                roles = stage.role if action.roles is None else action.roles
                yield _way(workflow, busy, action, full, state, targets, stage.name, roles)
    for action in workflow.actions:
        if (action.name, state) in table:
            targets = table[action.name, state] if action.goto else ()
            roles = action.roles or ()
            yield _way(workflow, busy, action, action.name, state, targets, "", roles)
    yield from _standing(workflow, state)


def _way(
    workflow: Workflow,
    busy: frozenset[str],
    action: Action,
    full: str,
    source: str,
    targets: tuple[str, ...],
    stage: str,
    roles: tuple[str, ...],
) -> Way:
    reading = action.data is not None and any(rule.kind.reads_data for rule in action.rules)
    demands, choices = reading or _demands(action.data), _choices(workflow, targets)
    quiet = busy.isdisjoint(targets)
    plain = not (action.goto or action.marks or action.unmarks or action.ballots)
    voting = [key for ballot in action.ballots for key in ballot.roles]
    return Way(
        action.name,
        full,
        source,
        targets,
        stage,
        _opening(workflow, voting or roles),
        _denied(workflow, full),
        action,
        tuple(rule for rule in action.rules if not rule.advisory),
        _needs(action.rules, action.ballots),
        action.data,
        demands,
        choices,
        asks=demands or bool(choices),
        gated=any(stage.enter for stage in workflow.stages),
        step=Move(full, source, targets[0]) if targets and plain and quiet else None,
        effects=action.effects,
        keeps=action.keeps,
        content=frozenset(workflow.content) & {*action.keeps},
        ballots=tuple(_ballot(workflow, ballot) for ballot in action.ballots),
        while_held=action.while_held,
        advice=tuple(rule for rule in action.rules if rule.advisory),
    )


def _needs(rules: Iterable[Rule], ballots: tuple[Ballot, ...]) -> frozenset[str]:
    """Facts that the rules read, and those that counting needs."""
    asked = {need for rule in rules for need in rule.kind.needs}
    asked.update(need for ballot in ballots for rule in ballot.when for need in rule.kind.needs)
    if any(ballot.quorum == "all" for ballot in ballots):
        asked.add(HOLDERS)
    return frozenset(asked)


def _ballot(workflow: Workflow, ballot: Ballot) -> Ballot:
    """The ballot, open to the roles that inherit its own as well."""
    return attrs.evolve(ballot, roles=tuple(sorted(_opening(workflow, ballot.roles))))


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
        ballots: tuple[Ballot, ...] = ()
        if name == "cancel":
            targets = ("end.cancelled",)
        elif name == "reopen":
            targets = workflow.entries(workflow.places)
        elif name == "force":
            targets = tuple(other for other in workflow.states if other != state)
            ballots = (_ballot(workflow, Ballot("force", roles, quorum=2)),)
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
            needs=frozenset({PAST}) if name == "undo" else frozenset(),
            form=form,
            demands=demands,
            choices=choices,
            asks=demands or bool(choices),
            ballots=ballots,
            while_held=name in WHILE_HELD,
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
    granted["undo"] = rights.get("undo", (ANYONE,)) if _reversible(workflow) else ()
    if name == "end":
        granted["reopen"] = rights.get("reopen", ())
        granted["archive"] = granted["unarchive"] = rights.get("archive", ())
    else:
        stage = workflow.stage(name)
        granted["vote"] = _voting(workflow, name, bare)
        granted["hold"] = granted["resume"] = rights.get("hold", ())
        granted["force"] = rights.get("force", ())
        granted["edit"] = stage.may_edit.get(bare, ())
        granted["assign"] = rights.get("assign", ())
        granted["claim"] = rights.get("claim", stage.role)
        granted["release"] = rights.get("release", stage.role)
        if not _released(workflow, name):
            granted["cancel"] = rights.get("cancel", ())
    yield from ((command, roles) for command, roles in granted.items() if roles)


def _reversible(workflow: Workflow) -> bool:
    actions = (*workflow.actions, *(one for stage in workflow.stages for one in stage.actions))
    return any(action.reversible for action in actions)


def _voting(workflow: Workflow, stage: str, bare: str) -> tuple[str, ...]:
    """Roles that may vote on something in a state."""
    own = [one for one in workflow.stage(stage).actions if bare in one.sources]
    full = f"{stage}.{bare}"
    own += [one for one in workflow.actions if full in workflow.sources(one)]
    voting = [key for one in own for ballot in one.ballots for key in ballot.roles]
    return tuple(dict.fromkeys(voting))
