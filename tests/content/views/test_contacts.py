"""Contacts, and what might be answered."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from socialflow.content.department import Message
from socialflow.content.views.contacts import Suggestion, contact, suggestions
from socialflow.errors import ItemNotFound


def test_only_one_author_is_told_of(office: Any) -> None:
    """Oldest first, with the state that each is in; somebody else's words are not among them."""
    office.hear("fourth", "mute", author="another")

    assert ["first", "third", "second"] == [one.item for one in contact(office.store, "second")]
    assert ["fourth"] == [one.item for one in contact(office.store, "fourth")]


def test_content_has_no_author_outside(office: Any) -> None:
    """Nobody has written it to us."""
    assert () == contact(office.store, "live")


@pytest.mark.parametrize("view", [contact, lambda store, id: suggestions(store, None, id, None)])
def test_what_is_not_there_is_named(office: Any, view: Any) -> None:
    """A typed error, not an empty answer."""
    with pytest.raises(ItemNotFound):
        view(office.store, "nothing")


def test_words_that_were_used_for_the_same_come_first(office: Any) -> None:
    """An answer to another intent counts for nothing, and drafts are not proposed."""
    messages = [
        Message("a", "words", "reply_snippet"),
        Message("b", "more words", "reply_snippet"),
        Message("c", "not yet", "reply_snippet", "draft"),
    ]
    department = attrs.evolve(office.department, messages=messages)
    for id, intent in (("first", "question"), ("third", "complaint")):
        office.do(id, "cyrus", "triage", intent=intent)
        office.do(id, "cyrus", "take")
        office.do(id, "cyrus", "draft_reply", reply="so it is", snippet="b")

    def seen(id: str) -> tuple[Suggestion, ...]:
        return suggestions(office.store, department, id, office.now)

    assert [("b", 1), ("a", 0)] == [(one.key, one.used) for one in seen("second")]
    assert seen("third") == seen("second")
