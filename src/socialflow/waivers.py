"""Waivers: going on although a rule objects, for those who may, and who say why."""

from __future__ import annotations

from collections.abc import Set

import attrs

from socialflow.cases import Case
from socialflow.errors import Objection
from socialflow.items import Command
from socialflow.people import ANYONE
from socialflow.policies import entitled
from socialflow.ways import Way

__all__ = ["objected", "unwaived", "waiving"]


def unwaived(case: Case, objections: tuple[Objection, ...]) -> tuple[Objection, ...]:
    """Those objections that the command does not waive, or that its member may not."""
    waive = case.command.waive
    if not waive:
        return objections
    held = entitled(case.member, case, case.action)
    left = []
    for one in objections:
        told = waive.get(one.code)
        theirs = ANYONE in one.waivable_by or not held.isdisjoint(one.waivable_by)
        if theirs and _is_reason(told):
            continue
        if told is not None:
            why = "a waiver needs a reason" if theirs else f"{case.member.id!r} may not waive it"
            one = attrs.evolve(one, remedy="; ".join(filter(None, (one.remedy, why))))
        left.append(one)
    return tuple(left)


def _is_reason(told: object) -> bool:
    return isinstance(told, str) and bool(told.strip())


def objected(way: Way, case: Case) -> set[str]:
    """The codes of what the rules of *way* have against the case, waived or not."""
    return {one.code for rule in way.rules for one in rule.objections(case)}


def waiving(command: Command, needed: Set[str]) -> Command:
    """The command, its waivers cut down to those that were *needed*: codes of objections."""
    if not command.waive:
        return command
    used = {code: reason for code, reason in command.waive.items() if code in needed}
    return attrs.evolve(command, waive=used)
