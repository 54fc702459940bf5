"""People: who leads and who executes, where each of them does, and where they come from."""

from __future__ import annotations

import pytest
from house import ACCEPTED, DAY, NOON, PEOPLE, House, at_work, everybody

from socialflow import Grant, Member, Scope, Team
from socialflow.content import social_content
from socialflow.content.assignees import best_skill, candidates, least_loaded, round_robin
from socialflow.content.department import Goal
from socialflow.content.presets import preset
from socialflow.content.roles import (
    COMMUNITY_MANAGER,
    CONTENT_CREATOR,
    CUSTOMER_SERVICE_REP,
    DEPARTMENT_LEAD,
    EMPLOYEE,
    SOCIAL_MEDIA_MANAGER,
)
from socialflow.content.rules import all_named
from socialflow.content.views.raci import part_of, raci
from socialflow.content.views.worklists import mine, of_units
from socialflow.people import Credential, Delegation, Unit


def test_the_board_stands_behind_the_department() -> None:
    """S1-05: the sponsor sees, approves and stops all of it, and is the second key in a crisis."""
    house = House()
    usual, urgent, wrong = (house.put("approval.pending", title=one) for one in ("a", "b", "c"))
    glass = {"incident": "a recall of the product", "reason": "no approver can be reached"}

    assert {row.stage for row in raci(house.workflow, house.team, NOON)} == {
        one.stage for one in part_of(raci(house.workflow, house.team, NOON), "lea")
    }
    assert ("publish.ready",) == house.do(usual, "spencer", "approve").marking
    assert ("approval.pending",) == house.do(urgent, "lea", "break_glass", **glass).marking
    assert ("publish.ready",) == house.do(urgent, "spencer", "break_glass", **glass).marking
    house.do(wrong, "spencer", "decline", reason="not while we restructure")
    assert ("end.rejected",) == house.at(wrong)


def test_what_concerns_several_departments_is_made_by_several() -> None:
    """S1-09: a goal names the units it needs; one of each has to be given a part in the item."""
    house = House(
        at_work(),
        team=everybody(
            Member("hugh", CONTENT_CREATOR, unit="hr"),
            Member("sid", CUSTOMER_SERVICE_REP, unit="support"),
            units=[Unit("hr"), Unit("support")],
        ),
        goals=[Goal("hiring", units=("hr", "support"))],
    )
    idea = house.put("concept.screening")
    asked = {**ACCEPTED, "goals": ["hiring"]}

    assert ("goals_shared", "goals_shared") == house.refuses(idea, "sam", "accept", **asked)
    house.do(idea, "sam", "assign", member="hugh", stage="production")
    assert ("goals_shared",) == house.refuses(idea, "sam", "accept", **asked)
    house.do(idea, "sam", "assign", member="sid", stage="response")
    assert ("assignment.unassigned",) == house.do(idea, "sam", "accept", **asked).marking


@pytest.mark.parametrize("who", [*PEOPLE, "the intern", "the head of the company"])
def test_anyone_from_the_top_to_the_intern_takes_part(who: str) -> None:
    """S1-10: whoever is there proposes an idea and finds better words for it, as long as it is."""
    house = House(team=everybody(Member("the intern", EMPLOYEE), Member("the head of the company")))
    idea = house.engine.create("social_content", by=who, data={"title": "A day with us"}).id

    house.do(idea, who, "reword", title="A night with us", pitch="We work at night as well")

    assert "A night with us" == house.engine.item(idea).data["title"]
    assert (who,) == tuple(house.engine.item(idea).contributors)


def test_who_comes_from_the_call_centre_is_taught_before_they_answer() -> None:
    """S1-11: recruits of another unit begin with a course; those of marketing with the work."""
    needs = "training:social_basics"
    passed = Credential("training", "social_basics", since=NOON + DAY)
    house = House(
        team=everybody(
            Member(
                "cal",
                Grant(COMMUNITY_MANAGER, requires=needs),
                unit="calls",
                credentials=passed,
            ),
            Member("mia", COMMUNITY_MANAGER, unit="marketing"),
            Member("pr", COMMUNITY_MANAGER, unit="press", kind="external"),
            units=[Unit("calls"), Unit("marketing"), Unit("press", "external")],
        )
    )
    comment = house.hear()

    assert ("role",) == house.refuses(comment, "cal", "triage", intent="question")
    assert {"interaction.triage"} <= house.offered(comment, "mia") & house.offered(comment, "pr")
    house.now += DAY
    assert ("interaction.triaged",) == house.do(comment, "cal", "triage", intent="question").marking


def test_one_manager_answers_for_it_all_even_if_they_are_not_employed_there() -> None:
    """S1-13: exactly one lead, who may be of another house, and is stood in for while away."""
    team = Team(
        [
            Member("lea", DEPARTMENT_LEAD, kind="external", unit="elsewhere"),
            Member("dan", CONTENT_CREATOR, kind="external", unit="elsewhere"),
        ],
        [Unit("elsewhere", "external")],
        [Delegation("lea", "dan", NOON, NOON + DAY, reason="on holiday")],
    )
    house = House(team=team)
    idea = house.put("concept.screening")
    lead = team.lead(DEPARTMENT_LEAD, Scope(brand="acme"), NOON)

    assert lead is not None
    assert ("lea", "external") == (lead.id, lead.kind)
    assert () == team.overlaps(DEPARTMENT_LEAD)
    assert "concept.override" in house.offered(idea, "lea") & house.offered(idea, "dan")
    house.now += DAY
    assert "concept.override" not in house.offered(idea, "dan")


def test_a_lead_sees_what_their_members_execute() -> None:
    """S1-14: each member has a list of their own, and whoever leads them has all of these."""
    house = House(
        team=everybody(
            Member("lea", DEPARTMENT_LEAD),
            Member("cleo", CONTENT_CREATOR, unit="desk"),
            Member("carl", CONTENT_CREATOR, unit="desk"),
            Member("nils", CONTENT_CREATOR, unit="studio"),
            units=[Unit("desk", lead="lea"), Unit("studio", lead="sam")],
        )
    )
    posts = [house.put("production.drafting", title=one) for one in ("a", "b", "c")]
    for post, member in zip(posts, ("cleo", "carl", "nils"), strict=True):
        house.do(post, "sam", "assign", member=member, stage="production")

    assert {"a"} == {one.title for one in mine(house.store, "cleo")}
    assert {"a", "b"} == {one.title for one in of_units(house.store, house.team, "lea")}


@pytest.mark.parametrize(
    ("where", "manager"),
    [
        ({"brand": "acme"}, "ann"),
        ({"brand": "acme", "region": "north"}, "nora"),
        ({"industry": "toys"}, "tom"),
        ({"brand": "globex"}, "sam"),
        ({}, "sam"),
    ],
)
def test_the_manager_of_a_brand_industry_or_region_comes_before_the_general_one(
    where: dict[str, str], manager: str
) -> None:
    """S1-15: there may be several, and the one closest to the item is its manager."""
    team = Team(
        [
            Member("sam", SOCIAL_MEDIA_MANAGER),
            Member("ann", Grant(SOCIAL_MEDIA_MANAGER, Scope(brand="acme"))),
            Member("nora", Grant(SOCIAL_MEDIA_MANAGER, Scope(brand="acme", region="north"))),
            Member("tom", Grant(SOCIAL_MEDIA_MANAGER, Scope(industry="toys"))),
        ]
    )

    found = team.lead(SOCIAL_MEDIA_MANAGER, Scope(**where), NOON)

    assert manager == (found and found.id)


def test_two_managers_of_the_same_place_are_found() -> None:
    """S1-15: two of one brand are told; of two brands, or one after the other, are not."""
    first = Member("ann", Grant(SOCIAL_MEDIA_MANAGER, Scope(brand="acme"), until=NOON))
    after = Member("abe", Grant(SOCIAL_MEDIA_MANAGER, Scope(brand="acme"), since=NOON))
    beside = Member("bob", Grant(SOCIAL_MEDIA_MANAGER, Scope(brand="globex")))
    twice = Member("amy", Grant(SOCIAL_MEDIA_MANAGER, Scope(brand="acme"), since=NOON))

    assert () == Team([first, after, beside]).overlaps(SOCIAL_MEDIA_MANAGER)
    (found,) = Team([first, after, beside, twice]).overlaps(SOCIAL_MEDIA_MANAGER)
    assert "'abe' and 'amy' hold it for the same place at the same time" == found.message


def test_work_goes_to_whoever_knows_the_platform() -> None:
    """S1-22: best skill, least load or turns: the same people, each chosen for another reason."""
    team = Team(
        [
            Member("ann", CONTENT_CREATOR, skills={"facebook": 3, "linkedin": 1}),
            Member("bob", CONTENT_CREATOR, skills={"linkedin": 2}),
            Member("cat", CONTENT_CREATOR),
        ]
    )
    able, busy = candidates(team, CONTENT_CREATOR, Scope(), NOON), {"ann": 9.0, "bob": 2.0}
    strategies = {
        "facebook": best_skill("facebook"),
        "linkedin": best_skill("linkedin"),
        "load": least_loaded,
        "turns": round_robin("ann"),
    }

    chosen = {name: choose(able, busy) for name, choose in strategies.items()}

    assert {"facebook": "ann", "linkedin": "bob", "load": "cat", "turns": "bob"} == {
        name: one and one.id for name, one in chosen.items()
    }


def test_no_work_begins_before_somebody_is_named_for_all_of_it() -> None:
    """S1-33: a company that wants every stage to have a name asks for it before production."""
    stages = tuple(one.name for one in social_content().stages if one.name != "concept")
    house = House(social_content().with_rules({"assignment.take": all_named(stages)}))
    post = house.put("assignment.unassigned")
    for stage in stages[:-1]:
        house.do(post, "sam", "assign", member="eve", stage=stage)

    assert ("all_named",) == house.refuses(post, "cleo", "take")
    house.do(post, "sam", "assign", member="ana", stage=stages[-1])
    assert ("production.drafting",) == house.do(post, "cleo", "take").marking
    assert "ana" == house.engine.item(post).responsible("evaluation")


def test_the_lead_stands_first_in_all_of_it_and_does_none_of_it() -> None:
    """S1-34: in every stage the lead gives the work to somebody; no stage is the lead's own."""
    house = House()

    for stage in house.workflow.stages:
        post = house.put(f"{stage.name}.{stage.states[0]}", title=f"about {stage.name}")
        assert DEPARTMENT_LEAD not in stage.role
        house.do(post, "lea", "assign", member="eve", stage=stage.name)
        assert "eve" == house.engine.item(post).responsible(stage.name)
        assert {"hold", "force"} <= house.offered(post, "lea")


def test_marketing_writes_the_officer_passes_customer_service_answers_the_lead_supervises() -> None:
    """S1-35: the example that the text gives is a preset, and begins with its own people."""
    example = preset("seed_example")
    units = {one.id: one.unit for one in example.team.members}
    stages = {row.stage: row for row in raci(example.workflow, example.team, NOON)}

    assert {"marketing"} == {units[one] for one in stages["production"].responsible}
    assert {"board"} == {units[one] for one in stages["approval"].responsible}
    assert {"support"} == {units[one] for one in stages["response"].responsible}
    assert "lena" not in {one for row in stages.values() for one in row.responsible}
    assert set(stages) == {one.stage for one in part_of(stages.values(), "lena")}
