"""Words: the names in a property, and what they stand for in a workflow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from socialflow.definitions import Workflow
from socialflow.errors import DefinitionError, nearest
from socialflow.filling import Filled, fill_some
from socialflow.items import stage_of
from socialflow.people import ANYONE
from socialflow.plain import freeze
from socialflow.standing import STANDING

__all__ = [
    "FINAL",
    "actions_like",
    "actions_of",
    "check_data",
    "check_kind",
    "check_place",
    "check_role",
    "code",
    "either",
    "states_like",
    "states_of",
]

FINAL = "end.*"
"""Every end."""


def _nowhere(kind: str, where: str, name: str, known: Iterable[str]) -> DefinitionError:
    told = f"it names the {kind} {name!r}, which the workflow does not have"
    return DefinitionError.because(f"unknown_{kind}", where, told, nearest(name, list(known)))


def states_like(workflow: Workflow, patterns: Iterable[str], where: str) -> frozenset[str]:
    """The states that *patterns* stand for: a full name, a stage, or a pattern of full names.

    Raises:
        DefinitionError: One stands for nothing.
    """
    for pattern in patterns:
        if not states_of(workflow, (pattern,)):
            raise _nowhere("state", where, pattern, (*workflow.states, *workflow.places))
    return states_of(workflow, tuple(patterns))


@lru_cache(4096)
def states_of(workflow: Workflow, patterns: tuple[str, ...]) -> frozenset[str]:
    """The states that *patterns* stand for; those that stand for nothing are left out."""
    return frozenset(
        one
        for one in workflow.states
        for pattern in patterns
        if pattern == stage_of(one) or fnmatchcase(one, pattern) or _bare(workflow, one, pattern)
    )


def _bare(workflow: Workflow, state: str, name: str) -> bool:
    """Whether a bare name is that of this state, and of no other."""
    if "." in name or state.partition(".")[2] != name:
        return False
    return sum(one.partition(".")[2] == name for one in workflow.states) == 1


def actions_like(workflow: Workflow, patterns: Iterable[str], where: str) -> frozenset[str]:
    """The full names of actions that *patterns* stand for.

    Raises:
        DefinitionError: One stands for nothing.
    """
    for pattern in patterns:
        if not actions_of(workflow, (pattern,)):
            raise _nowhere("action", where, pattern, (*workflow.action_names, *STANDING))
    return actions_of(workflow, tuple(patterns))


@lru_cache(4096)
def actions_of(workflow: Workflow, patterns: tuple[str, ...]) -> frozenset[str]:
    """The full names of actions that *patterns* stand for, those of every workflow included."""
    return frozenset(
        one
        for one in (*workflow.action_names, *STANDING)
        for pattern in patterns
        if fnmatchcase(one, pattern) or fnmatchcase(one.rpartition(".")[2], pattern)
    )


def check_role(workflow: Workflow, role: str, where: str) -> None:
    """Raise if the workflow has no such role."""
    if role not in workflow.role_names and role != ANYONE:
        raise _nowhere("role", where, role, workflow.role_names)


def check_kind(kinds: Iterable[str], kind: str, where: str) -> None:
    """Raise if nobody is of that kind."""
    if kind not in kinds:
        told = f"nobody in the team is of kind {kind!r}"
        raise DefinitionError.because("unknown_kind", where, told, nearest(kind, list(kinds)))


def check_place(workflow: Workflow, place: str, where: str) -> None:
    """Raise if the workflow has no such stage, or state in full."""
    if place not in workflow.places and place not in workflow.states:
        raise _nowhere("stage", where, place, (*workflow.places, *workflow.states))


def check_data(workflow: Workflow, data: Mapping[str, Any], where: str) -> None:
    """Raise if a field is not declared, or cannot have that value."""
    for name, value in data.items():
        if name not in workflow.declared:
            raise _nowhere("field", where, name, workflow.declared)
        if not isinstance(fill_some(workflow.declared, freeze({name: value})), Filled):
            told = f"{name} is never {value!r}"
            raise DefinitionError.because("property", where, told, "compare it with what it may be")


def either(names: Iterable[str]) -> str:
    """Names as a sentence lists them."""
    return " or ".join(names)


def code(word: str, *values: Any, **named: Any) -> str:
    """A call, as one writes it."""
    told = [repr(value) for value in values]
    told += [f"{name}={value!r}" for name, value in named.items()]
    return f"{word}({', '.join(told)})"
