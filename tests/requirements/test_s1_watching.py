"""Watching: who keeps an eye on what, what is heard there, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import attrs
import pytest
from house import DAY, NOON, House, at_work, everybody

from socialflow import Grant, Member, Scope
from socialflow.content import INTERACTION, PROMOTION_RUN, governed
from socialflow.content.department import Account, MonitoringAssignment
from socialflow.content.duty import MONITORING
from socialflow.content.records import recorded
from socialflow.content.roles import COMMUNITY_MANAGER, SOCIAL_MEDIA_MANAGER
from socialflow.content.sources import Mention, take_in
from socialflow.content.views.asked import Asked, asked_again
from socialflow.content.views.benchmark import Beside, benchmark
from socialflow.content.views.coverage import coverage
from socialflow.content.views.duties import duties_due
from socialflow.content.views.ideas import ideas_due

WEEK = 7 * DAY
SPRINGFIELD = Grant(COMMUNITY_MANAGER, Scope(city="springfield"))


@attrs.frozen
class Search:
    """A source that looks for words in whatever is said anywhere; a fake of monitoring software."""

    words: tuple[str, ...]
    said: tuple[Mention, ...]

    def heard(self) -> Iterable[Mention]:
        """What has one of the words in it."""
        return (one for one in self.said if any(word in (one.text or "") for word in self.words))


def test_what_is_asked_again_and_again_becomes_an_idea() -> None:
    """S1-12: customer service helps to shape content: an answer for all spares the call centre."""
    house = House()
    for n in range(5):
        topic = "returns" if n < 3 else "colours"
        comment = house.hear(text=f"question {n}")
        house.do(comment, "cyrus", "triage", intent="question", tags=[topic])
        house.do(comment, "cyrus", "take")
        if n < 2:
            house.do(comment, "cyrus", "hand_over", handed_to="support", summary="a case")
    (asked,) = asked_again(house.store, NOON, NOON + DAY)

    told = {"title": "How to return it", "source": "interaction", "tags": [asked.about]}
    idea = house.engine.create("social_content", by="cyrus", data=told)

    assert Asked("returns", 3, 2, ()) == asked
    assert (Asked("returns", 3, 2, (idea.id,)),) == asked_again(house.store, NOON, NOON + DAY)


def test_a_community_manager_looks_after_their_own_city_day_by_day() -> None:
    """S1-16: heard in one city is theirs, heard in another is not; and every day they look."""
    house = House(
        at_work(), team=everybody(Member("cora", SPRINGFIELD)), others=[INTERACTION, MONITORING]
    )
    here, there = (
        house.engine.create(
            "interaction",
            by="cyrus",
            data={"account": "blog", "author": "fan", "text": "hello"},
            scope=Scope(city=city),
        ).id
        for city in ("springfield", "shelbyville")
    )
    watch = house.engine.create(
        "monitoring",
        by="sam",
        data={"dimension": "city", "value": "springfield"},
        scope=Scope(city="springfield"),
    ).id

    house.do(here, "cora", "triage", intent="praise")
    assert ("role",) == house.refuses(there, "cora", "triage", intent="praise")
    for _ in range(3):
        house.now += DAY
        house.engine.run_due()
        assert ("duty.due",) == house.at(watch)
        assert ("duty.resting",) == house.do(watch, "cora", "finish").marking


@pytest.mark.parametrize(("asked", "codes"), [(False, ("reply_allowed",)), (True, ())])
def test_a_private_message_is_sent_only_where_it_suits(asked: bool, codes: tuple[str, ...]) -> None:
    """S1-16: where one answers on request only, nobody is written to who has not asked."""
    house = House(
        team=everybody(Member("cora", SPRINGFIELD)),
        others=[governed(INTERACTION)],
        accounts=[Account("dm", "web", response_policy="on_request")],
    )
    message = house.engine.create(
        "interaction",
        by="cora",
        data={"account": "dm", "author": "fan", "kind": "message", "text": "lovely"},
        scope=Scope(city="springfield"),
    ).id
    house.do(message, "cora", "triage", intent="praise", asked=asked)
    house.do(message, "cora", "take")
    house.do(message, "cora", "draft_reply", reply="Come and see us on Friday")

    refused = house.engine.why_not(message, "send_reply", by="cora")

    assert codes == (refused.codes if refused else ())


@pytest.mark.parametrize("channel", ["dm", "email", "event"])
def test_a_city_is_reached_by_messages_mail_and_events(channel: str) -> None:
    """S1-16: its community manager plans these, and starts them when they were passed."""
    house = House(team=everybody(Member("cora", SPRINGFIELD)), others=[PROMOTION_RUN])
    run = house.engine.create(
        "promotion_run",
        by="cora",
        data={"channel": channel, "text": "Meet us on Friday"},
        scope=Scope(city="springfield"),
    ).id

    house.do(run, "sam", "approve")

    assert ("run.running",) == house.do(run, "cora", "start").marking


def test_each_platform_is_watched_for_what_it_is_used_for() -> None:
    """S1-17: business, social and complaints each have their own watcher and their own rhythm."""
    hour = timedelta(hours=1)
    watched = [
        MonitoringAssignment("platform", "linkedin", "sam", WEEK, NOON - 2 * DAY),
        MonitoringAssignment("platform", "facebook", "cora", DAY, NOON - 2 * DAY),
        MonitoringAssignment("platform", "twitter", "cyrus", hour, NOON - 2 * hour),
    ]
    house = House(monitoring=watched)

    told = duties_due(house.store, house.department, NOON)

    assert [("platform: facebook", "cora", DAY), ("platform: twitter", "cyrus", hour)] == [
        (one.about, one.member, one.late) for one in told
    ]


def test_watching_is_divided_and_what_nobody_watches_is_named() -> None:
    """S1-18: by industry, brand, competitor and platform; duties that are items count as well."""
    house = House(
        others=[MONITORING],
        accounts=[Account("blog", "web", scope=Scope(brand="acme"))],
        monitoring=[MonitoringAssignment("industry", "toys", "ana")],
    )
    duty = house.engine.create(
        "monitoring", by="sam", data={"dimension": "competitor", "value": "globex"}
    ).id
    house.do(duty, "sam", "assign", member="cora")
    wanted = {"competitor": ["globex", "initech"]}

    told = coverage(recorded(house.department, house.store), NOON, wanted=wanted)

    watched = {(one.dimension, one.value): one.members for one in told}
    assert {
        ("industry", "toys"): ("ana",),
        ("competitor", "globex"): ("cora",),
        ("competitor", "initech"): (),
        ("brand", "acme"): (),
        ("platform", "web"): (),
    }.items() <= watched.items()


def test_whoever_many_listen_to_is_known_when_they_speak() -> None:
    """S1-19: opinion leaders are on a list of what is watched; whoever is not can be marked."""
    house = House(monitoring=[MonitoringAssignment("opinion_leader", "toyblog", "cora")])
    said = tuple(
        Mention(key=name, account="web", author=name, text="toys") for name in ("toyblog", "x")
    )
    leader, other = take_in(Search(("toys",), said), house.engine, house.department)

    assert leader.data["influencer"]
    assert not other.data.get("influencer")
    assert house.do(other.id, "cora", "triage", intent="praise", influencer=True).data["influencer"]
    assert house.do(leader.id, "cora", "triage", intent="praise").data["influencer"]


def test_what_one_brand_makes_does_not_go_out_in_the_name_of_another() -> None:
    """S1-20: each brand has its accounts and its people; neither uses those of the other."""
    house = House(
        at_work(),
        team=everybody(
            Member("sam", Grant(SOCIAL_MEDIA_MANAGER, Scope(brand="acme"))),
            Member("gil", Grant(SOCIAL_MEDIA_MANAGER, Scope(brand="globex"))),
        ),
        accounts=[Account(one, "web", scope=Scope(brand=one)) for one in ("acme", "globex")],
    )

    def ready(account: str) -> str:
        told = {"title": f"The story of {account}", "body": f"All that {account} is about"}
        return house.ready(**told, accounts=[account], where={"brand": "acme"})

    own, foreign = ready("acme"), ready("globex")

    assert ("accounts_belong",) == house.refuses(foreign, "sam", "publish_now")
    assert ("role",) == house.refuses(own, "gil", "publish_now")
    house.do(own, "sam", "publish_now")


def test_competitors_are_measured_like_ourselves() -> None:
    """S1-21: whoever watches one writes down how it does; the newest figure stands beside ours."""
    house = House(others=[MONITORING])
    for figure in (80.0, 120.0):
        house.put("evaluation.collecting", title=f"ours {figure}", results={"reach": figure})
    rival = house.engine.create(
        "monitoring", by="sam", data={"dimension": "competitor", "value": "globex"}
    ).id

    house.do(rival, "ana", "measure", results={"reach": 90.0})
    house.do(rival, "ana", "measure", results={"reach": 150.0, "reactions": 7.0})

    assert (
        Beside("reach", "globex", 150.0, 100.0),
        Beside("reactions", "globex", 7.0, None),
    ) == tuple(sorted(benchmark(house.store), key=lambda one: one.metric))


def test_whatever_software_listens_tells_everything_once() -> None:
    """S1-23: keyword search, comments and several platforms are one socket, and here is a fake."""
    house = House()
    post = house.put("response.listening")
    said = (
        Mention(key="f1", account="facebook", author="ann", text="acme is great"),
        Mention(key="t1", account="twitter", author="bob", text="what is acme?"),
        Mention(key="t2", account="twitter", author="bob", text="lunch"),
        Mention(key="b1", account="blog", author="cy", text="acme", kind="comment", below=post),
    )
    source = Search(("acme",), said)

    heard, again = (take_in(source, house.engine) for _ in range(2))

    assert ["acme is great", "what is acme?", "acme"] == [one.data["text"] for one in heard]
    assert [one.id for one in heard] == [one.id for one in again]
    assert [heard[2].id] == [one.id for one in house.engine.children(post, "interaction")]
    assert "interaction.triage" in house.offered(heard[0].id, "cora")


def test_ideas_are_written_down_sorted_and_looked_at_again() -> None:
    """S1-24: what was heard is an idea with tags; twins are merged; none is left lying for long."""
    house = House()
    told = {"source": "monitoring", "tags": ["how to"]}
    idea, twin, fresh = (
        house.engine.create("social_content", by="cora", data={"title": title, **told}).id
        for title in ("Repair it", "Mend it", "Paint it")
    )
    house.do(twin, "lea", "merge", duplicate_of=idea)
    house.now += 13 * DAY
    house.do(fresh, "lea", "start_screening")
    assert () == ideas_due(house.store, house.now)

    house.now += DAY

    assert [(idea, "monitoring", 14 * DAY)] == [
        (one.item, one.source, one.waiting) for one in ideas_due(house.store, house.now)
    ]
    assert ("end.closed",) == house.at(twin)
