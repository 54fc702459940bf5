"""The ripple: what has become of an item, and of what became of that (S1-01).

The relation is a tree of families and of suggestions, not a line: an item, its candidates, what was
derived from them; and the items that were made of an idea which it has left behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import attrs

from socialflow import Item

__all__ = ["Ripple", "ripple"]


@attrs.frozen
class Ripple:
    """An item, and what has come of it.

    Attributes:
        item: As it is.
        spread: What was made of it, by id; each with what was made of that.
    """

    item: Item
    spread: tuple[Ripple, ...] = ()

    @property
    def reach(self) -> int:
        """How many items have come of it, at whatever remove."""
        return sum(1 + one.reach for one in self.spread)

    @property
    def depth(self) -> int:
        """How many generations have come of it."""
        return max((1 + one.depth for one in self.spread), default=0)

    def walk(self) -> Iterator[tuple[int, Item]]:
        """Every item of it with its generation, the item itself first, as generation 0."""
        yield 0, self.item
        for one in self.spread:
            yield from ((generation + 1, item) for generation, item in one.walk())


def ripple(item: Item, items: Iterable[Item]) -> Ripple:
    """What has become of *item*, as far as it is among *items*.

    An item has come of the one that it is below; one that is below none, of what its
    ``derived_from`` names by id or reference.
    """
    made_of: dict[str, list[Item]] = {}
    for one in items:
        origin = one.parent or one.data.get("derived_from")
        if origin is not None:
            made_of.setdefault(origin, []).append(one)
    return _spread(item, made_of, frozenset({item.id}))


def _spread(item: Item, made_of: Mapping[str, list[Item]], above: frozenset[str]) -> Ripple:
    found = (one for key in (item.id, item.ref) if key for one in made_of.get(key, ()))
    below = {one.id: one for one in found if one.id not in above}
    return Ripple(item, tuple(_spread(below[id], made_of, above | {id}) for id in sorted(below)))
