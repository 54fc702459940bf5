"""The start: what a department is for, how it begins and grows, and what it makes and when."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from house import ACCEPTED, DAY, NOON, House, at_work, everybody

from socialflow import DefinitionError, Engine, Member, Team
from socialflow.content import social_content
from socialflow.content.department import Account, Blackout, Channel, Department, Goal, Slots
from socialflow.content.duty import DUTIES
from socialflow.content.plans import DIMENSIONS, MonitoringAssignment
from socialflow.content.presets import preset
from socialflow.content.roles import CONTENT_CREATOR
from socialflow.content.views.goals import Pursuit, goals_pursued
from socialflow.content.views.load import load
from socialflow.content.views.mix import content_mix
from socialflow.content.views.ripple import ripple
from socialflow.content.views.setup import validate_setup
from socialflow.content.views.spent import hours_spent
from socialflow.documents import load_workflow
from socialflow.stores.memory import MemoryStore

KINDS = ("awareness", "reputation", "sales", "satisfaction", "engagement")


def test_what_is_shared_goes_out_in_rings_and_not_down_a_funnel() -> None:
    """S1-01: one post is the middle of many: of each thing it is known what came of it."""
    house = House()
    post = house.put("reshare.open", title="The post", goals=["awareness"])
    film = house.put("production.drafting", title="A film of it", derived_from=post)
    house.put("concept.idea", title="A song about the film", derived_from=film)
    house.put("concept.idea", title="A quiz about it", derived_from=post)
    house.put("concept.idea", title="Something else")

    rings = [(one.ring, one.title) for one in ripple(house.store, post)]

    assert [
        (0, "The post"),
        (1, "A film of it"),
        (1, "A quiz about it"),
        (2, "A song about the film"),
    ] == sorted(rings)


def test_a_beginner_begins_small_and_grows() -> None:
    """S1-02: one person, fewer stages; what was begun so is finished so, the next by a bigger way.

    What is to go the bigger way at once is taken over into it where it stands.
    """
    small, grown = preset("solo"), preset("small_team")
    store = MemoryStore()
    alone = Engine(store, small.workflow, small.team, clock=lambda: NOON)
    begun = alone.create("solo", by="sole", data={"title": "Our first post"}).id

    together = Engine(
        store,
        [small.workflow, grown.workflow],
        Team([*small.team.members, *grown.team.members], grown.team.units),
        clock=lambda: NOON,
    )
    manager = Member("host", "social_media_manager")
    told = {"title": "Our second post"}
    taken = together.adopt("small_team", at="tone.queued", by=manager, data=told)

    assert 1 == len(small.team.members) < len(grown.team.members)
    assert len(small.workflow.stages) < len(grown.workflow.stages)
    together.perform(begun, "start_screening", by="sole")
    together.perform(begun, "accept", by="sole", data=ACCEPTED)
    assert ("production.drafting",) == together.item(begun).marking
    assert ("tone.queued",) == taken.marking


@pytest.mark.parametrize("decision", ["partly", "yes"])
def test_nothing_is_outsourced_unless_the_company_has_decided_to(decision: str) -> None:
    """S1-03: most do not plan to; without a word it is not done, and the lead says why if it is."""
    house = House(at_work())
    idea = house.put("concept.screening")
    answers = {**ACCEPTED, "outsourced": decision}
    waived = {"outsourcing_allowed": "nobody here can draw"}

    assert not Department().outsourcing
    assert ("outsourcing_allowed",) == house.refuses(idea, "sam", "accept", **answers)
    house.engine.perform(idea, "accept", by="lea", data=answers, waive=waived)
    assert waived == dict(house.engine.history(idea)[-1].event.command.waive)
    assert decision == house.engine.item(idea).data["outsourced"]


@pytest.mark.parametrize(
    ("hours", "standing"), [(5, "under"), (6, "within"), (18, "within"), (19, "over")]
)
def test_six_to_eighteen_hours_a_week_are_counted_on(hours: int, standing: str) -> None:
    """S1-04: that is what most have for it; less is room, more is too much."""
    house = House(team=Team([Member("cleo", CONTENT_CREATOR)]))
    post = house.put("production.drafting", effort_hours=hours)
    house.do(post, "cleo", "claim")

    (desk,) = load(house.store, house.team, NOON).desks

    assert ("cleo", hours, standing) == (desk.member, desk.hours, desk.standing)


def test_what_it_took_is_written_down_beside_what_was_estimated() -> None:
    """S1-04: whoever has worked on something says how long; what was said by mistake is undone."""
    house = House()
    film = house.put("production.drafting", title="A film", effort_hours=6)
    post = house.put("tone.adjusting", title="A post")

    for item, who, hours in (
        (film, "cleo", 4.0),
        (film, "cleo", 3.5),
        (film, "tony", 1.0),
        (post, "tony", 2.5),
        (post, "tony", -0.5),
    ):
        house.do(item, who, "log_hours", hours=hours, what="work")
    house.now += DAY
    house.do(film, "tony", "log_hours", hours=9.0)

    assert [
        ("A film", "cleo", 7.5, 6.0),
        ("A post", "tony", 2.0, None),
        ("A film", "tony", 1, 6),
    ] == [
        (one.title, one.member, one.hours, one.estimated)
        for one in hours_spent(house.store, NOON, NOON + DAY)
    ]


def test_six_questions_are_answered_before_the_department_begins() -> None:
    """S1-06: why, who, where, what, how and when; each that has no answer is told."""
    workflow = preset("small_team").workflow
    nothing = validate_setup(Department(), Team([]), workflow, NOON)
    ready = Department(
        channels=[Channel("web")],
        accounts=[Account("blog", "web", unit="hub")],
        slots=[Slots("blog", ["09:00"])],
        goals=[Goal("known", "awareness", target=1000, primary=True)],
        monitoring=[
            *(MonitoringAssignment(one, "something", "lea") for one in DIMENSIONS),
            MonitoringAssignment("platform", "web", "lea"),
        ],
    )

    assert {"why", "who", "where", "what"} == {one.question for one in nothing}
    assert () == validate_setup(ready, everybody(), social_content(), NOON)
    closed = Department(channels=ready.channels, accounts=ready.accounts)
    asked = {one.question for one in validate_setup(closed, everybody(), social_content(), NOON)}
    assert {"why", "what", "when"} == asked


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_of_goal_brings_its_usual_metric(kind: str) -> None:
    """S1-07: awareness, reputation, sales, satisfaction, interaction: each can be measured."""
    goal = Goal("ours", kind)

    assert goal.measured_by is not None
    assert "clicks" == Goal("ours", kind, metric="clicks").measured_by
    assert 1 == len({kind for kind in KINDS if Goal("ours", kind).measured_by == goal.measured_by})
    with pytest.raises(DefinitionError):
        Goal("ours", "fame")


def test_content_serves_a_goal_that_is_pursued_now() -> None:
    """S1-07: no goal, an unknown one, or one that is over: then it is not accepted."""
    house = House(at_work(), goals=[Goal("known", "awareness"), Goal("old", "sales", until=NOON)])
    idea = house.put("concept.screening")

    for goal in ("fame", "old"):
        asked = {**ACCEPTED, "goals": [goal]}
        assert ("goal_set",) == house.refuses(idea, "sam", "accept", **asked)
    house.do(idea, "sam", "accept", **{**ACCEPTED, "goals": ["known"]})


def test_of_several_goals_one_comes_first_and_each_tells_how_far_it_is() -> None:
    """S1-08: awareness before leads, sales and insight; what serves them is added up."""
    house = House(
        goals=[
            Goal("insight", "user_insight"),
            Goal("more leads", "leads", baseline=100, target=115),
            Goal("known", "awareness", target=4000, primary=True),
            Goal("sold", "sales", since=NOON + DAY),
        ]
    )
    for results in ({"reach": 900.0, "leads": 3.0}, {"reach": 700.0}):
        goals = ["known", "more leads"] if "leads" in results else ["known"]
        title = f"reaches {results['reach']}"
        house.put("evaluation.collecting", title=title, goals=goals, results=results)

    assert (
        Pursuit("known", "awareness", True, "reach", 2, 1600.0, 0.4),
        Pursuit("more leads", "leads", False, "leads", 1, 3.0, 0.2),
        Pursuit("insight", "user_insight", False, "findings", 0, None, None),
    ) == goals_pursued(house.store, house.department, NOON)


def test_each_company_says_in_a_document_what_it_does_otherwise(tmp_path: Path) -> None:
    """S1-32: a stage more, one less, another role, a stricter rule: no line of code."""
    path = tmp_path / "acme.toml"
    path.write_text(
        """
        base = "social_content"
        name = "acme"
        without = ["promotion"]
        [amend.evaluation]
        role = "social_media_manager"
        [amend.concept]
        actions = [{ name = "reject", roles = "department_lead" }]
        [[insert]]
        after = "tone"
        [insert.stage]
        name = "legal"
        states = ["waiting", "cleared"]
        role = "legal_compliance"
        actions = [{ name = "clear", sources = "waiting", target = "cleared" }]
        """
    )
    house = House(load_workflow(path))
    post, idea = house.put("tone.adjusting"), house.put("concept.idea", title="no")

    assert ("legal.waiting",) == house.do(post, "tony", "approve_tone").marking
    assert ("approval.pending",) == house.do(post, "legolas", "clear").marking
    assert ("role",) == house.refuses(idea, "sam", "reject", reason="dull")
    house.do(idea, "lea", "reject", reason="dull")
    assert "promotion" not in [one.name for one in house.workflow.stages]


@pytest.mark.parametrize("who", ["marketing", "support", "board"])
def test_the_lead_talks_with_each_department_at_regular_times(who: str) -> None:
    """S1-35: a duty that comes round every week, and is heard of again if nobody does it."""
    checkin = next(one for one in DUTIES if one.name == "lead_checkin")
    house = House(others=[checkin])
    duty = house.engine.create("lead_checkin", by="lea", data={"what": f"talk with {who}"}).id

    for _ in range(2):
        house.now += timedelta(days=7)
        house.engine.run_due()
        assert ("duty.due",) == house.at(duty)
        house.do(duty, "lea", "finish", outcome="on their way")
    for _ in range(2):
        house.now += timedelta(days=7)
        house.engine.run_due()
    assert {"late"} == set(house.engine.item(duty).marks)


@pytest.mark.parametrize("purpose", ["help", "interaction", "entertainment"])
def test_content_is_more_than_news_of_products(purpose: str) -> None:
    """S1-36: each says what it does for those who see it, and the mix can be looked at."""
    house = House()
    for n, what in enumerate(("product", "product", purpose, purpose)):
        house.put(
            "publish.ready",
            title=f"post {n}",
            body=f"text {n}",
            purpose=what,
            planned_for=(NOON + DAY).isoformat(),
        )

    mix = {one.purpose: one.share for one in content_mix(house.store, NOON, NOON + 2 * DAY)}

    assert {"product": 0.5, purpose: 0.5} == {name: share for name, share in mix.items() if share}


@pytest.mark.parametrize(
    ("at", "codes"),
    [
        ("2026-05-05T09:10-04:00", ()),
        ("2026-05-05T09:10+00:00", ("in_slot",)),
        ("2026-05-06T09:10-04:00", ("in_slot",)),
        ("2026-05-12T09:10-04:00", ("not_in_blackout",)),
    ],
)
def test_content_goes_out_at_the_times_that_were_set_for_its_account(
    at: str, codes: tuple[str, ...]
) -> None:
    """S1-37: Tuesdays at nine where its readers live, and not while figures are secret."""
    house = House(
        at_work(),
        slots=[Slots("blog", ["09:00"], days=["tue"], zone="America/New_York")],
        blackouts=[Blackout("figures", "quarterly figures", since=NOON + 7 * DAY)],
    )
    post = house.ready(accounts=["blog"])

    if codes:
        assert codes == house.refuses(post, "sam", "schedule", publish_at=at)
    else:
        scheduled = house.do(post, "sam", "schedule", publish_at=at)
        assert ("publish.scheduled",) == scheduled.marking
