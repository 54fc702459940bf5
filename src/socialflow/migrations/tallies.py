"""Tallies: what becomes of many items, counted in groups of those that fare alike."""

from __future__ import annotations

from typing import TypeVar

import attrs

from socialflow.decisions import apply
from socialflow.errors import Refusal
from socialflow.items import Event, Item
from socialflow.migrations.counterparts import lapsed
from socialflow.migrations.legs import Leg
from socialflow.migrations.plans import Left, Moving
from socialflow.migrations.routes import Route

__all__ = ["Tally"]

NAMED = 10
"""How many items of a group are named by their ids."""

Group = TypeVar("Group", Moving, Left)


@attrs.define
class Tally:
    """Counts items; what it takes to remember grows with the groups, not with the items."""

    _moving: dict[Moving, Moving] = attrs.field(factory=dict)
    _left: dict[tuple[Left, tuple[str, ...]], Left] = attrs.field(factory=dict)

    def add(self, leg: Leg, item: Item, outcome: Event | Refusal) -> None:
        """Count one more item, and what has become of it."""
        if isinstance(outcome, Refusal):
            reasons = outcome.objections
            alike = Left(_named(leg), leg.old.digest, item.marking, ())
            first = attrs.evolve(alike, objections=reasons)
            known = self._left.setdefault((alike, outcome.codes), first)
            self._left[alike, outcome.codes] = _with(known, item)
        else:
            group = _group(leg, item, outcome)
            self._moving[group] = _with(self._moving.get(group, group), item)

    @property
    def moving(self) -> tuple[Moving, ...]:
        """The groups of those that move."""
        return tuple(self._moving.values())

    @property
    def left(self) -> tuple[Left, ...]:
        """The groups of those that stay."""
        return tuple(self._left.values())


def _named(leg: Leg) -> str:
    return f"{leg.old.name} {leg.old.version}"


def _with(group: Group, item: Item) -> Group:
    ids = group.ids if len(group.ids) == NAMED else (*group.ids, item.id)
    return attrs.evolve(group, items=group.items + 1, ids=ids)


def _group(leg: Leg, item: Item, event: Event) -> Moving:
    """The group of an item that moves: where it is then, and at what price."""
    assert isinstance(leg.route, Route)
    new, after = leg.new, apply(item, event)
    front = max(new.places.get(token.stage, len(new.steps)) for token in after.tokens)
    return Moving(
        _named(leg),
        leg.old.digest,
        item.marking,
        after.marking,
        lapsed(leg.route, item, after),
        tuple(one for one in new.unsigned(after) if new.places[one] < front),
        tuple(dict.fromkeys(effect.name for effect in event.effects)),
    )
