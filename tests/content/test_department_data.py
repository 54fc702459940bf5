"""The department as data, and the facts that it gives to the rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

from socialflow import DefinitionError, Engine, Item, Member, Scope, Team, Token
from socialflow.content import rules, social_content
from socialflow.content.department import (
    Account,
    Before,
    Blackout,
    Budget,
    Campaign,
    Channel,
    Department,
    Freeze,
    Goal,
    Message,
    MonitoringAssignment,
    Slots,
    load_department,
)
from socialflow.content.duplicates import Duplicates
from socialflow.content.providers import Booking, Load, providers
from socialflow.people import Unit
from socialflow.plain import freeze
from socialflow.queries import Duties, Duty
from socialflow.stores.memory import MemoryStore

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)

DOCUMENT = """
outsourcing = true
policies = { social = 3 }
channels = [{ key = "web", capabilities = ["edit"], limits = { characters = 500 } }]

[[accounts]]
key = "blog"
channel = "web"
scope = { brand = "acme" }
response_policy = "on_request"

[[slots]]
account = "blog"
times = ["09:00"]
days = ["mon"]
zone = "Europe/Berlin"

[[goals]]
key = "fame"
kind = "awareness"
target = 1000
units = ["sales"]
until = 2027-01-01T00:00:00Z

[[campaigns]]
key = "spring"
goals = "fame"
order = [{ first = "post:1", then = "post:2" }]

[[budgets]]
key = "ads"
amount = 100
currency = "EUR"
campaign = "spring"

[[messages]]
key = "fast"
text = "twice as fast"
embargo_until = 2026-06-01T00:00:00Z

[[freezes]]
key = "outage"
reason = "the site is down"
by = "lea"

[[blackouts]]
key = "figures"
reason = "before the figures"
since = 2026-07-01T00:00:00Z
until = 2026-07-08T00:00:00Z

[[monitoring]]
dimension = "brand"
value = "acme"
member = "cora"
cadence = "P1D"
"""
ACME = Department(
    channels=[Channel("web", ("edit",), {"characters": 500})],
    accounts=[Account("blog", "web", scope=Scope(brand="acme"), response_policy="on_request")],
    slots=[Slots("blog", ("09:00",), ("mon",), "Europe/Berlin")],
    goals=[
        Goal("fame", "awareness", target=1000, units=("sales",), until=NOON.replace(2027, 1, 1, 0))
    ],
    campaigns=[Campaign("spring", ("fame",), (Before("post:1", "post:2"),))],
    budgets=[Budget("ads", 100, "EUR", campaign="spring")],
    messages=[Message("fast", "twice as fast", embargo_until=NOON.replace(month=6, day=1, hour=0))],
    freezes=[Freeze("outage", "the site is down", "lea")],
    blackouts=[
        Blackout(
            "figures",
            "before the figures",
            since=NOON.replace(month=7, day=1, hour=0),
            until=NOON.replace(month=7, day=8, hour=0),
        )
    ],
    monitoring=[MonitoringAssignment("brand", "acme", "cora")],
    policies={"social": 3},
    outsourcing=True,
)


def item(id: str = "i1", state: str = "publish.ready", ref: str | None = None, **data: Any) -> Item:
    """One item."""
    token = Token(state, 1, NOON, data.pop("responsible", None))
    scope = data.pop("scope", Scope(brand="acme"))
    return Item(id, ref, "w", scope, (token,), (), freeze(data), (), (), (), 1)


@attrs.frozen
class Shelf:
    """Items at hand; asked like a store."""

    items: tuple[Item, ...]

    def rows(self, query: Any) -> list[Any]:
        """Those that are asked for."""
        if isinstance(query, Duties):
            return [
                Duty(one.id, token.stage, token.state, token.entered, token.responsible)
                for one in self.items
                for token in one.tokens
                if token.stage != "end"
                and query.stage in (None, token.stage)
                and query.state in (None, token.state)
            ]
        return [
            one for one in self.items if query.ref in (None, one.ref) and query.id in (None, one.id)
        ]


def fact(name: str, of: Item, *items: Item, department: Department = ACME) -> Any:
    """What the provider of that name says."""
    team = Team([Member("ann", unit="sales")], [Unit("sales")])
    known = providers(department, reader=Shelf((of, *items)), team=team)
    return known[name](of, NOON)


def test_a_document_gives_the_department_that_code_gives(tmp_path: Path) -> None:
    """Each attribute of each value can be said in a file."""
    file = tmp_path / "department.toml"
    file.write_text(DOCUMENT)

    assert ACME == load_department(file)


@pytest.mark.parametrize(
    ("told", "codes"),
    [
        ({"account": []}, ("unknown_key",)),
        ({"accounts": [{"key": "blog"}]}, ("missing_key",)),
        ({"accounts": [{"key": "blog", "channel": "web"}]}, ("unknown_name",)),
        ({"goals": [{"key": "a"}, {"key": "a"}]}, ("duplicate",)),
        ({"goals": [{"key": "a", "kind": "fun"}]}, ("wrong_value",)),
        ({"goals": [{"key": "a", "parent": "b"}]}, ("unknown_name",)),
        ({"goals": [{"key": "a", "parent": "b"}, {"key": "b", "parent": "b"}]}, ("cycle",)),
        ({"goals": [{"key": "a", "target": "much"}]}, ("wrong_type",)),
        ({"goals": [{"key": "a", "since": "2026-05-04T12:00"}]}, ("naive_time",)),
        ({"freezes": [{"key": "a", "reason": "b", "by": "c", "scope": {"brand": ""}}]}, ("scope",)),
        (
            {"slots": [{"account": "blog", "times": ["9 am"]}], "outsourcing": "no"},
            ("wrong_value", "wrong_type"),
        ),
        (
            {"budgets": [{"key": "a", "amount": 1, "currency": "EUR", "campaign": "b"}]},
            ("unknown_name",),
        ),
        (
            {
                "blackouts": [
                    {
                        "key": "a",
                        "reason": "b",
                        "since": "2026-05-04T12:00Z",
                        "until": "2026-05-03T12:00Z",
                    }
                ]
            },
            ("period",),
        ),
    ],
)
def test_a_wrong_document_is_an_error_that_says_all_that_is_wrong(
    told: dict[str, Any], codes: tuple[str, ...]
) -> None:
    """Typed, with the place, and never a half-made department."""
    with pytest.raises(DefinitionError) as caught:
        load_department(told)

    assert codes == caught.value.codes
    assert all(finding.where for finding in caught.value.findings)


def test_a_goal_serves_another_and_that_one_perhaps_a_third() -> None:
    """S0-32: up to the goal of the business; one that is not there serves none."""
    fans, fame, sales = Goal("fans", parent="fame"), Goal("fame", parent="sales"), Goal("sales")
    acme = Department(goals=[sales, fans, fame])

    assert (fans, fame, sales) == acme.serves("fans")
    assert (sales,) == acme.serves("sales")
    assert () == acme.serves("luck")


def test_a_file_that_is_not_there_is_a_typed_error(tmp_path: Path) -> None:
    """So is one that is no TOML."""
    with pytest.raises(DefinitionError, match="check the path"):
        load_department(tmp_path / "none.toml")


def test_every_fact_that_a_rule_needs_has_a_provider() -> None:
    """Nobody has to write one to use a rule, and none is there for nothing."""
    needed = {fact for name in rules.__all__ for fact in getattr(rules, name).needs}
    team = Team([Member("ann")])

    assert needed == {*providers(ACME, reader=Shelf(()), team=team)}


def test_a_slot_is_a_time_of_day_in_its_own_zone() -> None:
    """Nine in Berlin is seven in UTC in summer; on Mondays only."""
    [slots] = ACME.slots

    assert slots.allows(NOON.replace(hour=7, minute=29))
    assert not slots.allows(NOON.replace(hour=7, minute=30))
    assert not slots.allows(NOON.replace(hour=7) + DAY)


def test_a_slot_may_go_on_beyond_midnight() -> None:
    """The day is that on which it begins."""
    late = Slots("blog", ("23:50",), ("mon",), minutes=30)

    assert late.allows(NOON.replace(hour=0, minute=10) + DAY)
    assert not late.allows(NOON.replace(hour=0, minute=10))


@pytest.mark.parametrize(
    ("message", "standing"),
    [
        (Message("a", "b"), "usable"),
        (Message("a", "b", status="draft"), "not approved yet"),
        (Message("a", "b", status="retired"), "retired"),
        (Message("a", "b", until=NOON), "expired at 2026-05-04T12:00:00+00:00"),
        (Message("a", "b", embargo_until=NOON + DAY), "not before 2026-05-05T12:00:00+00:00"),
        (Message("a", "b", since=NOON, embargo_until=NOON), "usable"),
    ],
)
def test_a_message_is_used_as_long_as_somebody_answers_for_it(
    message: Message, standing: str
) -> None:
    """Approved, in force, and past its embargo (S0-19, S0-20)."""
    assert standing == message.standing(NOON)


@pytest.mark.parametrize(
    ("scope", "found"),
    [
        (Scope(), True),
        (Scope(brand="acme"), True),
        (Scope(brand="other"), False),
        (Scope(platform="web"), True),
        (Scope(account="blog"), True),
        (Scope(platform="tv"), False),
    ],
)
def test_a_freeze_covers_an_item_where_it_belongs_and_where_it_goes_out(
    scope: Scope, found: bool
) -> None:
    """By brand, by platform, by a single account."""
    frozen = Department(
        channels=[Channel("web")],
        accounts=[Account("blog", "web")],
        freezes=[Freeze("a", "b", "lea", scope)],
    )

    assert found == bool(fact("freezes", item(accounts=["blog"]), department=frozen))


def test_a_freeze_holds_for_an_account_that_nobody_has_entered() -> None:
    """What the department does not know of is stopped all the same; another account is not."""
    frozen = Department(freezes=[Freeze("a", "b", "lea", Scope(account="shadow"))])

    assert fact("freezes", item(accounts=["shadow"]), department=frozen)
    assert () == fact("freezes", item(accounts=["blog"]), department=frozen)


def test_a_freeze_that_is_over_holds_nothing_up() -> None:
    """It ends at its end."""
    over = Department(freezes=[Freeze("a", "b", "lea", until=NOON)])

    assert () == fact("freezes", item(), department=over)


def test_the_budget_is_that_of_the_campaign_or_of_the_place() -> None:
    """A campaign's money is for the campaign; the more specific scope wins."""
    money = Department(
        campaigns=[Campaign("spring")],
        budgets=[
            Budget("all", 1, "EUR"),
            Budget("acme", 2, "EUR", scope=Scope(brand="acme")),
            Budget("other", 3, "EUR", scope=Scope(brand="other")),
            Budget("spring", 4, "EUR", campaign="spring"),
        ],
    )

    assert "acme" == fact("budget", item(), department=money).key
    assert "spring" == fact("budget", item(campaign="spring"), department=money).key
    assert "all" == fact("budget", item(scope=Scope(region="north")), department=money).key
    assert fact("budget", item(), department=Department()) is None


def test_the_workload_is_what_somebody_is_responsible_for() -> None:
    """What has ended is nobody's work, and the item in question is not counted."""
    load = fact(
        "workload",
        item(responsible="ann", effort_hours=9),
        item("i2", responsible="ann", effort_hours=5),
        item("i3", responsible="ann"),
        item("i4", "end.closed", responsible="ann", effort_hours=7),
    )

    assert {"ann": Load(5, 2)} == load


def test_the_calendar_has_what_goes_out_by_account() -> None:
    """An item on two accounts stands in both; one without a date in none."""
    there = item("i2", ref="post:2", accounts=["blog", "shop"], publish_at=NOON.isoformat())
    booked = Booking("i2", "post:2", NOON)

    calendar = fact("calendar", item(accounts=["blog"]), there, item("i3", accounts=["blog"]))

    assert {"blog": (booked,), "shop": (booked,)} == calendar


@pytest.mark.parametrize(
    ("state", "ahead"),
    [
        ("publish.scheduled", ("post:1",)),
        ("publish.live", ()),
        ("response.listening", ()),
        ("end.closed", ()),
        ("end.rejected", ("post:1",)),
    ],
)
def test_a_campaign_says_what_has_to_be_out_first(state: str, ahead: tuple[str, ...]) -> None:
    """Only what comes later waits, and only as long as the first is not out (S2-13)."""
    first, then = item("i1", state, "post:1"), item("i2", ref="post:2")

    assert ahead == fact("ahead", then, first)
    assert () == fact("ahead", first, then)


def test_two_replies_in_one_thread_are_seen() -> None:
    """Another one that waits to be approved; not one in another thread, or not yet written."""
    mine = item(thread="t1")
    other = item("i2", "interaction.reply_pending", thread="t1")

    assert ("i2",) == fact("thread", mine, other)
    assert () == fact("thread", mine, attrs.evolve(other, data=freeze({"thread": "t2"})))
    assert () == fact("thread", mine, item("i3", "interaction.assigned", thread="t1"))


def test_an_index_of_the_hosts_own_is_asked_for_duplicates() -> None:
    """Without one, the reader's items are looked through."""
    text = "How we make our shoes, from the first sketch to the shop"
    index = Duplicates.of([item("i2", body=text)])

    seen = providers(ACME, index=index)["duplicates"](item(body=text), NOON)

    assert {"i2"} == {one.item for one in seen}
    assert {"i2"} == {
        one.item for one in fact("duplicates", item(body=text), item("i2", body=text))
    }


def test_a_department_may_change_while_an_engine_runs() -> None:
    """What tells it is asked each time, so a freeze holds from the moment it is declared."""
    now = [Department()]
    freezes = providers(lambda: now[0])["freezes"]

    assert () == freezes(item(), NOON)
    now[0] = ACME
    assert ("outage",) == tuple(one.key for one in freezes(item(), NOON))


def test_an_engine_asks_the_providers() -> None:
    """The whole way: a freeze keeps an item from being submitted, and its absence does not."""
    base = social_content()
    action = next(one for one in base.stage("production").actions if one.name == "submit")
    guarded = attrs.evolve(action, rules=(*action.rules, rules.no_freeze()))
    workflow = base.amend("production", actions=[guarded]).named("frozen")
    store = MemoryStore()
    now = [ACME]
    facts = providers(lambda: now[0], reader=store)
    team = Team([Member("sam", "social_media_manager"), Member("cleo", "content_creator")])
    engine = Engine(store, [workflow], team, facts=facts)
    post = engine.adopt(
        "frozen", at="production.drafting", by="sam", data={"title": "a", "body": "b"}
    )

    refused = engine.why_not(post.id, "submit", by="cleo")
    now[0] = Department()

    assert refused is not None
    assert ("no_freeze",) == refused.codes
    assert engine.why_not(post.id, "submit", by="cleo") is None


def test_what_nobody_watches_is_named() -> None:
    """S1-18: coverage of what is to be monitored, and what is due again."""
    assert ("other",) == ACME.unmonitored("brand", ("acme", "other"))
    assert ("acme",) == tuple(one.value for one in ACME.overdue(NOON))
    done = MonitoringAssignment("brand", "acme", "cora", last_done=NOON)
    assert not done.is_due(NOON + DAY - timedelta(seconds=1))
    assert done.is_due(NOON + DAY)
