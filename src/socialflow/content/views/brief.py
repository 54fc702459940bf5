"""Daily brief: what goes out today, what is risky, what is late, who is waiting for an answer?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import attrs

from socialflow import Item
from socialflow.content.department import Department
from socialflow.content.views.calendar import Clash, Entry, calendar
from socialflow.content.views.overdue import Overdue, overdue
from socialflow.content.views.reading import Reader, born, named, open_content, waited
from socialflow.queries import Duties, Items

__all__ = ["Brief", "Mentions", "Risk", "brief"]

RISKS = ("high", "crisis")
WEEK = 7
SPIKE = 2.0
"""How many times the usual number of mentions is a spike ..."""
FEW = 5
"""... if there are at least so many."""


@attrs.frozen
class Risk:
    """What could do harm.

    Attributes:
        what: ``"high"`` or ``"crisis"``, as the item says; or ``"freeze"``.
        item: Id of the item, or key of the freeze.
        ref: The host's own row, if it has one.
        title: What the item is called, or why it is frozen.
        states: Where the item is.
    """

    what: str
    item: str
    ref: str | None
    title: str
    states: tuple[str, ...] = ()


@attrs.frozen
class Mentions:
    """Comments, mentions and messages.

    Attributes:
        waiting: How many nobody has looked at.
        longest: How long the first of them has been waiting.
        arrived: How many came within a day.
        usual: How many came in a day, on the average of the week before.
        spike: Whether that is far more than usual.
    """

    waiting: int
    longest: timedelta | None
    arrived: int
    usual: float
    spike: bool


@attrs.frozen
class Brief:
    """How the day begins.

    Attributes:
        today: What goes out today.
        clashes: What of it cannot go out as planned.
        risks: What could do harm.
        overdue: What should have been done by now.
        mentions: Who is waiting for an answer.
    """

    today: tuple[Entry, ...]
    clashes: tuple[Clash, ...]
    risks: tuple[Risk, ...]
    overdue: tuple[Overdue, ...]
    mentions: Mentions


def brief(reader: Reader, department: Department, at: datetime) -> Brief:
    """What goes out today, what is risky, what is late, who is waiting for an answer?

    Args:
        reader: The store of the items.
        department: Its accounts, blackouts and freezes.
        at: Now; the day is the one in its time zone.
    """
    morning = at.replace(hour=0, minute=0, second=0, microsecond=0)
    told = calendar(reader, department, morning, morning + timedelta(days=1))
    return Brief(
        told.entries,
        told.clashes,
        (*_frozen(department, at), *_risky(reader)),
        overdue(reader, at),
        _mentions(reader, at),
    )


def _frozen(department: Department, at: datetime) -> Iterator[Risk]:
    for one in department.freezes:
        if one.holds(at):
            yield Risk("freeze", one.key, None, one.reason)


def _risky(reader: Reader) -> Iterator[Risk]:
    for item in open_content(reader):
        if item.data.get("risk") in RISKS:
            yield Risk(item.data["risk"], *named(item), item.marking)


def _mentions(reader: Reader, at: datetime) -> Mentions:
    new = list(reader.rows(Duties(state="interaction.new")))
    since = [born(reader, item) for item in _moved_since(reader, at - timedelta(days=WEEK + 1))]
    day = timedelta(days=1)
    arrived = sum(at - day < one <= at for one in since)
    usual = sum(at - day * (WEEK + 1) < one <= at - day for one in since) / WEEK
    spike = arrived >= FEW and arrived > SPIKE * usual
    longest = waited(new[0], at) if new else None
    return Mentions(len(new), longest, arrived, round(usual, 1), spike)


def _moved_since(reader: Reader, since: datetime) -> Iterator[Item]:
    """Interactions that have changed their state since then: whatever was born since is of them."""
    for item in reader.rows(Items(kind="interaction")):
        if any(token.entered > since for token in item.tokens):
            yield item
