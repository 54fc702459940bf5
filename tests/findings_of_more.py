"""What can be wrong about ballots, times and children: how to make it so, and what is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import attrs
from families_at_work import COMMENT, UPLOAD
from findings import acting, attempt, flow
from scenes import Post, Reason, stage

from socialflow import Action, Effect, Parallel, Workflow
from socialflow.ballots import Ballot
from socialflow.kinds import Children, Line, only, some, spawn, tell
from socialflow.moments import Moment, days
from socialflow.rules import has, marked, some_child

Row = tuple[str, Callable[[], Any], str]


@attrs.frozen
class Dated:
    """Accounts, a date, and what is none."""

    title: str
    accounts: tuple[str, ...] = ()
    publish_at: datetime | None = None


@attrs.frozen
class Strict:
    """Fields that a child is born with."""

    account: str


def voted(*ballots: Ballot, **told: Any) -> Workflow:
    """A workflow whose one action is decided by these ballots."""
    return acting(attempt("x", ballots=ballots, **told))


def above(*actions: Action, **told: Any) -> Workflow:
    """A workflow with children, whose one stage has these actions."""
    return Workflow("w", [stage("a", *actions, **told)], fields=Dated, children=[UPLOAD, COMMENT])


def effect(what: Effect) -> Workflow:
    """A workflow with children, whose one action has this effect."""
    return above(attempt("x", effects=what))


BALLOTS: list[Row] = [
    (
        "ballots",
        lambda: acting(attempt("x", automatic=True, ballots=Ballot("b", "author"))),
        "w / a / x: the system takes it, and has no vote (leave ballots= out)",
    ),
    (
        "ballots",
        lambda: flow(
            stage("a", attempt("x", data=Reason, keeps="reason", ballots=Ballot("b", "author"))),
            fields=Reason,
        ),
        "w / a / x: it is decided by ballot, and keeps data "
        "(have the data on the item before it is voted on)",
    ),
    (
        "ballots",
        lambda: acting(Action("x", "one", ballots=Ballot("b", "author"))),
        "w / a / x: it is decided by ballot, and leads nowhere (say where: target=)",
    ),
    ("ballots", lambda: voted(Ballot("b", ())), "w / a / x / b: nobody has a vote (say roles=)"),
    (
        "ballots",
        lambda: voted(Ballot("b", "author", quorum=0)),
        'w / a / x / b: 0 is no quorum ("any", "all", or how many, 1 at least)',
    ),
    (
        "ballots",
        lambda: voted(Ballot("b", "author", standing="month")),
        'w / a / x / b: a vote cannot stand for the \'month\' (say "visit" or "revision")',
    ),
    (
        "duplicate",
        lambda: voted(Ballot("b", "author"), Ballot("b", "author")),
        "w / a / x: ballot 'b' is there twice (rename one)",
    ),
    (
        "unknown_ballot",
        lambda: voted(Ballot("b", "author", after="brand"), Ballot("brand", "author")),
        "w / a / x / b: it comes after 'brand', which is no ballot before it (there are none)",
    ),
]

DOUBTFUL: list[Row] = [
    (
        "conditional",
        lambda: flow(
            stage("a", attempt("x", ballots=Ballot("b", "author", when=has("title")))), fields=Post
        ),
        "w / a / x: every ballot has a condition; where none holds, it can never be carried "
        "(leave when= out of one)",
    ),
]

TIMES: list[Row] = [
    (
        "span",
        lambda: acting(attempt("x", every=days(1))),
        "w / a / x: every= and within= need a moment to begin with (say due=)",
    ),
    (
        "span",
        lambda: acting(attempt("x", due=-days(1))),
        "w / a / x: it is due before its state is entered (say days(1))",
    ),
    (
        "span",
        lambda: acting(attempt("x", due=days(1), within=timedelta())),
        "w / a / x: within= is longer than nothing (say days(1))",
    ),
    (
        "span",
        lambda: flow(stage("a", lease=timedelta())),
        "w / a: a lease lasts longer than nothing (say hours(8))",
    ),
    (
        "automatic",
        lambda: acting(attempt("x", due=days(1), automatic=True)),
        "w / a / x: it is both automatic and due (say one of them)",
    ),
    (
        "undeclared",
        lambda: above(attempt("x", due=Moment("publish"))),
        "w / a / x: it waits for 'publish', which nothing declares (did you mean 'publish_at'?)",
    ),
    (
        "field_type",
        lambda: Workflow(
            "w", [Parallel(stage("a"), stage("b"), until=Moment("title"))], fields=Dated
        ),
        "w / a + b: it waits for 'title', which holds no moment (declare it as a datetime)",
    ),
    (
        "reserved",
        lambda: acting(attempt("x", marks="on_hold")),
        "w / a / x: the mark 'on_hold' belongs to the commands of every workflow "
        "(call it something else)",
    ),
]

CHILDREN: list[Row] = [
    (
        "duplicate",
        lambda: flow(stage("a"), children=[COMMENT, COMMENT]),
        "w: child 'comment' is there twice (rename one)",
    ),
    (
        "unknown_child",
        lambda: effect(spawn("uplaod")),
        "w / a / x: it names the child 'uplaod', which the workflow does not have "
        "(did you mean 'upload'?)",
    ),
    (
        "unknown_state",
        lambda: above(follows=Children("upload", [("two", only("chekced"))])),
        "w / a / follows: it names the state 'chekced', which upload does not have "
        "(known: end.closed, upload.checked, upload.failed, upload.pulled, upload.queued, "
        "upload.sending)",
    ),
    (
        "unknown_state",
        lambda: above(follows=Children("upload", [("three", some("queued"))])),
        "w / a / follows: it leads to 'three', which is no state of the stage and no end "
        "(known: end.closed, one, two)",
    ),
    (
        "unknown_state",
        lambda: above(attempt("x", rules=some_child("comment", ("new",)))),
        "w / a / x: it names the state 'new', which comment does not have "
        "(known: comment.answered, comment.new, end.closed)",
    ),
    (
        "follows",
        lambda: above(follows=Children("upload", [Line("two")])),
        "w / a / follows: the line 'two' says some or only, one of them "
        '(write ("live", only("verified")))',
    ),
    (
        "unknown_field",
        lambda: effect(spawn("upload", each="acounts", into="account")),
        "w / a / x: it names the field 'acounts', which is not declared (did you mean 'accounts'?)",
    ),
    (
        "field_type",
        lambda: effect(spawn("upload", each="title", into="account")),
        "w / a / x: 'title' does not list texts (declare it as tuple[str, ...])",
    ),
    (
        "spawn",
        lambda: effect(spawn("upload")),
        "w / a / x: upload needs 'account', which it is not given "
        "(say copies='account', or give it a default)",
    ),
    (
        "unknown_action",
        lambda: effect(tell("upload", "retyr")),
        "w / a / x: upload has no action 'retyr' (did you mean 'retry'?)",
    ),
    (
        "tell",
        lambda: Workflow(
            "w",
            [stage("a", attempt("x", effects=tell("c", "go")))],
            children=[flow(stage("c", attempt("go", data=Reason))).named("c", "1")],
        ),
        "w / a / x: 'go' wants to be told more than its name "
        "(give its data defaults, and one target)",
    ),
]

MARKS: list[Row] = [
    (
        "unknown_mark",
        lambda: acting(attempt("x", rules=marked("late"))),
        "w / a / x: the rule 'marked' names the mark 'late', which is not there "
        "(known: archived, on_hold)",
    ),
]
