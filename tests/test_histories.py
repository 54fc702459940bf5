"""The checker of histories: what is right passes, and every planted anomaly is named."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialflow.testing.histories import Call, Stored, check

RIGHT = [
    Call("a", 0, 1, "one", 1),
    Call("a", 2, 3, "two", 2),
    Call("a", 2.5, 3.5, version=1),
    Call("a", 4, 5, "three", 3, expect=2),
    Call("a", 4.5, 6, "two", 2),
    Call("a", 6, 7, version=3),
    Call("a", 6, None, "four"),
    Call("a", 7, 8, "five", None),
]
ENTRIES = [Stored(1, "one"), Stored(2, "two"), Stored(3, "three")]


def kinds(calls: list[Call], entries: list[Stored]) -> list[str]:
    """Kinds of anomalies, sorted."""
    return sorted({one.kind for one in check(calls, {"a": entries})})


def test_what_is_right_passes() -> None:
    """Repeats, reads, refusals and calls without an answer included."""
    assert () == check(RIGHT, {"a": ENTRIES})
    assert () == check(RIGHT, {"a": [*ENTRIES, Stored(4, "four")]})
    assert () == check(RIGHT, {"a": [*ENTRIES, Stored(3), Stored(4)]})


@pytest.mark.parametrize(
    ("kind", "calls", "entries"),
    [
        ("lost", [], ENTRIES[:2]),
        ("twice", [], [*ENTRIES, Stored(4, "two")]),
        ("refused", [], [*ENTRIES, Stored(4, "five")]),
        ("unasked", [], [*ENTRIES, Stored(4, "six")]),
        ("gap", [], [*ENTRIES[:2], Stored(4, "three")]),
        ("version", [Call("a", 4, 5, "three", 2)], ENTRIES),
        ("version", [Call("a", 4, 5, version=7)], ENTRIES),
        ("expected", [Call("a", 4, 5, "three", 3, expect=1)], ENTRIES),
        ("order", [Call("a", 6, 7, version=2)], ENTRIES),
        ("order", [Call("a", 0.2, 0.4, version=2)], ENTRIES),
        ("order", [Call("a", 2.6, 2.7, version=3)], ENTRIES),
        ("order", [], [ENTRIES[1], ENTRIES[0], ENTRIES[2]]),
    ],
)
def test_a_planted_anomaly_is_named(kind: str, calls: list[Call], entries: list[Stored]) -> None:
    """Each kind: a lost answer, a command that happened twice, a read of the past ..."""
    assert kind in kinds([*RIGHT, *calls], entries)


def test_two_reads_may_not_go_back() -> None:
    """Whoever reads after somebody has read sees what they saw, or later."""
    ahead, back = Call("a", 4.1, 4.2, version=3), Call("a", 4.3, 4.4, version=2)

    assert [] == kinds([*RIGHT, ahead], ENTRIES) == kinds([*RIGHT, back], ENTRIES)
    assert ["order"] == kinds([*RIGHT, ahead, back], ENTRIES)


def test_what_takes_no_version_is_between_two_reads_of_one() -> None:
    """Nobody who reads sees a note; but notes have an order among themselves."""
    entries = [Stored(1, "one"), Stored(1, "first"), Stored(1, "second")]
    calls = [
        Call("a", 0, 1, "one", 1),
        Call("a", 1, 2, "first", 1),
        Call("a", 3, 4, version=1),
        Call("a", 5, 6, "second", 1),
    ]

    assert [] == kinds(calls, entries)
    assert ["order"] == kinds(calls, [entries[0], entries[2], entries[1]])


def test_what_was_refused_may_be_asked_for_again() -> None:
    """It is wrong only to refuse what has been acknowledged before."""
    again = Call("a", 10, 11, "five", 4)
    entries = [*ENTRIES, Stored(4, "five")]

    assert [] == kinds([*RIGHT, again], entries)
    assert ["refused"] == kinds([*RIGHT, again, Call("a", 12, 13, "five")], entries)


def test_an_item_without_a_history_has_lost_everything() -> None:
    """What was acknowledged of it is lost, though nothing of it is stored."""
    assert ["lost"] == [one.kind for one in check([Call("b", 0, 1, "x", 1)], {})]


@given(st.data())
def test_calls_that_took_effect_at_a_moment_within_are_right(data: st.DataObject) -> None:
    """However they overlap: whoever happens one after the other is never complained of."""
    calls = []
    entries = []
    for n in range(1, data.draw(st.integers(1, 12)) + 1):
        before, behind = data.draw(st.floats(0, 5)), data.draw(st.floats(0, 5))
        reads = data.draw(st.booleans()) and len(entries) > 0
        if not reads:
            entries.append(Stored(len(entries) + 1, f"{n}"))
        mark = None if reads else f"{n}"
        calls.append(Call("a", n - before, n + behind, mark, len(entries)))

    assert () == check(data.draw(st.permutations(calls)), {"a": entries})


def test_a_thousand_valid_histories_raise_no_alarm() -> None:
    """Clients that overlap, repeat, expect, are refused and never hear: nothing to complain of."""
    chance = Random(7)
    for _ in range(1000):
        calls: list[Call] = []
        entries: list[Stored] = []
        for n in range(chance.randrange(1, 30)):
            began, ended = n - 6 * chance.random(), n + 6 * chance.random()
            kind = chance.choice(("write", "write", "read", "refused", "unheard", "repeated"))
            done = [one for one in calls if one.mark is not None and not one.was_refused]
            if kind == "read" and entries:
                calls.append(Call("a", began, ended, version=len(entries)))
            elif kind == "refused":
                calls.append(Call("a", began, ended, f"no {n}", expect=len(entries) + 3))
            elif kind == "repeated" and done:
                before = chance.choice(done)
                version = next(one.version for one in entries if one.mark == before.mark)
                calls.append(Call("a", ended, ended + 1, before.mark, version, before.expect))
            else:
                expect = chance.choice((None, len(entries)))
                entries.append(Stored(len(entries) + 1, f"{n}"))
                heard = kind != "unheard"
                version = len(entries) if heard else None
                calls.append(Call("a", began, ended if heard else None, f"{n}", version, expect))
        chance.shuffle(calls)

        assert () == check(calls, {"a": entries})
