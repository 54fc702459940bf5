"""Worklists: what is mine, what may I take, what is waiting in my units and roles?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import attrs

from socialflow import Item, Member, Workflow
from socialflow.content.views.reading import Reader, named, open_items
from socialflow.errors import UnknownMember
from socialflow.people import Team
from socialflow.plans import plan_of
from socialflow.queries import Duties, Duty

__all__ = ["Work", "claimable", "mine", "of_roles", "of_units"]


@attrs.frozen
class Work:
    """One open duty.

    Attributes:
        since: How long it has been waiting.
        state: Full name of the state.
        item: Id of the item.
        ref: The host's own row, if it has one.
        title: What it is called.
        responsible: Id of whoever has it, if anybody.
        due: When the system does something there by itself, if it does.
    """

    since: datetime
    state: str
    item: str
    ref: str | None
    title: str
    responsible: str | None
    due: datetime | None


def mine(reader: Reader, member: str) -> tuple[Work, ...]:
    """What is mine?  Every open duty of that member, longest waiting first."""
    return tuple(_work(*one) for one in open_items(reader, Duties(responsible=member)))


def of_units(reader: Reader, team: Team, member: str) -> tuple[Work, ...]:
    """What is on the desks of the units that I lead or belong to?  Of those below them as well.

    Args:
        reader: The store of the items.
        team: Says who belongs where.
        member: Whose units they are.

    Raises:
        UnknownMember: The team has no such member.
    """
    me = _member(team, member)
    units = {unit.key for unit in team.units if member == unit.lead or me.unit == unit.key}
    while more := {unit.key for unit in team.units if unit.parent in units} - units:
        units |= more
    people = {one.id for one in team.members if one.unit in units}
    return tuple(_work(*one) for one in open_items(reader) if one[0].responsible in people)


def of_roles(
    reader: Reader, workflow: Workflow, team: Team, member: str, at: datetime
) -> tuple[Work, ...]:
    """What is waiting for one of my roles, whoever has it?

    Args:
        reader: The store of the items.
        workflow: Says which role each stage is the duty of; so do its children.
        team: Says who has which role, where and until when.
        member: Whose roles they are.
        at: Now.

    Raises:
        UnknownMember: The team has no such member.
    """
    me = _member(team, member)
    return tuple(_work(*one) for one in _of_roles(reader, workflow, me, at))


def claimable(
    reader: Reader, workflow: Workflow, team: Team, member: str, at: datetime
) -> tuple[Work, ...]:
    """What may I take?  Duties of my roles that nobody has, or whose lease has lapsed.

    Args:
        reader: The store of the items.
        workflow: Says which role each stage is the duty of; so do its children.
        team: Says who has which role, where and until when.
        member: Who asks.
        at: Now.

    Raises:
        UnknownMember: The team has no such member.
    """
    me = _member(team, member)
    return tuple(
        _work(duty, item)
        for duty, item in _of_roles(reader, workflow, me, at)
        if duty.responsible is None or _lapsed(duty, item, at)
    )


def _of_roles(
    reader: Reader, workflow: Workflow, me: Member, at: datetime
) -> Iterator[tuple[Duty, Item]]:
    """Whatever somebody may claim by their roles, were it free."""
    homes = _homes(workflow)
    for duty, item in open_items(reader):
        home = homes.get(duty.state)
        claim = home and plan_of(home).ways[duty.state].get("claim")
        if home and claim:
            held = me.roles_for("claim", item.scope, at)
            able = {one for one in held if not me.lacks(home.requires.get(one, ()), at)}
            if claim.denied.isdisjoint(held) and not claim.roles.isdisjoint(able):
                yield duty, item


def _homes(workflow: Workflow) -> Mapping[str, Workflow]:
    """The workflow that each state belongs to, those of the children included."""
    several = (*workflow.kinds.values(), workflow)
    return {state: home for home in several for state in home.states}


def _lapsed(duty: Duty, item: Item, at: datetime) -> bool:
    token = item.token(duty.stage)
    return token is not None and token.lease is not None and token.lease <= at


def _member(team: Team, id: str) -> Member:
    found = team.member(id)
    if found is None:
        raise UnknownMember(id)
    return found


def _work(duty: Duty, item: Item) -> Work:
    return Work(duty.entered, duty.state, *named(item), duty.responsible, duty.due)
