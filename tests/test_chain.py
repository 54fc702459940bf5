"""The chain of a history: each entry is sealed over what it says and over the one before."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from socialflow.chain import entry_of, link
from socialflow.plain import FrozenDict, digest
from socialflow.testing.changes import born, later


def test_an_entry_is_sealed_over_the_one_before() -> None:
    """Equal events at equal places behind equal entries have equal hashes; else they differ."""
    event = born("a", data={"title": "one"}, key="k").event
    sealed = link(event, 1, "")

    assert sealed.hash == link(event, 1, "").hash
    assert sealed.hash != link(event, 2, "").hash
    assert sealed.hash != link(event, 1, sealed.hash).hash


@pytest.mark.parametrize(
    "changes",
    [
        {"item": "b"},
        {"version": 2},
        {"action": "adopt"},
        {"roles": ("author",)},
        {"tokens": ()},
        {"keeps": ()},
        {"asked": "a fingerprint"},
        {"changed": FrozenDict(contributors=("ann",))},
        {"changed": FrozenDict(contributors=())},
        {"origin": None},
    ],
    ids=str,
)
def test_the_seal_covers_everything_about_an_event(changes: dict[str, Any]) -> None:
    """Whatever is changed about an event changes its hash."""
    event = born("a", data={"title": "one"}).event

    assert link(event, 1, "").hash != link(attrs.evolve(event, **changes), 1, "").hash


@pytest.mark.parametrize(
    "changes",
    [
        {"action": "other"},
        {"by": "tom"},
        {"at": later(1)},
        {"data": {"title": "two"}},
        {"data": None},
        {"to": "review"},
        {"expect": 0},
        {"key": ""},
        {"waive": {"four_eyes": "a holiday"}},
    ],
    ids=str,
)
def test_the_seal_covers_everything_about_a_command(changes: dict[str, Any]) -> None:
    """Whatever is changed about the order changes the hash of its entry."""
    event = born("a", data={"title": "one"}).event
    other = attrs.evolve(event, command=attrs.evolve(event.command, **changes))

    assert link(event, 1, "").hash != link(other, 1, "").hash


def test_the_seal_covers_data_by_its_digest_only() -> None:
    """So that data can be erased: the entry keeps the digest, and the hash stays."""
    event = born("a", data={"title": "one"}).event

    entry = entry_of(event, link(event, 1, ""))

    assert digest('{"title":"one"}') == entry.digest
    assert ("", 1, event) == (entry.previous, entry.n, entry.event)


def test_an_empty_form_is_not_the_same_as_no_data() -> None:
    """Data that says nothing has a digest, no data has none."""
    event = born("a").event
    filled = attrs.evolve(event, command=attrs.evolve(event.command, data={}))

    assert "" == link(event, 1, "").digest
    assert digest("{}") == link(filled, 1, "").digest
