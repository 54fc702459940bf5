"""What is wrong about times and marks: findings, each with its remedy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, get_args

from socialflow.errors import Finding, nearest
from socialflow.moments import Moment
from socialflow.places import actions_in, path
from socialflow.stages import Action, Parallel

if TYPE_CHECKING:
    from socialflow.definitions import Workflow

__all__ = ["wrong_times"]

RESERVED_MARKS = ("archived", "on_hold")


def wrong_times(workflow: Workflow) -> Iterator[Finding]:
    """Moments that are none, and spans that lead nowhere."""
    for where, action in actions_in(workflow):
        yield from _due(workflow, where, action)
        yield from _marks(where, action)
    for step in workflow.steps:
        if isinstance(step, Parallel) and step.until is not None:
            names = " + ".join(stage.name for stage in step.stages)
            yield from _moment(workflow, path(workflow.name, names), step.until)
    for stage in workflow.stages:
        if stage.lease is not None and stage.lease <= timedelta():
            where = path(workflow.name, stage.name)
            yield Finding("span", where, "a lease lasts longer than nothing", "say hours(8)")


def _due(workflow: Workflow, where: str, action: Action) -> Iterator[Finding]:
    if action.due is None:
        if action.every is not None or action.within is not None:
            yield Finding(
                "span", where, "every= and within= need a moment to begin with", "say due="
            )
        return
    if action.automatic:
        yield Finding("automatic", where, "it is both automatic and due", "say one of them")
    if isinstance(action.due, Moment):
        yield from _moment(workflow, where, action.due)
    elif action.due < timedelta():
        yield Finding("span", where, "it is due before its state is entered", "say days(1)")
    for word, span in (("every", action.every), ("within", action.within)):
        if span is not None and span <= timedelta():
            yield Finding("span", where, f"{word}= is longer than nothing", "say days(1)")


def _moment(workflow: Workflow, where: str, moment: Moment) -> Iterator[Finding]:
    field = workflow.declared.get(moment.field)
    if field is None:
        told = f"it waits for {moment.field!r}, which nothing declares"
        yield Finding("undeclared", where, told, nearest(moment.field, workflow.declared))
    elif datetime not in _kinds(field.type):
        told = f"it waits for {moment.field!r}, which holds no moment"
        yield Finding("field_type", where, told, "declare it as a datetime")


def _kinds(kind: Any) -> tuple[Any, ...]:
    return (kind, *get_args(kind))


def _marks(where: str, action: Action) -> Iterator[Finding]:
    for mark in (*action.marks, *action.unmarks):
        if mark in RESERVED_MARKS:
            told = f"the mark {mark!r} belongs to the commands of every workflow"
            yield Finding("reserved", where, told, "call it something else")
