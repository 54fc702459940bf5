"""What is wrong about names: what nothing can be called, and what is called twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from socialflow.errors import Finding
from socialflow.stages import Parallel, stages_in

if TYPE_CHECKING:
    from socialflow.definitions import Workflow

__all__ = ["duplicates", "named", "wrong_names"]

_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


def wrong_names(workflow: Workflow) -> Iterator[Finding]:
    stages = tuple(stages_in(workflow.steps))
    if not stages:
        yield Finding("empty", workflow.name, "a workflow has at least one stage", "add a Stage")
    for step in workflow.steps:
        if isinstance(step, Parallel) and not step.stages:
            yield Finding(
                "empty", workflow.name, "a Parallel has at least one stage", "add a Stage"
            )
    yield from named(workflow.name, "a workflow", (workflow.name.replace("-", "_"),))
    yield from named(workflow.name, "a stage", (stage.name for stage in stages))
    yield from named(workflow.name, "an end", workflow.ends)
    yield from duplicates(workflow.name, "stage", (stage.name for stage in stages))
    yield from duplicates(workflow.name, "end", workflow.ends)
    if not workflow.ends:
        yield Finding("empty", workflow.name, "a workflow has at least one end", "ends=('closed',)")
    for stage in stages:
        if stage.name == "end":
            yield Finding("name", workflow.name, "the stage name 'end' is reserved", "rename it")


def duplicates(where: str, kind: str, names: Iterable[str]) -> Iterator[Finding]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield Finding("duplicate", where, f"{kind} {name!r} is there twice", "rename one")
        seen.add(name)


def named(where: str, kind: str, names: Iterable[str]) -> Iterator[Finding]:
    for name in names:
        if not isinstance(name, str) or not _NAME.match(name):
            yield Finding(
                "name",
                where,
                f"{kind} cannot be called {name!r}",
                "use small letters, digits and _, a letter first",
            )
