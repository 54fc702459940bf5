"""Edges: every way from a state to another, as diagrams draw it."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from socialflow.definitions import Workflow
from socialflow.stages import Action, Stage, stages_in

__all__ = ["Edge", "edges_of", "indented", "title"]


@attrs.frozen
class Edge:
    """One way from a full state to another.

    Attributes:
        source: Where it leaves.
        target: Where it leads; the source itself where the state stays.
        label: The action, with the roles it names itself; ``done`` for a hand-over.
        own: Whether nobody asks for it.
        hand_over: Whether it is being done that leads on.
    """

    source: str
    target: str
    label: str
    own: bool = False
    hand_over: bool = False


def edges_of(workflow: Workflow) -> Iterator[Edge]:
    """Every way that the workflow declares, in reading order; the hand-overs last."""
    for stage in workflow.stages:
        for action in stage.actions:
            for source in map(stage.full, action.sources):
                own = stage.full(action.target) if action.target else source
                yield from _ways(workflow, action, source, own)
    for action in workflow.actions:
        for source in workflow.sources(action):
            yield from _ways(workflow, action, source, source)
    for place, step in enumerate(workflow.steps):
        following = tuple(stages_in(workflow.steps[place + 1 : place + 2]))
        targets = [stage.initial for stage in following] or [f"end.{workflow.ends[0]}"]
        for stage in stages_in((step,)):
            for state in stage.done:
                for target in targets:
                    yield Edge(stage.full(state), target, "done", own=True, hand_over=True)


def _ways(workflow: Workflow, action: Action, source: str, stay: str) -> Iterator[Edge]:
    named = action.roles if action.roles is not None and not action.by_system else ()
    label = f"{action.name} ({', '.join(named)})" if named else action.name
    for target in workflow.entries(action.goto) or (stay,):
        yield Edge(source, target, label, own=action.by_system)


def title(stage: Stage) -> str:
    return f"{stage.name} ({', '.join(stage.role)})" if stage.role else stage.name


def indented(lines: Iterator[str]) -> Iterator[str]:
    return (f"    {line}" for line in lines)
