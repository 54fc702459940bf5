"""The way in and out for people who have a `transitions.Machine`; the door to `transitions`.

A machine is flat and shared: it has no model, queues nothing, and knows states and triggers only.
Forks, joins, ends that take every token, roles and rules are this library's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from socialflow.errors import DefinitionError, Finding, nearest
from socialflow.rules import Rule
from socialflow.stages import Action, Stage

if TYPE_CHECKING:
    from transitions import Machine

    from socialflow.definitions import Workflow

__all__ = ["build_machine", "read_machine", "table_of"]

Table = Mapping[tuple[str, str], tuple[str, ...]]
"""The states an action leads to (full names), by its full name and the state it leaves."""


CALLBACKS = (
    "prepare_event",
    "before_state_change",
    "after_state_change",
    "finalize_event",
    "on_exception",
    "on_final",
)


def _asked_for(target: str, to: str | None = None) -> bool:
    return to == target


def build_machine(workflow: Workflow) -> Machine:
    """A machine with every state of *workflow*, and a trigger for every action in full.

    A trigger with several targets wants to be told which: ``trigger(model, to="tone.queued")``.
    """
    from transitions import Machine

    machine = Machine(
        model=None,
        states=list(workflow.states),
        initial=workflow.stages[0].initial,
        auto_transitions=False,
        queued=False,
    )
    for stage in workflow.stages:
        for action in stage.actions:
            name = stage.full(action.name)
            for source in map(stage.full, action.sources):
                own = stage.full(action.target) if action.target else source
                _add(machine, name, source, workflow.entries(action.goto) or (own,))
    for action in workflow.actions:
        for source in workflow.sources(action):
            _add(machine, action.name, source, workflow.entries(action.goto) or (source,))
    return machine


def _add(machine: Machine, name: str, source: str, targets: tuple[str, ...]) -> None:
    for target in targets:
        which: Any = [partial(_asked_for, target)] if len(targets) > 1 else None
        machine.add_transition(name, source, target, conditions=which)


def table_of(machine: Machine) -> Table:
    """Every trigger of *machine*, by name and source, with where it leads."""
    return {
        (name, source): tuple(str(edge.dest) for edge in edges)
        for name, event in machine.events.items()
        for source, edges in event.transitions.items()
    }


def read_machine(
    machine: Machine,
    stage: str,
    role: str | Iterable[str],
    roles: Mapping[str, str | Iterable[str]],
    rules: Mapping[str, Rule],
) -> Stage:
    """The one stage that does what *machine* does.

    States without a way out are its done states. A condition becomes the rule that *rules* has
    under its name, ``unless`` the negation of it; every target is checked.

    Raises:
        DefinitionError: It has nested states, callbacks, or a condition that *rules* lacks.
    """
    findings: list[Finding] = []
    for name in roles:
        if name not in machine.events:
            findings.append(_stranger(stage, "roles", name, machine.events))
    for name in rules:
        if name not in _conditions(machine):
            findings.append(_stranger(stage, "rules", name, _conditions(machine)))
    if any(getattr(machine, name, None) for name in CALLBACKS):
        findings.append(_callback(stage))
    states = [_state(stage, state, findings) for state in machine.states.values()]
    actions = []
    leaving = set()
    for (name, source), edges in _edges(machine).items():
        leaving.add(source)
        for n, edge in enumerate(edges):
            where = f"{stage} / {name}"
            if edge.before or edge.after or edge.prepare:
                findings.append(_callback(where))
            held = [_rule(where, one, rules, findings) for one in edge.conditions]
            target = None if edge.dest is None or edge.dest == source else str(edge.dest)
            actions.append(
                Action(
                    name if n == 0 else f"{name}_{n + 1}",
                    source,
                    target,
                    roles=roles.get(name),
                    rules=[one for one in held if one],
                )
            )
    if findings:
        raise DefinitionError(tuple(findings))
    first = str(machine.initial)
    ordered = sorted(states, key=lambda state: state != first)
    done = [state for state in ordered if state not in leaving]
    if not done:
        raise DefinitionError.because(
            "empty",
            stage,
            "every state of the machine has a way out, so that nothing would ever be done",
            "give it a state without one; that becomes the done state",
        )
    return Stage(stage, ordered, done=done, role=role, actions=actions)


def _conditions(machine: Machine) -> set[str]:
    edges = (edge for several in _edges(machine).values() for edge in several)
    return {_name_of(condition) for edge in edges for condition in edge.conditions}


def _name_of(condition: Any) -> str:
    return str(getattr(condition.func, "__name__", condition.func))


def _stranger(stage: str, word: str, name: str, known: Iterable[str]) -> Finding:
    return Finding(
        "unknown_name",
        f"{stage} / {word}",
        f"{name!r} is nothing that the machine has",
        nearest(name, known),
    )


def _edges(machine: Machine) -> dict[tuple[str, str], list[Any]]:
    return {
        (name, source): edges
        for name, event in machine.events.items()
        for source, edges in event.transitions.items()
        if not (machine.auto_transitions and name.removeprefix("to_") in machine.states)
    }


def _state(stage: str, state: Any, findings: list[Finding]) -> str:
    where = f"{stage} / {state.name}"
    if getattr(state, "states", None):
        findings.append(
            Finding("nested", where, "nested states are not read", "make them Stages of their own")
        )
    if state.on_enter or state.on_exit:
        findings.append(_callback(where))
    return str(state.name)


def _callback(where: str) -> Finding:
    return Finding(
        "callback", where, "callbacks are not read", "connect to the engine's signals instead"
    )


def _rule(
    where: str, condition: Any, rules: Mapping[str, Rule], findings: list[Finding]
) -> Rule | None:
    name = _name_of(condition)
    rule = rules.get(name)
    if rule is None:
        findings.append(
            Finding(
                "unknown_rule",
                where,
                f"the condition {name!r} stands for no rule",
                f"say rules={{{name!r}: ...}}",
            )
        )
        return None
    return rule if condition.target else ~rule
