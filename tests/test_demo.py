"""The real log: what comes of 616 posts, counted once more by hand."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from socialflow.stores.sql import SqlStore

EXAMPLE = Path(__file__).parent.parent / "examples" / "editorial_replay"
LOG = EXAMPLE / "editorial_log.csv"


def counted() -> dict[str, dict[str, int]]:
    """Publications and self-approvals: of each merged row, and of the first of each post.

    Somebody approves themselves who has an earlier row of the same post and request.
    """
    first = {"total": 0, "self_approved": 0}
    every = {"total": 0, "self_approved": 0}
    hands: dict[tuple[str, str], set[str]] = defaultdict(set)
    live: set[str] = set()
    with LOG.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            had_a_hand = hands[row["item"], row["request"]]
            if row["event"] != "merged":
                had_a_hand.add(row["member"])
                continue
            for count in (every,) if row["item"] in live else (every, first):
                count["total"] += 1
                count["self_approved"] += row["member"] in had_a_hand
            live.add(row["item"])
    return {"first_publications": first, "publications": every}


def demo(folder: Path, *arguments: str) -> str:
    """What the demo prints, run in *folder*."""
    ran = subprocess.run(
        [sys.executable, EXAMPLE / "demo.py", *arguments],
        cwd=folder,
        env={**os.environ, "COLUMNS": "100"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return ran.stdout


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What two runs of the demo print, and a dump of the store after each."""
    folder = tmp_path_factory.mktemp("demo")
    url = f"sqlite:///{folder / 'editorial_replay.db'}"
    printed, dumps = [], []
    for arguments in ((), ("--json",)):
        printed.append(demo(folder, *arguments))
        dumps.append(SqlStore(url).dump())
    return printed[0], json.loads(printed[1]), dumps


def test_the_report_says_what_a_count_without_the_library_says(twice: Any) -> None:
    """The figures come out of the four-eyes rule; a dozen lines of csv find the same."""
    _, report, _ = twice
    expected = counted()

    assert {"total": 616, "self_approved": 302} == expected["first_publications"]
    assert {"total": 1084, "self_approved": 406} == expected["publications"]
    assert expected == {name: report[name] for name in expected}
    assert {"four_eyes": expected["publications"]["self_approved"]} == report["refusals"]
    assert report["waived"] == expected["publications"]["self_approved"]


def test_every_line_is_known_the_second_time_and_no_byte_changes(twice: Any) -> None:
    """616 posts, 3,831 events, nothing skipped, nothing refused for good."""
    _, report, (first, second) = twice

    assert first == second
    assert (616, 3831, 0, 3831) == tuple(
        report[name] for name in ("items", "events", "performed", "repeated")
    )
    assert (0, 0, 0) == (report["refused"], report["not_tried"], report["skipped_lines"])
    assert 3831 == sum(report["load"].values())
    assert 290 <= len(report["load"]) <= 291


def test_the_demo_ends_in_a_report_that_fits_a_terminal(twice: Any) -> None:
    """The figures, one post's timeline, where everything is, and what to try next."""
    printed, _, _ = twice

    for told in (
        "616 items, 3,831 events",
        "3,831 performed",
        "approval",
        "four_eyes",
        "302",
        "281 others did",
        "Security advisory for rustc",
        "four_eyes waived: m085",
        "sqlite:///editorial_replay.db",
    ):
        assert told in printed
    assert all(len(line) <= 100 for line in printed.splitlines() if "./run" not in line)


def test_every_command_that_the_demo_suggests_works(
    twice: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """As it stands there."""
    printed, _, _ = twice
    suggested = [
        line.split("./run socialflow ", 1)[1].split()
        for line in printed.splitlines()
        if "./run socialflow " in line
    ]

    folder = tmp_path_factory.getbasetemp() / "demo0"
    assert 6 == len(suggested)
    for arguments in suggested:
        ran = subprocess.run(
            [sys.executable, "-m", "socialflow.cli", *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (0, "") == (ran.returncode, ran.stderr), arguments
        assert ran.stdout.strip()
