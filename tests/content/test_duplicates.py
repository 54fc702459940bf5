"""Duplicates: what is alike is found, what is not is left alone, and nothing is its own twin."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialflow import Item, Scope, Token
from socialflow.content.duplicates import Duplicates, normal_link, shingles
from socialflow.items import Beside
from socialflow.plain import freeze

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
TEXT = "Behind the scenes at our bakery: how the bread is made before the town wakes up"
NEAR = "Behind the scenes at our bakery: how the bread is made before the city wakes up"
OTHER = "Come and join us on Saturday: we open a new shop in the old harbour"
CHINESE = "我们的面包是怎样在城市醒来之前做好的"


def item(id: str, state: str = "production.drafting", **data: Any) -> Item:
    """A post as it is kept."""
    tokens = (Token(state, 1, NOON),)
    return Item(id, f"post:{id}", "w", Scope(), tokens, (), freeze(data), (), (), (), 1)


def why(known: Item, asked: Item, at: datetime = NOON) -> set[str]:
    """For what reasons the known item is a candidate for the one that is asked about."""
    return {one.why for one in Duplicates.of([known]).candidates(asked, at)}


@pytest.mark.parametrize(
    ("known", "asked", "reasons"),
    [
        ({"body": TEXT}, {"body": TEXT.upper().replace(" ", "\n")}, {"exact", "near"}),
        ({"body": TEXT}, {"body": NEAR}, {"near"}),
        ({"body": TEXT}, {"body": OTHER}, set()),
        ({"body": CHINESE}, {"body": CHINESE[:-1] + "了"}, {"near"}),
        ({"body": ""}, {"body": ""}, set()),
        ({"title": "Bread at dawn"}, {"title": "bread at DAWN", "pitch": None}, {"near"}),
        ({"title": "Bread at dawn"}, {"body": "Bread at dawn"}, set()),
        ({"media": ["a", "b"]}, {"media": ["b", "a"]}, {"exact"}),
        ({"media": ["a"]}, {"media": ["b"]}, set()),
        ({"host_digest": "sha256:1"}, {"host_digest": "sha256:1"}, {"exact"}),
        ({"host_digest": "sha256:1"}, {"host_digest": "sha256:2"}, set()),
        ({"links": ["https://www.a.com/x/?utm_id=1"]}, {"links": ["http://a.com/x#top"]}, {"link"}),
        ({"links": ["https://a.com/x?p=1"]}, {"links": ["https://a.com/x?p=2"]}, set()),
    ],
)
def test_what_is_alike_is_found_and_what_is_not_is_left_alone(
    known: dict[str, Any], asked: dict[str, Any], reasons: set[str]
) -> None:
    """S0-15: the same content, the same link, nearly the same words, or the same idea."""
    assert reasons == why(item("1", **known), item("2", **asked))


@pytest.mark.parametrize(("minutes", "together"), [(59, True), (-59, True), (60, False)])
def test_two_posts_on_one_account_keep_their_distance(minutes: int, together: bool) -> None:
    """Less than a window apart is together; on another account nothing is."""
    then = (NOON + timedelta(minutes=minutes)).isoformat()
    known = item("1", accounts=["a", "b"], publish_at=NOON.isoformat())

    assert together == bool(why(known, item("2", accounts=["b"], publish_at=then)))
    assert together == bool(why(known, item("2", account="b", planned_for=then)))
    assert set() == why(known, item("2", accounts=["c"], publish_at=then))


@pytest.mark.parametrize("end", ["rejected", "cancelled", "recalled"])
def test_what_never_went_out_is_no_duplicate(end: str) -> None:
    """Rejected, cancelled or recalled content stands in nobody's way; what was closed does."""
    assert set() == why(item("1", f"end.{end}", body=TEXT), item("2", body=TEXT))
    assert why(item("1", "end.closed", body=TEXT), item("2", body=TEXT))


def test_nobody_is_their_own_twin_nor_their_familys() -> None:
    """An item, its parent, its children and their like share content on purpose."""
    one = item("1", body=TEXT)
    child, twin = (attrs.evolve(item(n, body=TEXT), beside=Beside(parent="1")) for n in "23")

    assert set() == why(one, one) | why(one, child) | why(child, one) | why(child, twin)
    assert why(child, item("4", body=TEXT))


def test_what_is_old_may_be_said_again() -> None:
    """A year later, nobody minds."""
    known, asked = item("1", body=TEXT), item("2", body=TEXT)

    assert why(known, asked, NOON + timedelta(days=365))
    assert set() == why(known, asked, NOON + timedelta(days=366))


def test_an_item_is_known_as_it_was_added_last() -> None:
    """What it said before, or where it was planned before, is forgotten."""
    index = Duplicates.of([item("1", body=TEXT, accounts=["a"], publish_at=NOON.isoformat())])
    index.add(item("1", body=OTHER))

    asked = item("2", body=TEXT, accounts=["a"], publish_at=NOON.isoformat())
    assert () == index.candidates(asked, NOON)
    assert ["1"] == [one.item for one in index.candidates(item("2", body=OTHER), NOON)][:1]
    index.discard("1")
    assert (0, ()) == (len(index), index.candidates(item("2", body=OTHER), NOON))


def test_the_most_alike_comes_first() -> None:
    """Candidates say how much alike they are."""
    index = Duplicates.of([item("1", body=NEAR), item("2", body=TEXT)])
    found = index.candidates(item("3", body=TEXT), NOON)

    assert ["2", "2", "1"] == [one.item for one in found]
    assert 1.0 == found[0].similarity > found[2].similarity >= 0.6


def test_a_threshold_is_a_share() -> None:
    """Above zero, at most one."""
    with pytest.raises(ValueError, match="threshold"):
        Duplicates(threshold=0)


def test_a_link_that_is_none_is_compared_as_it_is() -> None:
    """Nobody has to write a right one."""
    assert "http://[x" == normal_link("http://[x")


TEXTS = st.lists(st.sampled_from("abcd"), max_size=9).map(" ".join)


@given(st.lists(TEXTS, max_size=12), TEXTS, st.floats(0.05, 1))
def test_no_near_text_is_overlooked(bodies: list[str], body: str, threshold: float) -> None:
    """Looking only behind the rarest shingles finds what comparing with every text finds."""
    index = Duplicates(threshold=threshold)
    for n, one in enumerate(bodies):
        index.add(item(str(n), body=one))
    mine = shingles(body)
    wanted = {
        str(n)
        for n, theirs in enumerate(map(shingles, bodies))
        if mine | theirs and len(mine & theirs) / len(mine | theirs) >= threshold
    }

    found = index.candidates(item("asked", body=body), NOON)

    assert wanted == {one.item for one in found if one.why == "near"}
