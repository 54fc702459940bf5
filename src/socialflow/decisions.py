"""The pure core: no clock, no database, no signals, no randomness.

decide  : Workflow, Item, Command, Member -> Event | Refusal
apply   : Item, Event                     -> Item              (never refuses)
rebuild : Events                          -> Item
options : Workflow, Item, Member          -> what is open, and what stands in its way
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from socialflow.cases import NO_FACTS, Allow, Case, Facts
from socialflow.commands import BUILT_IN
from socialflow.definitions import Workflow
from socialflow.errors import Objection, Refusal, nearest
from socialflow.filling import Filled, fill, fill_some
from socialflow.forms import fields_of
from socialflow.items import (
    Command,
    Event,
    Item,
    Move,
    Origin,
    new_event,
    new_item,
    new_token,
    stage_of,
)
from socialflow.judging import (
    not_allowed_by,
    objections_to,
    way_for,
    with_waivers_used,
    wrong_target,
)
from socialflow.people import Member
from socialflow.plain import EMPTY, FrozenDict
from socialflow.plans import Plan, Way, plan_of
from socialflow.policies import BY_ROLE
from socialflow.protocols import Policy
from socialflow.settling import Draft, NotHandedOver, carry, joined, settle

__all__ = ["apply", "carried", "decide", "found", "newborn", "rebuild"]


def decide(
    workflow: Workflow,
    item: Item,
    command: Command,
    member: Member,
    *,
    facts: Facts = NO_FACTS,
    policy: Policy = BY_ROLE,
    acting_for: tuple[str, ...] = (),
) -> Event | Refusal:
    """Say what would happen, without making it happen.

    Args:
        workflow: The definition that holds *item*.
        item: As it is; not changed.
        command: Who asks for what, and when.
        member: The one whom ``command.by`` names.
        facts: What the rules of the workflow need from outside.
        policy: Who may ask for what.
        acting_for: Ids on whose behalf *member* acts.

    Returns:
        The event, or the refusal with every objection.

    Raises:
        UnknownAction: The workflow has no action of that name.
        EndlessSettling: Its automatic actions do not come to rest.
    """
    plan = plan_of(workflow)
    way = way_for(plan, item, command)
    if isinstance(way, Refusal):
        return way
    persons = (member.id, *acting_for)
    case = Case(workflow, item, command, member, persons, way.full, way.roles, way.denied, facts)
    verdict = policy.judge(case)
    objections = objections_to(plan, way, case, verdict)
    if objections:
        return Refusal(way.full, objections)
    roles = verdict.roles if isinstance(verdict, Allow) else ()
    asked = command.fingerprint() if command.key is not None else ""
    if way.is_step and len(item.tokens) == 1 and not (way.content and item.signatures):
        return _stepped(way, case, roles, asked)
    return carried(plan, way, case, roles, asked)


def _stepped(way: Way, case: Case, roles: tuple[str, ...], asked: str) -> Event:
    """The event of a step within a stage that nothing follows by itself: `carried`, in short."""
    item, command = case.item, case.command
    (token,) = item.tokens
    target = way.targets[0]
    keeps: tuple[str, ...] = ()
    contributors: tuple[str, ...] | None = None
    if way.keeps:
        keeps = _kept(way, command)
        if not way.content.isdisjoint(keeps):
            contributors = joined(item.contributors, case.persons)
        if contributors is item.contributors:
            contributors = None
    return new_event(
        item.id,
        item.version + 1,
        way.full,
        with_waivers_used(way, case) if command.waive else command,
        roles,
        (Move(way.full, token.state, target),),
        (new_token(target, token.visit, command.at, token.responsible),),
        way.effects,
        asked,
        None,
        contributors,
        None,
        None,
        keeps,
    )


def _kept(way: Way, command: Command) -> tuple[str, ...]:
    """The fields that the item keeps: those of the way that the command says something about."""
    given = command.data or EMPTY
    return tuple([name for name in way.keeps if given.get(name) is not None])


def carried(
    plan: Plan, way: Way, case: Case, roles: tuple[str, ...], asked: str = ""
) -> Event | Refusal:
    """The event of a case to which nobody objects, with all that follows by itself."""
    item, command, action = case.item, case.command, way.action
    draft = Draft.of(plan, item, command, case.facts)
    keeps: tuple[str, ...] = ()
    takes_version = True
    if way.targets:
        draft.asked.add(stage_of(way.target(command.to) or way.targets[0]))
    if action is not None:
        keeps = _kept(way, command)
        if keeps:
            given = command.data or EMPTY
            draft.write(FrozenDict({name: given[name] for name in keeps}), case.persons)
        carry(draft, way, way.target(command.to))
    else:
        built_in = BUILT_IN[way.name]
        takes_version = built_in.takes_version
        built_in.carry(draft, case, way)
        keeps = tuple(command.data or ()) if draft.data is not item.data else ()
    return _settled(draft, way, case, roles, asked, keeps, item.version + takes_version)


def _settled(
    draft: Draft,
    way: Way,
    case: Case,
    roles: tuple[str, ...],
    asked: str,
    keeps: tuple[str, ...],
    version: int,
    origin: Origin | None = None,
) -> Event | Refusal:
    item = draft.item
    restless = draft.plan.settles(draft.tokens) or (draft.wrote and draft.signatures)
    if restless and version != item.version:
        try:
            settle(draft)
        except NotHandedOver as stopped:
            return Refusal(way.full, stopped.objections)
    return new_event(
        item.id,
        version,
        way.full,
        with_waivers_used(way, case),
        roles,
        tuple(draft.moves),
        tuple(sorted(draft.tokens, key=lambda token: token.state)),
        tuple(draft.effects),
        asked,
        None if draft.idle is item.idle else draft.idle,
        None if draft.contributors is item.contributors else draft.contributors,
        None if draft.authors is item.authors else draft.authors,
        None if draft.signatures is item.signatures else draft.signatures,
        keeps,
        origin,
    )


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
    """
    plan = plan_of(workflow)
    name = command.action
    way = plan.birth(name)
    persons = (member.id, *acting_for)
    unborn = newborn(id, origin)
    case = Case(workflow, unborn, command, member, persons, name, way.roles, way.denied, facts)
    verdict = policy.judge(case)
    objections = () if isinstance(verdict, Allow) else not_allowed_by(case, verdict)
    if name == "adopt" and command.to not in workflow.states:
        objections += (_no_such_state(workflow, command.to),)
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
    return _settled(draft, way, case, verdict.roles, asked, tuple(data), 1, origin)


def newborn(id: str, origin: Origin) -> Item:
    """The item before its first event: nowhere yet, with nothing in it."""
    return new_item(id, origin.ref, origin.workflow, origin.scope, (), (), EMPTY, (), (), (), 0)


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


def apply(item: Item | None, event: Event) -> Item:
    """Fold one event into *item*; the only way an item ever changes.

    Args:
        item: As it was; None for the first event.
        event: What happened.
    """
    if item is None:
        origin = event.origin
        if origin is None:
            raise ValueError(f"the history of {event.item!r} does not begin with its origin")
        item = newborn(event.item, origin)
    data = item.data
    if event.keeps:
        given = event.command.data or EMPTY
        merged = {**data, **{name: given.get(name) for name in event.keeps}}
        data = FrozenDict({name: value for name, value in merged.items() if value is not None})
    return new_item(
        item.id,
        item.ref,
        item.workflow,
        item.scope,
        event.tokens,
        item.idle if event.idle is None else event.idle,
        data,
        item.contributors if event.contributors is None else event.contributors,
        item.authors if event.authors is None else event.authors,
        item.signatures if event.signatures is None else event.signatures,
        event.version,
    )


def rebuild(events: Iterable[Event]) -> Item:
    """The item that a history leads to.

    Raises:
        ValueError: There is no event, or the first one is not the item's origin.
    """
    item = None
    for event in events:
        item = apply(item, event)
    if item is None:
        raise ValueError("a history has at least one event")
    return item
