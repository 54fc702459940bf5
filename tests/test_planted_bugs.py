"""The laws of the model: each is shown by a test, said on a page, and broken by a planted bug."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import attrs
import pytest
from planted_bugs import Bug, DoesNotFit, bugs, sources_of
from shown_laws import LAWS, ROOT, shown
from soak import planted
from soak.run import main

PAGE = ROOT / "docs" / "explanation" / "model.md"
BUGS = {bug.name: bug for bug in bugs()}
FOR_REAL = (
    "07_entry_rules_stop_the_system",
    "18_any_signature_will_do",
    "25_every_live_state_is_an_end_too",
)


def paragraphs() -> dict[int, str]:
    """The numbered paragraphs of the page."""
    found = re.findall(r"^(\d+)\. (.*?)(?=^\d+\. |^#|\Z)", PAGE.read_text(), re.M | re.S)
    return {int(number): text for number, text in found}


@pytest.mark.parametrize("law", LAWS)
def test_every_law_is_shown_by_a_test_that_says_it(law: int) -> None:
    """Some test is marked with the number, and none that is has nothing to say."""
    tests = [one for one in shown().values() if law in one.laws]

    assert tests
    assert [] == [one.test for one in tests if not one.says]


@pytest.mark.parametrize("law", LAWS)
def test_the_page_says_every_law_and_names_a_test_that_shows_it(law: int) -> None:
    """Every link of a paragraph leads to a test that is marked with its number."""
    links = re.findall(r"\[`(test_\w+)`\]\(\.\./\.\./(tests/[\w/]+\.py)\)", paragraphs()[law])

    assert links
    for name, path in links:
        assert law in shown()[f"{path}::{name}"].laws


@pytest.mark.parametrize("law", LAWS)
def test_every_law_is_broken_by_a_planted_bug(law: int) -> None:
    """There is one at least, and its name begins with the number of the law."""
    theirs = [bug for bug in BUGS.values() if bug.law == law]

    assert theirs
    assert {f"{law:02}"} == {bug.name[:2] for bug in theirs}


@pytest.mark.parametrize("bug", BUGS.values(), ids=BUGS)
def test_a_planted_bug_still_fits_and_names_a_test_of_its_law(bug: Bug, tmp_path: Path) -> None:
    """What it changes is in the sources, once, and the result can be compiled."""
    for before, after in sources_of(bug, tmp_path):
        assert before != after
    assert bug.law in shown()[bug.found_by].laws


@pytest.mark.parametrize("name", FOR_REAL)
def test_a_planted_bug_is_found(name: str) -> None:
    """Three for real; all of them with ``./run soak planted``."""
    assert "" == planted.hunt(BUGS[name]).miss


def test_what_is_no_bug_is_not_found() -> None:
    """The near miss: the test runs on a copy in which nothing is wrong, and passes."""
    harmless = attrs.evolve(BUGS[FOR_REAL[0]], hunks=())

    assert f"not found by {harmless.found_by}" == planted.hunt(harmless).miss


def test_a_bug_that_fits_no_longer_is_told_apart_from_one_that_is_not_found(
    tmp_path: Path,
) -> None:
    """Sources change; a bug whose lines are gone has found nothing."""
    bug = BUGS[FOR_REAL[0]]
    (hunk,) = bug.hunks
    gone = attrs.evolve(bug, hunks=(attrs.evolve(hunk, before="no such line\n"),))
    shutil.copytree(ROOT / "src", tmp_path / "src")

    with pytest.raises(DoesNotFit, match="0 times"):
        gone.plant(tmp_path)


def test_the_campaign_tells_its_result_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """A list of campaigns, each with how much was done, what went wrong, and the seed."""
    status = main(["planted", FOR_REAL[1], "--json"])

    assert 0 == status
    assert [{"campaign": "planted", "done": 1, "violations": [], "seed": None}] == json.loads(
        capsys.readouterr().out
    )
