"""Assignees: who may be given work, and who is chosen."""

from __future__ import annotations

from datetime import UTC, datetime

from socialflow import Grant, Member, Scope, Team
from socialflow.content.assignees import (
    Strategy,
    best_skill,
    candidates,
    least_loaded,
    manual,
    of_category,
    round_robin,
)
from socialflow.people import Capacity, Period

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ANN = Member("ann", "author", skills={"facebook": 1}, hours=Capacity(2, 4))
BOB = Member("bob", "author", skills={"facebook": 3})
CAT = Member("cat", "author", skills={"facebook": 3}, hours=Capacity(0, 0))
ALL = (ANN, BOB, CAT)


def test_candidates_hold_the_role_here_and_are_not_absent() -> None:
    """Neither somebody elsewhere, nor somebody who is away."""
    away = Member("away", "author", absent=Period(NOON))
    other = Member("other", Grant("author", Scope(brand="other")))
    team = Team([ANN, away, other, Member("ed", "editor")])

    assert (ANN,) == candidates(team, "author", Scope(brand="acme"), NOON)


def test_the_least_loaded_has_the_smallest_part_of_their_hours_taken() -> None:
    """Two hours of four are more than six of eighteen; who has no hours comes last."""
    assert BOB == least_loaded(ALL, {"ann": 2, "bob": 6})
    assert ANN == least_loaded(ALL, {"ann": 1, "bob": 6})


def test_the_best_skilled_is_chosen_and_of_equals_the_least_loaded() -> None:
    """A platform that nobody knows is a matter of load alone."""
    assert BOB == best_skill("facebook")(ALL, {"bob": 17})
    assert ANN == best_skill("flickr")(ALL, {"bob": 17})


def test_a_category_is_done_by_the_unit_that_looks_after_it() -> None:
    """The least loaded of those who belong to it; nobody for what no unit looks after."""
    dora, dan = Member("dora", unit="design"), Member("dan", unit="design")
    choose = of_category("picture", {"picture": "design"})

    assert dan == choose((ANN, dora, dan), {"dora": 1})
    assert choose((ANN, BOB), {}) is None
    assert of_category(None, {"picture": "design"})((ANN, dora), {}) is None


def test_turns_go_round() -> None:
    """The next after the last, and the first again; someone who has left keeps their place."""
    assert [ANN, BOB, ANN] == [round_robin(last)(ALL, {}) for last in (None, "ann", "cat")]
    assert CAT == round_robin(lambda: "bobby")(ALL, {})


def test_of_nobody_nobody_is_chosen_and_by_hand_never() -> None:
    """No candidate is no error."""
    assert [None] * 3 == [one((), {}) for one in (least_loaded, best_skill("x"), round_robin(None))]
    by_hand: Strategy = manual
    assert by_hand(ALL, {}) is None
