"""Notices: what may be said, and when nothing is to be said at all."""

from __future__ import annotations

from datetime import datetime

import attrs

from socialflow import Scope
from socialflow.content.channels import one_of_these
from socialflow.people import EVERYWHERE, Period

__all__ = ["Blackout", "Freeze", "Message"]


@attrs.frozen
class Message:
    """Words or a fact that somebody answers for: a brand message, a claim, a snippet.

    Attributes:
        key: What items call it, among their claims.
        text: The words.
        kind: ``"brand_message"``, ``"product_fact"``, ``"reply_snippet"`` or ``"boilerplate"``.
        status: ``"draft"``, ``"approved"`` or ``"retired"``.
        locale: Language and region: ``"en-GB"``.
        unit: Key of the unit that answers for it.
        since: When it begins to hold; timezone-aware.
        until: When it no longer does; timezone-aware.
        embargo_until: Before when it may not be said; timezone-aware.
        version: How often it was written anew.

    Raises:
        DefinitionError: There is no such kind or status; it is over before it begins.
    """

    key: str
    text: str
    kind: str = "product_fact"
    status: str = "approved"
    locale: str | None = None
    unit: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    embargo_until: datetime | None = None
    version: int = 1

    def __attrs_post_init__(self) -> None:
        where = f"Message / {self.key}"
        kinds = ("brand_message", "product_fact", "reply_snippet", "boilerplate")
        one_of_these(where, "kind", self.kind, kinds)
        one_of_these(where, "status", self.status, ("draft", "approved", "retired"))
        Period(self.since, self.until)

    def standing(self, at: datetime) -> str:
        """How it stands at the moment *at*: ``"usable"``, or why it may not be used."""
        if self.status != "approved":
            return "not approved yet" if self.status == "draft" else "retired"
        if self.until is not None and self.until <= at:
            return f"expired at {self.until.isoformat()}"
        begins = max(filter(None, (self.since, self.embargo_until)), default=None)
        if begins is not None and at < begins:
            return f"not before {begins.isoformat()}"
        return "usable"

    def may_be_used(self, at: datetime) -> bool:
        """Whether it may be said at the moment *at*."""
        return self.standing(at) == "usable"


@attrs.frozen
class Freeze:
    """Nothing goes out in a crisis.

    Attributes:
        key: What it is called.
        reason: What has happened.
        by: Id of whoever ordered it.
        scope: What it covers.
        since: From when; timezone-aware.
        until: Until when, if that is known; timezone-aware.
    """

    key: str
    reason: str
    by: str
    scope: Scope = EVERYWHERE
    since: datetime | None = None
    until: datetime | None = None

    def __attrs_post_init__(self) -> None:
        Period(self.since, self.until)

    def holds(self, at: datetime) -> bool:
        """Whether it is in force at the moment *at*."""
        return Period(self.since, self.until).covers(at)


@attrs.frozen
class Blackout:
    """Nothing goes out at that time, known beforehand: quarterly figures, an election, a night.

    Attributes:
        key: What it is called.
        reason: Why.
        scope: What it covers.
        since: From when; timezone-aware.
        until: Until when; timezone-aware.
    """

    key: str
    reason: str
    scope: Scope = EVERYWHERE
    since: datetime | None = None
    until: datetime | None = None

    def __attrs_post_init__(self) -> None:
        Period(self.since, self.until)

    def holds(self, at: datetime) -> bool:
        """Whether it is in force at the moment *at*."""
        return Period(self.since, self.until).covers(at)
