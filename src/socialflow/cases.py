"""What a policy or a rule sees, and what a policy answers: values, and no handle to anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

import attrs

from socialflow.errors import Objection
from socialflow.items import Command, Item
from socialflow.people import Member

__all__ = [
    "ABOVE",
    "ABSTAIN",
    "BELOW",
    "HOLDERS",
    "NO_FACTS",
    "PAST",
    "RESERVED_FACTS",
    "Abstain",
    "Allow",
    "Case",
    "Definition",
    "Deny",
    "FactMissing",
    "Facts",
    "Verdict",
]


class Definition(Protocol):
    """What a rule may ask of the workflow that holds an item."""

    @property
    def name(self) -> str:
        """Name of the workflow."""
        ...

    @property
    def requires(self) -> Mapping[str, tuple[str, ...]]:
        """Credentials that roles require, by the role; roles that require none left out."""
        ...

    def unsigned(self, item: Item) -> tuple[str, ...]:
        """Stages that sign in this workflow, and whose signature the item lacks as it is."""
        ...

    def revision(self, item: Item) -> str:
        """Digest of the item's content."""
        ...


class FactMissing(LookupError):
    """A rule asked for a fact that was not handed in; the decision turns it into an objection."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name = name
        self.reason = reason


class Facts(Mapping[str, Any]):
    """What rules need from outside, by name; asking for one that could not be had fails closed.

    Args:
        known: Values by name.
        failed: Why a fact could not be fetched, by its name.
    """

    __slots__ = ("_failed", "_known")

    def __init__(
        self, known: Mapping[str, Any] | None = None, failed: Mapping[str, str] | None = None
    ) -> None:
        self._known = dict(known or {})
        self._failed = dict(failed or {})

    def __getitem__(self, name: str) -> Any:
        try:
            return self._known[name]
        except KeyError:
            reason = self._failed.get(name, "nothing provides it")
            raise FactMissing(name, reason) from None

    def known(self, name: str) -> Any:
        """The fact of that name, or None if there is none."""
        return self._known.get(name)

    def with_known(self, more: Mapping[str, Any]) -> Facts:
        """These facts and some more."""
        return Facts({**self._known, **more}, self._failed)

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def __repr__(self) -> str:
        return f"Facts({self._known!r}, failed={self._failed!r})"


NO_FACTS = Facts()

BELOW = "below"
"""Fact out of the store: the states that children are in, by the name of their workflow."""
ABOVE = "above"
"""Fact out of the store: the item above and the workflow that holds it; None if there is none."""
PAST = "past"
"""Fact out of the store: the item's last event, and the item before it."""
HOLDERS = "holders"
"""Fact out of the directory: everybody who holds a role, by the role."""
RESERVED_FACTS = frozenset({ABOVE, BELOW, PAST, HOLDERS})
"""Facts that the engine has of its own; no provider can bring them."""


@attrs.define(weakref_slot=False)
class Case:
    """One command, put before policies and rules.

    Attributes:
        workflow: The definition that holds the item.
        item: As it is before the command.
        command: What is asked for.
        member: Who asks.
        persons: Ids that count as the member: their own, and of those they are acting for.
        action: Full name of the action.
        roles: Roles that open it, those that inherit them included.
        denied: Roles that may never ask for it.
        facts: What the action's rules declared that they need.
        data: The command's data as the action's data class; None if it has none.
    """

    workflow: Definition
    item: Item
    command: Command
    member: Member
    persons: tuple[str, ...]
    action: str
    roles: frozenset[str]
    denied: frozenset[str]
    facts: Facts
    data: Any = None

    @property
    def at(self) -> datetime:
        """When the command was given."""
        return self.command.at


@attrs.frozen
class Allow:
    """Yes.

    Attributes:
        roles: Those that opened the action; they are recorded with the event.
    """

    roles: tuple[str, ...] = ()


@attrs.frozen
class Deny:
    """No, whatever others say.

    Attributes:
        objection: Why.
    """

    objection: Objection


@attrs.frozen
class Abstain:
    """Not mine to say."""


ABSTAIN = Abstain()

Verdict = Allow | Deny | Abstain
