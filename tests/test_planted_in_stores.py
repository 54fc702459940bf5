"""Bugs planted in the stores: each still fits, and the test that it names finds it."""

from __future__ import annotations

from pathlib import Path

import pytest
from planted_bugs import IN_STORES, Bug, bugs, sources_of
from shown_laws import ROOT
from soak import planted

BUGS = {bug.name: bug for bug in bugs(IN_STORES)}
FOR_REAL = ("the_refused_half_stays", "children_inherit_connections")


@pytest.mark.parametrize("bug", BUGS.values(), ids=BUGS)
def test_a_bug_planted_in_a_store_still_fits(bug: Bug, tmp_path: Path) -> None:
    """What it changes is there, once, the result can be compiled, and so is its test."""
    for before, after in sources_of(bug, tmp_path):
        assert before != after
    assert _is_there(bug.found_by)


def _is_there(test: str) -> bool:
    path, _, name = test.partition("::")
    sources = [ROOT / path, *(ROOT / "src" / "socialflow" / "testing").glob("*.py")]
    return any(f"def {name.rpartition('::')[2]}(" in one.read_text() for one in sources)


@pytest.mark.parametrize("name", FOR_REAL)
def test_a_bug_planted_in_a_store_is_found(name: str) -> None:
    """Two for real; all of them with ``./run soak planted``."""
    assert "" == planted.hunt(BUGS[name]).miss
