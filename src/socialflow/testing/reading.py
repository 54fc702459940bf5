"""What a definition says, read a second time: nothing here asks the core that is to be tested."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache

import attrs

from socialflow.definitions import Workflow
from socialflow.people import ANYONE, Role
from socialflow.stages import Action, Stage

__all__ = [
    "Said",
    "actions_of",
    "denying",
    "kinds_denied",
    "opening",
    "rights_in",
    "roles_for",
    "said_by",
]


@attrs.frozen
class Said:
    """What a definition says about one action that members may ask for.

    Attributes:
        full: Its full name.
        action: As it is written.
        sources: The full states in which it is open.
        roles: Those that open it, the inheriting ones included.
        stage: The stage it belongs to; None for an action of the workflow.
    """

    full: str
    action: Action
    sources: tuple[str, ...]
    roles: frozenset[str]
    stage: Stage | None

    def lands(self, workflow: Workflow, to: str | None) -> str | None:
        """The full state to which it leads; None if that is not said, or it stays."""
        if self.action.ballots:
            return None
        if self.action.target is not None and self.stage is not None:
            return f"{self.stage.name}.{self.action.target}"
        goto = to if to is not None else next(iter(self.action.goto), None)
        if goto is None or goto.startswith("end."):
            return goto
        stage = next((one for one in workflow.stages if one.name == goto), None)
        return f"{goto}.{stage.states[0]}" if stage is not None else goto


def said_by(workflow: Workflow) -> Iterator[Said]:
    """Everything that may be asked for, in reading order."""
    for stage in workflow.stages:
        for action in stage.actions:
            if not action.by_system:
                roles = stage.role if action.roles is None else action.roles
                full = f"{stage.name}.{action.name}"
                sources = tuple(f"{stage.name}.{source}" for source in action.sources)
                yield Said(full, action, sources, _opening(workflow, action, roles), stage)
    for action in workflow.actions:
        if not action.by_system:
            opening = _opening(workflow, action, action.roles or ())
            yield Said(action.name, action, _sources(workflow, action), opening, None)


def _opening(workflow: Workflow, action: Action, roles: Iterable[str]) -> frozenset[str]:
    voting = [role for ballot in action.ballots for role in ballot.roles]
    return opening(workflow, voting or roles)


def _sources(workflow: Workflow, action: Action) -> tuple[str, ...]:
    """Where an action of the workflow is open: states, stages, before a stage, or everywhere."""
    order = [stage.name for stage in workflow.stages]
    places = [workflow.places[name] for name in order]
    found: list[str] = []
    for source in action.sources:
        if source == ANYONE:
            wanted = set(order)
        elif source.startswith("before "):
            end = workflow.places[source.removeprefix("before ")]
            wanted = {name for name, place in zip(order, places, strict=True) if place < end}
        elif source in order:
            wanted = {source}
        else:
            found.append(source)
            continue
        found += [s for s in workflow.states if s.partition(".")[0] in wanted]
    return tuple(dict.fromkeys(found))


def roles_for(workflow: Workflow, full: str, source: str, marking: Iterable[str]) -> frozenset[str]:
    """The roles that open an action, or a command of every workflow, where an item is.

    A command about a stage is opened by those of the stage, another one by those of any stage that
    is open.
    """
    said = _said_by_name(workflow).get(full)
    if said is not None:
        return said.roles
    states = (source,) if full in ("claim", "release") else marking
    none: frozenset[str] = frozenset()
    return none.union(*(rights_in(workflow, state).get(full, none) for state in states))


@lru_cache(16)
def _said_by_name(workflow: Workflow) -> Mapping[str, Said]:
    return {one.full: one for one in said_by(workflow)}


@lru_cache(16)
def actions_of(workflow: Workflow) -> Mapping[str, Action]:
    """All actions, those of the system included, by their full name."""
    own = {action.name: action for action in workflow.actions}
    staged = {f"{s.name}.{action.name}": action for s in workflow.stages for action in s.actions}
    return own | staged


@lru_cache(1024)
def rights_in(workflow: Workflow, state: str) -> Mapping[str, frozenset[str]]:
    """The roles that may give each of the commands that every workflow has, in a full state."""
    name, _, bare = state.partition(".")
    told = workflow.rights
    found: dict[str, Iterable[str]] = {"note": told.get("note", (ANYONE,))}
    if any(action.reversible for action in actions_of(workflow).values()):
        found["undo"] = told.get("undo", (ANYONE,))
    if name == "end":
        found["reopen"] = told.get("reopen", ())
        found["archive"] = found["unarchive"] = told.get("archive", ())
    else:
        stage = next(one for one in workflow.stages if one.name == name)
        found["edit"] = stage.may_edit.get(bare, ())
        found["assign"] = told.get("assign", ())
        found["claim"] = told.get("claim", stage.role)
        found["release"] = told.get("release", stage.role)
        found["hold"] = found["resume"] = told.get("hold", ())
        found["force"] = told.get("force", ())
        found["vote"] = _voters(workflow, state)
        if not _may_be_out(workflow, name):
            found["cancel"] = told.get("cancel", ())
    return {name: opening(workflow, roles) for name, roles in found.items() if roles}


def _voters(workflow: Workflow, state: str) -> list[str]:
    open_ = [one.action for one in said_by(workflow) if state in one.sources]
    return [role for action in open_ for ballot in action.ballots for role in ballot.roles]


def _may_be_out(workflow: Workflow, stage: str) -> bool:
    """Whether a stage releases what is made, or lies behind one that does."""
    places = workflow.places
    return any(one.releases and places[one.name] <= places[stage] for one in workflow.stages)


def denying(workflow: Workflow, full: str) -> frozenset[str]:
    """The roles to which something is denied, the inheriting ones included."""
    return opening(workflow, (role.key for role in _denying(workflow, full)))


def kinds_denied(workflow: Workflow, full: str) -> frozenset[str]:
    """The kinds of members to whom something is denied, whatever their roles."""
    return frozenset(role.kind for role in _denying(workflow, full) if role.kind)


def _denying(workflow: Workflow, full: str) -> list[Role]:
    names = (full,) if "." in full else (full, f"{workflow.name}.{full}")
    return [
        role
        for role in workflow.roles
        if any(fnmatchcase(name, pattern) for name in names for pattern in role.deny)
    ]


def opening(workflow: Workflow, roles: Iterable[str]) -> frozenset[str]:
    """The roles, and those that inherit them."""
    found = {*roles}
    while more := {
        role.key for role in workflow.roles if {*role.inherits} & found and role.key not in found
    }:
        found |= more
    return frozenset(found)
