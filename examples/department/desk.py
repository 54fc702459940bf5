"""A desk: one piece of work before one person, and what they can do with it."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from channels import Channels
from office import Office

from socialflow import Item, Member
from socialflow.content.views.calendar import calendar
from socialflow.queries import Duty

__all__ = ["Desk"]


class Desk:
    """Somebody looks at an item, and asks for things.

    Attributes:
        me: Whose desk it is.
        item: What lies on it, as it was when they looked.
        duty: Why it lies there.
        office: Where it stands.
        channels: What one sees outside.
        chance: Whether one feels like it.
        objections: Codes of everything that stood against what was asked for last.
    """

    def __init__(
        self,
        me: Member,
        duty: Duty,
        office: Office,
        channels: Channels,
        chance: Random,
    ) -> None:
        self.me, self.duty, self.office, self.channels = me, duty, office, channels
        self.chance = chance
        self.item = office.engine.item(duty.item)
        self.objections: tuple[str, ...] = ()

    def ask(self, action: str, *, to: str | None = None, **data: Any) -> bool:
        """Ask for something; whether it was done."""
        before = len(self.office.stopped)
        done = self.office.ask(self.me.id, self.item.id, action, to=to, **data)
        self.objections = tuple(one.why.code for one in self.office.stopped[before:])
        self.item = done or self.item
        return done is not None

    def claim(self) -> None:
        """Say that it is mine, if it is nobody's."""
        if self.duty.responsible is None:
            self.ask("claim", stage=self.duty.stage)

    def may(self, action: str) -> bool:
        """Whether nothing stands against it, as far as one can see beforehand."""
        return self.office.engine.why_not(self.item.id, action, by=self.me.id) is None

    @property
    def has_voted(self) -> bool:
        """Whether one has had one's say on it, since it came here."""
        visits = {token.stage: token.visit for token in self.item.tokens}
        return any(
            one.by == self.me.id and visits.get(one.stage) == one.visit for one in self.item.votes
        )

    def says(self, field: str) -> Any:
        """What the item says; None if it does not."""
        return self.item.data.get(field)

    def below(self, kind: str) -> tuple[Item, ...]:
        """What belongs below it, of one kind."""
        return self.office.below(self.item.id, kind)

    def once_in(self, n: int) -> bool:
        """Whether chance has it, so rarely."""
        return self.chance.randrange(n) == 0

    def later(self, **span: float) -> str:
        """The moment that is so long from now: ``days=2``."""
        return (self.office.now + timedelta(**span)).isoformat()

    def waited(self, **span: float) -> bool:
        """Whether it has been here so long already."""
        return self.office.now - self.duty.entered >= timedelta(**span)

    def taken_slots(self, *, days: int) -> set[tuple[str | None, datetime]]:
        """Accounts, each with a moment at which something goes out there already."""
        office = self.office
        until = office.now + timedelta(days=days)
        told = calendar(office.store, office.department, office.now, until)
        return {(entry.account, entry.at) for entry in told.entries if entry.scheduled}
