"""Books: what is written down while an office is at work, and the moments at which it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from socialflow import Event, Item, Member
from socialflow.errors import SocialflowError

if TYPE_CHECKING:
    from office import Office

__all__ = ["Attempt", "Book", "Broken", "Told"]


class Broken(AssertionError):
    """A law is broken."""


@attrs.frozen
class Told:
    """What a signal has told.

    Attributes:
        before: The item as it was; None for a birth.
        item: As it is.
        event: What has happened.
    """

    before: Item | None
    item: Item
    event: Event


@attrs.frozen
class Attempt:
    """Something that somebody asks for.

    Attributes:
        action: Its name.
        item: Id of the item; of the parent, where something is to be born.
        by: Who asks.
        data: What they say with it.
        to: Where to.
        key: Idempotency key.
        born: Kind of what is to be born.
        waive: Reasons to go on although a rule objects.
        repeated: Whether it was asked for before, with the same key.
    """

    action: str
    item: str
    by: Member
    data: Mapping[str, Any] | None = None
    to: str | None = None
    key: str | None = None
    born: str = ""
    waive: Mapping[str, str] | None = None
    repeated: bool = False


class Book:
    """Writes down what happens, in its own words, and says so when a law is broken."""

    def before(self, office: Office, attempt: Attempt) -> None:
        """Something is about to be asked for."""

    def refused(self, office: Office, attempt: Attempt, error: SocialflowError) -> None:
        """It was refused."""

    def happened(self, office: Office, told: Told) -> None:
        """One event, those below and those that nobody asked for included."""

    def after(self, office: Office, attempt: Attempt, item: Item) -> None:
        """It was accepted, and all its events have been told."""
