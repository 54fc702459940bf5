"""What stores keep: values as JSON text, the same text for the same value, and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialflow.codec import (
    decode_event,
    decode_item,
    decode_time,
    encode_data,
    encode_event,
    encode_item,
    encode_time,
)
from socialflow.decisions import apply, rebuild
from socialflow.items import Event, Item
from socialflow.people import Scope
from socialflow.plain import FrozenDict, freeze
from socialflow.testing.changes import born
from socialflow.testing.strategies import histories, workflows

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(), parts, max_size=3),
    max_leaves=12,
).filter(lambda value: not isinstance(value, float) or abs(value) != float("inf"))
data = st.dictionaries(
    st.text(), plain.map(lambda value: json.loads(json.dumps(value, default=str))), max_size=4
).filter(lambda one: "Infinity" not in json.dumps(one))


def item_again(item: Item) -> Item:
    return decode_item(item.id, item.ref, item.workflow, item.version, encode_item(item))


def event_again(event: Event) -> Event:
    command = event.command
    return decode_event(
        event.item,
        event.version,
        event.action,
        command.by,
        encode_time(command.at),
        command.key,
        encode_event(event),
        encode_data(command.data),
    )


@given(st.data())
def test_every_event_and_item_comes_back_as_it_was(draw: st.DataObject) -> None:
    """Whatever a workflow makes of an item: text and back gives equal values, and equal text."""
    workflow = draw.draw(workflows())
    events = draw.draw(histories(workflow))

    again = [event_again(event) for event in events]
    item = rebuild(events)

    assert events == again
    assert [encode_event(one) for one in events] == [encode_event(one) for one in again]
    assert item == item_again(item) == rebuild(again)
    assert encode_item(item) == encode_item(item_again(item))


@given(data, st.sampled_from((Scope(), Scope(brand="a"), Scope(brand=("b", "a"), region="ü"))))
def test_any_data_comes_back_as_it_was(given_data: dict[str, Any], scope: Scope) -> None:
    """Every text, number and nesting, in the item and in the command, with its types."""
    kept = born("a", data=given_data, scope=scope)

    item, event = item_again(kept.item), event_again(kept.event)

    assert (kept.item, kept.event) == (item, event)
    assert repr(kept.item.data) == repr(item.data)
    assert repr(kept.event.command.data) == repr(event.command.data)
    assert apply(None, event) == kept.item


@given(data)
def test_what_is_decoded_is_deeply_immutable(given_data: dict[str, Any]) -> None:
    """Mappings are frozen and lists are tuples, all the way down."""
    kept = born("a", data={"inner": given_data})

    for found in (item_again(kept.item).data, event_again(kept.event).command.data):
        _assert_frozen(found)


def _assert_frozen(value: Any) -> None:
    assert not isinstance(value, list)
    if isinstance(value, dict):
        assert FrozenDict is type(value)
        for part in value.values():
            _assert_frozen(part)
    if isinstance(value, tuple):
        for part in value:
            _assert_frozen(part)


def test_what_is_not_said_takes_no_room() -> None:
    """A plain item is told by its token alone."""
    item = born("a").item

    assert '{"tokens":[["writing.drafting",1,"2026-05-01T12:00:00+00:00"]]}' == encode_item(item)


def test_nothing_is_not_the_same_as_left_alone() -> None:
    """An event that cleared a list says so, one that did not touch it does not."""
    event = born("a").event
    cleared = attrs.evolve(
        event, changed=freeze({"contributors": (), "signatures": (), "idle": (), "authors": ()})
    )

    assert cleared == event_again(cleared) != event_again(event) == event


def test_data_that_says_nothing_is_not_the_same_as_no_data() -> None:
    """An empty form was filled in; where there is none, nothing was asked."""
    assert "{}" == encode_data(freeze({}))
    assert encode_data(None) is None


def test_text_is_kept_readable() -> None:
    """What a person wrote can be read in the database as it was written."""
    assert '{"title":"Grüße 🦊"}' == encode_data(freeze({"title": "Grüße 🦊"}))


@given(st.data())
def test_the_same_moment_has_one_text(draw: st.DataObject) -> None:
    """Whatever its zone; and texts are in the order of the moments."""
    moments = st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30))
    offsets = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
    first, second = (draw.draw(moments).replace(tzinfo=UTC) for _ in range(2))
    elsewhere = first.astimezone(draw.draw(offsets))

    assert encode_time(first) == encode_time(elsewhere)
    assert first == decode_time(encode_time(elsewhere))
    assert decode_time(encode_time(first)).tzinfo is UTC
    assert (first < second) == (encode_time(first) < encode_time(second))


@pytest.mark.parametrize("text", ["", "not json", "[]", "{}", '{"tokens":7}'])
def test_what_is_no_item_is_not_read_as_one(text: str) -> None:
    """Text that nobody here wrote is an error, never half an item."""
    with pytest.raises((ValueError, KeyError, TypeError)):
        decode_item("a", None, "x", 1, text)
