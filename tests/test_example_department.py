"""The example of a department at work: its month is the same each time, and everything happens."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from socialflow.chain import audit
from socialflow.cli import main
from socialflow.content.ten_stages import STAGES
from socialflow.documents.loading import load_team
from socialflow.queries import History, Items
from socialflow.stores.sql import SqlStore

EXAMPLE = Path(__file__).parent.parent / "examples" / "department"
KEPT = "./run socialflow "
MISHAPS = {
    "publication.fail": "an account rejects",
    "publication.lose": "one times out, and is live all the same",
    "publication.resolve_published": "somebody finds that out",
    "publication.drop": "one rejects too often",
    "publication.mend": "a broken link is mended",
    "approval.expire": "an approval expires",
    "freeze.all_clear": "a crisis is lifted",
    "publish.miss": "a date is missed in it",
    "unpublish": "a post is taken down",
    "publication.confirm_recall": "and it is gone",
    "evaluation.return_report": "a report is returned",
    "candidate.derive": "a reader's photo is shared",
    "candidate.rights_refused": "another one is not",
    "experiment.choose_winner": "two texts are compared",
    "run.finish": "a promotion runs to its end",
    "idea.take_up": "an evaluation gives an idea",
    "assignment.outsource": "the agency makes something",
}
"""What the script and its channels bring about, by the action that shows it."""


def month(folder: Path, *arguments: str) -> str:
    """What the example prints, run in *folder*."""
    ran = subprocess.run(
        [sys.executable, EXAMPLE / "main.py", *arguments],
        cwd=folder,
        env={**os.environ, "COLUMNS": "100", "PYTHONHASHSEED": arguments[-1]},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert (0, "") == (ran.returncode, ran.stderr)
    return ran.stdout


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The same month twice: as data and kept in a file, and in print."""
    folder = tmp_path_factory.mktemp("department")
    url = f"sqlite:///{folder / 'department.db'}"
    report = json.loads(month(folder, "--json", "--store", url, "--seed", "7"))
    return report, SqlStore(url), month(folder, "--seed", "7")


def test_the_page_and_the_data_of_a_month_are_of_the_same_month(told: Any) -> None:
    """In memory or in a file, in print or as data: the same seed makes the same month."""
    report, _, page = told

    assert f"{report['items']['end.closed']} closed" in page
    for code, stopped in report["refusals"].items():
        if stopped["times"] > 1:
            assert f"{code} " in page
    for one in report["happened"]:
        assert one["by"] == "system" or one["what"] in page
    assert len(page.splitlines()) <= 120
    assert all(len(line) <= 100 for line in page.splitlines() if "./run" not in line)


def test_every_command_that_the_page_suggests_works(
    told: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As it stands there, once the month is kept."""
    _, store, page = told
    monkeypatch.chdir(Path(store.url.database).parent)
    suggested = [line.split("./run socialflow ")[1] for line in page.splitlines() if KEPT in line]

    assert 5 == len(suggested)
    for command in suggested:
        assert 0 == main(command.split()), command
        assert capsys.readouterr().out.strip()


def test_the_data_say_what_a_lead_asks(told: Any) -> None:
    """Whatever the page shows is there."""
    report, _, _ = told

    assert {
        "at",
        "items",
        "publications",
        "refusals",
        "happened",
        "actions",
        "stood_in",
        "board",
        "calendar",
        "overdue",
        "load",
        "cycle_times",
        "published_without_response",
        "training_gaps",
    } == set(report)
    assert {"slot", "blackout"} <= {clash["why"] for clash in report["calendar"]["clashes"]}
    assert {"manuel", "cyrus", "otto"} == {gap["member"] for gap in report["training_gaps"]}


def test_forty_items_and_more_are_closed_and_have_been_in_all_ten_stages(told: Any) -> None:
    """From the idea to the lesson, one stage after the other."""
    report, store, _ = told
    stages = {one.name for step in STAGES for one in getattr(step, "stages", (step,))}
    closed = [
        item
        for item in store.rows(Items())
        if item.marking == ("end.closed",) and "goals" in item.data and not item.parent
    ]

    assert 40 <= sum(stages == {token.stage for token in item.idle} for item in closed)
    assert 40 <= report["items"]["end.closed"]
    assert {"end.rejected", "end.recalled"} <= report["items"].keys()


@pytest.mark.parametrize("action", MISHAPS)
def test_everything_that_was_in_store_has_happened(action: str, told: Any) -> None:
    """What the script has in store can be seen in the histories."""
    report, _, _ = told

    assert report["actions"].get(action), MISHAPS[action]


def test_what_the_script_asks_for_is_done_or_refused_as_it_should_be(told: Any) -> None:
    """The agency answers nobody, and what cannot be measured is not made; the rest is done."""
    report, _, _ = told
    refused = {
        one["item"]: one["outcome"] for one in report["happened"] if one["outcome"] != "done"
    }

    assert {"tea-garden": "denied", "sweepstake": "screening_passed"} == refused
    assert 15 == len(report["happened"])


def test_who_stands_in_for_an_absent_approver_counts_as_both(told: Any) -> None:
    """In the second week it is Cora who passes what waits for Abe."""
    report, store, _ = told
    abe = load_team(EXAMPLE / "team.toml").member("abe")
    votes = [vote for item in store.rows(Items()) for vote in item.votes if len(vote.persons) > 1]
    by_abe = [
        entry.event.at
        for entry in store.rows(History())
        if entry.event.by == "abe" and entry.event.action == "approval.approve"
    ]

    assert {("cora", "abe")} == {vote.persons for vote in votes}
    assert report["stood_in"] == len(votes)
    assert by_abe
    assert not any(abe.is_absent(at) for at in by_abe)


def test_nothing_that_was_kept_contradicts_itself(told: Any) -> None:
    """Every history is whole, and leads to its item."""
    _, store, _ = told

    assert () == tuple(audit(store))


def test_nobody_of_the_department_waits_for_the_clock(told: Any) -> None:
    """Whatever the system does by itself it has done."""
    report, _, _ = told

    assert [] == [one for one in report["overdue"] if one["what"] == "clock"]
