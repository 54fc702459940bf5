"""Ripple: what has been made out of an item, and out of that?"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from socialflow import Item
from socialflow.content.views.reading import Reader, content, named
from socialflow.errors import ItemNotFound

__all__ = ["Ring", "ripple"]


@attrs.frozen
class Ring:
    """One item on its way outwards.

    Attributes:
        ring: How far out: 0 for the item itself, 1 for what was made out of it ...
        item: Id of the item.
        ref: The host's own row, if it has one.
        title: What it is called.
        states: Where it is.
        out_of: Id of what it was made out of.
    """

    ring: int
    item: str
    ref: str | None
    title: str
    states: tuple[str, ...]
    out_of: str | None


def ripple(reader: Reader, item: str) -> tuple[Ring, ...]:
    """What has been made out of an item, and out of that?

    Args:
        reader: The store of the items.
        item: Its id, or the host's own row.

    Returns:
        The item, and behind each what was made out of it: content below it, content that says it
        is derived from it, and what it says was shared again.

    Raises:
        ItemNotFound: There is no such content.
    """
    items = {one.id: one for one in content(reader)}
    keys = {one.ref: one.id for one in items.values() if one.ref} | {id: id for id in items}
    if item not in keys:
        raise ItemNotFound(item)
    made: dict[str, list[str]] = {}
    for source, derived in _links(items, keys):
        if derived not in made.setdefault(source, []):
            made[source].append(derived)
    return tuple(_rings(items, made, keys[item]))


def _links(items: dict[str, Item], keys: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Which item was made out of which."""
    for one in items.values():
        for source in (one.parent, one.data.get("derived_from")):
            if source in keys:
                yield keys[source], one.id
        for derived in one.data.get("reshared") or ():
            if derived in keys:
                yield one.id, keys[derived]


def _rings(items: dict[str, Item], made: dict[str, list[str]], first: str) -> Iterator[Ring]:
    """The tree, depth first; an item that is reached twice is told once."""
    waiting: list[tuple[int, str, str | None]] = [(0, first, None)]
    seen = set()
    while waiting:
        ring, id, out_of = waiting.pop()
        if id not in seen:
            seen.add(id)
            yield Ring(ring, *named(items[id]), items[id].marking, out_of)
            waiting += [(ring + 1, other, id) for other in sorted(made.get(id, ()), reverse=True)]
