"""Diagrams: a workflow as Mermaid, DOT or Markdown text; the same workflow gives the same text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import attrs

from socialflow.ballots import Ballot
from socialflow.definitions import DEFAULT_RIGHTS, Workflow
from socialflow.forms import describe_form
from socialflow.items import stage_of
from socialflow.moments import Moment, span_text
from socialflow.people import ANYONE
from socialflow.places import actions_in
from socialflow.rules import Rule
from socialflow.stages import Action, Parallel, Stage, Step, stages_in
from socialflow.standing import STANDING

__all__ = ["dot", "markdown", "mermaid"]

_LATER = ("vote", "hold", "resume", "archive", "unarchive", "undo", "force")
_SAME_RIGHT = {"resume": "hold", "unarchive": "archive"}
COLUMNS = ("action", "from", "to", "who", "data", "rules")


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
    named = action.roles if action.roles is not None and not action.by_system else ()
    label = f"{action.name} ({', '.join(named)})" if named else action.name
    for target in workflow.entries(action.goto) or (stay,):
        yield _Edge(source, target, label, own=action.by_system)


def markdown(workflow: Workflow) -> str:
    """The workflow as Markdown: for each stage a heading, and a table of what may be done there.

    Behind the stages stand the actions of the workflow, and the commands that every workflow has.

    Example:
        >>> submit = Action("submit", "open", "done", roles="*")
        >>> note = Workflow("note", [Stage("one", ("open", "done"), actions=(submit,))])
        >>> print("\\n".join(markdown(note).splitlines()[:7]))
        ## one
        <BLANKLINE>
        States, in bold where it is done: open, **done**.
        <BLANKLINE>
        | action | from | to | who | data | rules |
        | --- | --- | --- | --- | --- | --- |
        | submit | open | done | anybody |  |  |
    """
    parts = [_markdown_stage(workflow, stage) for stage in workflow.stages]
    if workflow.actions:
        own = [_action_cells(workflow, action, ()) for action in workflow.actions]
        parts.append(["## In several stages", "", *_table(COLUMNS, own)])
    standing = [
        (name, _entitled(workflow, name), _data(form) if form else "fields of the item")
        for name, form in STANDING.items()
        if name not in _LATER or _entitled(workflow, name) != "nobody"
    ]
    parts.append(["## In every workflow", "", *_table(("action", "who", "data"), standing)])
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _markdown_stage(workflow: Workflow, stage: Stage) -> list[str]:
    states = ", ".join(f"**{one}**" if one in stage.done else one for one in stage.states)
    about = [f"States, in bold where it is done: {states}."]
    if stage.role:
        about.append(f"Responsible: {_cell(_who(stage.role))}.")
    if stage.enter:
        about.append(f"To come here: {_cell(_rules(stage.enter))}.")
    rows = [_action_cells(workflow, action, stage.role) for action in stage.actions]
    rows += [
        ("edit", state, "", _who(roles), "fields of the item", "")
        for state, roles in stage.may_edit.items()
    ]
    told = [f"## {stage.name}", "", " ".join(about)]
    return [*told, "", *_table(COLUMNS, rows)] if rows else told


def _action_cells(
    workflow: Workflow, action: Action, responsible: tuple[str, ...]
) -> tuple[str, ...]:
    return (
        action.name,
        ", ".join("anywhere" if one == ANYONE else one for one in action.sources),
        action.target or " or ".join(workflow.entries(action.goto)),
        _doer(action, responsible),
        _data(action.data) if action.data else "",
        _rules(action.rules),
    )


def _doer(action: Action, responsible: tuple[str, ...]) -> str:
    if action.due is not None:
        return f"by itself, {_when(action)}"
    if action.automatic:
        return "by itself"
    if action.ballots:
        return "; ".join(map(_ballot, action.ballots))
    return _who(responsible if action.roles is None else action.roles)


def _when(action: Action) -> str:
    due = action.due
    if isinstance(due, Moment):
        offset = f" {span_text(due.offset)}" if due.offset else ""
        told = f"at {due.field}{offset}"
    else:
        told = f"after {span_text(due or timedelta())}"
    return f"{told}, every {span_text(action.every)}" if action.every else told


def _ballot(ballot: Ballot) -> str:
    quorum = "" if ballot.quorum == "any" else f" ({ballot.quorum})"
    when = f" if {_rules(ballot.when)}" if ballot.when else ""
    after = f" after {', '.join(ballot.after)}" if ballot.after else ""
    return f"{ballot.name}: {_who(ballot.roles)}{quorum}{when}{after}"


def _entitled(workflow: Workflow, command: str) -> str:
    if command == "edit":
        return "whom the stage names"
    if command in ("claim", "release") and command not in workflow.rights:
        return "who is responsible for the stage"
    if command == "vote":
        return "who has a ballot" if any(a.ballots for _, a in actions_in(workflow)) else "nobody"
    if command == "undo" and command not in workflow.rights:
        reversible = any(action.reversible for _, action in actions_in(workflow))
        return "whoever did it" if reversible else "nobody"
    command = _SAME_RIGHT.get(command, command)
    return _who(workflow.rights.get(command, DEFAULT_RIGHTS.get(command, ())))


def _who(roles: Iterable[str]) -> str:
    return ", ".join("anybody" if role == ANYONE else role for role in roles) or "nobody"


def _rules(rules: Iterable[Rule]) -> str:
    return "; ".join(map(_rule, rules))


def _rule(rule: Rule) -> str:
    given = ", ".join(f"{name}={_value(value)}" for name, value in rule.parameters.items())
    told = f"{rule.name}({given})" if given else rule.name
    return f"{told}, unless {_who(rule.waivable_by)} waives it" if rule.waivable_by else told


def _value(value: Any) -> str:
    return " or ".join(map(_value, value)) if isinstance(value, tuple) else str(value)


def _data(form: type) -> str:
    fields: Mapping[str, Any] = describe_form(form)["fields"]
    return ", ".join(f"{name}: {_type(told)}" for name, told in fields.items())


def _type(told: Any) -> str:
    """The type of a field, as `describe_form` tells it, in one line."""
    if isinstance(told, str):
        return told
    if not isinstance(told, Mapping):
        return " or ".join(told)
    if "type" in told:
        optional = " or null" if told.get("optional") else ""
        default = f" = {_default(told['default'])}" if "default" in told else ""
        return f"{_type(told['type'])}{optional}{default}"
    for word in ("list", "dict"):
        if word in told:
            return f"{word}[{_type(told[word])}]"
    inner = (f"{name}: {_type(kind)}" for name, kind in told["fields"].items())
    return f"{told['form']}({', '.join(inner)})"


def _default(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    named = tuple(columns)
    yield f"| {' | '.join(named)} |"
    yield f"| {' | '.join('---' for _ in named)} |"
    for row in rows:
        yield f"| {' | '.join(map(_cell, row))} |"


def _cell(text: str) -> str:
    """The text on one line, with a backslash before whatever Markdown might read as a sign."""
    plain = "".join(f"\\{letter}" if letter in "\\`*[]<>|#" else letter for letter in text)
    return " ".join(plain.split())
