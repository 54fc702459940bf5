"""A house with a social-media department, in which every requirement is looked at alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from socialflow import Engine, Item, Member, Refused, Scope, Team, Workflow
from socialflow.content import INTERACTION, department_content, roles, social_content
from socialflow.content.department import Account, Channel, Department, Goal
from socialflow.content.providers import providers
from socialflow.people import SYSTEM, Unit
from socialflow.policies import BY_ROLE
from socialflow.protocols import Policy
from socialflow.stores.memory import MemoryStore

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

PEOPLE = {
    "lea": roles.DEPARTMENT_LEAD,
    "spencer": roles.EXECUTIVE_SPONSOR,
    "sam": roles.SOCIAL_MEDIA_MANAGER,
    "cleo": roles.CONTENT_CREATOR,
    "tony": roles.TONE_EDITOR,
    "abe": roles.APPROVER,
    "legolas": roles.LEGAL_COMPLIANCE,
    "prue": roles.PRODUCT_OWNER,
    "cora": roles.COMMUNITY_MANAGER,
    "ana": roles.DATA_ANALYST,
    "paige": roles.PAID_MEDIA_SPECIALIST,
    "cyrus": roles.CUSTOMER_SERVICE_REP,
    "sal": roles.SALES,
    "agnes": roles.AGENCY_MEMBER,
    "ada": roles.EMPLOYEE_ADVOCATE,
    "eve": roles.EMPLOYEE,
}

ACCEPTED = {
    "fits_goals": True,
    "goals": ["awareness"],
    "resources_suffice": True,
    "measurable": True,
    "effort_hours": 6,
    "metrics": ["reach"],
    "method": "platform figures",
    "evaluate_at": "2026-06-01T09:00+00:00",
}
CHECKED = {
    "right_account": True,
    "right_text": True,
    "right_media": True,
    "links_work": True,
    "disclosure_visible": True,
}
DEPARTMENT: dict[str, Any] = {
    "channels": [Channel("web")],
    "accounts": [Account("blog", "web"), Account("news", "web")],
    "goals": [Goal("awareness")],
}


@cache
def at_work() -> Workflow:
    """The workflow of a department that is asked about its data."""
    return department_content()


def everybody(*others: Member, units: Iterable[Unit] = ()) -> Team:
    """One member for each role; *others* take the place of those with the same id."""
    usual = {id: Member(id, role) for id, role in PEOPLE.items()}
    return Team({**usual, **{one.id: one for one in others}}.values(), units)


class House:
    """An engine with a clock of its own, and everybody who works with it.

    Args:
        workflow: Of the content; as the library has it and without the department's data, if not
            said.
        team: Who there is.
        others: What else can be made, beside content.
        policy: Who may ask for what.
        told: What the department has otherwise.
    """

    def __init__(
        self,
        workflow: Workflow | None = None,
        *,
        team: Team | None = None,
        others: Iterable[Workflow] = (INTERACTION,),
        policy: Policy = BY_ROLE,
        **told: Any,
    ) -> None:
        self.now = NOON
        self.store = MemoryStore()
        self.workflow = workflow or social_content()
        self.team = team or everybody()
        self.department = Department(**{**DEPARTMENT, **told})
        self.engine = Engine(
            self.store,
            (self.workflow, *others),
            self.team,
            policy=policy,
            facts=providers(lambda: self.department, reader=self.store, team=self.team),
            clock=lambda: self.now,
        )

    def put(self, state: str, /, *, where: dict[str, str] | None = None, **data: Any) -> str:
        """Content that is in that state; its id."""
        told = {"title": "Behind the scenes", "body": "How we make it", **data}
        scope, by = Scope(**(where or {})), Member("host", "social_media_manager")
        new = self.engine.adopt(self.workflow.name, at=state, by=by, data=told, scope=scope)
        return new.id

    def ready(self, /, **data: Any) -> str:
        """Content that is in tone and approved; its id."""
        post = self.put("tone.queued", **data)
        self.do(post, "tony", "start")
        self.do(post, "tony", "approve_tone")
        self.do(post, "abe", "approve")
        return post

    def live(self, /, **data: Any) -> str:
        """Content that is live on the blog, and checked; its id."""
        post = self.ready(accounts=["blog"], **data)
        self.do(post, "sam", "publish_now")
        (upload,) = self.engine.children(post, "publication")
        self.do(upload.id, SYSTEM, "accept", url="https://example.com/blog/1")
        self.do(upload.id, "cora", "verify", **CHECKED)
        return post

    def hear(self, /, parent: str | None = None, **data: Any) -> str:
        """A comment that has come in; its id."""
        told = {"account": "blog", "author": "fan42", "text": "where can I buy it?", **data}
        return self.engine.create("interaction", by=SYSTEM, parent=parent, data=told).id

    def do(self, id: str, who: str | Member, action: str, /, **data: Any) -> Item:
        """Have it done."""
        to = data.pop("to", None)
        return self.engine.perform(id, action, by=who, to=to, data=data or None)

    def refuses(self, id: str, who: str | Member, action: str, /, **data: Any) -> tuple[str, ...]:
        """The codes of everything that stands in the way."""
        return told(lambda: self.do(id, who, action, **data))

    def offered(self, id: str, who: str | Member) -> set[str]:
        """Full names of what is open to somebody there."""
        shown = self.engine.options(id, by=who)
        return {option.action for option in shown if option.answer != "no"}

    def at(self, id: str) -> tuple[str, ...]:
        """Where it is."""
        return self.engine.item(id).marking


def told(asked: Callable[[], Any]) -> tuple[str, ...]:
    """The codes of the refusal that whoever asked gets."""
    with pytest.raises(Refused) as no:
        asked()
    return no.value.refusal.codes
