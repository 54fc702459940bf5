"""Keeping: a month that was lived through in memory, written into a file as it happened."""

from __future__ import annotations

from itertools import groupby

from socialflow import Item, apply
from socialflow.protocols import Store
from socialflow.queries import Change, Definitions, History, Kept

__all__ = ["keep"]


def keep(store: Store, into: Store) -> None:
    """Write every history of one store into another, in one transaction.

    Raises:
        ItemExists: One of the items is there already.
    """
    definitions = {one.digest: one for one in store.rows(Definitions())}
    with into.begin() as work:
        for _, entries in groupby(store.rows(History()), key=lambda entry: entry.event.item):
            item: Item | None = None
            for entry in entries:
                expected = 0 if item is None else item.version
                item = apply(item, entry.event)
                kept = Kept(item, entry.event, expected, definitions[item.workflow])
                work.write(Change((kept,)))
