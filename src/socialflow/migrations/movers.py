"""Movers: what becomes of one item, the same whether it is only asked or also done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import attrs

from socialflow.cases import NO_FACTS, RESERVED_FACTS, Allow, Case, Facts
from socialflow.definitions import Workflow
from socialflow.drafts import Draft
from socialflow.errors import EndlessSettling, Objection, Refusal
from socialflow.items import Command, Event, Item, Move
from socialflow.judges import Reader
from socialflow.judging import not_allowed_by
from socialflow.migrations.counterparts import under, writers_of
from socialflow.migrations.fields import Data, fitted, misfits, written
from socialflow.migrations.legs import Leg
from socialflow.migrations.obstacles import (
    lost_children,
    lost_states,
    lost_votes,
    no_join,
    unfit_members,
)
from socialflow.migrations.routes import Route
from socialflow.outcomes import outcome_of
from socialflow.people import SYSTEM, Member
from socialflow.queries import History, Inhabited, Items
from socialflow.settling import is_stale
from socialflow.standing import MIGRATE
from socialflow.ways import denied_by, opened_by
from socialflow.writers import Writer

__all__ = ["Mover"]


@attrs.frozen
class Mover:
    """Decides what becomes of the items of a plan.

    Attributes:
        writer: What the engine writes with.
        legs: All of the plan.
        member: Who has them moved.
        data: What is told of fields.
        foresees: Whether items above that would move are taken to have moved already.
    """

    writer: Writer
    legs: tuple[Leg, ...]
    member: Member
    data: Data
    foresees: bool

    def concerns(self, reader: Reader, leg: Leg, item: Item) -> bool:
        """Whether an item is the plan's: those below are if the item above is."""
        if not leg.is_below:
            return True
        if item.parent is None:
            return False
        above = next(iter(reader.rows(Items(id=item.parent)))).workflow
        led = {one.new for one in self.legs if above in (one.old.digest, one.new.digest)}
        return any(leg.new in one.kinds.values() for one in led)

    def facts(self, reader: Reader, leg: Leg, item: Item, at: datetime) -> Facts:
        """What rules of the new definition need from outside; it may take a while."""
        route = leg.route
        if not isinstance(route, Route) or route.plan.settling_needs <= RESERVED_FACTS:
            return NO_FACTS
        if any(self._objections(reader, leg, route, item, at)):
            return NO_FACTS
        return self.writer.judge.facts(self._under(reader, route, item, at), MIGRATE, at)

    def outcome(
        self, reader: Reader, leg: Leg, item: Item, at: datetime, facts: Facts = NO_FACTS
    ) -> Event | Refusal:
        """The event that moves the item, or everything that stands against that."""
        route = leg.route
        if isinstance(route, Objection):
            return Refusal(MIGRATE, (route,))
        objections = tuple(self._objections(reader, leg, route, item, at))
        if objections:
            return Refusal(MIGRATE, objections)
        return self._moved(reader, leg, route, item, at, facts)

    def _objections(
        self, reader: Reader, leg: Leg, route: Route, item: Item, at: datetime
    ) -> Iterator[Objection]:
        lost = tuple(lost_states(route, item))
        yield from lost or no_join(route, item)
        yield from misfits(route, fitted(item, written(route, item, self.data)))
        yield from lost_votes(route, item)
        yield from lost_children(route, self._below(reader, route, item), self._ways_below(leg))
        yield from unfit_members(route, item, self.writer.judge.callers.directory, at)
        yield from self._elsewhere(reader, leg, item, at)

    def _under(self, reader: Reader, route: Route, item: Item, at: datetime) -> Item:
        """The item under the new definition, before anything follows from that."""
        data = fitted(item, written(route, item, self.data))
        news = route.content_only_now & data.keys()
        events = (one.event for one in reader.rows(History(item.id))) if news else ()
        return under(route, item, data, writers_of(news, events), at)

    def _moved(
        self, reader: Reader, leg: Leg, route: Route, item: Item, at: datetime, facts: Facts
    ) -> Event | Refusal:
        judge, told = self.writer.judge, written(route, item, self.data)
        command = Command(
            MIGRATE, self.member.id, at, {"from": item.workflow, **told}, route.new.digest
        )
        now = self._under(reader, route, item, at)
        known = judge.inside(reader, now, facts, MIGRATE)
        case = self._case(leg, route, now, command, known)
        verdict = Allow() if self.member is SYSTEM else judge.policy.judge(case)
        if not isinstance(verdict, Allow):
            return Refusal(MIGRATE, not_allowed_by(case, verdict))
        draft = Draft.of(route.plan, item, command, known)
        draft.restore(attrs.evolve(now, data=item.data))
        draft.write(told, case.persons)
        draft.wrote = False
        draft.moves += [Move(MIGRATE, one, route.counterpart(one) or "") for one in item.marking]
        revision = route.new.revision_of(draft.data)
        draft.signatures = tuple(
            one for one in draft.signatures if not is_stale(draft, one, revision)
        )
        version, keeps = item.version + 1, tuple(told)
        try:
            return outcome_of(draft, MIGRATE, command, verdict.roles, version, keeps=keeps)
        except EndlessSettling as endless:
            return Refusal(MIGRATE, (Objection(endless.code, str(endless)),))

    def _case(self, leg: Leg, route: Route, item: Item, command: Command, facts: Facts) -> Case:
        """Who has it moved, put before the policy: by the right that the new definition gives."""
        callers, new, old = self.writer.judge.callers, route.new, route.old
        opening = opened_by(new, new.rights.get(MIGRATE, leg.top.rights.get(MIGRATE, ())))
        persons = (self.member.id, *callers.acting_for(self.member, command.at))
        denied = denied_by(new, MIGRATE) | denied_by(old, MIGRATE)
        return Case(new, item, command, self.member, persons, MIGRATE, opening, denied, facts)

    # -- the family

    def _below(self, reader: Reader, route: Route, item: Item) -> Mapping[str, frozenset[str]]:
        """The states that matter in which children are, by their kind."""
        kinds = route.old.kinds
        return {kind: frozenset(self._inhabited(reader, route, item, kind)) for kind in kinds}

    def _inhabited(self, reader: Reader, route: Route, item: Item, kind: str) -> Iterator[str]:
        if kind in route.new.kinds:
            rows = reader.rows(Inhabited(item.id, kind, item.rounds.get(kind, 0)))
            return (state for marking in rows for state in marking)
        theirs = (one for one in reader.rows(Items(parent=item.id, kind=kind)) if not one.ended)
        return (state for one in theirs for state in one.marking)

    def _ways_below(self, leg: Leg) -> Mapping[str, Mapping[str, str]]:
        """Where states of the children lead that move as well, by their kind."""
        kinds = leg.new.kinds.values()
        return {one.new.name: one.states for one in self.legs if one.is_below and one.new in kinds}

    def _elsewhere(self, reader: Reader, leg: Leg, item: Item, at: datetime) -> Iterator[Objection]:
        """What the item above has against it, which says what is below it."""
        above = None if item.parent is None else self._above(reader, item.parent, at)
        if above is not None and leg.new not in above.kinds.values():
            yield Objection(
                "parent_elsewhere",
                f"the item above is held by {above.name} {above.version}, which has another "
                f"{leg.new.name} below it",
                "move the item above, with below=True",
                {"parent": item.parent, "workflow": above.digest},
            )

    def _above(self, reader: Reader, parent: str, at: datetime) -> Workflow:
        """The definition by which the item above is held, or will be."""
        item = next(iter(reader.rows(Items(id=parent))))
        shelf, above = self.writer.shelf, item.workflow
        for leg in self.legs if self.foresees else ():
            if leg.old.digest == above and self.concerns(reader, leg, item):
                facts = self.facts(reader, leg, item, at)
                if isinstance(self.outcome(reader, leg, item, at, facts), Event):
                    return leg.new
        return shelf.pinned(above) if reader is self.writer.store else shelf.met(above)
