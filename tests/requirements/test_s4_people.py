"""People and governance: protected and free, in touch with each other, and on the same page."""

from __future__ import annotations

import attrs
import pytest
from house import NOON, PEOPLE, House, everybody

from socialflow import Member, Team
from socialflow.content import roles, social_content
from socialflow.content.department import (
    Account,
    Channel,
    Department,
    Goal,
    Message,
    MonitoringAssignment,
)
from socialflow.content.presets import preset
from socialflow.content.views.audience import whom_to_tell
from socialflow.content.views.compliance import published_without
from socialflow.content.views.policies import Rollout, policy_rollout
from socialflow.content.views.readiness import readiness
from socialflow.people import Credential, Unit
from socialflow.policies import RolePolicy, any_of, deny


def test_a_company_is_protected_and_its_people_are_free_to_propose() -> None:
    """S4-01: what a policy denies is closed whatever roles say; everybody may have an idea."""
    trainee = Member("tim", ["approver", "social_media_manager"], kind="trainee")
    careful = any_of(RolePolicy(), deny("trainee", "approval.*"), deny("trainee", "publish.*"))
    house = House(team=everybody(trainee), policy=careful)
    post = house.put("approval.pending")

    assert ("denied",) == house.refuses(post, "tim", "approve")
    assert "approval.approve" in house.offered(post, "sam")
    for id in ("tim", *PEOPLE):
        assert house.engine.create("social_content", by=id, data={"title": "an idea"})


def test_who_has_spoken_across_departments_hears_how_it_goes_on() -> None:
    """S4-02: no silo: a remark of sales on what service writes brings sales into the loop."""
    house = House(
        team=everybody(
            Member("sal", roles.SALES, unit="sales"),
            Member("cleo", roles.CONTENT_CREATOR, unit="service"),
            units=[Unit("sales"), Unit("service")],
        )
    )
    post = house.put("assignment.unassigned")
    house.do(post, "cleo", "take")
    house.do(post, "sal", "note", text="they ask for green ones")
    house.do(post, "cleo", "edit", body="Now in green")

    told = whom_to_tell(house.store, house.workflow, house.team, post)

    assert {"sal": ("participant",)} == {
        one.member: one.why for one in told if one.member in ("sal", "prue", "ana")
    }


def test_a_policy_is_rolled_out_until_every_unit_has_read_it() -> None:
    """S4-03: across teams and countries one sees who knows the newest version, an old one, none."""
    north, south, newest, old = "north", "south", "social@3", "social@2"
    team = Team(
        [
            Member("nora", unit=north, credentials=Credential("policy", newest)),
            Member("nils", unit=north, credentials=Credential("policy", old)),
            Member("sofia", unit=south, credentials=Credential("policy", newest, until=NOON)),
            Member("sam", unit=south, credentials=Credential("training", newest)),
        ],
        [Unit(north), Unit(south)],
    )

    assert (
        Rollout(newest, north, ("nora",), ("nils",), ()),
        Rollout(newest, south, (), ("sofia",), ("sam",)),
    ) == policy_rollout(Department(policies={"social": 3}), team, NOON)


def test_whatever_went_out_without_what_it_needs_is_found() -> None:
    """S4-04: without which signature, or past it by whom, and why they said they did so."""
    house = House()
    fine, unsigned = house.live(), house.put("response.listening")
    forced = house.put("production.drafting")
    for who in ("lea", "spencer"):
        house.do(forced, who, "force", to="publish.live", reason="the minister asked")

    found = published_without(house.store, house.workflow)

    assert {(unsigned, "tone"), (unsigned, "approval"), (forced, "force")} == {
        (one.item, one.without) for one in found
    }
    assert ("spencer", "the minister asked") in {(one.by, one.reason) for one in found}
    assert "promotion.open" in house.at(fine)


def test_what_is_talked_about_and_decided_stays_with_the_content() -> None:
    """S4-13: more than a call a month: anybody says something where the work is, in its order."""
    house = House()
    post = house.put("approval.pending")

    house.do(post, "sal", "note", text="they will ask for the price")
    house.do(post, "legolas", "note", text="we may say it from Monday on")
    house.do(post, "abe", "approve")

    said = [entry.event for entry in house.engine.history(post)][1:]
    assert [("sal", "note"), ("legolas", "note"), ("abe", "approval.approve")] == [
        (one.by, one.action) for one in said
    ]
    assert "they will ask for the price" == said[0].command.data["text"]
    assert ("publish.ready",) == house.at(post)


BEGUN = Department(
    channels=[Channel("web")],
    accounts=[Account("blog", "web")],
    goals=[Goal("fame", metric="reach", target=9, units=("sales", "service"))],
)
GOVERNED = attrs.evolve(
    BEGUN,
    policies={"social": 1},
    messages=[Message("promise", "within a day", "brand_message")],
    monitoring=[MonitoringAssignment("brand", "acme", "cora")],
)
LEARNT = (Credential("policy", "social@1"), Credential("training", "social_basics"))


def learnt(team: Team) -> Team:
    """The team once everybody has read the policy and passed the course, which is asked for."""
    taught = (
        attrs.evolve(
            one,
            credentials=LEARNT,
            grants=[attrs.evolve(grant, requires="training:social_basics") for grant in one.grants],
        )
        for one in team.members
    )
    return attrs.evolve(team, members=taught)


def in_units(team: Team) -> Team:
    """The team with half of it in sales and half in service, and a customer who is asked."""
    panel = Member("peggy", roles.FEEDBACK_PANEL, kind="guest")
    placed = [
        attrs.evolve(one, unit=("sales", "service")[n % 2]) for n, one in enumerate(team.members)
    ]
    return Team([*placed, panel], [Unit("sales"), Unit("service")])


@pytest.mark.parametrize(
    ("department", "team", "level", "name"),
    [
        (Department(), everybody(), 0, "small_team"),
        (BEGUN, everybody(), 1, "centralised"),
        (GOVERNED, everybody(), 1, "centralised"),
        (GOVERNED, learnt(everybody()), 2, "hub_and_spoke"),
        (GOVERNED, learnt(in_units(everybody())), 3, "holistic"),
        (BEGUN, learnt(in_units(everybody())), 1, "centralised"),
    ],
)
def test_a_programme_grows_up_level_by_level(
    department: Department, team: Team, level: int, name: str
) -> None:
    """S0-06: most are years old before everybody takes part; each age has a department to fit."""
    found = readiness(department, team, social_content(), NOON)

    assert (level, name) == (found.level, found.preset)
    assert name == preset(found.preset).name


def test_the_next_step_of_the_organisation_is_named() -> None:
    """S4-15: change is a list that one goes through: what is reached, and what is still open."""
    found = readiness(GOVERNED, everybody(), social_content(), NOON)

    open_now = [step.what for step in found.steps if step.level == found.level + 1]
    assert 4 == len(open_now)
    assert [
        "there is a policy, and everybody has acknowledged it",
        "roles ask for training, and nobody lacks it",
    ] == [step.what for step in found.steps if step.level == 2 and not step.reached]
