"""A parent with children, and an engine that moves them: what the tests of families share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import attrs

from socialflow import Action, Effect, Engine, Item, Member, Stage, Team, Workflow
from socialflow.kinds import Children, only, some, spawn, tell
from socialflow.people import SYSTEM
from socialflow.protocols import Store
from socialflow.rules import has

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@attrs.frozen
class Post:
    """A parent: where it is to go, and when."""

    title: str
    accounts: tuple[str, ...] = ()
    publish_at: datetime | None = None


@attrs.frozen
class Upload:
    """A child: where it goes."""

    account: str
    publish_at: datetime | None = None


UPLOAD = Workflow(
    "upload",
    [
        Stage(
            "upload",
            ("queued", "sending", "failed", "checked", "pulled"),
            done=(),
            role="editor",
            actions=(
                Action("begin", "queued", "sending", roles=("system", "editor")),
                Action("fail", "sending", "failed", roles=("system", "editor")),
                Action("retry", "failed", "queued"),
                Action("check", "sending", "checked"),
                Action("look_again", "checked"),
                Action("pull", ("queued", "sending", "failed", "checked"), "pulled"),
                Action("drop", ("queued", "failed", "pulled"), goto="end.closed"),
            ),
        )
    ],
    fields=Upload,
)

COMMENT = Workflow(
    "comment",
    [
        Stage(
            "comment",
            ("new", "answered"),
            role="editor",
            actions=(Action("answer", "new", "answered"),),
        )
    ],
)

FOLLOWS = Children(
    "upload",
    (
        ("sending", some("queued", "sending")),
        ("end.pulled", only("pulled", "end.closed")),
        ("live", only("checked", "pulled", "end.closed")),
        ("partly", some("checked")),
        ("failed", some("failed")),
    ),
)

OUT = Stage(
    "out",
    ("ready", "sending", "failed", "partly", "live"),
    done="live",
    role="editor",
    follows=FOLLOWS,
    actions=(
        Action(
            "send",
            ("ready", "failed"),
            "sending",
            rules=has("accounts"),
            effects=spawn("upload", each="accounts", into="account", copies="publish_at"),
        ),
        Action("send_all_again", "failed", effects=tell("upload", "retry", where="failed")),
        Action(
            "pull_failed",
            ("sending", "partly", "failed"),
            effects=tell("upload", "pull", where="failed"),
        ),
        Action("pull_all", ("sending", "partly", "failed"), effects=tell("upload", "pull")),
        Action("start_over", ("partly", "failed"), goto="out"),
        Action("announce", "ready", effects=Effect("notify")),
    ),
)


def parent(*stages: Stage, **told: Any) -> Workflow:
    """The workflow of a parent whose stage ``out`` follows its uploads."""
    given = {
        "fields": Post,
        "content": ("title",),
        "children": [UPLOAD, COMMENT],
        "ends": ("closed", "pulled"),
    }
    return Workflow("post", stages or (OUT,), **(given | told))


ANN = Member("ann", ("editor", "author"))
ED = Member("ed", "editor")
TEAM = Team([ANN, ED, Member("nobody")])


class Clock:
    """A clock that stands still until it is moved on."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def on(self, span: timedelta) -> datetime:
        """Move on, and say what time it is."""
        self.now += span
        return self.now


@attrs.define
class Family:
    """An engine, a parent in it, and short words for what is done to them."""

    engine: Engine
    clock: Clock
    id: str

    @classmethod
    def begin(
        cls, store: Store, workflow: Workflow, *accounts: str, by: str = "ann", **told: Any
    ) -> Family:
        """A newborn parent that is to go to these accounts."""
        clock, ids = Clock(), count(1)
        engine = Engine(
            store, workflow, TEAM, clock=clock, new_id=lambda: f"item {next(ids)}", **told
        )
        item = engine.create(workflow.name, by=by, data={"title": "a", "accounts": accounts})
        return cls(engine, clock, item.id)

    @property
    def parent(self) -> Item:
        """The parent as it is."""
        return self.engine.item(self.id)

    def do(self, action: str, by: Any = "ann", **told: Any) -> Item:
        """Have the parent do something."""
        return self.engine.perform(self.id, action, by=by, **told)

    def child(self, account: str) -> Item:
        """The upload to an account, of the newest round."""
        found = self.engine.children(self.id, "upload")
        return next(one for one in found if one.data["account"] == account)

    def have(self, account: str, *actions: str, by: Any = "ed") -> Item:
        """Have an upload do several things, one after the other."""
        item = self.child(account)
        for action in actions:
            item = self.engine.perform(item.id, action, by=by)
        return item

    def causes(self, id: str) -> list[str]:
        """What brought the events of an item about."""
        return [entry.event.cause for entry in self.engine.history(id)]

    def actions(self) -> list[str]:
        """What has happened to the parent."""
        return [entry.event.action for entry in self.engine.history(self.id)]


__all__ = [
    "ANN",
    "COMMENT",
    "ED",
    "FOLLOWS",
    "NOON",
    "OUT",
    "SYSTEM",
    "TEAM",
    "UPLOAD",
    "Clock",
    "Family",
    "Post",
    "Upload",
    "parent",
]
