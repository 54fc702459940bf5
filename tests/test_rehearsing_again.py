"""Rehearsals that are repeated, or go on where another one was left or killed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from replays import BLOG, MIXED, STRICT, history, log, rehearsed, store

from socialflow.chain import audit
from socialflow.engine import Engine
from socialflow.rehearsal import OnRefusal, Rehearsal
from socialflow.stores.sql import SqlStore


@pytest.mark.parametrize("on_refusal", ["record", "stop"])
def test_a_second_replay_reports_the_same_and_changes_no_byte(
    tmp_path: Path, on_refusal: OnRefusal
) -> None:
    """What was performed is repeated now; everything else is as it was."""
    kept = store()
    first = rehearsed(log(tmp_path, *MIXED), kept, STRICT, on_refusal=on_refusal)
    dump = kept.dump()

    second = rehearsed(log(tmp_path, *MIXED), kept, STRICT, on_refusal=on_refusal)

    assert dump == kept.dump()
    assert attrs.evolve(first, performed=0, repeated=first.performed) == second


def test_a_replay_goes_on_where_another_one_was_left(tmp_path: Path) -> None:
    """Wherever that was, what comes out equals an uninterrupted replay, byte for byte."""
    told = log(tmp_path, *MIXED)
    whole = store()
    rehearsed(told, whole, STRICT)

    for lines in range(len(MIXED) + 1):
        kept = store()
        begun = Rehearsal(told, STRICT, BLOG, kept).play()
        for _ in range(lines):
            next(begun)
        rehearsed(told, kept, STRICT)
        assert whole.dump() == kept.dump(), f"left after {lines} lines"


@pytest.mark.parametrize("on_refusal", ["record", "stop"])
def test_a_replay_goes_on_after_a_crash_between_any_two_writes(
    tmp_path: Path, on_refusal: OnRefusal
) -> None:
    """Also in the middle of a line, and between a refusal and its note."""
    told = log(tmp_path, *MIXED)
    whole = store()
    rehearsed(told, whole, STRICT, on_refusal=on_refusal)
    crashes = 0

    for kept in iter(store, None):
        dying = Dying(kept, crashes)
        try:
            rehearsed(told, dying, STRICT, on_refusal=on_refusal)
        except Death:
            rehearsed(told, kept, STRICT, on_refusal=on_refusal)
            assert whole.dump() == kept.dump(), f"died at transaction {crashes}"
            crashes += 1
        else:
            break

    assert crashes >= len([entry for item in ("one", "two") for entry in history(whole, item)])


class Death(Exception):
    """The process is no more."""


class Dying:
    """A store in a process that dies before its nth transaction."""

    def __init__(self, kept: SqlStore, transactions: int) -> None:
        self._kept = kept
        self._left = transactions

    def begin(self, *alone: str) -> Any:
        """Open a unit of work, if there is still time."""
        if not self._left:
            raise Death
        self._left -= 1
        return self._kept.begin(*alone)

    def rows(self, query: Any) -> Iterator[Any]:
        """As the store answers."""
        return self._kept.rows(query)


LINES = st.builds(
    "{} {} {} {} {}".format,
    st.integers(10, 23),
    st.sampled_from(["one", "two"]),
    st.sampled_from(["drafted", "revised", "merged", "merged", "corrected"]),
    st.sampled_from(["ann", "ben", "guest"]),
    st.integers(1, 2),
)


@given(st.lists(LINES, max_size=14), st.sampled_from(["record", "stop"]), st.data())
def test_whatever_a_log_tells_a_second_replay_changes_no_byte(
    tmp_path_factory: pytest.TempPathFactory,
    lines: list[str],
    on_refusal: OnRefusal,
    data: st.DataObject,
) -> None:
    """
    In any order, events that make no sense there included: every line has one answer, a replay
    after one that was left anywhere ends in the same bytes, and the report says the same.
    """
    told = log(tmp_path_factory.getbasetemp(), *lines)
    whole, parted = store(), store()
    begun = Rehearsal(told, STRICT, BLOG, parted, on_refusal=on_refusal).play()
    for _ in range(data.draw(st.integers(0, len(lines)))):
        next(begun)

    first = rehearsed(told, whole, STRICT, on_refusal=on_refusal)
    dump = whole.dump()
    second = rehearsed(told, whole, STRICT, on_refusal=on_refusal)
    rest = rehearsed(told, parted, STRICT, on_refusal=on_refusal)

    assert len(lines) == first.performed + first.refused + first.not_tried
    assert attrs.evolve(first, performed=0, repeated=first.performed) == second
    assert attrs.evolve(rest, performed=0, repeated=first.performed) == second
    assert dump == whole.dump() == parted.dump()
    assert () == audit(whole)


def test_what_was_stopped_can_be_recorded_later(tmp_path: Path) -> None:
    """The refusal that is noted stands; the lines that were not tried are tried now."""
    kept = store()
    told = log(tmp_path, *MIXED)
    rehearsed(told, kept, STRICT, on_refusal="stop")

    report = rehearsed(told, kept, STRICT)

    assert (3, 4, 1) == (report.performed, report.repeated, report.waived)
    assert ("response.listening",) == Engine(kept).item("one").marking
