"""The command `ask`: what it prints, and what it says when it cannot."""

from __future__ import annotations

import json
from inspect import signature
from pathlib import Path
from typing import Any

import pytest

from socialflow import Engine, Member, Team
from socialflow.cli import main
from socialflow.content import social_content
from socialflow.content.views.questions import QUESTIONS
from socialflow.stores.sql import SqlStore

TEAM = """
members = [
    {id = "lea", grants = "department_lead"},
    {id = "sam", grants = "social_media_manager"},
]
"""
DEPARTMENT = """
channels = [{key = "web"}]
accounts = [{key = "blog", channel = "web"}]
"""
NOON = "2026-05-04T12:00:00Z"


@pytest.fixture(autouse=True)
def wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing wraps."""
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def told(tmp_path: Path) -> list[str]:
    """Everything that a question may need, as arguments; the store has two drafts in it."""
    team, department = tmp_path / "team.toml", tmp_path / "department.toml"
    team.write_text(TEAM)
    department.write_text(DEPARTMENT)
    url = f"sqlite:///{tmp_path / 'content.db'}"
    people = Team([Member("sam", "social_media_manager"), Member("lea", "department_lead")])
    engine = Engine(SqlStore(url, create=True), social_content(), people)
    for id in ("one", "two"):
        data = {"title": f"Number {id}", "planned_for": NOON, "accounts": ["blog"]}
        engine.adopt("social_content", at="production.drafting", by="sam", id=id, data=data)
    engine.perform("one", "assign", by="lea", data={"member": "sam"})
    more = ["--at", NOON, "--member", "sam", "--item", "one"]
    return ["--store", url, "--team", str(team), "--department", str(department), *more]


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """The JSON that a command prints which succeeds."""
    assert 0 == main([*arguments, "--json"])
    return json.loads(capsys.readouterr().out)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command says that fails."""
    assert 2 == main(["ask", *arguments])
    return capsys.readouterr().err


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_answered(
    question: str, told: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """As JSON for programs, and for people."""
    assert printed(capsys, "ask", question, *told) is not None
    assert 0 == main(["ask", question, *told])
    assert "" != capsys.readouterr().out.strip()


def test_without_a_question_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """With what each needs."""
    listed = {one["question"]: one for one in printed(capsys, "ask")}

    assert [*QUESTIONS] == [*listed]
    assert "--store --team --member" == listed["claimable"]["needs"]
    assert "what is where" in listed["board"]["asks"].lower()
    assert 0 == main(["ask"])
    assert "What may I take?" in capsys.readouterr().out


def test_json_says_moments_and_spans_in_iso_8601(
    told: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """And what is nobody's as null."""
    later = ["--at", "2126-05-04T12:00:00Z"]
    cards = {card["item"]: card for card in printed(capsys, "ask", "board", *told, *later)}

    assert ("sam", None) == (cards["one"]["responsible"], cards["two"]["responsible"])
    assert cards["one"]["waiting"].startswith("P36")
    assert cards["one"]["since"].endswith("+00:00")


def test_several_values_are_one_table(told: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A row each, or the word that there are none."""
    assert 0 == main(["ask", "mine", *told])
    assert "Number one" in capsys.readouterr().out
    assert 0 == main(["ask", "mine", *told, "--member", "lea"])
    assert "Nothing." == capsys.readouterr().out.strip()


def test_one_value_has_its_figures_and_a_table_for_each_part(
    told: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Under a headline of its own."""
    assert 0 == main(["ask", "load", *told])
    shown = capsys.readouterr().out

    assert [*map(str.split, shown.splitlines())][2:4] == [["score", "1"], ["nobody", "1"]]
    assert "desks" in shown
    assert "under" in shown


def test_what_goes_to_a_file_does_not_wrap(
    told: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line for each row, however long it is."""
    monkeypatch.delenv("COLUMNS")

    assert 0 == main(["ask"])

    lines = capsys.readouterr().out.splitlines()
    assert len(QUESTIONS) == sum(line.split(maxsplit=1)[0] in QUESTIONS for line in lines if line)


def test_an_item_is_asked_about_by_the_hosts_own_row(
    told: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Like `history` and `show`; one that is not there is named."""
    store, known = told[:2], told[:-2]
    Engine(
        SqlStore(store[1]), social_content(), Team([Member("sam", "social_media_manager")])
    ).create("social_content", by="sam", ref="post:7", id="seven", data={"title": "Seven"})
    asked = next(name for name, view in QUESTIONS.items() if "item" in signature(view).parameters)

    by_ref, by_id = (
        printed(capsys, "ask", asked, *known, *which)
        for which in (("--ref", "post:7"), ("--item", "seven"))
    )
    assert by_id == by_ref
    assert "post:8" in refused(capsys, asked, *known, "--ref", "post:8")
    assert "--store must be said" in refused(capsys, asked, "--ref", "post:7")


def test_the_calendar_is_narrowed(told: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """By account, and by the period; two are at once on the blog."""
    whole = printed(capsys, "ask", "calendar", *told)
    other = printed(capsys, "ask", "calendar", *told, "--account", "news")
    early = printed(capsys, "ask", "calendar", *told, "--until", NOON)

    assert (2, 1) == (len(whole["entries"]), len(whole["clashes"]))
    assert ([], []) == (other["entries"], early["entries"])


def test_what_is_needed_and_not_said_is_named(
    told: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is guessed."""
    assert "--store must be said, to answer board, not left out" in refused(capsys, "board")
    assert "--member must be said" in refused(capsys, "mine", *told[:2])


def test_a_question_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """Those that are there are told."""
    said = refused(capsys, "weather")

    assert "not 'weather'" in said
    assert "board, calendar" in said


@pytest.mark.parametrize("moment", ["yesterday", "2026-05-04T12:00:00"])
def test_a_moment_has_a_time_zone(
    moment: str, told: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Or it could be any of twenty-four hours."""
    said = refused(capsys, "overdue", *told[:2], "--at", moment)

    assert "--at must be a moment with a time zone" in said


def test_what_a_view_refuses_is_told(told: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A stranger, an item that is not there, an entry that is not there."""
    assert "no member 'nobody'" in refused(capsys, "claimable", *told, "--member", "nobody")
    assert "gone" in refused(capsys, "ripple", *told, "--item", "gone")
    assert "entry" in refused(capsys, "whom-to-tell", *told, "--entry", "99")
