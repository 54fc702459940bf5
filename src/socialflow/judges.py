"""The judge of an engine: decisions and options, with its policy, facts and people put in."""

from __future__ import annotations

from datetime import datetime

import attrs

from socialflow.callers import Callers
from socialflow.cases import NO_FACTS, Facts
from socialflow.decisions import decide, found, newborn
from socialflow.definitions import Workflow
from socialflow.errors import Refusal
from socialflow.items import Command, Event, Item, Origin
from socialflow.judging import way_for
from socialflow.options import Option, options
from socialflow.people import SYSTEM, Member
from socialflow.plans import plan_of
from socialflow.protocols import Policy
from socialflow.providers import Providers
from socialflow.shelf import Shelf

__all__ = ["Judge"]


@attrs.frozen
class Judge:
    """What an engine asks before it writes, and what it answers questions with."""

    shelf: Shelf
    callers: Callers
    providers: Providers
    policy: Policy

    def facts(self, item: Item, action: str, at: datetime) -> Facts:
        """What the rules need that may judge *action*; to be fetched before any transaction."""
        plan = plan_of(self.shelf.pinned(item.workflow))
        ways = plan.open(item.tokens, action)
        needs = plan.settling_needs.union(*(way.needs for way in ways))
        return self.providers.fetch(needs, item, at)

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
        self, item: Item, command: Command, member: Member, facts: Facts = NO_FACTS
    ) -> Event | Refusal:
        """The decision on a command."""
        outcome = decide(
            self.shelf.pinned(item.workflow),
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

    def options(self, item: Item, member: Member, at: datetime) -> tuple[Option, ...]:
        """Every action that is open to the item, as the member sees it."""
        workflow = self.shelf.pinned(item.workflow)
        plan = plan_of(workflow)
        ways = [way for token in item.tokens for way in plan.listed[token.state]]
        needs = plan.settling_needs.union(*(way.needs for way in ways))
        return options(
            workflow,
            item,
            member,
            at,
            facts=self.providers.fetch(needs, item, at),
            policy=self.policy,
            acting_for=self.callers.acting_for(member, at),
        )

    def why_not(self, item: Item, action: str, member: Member, at: datetime) -> Refusal | None:
        """Everything that stands in the member's way, before any data; None if nothing does."""
        named = [
            option
            for option in self.options(item, member, at)
            if action in (option.action, option.action.rpartition(".")[2])
        ]
        if len({option.action for option in named}) == 1:
            refusals = [option.refusal for option in named]
            return None if None in refusals else refusals[0]
        outcome = self.decide(item, Command(action, member.id, at), member)
        return outcome if isinstance(outcome, Refusal) else None

    def who_can(self, item: Item, action: str, at: datetime) -> tuple[Member, ...]:
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
                for option in self.options(item, member, at)
            )
        )
