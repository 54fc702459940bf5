"""What happens without anybody asking: what is due, and what follows from the children."""

from __future__ import annotations

from datetime import datetime

from socialflow.alarms import Call, calls, marked_as_fired
from socialflow.cases import NO_FACTS, Allow, Case, Facts
from socialflow.definitions import Workflow
from socialflow.drafts import Draft
from socialflow.errors import Objection, Refusal
from socialflow.items import Command, Event, Item
from socialflow.judging import not_allowed_by, stopped_by_marks
from socialflow.outcomes import outcome_of
from socialflow.people import SYSTEM, Member
from socialflow.plans import plan_of
from socialflow.policies import BY_ROLE
from socialflow.protocols import Policy
from socialflow.settling import carry, objections_of
from socialflow.ways import Way

__all__ = ["SETTLE", "fall_due", "followed", "told"]

SETTLE = "settled"


def fall_due(
    workflow: Workflow,
    item: Item,
    stage: str,
    at: datetime,
    *,
    behalf: Member | None,
    facts: Facts = NO_FACTS,
    policy: Policy = BY_ROLE,
) -> Event | Refusal | None:
    """Do what it is time for in one stage of *item*.

    An action with roles of its own is done only if *behalf*, whose command set the moment, may ask
    for it by now; the others are the system's.  Each is done once for each moment; what may be
    done only *within* some time of it, and was not, is skipped.

    Returns:
        The event, the refusal with every objection, or None if nothing is due.
    """
    plan = plan_of(workflow)
    token = item.token(stage)
    if token is None:
        return None
    due = calls(plan, token, item.data, at, plan.is_late(token, item.tokens))
    if not due:
        return None
    first = next((call for call in due if not call.over), None)
    done = [call for call in due if first is None or call.moment <= first.moment]
    done = [call for call in done if call.over or call is first]
    name = SETTLE if first is None or first.way is None else first.name
    moment = due[0].moment if first is None else first.moment
    key = f"{item.id}/{first.name if first else SETTLE}/{token.visit}/{moment.isoformat()}"
    command = Command(name, SYSTEM.id, at, key=key)
    draft = Draft.of(plan, item, command, facts)
    draft.tokens[draft.tokens.index(token)] = marked_as_fired(token, done)
    draft.behalf = token.alarm.behalf if token.alarm is not None else SYSTEM.id
    if first is not None and first.way is not None:
        objections = _objections(first, draft, behalf, policy)
        if objections:
            return Refusal(first.name, objections)
        carry(draft, first.way)
    return outcome_of(draft, name, command, (), item.version + 1, command.fingerprint())


def _objections(
    call: Call, draft: Draft, behalf: Member | None, policy: Policy
) -> tuple[Objection, ...]:
    way = call.way
    assert way is not None
    case = draft.case_for_system(way.full)
    objections = _not_theirs(way, case, draft.behalf, behalf, policy)
    return objections + stopped_by_marks(way, draft.item) + objections_of(way.rules, case)


def _not_theirs(
    way: Way, case: Case, id: str, behalf: Member | None, policy: Policy
) -> tuple[Objection, ...]:
    """Why the member on whose behalf it is done may not have it done, if it names roles."""
    if way.action is None or way.action.roles is None or id == SYSTEM.id:
        return ()
    if behalf is None:
        told = f"{way.full!r} is due on behalf of {id!r}, whom the directory does not know"
        return (Objection("unknown_member", told, "have somebody set it anew", {"member": id}),)
    theirs = Case(
        case.workflow,
        case.item,
        case.command,
        behalf,
        (behalf.id,),
        way.full,
        way.roles,
        way.denied,
        case.facts,
    )
    verdict = policy.judge(theirs)
    return () if isinstance(verdict, Allow) else not_allowed_by(theirs, verdict)


def followed(
    workflow: Workflow, item: Item, at: datetime, *, facts: Facts = NO_FACTS, cause: str = ""
) -> Event | None:
    """Settle *item* because its children are in other states than before.

    Returns:
        The event, or None if nothing moves.
    """
    command = Command(SETTLE, SYSTEM.id, at)
    draft = Draft.of(plan_of(workflow), item, command, facts)
    outcome = outcome_of(draft, SETTLE, command, (), item.version + 1, cause=cause)
    moved = isinstance(outcome, Event) and (outcome.moves or outcome.effects)
    return outcome if isinstance(outcome, Event) and moved else None


def told(
    workflow: Workflow,
    item: Item,
    action: str,
    at: datetime,
    *,
    facts: Facts = NO_FACTS,
    cause: str = "",
) -> Event | Refusal | None:
    """Have *item* do what its parent tells it; rules are asked, policy is not.

    Returns:
        The event, the refusal with every objection, or None if that is not open to it.
    """
    plan = plan_of(workflow)
    command = Command(action, SYSTEM.id, at)
    ways = plan.open(item.tokens, action)
    if not ways:
        return None
    way = ways[0]
    draft = Draft.of(plan, item, command, facts)
    objections = objections_of(way.rules, draft.case_for_system(way.full))
    if objections:
        return Refusal(way.full, objections)
    carry(draft, way)
    return outcome_of(draft, way.full, command, (), item.version + 1, cause=cause)
