"""The pure core: no clock, no database, no signals, no randomness.

decide  : Workflow, Item, Command, Member -> Event | Refusal
apply   : Item, Event                     -> Item              (never refuses)
rebuild : Events                          -> Item
options : Workflow, Item, Member          -> what is open, and what stands in its way
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from socialflow.alarms import remembered
from socialflow.cases import NO_FACTS, Allow, Case, Facts
from socialflow.commands import BUILT_IN
from socialflow.definitions import Workflow
from socialflow.drafts import Draft, joined
from socialflow.errors import Objection, Refusal
from socialflow.items import (
    NOTHING_BESIDE,
    Beside,
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
    verdict_on,
    way_for,
)
from socialflow.outcomes import outcome_of
from socialflow.people import SYSTEM, Member
from socialflow.plain import EMPTY, FrozenDict
from socialflow.plans import Plan, plan_of
from socialflow.policies import BY_ROLE
from socialflow.protocols import Policy
from socialflow.settling import carry
from socialflow.voting import Paper, asked_about, cast, paper_of
from socialflow.waivers import objected, waiving
from socialflow.ways import Way

__all__ = ["apply", "carried", "decide", "newborn", "rebuild"]


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
    verdict = verdict_on(policy, case)
    objections = objections_to(plan, way, case, verdict)
    if way.name == "vote" and not objections:
        objections = _not_theirs_to_vote_on(plan, case, policy)
    if objections:
        return Refusal(way.full, objections)
    roles = verdict.roles if isinstance(verdict, Allow) else ()
    asked = command.fingerprint() if command.key is not None else ""
    if (
        way.step is not None
        and len(item.tokens) == 1
        and not (item.beside.votes or (way.keeps and item.signatures))
    ):
        return _stepped(way, way.step, case, roles, asked)
    return carried(plan, way, case, roles, asked)


def _not_theirs_to_vote_on(plan: Plan, case: Case, policy: Policy) -> tuple[Objection, ...]:
    """What policy and rules of the action itself have against a vote on it."""
    about = asked_about(plan, case)
    if isinstance(about, tuple):
        return about
    asked = attrs.evolve(case, action=about.full, roles=about.roles, denied=about.denied)
    verdict = policy.judge(asked)
    objections = () if isinstance(verdict, Allow) else not_allowed_by(asked, verdict)
    rules = (rule for rule in about.rules if not rule.kind.reads_data)
    return objections + tuple(one for rule in rules for one in rule.objections(asked))


def _stepped(way: Way, step: Move, case: Case, roles: tuple[str, ...], asked: str) -> Event:
    """The event of a step within a stage that nothing follows by itself: `carried`, in short."""
    item, command = case.item, case.command
    (token,) = item.tokens
    alarm = remembered(token.alarm)
    keeps: tuple[str, ...] = ()
    changed = EMPTY
    if way.keeps:
        keeps = _kept(way, command)
        if case.member is not SYSTEM and not way.content.isdisjoint(keeps):
            contributors = joined(item.contributors, case.persons)
            if contributors is not item.contributors:
                changed = FrozenDict({"contributors": contributors})
    return new_event(
        item.id,
        item.version + 1,
        way.full,
        waiving(command, objected(way, case)) if command.waive else command,
        roles,
        (step,),
        (new_token(step.target, token.visit, command.at, token.responsible, token.lease, alarm),),
        way.effects,
        asked,
        changed,
        keeps,
        warned=_warned(way, case) if way.advice else (),
    )


def _warned(way: Way, case: Case) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.code for rule in way.advice for one in rule.objections(case)))


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
    draft.case = case
    draft.waived = objected(way, case) if command.waive else set()
    keeps: tuple[str, ...] = ()
    takes_version = True
    warned = _warned(way, case)
    target = way.target(command.to) or (way.targets[0] if way.targets else None)
    if target is not None and not way.ballots and case.member is not SYSTEM:
        draft.asked.add(stage_of(target))
    if way.ballots:
        paper = paper_of(plan, way, case)
        assert isinstance(paper, Paper)
        cast(draft, paper, case)
    elif action is not None:
        keeps = _kept(way, command)
        if keeps:
            given = command.data or EMPTY
            draft.write(FrozenDict({name: given[name] for name in keeps}), case.persons)
        late = draft.behind_its_date(target) if action.goto else ()
        if late:
            return Refusal(way.full, late)
        carry(draft, way, way.target(command.to))
    else:
        late = draft.behind_its_date(target)
        if late:
            return Refusal(way.full, late)
        built_in = BUILT_IN[way.name]
        takes_version = built_in.takes_version
        built_in.carry(draft, case, way)
        keeps = tuple(case.command.data or ()) if draft.data is not item.data else ()
    version = item.version + takes_version
    return outcome_of(draft, way.full, case.command, roles, version, asked, keeps, warned=warned)


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
        kept = dict(data)
        for name in event.keeps:
            kept[name] = given.get(name)
            if kept[name] is None:
                del kept[name]
        data = FrozenDict(kept)
    if event.changed:
        item = _changed(item, event.changed)
    return new_item(
        item.id,
        item.ref,
        item.workflow,
        item.scope,
        event.tokens,
        item.idle,
        data,
        item.contributors,
        item.authors,
        item.signatures,
        event.version,
        item.beside,
    )


def _changed(item: Item, changed: FrozenDict) -> Item:
    """The item with what an event changes beside its tokens and its data."""
    now = changed.get
    return new_item(
        item.id,
        item.ref,
        now("workflow", item.workflow),
        item.scope,
        item.tokens,
        now("idle", item.idle),
        item.data,
        now("contributors", item.contributors),
        now("authors", item.authors),
        now("signatures", item.signatures),
        item.version,
        _beside(item.beside, changed),
    )


def _beside(before: Beside, changed: FrozenDict) -> Beside:
    if changed.keys().isdisjoint(("rounds", "marks", "votes")):
        return before
    now = changed.get
    return Beside(
        before.parent,
        before.round,
        now("rounds", before.rounds),
        now("marks", before.marks),
        now("votes", before.votes),
    )


def newborn(id: str, origin: Origin) -> Item:
    """The item before its first event: nowhere yet, with nothing in it."""
    below = NOTHING_BESIDE if origin.parent is None else Beside(origin.parent, origin.round)
    own = id, origin.ref, origin.workflow, origin.scope
    return new_item(*own, (), (), EMPTY, (), (), (), 0, below)


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
