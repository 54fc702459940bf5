"""Objecting: what has to stand in the way of a step, by reading the definition once more.

Roles, denials, marks, claims and the rules that the library itself knows are read; of any other
rule nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs

from socialflow.definitions import Workflow
from socialflow.errors import Refusal
from socialflow.forms import fields_of
from socialflow.people import ANYONE, Member
from socialflow.policies import BY_ROLE
from socialflow.rules import Rule
from socialflow.stages import Action, Parallel
from socialflow.testing.ledgers import Ledger
from socialflow.testing.reaching import Reach, Situation, Try
from socialflow.testing.reading import actions_of, denying, kinds_denied, roles_for
from socialflow.testing.steps import Step

__all__ = ["contradicted", "outsiders"]

STRANGER = Member("a stranger")

Reading = Callable[[Ledger, tuple[str, ...], str, Mapping[str, Any]], bool]


def _wrote(ledger: Ledger, persons: tuple[str, ...], _: str, told: Mapping[str, Any]) -> bool:
    before = ledger.authors if told.get("since") == "creation" else ()
    return bool({*persons} & {*ledger.contributors, *before})


def _lacks(ledger: Ledger, _: tuple[str, ...], __: str, told: Mapping[str, Any]) -> bool:
    return ledger.data.get(told["field"]) in (None, "", (), {})


def _is_not_named(ledger: Ledger, persons: tuple[str, ...], stage: str, _: Any) -> bool:
    return ledger.holders.get(stage) not in persons


READ: Mapping[str, Reading] = {
    "four_eyes": _wrote,
    "has": _lacks,
    "is_responsible": _is_not_named,
}
"""Whether a rule objects, by the name of its kind."""


def contradicted(reach: Reach, tried: Try) -> str:
    """How the core contradicts the definition about a step; empty if it does not."""
    if reach.policy is not BY_ROLE:
        return ""
    expected, rest = {*_before_rules(reach, tried)}, False
    action = actions_of(reach.workflow).get(tried.way.full)
    for rule in action.rules if action is not None and not action.ballots else ():
        if not rule.advisory:
            known = _is_read(rule)
            rest = rest or not known
            if known and _objects(reach, tried, rule):
                expected.add(_code(rule))
    if action is not None and not action.ballots and _lacks_data(action, tried.step):
        expected.add("data")
    told: set[str] = set()
    if isinstance(tried.outcome, Refusal):
        told = {*tried.outcome.codes}
        if given := sorted(told & _waived(reach, tried, action)):
            return f"{tried.step}: a reason is given, and {_said({*given})}"
    elif tried.outcome.version - tried.situation.item.version != (tried.way.full != "note"):
        return f"{tried.step}: it leads to version {tried.outcome.version}"
    missing = sorted(expected - told)
    if missing:
        return f"{tried.step}: {', '.join(missing)} has to object, and {_said(told)}"
    if action is None or action.ballots or action.data or rest or _is_gated(reach.workflow):
        return ""
    more = sorted(told - expected)
    return f"{tried.step}: nothing has to object, and {_said({*more})}" if more else ""


def outsiders(reach: Reach, here: Situation) -> Iterator[Try]:
    """What can be done there, asked for by a stranger, by whom a role forbids it, or wrongly.

    Wrongly is without data, or with a reason to go on that somebody else would have to give.
    """
    ways = {(tried.way.full, tried.objecting): tried for tried in reach.tries(here)}
    for (full, objecting), tried in ways.items():
        step, roles = tried.step, sorted(tried.way.roles - {ANYONE})[:1]
        barred = [(*roles, role) for role in sorted(denying(reach.workflow, full))]
        steps = [attrs.evolve(step, by=STRANGER, waive={})]
        if tried.way.action is not None:
            steps.append(attrs.evolve(step, data=None))
        for held in barred:
            steps.append(attrs.evolve(step, by=Member(" and ".join(held), held), waive={}))
        if objecting and not step.waive:
            steps.append(attrs.evolve(step, waive={_code(one): "so be it" for one in objecting}))
        for one in steps:
            again = reach.tried(here, tried.way, one, tried.facts)
            if again is not None:
                yield again


def _before_rules(reach: Reach, tried: Try) -> Iterator[str]:
    """What role, denial and ledger have against it."""
    workflow, step, way = reach.workflow, tried.step, tried.way
    held = step.by.roles_for(way.full, reach.scope, reach.at)
    barred = held & denying(workflow, way.full) or {step.by.kind} & kinds_denied(workflow, way.full)
    opening = roles_for(workflow, way.full, way.source, tried.situation.item.marking)
    code = reach.against(tried)
    if code in ("on_hold", "archived"):
        yield code
    if barred:
        yield "denied"
    elif not {*held, ANYONE, step.by.id} & opening:
        yield "role"
    elif code is not None and not tried.objecting:
        yield code


def _is_read(rule: Rule) -> bool:
    return rule.kind.name in READ and rule.kind.check.__module__ == "socialflow.rules"


def _objects(reach: Reach, tried: Try, rule: Rule) -> bool:
    """Whether a rule objects, and nobody who may has given a reason to go on."""
    stage = tried.way.full.rpartition(".")[0]
    ledger, persons = tried.situation.ledger, reach.persons(tried.step.by)
    found = READ[rule.kind.name](ledger, persons, stage, rule.parameters)
    return found is not rule.negated and not _may_go_on(reach, tried, rule)


def _may_go_on(reach: Reach, tried: Try, rule: Rule) -> bool:
    """Whether somebody gives a reason to go on who may."""
    held = {*tried.step.by.roles_for(tried.way.full, reach.scope, reach.at), ANYONE}
    reason = tried.step.waive.get(_code(rule), "").strip()
    return bool(reason and held & {*rule.waivable_by})


def _waived(reach: Reach, tried: Try, action: Action | None) -> set[str]:
    """The codes of rules that somebody who may has waived; none but those may have the code."""
    rules = action.rules if action is not None else ()
    codes = [_code(rule) for rule in rules]
    able = {_code(rule) for rule in rules if _may_go_on(reach, tried, rule)}
    return {code for code in able if codes.count(code) == 1}


def _lacks_data(action: Action, step: Step) -> bool:
    """Whether nothing is said where something has to be."""
    fields = fields_of(action.data).values() if action.data is not None else ()
    return step.data is None and any(field.default is attrs.NOTHING for field in fields)


def _code(rule: Rule) -> str:
    return f"not_{rule.kind.name}" if rule.negated else rule.kind.name


def _is_gated(workflow: Workflow) -> bool:
    """Whether what comes next, or a date, may object as well."""
    dated = any(isinstance(step, Parallel) and step.until for step in workflow.steps)
    return dated or any(stage.enter for stage in workflow.stages)


def _said(codes: set[str]) -> str:
    return f"the core says {', '.join(sorted(codes))}" if codes else "the core accepts it"
