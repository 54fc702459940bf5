"""Reaching: every situation that a small example can come to, and what may be tried there.

The pure core is asked, by short ways first; and where an item has not been yet goes before where
it has been often, so that nothing far away is missed because there is so much near by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from heapq import heappop, heappush
from itertools import count
from typing import Any

import attrs

from socialflow.births import found
from socialflow.cases import ABOVE, BELOW, HOLDERS, PAST, Case, Facts
from socialflow.decisions import apply, decide
from socialflow.definitions import ARCHIVED, ON_HOLD, Workflow
from socialflow.errors import EndlessSettling, Refusal
from socialflow.items import WITHIN_THE_FAMILY, Event, Item, Origin, Vote
from socialflow.judging import objections_to, verdict_on, way_for
from socialflow.people import ANYONE, EVERYWHERE, SYSTEM, Member, Scope, Team
from socialflow.plain import canonical
from socialflow.plans import plan_of
from socialflow.policies import BY_ROLE
from socialflow.protocols import Policy
from socialflow.rules import Rule
from socialflow.testing.changes import START
from socialflow.testing.ledgers import Ledger
from socialflow.testing.samples import Samples
from socialflow.testing.steps import Step
from socialflow.ways import Way

__all__ = ["ITEM", "Reach", "Situation", "Try"]

ITEM = "example"
NOT_TRIED = ("vote", "force", "note")


@attrs.frozen
class Situation:
    """Where an item has come to, and how.

    Attributes:
        item: As it is.
        path: The steps that have led there, its birth first.
        last: The last event.
        before: The item before that; None at its birth.
        ledger: What it ought to hold.
    """

    item: Item
    path: tuple[Step, ...]
    last: Event
    before: Item | None
    ledger: Ledger


@attrs.frozen
class Try:
    """What comes of a step in a situation.

    Attributes:
        situation: Where.
        step: What somebody asks for.
        way: What that means there.
        outcome: What the core says.
        objecting: The rules of the action that object, if it is refused.
        facts: What is told from outside, where it is not what is usual.
    """

    situation: Situation
    step: Step
    way: Way
    outcome: Event | Refusal
    objecting: tuple[Rule, ...] = ()
    facts: Mapping[str, Any] = attrs.field(factory=dict)


@attrs.frozen(slots=False)
class Reach:
    """What is explored.

    Attributes:
        workflow: The definition.
        team: Who acts.
        samples: What is said.
        facts: What providers may tell, by the name of the fact; what is usual first.
        policy: Who may.
        scope: Where the item belongs.
        most: So many situations at most.
        at: When everything happens.
    """

    workflow: Workflow
    team: Team
    samples: Samples
    facts: Mapping[str, tuple[Any, ...]] = attrs.field(factory=dict)
    policy: Policy = BY_ROLE
    scope: Scope = EVERYWHERE
    most: int = 300
    at: datetime = START

    def births(self) -> Iterator[tuple[Step, Event | Refusal]]:
        """Every way to begin an item: each member who may, each sample of its data."""
        form = self.workflow.fields
        given = self.samples.fitting(form) if form else (None,)
        for data in given:
            for member in self.actors:
                step = Step("create", member, data)
                yield step, self.born(step)

    def born(self, step: Step) -> Event | Refusal:
        """What comes of a birth."""
        origin = Origin(self.workflow.digest, None, self.scope)
        return found(
            self.workflow,
            ITEM,
            step.command(self.at),
            step.by,
            origin,
            facts=Facts(self.usual),
            policy=self.policy,
            acting_for=self.team.acting_for(step.by.id, self.at),
        )

    def persons(self, member: Member) -> tuple[str, ...]:
        """The ids that somebody counts as."""
        return (member.id, *self.team.acting_for(member.id, self.at))

    def begun(self, step: Step, event: Event) -> Situation:
        """Where an item is that has been born like this."""
        ledger = Ledger().entered(self.workflow, step, self.persons(step.by), event)
        return Situation(apply(None, event), (step,), event, None, ledger)

    def after(self, tried: Try) -> Situation:
        """Where a step leads that is accepted."""
        here, step, event = tried.situation, tried.step, tried.outcome
        assert isinstance(event, Event)
        ledger = here.ledger.entered(self.workflow, step, self.persons(step.by), event)
        path = (*here.path, step)
        return Situation(apply(here.item, event), path, event, here.item, ledger)

    def against(self, tried: Try) -> str | None:
        """The code of what the ledger says has to object, whatever the core says."""
        step = tried.step
        return tried.situation.ledger.against(self.workflow, step, self.persons(step.by))

    @cached_property
    def actors(self) -> tuple[Member, ...]:
        """Members who differ, two of each kind at most: that is enough for four eyes."""
        seen: dict[Any, int] = {}
        kept = []
        for member in self.team.members:
            own = self.team.member(member.id) or member
            alike = own.grants, own.kind, own.credentials, self.team.acting_for(own.id, self.at)
            seen[alike] = seen.get(alike, 0) + 1
            if seen[alike] <= 2:
                kept.append(own)
        return tuple(kept)

    @cached_property
    def usual(self) -> dict[str, Any]:
        """What providers usually tell."""
        return {name: values[0] for name, values in self.facts.items()}

    def worlds(self, needs: Iterable[str]) -> Iterator[dict[str, Any]]:
        """The usual one, and those in which one fact that is needed is another."""
        yield {}
        for name in sorted({*needs} & {*self.facts}):
            for value in self.facts[name][1:]:
                yield {name: value}

    def situations(self) -> Iterator[Situation]:
        """Situations by short ways, those first about which something was looked at least."""
        seen: set[Any] = set()
        looked_at: Counter[Any] = Counter()
        waiting: list[tuple[int, int, int, Situation]] = []
        numbers = count()

        def looked(one: Situation) -> int:
            return min(looked_at[trait] for trait in self._traits(one))

        def wait(one: Situation) -> None:
            heappush(waiting, (looked(one), len(one.path), next(numbers), one))

        for step, outcome in self.births():
            if isinstance(outcome, Event):
                wait(self.begun(step, outcome))
        while waiting and len(seen) < self.most:
            rank, *_, here = heappop(waiting)
            if rank < looked(here):
                wait(here)
                continue
            key = self.key(here.item)
            if key in seen:
                continue
            seen.add(key)
            looked_at.update(self._traits(here))
            yield here
            for one in self._next(here):
                wait(one)

    @cached_property
    def goals(self) -> tuple[Try, ...]:
        """One accepted step for each transition, in the situation that is reached first."""
        found: dict[tuple[str, str], Try] = {}
        for situation in self.situations():
            for one in self.tries(situation):
                event = one.outcome
                if isinstance(event, Event) and not one.facts and _is_of_one_item(event):
                    found.setdefault((one.way.full, one.way.source), one)
        return tuple(found.values())

    def _next(self, here: Situation) -> Iterator[Situation]:
        for tried in self.tries(here):
            event = tried.outcome
            if isinstance(event, Event) and not tried.facts and _is_of_one_item(event):
                yield self.after(tried)

    def tries(self, here: Situation) -> tuple[Try, ...]:
        """Everything that somebody with the right to it may try in a situation."""
        place: Situation | None
        tries: tuple[Try, ...]
        place, tries = self.__dict__.get("_tried", (None, ()))
        if place is not here:
            tries = tuple(self._tries(here))
            self.__dict__["_tried"] = here, tries
        return tries

    def _tries(self, here: Situation) -> Iterator[Try]:
        for way in self._ways(here.item):
            for step in self._steps(here.item, way):
                for facts in self.worlds(way.needs):
                    tried = self.tried(here, way, step, facts)
                    if tried is not None:
                        yield tried
                        yield from self._waived(tried)

    def _waived(self, tried: Try) -> Iterator[Try]:
        """The same with reasons to go on, where the member may give them."""
        if not isinstance(tried.outcome, Refusal) or not tried.objecting:
            return
        held = tried.step.by.roles(self.scope, self.at)
        if all({*one.waivable_by} & held for one in tried.outcome):
            reasons = dict.fromkeys(tried.outcome.codes, "it has to be")
            step = attrs.evolve(tried.step, waive=reasons)
            again = self.tried(tried.situation, tried.way, step, tried.facts)
            if again is not None:
                yield again

    def _ways(self, item: Item) -> Iterator[Way]:
        plan = plan_of(self.workflow)
        seen = set()
        for token in item.tokens:
            for way in plan.listed[token.state]:
                name = way.full, way.stage if way.name in ("claim", "release") else ""
                if name not in seen and way.name not in NOT_TRIED:
                    seen.add(name)
                    yield way

    def _steps(self, item: Item, way: Way) -> Iterator[Step]:
        plan = plan_of(self.workflow)
        if way.action is None and way.name == "edit":
            given: Iterable[Any] = self.samples.edits(plan.editable, item.data)
        else:
            stage = way.source.partition(".")[0]
            roles = plan.stage_named(stage).role if stage != "end" else ()
            given = self.samples.of(way, roles)
        for data in given:
            for to in way.choices or (None,):
                for member in self._able(way):
                    yield Step(way.full, member, data, to)

    def _able(self, way: Way) -> Iterator[Member]:
        if SYSTEM.id in way.roles:
            yield SYSTEM
        for member in self.actors:
            held = member.roles_for(way.full, self.scope, self.at)
            if self.policy is not BY_ROLE or ANYONE in way.roles or held & way.roles:
                yield member

    def tried(
        self, here: Situation, way: Way, step: Step, facts: Mapping[str, Any] | None = None
    ) -> Try | None:
        """What comes of a step; None if it cannot be said without a store."""
        known = self.known(here, facts or {})
        persons = self.team.acting_for(step.by.id, self.at)
        told: dict[str, Any] = {"facts": known, "policy": self.policy, "acting_for": persons}
        try:
            outcome = decide(self.workflow, here.item, step.command(self.at), step.by, **told)
        except EndlessSettling:
            return None
        objecting: tuple[Rule, ...] = ()
        if isinstance(outcome, Refusal):
            objecting = self._objecting(here.item, step, known, persons)
        return Try(here, step, way, outcome, objecting, facts or {})

    def known(self, here: Situation, facts: Mapping[str, Any]) -> Facts:
        """What rules can ask for there: from outside, of the family, and of the past."""
        below: dict[str, frozenset[str]] = {kind: frozenset() for kind in self.workflow.kinds}
        told = {BELOW: below, ABOVE: None, HOLDERS: self._holders}
        past = here.last, here.before if here.before is not None else here.item
        return Facts({**self.usual, **facts, **told, PAST: past})

    @cached_property
    def _holders(self) -> dict[str, tuple[Member, ...]]:
        return {role: tuple(self.team.holders(role)) for role in self.workflow.role_names}

    def _objecting(
        self, item: Item, step: Step, facts: Facts, persons: tuple[str, ...]
    ) -> tuple[Rule, ...]:
        plan = plan_of(self.workflow)
        way = way_for(plan, item, step.command(self.at))
        if isinstance(way, Refusal):
            return ()
        case = Case(
            self.workflow,
            item,
            step.command(self.at),
            step.by,
            (step.by.id, *persons),
            way.full,
            way.roles,
            way.denied,
            facts,
        )
        objections_to(plan, way, case, verdict_on(self.policy, case))
        return tuple(rule for rule in way.rules if rule.objections(case))

    def _traits(self, here: Situation) -> tuple[Any, ...]:
        """What may be new about a situation: each beside where it is."""
        item = here.item
        where = item.marking, item.marks
        if item.ended or {ON_HOLD, ARCHIVED} & {*item.marks}:
            return (where,)
        said = min(2, sum(1 for _ in _current(item)))
        named = any(token.responsible for token in item.tokens)
        decided = self.workflow.unsigned(item), said
        traits = decided, named, (*item.data,), *self._writing(item)
        return (where, *((n, *where, trait) for n, trait in enumerate(traits)))

    def _writing(self, item: Item) -> Iterator[Any]:
        """The roles of whoever wrote first; who of all that wrote has a part in what is open."""
        none: frozenset[str] = frozenset()
        first, *others = (self._held.get(one, none) for one in item.contributors or ("",))
        stages = {token.stage for token in item.tokens}
        roles = {role for one in self.workflow.stages if one.name in stages for role in one.role}
        yield first
        yield bool(roles & first), bool(roles & none.union(*others))

    @cached_property
    def _held(self) -> dict[str, frozenset[str]]:
        return {actor.id: actor.roles(self.scope, self.at) for actor in self.actors}

    def key(self, item: Item) -> Any:
        """What tells situations apart: all but moments, and how often something was visited."""
        revision = self.workflow.revision(item)
        named = tuple((t.stage, t.responsible) for t in (*item.tokens, *item.idle) if t.responsible)
        counted = frozenset(
            (v.action, v.by, v.choice, v.revision == revision, v.told, v.to) for v in _current(item)
        )
        signed = frozenset((s.stage, s.revision in ("", revision)) for s in item.signatures)
        people = frozenset(item.contributors), bool(item.authors)
        data = canonical(item.data)
        return item.marking, item.marks, named, counted, signed, people, data


def _current(item: Item) -> Iterator[Vote]:
    """The votes that were given since their stage was entered last."""
    visits = {token.stage: token.visit for token in (*item.tokens, *item.idle)}
    return (vote for vote in item.votes if visits.get(vote.stage) == vote.visit)


def _is_of_one_item(event: Event) -> bool:
    """Whether nobody else in the family has a part in it."""
    return all(effect.name not in WITHIN_THE_FAMILY for effect in event.effects)
