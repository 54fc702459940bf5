"""Traps: stages that an item comes into and that never let go of it: warnings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from socialflow.errors import Finding
from socialflow.places import path
from socialflow.stages import Parallel, Stage, stages_in

if TYPE_CHECKING:
    from socialflow.definitions import Workflow

__all__ = ["reached_in", "traps_in"]


def traps_in(workflow: Workflow) -> Iterator[Finding]:
    """States that only lead to each other, and stages that are never joined."""
    for stage in stages_in(workflow.steps):
        yield from _endless(workflow, stage)
    for step in workflow.steps:
        if isinstance(step, Parallel) and step.until is None:
            yield from _never_joined(workflow, step)


def reached_in(stage: Stage) -> frozenset[str]:
    """The states of a stage that something leads to from its first one."""
    reached = {stage.states[0]}
    if stage.follows is not None:
        reached.update(line.state for line in stage.follows.lines)
    return frozenset(_closed(stage, reached))


def _closed(stage: Stage, states: set[str]) -> set[str]:
    """These states, and whatever actions lead to from them."""
    states = set(states)
    grown = True
    while grown:
        grown = False
        for action in stage.actions:
            if action.target and action.target not in states and states & {*action.sources}:
                states.add(action.target)
                grown = True
    return states


def _endless(workflow: Workflow, stage: Stage) -> Iterator[Finding]:
    """States between which items go to and fro, by hand or as time goes by, and nowhere else."""
    if stage.follows is not None:
        return
    exits = {state for one in stage.actions if one.goto for state in one.sources}
    elsewhere = {state for one in workflow.actions if one.goto for state in workflow.sources(one)}
    exits |= {*stage.done, *(one for one in stage.states if stage.full(one) in elsewhere)}
    ahead = {
        state: _closed(
            stage, {one.target for one in stage.actions if one.target and state in one.sources}
        )
        for state in reached_in(stage)
    }
    trapped = [
        state
        for state in stage.states
        if state in ahead and state in ahead[state] and exits.isdisjoint(ahead[state])
    ]
    if trapped:
        actions = [one for one in stage.actions if one.target and {*one.sources} & {*trapped}]
        alone = "by itself " if all(one.by_system for one in actions) else ""
        places = " or ".join(map(repr, trapped))
        yield Finding(
            "endless",
            path(workflow.name, stage.name),
            f"an item in {places} goes on {alone}for ever, and nowhere else",
            "add a way out, or make one of them a done state",
            "warning",
        )


def _never_joined(workflow: Workflow, step: Parallel) -> Iterator[Finding]:
    """Stages that are waited for, and are never done."""
    for stage in step.stages:
        if stage.done and reached_in(stage).isdisjoint(stage.done):
            others = " and ".join(one.name for one in step.stages if one is not stage)
            yield Finding(
                "never_joined",
                path(workflow.name, stage.name),
                f"it is never done, and {others or 'what follows'} waits for that",
                "lead to a done state, or give the Parallel a date: until=",
                "warning",
            )
