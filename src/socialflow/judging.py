"""Judging: which way a command asks for, and everything that stands in it.

The order is: open here, policy, data, rules; all objections are gathered.
"""

from __future__ import annotations

import attrs

from socialflow.cases import BELOW, Abstain, Allow, Case, Deny, Verdict
from socialflow.childless import childless
from socialflow.commands import BUILT_IN, fill_in
from socialflow.counting import may_vote, vote_of
from socialflow.definitions import ARCHIVED, ON_HOLD
from socialflow.errors import Objection, Refusal, UnknownAction
from socialflow.filling import Filled
from socialflow.items import Command, Item
from socialflow.people import SYSTEM
from socialflow.plain import EMPTY
from socialflow.plans import Plan
from socialflow.policies import misjudged, not_allowed
from socialflow.protocols import Policy
from socialflow.standing import RIGHTS
from socialflow.waivers import unwaived
from socialflow.ways import Way, short

__all__ = [
    "is_of_one_stage",
    "merged",
    "not_allowed_by",
    "objections_to",
    "objections_to_yes",
    "stopped_by_marks",
    "verdict_on",
    "way_for",
    "wrong_target",
]

OUTCOME = Allow((SYSTEM.id,))
"""The verdict on what the system reports from outside."""


def way_for(plan: Plan, item: Item, command: Command) -> Way | Refusal:
    """The one way that the command asks for, or why there is none."""
    name, tokens = command.action, item.tokens
    if len(tokens) == 1:
        way = plan.ways[tokens[0].state].get(name)
        if way is not None:
            return way
    open_ = plan.open(tokens, name)
    if len(open_) == 1:
        return open_[0]
    if not open_:
        return Refusal(name, (_not_open(plan, item, name),))
    if open_[0].action is None:
        return _standing_way(open_, command)
    full = tuple(way.full for way in open_)
    return Refusal(name, (_ambiguous(name, "the full name", full),))


def is_of_one_stage(way: Way) -> bool:
    """Whether it is a command about one of the open stages, not about the item."""
    return way.name in ("claim", "release")


def merged(ways: list[Way]) -> Way:
    """One command for several open stages: whoever may give it in one of them may give it."""
    roles = frozenset[str]().union(*(way.roles for way in ways))
    return ways[0] if roles == ways[0].roles else attrs.evolve(ways[0], roles=roles)


def _standing_way(open_: list[Way], command: Command) -> Way | Refusal:
    if not is_of_one_stage(open_[0]):
        return merged(open_)
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
        if any(name in (way.full, way.name) for way in plan.by_system):
            return Objection(
                "automatic", f"{name!r} is taken by the system", facts={"action": name}
            )
        raise UnknownAction(plan.workflow.name, name, tuple(sorted(plan.names | {*BUILT_IN})))
    where = ", ".join(item.marking)
    return Objection(
        "state",
        f"{name!r} is not open in {where}",
        f"it is open in {', '.join(states)}" if states else _right_to(name),
        {"action": name, "marking": item.marking, "open_in": states},
    )


def _right_to(name: str) -> str:
    if name not in RIGHTS:
        return "nobody has the right to it"
    return f"nobody has the right to it: say rights={{{name!r}: 'role'}} in the workflow"


def objections_to(plan: Plan, way: Way, case: Case, verdict: Verdict) -> tuple[Objection, ...]:
    """Everything that policy, data and rules have against the case; fills in its data."""
    command = case.command
    objections = () if type(verdict) is Allow else not_allowed_by(case, verdict)
    if case.item.beside.marks and case.member is not SYSTEM:
        objections += stopped_by_marks(way, case.item)
    wrong: tuple[Objection, ...] = ()
    if way.demands or way.choices or command.data is not None or command.to is not None:
        wrong = wrong_target(way, command) + _fill(plan, way, case)
        objections += wrong
    if way.action is None and command.to is not None:
        below = case.facts.known(BELOW) or {}
        objections += childless(plan, way.name, _full(plan, way, command.to), below)
    for rule in way.rules:
        if not (wrong and rule.kind.reads_data):
            found = rule.objections(case)
            if found:
                objections += found if way.ballots else unwaived(case, found)
    if way.ballots:
        objections += objections_to_yes(way, case, verdict)
    elif way.action is None and not objections:
        objections = tuple(BUILT_IN[way.name].check(plan, case, way))
    return objections


def objections_to_yes(way: Way, case: Case, verdict: Verdict) -> tuple[Objection, ...]:
    """What stands against the member's voting for the action of *way*, beside the *verdict*."""
    command = case.command
    _, against = may_vote(way, case, vote_of(way, case, "yes", command.to, command.data))
    if type(verdict) is Allow:
        return against
    return tuple(one for one in against if one.code == "four_eyes")


def stopped_by_marks(way: Way, item: Item) -> tuple[Objection, ...]:
    """What an item on hold, or in the archive, refuses."""
    marks = item.marks
    if ARCHIVED in marks and way.name not in ("unarchive", "note"):
        told = f"the item is in the archive, and {way.full!r} has to wait"
        return (Objection("archived", told, "unarchive it first", {"action": way.full}),)
    if ON_HOLD in marks and not way.while_held:
        told = f"the item is on hold, and {way.full!r} has to wait"
        return (Objection("on_hold", told, "have it resumed first", {"action": way.full}),)
    return ()


def verdict_on(policy: Policy, case: Case) -> Verdict:
    """What *policy* says; the system may report the outcomes that name it as their role."""
    if case.member is SYSTEM and SYSTEM.id in case.roles:
        return OUTCOME
    return policy.judge(case)


def not_allowed_by(case: Case, verdict: Verdict) -> tuple[Objection, ...]:
    if isinstance(verdict, Deny):
        return (verdict.objection,)
    return (not_allowed(case) if isinstance(verdict, Abstain) else misjudged(case, verdict),)


def wrong_target(way: Way, command: Command) -> tuple[Objection, ...]:
    """What is wrong about ``to``; of several targets the command has to choose one."""
    to = command.to
    if (to is None and not way.choices) or to in way.targets or to in way.choices:
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


def _full(plan: Plan, way: Way, to: str) -> str | None:
    """The state that ``to`` stands for."""
    named = (target for target in way.targets if to in (target, short(plan.workflow, target)))
    return next(named, None)


def _no_data(way: Way) -> Objection:
    return Objection("data", f"{way.full!r} takes no data", "leave data= out")


def _fill(plan: Plan, way: Way, case: Case) -> tuple[Objection, ...]:
    """Fill in the data; the case then has it, and the command its plain form."""
    command = case.command
    if command.data is None and not way.demands:
        return ()
    if way.form is None and way.action is not None:
        return (_no_data(way),)
    filled = fill_in(plan, way, command.data or EMPTY)
    if not isinstance(filled, Filled):
        return filled
    case.data = filled.value
    if filled.plain != command.data:
        case.command = attrs.evolve(command, data=filled.plain)
    return ()
