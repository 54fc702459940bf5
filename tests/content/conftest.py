"""A department at work: one member for each role, and the road that an item usually takes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from socialflow import (
    Command,
    Event,
    Item,
    Member,
    Refusal,
    Scope,
    Workflow,
    apply,
    decide,
    options,
)
from socialflow.births import found
from socialflow.content import social_content
from socialflow.items import Origin
from socialflow.unasked import fall_due

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
    "evaluate_at": "2026-06-01",
}
CHECK = {
    "urls": ["https://example.com/1"],
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
    ("publish.publishing", "cora", "confirm", CHECK),
    ("promotion.open", "paige", "settle_promotion", {"promoted_through": ["paid"]}),
    ("response.listening", "cyrus", "close_response", ANSWERED),
    ("reshare.open", "cora", "settle_reshare", {"reshared": ["post:43"]}),
    ("evaluation.collecting", "ana", "analyse", {"feedback": "warm", "results": {"reach": 9}}),
    ("evaluation.analysing", "ana", "report", REPORT),
    ("evaluation.reported", "lea", "accept_report", {}),
)


class Desk:
    """One item, and everybody who may want something of it."""

    def __init__(self, workflow: Workflow | None = None, at: str | None = None, **data: Any):
        self.workflow = workflow or social_content()
        self.item: Item | None = None
        self.now = NOON
        self.taken: set[str] = set()
        name, by = ("adopt", "sam") if at else ("create", "eve")
        command = Command(name, by, self.now, {"title": "Behind the scenes", **data}, to=at)
        origin = Origin(self.workflow.digest, "post:42", Scope(brand="acme"))
        event = found(self.workflow, "i1", command, PEOPLE[by], origin)
        assert isinstance(event, Event), event
        self._record(event)

    def ask(
        self,
        who: str | Member,
        action: str,
        /,
        *,
        to: str | None = None,
        waive: Any = (),
        **data: Any,
    ) -> Event | Refusal:
        """What would come of it; the item stays as it is."""
        member = who if isinstance(who, Member) else PEOPLE[who]
        command = Command(action, member.id, self.now, data or None, to=to, waive=dict(waive))
        return decide(self.workflow, self.item, command, member)

    def do(self, who: str | Member, action: str, /, **told: Any) -> Event:
        """Have it done; somebody who may is also shown it among the options."""
        answer = self.ask(who, action, **told)
        assert isinstance(answer, Event), f"{self.item.marking}: {answer}"
        assert answer.action in self.offered(who)
        self.now += timedelta(minutes=10)
        self._record(answer)
        return answer

    def wait_for(self, action: str) -> Event:
        """Let time go by until the system takes that action by itself."""
        for _ in range(9):
            [token] = [one for one in self.item.tokens if one.due is not None]
            self.now = max(self.now, token.due)
            event = fall_due(self.workflow, self.item, token.stage, self.now, behalf=None)
            assert isinstance(event, Event), event
            self._record(event)
            if event.action.endswith(action):
                return event
        raise AssertionError(f"{action} is never due")

    def do_waiving(self, who: str, action: str, waive: dict[str, str], **told: Any) -> Event:
        """Have it done although a rule objects, giving reasons."""
        answer = self.ask(who, action, waive=waive, **told)
        assert isinstance(answer, Event), f"{self.item.marking}: {answer}"
        self._record(answer)
        return answer

    def refuses(self, who: str | Member, action: str, /, **told: Any) -> tuple[str, ...]:
        """The codes of everything that stands in the way."""
        answer = self.ask(who, action, **told)
        assert isinstance(answer, Refusal), answer
        return answer.codes

    def offered(self, who: str | Member) -> set[str]:
        """Full names of what is open to somebody here."""
        member = who if isinstance(who, Member) else PEOPLE[who]
        shown = options(self.workflow, self.item, member, self.now)
        return {option.action for option in shown if option.answer != "no"}

    def until(self, state: str) -> Desk:
        """Take the usual road up to that state."""
        for here, who, action, data in ROAD:
            if state in self.item.marking:
                return self
            if here in self.item.marking:
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

    def _record(self, event: Event) -> None:
        self.item = apply(self.item, event)
        self.taken |= {event.action, *(move.cause for move in event.moves)}


@pytest.fixture
def desk() -> type[Desk]:
    """Makes a desk with a new item on it: of the department's workflow, if not said otherwise."""
    return Desk
