"""What an outbox refuses to do with an effect: each is prepared, and gives the call for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from parcel_office import Office

from socialflow.stores.sql import SqlStore

__all__ = ["EFFECTS"]

Call = Callable[[], Any]


def an_effect_that_is_not_there(store: SqlStore) -> Call:
    """Asked for by its key."""
    office = Office(store)
    return lambda: office.outbox.revive("a/7/0")


def an_effect_that_is_not_dead(store: SqlStore) -> Call:
    """It waits for its turn."""
    office = Office(store)
    office.pack("a", "send")
    return lambda: office.outbox.revive("a/2/0")


def an_effect_of_which_its_item_has_heard(store: SqlStore) -> Call:
    """It has failed, and the item has gone on."""
    office = Office(store, ways=["refuses"])
    office.pack("a", "send")
    office.deliver()
    return lambda: office.outbox.revive("a/2/0")


def an_effect_that_was_overtaken(store: SqlStore) -> Call:
    """A later one of the same item has been delivered."""
    office = Office(store, can="nothing", ways=["refuses", "delivers"], outcomes={})
    office.pack("a", "send", "snatch", "send")
    office.run()
    return lambda: office.outbox.revive("a/2/0")


EFFECTS = (
    an_effect_that_is_not_there,
    an_effect_that_is_not_dead,
    an_effect_of_which_its_item_has_heard,
    an_effect_that_was_overtaken,
)
