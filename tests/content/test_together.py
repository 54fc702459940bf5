"""Ideas that the department decides on together."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from socialflow.content import social_content
from socialflow.content.together import screened_together
from socialflow.documents import dump_workflow, parse_workflow

TOGETHER = screened_together(social_content(), ("content_creator", "tone_editor"), 2).named("acme")


def test_it_is_sound_and_survives_its_document() -> None:
    """No finding; to text and back is the same digest."""
    assert () == TOGETHER.findings()
    assert TOGETHER.digest == parse_workflow(dump_workflow(TOGETHER, "toml"), "toml").digest


def test_votes_lapse_when_the_idea_is_rewritten(desk: Any) -> None:
    """Before it is favoured: who was for the old words is asked again."""
    at = desk(TOGETHER).until("concept.screening")
    at.do("cleo", "favour")
    at.do("sam", "edit", title="Before the scenes")

    at.do("tony", "favour")

    assert ("marked",) == at.refuses("sam", "accept", **at.screening())
    at.do("cleo", "favour")
    at.do("sam", "accept", **at.screening())


@pytest.mark.parametrize("voter", ["sam", "lea", "cyrus"])
def test_who_does_not_belong_to_it_has_no_vote(desk: Any, voter: str) -> None:
    """Not even whoever accepts it."""
    at = desk(TOGETHER).until("concept.screening")

    assert ("role",) == at.refuses(voter, "favour")


def test_what_comes_back_with_other_words_is_favoured_anew(desk: Any) -> None:
    """Shelved and revived as it was, it still is; votes for what it was are none for what it is."""
    at = desk(TOGETHER).until("concept.screening")
    at.do("cleo", "favour")
    at.do("tony", "favour")
    for title in ("Behind the scenes", "Before the scenes"):
        assert {"favoured"} == set(at.item.marks)
        review = (at.now + timedelta(days=9)).isoformat()
        at.do("sam", "shelve", reason="no money", review_at=review)
        at.do("sam", "revive")
        at.do("sam", "edit", title=title)
        at.do("sam", "start_screening")

    assert ("marked",) == at.refuses("sam", "accept", **at.screening())
    at.do("cleo", "favour")
    at.do("tony", "favour")
    at.do("sam", "accept", **at.screening())
