"""The commands about definitions over time: what they print, and their exit status."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from engines import RIGHTS, post
from scenes import REVIEW, WRITING

from socialflow import Engine, Member, Team
from socialflow.cli import main
from socialflow.documents import dump_workflow
from socialflow.stores.sql import SqlStore

TEAM = """
[[members]]
id = "cleo"
grants = "chief"
"""
OLD = post()
NEW = post(WRITING, REVIEW, version="2", rights=RIGHTS | {"migrate": "chief"})
STATES = ("--states", "live.ready=end.closed")


@pytest.fixture(autouse=True)
def wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing wraps."""
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a store, two definitions and a team."""
    people = Team([Member("ann", "author"), Member("ed", "editor")])
    engine = Engine(SqlStore(url(tmp_path), create=True), OLD, people)
    for id in ("first", "second"):
        engine.create("post", by="ann", data={"title": "x"}, id=id)
    engine.perform("second", "submit", by="ann")
    engine.perform("second", "clear", by="ed")
    for name, workflow in (("old", OLD), ("new", NEW)):
        (tmp_path / f"{name}.json").write_text(dump_workflow(workflow, "json"))
    (tmp_path / "team.toml").write_text(TEAM)
    return tmp_path


def url(place: Path) -> str:
    return f"sqlite:///{place / 'content.db'}"


def asked(place: Path, *more: str) -> list[str]:
    return ["migrate", url(place), "--to", str(place / "new.json"), *more]


def told(capsys: pytest.CaptureFixture[str], status: int, *arguments: str) -> Any:
    """The JSON that a command prints with that exit status."""
    assert status == main([*arguments, "--json"])
    return json.loads(capsys.readouterr().out)


def test_diff_tells_what_is_different(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For people and for programs."""
    arguments = ["diff", str(place / "old.json"), str(place / "new.json")]

    assert 0 == main(arguments)
    assert "- stage live" in capsys.readouterr().out
    changes = told(capsys, 0, *arguments)["changes"]
    assert ("removed", "live") in [(one["how"], one["name"]) for one in changes]


def test_a_dry_run_tells_and_writes_nothing(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The status says whether somebody has to look at what stays."""
    before = dumped(place)

    assert 1 == main(asked(place, "--dry-run"))
    page = capsys.readouterr().out
    plan = told(capsys, 0, *asked(place, "--dry-run", *STATES))

    assert "1 can move, 1 cannot" in page
    assert "post has no state 'live.ready'" in page
    assert (2, 0, {"live.ready": "end.closed"}) == (plan["cost"], plan["stayed"], plan["states"])
    assert before == dumped(place)


def dumped(place: Path) -> list[str]:
    """Everything in the store of that place."""
    with closing(sqlite3.connect(place / "content.db")) as connection:
        return [*connection.iterdump()]


def test_migrate_moves_them_and_goes_on_when_it_is_run_again(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One at a time, if it is told so; then there is nothing more to move."""
    runs = [told(capsys, 0, *asked(place, *STATES, "--limit", "1")) for _ in range(3)]

    assert [(1, False), (1, True), (0, True)] == [(run["moved"], run["is_whole"]) for run in runs]
    assert 0 == main(["audit", "--store", url(place)])


def test_whoever_migrates_needs_the_right(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of the members of a team; the system, if nobody is named."""
    team = ("--team", str(place / "team.toml"))

    assert 2 == main(asked(place, "--by", "cleo"))
    assert "knows no member 'cleo'" in capsys.readouterr().err
    run = told(capsys, 0, *asked(place, *STATES, "--by", "cleo", *team))
    assert 2 == run["moved"]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--states", "live.ready"], "--states must be name=value, not 'live.ready'"),
        (["--states", "live.redy=end.closed"], "did you mean 'live.ready'"),
    ],
)
def test_what_cannot_be_meant_is_told(
    place: Path, capsys: pytest.CaptureFixture[str], more: list[str], sentence: str
) -> None:
    """Pairs without a sign, and states that are not there."""
    assert 2 == main(asked(place, "--dry-run", *more, "--json"))
    assert sentence in capsys.readouterr().err


def test_a_name_that_holds_nothing_moves_nothing(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is to be moved may be called otherwise."""
    assert 0 == told(capsys, 0, *asked(place, "--of", "advert"))["moved"]
    assert 1 == told(capsys, 1, *asked(place, "--of", OLD.digest))["moved"]


def test_diff_tells_what_is_newly_allowed_and_refused(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a way to see it, for people and for programs."""
    arguments = ["diff", str(place / "old.json"), str(place / "new.json"), "--allowed"]

    assert 0 == main(arguments)
    assert "- place live.ready" in capsys.readouterr().out
    assert ["elsewhere"] == [one["how"] for one in told(capsys, 0, *arguments)["shifts"]][:1]


def test_a_dry_run_tells_what_is_newly_allowed_where_items_are(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first item is in writing.drafting, where nothing is other; the second at live.ready."""
    assert 0 == main(asked(place, "--dry-run", "--allowed", *STATES))
    assert "post 1 -> post 2" in capsys.readouterr().out

    plan = told(capsys, 0, *asked(place, "--dry-run", "--allowed", *STATES))
    (found,) = plan["answered_otherwise"]
    assert 2 == plan["cost"]
    assert {"live.ready", "writing.drafting"} >= {one["at"] for one in found["shifts"]}
