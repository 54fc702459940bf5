"""Places: where in a workflow its actions and rules stand, for findings to name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from socialflow.rules import Rule
from socialflow.stages import Action, stages_in

if TYPE_CHECKING:
    from socialflow.definitions import Workflow

__all__ = ["actions_in", "path", "rules_in"]


def path(*parts: str) -> str:
    """The place of a finding: names, from the workflow down."""
    return " / ".join(parts)


def actions_in(workflow: Workflow) -> Iterator[tuple[str, Action]]:
    """Every action of the workflow, with the place where it stands."""
    for stage in stages_in(workflow.steps):
        for action in stage.actions:
            yield path(workflow.name, stage.name, action.name), action
    for action in workflow.actions:
        yield path(workflow.name, action.name), action


def rules_in(workflow: Workflow) -> Iterator[tuple[str, Rule]]:
    """Every rule of the workflow, with the place where it stands below the workflow."""
    for stage in stages_in(workflow.steps):
        for rule in stage.enter:
            yield path(stage.name, "enter"), rule
        for action in stage.actions:
            yield from _rules_of(path(stage.name, action.name), action)
    for action in workflow.actions:
        yield from _rules_of(action.name, action)


def _rules_of(where: str, action: Action) -> Iterator[tuple[str, Rule]]:
    for rule in action.rules:
        yield where, rule
    for ballot in action.ballots:
        for rule in ballot.when:
            yield path(where, ballot.name), rule
