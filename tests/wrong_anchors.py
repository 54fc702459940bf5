"""Anchors that are not those of the store they are held against."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

from scenes import NOON

from socialflow import chain
from socialflow.stores.sql import SqlStore

__all__ = ["ANCHORS"]

Call = Callable[[], Any]


def lines_of(store: SqlStore) -> list[str]:
    """The file of an anchor that was just taken: what it is, its list, and the anchor itself."""
    file = StringIO()
    chain.anchor(store, at=NOON, to=file)
    return file.getvalue().splitlines()


def against(change: Callable[[list[Any]], Iterator[list[Any]]]) -> Callable[[SqlStore], Call]:
    """A case: the list of an anchor is changed, and held against its store."""

    def prepared(store: SqlStore) -> Call:
        first, *listed, last = lines_of(store)
        changed = [json.dumps(one) for told in listed for one in change(json.loads(told))]
        return lambda: chain.audit(store, [first, *changed, last])

    prepared.__name__, prepared.__doc__ = change.__name__, change.__doc__
    return prepared


@against
def an_anchor_that_knows_an_item_more(told: list[Any]) -> Iterator[list[Any]]:
    """It is not there, and was not removed by the library."""
    yield told
    yield [f"{told[0]}-and-more", 1, "0" * 64]


@against
def an_anchor_that_knows_more_entries(told: list[Any]) -> Iterator[list[Any]]:
    """The end of a history has been taken away."""
    id, n, *rest = told
    yield [id, n + 1, *rest]


@against
def an_anchor_that_knows_another_entry(told: list[Any]) -> Iterator[list[Any]]:
    """A history has been rewritten."""
    id, n, *_ = told
    yield [id, n, "0" * 64]


def an_anchor_without_its_end(store: SqlStore) -> Call:
    """The file has been cut off."""
    lines = lines_of(store)
    return lambda: chain.audit(store, lines[:-1])


ANCHORS = (
    an_anchor_that_knows_an_item_more,
    an_anchor_that_knows_more_entries,
    an_anchor_that_knows_another_entry,
    an_anchor_without_its_end,
)
