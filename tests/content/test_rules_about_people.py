"""Rules about people, goals, limits and freezes: each stops what it should, and no more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import attrs
import pytest

from socialflow import Case, Command, Facts, Item, Member, Scope, Token
from socialflow.content import rules, social_content
from socialflow.people import Capacity, Credential, Period
from socialflow.plain import freeze
from socialflow.rules import Rule

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)
WORKFLOW = social_content()
EMPTY_ITEM = Item(
    "i1",
    None,
    WORKFLOW.digest,
    Scope(brand="acme"),
    (Token("production.drafting", 1, NOON, "tom"),),
    (Token("tone.in_tone", 3, NOON, None),),
    freeze({}),
    (),
    (),
    (),
    3,
)


def item(**data: Any) -> Item:
    """An item in production, for which Tom is responsible."""
    return attrs.evolve(EMPTY_ITEM, data=freeze(data))


def asks(of: Item = EMPTY_ITEM, by: Member | None = None, data: Any = None, **facts: Any) -> Case:
    """Ann, or somebody else, asks for something."""
    who = by or Member("ann", "content_creator")
    command = Command("x", who.id, NOON)
    nobody: frozenset[str] = frozenset()
    known = Facts(facts)
    return Case(WORKFLOW, of, command, who, (who.id,), "x", nobody, nobody, known, data)


def named(member: str) -> Any:
    """Data that names somebody."""
    return SimpleNamespace(member=member)


def people(**told: Any) -> dict[str, Member]:
    """Tom, as he is told."""
    return {"tom": Member("tom", **({"grants": "content_creator"} | told))}


def acknowledged(policy: str) -> Member:
    """Ann, who has acknowledged a policy."""
    return Member("ann", credentials=Credential("policy", policy))


WRITTEN = attrs.evolve(EMPTY_ITEM, contributors=("tom",))
AWAY = (Period(NOON - DAY, NOON + DAY),)
BACK = (Period(NOON - DAY, NOON),)
AGENT = Member("agnes", "agency_member", kind="agency")
UNDER_CONTRACT = Member(
    "agnes", "agency_member", kind="agency", credentials=Credential("contract", "Loud")
)
TRAINED = Member("ann", credentials=Credential("training", "response", level=2))
JUNIOR = Member("ann", seniority="junior")
BLOG = {"blog": SimpleNamespace(channel="wordpress")}
LIVE_GOAL = SimpleNamespace(holds=lambda at: at < NOON + DAY, units=("sales",))
PAST_GOAL = SimpleNamespace(holds=lambda at: at < NOON, units=())
FREEZE = SimpleNamespace(key="f", by="lea", scope=None, reason="crisis", until=None)

ROWS: list[tuple[Rule, Case, Case]] = [
    (rules.is_asked("approvers"), asks(item(approvers=["tom"])), asks(item(approvers=["ann"]))),
    (rules.is_named_for("production"), asks(), asks(by=Member("tom"))),
    (
        rules.all_named(("production", "tone")),
        asks(),
        asks(attrs.evolve(item(), idle=(Token("tone.in_tone", 3, NOON, "tina"),))),
    ),
    (
        rules.by_junior(),
        asks(WRITTEN, people=people(seniority="senior")),
        asks(WRITTEN, people=people(seniority="junior")),
    ),
    (
        rules.in_own_name("reviewed_by"),
        asks(data=SimpleNamespace(reviewed_by="tom")),
        asks(data=SimpleNamespace(reviewed_by="ann")),
    ),
    (rules.own_words(), asks(WRITTEN), asks(WRITTEN, by=Member("tom"))),
    (rules.in_house(), asks(by=AGENT), asks()),
    (rules.holds("training", "response", 2), asks(), asks(by=TRAINED)),
    (
        rules.holds("training", "response", 3),
        asks(by=TRAINED),
        asks(by=attrs.evolve(TRAINED, credentials=Credential("training", "response", level=3))),
    ),
    (
        rules.policy_acknowledged("social"),
        asks(
            by=Member("ann", credentials=Credential("policy", "social@2")), policies={"social": 3}
        ),
        asks(
            by=Member("ann", credentials=Credential("policy", "social@3")), policies={"social": 3}
        ),
    ),
    (
        rules.onboarded(60),
        asks(by=Member("ann", credentials=Credential("onboarding", "30"))),
        asks(by=Member("ann", credentials=Credential("onboarding", "90"))),
    ),
    (
        rules.junior_reviewed("reviewer"),
        asks(item(reviewer="ann"), by=JUNIOR),
        asks(item(reviewer="tom"), by=JUNIOR),
    ),
    (
        rules.checked_by_another("uploader"),
        asks(item(uploader="ann")),
        asks(item(uploader="tom")),
    ),
    (
        rules.agency_has_order("outsourced", "agency_member"),
        asks(item(outsourced="no"), by=AGENT),
        asks(item(outsourced="partly"), by=AGENT),
    ),
    (
        rules.contract_valid(),
        asks(item(agency="Quiet"), by=UNDER_CONTRACT),
        asks(item(agency="Loud"), by=UNDER_CONTRACT),
    ),
    (
        rules.not_the_agencys("channel", ("dm",), "agency_member"),
        asks(item(channel="dm"), by=Member("tom", "agency_member")),
        asks(item(channel="event"), by=Member("tom", "agency_member")),
    ),
    (
        rules.not_the_agencys("channel", ("dm",), "agency_member"),
        asks(item(channel="dm"), by=Member("tom", "community_manager", kind="agency")),
        asks(item(channel="dm"), by=Member("tom", "community_manager")),
    ),
    (
        rules.outsourcing_allowed(),
        asks(item(outsourced="yes"), outsourcing=False),
        asks(item(outsourced="no"), outsourcing=False),
    ),
    (
        rules.not_absent(),
        asks(data=named("tom"), people=people(absent=AWAY)),
        asks(data=named("tom"), people=people(absent=BACK)),
    ),
    (
        rules.skilled(2),
        asks(item(accounts=["blog"]), data=named("tom"), accounts=BLOG, people=people()),
        asks(
            item(accounts=["blog"]),
            data=named("tom"),
            accounts=BLOG,
            people=people(skills={"wordpress": 2}),
        ),
    ),
    (
        rules.assignee_has_role(("tone_editor",)),
        asks(data=named("tom"), people=people()),
        asks(data=named("tom"), people=people(grants="tone_editor")),
    ),
    (
        rules.assignee_holds("training", "brand"),
        asks(data=named("tom"), people=people()),
        asks(data=named("tom"), people=people(credentials=Credential("training", "brand"))),
    ),
    (
        rules.assignee_in_house(),
        asks(data=named("tom"), people=people(kind="agency")),
        asks(data=named("tom"), people=people()),
    ),
    (
        rules.within_limit(),
        asks(
            item(effort_hours=6),
            data=named("tom"),
            people=people(hours=Capacity(6, 18)),
            workload={"tom": SimpleNamespace(hours=13, items=2)},
        ),
        asks(
            item(effort_hours=6),
            data=named("tom"),
            people=people(hours=Capacity(6, 18)),
            workload={"tom": SimpleNamespace(hours=12, items=2)},
        ),
    ),
    (
        rules.within_limit(items=2),
        asks(
            data=named("tom"),
            people=people(),
            workload={"tom": SimpleNamespace(hours=0, items=2)},
        ),
        asks(
            data=named("tom"),
            people=people(),
            workload={"tom": SimpleNamespace(hours=0, items=1)},
        ),
    ),
    (rules.retry_limit("attempts"), asks(item(attempts=3)), asks(item(attempts=2))),
    (rules.loops_limited("tone", 3), asks(), asks(attrs.evolve(item(), idle=()))),
    (rules.frozen(), asks(freezes=()), asks(freezes=(FREEZE,))),
    (~rules.frozen(), asks(freezes=(FREEZE,)), asks(freezes=())),
    (rules.no_freeze(), asks(freezes=(FREEZE,)), asks(freezes=())),
    (
        rules.goal_set(),
        asks(item(goals=["fame"]), goals={"fame": PAST_GOAL}),
        asks(item(goals=["fame"]), goals={"fame": LIVE_GOAL}),
    ),
    (
        rules.goals_shared(),
        asks(item(goals=["fame"]), goals={"fame": LIVE_GOAL}, people=people(unit="marketing")),
        asks(item(goals=["fame"]), goals={"fame": LIVE_GOAL}, people=people(unit="sales")),
    ),
]

HERE = {
    "assignees",
    "capacity",
    "freezes",
    "goals",
    "outsourcing",
    "people",
}


@pytest.mark.parametrize(("one", "stopped", "passed"), ROWS, ids=[row[0].name for row in ROWS])
def test_a_rule_stops_exactly_what_it_should(one: Rule, stopped: Case, passed: Case) -> None:
    """It objects under its own name, in a sentence, and lets the near miss by."""
    objections = one.objections(stopped)

    assert {one.name} == {objection.code for objection in objections}
    assert all(objection.message for objection in objections)
    assert () == one.objections(passed)


def test_every_rule_of_these_topics_has_its_pair() -> None:
    """No rule is there without something that it stops, and something that it does not."""
    kinds = [getattr(rules, name) for name in rules.__all__]
    ours = {kind.name for kind in kinds if kind.check.__module__.rpartition(".")[2] in HERE}

    assert ours == {row[0].kind.name for row in ROWS}


@pytest.mark.parametrize(
    "one", [rules.not_absent(), rules.assignee_in_house(), rules.within_limit(items=1)]
)
def test_a_fact_that_is_missing_is_a_no(one: Rule) -> None:
    """Rules fail closed: what is not known does not open anything."""
    assert ("fact_missing",) == tuple(o.code for o in one.objections(asks(data=named("tom"))))


@pytest.mark.parametrize(
    "name",
    [
        "in_house",
        "assignee_in_house",
        "agency_has_order",
        "not_the_agencys",
        "contract_valid",
        "handover_target",
    ],
)
def test_nobody_may_waive_the_denial_of_an_agency(name: str) -> None:
    """S2-03: no matter how many years of co-operation, and whatever a company says."""
    assert getattr(rules, name).binding
