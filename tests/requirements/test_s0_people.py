"""People: how much time they have, what they may do and until when, and what they have learnt."""

from __future__ import annotations

import pytest
from house import DAY, HOUR, NOON, House, at_work, everybody

from socialflow import Grant, Member, Role, Scope
from socialflow.content import PROMOTION_RUN, ROLES, social_content
from socialflow.content.roles import (
    CONTENT_CREATOR,
    EMPLOYEE_ADVOCATE,
    SOCIAL_MEDIA_MANAGER,
)
from socialflow.content.rules import policy_acknowledged
from socialflow.content.views.raci import part_of, raci
from socialflow.content.views.training import Gap, training_gaps
from socialflow.people import Capacity, Credential

BASICS = "training:social_basics"


def test_who_does_it_beside_other_work_is_given_as_much_as_fits() -> None:
    """S0-01: half of all do this part-time; whoever has four hours a week takes no six."""
    part_time = Member("cleo", CONTENT_CREATOR, hours=Capacity(0, 4))
    more_time = Member("carl", CONTENT_CREATOR, hours=Capacity(0, 20))
    house = House(at_work(), team=everybody(part_time, more_time))
    six, three = (house.put("assignment.unassigned", effort_hours=hours) for hours in (6, 3))

    assert ("within_limit",) == house.refuses(six, "cleo", "take")
    assert ("production.drafting",) == house.do(six, "carl", "take").marking
    assert ("production.drafting",) == house.do(three, "cleo", "take").marking


def test_everybody_can_look_up_the_part_that_they_play() -> None:
    """S0-03: each stage has somebody responsible, and each member knows where they are needed."""
    table = raci(at_work(), everybody(Member("nobody", "passer_by")), NOON)

    assert all(row.responsible for row in table)
    assert "responsible" in {one.part for one in part_of(table, "abe") if one.stage == "approval"}
    assert {"approves"} == {one.part for one in part_of(table, "lea") if one.stage == "approval"}
    assert () == part_of(table, "nobody")


def test_rights_pass_from_one_to_the_other_on_their_day() -> None:
    """S0-05: who manages it changes; the work goes on, and nobody writes a new definition."""
    sam = Member("sam", Grant(SOCIAL_MEDIA_MANAGER, until=NOON + DAY))
    nina = Member("nina", Grant(SOCIAL_MEDIA_MANAGER, since=NOON + DAY))
    house = House(team=everybody(sam, nina))
    idea = house.put("concept.idea")

    assert ("role",) == house.refuses(idea, "nina", "start_screening")
    house.do(idea, "sam", "start_screening")
    house.now += DAY
    assert "concept.accept" not in house.offered(idea, "sam")
    assert "concept.accept" in house.offered(idea, "nina")


def test_who_has_not_been_trained_is_named_before_it_matters() -> None:
    """S0-08: most have had no course; the register says who lacks which, and whose runs out."""
    needs = (BASICS, "training:facebook>=2")
    team = everybody(
        Member("cleo", Grant(CONTENT_CREATOR, requires=needs)),
        Member(
            "carl",
            Grant(CONTENT_CREATOR, requires=needs),
            credentials=(
                Credential("training", "social_basics", until=NOON + 9 * DAY),
                Credential("training", "facebook", level=1),
            ),
        ),
    )

    assert (
        Gap("cleo", CONTENT_CREATOR, BASICS, None),
        Gap("cleo", CONTENT_CREATOR, "training:facebook>=2", None),
        Gap("carl", CONTENT_CREATOR, BASICS, NOON + 9 * DAY),
        Gap("carl", CONTENT_CREATOR, "training:facebook>=2", None),
    ) == training_gaps(social_content(), team, NOON)


@pytest.mark.parametrize(
    ("acknowledged", "codes"),
    [
        ((), ("policy_acknowledged",)),
        (("social@2",), ("policy_acknowledged",)),
        (("social@3",), ()),
    ],
)
def test_an_employee_speaks_for_the_brand_after_having_read_its_policy(
    acknowledged: tuple[str, ...], codes: tuple[str, ...]
) -> None:
    """S0-12: everybody gets what they need to share, under the newest version of the policy."""
    credentials = [Credential("policy", key) for key in acknowledged]
    shared = PROMOTION_RUN.with_rules({"run.accept_share": policy_acknowledged("social")})
    house = House(
        team=everybody(Member("ada", EMPLOYEE_ADVOCATE, credentials=credentials)),
        others=[shared],
        policies={"social": 3},
    )
    plan = {"channel": "employee", "text": "We are hiring", "disclosure": "we work at Acme"}
    run = house.engine.create("promotion_run", by="paige", data=plan).id
    house.do(run, "sam", "approve")
    house.do(run, "sam", "offer_to_advocates", kit="three pictures and a sentence")
    share = {"account": "ada's own", "agrees": True, "names_employer": True}

    if codes:
        assert codes == house.refuses(run, "ada", "accept_share", **share)
    else:
        house.do(run, "ada", "accept_share", **share)


def test_several_hold_the_same_role_at_the_same_time_each_for_their_own() -> None:
    """S0-28: spokes are given their authority at once, and none has that of another."""
    team = everybody(
        Member("cleo", Grant(CONTENT_CREATOR, Scope(unit="north"))),
        Member("carl", Grant(CONTENT_CREATOR, Scope(unit=("south", "west")))),
    )
    house = House(team=team)
    north, west = (
        house.put("assignment.unassigned", where={"unit": unit}) for unit in ("north", "west")
    )

    assert ("role",) == house.refuses(north, "carl", "take")
    assert ("role",) == house.refuses(west, "cleo", "take")
    house.do(north, "cleo", "take")
    house.do(west, "carl", "take")


def test_a_role_opens_nothing_before_its_course_is_passed() -> None:
    """S0-29: a course belongs to the role, for whoever is given it, and has to be repeated."""
    taught = tuple(
        Role(CONTENT_CREATOR, requires=BASICS) if one.key == CONTENT_CREATOR else one
        for one in ROLES
    )
    passed = Credential("training", "social_basics", since=NOON + HOUR, until=NOON + DAY)
    house = House(
        social_content(roles=taught),
        team=everybody(Member("cleo", CONTENT_CREATOR, credentials=passed)),
    )
    post = house.put("assignment.unassigned")

    assert ("role",) == house.refuses(post, "cleo", "take")
    house.now += HOUR
    assert "assignment.take" in house.offered(post, "cleo")
    house.now += DAY
    assert "assignment.take" not in house.offered(post, "cleo")


def test_what_was_a_mistake_is_taken_down_and_whoever_made_it_learns_first() -> None:
    """S0-30: it says why and by whom; until the course is passed the grant opens nothing."""
    learnt = Credential("training", "what_went_wrong", since=NOON + DAY)
    suspended = Grant(CONTENT_CREATOR, requires="training:what_went_wrong")
    house = House(team=everybody(Member("cleo", suspended, credentials=learnt)))
    wrong, next_one = house.put("response.listening"), house.put("assignment.unassigned")

    house.do(wrong, "legolas", "unpublish", reason="we joked about a flood")

    event = house.engine.history(wrong)[-1].event
    assert ("end.recalled",) == house.at(wrong)
    assert ("legolas", "we joked about a flood") == (event.by, event.command.data["reason"])
    assert ("role",) == house.refuses(next_one, "cleo", "take")
    house.now += DAY
    house.do(next_one, "cleo", "take")
