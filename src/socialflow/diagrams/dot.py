"""A workflow as Graphviz DOT text."""

from __future__ import annotations

from collections.abc import Iterator

from socialflow.definitions import Workflow
from socialflow.diagrams.edges import edges_of, indented, title
from socialflow.stages import Parallel, Stage, Step, stages_in

__all__ = ["dot"]


def dot(workflow: Workflow) -> str:
    """The workflow in the DOT language of Graphviz: a cluster for each stage.

    Done states have two borders, ends three; what happens by itself is dashed.

    Example:
        >>> note = Workflow("note", [Stage("one", ("open", "done"))])
        >>> print(dot(note))
        digraph "note" {
            rankdir=LR
            node [shape=box, style=rounded]
            "start" [shape=point]
            subgraph "cluster_one" {
                label="one"
                "one.open" [label="open"]
                "one.done" [label="done", peripheries=2]
            }
            "end.closed" [label="closed", peripheries=3]
            "start" -> "one.open"
            "one.done" -> "end.closed" [label="done", style=dashed]
        }
        <BLANKLINE>
    """
    lines = [
        f"digraph {_quoted(workflow.name)} {{",
        "    rankdir=LR",
        "    node [shape=box, style=rounded]",
        '    "start" [shape=point]',
    ]
    for n, step in enumerate(workflow.steps):
        lines += indented(_dot_step(n, step))
    for end in workflow.ends:
        lines.append(f"    {_quoted(f'end.{end}')} [label={_quoted(end)}, peripheries=3]")
    for stage in stages_in(workflow.steps[:1]):
        lines.append(f'    "start" -> {_quoted(stage.initial)}')
    for edge in edges_of(workflow):
        style = ", style=dashed" if edge.own else ""
        ends = f"{_quoted(edge.source)} -> {_quoted(edge.target)}"
        lines.append(f"    {ends} [label={_quoted(edge.label)}{style}]")
    return "\n".join([*lines, "}"]) + "\n"


def _dot_step(n: int, step: Step) -> Iterator[str]:
    if isinstance(step, Parallel):
        yield f'subgraph "cluster {n + 1}" {{'
        yield '    label="together"'
        for stage in step.stages:
            yield from indented(_dot_stage(stage))
        yield "}"
    else:
        yield from _dot_stage(step)


def _dot_stage(stage: Stage) -> Iterator[str]:
    yield f"subgraph {_quoted(f'cluster_{stage.name}')} {{"
    yield f"    label={_quoted(title(stage))}"
    for state in stage.states:
        done = ", peripheries=2" if state in stage.done else ""
        yield f"    {_quoted(stage.full(state))} [label={_quoted(state)}{done}]"
    yield "}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
