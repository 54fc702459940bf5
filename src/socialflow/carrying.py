"""Carrying out: an event is written, and in the same transaction all that it brings about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

import attrs

from socialflow.cases import NO_FACTS, Facts
from socialflow.decisions import apply
from socialflow.definitions import Workflow
from socialflow.errors import Refusal, Refused
from socialflow.families import Order, births, cause_of, orders
from socialflow.items import Command, Event, Item
from socialflow.judges import Judge
from socialflow.plans import plan_of
from socialflow.protocols import UnitOfWork
from socialflow.queries import Change, Inhabited, Items, Kept
from socialflow.shelf import Shelf
from socialflow.unasked import followed, told

__all__ = ["NOBODY_BELOW", "Announce", "Carrier"]

NOBODY_BELOW: Mapping[str, Facts] = {}
Announce = Callable[[Item | None, Item, Event], None]


@attrs.frozen
class Carrier:
    """What writes events, and has their families follow.

    Attributes:
        shelf: The definitions.
        judge: Decides.
        announce: Called after the commit for every event, in order.
        refused: Counts a refusal, and gives what is raised for it.
    """

    shelf: Shelf
    judge: Judge
    announce: Announce
    refused: Callable[[str, Command, Refusal], Refused]

    def carry(
        self,
        work: UnitOfWork,
        before: Item | None,
        event: Event,
        alone: bool = False,
        below: Mapping[str, Facts] = NOBODY_BELOW,
    ) -> Item:
        """Write an event and all that it brings about; *alone*: but for what becomes of parents."""
        item = apply(before, event)
        version = 0 if before is None else before.version
        definition = self.shelf.stored(item.workflow)
        work.write(Change((Kept(item, event, version, definition),)))
        work.after_commit(partial(self.announce, before, item, event))
        if event.effects and self._has_touched_children(work, item, event, below):
            item = self._settled(work, item.id, event)
        if item.parent is not None and not alone:
            self._have_parent_follow(work, before, item, event)
        return item

    def keep_all(self, work: UnitOfWork, steps: Iterable[tuple[Item, Item, Event]]) -> None:
        """Write many items, each told as it was before, as it is now, and what made it so."""
        told = tuple(steps)
        stored = self.shelf.stored
        kept = [Kept(item, event, was.version, stored(item.workflow)) for was, item, event in told]
        work.write(Change(tuple(kept)))
        for step in told:
            work.after_commit(partial(self.announce, *step))

    def _has_touched_children(
        self, work: UnitOfWork, item: Item, event: Event, below: Mapping[str, Facts]
    ) -> bool:
        workflow = self._definition(item)
        touched = False
        for birth in births(workflow, item, event):
            touched = True
            if isinstance(birth, Refusal):
                raise self.refused(item.id, event.command, birth)
            self.carry(work, None, birth, alone=True)
        for order in orders(workflow, event):
            for child in self._addressed(work, item, order):
                known = below.get(child.id, NO_FACTS)
                touched |= self._told(work, child, order, event, known)
        return touched

    def _addressed(self, work: UnitOfWork, item: Item, order: Order) -> tuple[Item, ...]:
        """The children of the newest round that are where the order is for."""
        round = item.rounds.get(order.kind, 0)
        children = work.rows(Items(parent=item.id, kind=order.kind, round=round))
        where = order.where
        return tuple(one for one in children if not where or where.intersection(one.marking))

    def _told(
        self, work: UnitOfWork, child: Item, order: Order, event: Event, known: Facts
    ) -> bool:
        workflow = self._definition(child)
        facts = self.judge.inside(work, child, known)
        outcome = told(workflow, child, order.action, event.at, facts=facts, cause=cause_of(event))
        if isinstance(outcome, Refusal):
            raise self.refused(child.id, event.command, outcome)
        if outcome is not None:
            self.carry(work, child, outcome, alone=True)
        return outcome is not None

    def _have_parent_follow(
        self, work: UnitOfWork, before: Item | None, item: Item, event: Event
    ) -> None:
        """Settle the parent if the set of states that its children are in is another now."""
        was = frozenset(before.marking) if before is not None else frozenset[str]()
        now = frozenset(item.marking)
        if was == now or item.parent is None:
            return
        kind = self._definition(item).name
        beside = Inhabited(item.parent, kind, item.round, item.id)
        others = frozenset(state for marking in work.rows(beside) for state in marking)
        if others | was != others | now:
            self._settled(work, item.parent, event)

    def _settled(self, work: UnitOfWork, id: str, event: Event) -> Item:
        """The item after it has followed its children, if it does."""
        item = work.item(id)
        workflow = self._definition(item)
        if not plan_of(workflow).watched:
            return item
        facts = self.judge.inside(work, item, NO_FACTS)
        moved = followed(workflow, item, event.at, facts=facts, cause=cause_of(event))
        return item if moved is None else self.carry(work, item, moved)

    def _definition(self, item: Item) -> Workflow:
        """The definition of an item; one that has to be looked up first is looked up outside."""
        return self.shelf.met(item.workflow)
