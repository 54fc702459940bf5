"""Diagrams: a workflow as Mermaid or DOT text; the same workflow gives the same text."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from socialflow.definitions import Workflow
from socialflow.items import stage_of
from socialflow.stages import Action, Parallel, Stage, Step, stages_in

__all__ = ["dot", "mermaid"]


@attrs.frozen
class _Edge:
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


def mermaid(workflow: Workflow) -> str:
    """The workflow as a Mermaid ``stateDiagram-v2``.

    A stage is a composite state, stages that are open together are regions of one. Mermaid draws
    no arrow from within one composite state into another, so what leaves a step is drawn from the
    whole step, and its label says from which states.

    Example:
        >>> note = Workflow("note", [Stage("one", ("open", "done"))])
        >>> print(mermaid(note))
        stateDiagram-v2
            state "one" as stage_one {
                [*] --> one_IN_open
                state "open" as one_IN_open
                state "done" as one_IN_done
            }
            state "closed" as end_IN_closed
            [*] --> stage_one
            stage_one --> end_IN_closed : done
            end_IN_closed --> [*]
        <BLANKLINE>
    """
    edges = tuple(_edges(workflow))
    lines = ["stateDiagram-v2"]
    for n, step in enumerate(workflow.steps):
        lines += _indented(_mermaid_step(workflow, n, step, edges))
    lines += [f'    state "{end}" as {_id(f"end.{end}")}' for end in workflow.ends]
    lines.append(f"    [*] --> {_step_id(workflow, 0)}")
    lines += [f"    {line}" for line in _mermaid_between(workflow, edges)]
    lines += [f"    {_id(f'end.{end}')} --> [*]" for end in workflow.ends]
    return "\n".join(lines) + "\n"


def _mermaid_step(
    workflow: Workflow, n: int, step: Step, edges: tuple[_Edge, ...]
) -> Iterator[str]:
    if isinstance(step, Stage):
        yield from _mermaid_stage(step, edges)
        return
    yield f'state "{" + ".join(stage.name for stage in step.stages)}" as {_step_id(workflow, n)} {{'
    for place, stage in enumerate(step.stages):
        if place:
            yield "    --"
        yield from _indented(_mermaid_stage(stage, edges))
    yield "}"


def _mermaid_stage(stage: Stage, edges: tuple[_Edge, ...]) -> Iterator[str]:
    yield f'state "{_text(_title(stage))}" as stage_{stage.name} {{'
    yield f"    [*] --> {_id(stage.initial)}"
    for state in stage.states:
        yield f'    state "{state}" as {_id(stage.full(state))}'
    for edge in edges:
        if stage_of(edge.source) == stage_of(edge.target) == stage.name:
            yield f"    {_id(edge.source)} --> {_id(edge.target)} : {_text(edge.label)}"
    yield "}"


def _mermaid_between(workflow: Workflow, edges: tuple[_Edge, ...]) -> Iterator[str]:
    """What leads from step to step: one line for each way, naming the states it leaves."""
    grouped: dict[tuple[str, str, str], list[str]] = {}
    for edge in edges:
        if stage_of(edge.source) == stage_of(edge.target) != "end":
            continue
        label = edge.label
        if not edge.hand_over:
            label += _to(workflow, edge.target)
        arrow = _node(workflow, edge.source), _node(workflow, edge.target), label
        left = grouped.setdefault(arrow, [])
        if not edge.hand_over:
            left.append(edge.source)
    for (source, target, label), left in grouped.items():
        yield f"{source} --> {target} : {_text(label + _from(workflow, left))}"


def _to(workflow: Workflow, state: str) -> str:
    stage = stage_of(state)
    alone = stage == "end" or len(workflow.together(stage)) == 1
    return "" if alone else f" to {stage}"


def _from(workflow: Workflow, states: list[str]) -> str:
    if not states or stage_of(states[0]) == "end":
        return ""
    alone = len(workflow.together(stage_of(states[0]))) == 1
    return f" from {', '.join(state.partition('.')[2] if alone else state for state in states)}"


def _node(workflow: Workflow, state: str) -> str:
    place = workflow.places.get(stage_of(state))
    return _id(state) if place is None else _step_id(workflow, place)


def _step_id(workflow: Workflow, place: int) -> str:
    step = workflow.steps[place]
    return f"stage_{step.name}" if isinstance(step, Stage) else f"step_{place + 1}"


def _id(state: str) -> str:
    # Names have no capital letters, so that two states never share an id.
    return state.replace(".", "_IN_")


def _text(text: str) -> str:
    """*text* with everything that Mermaid might read as a sign of its own as a character code."""
    return "".join(
        letter if letter.isalnum() or letter in " _.,()*" else f"#{ord(letter)};" for letter in text
    )


def _indented(lines: Iterator[str]) -> Iterator[str]:
    return (f"    {line}" for line in lines)


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
        lines += _indented(_dot_step(n, step))
    for end in workflow.ends:
        lines.append(f"    {_quoted(f'end.{end}')} [label={_quoted(end)}, peripheries=3]")
    for stage in stages_in(workflow.steps[:1]):
        lines.append(f'    "start" -> {_quoted(stage.initial)}')
    for edge in _edges(workflow):
        style = ", style=dashed" if edge.own else ""
        ends = f"{_quoted(edge.source)} -> {_quoted(edge.target)}"
        lines.append(f"    {ends} [label={_quoted(edge.label)}{style}]")
    return "\n".join([*lines, "}"]) + "\n"


def _dot_step(n: int, step: Step) -> Iterator[str]:
    if isinstance(step, Parallel):
        yield f'subgraph "cluster {n + 1}" {{'
        yield '    label="together"'
        for stage in step.stages:
            yield from _indented(_dot_stage(stage))
        yield "}"
    else:
        yield from _dot_stage(step)


def _dot_stage(stage: Stage) -> Iterator[str]:
    yield f"subgraph {_quoted(f'cluster_{stage.name}')} {{"
    yield f"    label={_quoted(_title(stage))}"
    for state in stage.states:
        done = ", peripheries=2" if state in stage.done else ""
        yield f"    {_quoted(stage.full(state))} [label={_quoted(state)}{done}]"
    yield "}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _title(stage: Stage) -> str:
    return f"{stage.name} ({', '.join(stage.role)})" if stage.role else stage.name


def _edges(workflow: Workflow) -> Iterator[_Edge]:
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
                    yield _Edge(stage.full(state), target, "done", own=True, hand_over=True)


def _ways(workflow: Workflow, action: Action, source: str, stay: str) -> Iterator[_Edge]:
    named = action.roles if action.roles is not None and not action.automatic else ()
    label = f"{action.name} ({', '.join(named)})" if named else action.name
    for target in workflow.entries(action.goto) or (stay,):
        yield _Edge(source, target, label, own=action.automatic)
