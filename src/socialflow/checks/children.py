"""What is wrong about the items below: findings, each with its remedy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, get_args, get_origin

import attrs

from socialflow.errors import Finding, nearest
from socialflow.forms import fields_of
from socialflow.kinds import SPAWN, TELL, Line
from socialflow.places import actions_in, path, rules_in
from socialflow.rules import Rule
from socialflow.stages import Stage
from socialflow.standing import STANDING

if TYPE_CHECKING:
    from socialflow.definitions import Workflow

__all__ = ["wrong_children"]


def wrong_children(workflow: Workflow) -> Iterator[Finding]:
    """Children that are not there, and states and actions that they do not have."""
    names = [child.name for child in workflow.children]
    for name in dict.fromkeys(one for one in names if names.count(one) > 1):
        yield Finding("duplicate", workflow.name, f"child {name!r} is there twice", "rename one")
    for stage in workflow.stages:
        if stage.follows is not None:
            yield from _follows(workflow, stage)
    for where, action in actions_in(workflow):
        for effect in action.effects:
            if effect.name == SPAWN:
                yield from _spawn(workflow, where, effect.data)
            elif effect.name == TELL:
                yield from _tell(workflow, where, effect.data)
    for where, rule in rules_in(workflow):
        if rule.kind.names_children:
            yield from _rule(workflow, path(workflow.name, where), rule)


def _child(workflow: Workflow, where: str, name: Any) -> Iterator[Finding]:
    if name not in workflow.kinds:
        told = f"it names the child {name!r}, which the workflow does not have"
        yield Finding("unknown_child", where, told, nearest(str(name), workflow.kinds))


def _states(child: Workflow, where: str, states: Iterable[str]) -> Iterator[Finding]:
    for state in states:
        try:
            known = child.full(state) in child.states
        except LookupError:
            known = False
        if not known:
            told = f"it names the state {state!r}, which {child.name} does not have"
            yield Finding("unknown_state", where, told, nearest(state, child.states))


def _follows(workflow: Workflow, stage: Stage) -> Iterator[Finding]:
    assert stage.follows is not None
    where = path(workflow.name, stage.name, "follows")
    wrong = tuple(_child(workflow, where, stage.follows.workflow))
    yield from wrong
    ends = [f"end.{end}" for end in workflow.ends]
    for line in stage.follows.lines:
        if line.state not in (*stage.states, *ends):
            told = f"it leads to {line.state!r}, which is no state of the stage and no end"
            yield Finding("unknown_state", where, told, nearest(line.state, (*stage.states, *ends)))
        if bool(line.some) == bool(line.only):
            told = f"the line {line.state!r} says some or only, one of them"
            yield Finding("follows", where, told, 'write ("live", only("verified"))')
        if not wrong:
            yield from _line(workflow, where, stage.follows.workflow, line)


def _line(workflow: Workflow, where: str, child: str, line: Line) -> Iterator[Finding]:
    yield from _states(workflow.kinds[child], where, (*line.some, *line.only))


def _spawn(workflow: Workflow, where: str, told: Any) -> Iterator[Finding]:
    yield from _child(workflow, where, told.get("workflow"))
    child = workflow.kinds.get(told.get("workflow"))
    if child is None:
        return
    theirs = fields_of(child.fields) if child.fields else {}
    each, into, copies = told.get("each"), told.get("into"), told.get("copies", ())
    otherwise = told.get("otherwise")
    for field in (each, otherwise, *copies):
        if field is not None and field not in workflow.declared:
            yield _unknown_field(where, field, workflow.declared)
    if each in workflow.declared and not _lists_texts(workflow.declared[each].type):
        yield Finding(
            "field_type", where, f"{each!r} does not list texts", "declare it as tuple[str, ...]"
        )
    if otherwise in workflow.declared:
        yield from _otherwise(where, otherwise, each, copies, workflow.declared[otherwise].type)
    given = [field for field in (into, *copies) if field is not None]
    for field in given:
        if field not in theirs:
            yield _unknown_field(where, field, theirs)
    for name, field in theirs.items():
        if field.default is attrs.NOTHING and name not in given:
            message = f"{child.name} needs {name!r}, which it is not given"
            yield Finding("spawn", where, message, f"say copies={name!r}, or give it a default")


def _unknown_field(where: str, field: str, known: Iterable[str]) -> Finding:
    told = f"it names the field {field!r}, which is not declared"
    return Finding("unknown_field", where, told, nearest(field, list(known)))


def _lists_texts(kind: Any) -> bool:
    kinds = (kind, *get_args(kind))
    return any(get_origin(one) in (tuple, list) and str in get_args(one) for one in kinds)


def _otherwise(
    where: str, field: str, each: str | None, copies: Iterable[str], kind: Any
) -> Iterator[Finding]:
    """What is wrong with a field that says what is different for a child."""
    tables = [one for one in (kind, *get_args(kind)) if get_origin(one) in (dict, Mapping)]
    form = get_args(tables[0])[1] if tables else None
    if each is None or form is None or not attrs.has(form):
        message = f"{field!r} does not say by a text what is different for its child"
        remedy = "say each=, and declare the field as dict[str, X], X being a form"
        yield Finding("field_type", where, message, remedy)
        return
    for name in sorted(set(fields_of(form)) - {*copies}):
        message = f"{field!r} says {name!r} otherwise, which the child does not take over"
        yield Finding("spawn", where, message, f"say copies={name!r} as well")


def _tell(workflow: Workflow, where: str, told: Any) -> Iterator[Finding]:
    yield from _child(workflow, where, told.get("workflow"))
    child = workflow.kinds.get(told.get("workflow"))
    if child is None:
        return
    yield from _states(child, where, told.get("where", ()))
    action = told.get("action")
    names = {name for full in child.action_names for name in (full, full.rpartition(".")[2])}
    known = names | {"hold", "resume", "cancel"}
    if action not in known:
        message = f"{child.name} has no action {action!r}"
        yield Finding("unknown_action", where, message, nearest(str(action), names))
    elif action in STANDING:
        return
    for _, one in actions_in(child):
        demands = one.data is not None and any(
            field.default is attrs.NOTHING for field in fields_of(one.data).values()
        )
        if one.name == str(action).rpartition(".")[2] and (demands or len(one.goto) > 1):
            message = f"{action!r} wants to be told more than its name"
            yield Finding("tell", where, message, "give its data defaults, and one target")


def _rule(workflow: Workflow, where: str, rule: Rule) -> Iterator[Finding]:
    kind, states = rule.kind.names_children
    name = str(rule.parameters.get(kind))
    yield from _child(workflow, where, name)
    if name in workflow.kinds:
        told = rule.parameters.get(states, ())
        several = (told,) if isinstance(told, str) else told
        full = [one for one in several if one not in workflow.kinds[name].states]
        for state in full:
            message = f"it names the state {state!r}, which {name} does not have"
            remedy = nearest(state, workflow.kinds[name].states)
            yield Finding("unknown_state", where, message, remedy)
