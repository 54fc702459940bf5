"""One plain workflow, its people, and an item that is walked through it: what examples need."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs

from socialflow import Action, Command, Event, Item, Member, Refusal, Scope, Stage, Workflow
from socialflow.births import found
from socialflow.cases import NO_FACTS, Case, Facts
from socialflow.decisions import apply, decide
from socialflow.items import Origin
from socialflow.options import options
from socialflow.people import EVERYWHERE
from socialflow.policies import BY_ROLE
from socialflow.protocols import Policy
from socialflow.rules import four_eyes

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)

ANN = Member("ann", "author")
TOM = Member("tom", "author")
ED = Member("ed", "editor")
EVE = Member("eve", "editor")
LEA = Member("lea", "lawyer")
NOBODY = Member("nobody")


@attrs.frozen
class Post:
    """What an item of the examples says."""

    title: str
    body: str | None = None


@attrs.frozen
class Reason:
    """Why something is sent back."""

    reason: str


WRITING = Stage(
    "writing",
    ("drafting", "submitted"),
    role="author",
    may_edit={"drafting": "author"},
    actions=(Action("submit", "drafting", "submitted"),),
)
REVIEW = Stage(
    "review",
    ("waiting", "passed"),
    role="editor",
    signs="revision",
    may_edit={"waiting": "editor"},
    actions=(
        Action("clear", "waiting", "passed", rules=four_eyes()),
        Action("send_back", "waiting", goto=("writing", "end.rejected"), data=Reason),
    ),
)
LIVE = Stage(
    "live",
    ("ready", "out"),
    role="editor",
    releases=True,
    may_edit={"ready": "author"},
    actions=(Action("go", "ready", "out"),),
)


def workflow(*steps: Any, **told: Any) -> Workflow:
    """A workflow of these steps; writing, review and live if there are none."""
    told = {"fields": Post, "content": ("title", "body"), "ends": ("closed", "rejected")} | told
    return Workflow("post", steps or (WRITING, REVIEW, LIVE), **told)


def stage(name: str, *actions: Action, **told: Any) -> Stage:
    """A stage of two states, ``one`` and ``two``, of the author."""
    given: dict[str, Any] = {"states": ("one", "two"), "role": "author", "actions": actions}
    return Stage(name, **(given | told))


def finish(**told: Any) -> Action:
    """The action from ``one`` to ``two``."""
    return Action("finish", "one", "two", **told)


@attrs.define
class Walk:
    """An item on its way: keeps the events, and looks at a clock that moves on a minute a step."""

    workflow: Workflow
    item: Item
    events: list[Event]
    facts: Facts = NO_FACTS
    policy: Policy = BY_ROLE

    @classmethod
    def begin(
        cls,
        workflow: Workflow,
        data: Mapping[str, Any] | None = None,
        by: Member = ANN,
        scope: Scope = EVERYWHERE,
        facts: Facts = NO_FACTS,
    ) -> Walk:
        """A newborn item."""
        given = {"title": "a title"} if data is None else data
        command = Command("create", by.id, NOON, given or None)
        origin = Origin(workflow.digest, None, scope)
        event = found(workflow, "item", command, by, origin, facts=facts)
        assert isinstance(event, Event), str(event)
        return cls(workflow, apply(None, event), [event], facts)

    @property
    def now(self) -> datetime:
        """When the next command is given."""
        return NOON + timedelta(minutes=len(self.events))

    def command(
        self,
        action: str,
        by: Member,
        data: Mapping[str, Any] | None = None,
        **told: Any,
    ) -> Command:
        """An order given now."""
        return Command(action, by.id, self.now, data, **told)

    def ask(
        self,
        action: str,
        by: Member,
        data: Mapping[str, Any] | None = None,
        acting_for: tuple[str, ...] = (),
        **told: Any,
    ) -> Event | Refusal:
        """What is decided; the item stays as it is."""
        return decide(
            self.workflow,
            self.item,
            self.command(action, by, data, **told),
            by,
            facts=self.facts,
            policy=self.policy,
            acting_for=acting_for,
        )

    def do(self, action: str, by: Member, data: Any = None, **told: Any) -> Event:
        """Carry out what must be accepted."""
        event = self.ask(action, by, data, **told)
        assert isinstance(event, Event), str(event)
        self.events.append(event)
        self.item = apply(self.item, event)
        return event

    def refused(self, action: str, by: Member, data: Any = None, **told: Any) -> Refusal:
        """The refusal of what must be refused."""
        refusal = self.ask(action, by, data, **told)
        assert isinstance(refusal, Refusal), refusal
        return refusal

    def answers(self, by: Member) -> dict[str, str]:
        """What `options` answers, by action."""
        seen = options(self.workflow, self.item, by, self.now, facts=self.facts, policy=self.policy)
        return {f"{one.action} {one.stage}".strip(): one.answer for one in seen}

    @property
    def marking(self) -> tuple[str, ...]:
        """The states of the item."""
        return self.item.marking


def case(item: Item, by: Member, workflow: Workflow, action: str = "writing.submit") -> Case:
    """A case for a rule or policy to judge."""
    command = Command(action, by.id, NOON)
    return Case(workflow, item, command, by, (by.id,), action, frozenset(), frozenset(), NO_FACTS)
