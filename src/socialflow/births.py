"""Births: whether an item comes into being, and with what."""

from __future__ import annotations

import attrs

from socialflow.cases import NO_FACTS, Allow, Case, Facts
from socialflow.childless import childless
from socialflow.decisions import newborn
from socialflow.definitions import Workflow
from socialflow.drafts import Draft, joined
from socialflow.errors import Objection, Refusal, nearest
from socialflow.filling import Filled, fill, fill_some
from socialflow.forms import fields_of
from socialflow.items import Command, Event, Origin
from socialflow.judging import not_allowed_by, verdict_on, wrong_target
from socialflow.outcomes import outcome_of
from socialflow.people import Member
from socialflow.plain import EMPTY, FrozenDict
from socialflow.plans import plan_of
from socialflow.policies import BY_ROLE
from socialflow.protocols import Policy

__all__ = ["found"]


def found(
    workflow: Workflow,
    id: str,
    command: Command,
    member: Member,
    origin: Origin,
    *,
    facts: Facts = NO_FACTS,
    policy: Policy = BY_ROLE,
    acting_for: tuple[str, ...] = (),
    contributors: tuple[str, ...] = (),
    cause: str = "",
) -> Event | Refusal:
    """Decide whether an item comes into being: by ``create``, or by ``adopt`` in ``command.to``.

    Args:
        workflow: The definition that will hold it.
        id: Of the new item.
        command: ``create``, or ``adopt`` with the full state in ``to``.
        member: The one whom ``command.by`` names.
        origin: What the item is born with.
        facts: What entry rules and automatic actions need.
        policy: Who may.
        acting_for: Ids on whose behalf *member* acts.
        contributors: Ids of those who have written what is adopted.
        cause: What has brought it about, if that is an event of another item.
    """
    plan = plan_of(workflow)
    name = command.action
    way = plan.birth(name)
    persons = (member.id, *acting_for)
    unborn = newborn(id, origin)
    case = Case(workflow, unborn, command, member, persons, name, way.roles, way.denied, facts)
    verdict = verdict_on(policy, case)
    objections = () if isinstance(verdict, Allow) else not_allowed_by(case, verdict)
    if name == "adopt" and command.to not in workflow.states:
        objections += (_no_such_state(workflow, command.to),)
    if name == "adopt":
        objections += childless(plan, name, command.to)
    if name == "create" and command.to is not None:
        objections += wrong_target(way, command)
    objections += _birth_data(workflow, case)
    if objections or not isinstance(verdict, Allow):
        return Refusal(name, objections)
    draft = Draft.of(plan, unborn, case.command, facts)
    data = case.command.data or EMPTY
    draft.write(data, persons)
    draft.contributors = joined(draft.contributors, contributors)
    if command.to is not None:
        draft.enter(command.to, "", name)
    else:
        for stage in plan.first_stages:
            draft.enter(stage.initial, "", name)
            draft.asked.add(stage.name)
    asked = command.fingerprint() if command.key is not None else ""
    return outcome_of(
        draft, name, case.command, verdict.roles, 1, asked, tuple(data), origin, cause
    )


def _no_such_state(workflow: Workflow, to: str | None) -> Objection:
    return Objection(
        "to",
        f"an item cannot be adopted at {to!r}",
        nearest(str(to), workflow.states),
        {"to": to, "targets": workflow.states},
    )


def _birth_data(workflow: Workflow, case: Case) -> tuple[Objection, ...]:
    """Fill in the workflow's own form; an adopted item may bring the stages' fields as well."""
    given = case.command.data or EMPTY
    own = set(fields_of(workflow.fields)) if workflow.fields else set()
    adopted = case.action == "adopt"
    theirs = FrozenDict({n: v for n, v in given.items() if adopted and n not in own})
    mine = FrozenDict({n: v for n, v in given.items() if n not in theirs})
    parts = [
        fill_some(workflow.declared, theirs),
        fill(workflow.fields, mine) if workflow.fields else fill_some({}, mine),
    ]
    wrong = tuple(one for part in parts if not isinstance(part, Filled) for one in part)
    if wrong:
        return wrong
    plain = {
        name: value
        for part in parts
        if isinstance(part, Filled)
        for name, value in part.plain.items()
        if value is not None
    }
    case.command = attrs.evolve(case.command, data=plain if plain else None)
    return ()
