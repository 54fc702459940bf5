"""A department at work: one member for each role, and the road that an item usually takes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from socialflow import Engine, Event, Item, Member, Refusal, Refused, Scope, Team, Workflow
from socialflow.content import social_content
from socialflow.people import SYSTEM
from socialflow.stores.memory import MemoryStore

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)

PEOPLE = {
    id: Member(id, role)
    for id, role in {
        "lea": "department_lead",
        "spencer": "executive_sponsor",
        "sam": "social_media_manager",
        "cleo": "content_creator",
        "tony": "tone_editor",
        "abe": "approver",
        "legolas": "legal_compliance",
        "prue": "product_owner",
        "cora": "community_manager",
        "ana": "data_analyst",
        "paige": "paid_media_specialist",
        "cyrus": "customer_service_rep",
        "sal": "sales",
        "agnes": "agency_member",
        "ada": "employee_advocate",
        "eve": "employee",
        "root": "administrator",
    }.items()
}

SCREENING = {
    "fits_goals": True,
    "goals": ["awareness"],
    "resources_suffice": True,
    "measurable": True,
    "effort_hours": 6,
    "metrics": ["reach"],
    "method": "platform figures",
    "evaluate_at": "2026-06-01T09:00+00:00",
}
CHECK = {
    "right_account": True,
    "right_text": True,
    "right_media": True,
    "links_work": True,
    "disclosure_visible": True,
}
ANSWERED = {"answered": 7, "handed_over": 1, "voices": ["more of this"]}
REPORT = {
    "verdict": "reached",
    "goal_results": {"awareness": "reached"},
    "lessons": "people like to look behind the scenes",
    "reported_by": "ana",
}

ROAD = (
    ("concept.idea", "sam", "start_screening", {}),
    ("concept.screening", "sam", "accept", SCREENING),
    ("assignment.unassigned", "cleo", "take", {}),
    ("production.drafting", "cleo", "edit", {"body": "How we make it"}),
    ("production.drafting", "cleo", "submit", {}),
    ("tone.queued", "tony", "start", {}),
    ("tone.adjusting", "tony", "approve_tone", {}),
    ("approval.pending", "abe", "approve", {}),
    ("publish.ready", "sam", "publish_now", {}),
    ("publish.publishing", "cora", "go_live", {}),
    ("promotion.open", "paige", "settle_promotion", {"promoted_through": ["paid"]}),
    ("response.listening", "cyrus", "close_response", ANSWERED),
    ("reshare.open", "cora", "settle_reshare", {"reshared": ["post:43"]}),
    ("evaluation.collecting", "ana", "analyse", {"feedback": "warm", "results": {"reach": 9}}),
    ("evaluation.analysing", "ana", "report", REPORT),
    ("evaluation.reported", "lea", "accept_report", {}),
)


class Desk:
    """One item in an engine, and everybody who may want something of it.

    Attributes:
        beside: Workflows that the engine has as well.
    """

    beside: tuple[Workflow, ...] = ()

    def __init__(self, workflow: Workflow | None = None, at: str | None = None, **data: Any):
        self.workflow = workflow or social_content()
        self.now = NOON
        team = Team(PEOPLE.values())
        store, offered = MemoryStore(), (self.workflow, *self.beside)
        facts = self.facts(store, team)
        self.engine = Engine(store, offered, team, facts=facts, clock=lambda: self.now)
        told = {"title": "Behind the scenes", "accounts": ["blog", "news"], **data}
        name, where = self.workflow.name, Scope(brand="acme")
        if at:
            new = self.engine.adopt(name, at=at, by="sam", data=told, scope=where)
        else:
            new = self.engine.create(name, by="eve", data=told, scope=where)
        self.id = new.id

    def facts(self, store: MemoryStore, team: Team) -> dict[str, Any]:
        """What rules can ask from outside; nothing, if not said."""
        return {}

    @property
    def item(self) -> Item:
        """The item as it is."""
        return self.engine.item(self.id)

    @property
    def taken(self) -> set[str]:
        """Full names of the actions that were taken so far, on the item and below."""
        ids = [self.id, *(one.id for one in self.engine.children(self.id, all_rounds=True))]
        events = [entry.event for id in ids for entry in self.engine.history(id)]
        return {name for one in events for name in (one.action, *(m.cause for m in one.moves))}

    def ask(
        self,
        who: str | Member,
        action: str,
        /,
        *,
        to: str | None = None,
        waive: Any = (),
        **data: Any,
    ) -> Item | Refusal:
        """What would come of it; the item stays as it is."""
        waived = dict(waive)
        try:
            return self.engine.preview(
                self.id, action, by=who, to=to, data=data or None, waive=waived
            )
        except Refused as no:
            return no.refusal

    def do(self, who: str | Member, action: str, /, *, to: str | None = None, **data: Any) -> Event:
        """Have it done; somebody who may is also shown it among the options."""
        offered = self.offered(who)
        self.engine.perform(self.id, action, by=who, to=to, data=data or None)
        event = self._last(self.id)
        assert event.action in offered
        self.now += timedelta(minutes=10)
        return event

    def wait_for(self, action: str) -> Event:
        """Let time go by until the system takes that action by itself."""
        for _ in range(9):
            self.now = max([self.now, *(one.due for one in self.item.tokens if one.due)])
            for done in self.engine.run_due():
                if done.event is not None and done.event.action.endswith(action):
                    return done.event
        raise AssertionError(f"{action} is never due")

    def do_waiving(self, who: str, action: str, waive: dict[str, str], **data: Any) -> Event:
        """Have it done although a rule objects, giving reasons."""
        self.engine.perform(self.id, action, by=who, data=data or None, waive=waive)
        return self._last(self.id)

    def refuses(self, who: str | Member, action: str, /, **told: Any) -> tuple[str, ...]:
        """The codes of everything that stands in the way."""
        answer = self.ask(who, action, **told)
        assert isinstance(answer, Refusal), answer
        return answer.codes

    def offered(self, who: str | Member) -> set[str]:
        """Full names of what is open to somebody here."""
        shown = self.engine.options(self.id, by=who)
        return {option.action for option in shown if option.answer != "no"}

    def upload(self, account: str) -> str:
        """Id of the publication on an account."""
        found = self.engine.children(self.id, "publication")
        return next(one.id for one in found if one.data["account"] == account)

    def have(self, account: str, who: Any, action: str, /, **data: Any) -> Event:
        """Have something done to the publication on an account."""
        id = self.upload(account)
        self.engine.perform(id, action, by=who, data=data or None)
        self.now += timedelta(minutes=10)
        return self._last(id)

    def go_live(self) -> None:
        """Every account takes it, and somebody looks at each."""
        for account in self.item.data["accounts"]:
            self.have(account, SYSTEM, "accept", url=f"https://example.com/{account}")
            self.have(account, "cora", "verify", **CHECK)

    def _last(self, id: str) -> Event:
        return [e.event for e in self.engine.history(id) if e.event.action != "settled"][-1]

    def until(self, state: str) -> Desk:
        """Take the usual road up to that state."""
        for here, who, action, data in ROAD:
            if state in self.item.marking:
                return self
            if here in self.item.marking and action == "go_live":
                self.go_live()
            elif here in self.item.marking:
                self.do(who, action, **data)
        assert state in self.item.marking, f"the road does not lead to {state}"
        return self

    @staticmethod
    def screening(**other: Any) -> dict[str, Any]:
        """Three positive answers, some said otherwise."""
        return {**SCREENING, **other}

    @staticmethod
    def check(**other: Any) -> dict[str, Any]:
        """A check that finds everything as it should be, some said otherwise."""
        return {**CHECK, **other}


@pytest.fixture
def desk() -> type[Desk]:
    """Makes a desk with a new item on it: of the department's workflow, if not said otherwise."""
    return Desk


@pytest.fixture
def road() -> tuple[tuple[str, str, str, dict[str, Any]], ...]:
    """What is usually done in each state, by whom, and what they say."""
    return ROAD
