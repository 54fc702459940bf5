"""The department as data: what its rules ask about, from code or from a file.

Accounts and channels, goals and campaigns, messages, freezes and blackouts, slots, budgets, and who
keeps an eye on what.  A host that keeps one of them elsewhere makes these values of its own rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from os import PathLike
from typing import Any

import attrs

from socialflow import DefinitionError
from socialflow.content.channels import Account, Channel, Slots
from socialflow.content.notices import Blackout, Freeze, Message
from socialflow.content.plans import Before, Budget, Campaign, Goal, MonitoringAssignment
from socialflow.documents import load_value
from socialflow.errors import Finding, nearest

__all__ = [
    "Account",
    "Before",
    "Blackout",
    "Budget",
    "Campaign",
    "Channel",
    "Department",
    "Freeze",
    "Goal",
    "Message",
    "MonitoringAssignment",
    "Slots",
    "load_department",
]

KEYED = (
    "channels",
    "accounts",
    "goals",
    "campaigns",
    "messages",
    "freezes",
    "blackouts",
    "budgets",
)


@attrs.frozen
class Department:
    """All of it.

    Attributes:
        channels: Kinds of places where content goes out.
        accounts: The places themselves; their channels are among the channels.
        slots: When there is room on an account; one without is open at any time.
        goals: What the work is for; what one of them serves is among them.
        campaigns: What belongs together; their goals are among the goals.
        budgets: What has been approved to be spent; those of a campaign name one that is there.
        messages: What may be said.
        freezes: Where nothing goes out now.
        blackouts: When nothing goes out.
        monitoring: Who keeps an eye on what.
        policies: The newest version of each policy, by its key.
        outsourcing: Whether anything may be given to an agency (S1-03).

    Raises:
        DefinitionError: Two have one key, or one names what is not there; with all of that.

    Example:
        >>> acme = Department(channels=[Channel("web")], accounts=[Account("blog", "web")])
        >>> acme.accounts[0].status
        'active'
    """

    channels: tuple[Channel, ...] = attrs.field(default=(), converter=tuple[Channel, ...])
    accounts: tuple[Account, ...] = attrs.field(default=(), converter=tuple[Account, ...])
    slots: tuple[Slots, ...] = attrs.field(default=(), converter=tuple[Slots, ...])
    goals: tuple[Goal, ...] = attrs.field(default=(), converter=tuple[Goal, ...])
    campaigns: tuple[Campaign, ...] = attrs.field(default=(), converter=tuple[Campaign, ...])
    budgets: tuple[Budget, ...] = attrs.field(default=(), converter=tuple[Budget, ...])
    messages: tuple[Message, ...] = attrs.field(default=(), converter=tuple[Message, ...])
    freezes: tuple[Freeze, ...] = attrs.field(default=(), converter=tuple[Freeze, ...])
    blackouts: tuple[Blackout, ...] = attrs.field(default=(), converter=tuple[Blackout, ...])
    monitoring: tuple[MonitoringAssignment, ...] = attrs.field(
        default=(), converter=tuple[MonitoringAssignment, ...]
    )
    policies: Mapping[str, int] = attrs.field(factory=dict)
    outsourcing: bool = False

    def __attrs_post_init__(self) -> None:
        findings = (*self._twice(), *self._dangling())
        if findings:
            raise DefinitionError(findings)

    def _twice(self) -> Iterator[Finding]:
        for name in KEYED:
            for key, count in Counter(one.key for one in getattr(self, name)).items():
                if count > 1:
                    yield Finding("duplicate", f"{name} / {key}", f"{count} are called {key!r}")

    def _dangling(self) -> Iterator[Finding]:
        channels, accounts, goals, campaigns = (
            {one.key for one in several}
            for several in (self.channels, self.accounts, self.goals, self.campaigns)
        )
        for account in self.accounts:
            yield from _not_there(f"accounts / {account.key}", (account.channel,), channels)
        for slots in self.slots:
            yield from _not_there(f"slots / {slots.account}", (slots.account,), accounts)
        for campaign in self.campaigns:
            yield from _not_there(f"campaigns / {campaign.key}", campaign.goals, goals)
        for goal in self.goals:
            yield from _not_there(f"goals / {goal.key}", filter(None, (goal.parent,)), goals)
            if any(one.parent == goal.key for one in self.serves(goal.key)):
                message = f"{goal.key!r} serves itself"
                yield Finding("cycle", f"goals / {goal.key}", message, "break the circle")
        for budget in self.budgets:
            named = (budget.campaign,) if budget.campaign else ()
            yield from _not_there(f"budgets / {budget.key}", named, campaigns)

    def serves(self, goal: str) -> tuple[Goal, ...]:
        """The goal of that key, the one that it serves in turn, and so on up to the business's."""
        goals = {one.key: one for one in self.goals}
        found: dict[str, Goal] = {}
        key: str | None = goal
        while key in goals and key not in found:
            found[key] = goals[key]
            key = goals[key].parent
        return tuple(found.values())

    def overdue(self, at: datetime) -> tuple[MonitoringAssignment, ...]:
        """Whatever somebody was to look at again by the moment *at*."""
        return tuple(one for one in self.monitoring if one.is_due(at))

    def unmonitored(self, dimension: str, values: Iterable[str]) -> tuple[str, ...]:
        """Those of *values* on which nobody keeps an eye (S1-18)."""
        seen = {one.value for one in self.monitoring if one.dimension == dimension}
        return tuple(value for value in values if value not in seen)


def _not_there(where: str, named: Iterable[str], known: set[str]) -> Iterator[Finding]:
    for key in named:
        if key not in known:
            yield Finding("unknown_name", where, f"{key!r} is not there", nearest(key, known))


def load_department(source: str | PathLike[str] | Mapping[str, Any]) -> Department:
    """The department that a document describes.

    Args:
        source: The path of a ``.toml``, ``.json`` or ``.yaml`` file, or plain data.

    Raises:
        DefinitionError: With everything that is wrong about the document.
        MissingExtra: It is YAML, and that extra is not installed.

    Example:
        >>> told = {"channels": [{"key": "web"}], "accounts": [{"key": "blog", "channel": "web"}]}
        >>> load_department(told).accounts[0].channel
        'web'
    """
    return load_value(Department, source)
