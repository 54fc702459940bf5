"""A blog: a workflow that has a bit of everything, for the kit to be tried with."""

from __future__ import annotations

import attrs

from socialflow import (
    Action,
    Case,
    Effect,
    Member,
    Objection,
    Parallel,
    Role,
    Stage,
    Team,
    Workflow,
)
from socialflow.ballots import Ballot
from socialflow.rules import four_eyes, has, is_responsible, rule, signed_off


@attrs.frozen
class Post:
    """What is written."""

    title: str
    body: str | None = None
    teaser: str | None = None


@attrs.frozen
class Reason:
    """Why it goes back."""

    reason: str


@attrs.frozen
class Teaser:
    """What is shown of it."""

    teaser: str


@attrs.frozen
class Body:
    """A first version of it."""

    body: str


@rule("slot_free", needs="calendar")
def slot_free(case: Case) -> list[Objection]:
    """Nothing else is planned."""
    free = case.facts["calendar"] == "free"
    return [] if free else [Objection("slot_free", "the slot is taken", "choose another")]


BLOG = Workflow(
    "blog",
    [
        Stage(
            "writing",
            ("drafting", "sketched", "submitted"),
            role="author",
            may_edit={"drafting": "author"},
            actions=(
                Action("submit", ("drafting", "sketched"), "submitted", rules=has("body")),
                Action("sketch", "drafting", "sketched", data=Body, keeps="body"),
                Action("doubt", "sketched", "drafting", rules=~has("teaser")),
                Action("tease", "drafting", data=Teaser, keeps="teaser", reversible=True),
            ),
        ),
        Parallel(
            Stage(
                "review",
                ("waiting", "passed"),
                role="editor",
                signs="revision",
                may_edit={"waiting": "editor"},
                actions=(
                    Action("pass", "waiting", "passed", rules=four_eyes()),
                    Action("return", "waiting", goto=("writing", "end.rejected"), data=Reason),
                ),
            ),
            Stage(
                "legal",
                ("open", "cleared"),
                role="lawyer",
                signs="visit",
                actions=(Action("clear", "open", "cleared", roles=("lawyer", "chief")),),
            ),
        ),
        Stage(
            "release",
            ("ready", "decided", "out"),
            role="editor",
            done="out",
            releases=True,
            may_edit={"ready": "author"},
            actions=(
                Action(
                    "decide",
                    "ready",
                    "decided",
                    ballots=(
                        Ballot("editors", "editor"),
                        Ballot("law", "lawyer", after=("editors",)),
                    ),
                ),
                Action(
                    "publish",
                    "decided",
                    "out",
                    rules=(signed_off(), slot_free().waivable("chief")),
                    effects=Effect("publish"),
                ),
                Action("take", "decided", rules=(is_responsible(), has("teaser")), marks="taken"),
                Action("wait", "decided", "ready"),
            ),
        ),
    ],
    roles=[
        Role("author"),
        Role("editor"),
        Role("lawyer"),
        Role("chief", inherits="editor"),
        Role("intern", deny=("*.submit", "note")),
        Role("trainee", deny=("*.submit", "release.publish")),
    ],
    actions=(Action("withdraw", "*", goto="end.rejected", roles=("author", "chief")),),
    fields=Post,
    content=("title", "body"),
    ends=("closed", "rejected", "cancelled"),
    rights={
        "create": "author",
        "note": "*",
        "assign": "chief",
        "force": ("chief", "lawyer"),
        "hold": "chief",
        "cancel": "chief",
        "reopen": "chief",
        "undo": "*",
    },
)
"""It begins, is looked at by two who do not wait for each other, and is let out by vote."""

TEAM = Team(
    [
        Member("ann", "author"),
        Member("ida", ("author", "intern")),
        Member("ed", "editor"),
        Member("eve", ("editor", "author")),
        Member("lea", "lawyer"),
        Member("cleo", "chief"),
    ]
)
CALENDAR = {"calendar": ("free", "taken")}
