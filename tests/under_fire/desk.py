"""A small editorial desk: in its workflow everything happens that is ever written.

Posts are drafted, approved by two, and sent: a child for each account, which the post follows.
There are effects for the outside, something that is due, something that is put off, and every
standing command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import attrs

from socialflow import Action, Effect, Engine, Member, Objection, Stage, Team, Workflow, rule
from socialflow.ballots import Ballot
from socialflow.kinds import Children, only, some, spawn, tell
from socialflow.moments import Moment, days
from socialflow.protocols import Store
from socialflow.rules import has

__all__ = ["DESK", "LEAFLET", "NOON", "TEAM", "UPLOAD", "after", "at", "desk_on"]

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@attrs.frozen
class Post:
    """What is to be said, where, and when somebody is to be reminded of it."""

    title: str
    accounts: tuple[str, ...] = ()
    remind_at: datetime | None = None


@attrs.frozen
class Upload:
    """Where it goes."""

    account: str


@rule("sunny")
def sunny(case: Any) -> Iterator[Objection]:
    """Holds never: what it guards is put off again and again."""
    yield Objection("sunny", "it rains")


PUBLISH = Effect("publish")
NOTIFY = Effect("notify", {"role": "editor"})

UPLOAD = Workflow(
    "upload",
    [
        Stage(
            "upload",
            ("queued", "failed", "checked", "pulled"),
            done=(),
            role="editor",
            actions=(
                Action("fail", "queued", "failed"),
                Action("check", "queued", "checked", effects=PUBLISH),
                Action("pull", ("queued", "failed"), "pulled", roles=("editor", "system")),
                Action("drop", ("failed", "pulled", "checked"), goto="end.closed"),
            ),
        )
    ],
    fields=Upload,
)

WRITING = Stage(
    "writing",
    ("drafting", "submitted"),
    role="author",
    may_edit={"drafting": "author"},
    actions=(
        Action("submit", "drafting", "submitted", effects=NOTIFY),
        Action("ping", "drafting", effects=(NOTIFY, PUBLISH)),
        Action("flag", "drafting", marks="flagged", reversible=True),
        Action("remind", "drafting", due=Moment("remind_at"), effects=NOTIFY),
        Action("sun", "drafting", due=days(9), rules=sunny()),
    ),
)

REVIEW = Stage(
    "review",
    ("waiting", "passed"),
    role="editor",
    signs="revision",
    actions=(
        Action("approve", "waiting", "passed", ballots=Ballot("two", "editor", quorum=2)),
        Action("send_back", "waiting", goto=("writing", "end.rejected"), effects=NOTIFY),
    ),
)

OUT = Stage(
    "out",
    ("ready", "sending", "pulled", "live"),
    done="live",
    role="editor",
    follows=Children(
        "upload",
        (
            ("sending", some("queued", "failed")),
            ("pulled", only("pulled", "end.closed")),
            ("live", some("checked")),
        ),
    ),
    actions=(
        Action(
            "send",
            ("ready", "pulled"),
            "sending",
            rules=has("accounts"),
            effects=(spawn("upload", each="accounts", into="account"), NOTIFY),
        ),
        Action("pull_all", "sending", effects=tell("upload", "pull")),
    ),
)

RIGHTS = {
    "create": "*",
    "note": "*",
    "claim": ("author", "editor"),
    "release": ("author", "editor"),
    "assign": "chief",
    "adopt": "chief",
    "cancel": "chief",
    "reopen": "chief",
    "hold": "chief",
    "archive": "chief",
    "undo": ("author", "editor", "chief"),
    "force": "chief",
}
SAID = {"content": ("title",), "ends": ("closed", "rejected", "cancelled"), "rights": RIGHTS}

DESK = Workflow("post", [WRITING, REVIEW, OUT], fields=Post, children=[UPLOAD], **SAID)

LEAFLET = Workflow("leaflet", [WRITING, REVIEW], fields=Post, **SAID)
"""The same without children: a step of it is written without any lock."""

TEAM = Team(
    [
        Member("ann", "author"),
        Member("tom", "author"),
        Member("ed", "editor"),
        Member("eve", "editor"),
        Member("cleo", ("chief", "author", "editor")),
        Member("nobody"),
    ]
)


def desk_on(store: Store, **told: Any) -> Engine:
    """An engine on that store; its clock stands at noon, its ids are ``item 1``, ``item 2`` ..."""
    ids = count(1)
    given = {"clock": at(NOON), "new_id": lambda: f"item {next(ids)}"} | told
    return Engine(store, [DESK, LEAFLET], TEAM, **given)


def at(moment: datetime) -> Callable[[], datetime]:
    """A clock that stands."""
    return lambda: moment


def after(days: float) -> datetime:
    """So many days after noon."""
    return NOON + timedelta(days)
