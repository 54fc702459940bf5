"""A workflow as Mermaid text."""

from __future__ import annotations

from collections.abc import Iterator

from socialflow.definitions import Workflow
from socialflow.diagrams.edges import Edge, edges_of, indented, title
from socialflow.items import stage_of
from socialflow.stages import Stage, Step

__all__ = ["mermaid"]


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
    edges = tuple(edges_of(workflow))
    lines = ["stateDiagram-v2"]
    for n, step in enumerate(workflow.steps):
        lines += indented(_mermaid_step(workflow, n, step, edges))
    lines += [f'    state "{end}" as {_id(f"end.{end}")}' for end in workflow.ends]
    lines.append(f"    [*] --> {_step_id(workflow, 0)}")
    lines += [f"    {line}" for line in _mermaid_between(workflow, edges)]
    lines += [f"    {_id(f'end.{end}')} --> [*]" for end in workflow.ends]
    return "\n".join(lines) + "\n"


def _mermaid_step(workflow: Workflow, n: int, step: Step, edges: tuple[Edge, ...]) -> Iterator[str]:
    if isinstance(step, Stage):
        yield from _mermaid_stage(step, edges)
        return
    yield f'state "{" + ".join(stage.name for stage in step.stages)}" as {_step_id(workflow, n)} {{'
    for place, stage in enumerate(step.stages):
        if place:
            yield "    --"
        yield from indented(_mermaid_stage(stage, edges))
    yield "}"


def _mermaid_stage(stage: Stage, edges: tuple[Edge, ...]) -> Iterator[str]:
    yield f'state "{_text(title(stage))}" as stage_{stage.name} {{'
    yield f"    [*] --> {_id(stage.initial)}"
    for state in stage.states:
        yield f'    state "{state}" as {_id(stage.full(state))}'
    for edge in edges:
        if stage_of(edge.source) == stage_of(edge.target) == stage.name:
            yield f"    {_id(edge.source)} --> {_id(edge.target)} : {_text(edge.label)}"
    yield "}"


def _mermaid_between(workflow: Workflow, edges: tuple[Edge, ...]) -> Iterator[str]:
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
