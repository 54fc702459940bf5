"""Channels and accounts: where content goes out, and when there is room for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import attrs

from socialflow import DefinitionError, Scope
from socialflow.errors import nearest
from socialflow.people import EVERYWHERE

__all__ = ["DAYS", "Account", "Channel", "Slots", "one_of_these"]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def one_of_these(where: str, name: str, value: str, known: tuple[str, ...]) -> None:
    """Go on only if *value* is one of those that are *known*.

    Raises:
        DefinitionError: It is not.
    """
    if value not in known:
        message = f"{name} cannot be {value!r}"
        raise DefinitionError.because("wrong_value", where, message, nearest(value, known))


@attrs.frozen
class Channel:
    """A kind of place, as a platform, and what can be done there.

    Attributes:
        key: What accounts call it: ``"facebook"``.
        capabilities: ``"schedule"``, ``"edit"``, ``"delete"``, ``"dm"``, ``"paid"``, ``"verify"``.
        limits: The most that a post may have, by ``"characters"`` and ``"media"``.
    """

    key: str
    capabilities: tuple[str, ...] = attrs.field(default=(), converter=tuple[str, ...])
    limits: Mapping[str, int] = attrs.field(factory=dict)


@attrs.frozen
class Account:
    """One place where content goes out.

    Attributes:
        key: What items call it: ``"facebook:acme"``.
        channel: Key of its channel.
        owner: Id of the employee whose private account it is; None for one of the brand's.
        unit: Key of the unit that it belongs to.
        scope: Where it belongs.
        response_policy: Whether those who write there are answered: ``"active"``,
            ``"on_request"``, ``"passive"`` or ``"none"``.
        status: ``"active"``, ``"paused"`` or ``"disconnected"``.
        secret_ref: Where the host keeps the secret; never the secret itself.

    Raises:
        DefinitionError: There is no such policy or status.
    """

    key: str
    channel: str
    owner: str | None = None
    unit: str | None = None
    scope: Scope = EVERYWHERE
    response_policy: str = "active"
    status: str = "active"
    secret_ref: str | None = None

    def __attrs_post_init__(self) -> None:
        where = f"Account / {self.key}"
        policies = ("active", "on_request", "passive", "none")
        one_of_these(where, "response_policy", self.response_policy, policies)
        one_of_these(where, "status", self.status, ("active", "paused", "disconnected"))


@attrs.frozen
class Slots:
    """When content may go out on an account.

    Attributes:
        account: Key of the account.
        times: When each slot begins: ``"09:00"``.
        days: On which days: ``"mon"`` ... ``"sun"``.
        zone: Time zone of the times, by its name.
        minutes: How long a slot is.

    Raises:
        DefinitionError: There is no such time, day or zone.

    Example:
        >>> slots = Slots("facebook:acme", ("09:00",), days=("mon",), zone="UTC")
        >>> slots.allows(datetime.fromisoformat("2026-05-04T09:10Z"))
        True
    """

    account: str
    times: tuple[str, ...] = attrs.field(converter=tuple[str, ...])
    days: tuple[str, ...] = attrs.field(default=DAYS, converter=tuple[str, ...])
    zone: str = "UTC"
    minutes: int = 30

    def __attrs_post_init__(self) -> None:
        where = f"Slots / {self.account}"
        for day in self.days:
            one_of_these(where, "a day", day, DAYS)
        try:
            ZoneInfo(self.zone)
            for time in self.times:
                datetime.strptime(time, "%H:%M")
        except (ValueError, OSError, LookupError) as wrong:
            raise DefinitionError.because(
                "wrong_value", where, str(wrong), 'say times as in "09:00", a zone as in "UTC"'
            ) from None

    def allows(self, at: datetime) -> bool:
        """Whether the moment *at* lies in one of the slots."""
        here = at.astimezone(ZoneInfo(self.zone))
        return any(self._covers(day, here) for day in (here, here - timedelta(days=1)))

    def _covers(self, day: datetime, here: datetime) -> bool:
        if DAYS[day.weekday()] not in self.days:
            return False
        begins = (
            day.replace(hour=int(time[:2]), minute=int(time[3:]), second=0, microsecond=0)
            for time in self.times
        )
        return any(begin <= here < begin + timedelta(minutes=self.minutes) for begin in begins)

    def __str__(self) -> str:
        return f"{', '.join(self.times)} on {', '.join(self.days)} ({self.zone})"
