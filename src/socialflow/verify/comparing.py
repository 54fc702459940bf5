"""Comparing: what two definitions answer otherwise, asked of the core wherever an item can be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import attrs

from socialflow.cases import Allow
from socialflow.definitions import Workflow
from socialflow.people import Member
from socialflow.policies import BY_ROLE
from socialflow.rules import Rule
from socialflow.verify.chances import Said, is_closed
from socialflow.verify.crews import is_by_system
from socialflow.verify.crossings import Crossing
from socialflow.verify.hunting import Budget
from socialflow.verify.judgements import Judgement, Order, judged, merged
from socialflow.verify.models import Setting
from socialflow.verify.rewritten import fields_read
from socialflow.verify.shifts import BIRTH, ITSELF, Shift, Shifts, Witness
from socialflow.verify.sides import Side
from socialflow.verify.spots import Candidate, Spot
from socialflow.verify.states import State
from socialflow.verify.views import View
from socialflow.verify.witnesses import undecided, witness_of
from socialflow.ways import Way

__all__ = ["Pair"]

IDENTIFYING = ("four_eyes", "is_responsible", "responsible_named")
"""Rules that ask who somebody is."""
FEW = 6
"""So many fields, and so many people, are followed at most."""
TRIED = 4
"""So many ways to see the same are tried."""

FORGOTTEN = (
    "times: whatever falls due may do so at any time, and at none",
    "what is open only while an item is held or archived, and what may be undone",
    "votes of no, and what rules say of a command's own data",
    "items below, and those that are adopted half-way: compare the kinds below by themselves",
)

Key = tuple[str, tuple[str, ...], str, str, tuple[str, ...]]


@attrs.define(slots=False, eq=False)
class Pair:
    """Two definitions, and what is found about them."""

    old: Setting
    new: Setting
    states: Mapping[str, str]
    places: frozenset[str]
    budget: Budget
    found: dict[Key, list[Candidate]] = attrs.field(factory=dict)
    members: dict[Key, dict[str, None]] = attrs.field(factory=dict)
    gone: dict[str, dict[str, None]] = attrs.field(factory=lambda: {"old": {}, "new": {}})
    forgotten: list[str] = attrs.field(factory=lambda: list(FORGOTTEN))

    def shifts(self) -> Shifts:
        """All of it."""
        self._look(View(fields=self._fields), None, self.budget)
        for member in self._cast():
            ids = frozenset({member.id, *self._acting_for(member)})
            self._look(View(fields=self._fields, people=ids), member, self.budget)
        told = [self._shift(key, several) for key, several in self.found.items()]
        told.sort(
            key=lambda one: (len(one.witness.lines()), one.at, one.action, one.how, one.roles)
        )
        old, new = self.old.workflow, self.new.workflow
        return Shifts(
            f"{old.name} {old.version}",
            f"{new.name} {new.version}",
            tuple(told),
            tuple(self.gone["old"]),
            tuple(self.gone["new"]),
            tuple(self.forgotten),
        )

    # -- what is looked at

    def _sides(self, view: View) -> tuple[Side, Side]:
        old, new = self.old.workflow, self.new.workflow
        return Side("old", self.old, view, new), Side("new", self.new, view, old)

    @cached_property
    def _fields(self) -> frozenset[str]:
        """Fields that rules read which not both have at the same place."""
        one, other = _rules_at(self.old.workflow), _rules_at(self.new.workflow)
        apart = [rule for _, rule in one ^ other if is_closed(rule) and not rule.waivable_by]
        fields: list[str] = sorted(frozenset[str]().union(*map(fields_read, apart)))
        known = {*self.old.workflow.declared, *self.new.workflow.declared}
        return frozenset([one for one in fields if one in known][:FEW])

    @cached_property
    def _personal(self) -> frozenset[str]:
        """Actions of which not both ask alike who somebody is."""
        one, other = _asking_who(self.old.workflow), _asking_who(self.new.workflow)
        return frozenset(name for name in {**one, **other} if one.get(name) != other.get(name))

    def _acting_for(self, member: Member) -> tuple[str, ...]:
        return tuple(self.old.team.acting_for(member.id, self.old.at))

    @cached_property
    def _sorts(self) -> tuple[tuple[Member, tuple[str, ...]], ...]:
        """One of each sort of members, and the ids of all of them."""
        members = tuple(filter(None, (self.old.team.member(m.id) for m in self.old.team.members)))
        may = [one.allowed(members) for one in self._sides(View())]
        sorts: dict[object, list[Member]] = {}
        for one in members:
            told = (may[0][one.id], may[1][one.id], self._acting_for(one))
            by_name = one.id if self.old.policy is not BY_ROLE else ""
            sorts.setdefault((told, by_name, one.kind), []).append(one)
        return tuple((several[0], tuple(one.id for one in several)) for several in sorts.values())

    def _cast(self) -> Iterator[Member]:
        """Those for whom it matters what they have written."""
        if not self._personal:
            return
        may = [one.allowed([member for member, _ in self._sorts]) for one in self._sides(View())]

        def names(member: Member) -> frozenset[str]:
            return frozenset(full for one in may for full, _ in one[member.id])

        concerned = [one for one, _ in self._sorts if names(one) & self._personal]
        concerned.sort(key=lambda one: -len(names(one)))
        if len(concerned) > FEW:
            told = f"more than {FEW} members of whom it would matter what they have written"
            self.forgotten.append(told)
        yield from concerned[:FEW]

    def _look(self, view: View, member: Member | None, budget: Budget) -> None:
        """Everything in one view; of a member whose writing is followed, only what is personal."""
        old, new = self._sides(view)
        carriers = old.model.carrier, new.model.carrier
        back = {now: was for was, now in self.states.items()}
        there = Crossing(old.model.workflow, new.model.workflow, self.states, carriers)
        again = Crossing(new.model.workflow, old.model.workflow, back, carriers[::-1])
        people = tuple(one for one in self._sorts if member is None or one[0] is member)
        if not self.places and member is None:
            for one, ids in people:
                self._births(Spot(old, new, there), one, ids)
        for here, other, crossing in ((old, new, there), (new, old, again)):
            seen: set[State] = set()
            for n in here.reached(budget):
                state = here.space.states[n]
                if state._replace(past=None) in seen:
                    continue
                seen.add(state._replace(past=None))
                spot = Spot(here, other, crossing, n, (state, _crossed(crossing, state)))
                self._compare(spot, people, is_personal=member is not None)
            if not here.is_whole:
                all_of = here.setting.workflow
                told = f"all of {all_of.name} {all_of.version}"
                self.forgotten.append(f"{told}: the budget of {budget.given} states is used up")

    def _compare(
        self,
        spot: Spot,
        people: tuple[tuple[Member, tuple[str, ...]], ...],
        *,
        is_personal: bool,
    ) -> None:
        state, other = spot.states
        assert state is not None
        if self.places and self.places.isdisjoint(map(spot.place, state.item.marking)):
            return
        if other is None:
            self.gone[spot.here.name].setdefault(" + ".join(state.item.marking))
            return
        for side, one in spot.sides:
            assert one is not None
            side.stepping.forgetting.remember(one.item)
        ways, theirs = spot.here.ways(state), spot.there.ways(other)
        for key in dict.fromkeys((*ways, *theirs)):
            pair = ways.get(key), theirs.get(key)
            own = [one for one in pair if one is not None and not is_by_system(one)]
            if own and (key[0] in self._personal) == is_personal:
                for member, ids in self._asking(spot, pair, people):
                    self._asked(spot, own, member, ids)
        assert spot.n is not None
        for way, orders in spot.here.votes(spot.n):
            if (way.full in self._personal) == is_personal:
                self._voted(spot, way, orders)
        if not is_personal:
            self._by_itself(spot)

    # -- what is asked

    def _asking(
        self,
        spot: Spot,
        pair: tuple[Way | None, Way | None],
        people: tuple[tuple[Member, tuple[str, ...]], ...],
    ) -> Iterator[tuple[Member, tuple[str, ...]]]:
        """Of those who may ask for it somewhere, one of each sort, and the ids of all of them."""
        sides = (spot.here, spot.there)
        asked = [(side, way) for side, way in zip(sides, pair, strict=True) if way is not None]
        several: dict[object, list[tuple[Member, tuple[str, ...]]]] = {}
        for member, ids in people:
            if any(member in side.model.allowed(way) for side, way in asked):
                own = (
                    member.id if self._acting_for(member) or self.old.policy is not BY_ROLE else ""
                )
                told = tuple(_opened_by(side, way, member) for side, way in asked)
                several.setdefault((own, told, member.kind), []).append((member, ids))
        for same in several.values():
            yield same[0][0], tuple(id for _, ids in same for id in ids)

    def _births(self, spot: Spot, member: Member, ids: tuple[str, ...]) -> None:
        datas = dict.fromkeys((*spot.here.births(member), *spot.there.births(member)))
        told = [
            merged(
                judged(side.stepping, None, (side.order("create", member, data, None),))
                for data in datas
            )
            for side, _ in spot.sides
        ]
        self._note(spot, BIRTH, "create", ids, (told[0], told[1]))

    def _asked(self, spot: Spot, ways: list[Way], member: Member, ids: tuple[str, ...]) -> None:
        papers: dict[tuple[Any, str | None], None] = {}
        for (side, state), way in zip(spot.sides, (ways[0], ways[-1]), strict=True):
            assert state is not None
            papers |= dict.fromkeys(side.papers(way, state, member))
        full, told = ways[0].full, []
        for side, state in spot.sides:
            orders = (side.order(full, member, data, to) for data, to in papers)
            told.append(merged(judged(side.stepping, state, (one,)) for one in orders))
        own = ways[0].action is not None and len(ways[0].source.split(".")) > 1
        self._note(
            spot, spot.place(ways[0].source) if own else spot.marking, full, ids, (told[0], told[1])
        )

    def _voted(self, spot: Spot, way: Way, orders: tuple[Order, ...]) -> None:
        told = [judged(side.stepping, state, orders) for side, state in spot.sides]
        who = " and ".join(member.id for member, _ in orders)
        self._note(spot, spot.place(way.source), way.full, (who,), (told[0], told[1]))

    def _by_itself(self, spot: Spot) -> None:
        several = [side.by_itself(state) for side, state in spot.sides if state is not None]
        for key in dict.fromkeys(one for found in several for one in found):
            told = []
            for one in several:
                ends: dict[tuple[str, ...], frozenset[frozenset[Said]]] = {}
                for marking, said in one.get(key, ()):
                    ends[marking] = ends.get(marking, frozenset()) | {said}
                told.append(Judgement(ends, roles=(ITSELF,)) if ends else Judgement())
            line = f"{key[1]} by itself"
            self._note(spot, spot.marking, key[1], (), (told[0], told[1]), line)

    # -- what is found

    def _note(
        self,
        spot: Spot,
        place: str,
        action: str,
        ids: tuple[str, ...],
        judgements: tuple[Judgement, Judgement],
        line: str = "",
    ) -> None:
        """Write down in what the two judgements differ, if they do."""
        mine, theirs = judgements

        def add(how: str, given: Iterable[str], *, is_theirs: bool = False) -> None:
            found = Candidate(spot, spot.length, mine, theirs, is_theirs, line)
            key = how, found.allowing.roles, place, action, tuple(given)
            several = self.found.setdefault(key, [])
            if len(several) < TRIED:
                several.append(found)
            self.members.setdefault(key, {}).update(dict.fromkeys(ids))

        lost, gained = ("refused", "allowed") if spot.here.name == "old" else ("allowed", "refused")
        for how, one, other in ((lost, mine, theirs), (gained, theirs, mine)):
            lacking = sorted(other.needs - one.needs)
            if one.allows and not other.allows:
                add(how, _spoken(one.needs), is_theirs=one is theirs)
            elif one.allows and lacking:
                denied = " or ".join(str(said._replace(holds=not said.holds)) for said in lacking)
                add(how, (*_spoken(one.needs), denied), is_theirs=one is theirs)
        if mine.allows and theirs.allows:
            ends = {spot.crossing.marking(one): said for one, said in mine.ends.items()}
            if ends != dict(theirs.ends):
                add("elsewhere", _spoken(mine.needs | theirs.needs))

    def _shift(self, key: Key, several: list[Candidate]) -> Shift:
        how, roles, place, action, given = key
        seen: list[tuple[Candidate, Witness]] = []
        for one in sorted(several, key=lambda one: (one.length, one.is_theirs)):
            spot, accepts = one.spot, (one.mine.allows, one.theirs.allows)
            orders = one.orders(how)
            witness = witness_of(
                spot.here, spot.there, spot.n, orders, one.line, spot.crossing, how, accepts
            )
            seen.insert(0 if witness.is_confirmed else len(seen), (one, witness))
            if witness.is_confirmed:
                break
        best, witness = seen[0]
        ends = [tuple(" + ".join(m) for m in sorted(j.ends)) for j in (best.mine, best.theirs)]
        was, now = ends if best.spot.here.name == "old" else ends[::-1]
        open_ = undecided((self.old, self.new))
        names = tuple(
            one for one in given if not witness.is_confirmed or one.removeprefix("not ") in open_
            or " or " in one
        )  # fmt: skip
        members = tuple(sorted(self.members[key]))
        objections = best.other.objections
        return Shift(how, roles, place, action, members, names, objections, was, now, witness)


def _by_length(one: Shift) -> tuple[int, str, str, str, tuple[str, ...]]:
    return len(one.witness.lines()), one.at, one.action, one.how, one.roles


def _opened_by(side: Side, way: Way, member: Member) -> object:
    """What has the policy let a member ask for it, and what they may waive there."""
    verdict = side.model.crew.verdict(member, way)
    waiving = frozenset(role for rule in way.rules for role in rule.waivable_by)
    held = [role for role in sorted(waiving) if side.model.crew.holds(member, (role,), way.full)]
    roles = tuple(sorted(verdict.roles)) if isinstance(verdict, Allow) else None
    ballots = tuple(
        one.name for one in way.ballots if side.model.crew.holds(member, one.roles, way.full)
    )
    return roles, tuple(held), ballots


def _spoken(said: Iterable[Said]) -> tuple[str, ...]:
    return tuple(str(one) for one in sorted(said))


def _crossed(crossing: Crossing, state: State) -> State | None:
    item = crossing.item(state.item)
    return State(item, state.below) if item is not None else None


def _rules_at(workflow: Workflow) -> frozenset[tuple[str, Rule]]:
    """Each rule, with the full name of what it stops."""
    found = [(stage.name, rule) for stage in workflow.stages for rule in stage.enter]
    for full, action in _actions(workflow):
        found += [(full, rule) for rule in action.rules]
        found += [(full, rule) for ballot in action.ballots for rule in ballot.when]
    return frozenset(found)


def _actions(workflow: Workflow) -> Iterator[tuple[str, Any]]:
    yield from ((one.name, one) for one in workflow.actions)
    for stage in workflow.stages:
        yield from ((stage.full(one.name), one) for one in stage.actions)


def _asking_who(workflow: Workflow) -> dict[str, object]:
    """For each action, its rules and ballots that ask who somebody is."""
    return {
        full: (
            tuple(sorted(str(r) for r in action.rules if r.kind.name in IDENTIFYING)),
            tuple((one.name, one.four_eyes) for one in action.ballots),
        )
        for full, action in _actions(workflow)
    }
