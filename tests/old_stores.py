"""Stores as older versions of this library have left them, and who works on in them.

``docs/how-to/schema_1.sql`` was written by the last version with schema 1, to which `filled`
happened.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs

from socialflow import Action, Effect, Engine, Item, Member, Refused, Scope, Stage, Team, Workflow
from socialflow.kinds import spawn
from socialflow.moments import days
from socialflow.protocols import Store
from socialflow.rules import four_eyes, has

START = datetime(2026, 5, 1, 12, tzinfo=UTC)
SCHEMA_1 = Path(__file__).parent.parent / "docs" / "how-to" / "schema_1.sql"


@attrs.frozen
class Film:
    """What a film is about, and where it goes out."""

    title: str = ""
    accounts: tuple[str, ...] = ()


@attrs.frozen
class Upload:
    """One account that it goes out on."""

    account: str


@attrs.frozen
class Told:
    """What is told of it."""

    text: str


UPLOAD = Workflow(
    "upload",
    [
        Stage(
            "sending",
            ("waiting", "sent"),
            role="editor",
            actions=[
                Action("send", "waiting", "sent", effects=Effect("post", {"with": ["ä", 1.5]})),
            ],
        )
    ],
    fields=Upload,
)
FILM = Workflow(
    "film",
    [
        Stage(
            "cutting",
            ("raw", "cut"),
            role="author",
            actions=[
                Action("cut", "raw", "cut", data=Told, effects=Effect("tell_editor")),
                Action("remind", "raw", due=days(1), every=days(1), effects=Effect("remind")),
                Action("give_up", "raw", goto="end.lost", due=days(9), rules=(has("accounts"),)),
            ],
        ),
        Stage(
            "showing",
            ("ready", "shown"),
            role="editor",
            signs="revision",
            actions=[
                Action(
                    "show",
                    "ready",
                    "shown",
                    rules=(four_eyes(),),
                    effects=(
                        spawn("upload", each="accounts", into="account"),
                        Effect("announce", {"to": 'it\'s 100 % "öffentlich" \U0001f98a', "n": 7}),
                        Effect("archive", {"parts": [1, [2.5, True]], "-": {}}),
                    ),
                ),
                Action("refuse", "ready", goto="cutting", data=Told),
            ],
        ),
    ],
    fields=Film,
    children=[UPLOAD],
    ends=("closed", "lost"),
    rights={"create": "*", "note": "*", "hold": "editor", "assign": "editor"},
)
TEAM = Team([Member("ann", "author"), Member("ed", "editor"), Member("mia", ("author", "editor"))])


class Hand:
    """A clock that stands where it is put."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def engine_on(store: Store, clock: Callable[[], datetime] | None = None) -> Engine:
    """An engine with these films."""
    return Engine(store, [FILM], TEAM, clock=clock or Hand(START + timedelta(days=30)))


def filled(store: Store) -> None:
    """Everything that a version with schema 1 could write into a row."""
    clock = Hand()
    engine = engine_on(store, clock)
    ids = iter(range(1, 9))

    def born(title: str, *accounts: str, **told: str | Scope) -> Item:
        clock.now += timedelta(hours=1)
        data = {"title": title, "accounts": accounts}
        return engine.create("film", by="ann", data=data, id=f"film {next(ids)}", **told)  # type: ignore[arg-type]

    def done(item: Item, action: str, by: str, **told: object) -> Item:
        clock.now += timedelta(minutes=10)
        return engine.perform(item.id, action, by=by, **told)  # type: ignore[arg-type]

    shown = born("Behind the scenes", "@acme", "@acme_de", ref="post:42", scope=Scope(brand="acme"))
    done(shown, "cut", "ann", data={"text": "zwei Fassungen, 50 % k\u00fcrzer\n"}, key="cut it")
    done(shown, "show", "ed", key="k'2")
    child = engine.children(shown.id)[0]
    done(child, "send", "ed")
    late = born("Late")
    clock.now += timedelta(days=10)
    engine.run_due()
    held = born("Held", "@acme", ref="it's")
    done(held, "cut", "ann", data={"text": "x"}, key="cut held")
    done(held, "refuse", "ed", data={"text": "dull"})
    done(held, "assign", "ed", data={"member": "mia", "stage": "cutting"})
    done(held, "hold", "ed", data={"reason": "holidays"})
    try:
        done(late, "show", "ann")
    except Refused:
        done(late, "note", "ed", data={"text": "not yet"})
    clock.now += timedelta(days=1)
    engine.run_due()


def laid_down(path: Path) -> str:
    """A file as the last version with schema 1 has left it; where it is."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(SCHEMA_1.read_text())
    return f"sqlite:///{path}"
