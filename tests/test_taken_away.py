"""The plugin that takes parts of the library away: it knows what there is, and nothing else."""

from __future__ import annotations

import pytest
from taken_away import look_up


@pytest.mark.parametrize(
    "part",
    [
        "rule four_eyes",
        "action concept.accept",
        "action publication: publication.verify",
        "action reshare_fast: tone.approve_tone",
        "action freeze: freeze.all_clear",
        "action note",
        "action interaction: note",
        "effect notify",
        "denial",
        "requirement",
        "field purpose",
        "preset pair",
        "socialflow.engine.Engine.worklist",
        "socialflow.errors.StaleItem",
    ],
)
def test_a_part_of_every_kind_is_found(part: str) -> None:
    """Rules, actions of items below and beside included, what every workflow has, and any name."""
    look_up(part)


@pytest.mark.parametrize(
    "part",
    [
        "rule six_eyes",
        "action concept.admire",
        "action poem: note",
        "effect applaud",
        "applause",
        "field mood",
        "preset crowd",
        "socialflow.engine.Engine.applaud",
    ],
)
def test_what_is_not_there_cannot_be_taken_away(part: str) -> None:
    """Or a row would be shown by a test that misses nothing."""
    with pytest.raises(LookupError):
        look_up(part)
