"""Bugs planted in engine and stores for the kit to find: each fits; some are looked for here."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from kit_hunts import suites
from planted_bugs import Bug, bugs, sources_of
from soak import kit

BUGS = {bug.name: bug for bug in bugs(kit.FOR_KIT)}
FOR_REAL = "keys_are_not_kept"


@pytest.mark.parametrize("bug", BUGS.values(), ids=BUGS)
def test_a_bug_planted_for_the_kit_still_fits(bug: Bug, tmp_path: Path) -> None:
    """What it changes is there, once, and the result can be compiled."""
    for before, after in sources_of(bug, tmp_path):
        assert before != after


def test_the_kit_finds_what_is_planted_and_nothing_else(tmp_path: Path) -> None:
    """One for real, by every tool; all of them with ``./run soak kit``."""
    kept = tmp_path / "suites.pickle"
    kept.write_bytes(pickle.dumps(suites("parcel")))

    nothing = kit.look(None, kept, 2, 1)
    found = kit.look(BUGS[FOR_REAL], kept, 10, 1)

    assert not nothing.is_found, str(nothing)
    assert "" == found.miss
    for tool in kit.TOOLS:
        assert found.after(tool), f"{tool}: {found}"
    assert "" == found.after(kit.PATHS)
