"""A story of the desk, step by step: every operation of an engine that writes, at least once.

Each step can be told again: what has a key is asked for under the same key.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from under_fire.chores import CHORES
from under_fire.desk import NOON, after
from under_fire.steps import Step

from socialflow import Engine

__all__ = ["STORY", "begin"]


def begin(engine: Engine) -> None:
    """What there is before the story; the host has a table of its own."""
    with engine.store.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE host (bill TEXT PRIMARY KEY)")
    for id in ("early", "late"):
        engine.create("post", by="ann", id=id, data={"title": id, "remind_at": NOON})


def create(name: str, **told: Any) -> Step:
    """A birth."""
    return Step(f"create {name}", lambda engine: engine.create(by="ann", key=name, **told))


def perform(item: str, action: str, by: str, name: str = "", **told: Any) -> Step:
    """A command under a key."""
    name = name or f"{action} {item}"

    def do(engine: Engine) -> Any:
        return engine.perform(child(engine, item), action, by=by, key=name, **told)

    return Step(name, do)


def child(engine: Engine, item: str) -> str:
    """The id of an item; ``"post/x"`` is the child of the post for the account ``x``."""
    parent, _, account = item.partition("/")
    if not account:
        return item
    return next(one.id for one in engine.children(parent) if one.data["account"] == account)


def adopt(engine: Engine) -> Any:
    """Content that is half-way already."""
    told = {"id": "adopted", "ref": "row:2", "data": {"title": "old"}, "contributors": ("tom",)}
    return engine.adopt("post", at="review.waiting", by="cleo", key="adopt", **told)


def within(engine: Engine) -> Any:
    """A command and a row of the host, in one transaction of the host's."""
    url = engine.store.engine.url.render_as_string(hide_password=False)
    database = create_engine(url)
    try:
        with Session(database) as session, session.begin():
            session.execute(text("INSERT INTO host VALUES ('paid') ON CONFLICT DO NOTHING"))
            inside = engine.within(session)
            inside.perform("early", "note", by="ann", data={"text": "hello"}, key="host note")
            return inside.perform("early", "ping", by="ann", key="host ping")
    finally:
        database.dispose()


STORY = (
    create("post", workflow="post", id="post", ref="row:1", data={"title": "x"}),
    Step("adopt", adopt),
    perform("post", "edit", "ann", data={"title": "y", "accounts": ["x", "y"]}),
    perform("post", "edit", "tom", "edit the date", data={"remind_at": NOON.isoformat()}),
    perform("post", "note", "nobody", data={"text": "a note"}),
    perform("post", "claim", "ann"),
    perform("post", "release", "ann"),
    perform("post", "assign", "cleo", data={"member": "tom", "stage": "review"}),
    perform("post", "ping", "ann", expect=6),
    perform("post", "flag", "ann"),
    perform("post", "undo", "ann"),
    perform("post", "hold", "cleo", data={"reason": "wait"}),
    perform("post", "resume", "cleo"),
    Step("run_due", lambda engine: engine.run_due(after(1)), commits=3, has_key=False),
    Step("put off", lambda engine: engine.run_due(after(10)), commits=3, has_key=False),
    create("below", workflow="upload", parent="early", data={"account": "z"}),
    perform("post", "submit", "ann"),
    perform("post", "vote", "ed", data={"action": "approve"}),
    perform("post", "approve", "eve"),
    perform("post", "send", "ed"),
    perform("post/x", "fail", "ed"),
    perform("post", "pull_all", "ed"),
    perform("post", "send", "ed", "send again"),
    perform("post/x", "check", "ed"),
    perform("post/y", "check", "ed"),
    perform("post", "archive", "cleo"),
    perform("post", "unarchive", "cleo"),
    perform("late", "force", "cleo", to="review", data={"reason": "because"}),
    perform("late", "cancel", "cleo"),
    perform("late", "reopen", "cleo", to="writing"),
    perform("adopted", "send_back", "ed", to="end.rejected"),
    create("leaflet", workflow="leaflet", id="leaflet", data={"title": "x"}),
    perform("leaflet", "edit", "ann", data={"title": "y"}),
    perform("leaflet", "note", "ann", data={"text": "a note"}),
    perform("leaflet", "ping", "ann"),
    perform("leaflet", "submit", "ann", expect=3),
    perform("leaflet", "vote", "ed", data={"action": "approve"}),
    perform("leaflet", "approve", "eve"),
    Step("within", within, errors=(DBAPIError,)),
    *CHORES,
)
