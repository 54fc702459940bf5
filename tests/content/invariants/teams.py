"""Teams: random people who hold random roles, and staff that is fresh to everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random

from socialflow import Grant, Member, Scope, Team, Workflow
from socialflow.delegations import Delegation
from socialflow.errors import DefinitionError

__all__ = ["AGENCY", "HERE", "is_agency", "persons", "staff", "team"]

AGENCY = "agency_member"
HERE = Scope(brand="acme")
NAMES = ("ann", "ben", "cleo", "dan", "eve", "finn", "gus", "hana")


def team(chance: Random, workflow: Workflow, now: datetime, agencies: int = 1) -> Team:
    """Every role held by somebody, some people holding several, some standing in for others.

    So many of them are of an agency, whatever roles they were dealt besides.
    """
    dealt: dict[str, list[Grant]] = {name: [] for name in NAMES}
    keys = sorted(workflow.role_names - {AGENCY})
    for key in (*keys, *chance.choices(keys, k=len(NAMES))):
        dealt[chance.choice(NAMES)].append(_grant(chance, key, now))
    hired = NAMES[:agencies]
    members = [
        Member(name, [*grants, AGENCY], kind="agency") if name in hired else Member(name, grants)
        for name, grants in dealt.items()
    ]
    try:
        return Team(members, delegations=_stand_ins(chance, now))
    except DefinitionError:
        return Team(members)


def _grant(chance: Random, key: str, now: datetime) -> Grant:
    """Everywhere and always; now and then for one brand only, or not yet, or not for long."""
    where = chance.choice((Scope(), Scope(), HERE, Scope(brand=["acme", "other"])))
    if chance.random() < 0.1:
        return Grant(key, where, since=now + timedelta(days=chance.randint(0, 3)))
    if chance.random() < 0.1:
        return Grant(key, where, until=now + timedelta(days=chance.randint(1, 9)))
    return Grant(key, where)


def _stand_ins(chance: Random, now: datetime) -> Iterator[Delegation]:
    for _ in range(chance.randint(0, 2)):
        by, to = chance.sample(NAMES, 2)
        yield Delegation(by, to, until=now + timedelta(days=chance.randint(1, 9)))


def staff(workflow: Workflow, each: int = 2) -> tuple[Member, ...]:
    """So many people for each role, who have done nothing yet and hold nothing else."""
    keys = sorted(workflow.role_names)
    return tuple(Member(f"new {key} {n}", key) for key in keys for n in range(each))


def is_agency(member: Member) -> bool:
    """Whether a member works for an agency, by their kind or by any of their roles."""
    return member.kind == "agency" or any(grant.role == AGENCY for grant in member.grants)


def persons(delegations: Iterable[Delegation], id: str, at: datetime) -> frozenset[str]:
    """Everybody whom a member counts as at a moment: themselves, and those they stand in for."""
    return frozenset((id, *(one.by for one in delegations if one.to == id and _runs(one, at))))


def _runs(one: Delegation, at: datetime) -> bool:
    return (one.since is None or one.since <= at) and (one.until is None or at < one.until)
