"""What is out: whether people were answered, what it lacks, and what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from socialflow.content.views.compliance import published_without
from socialflow.content.views.listening import Listening, listening
from socialflow.content.views.mix import Purpose, content_mix
from socialflow.content.views.ripple import ripple
from socialflow.content.views.unanswered import published_without_response
from socialflow.errors import ItemNotFound

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def answer(office: Any, id: str) -> None:
    """Somebody answers a comment."""
    office.do(id, "cora", "triage", intent="question")
    office.do(id, "cora", "take")
    office.do(id, "cora", "draft_reply", reply="Thank you")
    office.do(id, "cora", "send_reply")


# -- published without response


def test_what_is_out_and_answered_nobody_is_told(office: Any) -> None:
    """Where most people wait first; what counted its answers is not among it."""
    told = published_without_response(office.store)

    assert [("live", 2), ("mute", 1)] == [(one.item, one.waiting) for one in told]


def test_one_answer_is_a_response(office: Any) -> None:
    """Also when the comment has been closed since."""
    answer(office, "first")
    answer(office, "third")
    office.do("third", "cora", "close")

    assert [] == [*published_without_response(office.store)]


@pytest.mark.parametrize("policy", ["passive", "none"])
def test_what_is_not_to_be_answered_is_not_missed(empty: Any, policy: str) -> None:
    """By its own policy."""
    empty.put("quiet", "evaluation.collecting", response_policy=policy)

    assert () == published_without_response(empty.store)


def test_what_was_dismissed_is_no_answer_and_waits_no_more(office: Any) -> None:
    """Spam, say."""
    office.do("third", "cora", "dismiss", reason="spam")

    assert ("mute", 0) in [
        (one.item, one.waiting) for one in published_without_response(office.store)
    ]


# -- published without something


def test_what_went_the_usual_way_lacks_nothing(desk: Any) -> None:
    """Nothing is missing, waived or forced."""
    at_work = desk().until("promotion.open")

    assert () == published_without(at_work.engine.store, at_work.workflow)


def test_what_was_taken_over_has_not_been_signed(office: Any) -> None:
    """Each stage that signs is missing; what is not out yet is not looked at."""
    told = published_without(office.store, office.workflow)

    assert {"live", "mute", "done"} == {one.item for one in told}
    assert {"tone", "approval"} == {one.without for one in told}


def test_it_can_be_asked_for_one_thing(office: Any) -> None:
    """Who published without tone?"""
    told = published_without(office.store, office.workflow, what="tone")

    assert [("done", "tone"), ("live", "tone"), ("mute", "tone")] == [
        (one.item, one.without) for one in told
    ]


def test_a_tie_that_nobody_disclosed_is_told(empty: Any) -> None:
    """As soon as it is out."""
    empty.put("paid", "response.listening", ties="paid")
    empty.put("fair", "response.listening", ties="paid", disclosure="Ad")

    told = published_without(empty.store, empty.workflow, what="disclosure")

    assert ["paid"] == [one.item for one in told]


def test_a_waiver_is_told_with_who_and_why(desk: Any) -> None:
    """It stands in the history of what is out."""
    at_work = desk().until("evaluation.collecting")
    data = {"feedback": "warm", "results": {}}
    at_work.do_waiving("ana", "analyse", {"metrics_measured": "the platform is down"}, **data)

    (lapse,) = published_without(at_work.engine.store, at_work.workflow)

    assert ("metrics_measured", "ana", "the platform is down") == (
        lapse.without,
        lapse.by,
        lapse.reason,
    )


# -- listening


def test_listening_counts_what_came_and_how_soon_it_was_answered(office: Any) -> None:
    """Two of three have had an answer; what was before the period does not count."""
    answer(office, "first")
    answer(office, "second")

    told = listening(office.store, office.now - 2 * DAY, office.now + HOUR)

    assert (2, 2, 38.5, 72.0) == (told.arrived, told.answered, told.median_hours, told.p90_hours)
    assert (0, 1.0) == (told.published, told.listening_ratio)


def test_work_among_ourselves_is_weighed_against_work_for_others(office: Any) -> None:
    """Four steps for a reader; a note and a rejection among ourselves."""
    answer(office, "first")
    office.do("draft", "lea", "note", text="when?")

    told = listening(office.store, office.now, office.now + HOUR)

    assert (2, 4, 0.667) == (told.inward, told.outward, told.outward_share)


def test_what_goes_live_counts_once(desk: Any) -> None:
    """However many accounts it is on."""
    at_work = desk().until("promotion.open")

    told = listening(at_work.engine.store, at_work.now - DAY, at_work.now + DAY)

    assert (1, 0, 0.0) == (told.published, told.answered, told.listening_ratio)


def test_nothing_was_heard_where_nothing_is(empty: Any) -> None:
    """And nothing is divided by nothing."""
    told = listening(empty.store, empty.now - DAY, empty.now)

    assert Listening(0, 0, None, None, 0, 0.0, 0, 0, 0.0) == told


# -- mix


def test_the_mix_tells_what_content_is_for(office: Any) -> None:
    """Every purpose has a line."""
    told = content_mix(office.store, office.now - 3 * DAY, office.now + 27 * DAY)

    assert (
        Purpose("product", 1, 0.25),
        Purpose("help", 2, 0.5),
        Purpose("interaction", 0, 0.0),
        Purpose("entertainment", 0, 0.0),
        Purpose("none", 1, 0.25),
    ) == told


# -- ripple


def test_a_ripple_is_what_was_made_out_of_an_item_and_out_of_that(empty: Any) -> None:
    """By what the item says was shared again; each once, however it is reached."""
    empty.put("stone", "evaluation.collecting", reshared=["post:one", "post:two"])
    empty.put("one", "evaluation.collecting", reshared=["post:three"])
    empty.put("two", "evaluation.collecting", reshared=["post:three", "post:gone"])
    empty.put("three", "evaluation.collecting", reshared=["post:stone"])
    empty.put("apart", "concept.idea")

    told = ripple(empty.store, "post:stone")

    assert [(0, "stone", None), (1, "one", "stone"), (2, "three", "one"), (1, "two", "stone")] == [
        (one.ring, one.item, one.out_of) for one in told
    ]


def test_an_item_is_found_by_its_id_as_well(empty: Any) -> None:
    """And alone if nothing was made of it."""
    empty.put("stone", "concept.idea")

    assert ["stone"] == [one.item for one in ripple(empty.store, "stone")]
    with pytest.raises(ItemNotFound):
        ripple(empty.store, "pebble")
