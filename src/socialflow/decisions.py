"""The pure core: no clock, no database, no signals, no randomness.

    decide  : Workflow, Item, Command, Member -> Event | Refusal
    apply   : Item, Event                     -> Item              (never refuses)
    rebuild : Events                          -> Item
    options : Workflow, Item, Member          -> what is open, and what stands in its way

The order of a judgement is: open here, policy, data, rules; all objections are gathered.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import attrs

from socialflow.cases import NO_FACTS, Allow, Case, Deny, Facts
from socialflow.commands import BUILT_IN, fill_in
from socialflow.definitions import Workflow
from socialflow.errors import Objection, Refusal, UnknownAction, nearest
from socialflow.forms import fields_of, fill, fill_some
from socialflow.items import Command, Event, Item, Origin, stage_of
from socialflow.people import ANYONE, Member
from socialflow.plain import EMPTY, FrozenDict
from socialflow.plans import Plan, Way, plan_of
from socialflow.policies import BY_ROLE, not_allowed
from socialflow.protocols import Policy
from socialflow.settling import Draft, NotHandedOver, carry, settle

__all__ = ["Option", "apply", "decide", "found", "options", "rebuild"]


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
    way = _way(plan, item, command)
    if isinstance(way, Refusal):
        return way
    persons = (member.id, *acting_for)
    case = Case(workflow, item, command, member, persons, way.full, way.roles, way.denied, facts)
    objections = _judge(plan, way, case, policy)
    if objections:
        return Refusal(way.full, objections)
    return _carried(plan, way, case)


def _way(plan: Plan, item: Item, command: Command) -> Way | Refusal:
    """The one way that the command asks for, or why there is none."""
    name = command.action
    if len(item.tokens) == 1:
        way = plan.ways[item.tokens[0].state].get(name)
        if way is not None:
            return way
    open_ = plan.open(item.tokens, name)
    if len(open_) == 1:
        return open_[0]
    if not open_:
        return Refusal(name, (_not_open(plan, item, name),))
    if open_[0].action is None:
        return _standing_way(open_, command)
    full = tuple(way.full for way in open_)
    return Refusal(name, (_ambiguous(name, "the full name", full),))


def _of_one(way: Way) -> bool:
    """Whether it is a command about one of the open stages, not about the item."""
    return way.name in ("claim", "release")


def _merged(ways: list[Way]) -> Way:
    """One command for several open stages: whoever may give it in one of them may give it."""
    roles = frozenset[str]().union(*(way.roles for way in ways))
    return ways[0] if roles == ways[0].roles else attrs.evolve(ways[0], roles=roles)


def _standing_way(open_: list[Way], command: Command) -> Way | Refusal:
    if not _of_one(open_[0]):
        return _merged(open_)
    asked = (command.data or EMPTY).get("stage")
    for way in open_:
        if way.stage == asked:
            return way
    stages = tuple(way.stage for way in open_)
    return Refusal(command.action, (_ambiguous(command.action, "data={'stage': ...}", stages),))


def _ambiguous(name: str, how: str, open_: tuple[str, ...]) -> Objection:
    return Objection(
        "ambiguous",
        f"{name!r} is open in several stages",
        f"say which by {how}: {', '.join(open_)}",
        {"action": name, "open": open_},
    )


def _not_open(plan: Plan, item: Item, name: str) -> Objection:
    states = plan.states_with(name)
    if not states and name not in BUILT_IN:
        if name in {way.full for ways in plan.automatic.values() for way in ways}:
            return Objection(
                "automatic", f"{name!r} is taken by the system", facts={"action": name}
            )
        raise UnknownAction(plan.workflow.name, name, tuple(sorted(plan.names | {*BUILT_IN})))
    where = ", ".join(item.marking)
    return Objection(
        "state",
        f"{name!r} is not open in {where}",
        f"it is open in {', '.join(states)}" if states else "nobody has the right to it",
        {"action": name, "marking": item.marking, "open_in": states},
    )


def _judge(plan: Plan, way: Way, case: Case, policy: Policy) -> tuple[Objection, ...]:
    """Everything that policy, data and rules have against the case; fills in its data."""
    objections = _policy_objections(case, policy)
    wrong: tuple[Objection, ...] = ()
    if way.choices or case.command.to is not None:
        wrong = _wrong_target(way, case.command)
    if way.demands or way.form or case.command.data is not None:
        wrong += _fill(plan, way, case)
    objections += wrong
    for rule in way.rules:
        if not (wrong and rule.kind.reads_data):
            found = rule.objections(case)
            if found:
                objections += _unwaived(case, found)
    if way.action is None and not objections:
        objections = tuple(BUILT_IN[way.name].check(plan, case, way))
    return objections


def _policy_objections(case: Case, policy: Policy) -> tuple[Objection, ...]:
    verdict = policy.judge(case)
    if type(verdict) is Allow:
        return ()
    return (verdict.objection if isinstance(verdict, Deny) else not_allowed(case),)


def _unwaived(case: Case, objections: tuple[Objection, ...]) -> tuple[Objection, ...]:
    """Those objections that the command does not waive, or that its member may not."""
    waive = case.command.waive
    if not waive:
        return objections
    held = case.member.roles(case.item.scope, case.at)
    return tuple(
        one
        for one in objections
        if not (waive.get(one.code) and not held.isdisjoint(one.waivable_by))
    )


def _wrong_target(way: Way, command: Command) -> tuple[Objection, ...]:
    """What is wrong about ``to``; of several targets the command has to choose one."""
    to = command.to
    if to is not None and (to in way.targets or to in way.choices):
        return ()
    asked = f"cannot go to {to!r}" if to is not None else "goes to several places"
    known = way.choices or way.targets
    return (
        Objection(
            "to",
            f"{way.full!r} {asked}",
            f"say to=, one of {', '.join(known)}" if way.choices else "leave to= out",
            {"action": way.full, "to": to, "targets": known},
        ),
    )


def _no_data(way: Way) -> Objection:
    return Objection("data", f"{way.full!r} takes no data", "leave data= out")


def _fill(plan: Plan, way: Way, case: Case) -> tuple[Objection, ...]:
    """Fill in the data; the case then has it, and the command its plain form."""
    command = case.command
    if way.form is None and way.action is not None:
        return (_no_data(way),)
    if command.data is None and not way.demands:
        return ()
    filled = fill_in(plan, case, way, command.data or EMPTY)
    if filled and isinstance(filled[0], Objection):
        return filled
    case.data, plain = filled
    if plain != command.data:
        case.command = attrs.evolve(command, data=plain)
    return ()


def _carried(plan: Plan, way: Way, case: Case) -> Event | Refusal:
    """The event of a case to which nobody objects."""
    item, command, action = case.item, case.command, way.action
    draft = Draft.of(plan, item, command, case.facts)
    keeps: tuple[str, ...] = ()
    takes_version = True
    if action is not None:
        if action.keeps:
            keeps = action.keeps
            given = command.data or EMPTY
            draft.write(FrozenDict({name: given.get(name) for name in keeps}), case.persons)
        draft.asked.add(way.stage or stage_of(way.source))
        carry(draft, way, _target(way, command.to))
    else:
        built_in = BUILT_IN[way.name]
        takes_version = built_in.takes_version
        built_in.carry(draft, case, way)
        keeps = tuple(command.data or ()) if draft.data is not item.data else ()
    return _settled(draft, way, case, keeps, item.version + takes_version)


def _target(way: Way, to: str | None) -> str | None:
    if to is None or to in way.targets:
        return to
    return way.targets[way.choices.index(to)]


def _settled(
    draft: Draft,
    way: Way,
    case: Case,
    keeps: tuple[str, ...],
    version: int,
    origin: Origin | None = None,
) -> Event | Refusal:
    item = draft.item
    if draft.wrote or draft.plan.settles(draft.tokens):
        try:
            settle(draft)
        except NotHandedOver as stopped:
            return Refusal(way.full, stopped.objections)
    held = case.member.roles(item.scope, case.at)
    opened = way.roles & held
    tokens = draft.tokens
    return Event(
        item.id,
        version,
        way.full,
        _with_waivers_used(way, case),
        tuple(sorted(opened)) if opened else ((ANYONE,) if ANYONE in way.roles else ()),
        tuple(draft.moves),
        tuple(tokens) if len(tokens) == 1 else tuple(sorted(tokens, key=lambda one: one.state)),
        None if draft.idle is item.idle else draft.idle,
        None if draft.contributors is item.contributors else draft.contributors,
        None if draft.authors is item.authors else draft.authors,
        None if draft.signatures is item.signatures else draft.signatures,
        keeps,
        tuple(draft.effects),
        origin,
    )


def _with_waivers_used(way: Way, case: Case) -> Command:
    """The command, its waivers cut down to those that were needed."""
    command = case.command
    if not command.waive:
        return command
    needed = {one.code for rule in way.rules for one in rule.objections(case)}
    used = {code: reason for code, reason in command.waive.items() if code in needed}
    return attrs.evolve(command, waive=used)


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
    """
    plan = plan_of(workflow)
    name = command.action
    newborn = Item(id, origin.ref, origin.workflow, origin.scope, (), (), EMPTY, (), (), (), 0)
    way = plan.birth(name)
    persons = (member.id, *acting_for)
    case = Case(workflow, newborn, command, member, persons, name, way.roles, way.denied, facts)
    objections = _policy_objections(case, policy)
    if name == "adopt" and command.to not in workflow.states:
        objections += (_no_such_state(workflow, command.to),)
    objections += _birth_data(workflow, case)
    if objections:
        return Refusal(name, objections)
    draft = Draft.of(plan, newborn, case.command, facts)
    data = case.command.data or EMPTY
    draft.write(data, persons)
    if command.to is not None:
        draft.enter(command.to, "", name)
    else:
        for stage in plan.first_stages:
            draft.enter(stage.initial, "", name)
            draft.asked.add(stage.name)
    return _settled(draft, way, case, tuple(data), 1, origin)


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
    parts = [fill_some(workflow.declared, theirs)]
    parts.append(fill(workflow.fields, mine) if workflow.fields else fill_some({}, mine))
    wrong = tuple(one for part in parts for one in part if isinstance(one, Objection))
    if wrong:
        return wrong
    plain = {name: value for part in parts for name, value in part[1].items()}  # type: ignore
    plain = {name: value for name, value in plain.items() if value is not None}
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
        item = Item(
            event.item, origin.ref, origin.workflow, origin.scope, (), (), EMPTY, (), (), (), 0
        )
    data = item.data
    if event.keeps:
        given = event.command.data or EMPTY
        merged = {**data, **{name: given.get(name) for name in event.keeps}}
        data = FrozenDict({name: value for name, value in merged.items() if value is not None})
    return Item(
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


@attrs.frozen(weakref_slot=False)
class Option:
    """An action that is open to an item, as one member sees it.

    Attributes:
        action: Full name.
        answer: ``"yes"``, ``"no"``, or ``"needs data"`` where it is theirs to fill in a form or
            to choose a target first.
        refusal: With answer no: every objection, as `perform` would raise it.
        form: The attrs class of its data, if it has one.
        targets: What ``to=`` may be, if there is a choice.
        stage: For ``claim`` and ``release``: of which open stage.
    """

    action: str
    answer: str
    refusal: Refusal | None = None
    form: type | None = None
    targets: tuple[str, ...] = ()
    stage: str = ""

    def __str__(self) -> str:
        if self.refusal is not None:
            return f"{self.action}: no: " + "; ".join(map(str, self.refusal))
        more = f" {', '.join(fields_of(self.form))}" if self.form else ""
        more += f" to {' or '.join(self.targets)}" if self.targets else ""
        return f"{self.action}: {self.answer}{more}"


def options(
    workflow: Workflow,
    item: Item,
    member: Member,
    at: datetime,
    *,
    facts: Facts = NO_FACTS,
    policy: Policy = BY_ROLE,
    acting_for: tuple[str, ...] = (),
) -> tuple[Option, ...]:
    """Every action that is open to *item*, and what stands in *member*'s way, if anything.

    An action is a yes if and only if `decide` accepts it with valid data.
    """
    plan = plan_of(workflow)
    command = Command("options", member.id, at)
    persons = (member.id, *acting_for)
    return tuple(
        _option(
            plan,
            way,
            Case(workflow, item, command, member, persons, way.full, way.roles, way.denied, facts),
            policy,
        )
        for way in _listed(plan, item)
    )


def _listed(plan: Plan, item: Item) -> Iterable[Way]:
    """The ways that are open, each once."""
    if len(item.tokens) == 1:
        return plan.listed[item.tokens[0].state]
    ways: dict[str, list[Way]] = {}
    for token in item.tokens:
        for way in plan.listed[token.state]:
            ways.setdefault(f"{way.full} {way.stage}" if _of_one(way) else way.full, []).append(way)
    return [_merged(same) for same in ways.values()]


def _option(plan: Plan, way: Way, case: Case, policy: Policy) -> Option:
    objections = _policy_objections(case, policy)
    for rule in way.rules:
        if not (way.form and rule.kind.reads_data):
            found = rule.objections(case)
            if found:
                objections += found
    needs = way.demands or way.choices
    if not objections and way.action is None and not needs:
        objections = tuple(BUILT_IN[way.name].check(plan, case, way))
    if not objections and way.gated and not needs:
        carried = _carried(plan, way, case)
        objections = carried.objections if isinstance(carried, Refusal) else ()
    stage = way.stage if _of_one(way) else ""
    if objections:
        return Option(way.full, "no", Refusal(way.full, objections), way.form, way.choices, stage)
    return Option(way.full, "needs data" if needs else "yes", None, way.form, way.choices, stage)
