"""Bugs planted in the stores: each still fits, and the test that it names finds it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from planted_bugs import IN_STORES, Bug, bugs
from shown_laws import ROOT
from soak import planted

BUGS = {bug.name: bug for bug in bugs(IN_STORES)}
FOR_REAL = ("the_refused_half_stays", "children_inherit_connections")


@pytest.mark.parametrize("bug", BUGS.values(), ids=BUGS)
def test_a_bug_planted_in_a_store_still_fits(bug: Bug, tmp_path: Path) -> None:
    """What it changes is there, once, the result can be compiled, and so is its test."""
    for path in {hunk.path for hunk in bug.hunks}:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, tmp_path / path)

    bug.plant(tmp_path)

    for path in {hunk.path for hunk in bug.hunks}:
        text = (tmp_path / path).read_text()
        assert (ROOT / path).read_text() != text
        compile(text, path, "exec")
    assert _is_there(bug.found_by)


def _is_there(test: str) -> bool:
    path, _, name = test.partition("::")
    sources = [ROOT / path, *(ROOT / "src" / "socialflow" / "testing").glob("*.py")]
    return any(f"def {name.rpartition('::')[2]}(" in one.read_text() for one in sources)


@pytest.mark.parametrize("name", FOR_REAL)
def test_a_bug_planted_in_a_store_is_found(name: str) -> None:
    """Two for real; all of them with ``./run soak planted``."""
    assert "" == planted.hunt(BUGS[name]).miss
