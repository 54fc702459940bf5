"""S3-20: an agenda for the first ninety days, by which rights widen."""

from __future__ import annotations

import attrs
from house import DAY, HOUR, House, everybody

from socialflow import Event, Grant, Member
from socialflow.content.onboarding import ONBOARDING
from socialflow.people import Credential

NINA = Member("nina", ["content_creator", Grant("approver", requires="onboarding:60")])
AGENDA = {
    "30": {"goals": ["knows our tone"], "deliverables": ["three posts"]},
    "60": {"activities": ["sits in with support"], "deliverables": ["a week of answers"]},
}


def credited(member: Member, event: Event) -> Member:
    """What a host makes of the effects of a milestone; a fake one."""
    gained = [Credential(**one.data) for one in event.effects if one.name == "credential"]
    return attrs.evolve(member, credentials=(*member.credentials, *gained))


def begun() -> tuple[House, str]:
    """A house with somebody new in it, and what is planned for them."""
    house = House(team=everybody(NINA), others=(ONBOARDING,))
    told = {"member": "nina", "begins": house.now.isoformat(), "agenda": AGENDA}
    return house, house.engine.create("onboarding", by="lea", data=told).id


def test_rights_widen_as_milestones_are_reached() -> None:
    """S3-20: whoever is new writes at once, and approves when sixty days are behind them."""
    house, plan = begun()
    post, nina = house.put("approval.pending"), NINA
    for delivered in ("three posts", "a week of answers"):
        assert ("role",) == house.refuses(post, nina, "approve")
        house.do(plan, "sam", "reach", delivered=[delivered])
        nina = credited(nina, house.engine.history(plan)[-1].event)

    assert ("publish.ready",) == house.do(post, nina, "approve").marking
    assert ("day_90.ahead",) == house.at(plan)


def test_a_milestone_that_passes_is_told_to_the_lead() -> None:
    """S3-20: on its day, counted from the first; reaching it ends that."""
    house, plan = begun()
    house.now += 30 * DAY - HOUR
    assert () == tuple(house.engine.run_due())

    house.now += HOUR
    (done,) = house.engine.run_due()

    assert [{"whom": "lead"}] == [dict(one.data) for one in done.event.effects]
    assert ("late",) == house.engine.item(plan).marks
    assert () == house.do(plan, "sam", "reach", delivered=["three posts"]).marks


def test_nobody_says_themselves_that_they_have_arrived() -> None:
    """S3-20: neither whoever is new, not even as a manager, nor somebody who runs nothing."""
    house, plan = begun()
    head = Member("nina", "social_media_manager")

    assert ("role",) == house.refuses(plan, "cleo", "reach", delivered=[])
    assert ("checked_by_another",) == house.refuses(plan, head, "reach", delivered=[])
