"""Ways: what may be asked for in one state; the rows of the table that runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

import attrs

from socialflow._machine import Table
from socialflow.ballots import Ballot
from socialflow.cases import HOLDERS, PAST
from socialflow.definitions import Workflow
from socialflow.forms import fields_of
from socialflow.items import Effect, Move, stage_of
from socialflow.people import ANYONE
from socialflow.policies import of_kind
from socialflow.rules import Rule
from socialflow.stages import Action, Parallel
from socialflow.standing import STANDING

__all__ = ["Way", "denied_by", "opened_by", "short", "ways_out_of"]

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
        gated: Whether entry rules, or the passed date of a Parallel, may stand in the way.
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


def ways_out_of(
    workflow: Workflow, table: Table, busy: frozenset[str], state: str
) -> Iterator[Way]:
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
        opened_by(workflow, voting or roles),
        denied_by(workflow, full),
        action,
        tuple(rule for rule in action.rules if not rule.advisory),
        _needs(action.rules, action.ballots),
        action.data,
        demands,
        choices,
        asks=demands or bool(choices),
        gated=_is_gated(workflow),
        step=Move(full, source, targets[0]) if targets and plain and quiet else None,
        effects=action.effects,
        keeps=action.keeps,
        content=frozenset(workflow.content) & {*action.keeps},
        ballots=tuple(_ballot(workflow, ballot) for ballot in action.ballots),
        while_held=action.while_held,
        advice=tuple(rule for rule in action.rules if rule.advisory),
    )


def _is_gated(workflow: Workflow) -> bool:
    dated = any(isinstance(step, Parallel) and step.until for step in workflow.steps)
    return dated or any(stage.enter for stage in workflow.stages)


def _needs(rules: Iterable[Rule], ballots: tuple[Ballot, ...]) -> frozenset[str]:
    """Facts that the rules read, and those that counting needs."""
    asked = {need for rule in rules for need in rule.kind.needs}
    asked.update(need for ballot in ballots for rule in ballot.when for need in rule.kind.needs)
    if any(ballot.quorum == "all" for ballot in ballots):
        asked.add(HOLDERS)
    return frozenset(asked)


def _ballot(workflow: Workflow, ballot: Ballot) -> Ballot:
    """The ballot, open to the roles that inherit its own as well."""
    return attrs.evolve(ballot, roles=tuple(sorted(opened_by(workflow, ballot.roles))))


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


def opened_by(workflow: Workflow, roles: Iterable[str]) -> frozenset[str]:
    opening = set(roles)
    grown = -1
    while grown != len(opening):
        grown = len(opening)
        opening.update(role.key for role in workflow.roles if opening & {*role.inherits})
    return frozenset(opening)


def denied_by(workflow: Workflow, full: str) -> frozenset[str]:
    names = (full,) if "." in full else (full, f"{workflow.name}.{full}")
    denying = [
        role
        for role in workflow.roles
        if any(fnmatchcase(name, pattern) for pattern in role.deny for name in names)
    ]
    kinds = {of_kind(role.kind) for role in denying if role.kind}
    return opened_by(workflow, (role.key for role in denying)) | kinds


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
            opened_by(workflow, roles),
            denied_by(workflow, name),
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
