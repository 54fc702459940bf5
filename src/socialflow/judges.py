"""The judge of an engine: decisions and options, with its policy, facts and people put in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

import attrs

from socialflow.births import found
from socialflow.callers import Callers
from socialflow.cases import ABOVE, BELOW, HOLDERS, NO_FACTS, PAST, Facts
from socialflow.decisions import decide, newborn, rebuild
from socialflow.definitions import Workflow
from socialflow.errors import Refusal
from socialflow.items import Command, Event, Item, Origin
from socialflow.judging import way_for
from socialflow.kinds import TELL
from socialflow.options import Option, options
from socialflow.people import SYSTEM, Member
from socialflow.plans import Plan, plan_of
from socialflow.protocols import Policy
from socialflow.providers import Providers
from socialflow.queries import History, Inhabited, Items
from socialflow.shelf import Shelf
from socialflow.unasked import fall_due
from socialflow.ways import Way

__all__ = ["Judge", "Reader"]

AROUND = (ABOVE, BELOW)


class Reader(Protocol):
    """What facts are read from: a store, or a unit of work."""

    def rows(self, query: Any) -> Iterator[Any]:
        """Answer *query* as of now."""
        ...


@attrs.frozen
class Judge:
    """What an engine asks before it writes, and what it answers questions with."""

    shelf: Shelf
    callers: Callers
    providers: Providers
    policy: Policy

    def facts(self, item: Item, action: str, at: datetime) -> Facts:
        """What the rules need from outside to judge *action*; to be fetched before a transaction.

        Everything that any rule needs where the item is, if *action* is empty.
        """
        plan = plan_of(self.shelf.pinned(item.workflow))
        needs = self._needs(plan, item, action)
        facts = self.providers.fetch(needs, item, at)
        return facts.with_known({HOLDERS: self._holders(plan)}) if HOLDERS in needs else facts

    def facts_below(
        self, reader: Reader, item: Item, action: str, at: datetime
    ) -> Mapping[str, Facts]:
        """The same for the children that *action* may tell something, by their ids."""
        workflow = self.shelf.pinned(item.workflow)
        known: dict[str, Facts] = {}
        plan = plan_of(workflow)
        for way in (*self._ways(plan, item, action), *plan.by_system):
            for told in (effect.data for effect in way.effects if effect.name == TELL):
                kind = workflow.kinds[told["workflow"]]
                needs = plan_of(kind).needs_of(told["action"])
                children = Items(
                    parent=item.id, kind=kind.name, round=item.rounds.get(kind.name, 0)
                )
                for child in reader.rows(children) if needs else ():
                    known[child.id] = self.providers.fetch(needs, child, at)
        return known

    def _needs(self, plan: Plan, item: Item, action: str) -> frozenset[str]:
        """Names of the facts that are needed to judge *action*, or anything if it is empty."""
        needs = (way.needs for way in self._ways(plan, item, action))
        return plan.settling_needs.union(*needs)

    def _ways(self, plan: Plan, item: Item, action: str) -> Iterable[Way]:
        """The ways that *action* may mean; if it is empty, all that are there, or are due."""
        if action:
            return plan.open(item.tokens, action)
        tables, states = (plan.listed, plan.due), [token.state for token in item.tokens]
        return (way for state in states for table in tables for way in table.get(state, ()))

    def _holders(self, plan: Plan) -> dict[str, tuple[Member, ...]]:
        """Everybody who has a vote where all have to agree, by role."""
        chains = (ballot for way in plan.chains.values() for ballot in way.ballots)
        roles = {role for ballot in chains if ballot.quorum == "all" for role in ballot.roles}
        return {role: tuple(self.callers.directory.holders(role)) for role in sorted(roles)}

    def looks_around(self, item: Item, action: str) -> bool:
        """Whether *action* is judged by what others of the item's family are doing."""
        plan = plan_of(self.shelf.pinned(item.workflow))
        return bool(plan.inside) and not self._needs(plan, item, action).isdisjoint(AROUND)

    def inside(self, reader: Reader, item: Item, facts: Facts, action: str = "") -> Facts:
        """The facts, and those that are read out of the store."""
        plan = plan_of(self.shelf.pinned(item.workflow))
        if not plan.inside:
            return facts
        needs = self._needs(plan, item, action)
        more: dict[str, Any] = {}
        if BELOW in needs:
            more[BELOW] = {kind: self._below(reader, item, kind) for kind in plan.watched}
        if ABOVE in needs:
            more[ABOVE] = self._above(reader, item)
        if PAST in needs:
            *before, last = (entry.event for entry in reader.rows(History(item.id)))
            was = rebuild(before) if before else newborn(item.id, last.origin)
            more[PAST] = last, was
        return facts.with_known(more) if more else facts

    def _above(self, reader: Reader, item: Item) -> tuple[Item, Workflow] | None:
        """The item above, and the workflow that holds it."""
        if item.parent is None:
            return None
        above = next(iter(reader.rows(Items(id=item.parent))))
        return above, self.shelf.met(above.workflow, reader)

    def _below(self, reader: Reader, item: Item, kind: str) -> frozenset[str]:
        """The states that the children of the newest round of a kind are in."""
        asked = Inhabited(item.id, kind, item.rounds.get(kind, 0))
        return frozenset(state for marking in reader.rows(asked) for state in marking)

    def found(
        self,
        workflow: Workflow,
        id: str,
        command: Command,
        member: Member,
        origin: Origin,
        contributors: tuple[str, ...],
    ) -> Event | Refusal:
        """The decision on a birth."""
        needs = plan_of(workflow).settling_needs
        return found(
            workflow,
            id,
            command,
            member,
            origin,
            facts=self.providers.fetch(needs, newborn(id, origin), command.at),
            policy=self.policy,
            acting_for=self.callers.acting_for(member, command.at),
            contributors=contributors,
        )

    def decide(
        self,
        reader: Reader,
        item: Item,
        command: Command,
        member: Member,
        facts: Facts = NO_FACTS,
    ) -> Event | Refusal:
        """The decision on a command.

        Raises:
            NotMet: The item's definition has to be looked up first, outside of a unit of work.
        """
        workflow = self.shelf.met(item.workflow, reader)
        if self.shelf.inside:
            facts = self.inside(reader, item, facts, command.action)
        outcome = decide(
            workflow,
            item,
            command,
            member,
            facts=facts,
            policy=self.policy,
            acting_for=self.callers.acting_for(member, command.at),
        )
        if isinstance(outcome, Event):
            strangers = self.callers.strangers(item, outcome)
            if strangers:
                return Refusal(outcome.action, strangers)
        return outcome

    def due(
        self, reader: Reader, item: Item, stage: str, at: datetime, facts: Facts
    ) -> Event | Refusal | None:
        """The decision on what is due in a stage of the item, if anything is."""
        token = item.token(stage)
        if token is None or token.alarm is None:
            return None
        return fall_due(
            self.shelf.pinned(item.workflow),
            item,
            stage,
            at,
            behalf=self.callers.directory.member(token.alarm.behalf),
            facts=self.inside(reader, item, facts),
            policy=self.policy,
        )

    def options(
        self, reader: Reader, item: Item, member: Member, at: datetime
    ) -> tuple[Option, ...]:
        """Every action that is open to the item, as the member sees it."""
        return options(
            self.shelf.pinned(item.workflow),
            item,
            member,
            at,
            facts=self.inside(reader, item, self.facts(item, "", at)),
            policy=self.policy,
            acting_for=self.callers.acting_for(member, at),
        )

    def why_not(
        self, reader: Reader, item: Item, action: str, member: Member, at: datetime
    ) -> Refusal | None:
        """Everything that stands in the member's way, before any data; None if nothing does."""
        named = [
            option
            for option in self.options(reader, item, member, at)
            if action in (option.action, option.action.rpartition(".")[2])
        ]
        if len({option.action for option in named}) == 1:
            refusals = [option.refusal for option in named]
            return None if None in refusals else refusals[0]
        outcome = self.decide(reader, item, Command(action, member.id, at), member)
        return outcome if isinstance(outcome, Refusal) else None

    def who_can(self, reader: Reader, item: Item, action: str, at: datetime) -> tuple[Member, ...]:
        """Holders of the action's roles to whom it is open, by id.

        Raises:
            UnknownAction: The workflow has no action of that name.
        """
        plan = plan_of(self.shelf.pinned(item.workflow))
        ways = plan.open(item.tokens, action)
        if not ways:
            way_for(plan, item, Command(action, SYSTEM.id, at))
        roles = sorted({role for way in ways for role in way.roles})
        holders = {m.id: m for role in roles for m in self.callers.directory.holders(role)}
        names = {way.full for way in ways}
        return tuple(
            member
            for _, member in sorted(holders.items())
            if any(
                option.action in names and option.refusal is None
                for option in self.options(reader, item, member, at)
            )
        )
