"""Rules about content, time, money and conversation: what each stops, and the near miss beside."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from inspect import signature
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
import pytest

from socialflow import Case, Command, Facts, Item, Member, Scope, Token
from socialflow.content import rules, social_content
from socialflow.content.roles import ROLES
from socialflow.items import Signature
from socialflow.people import Credential
from socialflow.plain import freeze
from socialflow.rules import Rule

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
WORKFLOW = social_content()
PENDING = Item(
    "i1",
    None,
    WORKFLOW.digest,
    Scope(brand="acme"),
    (Token("approval.pending", 1, NOON),),
    (),
    freeze({}),
    (),
    (),
    (),
    3,
)


def item(**data: Any) -> Item:
    """An item that waits for approval."""
    return attrs.evolve(PENDING, data=freeze(data))


def asks(of: Item = PENDING, by: Member | None = None, data: Any = None, **facts: Any) -> Case:
    """Ann, or somebody else, asks for something."""
    who = by or Member("ann")
    nobody: frozenset[str] = frozenset()
    command = Command("x", who.id, NOON)
    return Case(WORKFLOW, of, command, who, (who.id,), "x", nobody, nobody, Facts(facts), data)


def told(**data: Any) -> Any:
    """The data of a command."""
    return SimpleNamespace(**data)


def going_out(minutes: float) -> Any:
    """Data that says when it goes out, so many minutes from now."""
    return told(publish_at=NOON + minutes * MINUTE)


def account(**other: Any) -> dict[str, Any]:
    """The blog's account, some of it said otherwise."""
    usual = {"channel": "web", "owner": None, "response_policy": "active", "status": "active"}
    return {"blog": SimpleNamespace(key="blog", **(usual | other))}


WEB = {"web": SimpleNamespace(key="web", capabilities=("edit",), limits={"characters": 5})}
ON_BLOG = item(accounts=["blog"])
SIGNED = attrs.evolve(PENDING, signatures=(Signature("tone", 1),))
SCREENING = {
    "fits_goals": True,
    "goals": ("awareness",),
    "resources_suffice": True,
    "outsourced": "no",
    "measurable": True,
    "metrics": ("reach",),
    "method": "figures",
    "evaluate_at": NOON + timedelta(days=28),
}
LIKE = SimpleNamespace(item="i2", ref="post:2", why="near", similarity=0.8)
MESSAGE = {"fast": SimpleNamespace(standing=lambda at: "usable" if at < NOON else "expired")}
STILL = {"fast": SimpleNamespace(standing=lambda at: "usable" if at <= NOON else "expired")}
MOURNING = SimpleNamespace(
    key="mourning", reason="a day of mourning", until=NOON, holds=lambda at: at < NOON
)
MORNINGS = {"blog": SimpleNamespace(allows=lambda at: at < NOON)}
BUDGET = SimpleNamespace(key="spring", currency="EUR", left=100.0)
CONSENT = Member("ann", credentials=Credential("consent", "blog"))
ASKED = Member("ann", credentials=Credential("consent", "shop"))


@attrs.frozen
class Look:
    """What somebody has looked at."""

    right_text: bool


ROWS: list[tuple[Rule, Case, Case]] = [
    # -- brand
    (rules.brand_checked(), asks(), asks(SIGNED)),
    # -- budget
    (
        rules.budget_left(),
        asks(item(budget=101), budget=BUDGET),
        asks(item(budget=100), budget=BUDGET),
    ),
    (rules.budget_left(), asks(item(budget=1), budget=None), asks(item(budget=0), budget=None)),
    (
        rules.budget_left(currency="USD"),
        asks(item(budget=1), budget=BUDGET),
        asks(item(budget=1), budget=SimpleNamespace(currency="USD", left=1)),
    ),
    (
        rules.budget_left("fee"),
        asks(item(fee=1), data=told(fee=101), budget=BUDGET),
        asks(item(fee=101), data=told(fee=1), budget=BUDGET),
    ),
    # -- claims
    (
        rules.claims_approved(),
        asks(item(claims=["cheap"]), messages=STILL),
        asks(item(claims=["fast"]), messages=STILL),
    ),
    (
        rules.messages_valid(),
        asks(item(claims=["fast"]), messages=MESSAGE),
        asks(item(claims=["fast"]), messages=STILL),
    ),
    # -- conversation
    (
        rules.reply_allowed(),
        asks(item(account="blog"), accounts=account(response_policy="passive")),
        asks(item(account="blog"), accounts=account()),
    ),
    (
        rules.reply_allowed(asked="question"),
        asks(item(account="blog"), accounts=account(response_policy="on_request")),
        asks(item(account="blog", question=True), accounts=account(response_policy="on_request")),
    ),
    (
        rules.reply_allowed(),
        asks(item(account="shop"), accounts=account()),
        asks(item(account="blog"), accounts=account()),
    ),
    (rules.alone_in_thread(), asks(thread=("reply:2",)), asks(thread=())),
    (
        rules.handover_target(),
        asks(data=told(unit="loud"), units={"loud": SimpleNamespace(kind="agency")}),
        asks(data=told(unit="sales"), units={"sales": SimpleNamespace(kind="spoke")}),
    ),
    (
        rules.handover_target(),
        asks(data=told(unit="legal"), units={"sales": SimpleNamespace(kind="spoke")}),
        asks(data=told(unit="sales"), units={"sales": SimpleNamespace(kind="spoke")}),
    ),
    # -- disclosure
    (
        rules.disclosed("ties", "disclosure"),
        asks(item(ties="gifted")),
        asks(item(ties="gifted", disclosure="a gift")),
    ),
    (
        rules.disclosed_everywhere("ties", "disclosure", "variants"),
        asks(item(ties="paid", disclosure="ad", variants={"blog": {"disclosure": ""}})),
        asks(item(ties="paid", disclosure="ad", variants={"blog": {"body": "short"}})),
    ),
    (
        rules.disclosed_through("channel", ("paid", "partner"), "disclosure"),
        asks(item(channel="paid", disclosure="")),
        asks(item(channel="email")),
    ),
    (
        rules.disclosed_through("channel", ("paid", "partner"), "disclosure"),
        asks(item(channel="partner")),
        asks(item(channel="partner", disclosure="our partner")),
    ),
    (rules.not_confidential(), asks(item(confidential=True)), asks(item(confidential=False))),
    # -- duplicates
    (rules.no_duplicate(), asks(duplicates=(LIKE,)), asks(duplicates=())),
    (
        rules.no_duplicate(("near", "window")),
        asks(duplicates=(LIKE,)),
        asks(duplicates=(SimpleNamespace(item="i2", ref=None, why="link", similarity=1.0),)),
    ),
    # -- evaluation
    (
        rules.metrics_measured("metrics"),
        asks(item(metrics=["reach"]), data=told(results={"likes": 3})),
        asks(item(metrics=["reach"]), data=told(results={"reach": 0})),
    ),
    (
        rules.goals_answered("goals"),
        asks(item(goals=["fame"]), data=told(goal_results={})),
        asks(item(goals=["fame"]), data=told(goal_results={"fame": "missed"})),
    ),
    (
        rules.sample_enough(),
        asks(item(min_sample=100), data=told(sample=99)),
        asks(item(min_sample=100), data=told(sample=100)),
    ),
    (
        rules.sample_enough(),
        asks(item(min_sample=100, sample=99), data=told(winner="a")),
        asks(item(min_sample=100, sample=100), data=told(winner="a")),
    ),
    (
        rules.return_measured("results"),
        asks(item(results={}), data=told(roi=2.0)),
        asks(item(results={"reach": 1.0}), data=told(roi=2.0)),
    ),
    # -- experiments
    (
        rules.arms_compared(),
        asks(item(arms={"a": "red"})),
        asks(item(arms={"a": "red", "b": "blue"})),
    ),
    (
        rules.arms_compared(),
        asks(item(arms={"a": "red", "b": "blue"}, split={"a": 0.6, "b": 0.5})),
        asks(item(arms={"a": "red", "b": "blue"}, split={"a": 0.6, "b": 0.4})),
    ),
    (
        rules.arms_compared(),
        asks(item(arms={"a": "red", "b": "blue"}, split={"a": 0.5, "c": 0.5})),
        asks(item(arms=dict.fromkeys("abc", "-"), split=dict.fromkeys("abc", 1 / 3))),
    ),
    (
        rules.arms_measured(),
        asks(item(arms={"a": "red", "b": "blue"}), data=told(results={"a": 1.0})),
        asks(item(arms={"a": "red", "b": "blue"}), data=told(results={"a": 1.0, "b": 0.0})),
    ),
    (
        rules.arms_measured(),
        asks(item(arms={"a": "red"}), data=told(results={"a": 1.0, "c": 2.0})),
        asks(item(arms={"a": "red"}), data=told(results={"a": 1.0})),
    ),
    (
        rules.winner_measured(),
        asks(item(results={"a": 1.0}), data=told(winner="b")),
        asks(item(results={"a": 1.0}), data=told(winner="a")),
    ),
    # -- fields
    (rules.has_any(("body", "media")), asks(item(body="", media=[])), asks(item(media=["a.png"]))),
    (rules.one_of("risk", ("none", "low")), asks(item(risk="high")), asks(item(risk="low"))),
    # -- inspection
    (rules.check_passed(), asks(data=Look(right_text=False)), asks(data=Look(right_text=True))),
    # -- publication
    (
        rules.account_allows(),
        asks(ON_BLOG, accounts=account(status="paused"), channels=WEB),
        asks(ON_BLOG, accounts=account(), channels={}),
    ),
    (
        rules.account_allows(),
        asks(ON_BLOG, accounts={}, channels=WEB),
        asks(item(accounts=[]), accounts={}, channels=WEB),
    ),
    (
        rules.account_allows("schedule"),
        asks(ON_BLOG, accounts=account(), channels=WEB),
        asks(
            ON_BLOG,
            accounts=account(),
            channels={"web": SimpleNamespace(capabilities=("schedule",))},
        ),
    ),
    (
        rules.account_allows(accounts="account"),
        asks(item(account="blog"), accounts=account(status="disconnected"), channels=WEB),
        asks(item(account="blog"), accounts=account(), channels=WEB),
    ),
    (
        rules.fits_channel(),
        asks(item(accounts=["blog"], body="sixsix"), accounts=account(), channels=WEB),
        asks(item(accounts=["blog"], body="fives"), accounts=account(), channels=WEB),
    ),
    (
        rules.fits_channel(),
        asks(
            item(accounts=["blog"], body="fives", variants={"blog": {"body": "sixsix"}}),
            accounts=account(),
            channels=WEB,
        ),
        asks(
            item(accounts=["blog"], body="sixsix", variants={"blog": {"body": "fives"}}),
            accounts=account(),
            channels=WEB,
        ),
    ),
    (
        rules.goes_out_on(("news",)),
        asks(item(accounts=["blog"])),
        asks(item(accounts=["blog", "news"])),
    ),
    (
        rules.accounts_belong(),
        asks(
            attrs.evolve(ON_BLOG, scope=Scope(brand="acme")),
            accounts=account(scope=Scope(brand="globex")),
        ),
        asks(
            attrs.evolve(ON_BLOG, scope=Scope(brand="acme")),
            accounts=account(scope=Scope(brand="acme", region="north")),
        ),
    ),
    (
        rules.accounts_belong("account"),
        asks(
            attrs.evolve(item(account="blog"), scope=Scope(region="north")),
            accounts=account(scope=Scope(region="south")),
        ),
        asks(item(account="blog"), accounts=account(scope=Scope(region="south"))),
    ),
    (
        rules.variants_go_out("variants", "accounts"),
        asks(item(accounts=["blog"], variants={"news": {}})),
        asks(item(accounts=["blog"], variants={"blog": {}})),
    ),
    (
        rules.consented(("sales",)),
        asks(data=told(handed_to="sales", consented=False)),
        asks(data=told(handed_to="sales", consented=True)),
    ),
    (
        rules.consented(("sales",)),
        asks(data=told(handed_to="sales", consented=False)),
        asks(data=told(handed_to="legal", consented=False)),
    ),
    (
        rules.is_addressed("handed_to", {"sales": "sales", "legal": "legal_compliance"}),
        asks(item(handed_to="legal"), by=Member("sal", "sales")),
        asks(item(handed_to="sales"), by=Member("sal", "sales")),
    ),
    # -- reasons
    (rules.reason_given(), asks(data=told(reason=" ")), asks(data=told(reason="late"))),
    # -- rights
    (rules.credited(), asks(item(origin="curated")), asks(item(origin="own"))),
    (
        rules.credited(),
        asks(item(origin="user", credit="")),
        asks(item(origin="user", credit="Photo: @kim")),
    ),
    (rules.rights_granted(), asks(item(origin="user")), asks(item(origin="own"))),
    (
        rules.rights_granted(),
        asks(item(origin="user", rights="not_required")),
        asks(item(origin="user", rights="granted")),
    ),
    (
        rules.rights_granted(),
        asks(item(origin="curated", rights="refused")),
        asks(item(origin="curated", rights="not_required")),
    ),
    (
        rules.no_personal_data(("body",)),
        asks(item(body="write to ann@example.com")),
        asks(item(body="write to @ann on any day of 2026-05-04")),
    ),
    (
        rules.no_personal_data(("body",)),
        asks(item(body="call +49 (30) 123 456 78")),
        asks(item(body="up 49 %, from 30 to 12345678")),
    ),
    (rules.not_a_complaint(), asks(item(intent="complaint")), asks(item(intent="praise"))),
    (
        rules.owner_consented(),
        asks(
            item(accounts=["blog"], disclosure="I work for Acme"),
            by=ASKED,
            accounts=account(owner="ann"),
            people={"ann": ASKED},
        ),
        asks(
            item(accounts=["blog"], disclosure="I work for Acme"),
            by=CONSENT,
            accounts=account(owner="ann"),
            people={"ann": CONSENT},
        ),
    ),
    (
        rules.owner_consented(),
        asks(
            item(accounts=["blog"], disclosure="I work for Acme"),
            by=Member("sam"),
            accounts=account(owner="ann"),
            people={"ann": CONSENT},
        ),
        asks(ON_BLOG, by=Member("sam"), accounts=account(), people={}),
    ),
    (
        rules.owner_consented(),
        asks(ON_BLOG, by=CONSENT, accounts=account(owner="ann"), people={"ann": CONSENT}),
        asks(
            item(accounts=["blog"], disclosure="I work for Acme"),
            by=CONSENT,
            accounts=account(owner="ann"),
            people={"ann": CONSENT},
        ),
    ),
    (
        rules.shared_freely(),
        asks(data=told(account="ann@example", agrees=False, names_employer=True)),
        asks(data=told(account="ann@example", agrees=True, names_employer=True)),
    ),
    (
        rules.shared_freely(),
        asks(data=told(account="ann@example", agrees=True, names_employer=False)),
        asks(data=told(account="ann@example", agrees=True, names_employer=True)),
    ),
    # -- screening
    (
        rules.screening_passed(),
        asks(data=told(**SCREENING | {"measurable": False})),
        asks(data=told(**SCREENING)),
    ),
    (
        rules.screening_passed(),
        asks(data=told(**SCREENING | {"evaluate_at": NOON})),
        asks(data=told(**SCREENING | {"evaluate_at": NOON + timedelta(minutes=1)})),
    ),
    # -- timing
    (
        rules.embargo_over("embargo_until"),
        asks(item(embargo_until="2026-05-04T12:01Z")),
        asks(item(embargo_until="2026-05-04T12:00Z")),
    ),
    (
        rules.scheduled_after("embargo_until"),
        asks(item(embargo_until="2026-05-04T12:10Z"), data=going_out(9)),
        asks(item(embargo_until="2026-05-04T12:10Z"), data=going_out(10)),
    ),
    (
        rules.repeats_limited(days=30, most=2),
        asks(data=told(repost_at=NOON, repost_until=NOON + timedelta(days=60))),
        asks(data=told(repost_at=NOON, repost_until=NOON + timedelta(days=59))),
    ),
    (
        rules.repeats_limited(),
        asks(data=told(repost_at=NOON, repost_until=NOON - timedelta(days=1))),
        asks(data=told(repost_at=NOON, repost_until=NOON)),
    ),
    (rules.lead_time(), asks(data=going_out(4)), asks(data=going_out(5))),
    (
        rules.lead_time(),
        asks(item(kind="video"), data=going_out(14)),
        asks(item(kind="video"), data=going_out(15)),
    ),
    (
        rules.before_deadline("planned_for"),
        asks(item(planned_for="2026-05-04T12:04Z")),
        asks(item(planned_for="2026-05-04T12:05Z")),
    ),
    (
        rules.in_order("starts_at", "ends_at"),
        asks(item(starts_at="2026-05-04T12:00Z", ends_at="2026-05-04T14:00+02:00")),
        asks(item(starts_at="2026-05-04T12:00Z", ends_at="2026-05-04T12:01Z")),
    ),
    (
        rules.not_in_blackout(),
        asks(data=going_out(-1), blackouts=(MOURNING,)),
        asks(blackouts=(MOURNING,)),
    ),
    (
        rules.slot_free(),
        asks(
            ON_BLOG,
            data=going_out(60),
            calendar={"blog": (told(item="i2", ref=None, at=NOON + 31 * MINUTE),)},
        ),
        asks(
            ON_BLOG,
            data=going_out(60),
            calendar={"blog": (told(item="i2", ref=None, at=NOON + 30 * MINUTE),)},
        ),
    ),
    (
        rules.slot_free(),
        asks(ON_BLOG, calendar={"blog": (told(item="i2", ref="post:2", at=NOON),)}),
        asks(ON_BLOG, calendar={"blog": (told(item="i1", ref=None, at=NOON),)}),
    ),
    (
        rules.in_slot(),
        asks(ON_BLOG, slots=MORNINGS),
        asks(ON_BLOG, data=going_out(-1), slots=MORNINGS),
    ),
    (rules.campaign_order(), asks(ahead=("post:1",)), asks(ahead=())),
]

ELSEWHERE = {"assignees", "capacity", "freezes", "goals", "outsourcing", "people"}
KINDS = [getattr(rules, name) for name in rules.__all__]
NEVER_WAIVED = {
    "in_house",
    "assignee_in_house",
    "agency_has_order",
    "not_the_agencys",
    "shared_freely",
    "credited",
    "contract_valid",
    "handover_target",
    "rights_granted",
    "owner_consented",
    "account_allows",
}


@pytest.mark.parametrize(("one", "stopped", "passed"), ROWS, ids=[row[0].name for row in ROWS])
def test_a_rule_stops_exactly_what_it_should(one: Rule, stopped: Case, passed: Case) -> None:
    """It objects under its own name, in a sentence with a way out, and lets the near miss by."""
    objections = one.objections(stopped)

    assert [one.name] == [objection.code for objection in objections]
    assert all(objection.message for objection in objections)
    assert () == one.objections(passed)


def test_every_rule_has_its_pair() -> None:
    """Whatever the department exports as a rule is shown to stop something, and not everything."""
    ours = {one.name for one in KINDS if one.check.__module__.rpartition(".")[2] not in ELSEWHERE}

    assert ours == {row[0].kind.name for row in ROWS}


@pytest.mark.parametrize("one", KINDS, ids=lambda one: one.name)
def test_a_rule_is_called_like_its_function_and_says_what_it_demands(one: Any) -> None:
    """The code, the name in Python and the name in documents are one; its docstring is a law."""
    assert getattr(rules, one.name) is one
    assert (one.__doc__ or "").strip().splitlines()[0]


def test_who_may_waive_a_rule_is_a_role_of_the_department() -> None:
    """A waiver for a role that nobody can hold would be none."""
    roles = {role.key for role in ROLES}

    assert [] == [one.name for one in KINDS if not roles.issuperset(one.waivable_by)]


def test_what_protects_others_cannot_be_waived() -> None:
    """An agency's denial, others' rights and consent, and accounts that are off stay closed."""
    assert set() == {one.name for one in KINDS if one.waivable_by} & NEVER_WAIVED


def test_the_candidates_are_in_the_objection_and_its_sentence() -> None:
    """Whoever decides sees what it would duplicate (S0-15), three of them in words."""
    several = tuple(attrs.evolve(one, item=f"i{n}") for n, one in enumerate([Like()] * 5))

    [no] = rules.no_duplicate().objections(asks(duplicates=several))

    assert (
        "there is something like it: i0 reads like it (80%); i1 reads like it (80%); "
        "i2 reads like it (80%); and 2 more"
    ) == no.message
    candidates: Any = no.facts["candidates"]
    assert ["i0", "i1", "i2", "i3", "i4"] == [one["item"] for one in candidates]


@attrs.frozen
class Like:
    """Something like it."""

    item: str = "i2"
    ref: str | None = None
    why: str = "near"
    similarity: float = 0.8


PAGE = Path(__file__).parents[2] / "docs" / "reference" / "rules.md"


def test_the_page_of_the_rules_is_what_they_are() -> None:
    """Each rule has a row: its parameters, its facts, and who may waive it."""
    rows = re.findall(r"^\| `(\w+)` \| .+ \| (.*) \| (.*) \| (.*) \|$", PAGE.read_text(), re.M)
    told = {name: [re.findall(r"`(\w+)`", cell) for cell in cells] for name, *cells in rows}

    assert len(rows) == len(told)
    assert told == {
        one.name: [
            list(signature(one.check).parameters)[1:],
            list(one.needs),
            list(one.waivable_by),
        ]
        for one in KINDS
    }


def test_the_page_names_the_rules_that_bind() -> None:
    """Those of which nobody makes an exception."""
    told = PAGE.read_text().partition("which\n[bind]")[2].partition("The code")[0]

    assert {one.name for one in KINDS if one.binding} == {*re.findall(r"`(\w+)`", told)}
