"""What is valid, for mutations to make wrong: documents, a store at work, orders, a log, a team."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any, Literal

import attrs
from mutations_of_input import Order, Table
from replays import BLOG, EXAMPLE, MAPPING
from scenes import Post, Reason

from socialflow import Action, Engine, Member, Objection, Parallel, Role, Stage, Team, Workflow
from socialflow.content import social_content
from socialflow.documents import dump_workflow
from socialflow.plugins import Registry
from socialflow.rules import (
    four_eyes,
    has,
    is_responsible,
    responsible_named,
    rule,
    signed_off,
)
from socialflow.stores.sql import SqlStore

__all__ = [
    "BLOG",
    "MAPPING",
    "MAPPING_TEXT",
    "REGISTRY",
    "TEAM",
    "TEAM_TEXT",
    "WORKFLOW",
    "as_csv",
    "as_json_lines",
    "documents",
    "engine_on",
    "fill_store",
    "log_table",
    "open_store",
    "orders",
    "plain_of",
    "texts",
]


@rule("has_title")
def has_title(case: Any) -> Iterator[Objection]:
    """Holds as long as there is a title."""
    if not case.item.data.get("title"):
        yield Objection("has", "there is no title")


@rule("weather", needs="weather")
def weather(case: Any) -> Iterator[Objection]:
    """Needs a fact that nothing provides."""
    if case.facts["weather"] != "fine":
        yield Objection("weather", "it rains")


@rule("broken")
def broken(case: Any) -> Iterator[Objection]:
    """Fails."""
    yield Objection("broken", case.item.data["nothing"])


@attrs.frozen
class Plan:
    """A form with a field of every type."""

    at: datetime
    day: date | None
    tags: tuple[str, ...]
    reach: dict[str, float]
    kind: Literal["post", "reel"]
    parts: tuple[Reason, ...] = ()
    more: Any = None
    urgent: bool = False


REGISTRY = Registry.standard().add("rules", has_title).add("rules", weather).add("rules", broken)

WORKFLOW = Workflow(
    "post",
    [
        Stage(
            "writing",
            ("drafting", "submitted"),
            role="author",
            may_edit={"drafting": "author"},
            actions=[
                Action("submit", "drafting", "submitted", rules=has("title")),
                Action("plan", "drafting", data=Plan),
                Action("elaborate", "drafting", "submitted", rules=has("body")),
                Action("ask_the_sky", "drafting", "submitted", rules=weather()),
                Action("stumble", "drafting", "submitted", rules=broken()),
                Action("hurry", "drafting", "submitted", rules=~has("title")),
                Action("own", "drafting", "submitted", rules=is_responsible()),
                Action("named", "drafting", "submitted", rules=responsible_named("review")),
                Action("signed", "drafting", "submitted", rules=signed_off()),
            ],
        ),
        Stage(
            "review",
            ("waiting", "passed"),
            role="editor",
            signs="revision",
            actions=[
                Action("clear", "waiting", "passed", rules=four_eyes()),
                Action("back", "waiting", goto=("writing", "end.rejected"), data=Reason),
            ],
        ),
        Parallel(
            *(
                Stage(
                    name, ("open", "fine"), role="editor", actions=[Action("sign", "open", "fine")]
                )
                for name in ("legal", "brand")
            )
        ),
        Stage(
            "live",
            ("ready", "out", "heard"),
            role="editor",
            releases=True,
            actions=[
                Action("go", "ready", "out"),
                Action("settle", "out", "heard", automatic=True, rules=has("title")),
            ],
        ),
    ],
    fields=Post,
    content=("title", "body"),
    ends=("closed", "rejected", "cancelled"),
    roles=("author", "editor", "chief", Role("guest", deny=("writing.*", "note"))),
    rights={
        "create": "*",
        "note": "*",
        "adopt": "chief",
        "assign": "editor",
        "cancel": "chief",
        "reopen": "chief",
    },
)
DEPARTMENT = social_content()
TEAM = Team(
    [
        Member("ann", ["author", "content_creator", "social_media_manager"]),
        Member("ed", ["editor", "approver"]),
        Member("cleo", ["chief", "author", "editor", "importer"]),
        Member("guest", ["guest", "author"], kind="agency"),
        Member("nobody"),
    ]
)


def documents() -> list[dict[str, Any]]:
    """Workflows as plain data: with one of everything, of the whole department, derived."""
    return [thawed(told) for told in _described()]


@cache
def _described() -> tuple[Any, ...]:
    return WORKFLOW.describe(), DEPARTMENT.describe(), plain_of(WORKFLOW_TEXT)


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """Workflows as text, each with the suffix of its file."""
    written = tuple((suffix, dump_workflow(WORKFLOW, suffix)) for suffix in ("json", "yaml"))
    return (("toml", WORKFLOW_TEXT), *written)


def thawed(told: Any) -> Any:
    """A copy in lists and dictionaries, which can be changed."""
    if isinstance(told, dict):
        return {key: thawed(value) for key, value in told.items()}
    return [thawed(value) for value in told] if isinstance(told, list | tuple) else told


def plain_of(text: str) -> dict[str, Any]:
    """What a TOML text says."""
    return tomllib.loads(text)


def open_store(path: Path, **told: Any) -> SqlStore:
    """The store in a file."""
    return SqlStore(**({"url": f"sqlite:///{path}", "synchronous": "NORMAL"} | told))


def engine_on(store: SqlStore) -> Engine:
    """An engine that knows all that the store is filled with."""
    return Engine(store, [WORKFLOW, BLOG, DEPARTMENT], TEAM, registry=REGISTRY)


def fill_store(path: Path) -> None:
    """Make a store with items in every part of the workflow, and of the other workflows."""
    store = open_store(path, create=True)
    engine = engine_on(store)
    title = {"title": "a title"}
    engine.create("post", by="ann", id="first", ref="post:1", data=title, key="used")
    engine.perform("first", "claim", by="ann")
    engine.adopt("post", at="review.waiting", by="cleo", id="second", data=title)
    engine.adopt("post", at="review.waiting", by="cleo", id="both", data=title)
    engine.perform("both", "clear", by="ed")
    engine.adopt("post", at="live.ready", by="cleo", id="ready", data=title)
    engine.adopt("post", at="end.closed", by="cleo", id="over", data=title)
    engine.create("blog", by="ann", id="a blog", data=title | {"kind": "blog"})
    engine.create("social_content", by="ann", id="an idea", data=title)
    store.close()


def orders() -> list[Order]:
    """Calls that an engine on such a store answers."""
    first = {"item_id": "first", "by": "ann"}
    second = {"item_id": "second", "by": "ed"}
    return [
        Order("create", {"workflow": "post", "by": "ann", "data": {"title": "x"}, "ref": "post:2"}),
        Order("create", {"workflow": "post", "by": "ann", "data": {"title": "x"}, "key": "new"}),
        Order(
            "adopt",
            {"workflow": "post", "by": "cleo", "at": "review.waiting", "data": {"title": "x"}},
        ),
        Order("create", {"workflow": "post", "by": "ed", "data": {"title": "x"}, "id": "new"}),
        Order("create", {"workflow": "blog", "by": "ann", "data": {"title": "x", "kind": "blog"}}),
        Order("perform", first | {"action": "submit", "expect": 2, "key": "one"}),
        Order("perform", first | {"action": "edit", "data": {"body": "text"}}),
        Order("perform", first | {"action": "note", "data": {"text": "hm"}}),
        Order("perform", first | {"action": "release", "data": {"stage": "writing"}}),
        Order("perform", second | {"action": "clear", "waive": {"four_eyes": "late"}}),
        Order("perform", second | {"action": "back", "to": "writing", "data": {"reason": "thin"}}),
        Order("perform", second | {"action": "assign", "data": {"member": "ed"}}),
        Order("perform", {"item_id": "both", "by": "ed", "action": "legal.sign"}),
        Order("perform", {"item_id": "ready", "by": "ed", "action": "go"}),
        Order("perform", {"item_id": "second", "by": "cleo", "action": "cancel"}),
        Order("perform", {"item_id": "an idea", "by": "ann", "action": "start_screening"}),
        Order("perform", first | {"action": "plan", "data": PLAN}),
        Order("preview", first | {"action": "submit"}),
        Order("options", first),
        Order("why_not", second | {"action": "clear"}),
        Order("who_can", {"item_id": "both", "action": "legal.sign"}),
        Order("item", {"item_id": "first"}),
        Order("find", {"ref": "post:1"}),
        Order("history", {"item_id": "second"}),
        Order("worklist", {"by": "ann", "stage": "writing", "limit": 3}),
    ]


PLAN = {
    "at": "2026-05-01T12:00:00Z",
    "day": "2026-05-01",
    "tags": ["new", "blue"],
    "reach": {"north": 0.5},
    "kind": "reel",
    "parts": [{"reason": "why not"}],
}


def log_table(rows: int = 14) -> Table:
    """The beginning of the log of the example."""
    with (EXAMPLE / "editorial_log.csv").open(newline="") as file:
        lines = list(csv.reader(file))
    return lines[: rows + 1]


def as_csv(table: Table) -> bytes:
    """A log in a file of one kind."""
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(table)
    return text.getvalue().encode("utf-8", "surrogateescape")


def as_json_lines(table: Table) -> bytes:
    """And of the other."""
    header, *rows = table
    lines = (json.dumps(dict(zip(header, row, strict=False))) for row in rows)
    return "\n".join(lines).encode()


TEAM_TEXT = """\
[[members]]
id = "ann"
name = "Ann"
grants = ["author", { role = "editor", scope = { brand = ["acme", "zenith"] } }]

[[members]]
id = "ed"
kind = "agency"
grants = [{ role = "editor", since = 2026-01-01T00:00:00Z, until = 2027-01-01T00:00:00Z }]

[[members]]
id = "cleo"
grants = "chief"
"""
MAPPING_TEXT = (EXAMPLE / "mapping.toml").read_text()
WORKFLOW_TEXT = (EXAMPLE / "workflow.toml").read_text()
