"""The month: its working hours, its ideas, and what it has in store for whom."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
from office import Office

from socialflow import Item, Member, Scope
from socialflow.people import SYSTEM

__all__ = ["Happening", "Month", "Script", "Told", "hours_of", "read_month"]

HERE = Path(__file__).parent
OPEN, CLOSED = 8, 18


@attrs.frozen(kw_only=True)
class Happening:
    """Something that happens to an item at a certain point, before anybody else acts on it there.

    Attributes:
        what: In a sentence.
        item: Id of the item.
        day: On which working day at the earliest, from 1.
        hour: At which hour of the day at the earliest.
        state: In which state the item is then, or one below it.
        below: Of which kind that is, if it is one below.
        by: Id of whoever does it.
        action: What is asked for.
        create: Or what is brought into being: below the item, unless it has a brand.
        brand: Where that belongs.
        id: Of what is brought into being.
        data: What is said.
        waive: Reasons to go on although a rule objects, by its code.
    """

    what: str
    item: str
    day: int
    hour: int = OPEN
    state: str
    below: str | None = None
    by: str
    action: str | None = None
    create: str | None = None
    brand: str | None = None
    id: str | None = None
    data: Mapping[str, Any] = attrs.field(factory=dict)
    waive: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen
class Told:
    """What came of it.

    Attributes:
        what: In a sentence.
        by: Id of whoever did it.
        item: Id of the item.
        at: When.
        outcome: ``"done"``, or the codes of what stood against it.
    """

    what: str
    by: str
    item: str
    at: datetime
    outcome: str


@attrs.frozen
class Month:
    """All that is in the files.

    Attributes:
        start: Its first working hour.
        weeks: How many there are.
        ideas: Who has which idea, and on which working day.
        brands: What an idea has that does not say otherwise, by its brand.
        happenings: What is in store.
        faults: What channels do instead of taking an upload, try by try.
        voices: What people write, and what they mean by it.
    """

    start: datetime
    weeks: int
    ideas: tuple[Mapping[str, Any], ...]
    brands: Mapping[str, Mapping[str, Any]]
    happenings: tuple[Happening, ...]
    faults: Mapping[tuple[str, str], tuple[str, ...]]
    voices: Mapping[str, Mapping[str, Any]]

    def ideas_of(self, day: int) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        """Everybody who has an idea on a working day: who, its key, its brand, what they say."""
        for idea in self.ideas:
            if idea["day"] == day:
                told = {**self.brands[idea["brand"]], **idea}
                by, key, brand, _ = (told.pop(name) for name in ("by", "key", "brand", "day"))
                yield by, key, brand, told


def read_month(folder: Path = HERE) -> Month:
    """The month that ``month.toml`` and ``ideas.toml`` tell of."""
    told = tomllib.loads((folder / "month.toml").read_text("utf-8"))
    ideas = tomllib.loads((folder / "ideas.toml").read_text("utf-8"))
    return Month(
        told["start"],
        told["weeks"],
        tuple(ideas["ideas"]),
        ideas["brands"],
        tuple(Happening(**one) for one in told["events"]),
        {(one["item"], one["account"]): tuple(one["does"]) for one in told["faults"]},
        told["voices"],
    )


def hours_of(month: Month) -> Iterator[tuple[int, datetime]]:
    """Every hour at which somebody looks at the clock, with the number of its working day.

    On weekends only the clock itself works, at noon; its day is 0.
    """
    working = 0
    for n in range(month.weeks * 7 - 2):
        morning = month.start + timedelta(days=n)
        if morning.weekday() > 4:
            yield 0, morning.replace(hour=12)
        else:
            working += 1
            yield from ((working, morning.replace(hour=h)) for h in range(OPEN, CLOSED))


class Script:
    """What is still in store, and what came of the rest.

    Attributes:
        told: What came of what has happened so far, in that order.
    """

    def __init__(self, office: Office, happenings: tuple[Happening, ...]) -> None:
        self._office = office
        self._waiting = list(happenings)
        self.told: list[Told] = []

    def reserved(self) -> set[tuple[str, str]]:
        """Items, each with the state in which nobody is to touch it yet."""
        return {(item.id, one.state) for one in self._waiting for item in self._met(one)}

    def go_on(self, day: int) -> None:
        """Let everything happen whose time has come."""
        for one in tuple(self._waiting):
            come = (day, self._office.now.hour) >= (one.day, one.hour)
            item = next(self._met(one), None) if come else None
            if item is not None:
                self._waiting.remove(one)
                self._happen(one, item)

    def _met(self, one: Happening) -> Iterator[Item]:
        """What it happens to, as soon as that is in the right state."""
        item = self._office.engine.find(ref=one.item)
        if item is None:
            return
        several = (item,) if one.below is None else self._office.below(item.id, one.below)
        yield from (found for found in several if one.state in found.marking)

    def _happen(self, one: Happening, item: Item) -> None:
        office = self._office
        by: str | Member = SYSTEM if one.by == SYSTEM.id else one.by
        said = {name: _moment(value, office.now) for name, value in one.data.items()}
        before = len(office.stopped)
        if one.create is not None:
            if one.brand is None:
                office.bring(by, one.create, below=item.id, **said)
            else:
                office.bring(by, one.create, scope=Scope(brand=one.brand), id=one.id, **said)
        else:
            office.ask(by, item.id, one.action or "", waive=one.waive, **said)
        codes = [stop.why.code for stop in office.stopped[before:]]
        outcome = ", ".join(dict.fromkeys(codes)) or "done"
        self.told.append(Told(one.what, one.by, one.item, office.now, outcome))


def _moment(value: Any, now: datetime) -> Any:
    """What ``"in 40 minutes"`` and ``"tomorrow at 10:00"`` mean now; anything else as it is."""
    if not isinstance(value, str):
        return value
    if later := re.fullmatch(r"in (\d+) (minutes|hours|days)", value):
        return (now + timedelta(**{later[2]: int(later[1])})).isoformat()
    if then := re.fullmatch(r"tomorrow at (\d\d):(\d\d)", value):
        day = now + timedelta(days=1)
        return day.replace(hour=int(then[1]), minute=int(then[2])).isoformat()
    return value
