"""Units: hub, spokes and departments, each with its own place, and what they do together."""

from __future__ import annotations

import pytest
from house import ACCEPTED, DAY, NOON, House, at_work, everybody

from socialflow import Grant, Member, Role, Scope, Team
from socialflow.content import ROLES, social_content
from socialflow.content.assignees import candidates, of_category
from socialflow.content.department import Account, Goal
from socialflow.content.roles import (
    COMMUNITY_MANAGER,
    CONTENT_CREATOR,
    MANAGER,
    TONE_EDITOR,
)
from socialflow.content.views.digest import Together, digest
from socialflow.content.views.worklists import claimable, of_units
from socialflow.people import Unit

SPOKES = (
    Unit("hub", lead="lea"),
    Unit("north", "spoke", parent="hub", lead="nora"),
    Unit("south", "spoke", parent="hub"),
)


def in_spokes() -> Team:
    """The usual people of the hub, and some of two spokes."""
    return everybody(
        Member("nora", "spoke_lead", unit="north"),
        Member("nils", CONTENT_CREATOR, unit="north"),
        Member("sofia", CONTENT_CREATOR, unit="south"),
        Member("lea", "department_lead", unit="hub"),
        Member("cleo", CONTENT_CREATOR, unit="hub"),
        units=SPOKES,
    )


def test_a_spoke_sees_what_is_on_its_own_desks() -> None:
    """S0-11: each has its place: a lead of its own, and a queue; the hub sees all of them."""
    house = House(team=in_spokes())
    for title, writer in (("fish", "nils"), ("sun", "sofia"), ("brand", "cleo")):
        post = house.put("production.drafting", title=title)
        house.do(post, "sam", "assign", member=writer, stage="production")

    assert {"fish"} == {one.title for one in of_units(house.store, house.team, "nora")}
    assert {"fish", "sun", "brand"} == {
        one.title for one in of_units(house.store, house.team, "lea")
    }


def test_who_could_work_together_is_told_before_the_meeting() -> None:
    """S0-18: two units that serve one goal are named; one that serves its own alone is not."""
    house = House(
        accounts=[Account("fish", "web", unit="north"), Account("sun", "web", unit="south")],
    )
    boats, shops, _ = (
        house.put(
            "publish.ready",
            title=title,
            body=f"{title}, as told by those who know",
            accounts=[account],
            goals=[goal],
            planned_for=NOON + DAY,
        )
        for title, account, goal in (
            ("Why our boats are blue", "fish", "awareness"),
            ("Where a shop is near you", "sun", "awareness"),
            ("Who repairs what broke", "sun", "leads"),
        )
    )

    told = digest(house.store, house.department, house.team, NOON, NOON + 30 * DAY)

    both = tuple(sorted((boats, shops)))
    assert 3 == told.items
    assert (Together("goal", "awareness", ("north", "south"), both),) == told.together


@pytest.mark.parametrize(
    ("category", "chosen"), [("design", "dora"), ("words", "wim"), ("plumbing", None)]
)
def test_work_goes_to_the_team_that_looks_after_its_category(
    category: str, chosen: str | None
) -> None:
    """S0-21: tasks are divided by kind, and each kind is a team's."""
    team = everybody(
        Member("dora", CONTENT_CREATOR, unit="studio"),
        Member("wim", CONTENT_CREATOR, unit="desk"),
        units=[Unit("studio"), Unit("desk")],
    )
    house = House(team=team)
    item = house.engine.item(house.put("assignment.unassigned", category=category))
    choose = of_category(item.data["category"], {"design": "studio", "words": "desk"})

    found = choose(candidates(team, CONTENT_CREATOR, item.scope, NOON), {})

    assert chosen == (found and found.id)


def test_everybody_sees_what_they_may_take_out_of_all_that_is_going_on() -> None:
    """S0-22: a platform of so many activities is one list for each: by role, place, and freedom."""
    house = House(team=everybody(Member("cora", Grant(COMMUNITY_MANAGER, Scope(unit="north")))))
    north, south = (house.put("response.listening", where={"unit": u}) for u in ("north", "south"))
    mine, _, taken = house.hear(north), house.hear(south), house.hear(north)
    house.do(taken, "cyrus", "claim")
    house.put("production.drafting", where={"unit": "north"})

    seen = claimable(house.store, house.workflow, house.team, "cora", NOON)

    assert {mine, north} == {work.item for work in seen}


def test_the_department_belongs_to_whom_the_company_says() -> None:
    """S0-31: nothing is marketing's by nature: here human resources owns and approves it all."""
    owner = "hr_partner"
    owned = social_content(roles=(*ROLES, Role(owner, inherits=(*MANAGER, TONE_EDITOR)))).amend(
        "approval", role=owner
    )
    house = House(owned, team=Team([Member("hera", owner), Member("cleo", CONTENT_CREATOR)]))
    idea = house.put("concept.idea")

    house.do(idea, "hera", "start_screening")
    house.do(idea, "hera", "override", reason="we are hiring")
    house.do(idea, "cleo", "take")
    house.do(idea, "cleo", "submit")
    house.do(idea, "hera", "start")
    house.do(idea, "hera", "approve_tone")
    house.do(idea, "hera", "claim")

    assert "hera" == house.engine.item(idea).responsible("approval")
    assert ("publish.ready",) == house.do(idea, "hera", "approve").marking


def test_a_shared_goal_is_not_pursued_by_one_department_alone() -> None:
    """S0-33: somebody of each department that it concerns takes part, or is at least consulted."""
    house = House(
        at_work(),
        team=everybody(Member("hugh", "employee", unit="hr"), units=[Unit("hr")]),
        goals=[Goal("hiring", units=("hr",))],
    )
    accepted = {**ACCEPTED, "goals": ["hiring"]}
    alone, together = (
        house.put("concept.screening", title=title, body=f"{title} we had", consulted=consulted)
        for title, consulted in (("Lunch, at last,", []), ("The longest day", ["hugh"]))
    )

    assert ("goals_shared",) == house.refuses(alone, "sam", "accept", **accepted)
    assert ("assignment.unassigned",) == house.do(together, "sam", "accept", **accepted).marking
