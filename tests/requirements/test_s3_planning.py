"""S3: the calendar, how the day begins, and for whom content is."""

from __future__ import annotations

from datetime import timedelta

from house import DAY, HOUR, House

from socialflow.content.department import Account, Blackout, Channel
from socialflow.content.views.brief import brief
from socialflow.content.views.calendar import calendar
from socialflow.content.views.mix import content_mix


def test_a_calendar_shows_the_plan_and_what_clashes() -> None:
    """S3-13: by account, unit and campaign; twice in one slot, and in a blackout."""
    accounts = [Account("blog", "web", unit="hub"), Account("news", "web", unit="north")]
    house = House(channels=[Channel("web")], accounts=accounts)
    later = house.now + 2 * HOUR
    for title, account, campaign, after in (
        ("teaser", "blog", "spring", 0),
        ("film", "blog", None, 20),
        ("map", "news", "spring", 90),
    ):
        at = (later + timedelta(minutes=after)).isoformat()
        told = {"accounts": [account], "planned_for": at, "campaign": campaign}
        house.put("publish.ready", title=title, **told)
    asked = (house.store, house.department, house.now, house.now + DAY)

    def titles(**only: str) -> list[str]:
        return [one.title for one in calendar(*asked, **only).entries]

    assert ["teaser", "film", "map"] == titles()
    assert (["map"], ["map"]) == (titles(account="news"), titles(unit="north"))
    assert ["teaser", "map"] == titles(campaign="spring")
    assert [("slot", "blog")] == [(one.why, one.account) for one in calendar(*asked).clashes]


def test_the_day_begins_with_what_goes_out_and_what_could_do_harm() -> None:
    """S3-21: crises come at light speed; so does a spike of mentions."""
    night = Blackout("figures", "quarterly figures")
    house = House(blackouts=[night])
    at = (house.now + HOUR).isoformat()
    today = house.put("publish.ready", accounts=["blog"], planned_for=at, risk="low")
    house.put("approval.pending", title="Recall", risk="crisis")
    late = house.put("publish.scheduled", publish_at=(house.now - 2 * HOUR).isoformat())
    post = house.put("response.listening")
    for _ in range(6):
        house.hear(post)

    told = brief(house.store, house.department, house.now)

    assert today in {one.item for one in told.today}
    assert [("crisis", "Recall")] == [(one.what, one.title) for one in told.risks]
    assert late in {one.item for one in told.overdue}
    assert {"blackout"} == {one.why for one in told.clashes}
    assert (6, True) == (told.mentions.waiting, told.mentions.spike)


def test_content_says_how_far_its_readers_have_come() -> None:
    """S3-22: from top to bottom of the funnel, and what there is nothing for is seen."""
    house = House()
    at = (house.now + HOUR).isoformat()
    for funnel in ("awareness", "awareness", "purchase"):
        idea = {"title": "Behind the scenes", "funnel": funnel, "planned_for": at}
        house.engine.create("social_content", by="cleo", data=idea)

    told = content_mix(house.store, house.now, house.now + DAY, by="funnel")

    assert {"awareness": 2, "consideration": 0, "purchase": 1, "loyalty": 0, "none": 0} == {
        one.purpose: one.items for one in told
    }
