"""A small department in the middle of its work, whose figures are written out in the tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from socialflow import Engine, Grant, Item, Member, Scope, Team, Workflow
from socialflow.content import social_content
from socialflow.content.department import (
    Account,
    Blackout,
    Channel,
    Department,
    Freeze,
    Goal,
    MonitoringAssignment,
)
from socialflow.people import SYSTEM, Capacity, Credential, Delegation, Period, Unit
from socialflow.queries import Definitions, Duties, Heads, History, Items
from socialflow.stores.memory import MemoryStore

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)


class Office:
    """An engine with a clock of its own, and everybody who works with it."""

    def __init__(self, workflow: Workflow) -> None:
        self.now = NOON
        self.store = MemoryStore()
        self.workflow = workflow
        self.team = TEAM
        self.department = DEPARTMENT
        self.engine = Engine(self.store, self.workflow, self.team, clock=lambda: self.now)

    def put(self, id: str, state: str, at: datetime = NOON, **told: Any) -> Item:
        """Content that has been in that state since *at*, and whoever has it."""
        responsible, scope = told.pop("responsible", None), told.pop("scope", {})
        self.now = at
        item = self.engine.adopt(
            self.workflow.name,
            at=state,
            by="sam",
            id=id,
            ref=f"post:{id}",
            scope=Scope(**scope),
            data={"title": id.capitalize(), **told},
        )
        if responsible is not None:
            self.do(id, "lea", "assign", member=responsible, stage=state.partition(".")[0])
        self.now = NOON
        return item

    def hear(self, id: str, parent: str, at: datetime = NOON, **told: Any) -> Item:
        """A comment below content."""
        self.now = at
        data = {"account": "news", "author": "a reader", "text": f"Hello {id}", **told}
        item = self.engine.create("interaction", by=SYSTEM, parent=parent, id=id, data=data)
        self.now = NOON
        return item

    def do(self, id: str, who: str | Member, action: str, /, **data: Any) -> Item:
        """Have it done now."""
        to, waive = data.pop("to", None), data.pop("waive", {})
        return self.engine.perform(id, action, by=who, to=to, data=data or None, waive=waive)

    def send_out(self, id: str, *accounts: str) -> None:
        """Content that is signed by everybody, and on its way to these accounts."""
        self.put(id, "tone.queued", scope={"brand": "acme"}, body=id, accounts=accounts)
        for who, action in (
            ("sam", "start"),
            ("sam", "approve_tone"),
            ("abe", "approve"),
            ("sam", "publish_now"),
        ):
            self.do(id, who, action)

    def everything(self) -> list[Any]:
        """All that the store holds."""
        queries = (Items(), History(), Duties(), Definitions(), Heads())
        return [row for query in queries for row in self.store.rows(query)]


TEAM = Team(
    [
        Member("lea", "department_lead", unit="hub"),
        Member("sam", "social_media_manager", unit="hub"),
        Member("cleo", "content_creator", unit="hub", hours=Capacity(4, 8)),
        Member("carl", "content_creator", unit="north"),
        Member("tony", Grant("tone_editor", requires="training:brand"), unit="hub"),
        Member("abe", Grant("approver", Scope(brand="acme")), unit="hub"),
        Member("cora", "community_manager", unit="north", absent=Period(NOON - DAY, NOON + DAY)),
        Member(
            "ana",
            Grant("data_analyst", requires="training:figures"),
            unit="hub",
            credentials=Credential("training", "figures", until=NOON + 9 * DAY),
        ),
        Member("cyrus", "customer_service_rep", unit="north"),
        Member("agnes", "agency_member", unit="studio", kind="agency"),
    ],
    units=[
        Unit("hub", lead="lea"),
        Unit("north", "spoke", parent="hub", lead="carl"),
        Unit("studio", "agency"),
    ],
    delegations=[Delegation("cora", "cyrus", NOON - DAY, NOON + DAY)],
)

DEPARTMENT = Department(
    channels=[Channel("web"), Channel("tube")],
    accounts=[
        Account("blog", "web", unit="hub", scope=Scope(brand="acme")),
        Account("news", "web", unit="north", scope=Scope(brand="acme", region="north")),
        Account("clips", "tube", unit="hub", status="paused"),
    ],
    goals=[Goal("awareness", metric="reach", target=1000, primary=True), Goal("leads")],
    freezes=[Freeze("fire", "a fire in the plant", "lea", Scope(region="south"), since=NOON)],
    blackouts=[
        Blackout(
            "figures",
            "quarterly figures",
            Scope(account="news"),
            since=NOON + 2 * DAY,
            until=NOON + 3 * DAY,
        )
    ],
    monitoring=[
        MonitoringAssignment("brand", "acme", "sam", last_done=NOON - timedelta(hours=3)),
        MonitoringAssignment("competitor", "globex", "ana", 7 * DAY, NOON - 9 * DAY),
        MonitoringAssignment("platform", "web", "cora"),
    ],
)


@pytest.fixture(scope="session")
def social() -> Workflow:
    """The workflow of the department."""
    return social_content()


@pytest.fixture
def empty(social: Workflow) -> Office:
    """A department that has not begun."""
    return Office(social)


@pytest.fixture
def office(empty: Office) -> Office:
    """A department in the middle of its work."""
    put: Callable[..., Item] = empty.put
    put("stew", "concept.idea", NOON - 20 * DAY, source="monitoring")
    put("fresh", "concept.idea", NOON - DAY)
    put("later", "concept.shelved", NOON - 30 * DAY, review_at=(NOON - DAY).isoformat())
    put("queue", "assignment.unassigned", NOON - 3 * DAY, effort_hours=5)
    put(
        "draft",
        "production.drafting",
        NOON - 4 * DAY,
        responsible="cleo",
        effort_hours=6,
        due="2026-05-01",
    )
    put(
        "other",
        "production.drafting",
        NOON - 2 * DAY,
        responsible="cleo",
        effort_hours=4,
        due="2026-05-04",
    )
    put("north", "tone.queued", NOON - 5 * DAY, responsible="carl", effort_hours=8)
    put(
        "wait",
        "approval.pending",
        NOON - DAY,
        scope={"brand": "acme"},
        risk="high",
        planned_for=(NOON - timedelta(hours=1)).isoformat(),
        accounts=["blog"],
        purpose="product",
        goals=["awareness"],
        campaign="spring",
    )
    put(
        "today",
        "publish.ready",
        NOON - DAY,
        planned_for=(NOON + timedelta(hours=2)).isoformat(),
        accounts=["blog", "news"],
        purpose="help",
        goals=["awareness"],
        campaign="spring",
    )
    put(
        "soon",
        "publish.ready",
        NOON - DAY,
        accounts=["news"],
        purpose="help",
        goals=["leads"],
        planned_for=(NOON + timedelta(hours=2, minutes=20)).isoformat(),
    )
    put(
        "black",
        "publish.ready",
        NOON - DAY,
        accounts=["news"],
        planned_for=(NOON + 2 * DAY).isoformat(),
    )
    put("live", "response.listening", NOON - 6 * DAY, responsible="cora", accounts=["news"])
    put("mute", "response.listening", NOON - 6 * DAY, accounts=["blog"])
    put(
        "done",
        "evaluation.collecting",
        NOON - 8 * DAY,
        responsible="ana",
        answered=3,
        evaluate_at="2026-05-03T00:00+00:00",
    )
    put("gone", "concept.idea", NOON - 9 * DAY, planned_for=NOON.isoformat())
    empty.do("gone", "lea", "reject", reason="not ours")
    empty.hear("first", "live", NOON - 3 * DAY)
    empty.hear("second", "live", NOON - timedelta(hours=5))
    empty.hear("third", "mute", NOON - 2 * DAY, intent="complaint")
    return empty
