"""Cycles of automatic actions: an item that enters one would never come to rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from socialflow.errors import Finding
from socialflow.rules import Rule
from socialflow.stages import stages_in

if TYPE_CHECKING:
    from socialflow.definitions import Workflow

__all__ = ["cycles_in"]


class Edge(NamedTuple):
    """What the system does by itself: take an automatic action, or hand a done stage over."""

    source: str
    target: str
    rules: tuple[Rule, ...] = ()


def cycles_in(workflow: Workflow) -> Iterator[Finding]:
    """Every cycle whose rules may hold together: an error if nothing stands in its way."""
    edges: dict[str, list[Edge]] = {}
    for edge in (*_automatic(workflow), *_handed_over(workflow)):
        edges.setdefault(edge.source, []).append(edge)
    for cycle in _cycles(edges):
        rules = [rule for edge in cycle for rule in edge.rules]
        if any(one.contradicts(other) for one in rules for other in rules):
            continue
        path = " -> ".join([*(edge.source for edge in cycle), cycle[0].source])
        opaque = ", ".join(dict.fromkeys(rule.name for rule in rules))
        yield Finding(
            "cycle",
            workflow.name,
            f"automatic actions go round in circles: {path}"
            + (f", as long as these rules hold: {opaque}" if opaque else ""),
            "give one of them a rule that another one negates",
            "warning" if opaque else "error",
        )


def _automatic(workflow: Workflow) -> Iterator[Edge]:
    for stage in workflow.stages:
        for action in stage.actions:
            if not action.automatic:
                continue
            for source in action.sources:
                own = stage.full(action.target or source)
                for target in workflow.entries(action.goto) or (own,):
                    yield Edge(stage.full(source), target, action.rules)
    for action in workflow.actions:
        if action.automatic:
            for source in workflow.sources(action):
                for target in workflow.entries(action.goto) or (source,):
                    yield Edge(source, target, action.rules)


def _handed_over(workflow: Workflow) -> Iterator[Edge]:
    for step, following in zip(workflow.steps, workflow.steps[1:], strict=False):
        for stage in stages_in((step,)):
            for state in stage.done:
                for entered in stages_in((following,)):
                    yield Edge(stage.full(state), entered.initial, entered.enter)


def _cycles(edges: dict[str, list[Edge]]) -> Iterator[tuple[Edge, ...]]:
    order = {state: n for n, state in enumerate(edges)}

    def walk(start: str, path: list[Edge], seen: set[str]) -> Iterator[tuple[Edge, ...]]:
        here = path[-1].target if path else start
        for edge in edges.get(here, ()):
            if edge.target == start:
                yield (*path, edge)
            elif edge.target not in seen and order.get(edge.target, -1) > order[start]:
                yield from walk(start, [*path, edge], {*seen, edge.target})

    for start in edges:
        yield from walk(start, [], {start})
