"""Plain data: what JSON can say, deeply immutable, with one canonical form."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialflow.plain import EMPTY, FrozenDict, canonical, digest, freeze

atoms = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-9, 9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=3),
)
plain = st.recursive(
    atoms,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)


def as_json(value: Any) -> Any:
    """The value after a journey through JSON text."""
    return json.loads(json.dumps(value))


def is_frozen(value: Any) -> bool:
    """Whether nothing in *value* can be changed."""
    if isinstance(value, FrozenDict):
        return all(map(is_frozen, value.values()))
    if isinstance(value, tuple):
        return all(map(is_frozen, value))
    return value is None or type(value) in (str, int, float, bool)


@given(plain)
def test_freezing_changes_nothing_but_that_nothing_can_change(value: Any) -> None:
    """What is frozen says the same in JSON, is immutable all the way down, and stays as it is."""
    frozen = freeze(value)

    assert as_json(value) == as_json(frozen)
    assert is_frozen(frozen)
    assert freeze(frozen) == frozen


@given(st.dictionaries(st.text(max_size=2), plain, max_size=3))
def test_a_frozen_mapping_is_equal_to_the_one_it_was_made_of(value: dict[str, Any]) -> None:
    """A frozen mapping is a value: equal, hashable, and the same after pickle and copy."""
    frozen = freeze(value)

    assert hash(frozen) == hash(freeze(value))
    assert frozen == pickle.loads(pickle.dumps(frozen)) == copy.copy(frozen)
    assert copy.deepcopy(frozen) is frozen


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.update(a=2),
        lambda data: data.__setitem__("a", 2),
        lambda data: data.__delitem__("a"),
        lambda data: data.__ior__({"a": 2}),
        lambda data: data.setdefault("b", 2),
        lambda data: data.pop("a"),
        lambda data: data.popitem(),
        lambda data: data.clear(),
    ],
)
def test_a_frozen_mapping_refuses_every_change(change: Any) -> None:
    """No method of a mapping changes frozen data."""
    data = freeze({"a": 1})

    with pytest.raises(TypeError, match="this data is immutable; make a new mapping instead"):
        change(data)

    assert {"a": 1} == data


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        (datetime(2026, 5, 1), TypeError, "plain data is what JSON can say, not datetime"),
        ({"when": {1: "a"}}, TypeError, "a key of plain data is text, not 1"),
        ([object], TypeError, "plain data is what JSON can say, not type"),
        ({"share": float("nan")}, ValueError, "nan is not a finite number"),
        ([float("inf")], ValueError, "inf is not a finite number"),
        (b"bytes", TypeError, "plain data is what JSON can say, not bytes"),
    ],
)
def test_what_json_cannot_say_is_not_plain(wrong: Any, error: type, message: str) -> None:
    """Data that would not survive JSON is refused, by a sentence that shows it."""
    with pytest.raises(error, match=message):
        freeze(wrong)


def test_subclasses_of_text_and_numbers_become_plain() -> None:
    """An enumeration's member is kept as the text or number that it is."""

    class Word(StrEnum):
        YES = "yes"

    class Number(IntEnum):
        ONE = 1

    frozen = freeze({"word": Word.YES, "number": Number.ONE, "set": {"b", "a"}})

    assert {"word": "yes", "number": 1, "set": ("a", "b")} == frozen
    assert [str, int] == [type(frozen["word"]), type(frozen["number"])]


def test_nothing_is_the_same_nothing() -> None:
    """Every empty mapping is one value."""
    assert freeze({}) is EMPTY


@given(st.dictionaries(st.text(max_size=2), plain, max_size=4))
def test_equal_data_has_one_canonical_text(value: dict[str, Any]) -> None:
    """The order in which keys were written makes no difference, frozen or not."""
    backwards = dict(reversed(value.items()))

    assert canonical(value) == canonical(backwards) == canonical(freeze(value))
    assert as_json(value) == json.loads(canonical(value))


def test_the_canonical_text_is_short_and_readable() -> None:
    """Keys are sorted, no space is wasted, and no letter is escaped without need."""
    assert '{"a":["é",1],"b":null}' == canonical({"b": None, "a": ["é", 1]})


def test_a_digest_is_sha256_in_hexadecimal() -> None:
    """The digest of a text is the known one."""
    assert "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" == digest("abc")
