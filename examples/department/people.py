"""People at work: three times a day everybody looks at what lies there, and does what is theirs."""

from __future__ import annotations

from random import Random

from channels import Channels
from desk import Desk
from living import LIVING
from making import MAKING
from office import Office

from socialflow import Member, Scope
from socialflow.queries import Duty

__all__ = ["People"]

HABITS = {**MAKING, **LIVING}
ENERGY = (8, 14)
"""How many things somebody does in one go, at least and at most."""


class People:
    """Everybody who comes in."""

    def __init__(self, office: Office, channels: Channels, chance: Random) -> None:
        self._office, self._channels, self._chance = office, channels, chance
        self._put_off: set[tuple[str, Duty]] = set()

    def come_in(self) -> None:
        """A new day: what was refused yesterday is looked at again."""
        self._put_off.clear()

    def work(self, reserved: set[tuple[str, str]]) -> None:
        """Everybody looks at the list as it is now, and does what they can of it.

        Args:
            reserved: Items, each with the state in which nobody is to touch it.
        """
        duties = [
            duty
            for duty in self._office.duties()
            if duty.state in HABITS and (duty.item, duty.state) not in reserved
        ]
        for me in self._office.there():
            self._work_through(me, duties)

    def _work_through(self, me: Member, duties: list[Duty]) -> None:
        roles = me.roles(Scope(), self._office.now)
        if me.kind == "agency":
            roles &= {"agency_member"}
        energy = self._chance.randint(*ENERGY)
        for duty in tuple(duties):
            habits = [habit for role, habit in HABITS[duty.state].items() if role in roles]
            if energy and habits and (me.id, duty) not in self._put_off:
                desk = Desk(me, duty, self._office, self._channels, self._chance)
                if duty.state not in desk.item.marking:
                    duties.remove(duty)
                    continue
                version, refused = desk.item.version, len(self._office.stopped)
                habits[0](desk)
                if len(self._office.stopped) > refused:
                    self._put_off.add((me.id, duty))
                if desk.item.version > version:
                    energy -= 1
                if duty.state not in desk.item.marking:
                    duties.remove(duty)
