"""What can be made of a workflow, and is probably not meant: warnings, each with its remedy."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from socialflow.checks.ballots import doubtful_ballots
from socialflow.checks.traps import reached_in, traps_in
from socialflow.errors import Finding, nearest
from socialflow.places import path, rules_in
from socialflow.stages import Parallel, stages_in
from socialflow.standing import MIGRATE, STANDING

if TYPE_CHECKING:
    from socialflow.definitions import Workflow

__all__ = ["warnings_in"]


def warnings_in(workflow: Workflow) -> Iterator[Finding]:
    """What can be made, and is probably not meant: states never reached or never left."""
    for stage in stages_in(workflow.steps):
        where = path(workflow.name, stage.name)
        reached = reached_in(stage)
        leaving: set[str] = set()
        for action in stage.actions:
            leaving.update(action.sources if action.target or action.goto else ())
        if stage.follows is not None:
            leaving.update(stage.states)
        for action in workflow.actions:
            if action.goto:
                full = workflow.sources(action)
                leaving.update(s for s in stage.states if stage.full(s) in full)
        for state in stage.states:
            if state not in reached:
                yield Finding(
                    "unreachable",
                    where,
                    f"no action leads to the state {state!r}",
                    "add one, or leave the state out",
                    "warning",
                )
            elif state not in stage.done and state not in leaving:
                yield Finding(
                    "dead_end",
                    where,
                    f"no action leads out of the state {state!r}",
                    "add one, or make it a done state",
                    "warning",
                )
    yield from _without_content(workflow)
    yield from _for_nobody(workflow)
    for action in workflow.actions:
        if not workflow.sources(action):
            yield Finding(
                "never_open",
                path(workflow.name, action.name),
                "its sources stand for no state",
                "name others, or leave it out",
                "warning",
            )
    yield from _denials(workflow)
    yield from doubtful_ballots(workflow)
    yield from _together(workflow)
    yield from traps_in(workflow)


def _without_content(workflow: Workflow) -> Iterator[Finding]:
    """What protects a revision, where nothing is content."""
    if workflow.content:
        return
    named = [(f"{stage.name} / signs", stage.signs == "revision") for stage in workflow.stages]
    named += [(place, rule.kind.about_content) for place, rule in rules_in(workflow)]
    for place, protects in named:
        if protects:
            yield Finding(
                "no_content",
                path(workflow.name, place),
                "it protects the content, and no field is content",
                "name the fields that make up the revision: content=",
                "warning",
            )


def _for_nobody(workflow: Workflow) -> Iterator[Finding]:
    for stage in workflow.stages:
        for action in stage.actions:
            roles = stage.role if action.roles is None else action.roles
            if not (roles or action.by_system or action.ballots):
                yield Finding(
                    "for_nobody",
                    path(workflow.name, stage.name, action.name),
                    "no role opens it, so that nobody can ever ask for it",
                    "say roles=, or the stage's role=",
                    "warning",
                )


def _denials(workflow: Workflow) -> Iterator[Finding]:
    standing = {*STANDING, MIGRATE}
    names = standing.union(workflow.action_names)
    for child in workflow.children:
        names.update(child.action_names)
    own = {f"{each.name}.{name}" for each in (workflow, *workflow.children) for name in standing}
    for role in workflow.roles:
        for pattern in role.deny:
            if not any(fnmatchcase(name, pattern) for name in names | own):
                yield Finding(
                    "denies_nothing",
                    path(workflow.name, role.key),
                    f"it denies {pattern!r}, which matches no action",
                    nearest(pattern, names),
                    "warning",
                )


def _together(workflow: Workflow) -> Iterator[Finding]:
    for step in workflow.steps:
        if isinstance(step, Parallel) and len(step.stages) < 2:
            yield Finding(
                "lonely",
                workflow.name,
                f"a Parallel of {len(step.stages)} stage is no Parallel",
                "use the Stage itself",
                "warning",
            )
