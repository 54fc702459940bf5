"""What a definition says, read a second time: nothing here asks the core that is to be tested."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from socialflow.definitions import Workflow
from socialflow.people import ANYONE
from socialflow.stages import Action, Stage

__all__ = ["Said", "said_by"]


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
    """The roles, and those that inherit them."""
    voting = [role for ballot in action.ballots for role in ballot.roles]
    opening = {*(voting or roles)}
    while more := {
        role.key
        for role in workflow.roles
        if {*role.inherits} & opening and role.key not in opening
    }:
        opening |= more
    return frozenset(opening)


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
