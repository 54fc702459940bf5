"""Moments and spans: points in time out of an item's data, and their spelling."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialflow.moments import Moment, days, hours, minutes, read_span, span_text

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)

spans = st.integers(-(10**8), 10**8).map(lambda n: timedelta(seconds=n))


@given(spans)
def test_a_span_comes_back_from_its_text(span: timedelta) -> None:
    """ISO 8601 says every span of whole seconds, and reads it back."""
    assert span == read_span(span_text(span))


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (days(1), "P1D"),
        (hours(12), "PT12H"),
        (minutes(-5), "-PT5M"),
        (days(1) + minutes(90), "P1DT1H30M"),
        (timedelta(), "P0D"),
        (timedelta(seconds=7), "PT7S"),
    ],
)
def test_a_span_is_written_in_iso_8601(span: timedelta, text: str) -> None:
    """The largest unit is the day; what is nothing is left out."""
    assert text == span_text(span)


@pytest.mark.parametrize("text", ["", "P", "PT", "1D", "P1W", "P1M", "-P", "P1DT", "p1d", "P1D "])
def test_what_is_no_span_is_told(text: str) -> None:
    """The error says how one is written."""
    with pytest.raises(ValueError, match=r"as in P1D, PT12H or -PT5M"):
        read_span(text)


def test_a_moment_is_taken_from_the_data() -> None:
    """The field's moment and the offset; None where the field is empty."""
    before = Moment("publish_at", minutes(-15))

    assert NOON - minutes(15) == before.of({"publish_at": NOON.isoformat()})
    assert before.of({}) is None
    assert before.of({"publish_at": None}) is None
