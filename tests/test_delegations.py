"""Delegations, units and leads: who stands in, who belongs where, who is responsible."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from socialflow import (
    Case,
    Command,
    DefinitionError,
    Deny,
    Facts,
    Grant,
    Member,
    Scope,
    Stage,
    Team,
    Workflow,
)
from socialflow.items import Item
from socialflow.people import Credential, Delegation, Period, Unit
from socialflow.plain import EMPTY
from socialflow.policies import BY_ROLE, any_of, deny
from socialflow.rules import four_eyes

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HERE = Scope(brand="acme")


def codes(*members: Member, **told: Any) -> tuple[str, ...]:
    """The codes of what is wrong about such a team."""
    with pytest.raises(DefinitionError) as caught:
        Team(members, **told)
    return caught.value.codes


def test_whoever_stands_in_has_the_roles_of_the_absent_one_for_as_long() -> None:
    """From its first moment to its last, within the grant's own scope and period."""
    boss = Member("boss", Grant("lead", HERE, until=NOON + 2 * DAY))
    team = Team([boss, Member("ann", "author")], delegations=[Delegation("boss", "ann", NOON)])
    ann = team.member("ann")
    assert ann is not None

    asked = [NOON - DAY, NOON, NOON + 2 * DAY]
    assert [False, True, False] == ["lead" in ann.roles(HERE, at) for at in asked]
    assert "lead" not in ann.roles(Scope(brand="other"), NOON)
    assert [(), ("boss",), ("boss",)] == [team.acting_for("ann", at) for at in asked]
    assert ["boss", "ann"] == [one.id for one in team.holders("lead")]
    assert (None, "boss") == tuple(one.lent_by for one in ann.grants)


def test_what_is_lent_is_not_passed_on() -> None:
    """Standing in for somebody who stands in lends only that one's own grants."""
    team = Team(
        [Member("a", "lead"), Member("b", "editor"), Member("c")],
        delegations=[Delegation("a", "b"), Delegation("b", "c")],
    )
    c = team.member("c")

    assert c is not None
    assert {"editor"} == c.roles(HERE, NOON)
    assert ("b",) == team.acting_for("c", NOON)


def test_a_delegation_for_some_actions_lends_roles_for_those() -> None:
    """For others the role is not there; both persons count all the same."""
    told = Delegation("a", "b", actions="review.*")
    team = Team([Member("a", "lead"), Member("b")], delegations=[told])
    b = team.member("b")

    assert b is not None
    assert frozenset() == b.roles(HERE, NOON)
    assert {"lead"} == b.roles_for("review.pass", HERE, NOON)
    assert frozenset() == b.roles_for("live.recall", HERE, NOON)
    assert ("a",) == team.acting_for("b", NOON)


def test_the_training_of_the_absent_one_is_not_lent() -> None:
    """What a grant requires is required of the one who stands in."""
    lead = Grant("lead", requires="training:a")
    passed = Credential("training", "a")
    a = Member("a", lead, credentials=passed)
    told = [Delegation("a", "b")]

    without = Team([a, Member("b")], delegations=told).member("b")
    with_it = Team([a, Member("b", credentials=passed)], delegations=told).member("b")

    assert without is not None
    assert with_it is not None
    assert frozenset() == without.roles(HERE, NOON)
    assert {"lead"} == with_it.roles(HERE, NOON)


def test_nobody_escapes_what_is_denied_to_the_kind_of_another() -> None:
    """An agency's member lends to its own kind only; an employee may lend to an agency's."""
    agent, other = Member("x", kind="agency"), Member("y", kind="agency")
    ann = Member("ann")

    assert ("delegation",) == codes(agent, ann, delegations=[Delegation("x", "ann")])
    assert Team([agent, other], delegations=[Delegation("x", "y")])
    lent = Team([agent, ann], delegations=[Delegation("ann", "x")]).member("x")
    assert lent is not None
    assert "agency" == lent.kind


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"delegations": [Delegation("ann", "zoe")]}, "unknown_member"),
        ({"delegations": [Delegation("ann", "ann")]}, "delegation"),
        ({"units": [Unit("hub"), Unit("hub")]}, "duplicate"),
        ({"units": [Unit("hub", parent="top")]}, "unknown_unit"),
        ({"units": [Unit("hub", parent="hub")]}, "cycle"),
        ({"units": [Unit("hub", lead="zoe")]}, "unknown_member"),
    ],
)
def test_units_and_delegations_name_what_is_there(told: Any, code: str) -> None:
    """Each wrong one is a finding of its own."""
    assert (code,) == codes(Member("ann"), **told)


def test_a_member_of_an_agency_is_of_that_kind() -> None:
    """The unit and the member do not contradict each other; there is no other truth."""
    agency = Unit("studio", "agency")

    assert ("unit",) == codes(Member("x", unit="studio"), units=[agency])
    assert ("unknown_unit",) == codes(Member("x", unit="stduio"), units=[agency])
    assert Team([Member("x", unit="studio", kind="agency")], units=[agency])


def test_the_lead_of_a_place_is_whose_grant_covers_it_most_specifically() -> None:
    """One for the region, one for the brand, one for the rest; they may be from outside."""
    top, brand = Member("top", "head"), Member("brand", Grant("head", HERE))
    north = Member("north", Grant("head", Scope(brand="acme", region="north")), kind="external")
    team = Team([top, brand, north])

    def lead(scope: Scope) -> Member | None:
        return team.lead("head", scope, NOON)

    assert [north, brand, top] == [
        lead(Scope(brand="acme", region="north")),
        lead(Scope(brand="acme", region="south")),
        lead(Scope(brand="other")),
    ]
    assert team.lead("other", HERE, NOON) is None
    assert () == team.overlaps("head")


def test_leads_who_overlap_are_found() -> None:
    """Equally specific, for one place at one time: by brand and by region, unless in turn."""
    brand = Member("a", Grant("head", HERE, until=NOON))
    region = Member("b", Grant("head", Scope(region="north")))
    later = Member("b", Grant("head", Scope(region="north"), since=NOON))

    assert ["overlap"] == [one.code for one in Team([brand, region]).overlaps("head")]
    assert () == Team([brand, later]).overlaps("head")


def test_a_member_is_absent_within_a_period() -> None:
    """From its first moment on, and no longer at its last."""
    ann = Member("ann", absent=Period(NOON, NOON + DAY))

    assert [False, True, False] == [ann.is_absent(NOON + n * DAY) for n in (-1, 0, 1)]


def passing(team: Team, id: str) -> Case:
    """The case of a member who would pass what the boss has written."""
    member = team.member(id)
    assert member is not None
    flow = Workflow("post", [Stage("review", ("open", "passed"))])
    item = Item("item", None, "", HERE, (), (), EMPTY, ("boss",), (), (), 1)
    persons = (id, *team.acting_for(id, NOON))
    command, opens = Command("pass", id, NOON), frozenset({"lead"})
    return Case(flow, item, command, member, persons, "review.pass", opens, frozenset(), Facts())


def test_a_contributor_cannot_have_the_one_who_stands_in_approve() -> None:
    """The role is lent, and four eyes see both persons; somebody else may."""
    members = [Member("boss", "lead"), Member("ann", "author"), Member("ed", "lead")]
    team = Team(members, delegations=[Delegation("boss", "ann")])

    assert ("lead",) == BY_ROLE.judge(passing(team, "ann")).roles  # type: ignore[union-attr]
    assert ["four_eyes"] == [one.code for one in four_eyes().objections(passing(team, "ann"))]
    assert [] == [*four_eyes().objections(passing(team, "ed"))]


def test_what_is_denied_to_an_agency_stays_so_when_its_member_stands_in() -> None:
    """Lent roles open nothing that is denied to the kind of the one who stands in."""
    members = [Member("boss", "lead"), Member("pat", kind="agency"), Member("ann")]
    told = [Delegation("boss", "pat"), Delegation("boss", "ann")]
    team, policy = Team(members, delegations=told), any_of(BY_ROLE, deny("agency", "review.*"))

    assert isinstance(policy.judge(passing(team, "pat")), Deny)
    assert ("lead",) == policy.judge(passing(team, "ann")).roles  # type: ignore[union-attr]
