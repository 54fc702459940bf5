"""Bugs planted in engine and stores for the kit to find: each fits; some are looked for here."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import pytest
from kit_hunts import suites
from planted_bugs import Bug, bugs
from shown_laws import ROOT
from soak import kit

BUGS = {bug.name: bug for bug in bugs(kit.FOR_KIT)}
FOR_REAL = "keys_are_not_kept"


@pytest.mark.parametrize("bug", BUGS.values(), ids=BUGS)
def test_a_bug_planted_for_the_kit_still_fits(bug: Bug, tmp_path: Path) -> None:
    """What it changes is there, once, and the result can be compiled."""
    for path in {hunk.path for hunk in bug.hunks}:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, tmp_path / path)

    bug.plant(tmp_path)

    for path in {hunk.path for hunk in bug.hunks}:
        text = (tmp_path / path).read_text()
        assert (ROOT / path).read_text() != text
        compile(text, path, "exec")


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
