"""Mistakes in a definition: our checks see each of them, and none where there is none."""

from __future__ import annotations

import pytest
from definition_defects import DEFECTS, said_by


def test_nothing_is_said_of_a_sound_definition() -> None:
    """No finding, no refuted property, and every action is accepted somewhere."""
    assert [] == said_by("socialflow")


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_planted_defect_is_seen(defect: str) -> None:
    """A dead end, an approval of one's own, a guard that is never true."""
    assert said_by("socialflow", defect)


def test_a_library_without_checks_says_nothing() -> None:
    """What `transitions` is given is never doubted by it."""
    assert [[], [], []] == [said_by("transitions", defect) for defect in DEFECTS]
