"""A workflow as Markdown: a table for each stage."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from socialflow.ballots import Ballot
from socialflow.definitions import DEFAULT_RIGHTS, Workflow
from socialflow.forms import describe_form
from socialflow.moments import Moment, span_text
from socialflow.people import ANYONE
from socialflow.places import actions_in
from socialflow.rules import Rule
from socialflow.stages import Action, Stage
from socialflow.standing import MIGRATE, STANDING

__all__ = ["markdown"]
_LATER = ("vote", "hold", "resume", "archive", "unarchive", "undo", "force")
_SAME_RIGHT = {"resume": "hold", "unarchive": "archive"}
COLUMNS = ("action", "from", "to", "who", "data", "rules")


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
    if workflow.rights.get(MIGRATE):
        standing.append((MIGRATE, _entitled(workflow, MIGRATE), ""))
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
