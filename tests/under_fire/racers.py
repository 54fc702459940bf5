"""Racers: threads that all want the same few items, and write down what they were told."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from threading import Thread
from time import monotonic
from typing import Any

import attrs
from under_fire.desk import desk_on

from socialflow import Engine
from socialflow.errors import Refused, SocialflowError, StaleItem
from socialflow.items import Entry
from socialflow.protocols import Store
from socialflow.stores.sql import SqlStore
from socialflow.testing.histories import Call, Stored

__all__ = ["HOT", "Race", "histories", "race_in_processes", "race_in_threads"]

HOT = {f"hot {n}": "post" if n < 2 else "leaflet" for n in range(5)}
"""Ids of the items, and the workflows that hold them."""


@attrs.define
class Race:
    """What racers have been told.

    Attributes:
        calls: Every one.
        errors: What nobody may be told: what exactly.
    """

    calls: list[Call] = attrs.field(factory=list)
    errors: list[str] = attrs.field(factory=list)

    def add(self, other: Race) -> None:
        """What others have been told as well."""
        self.calls += other.calls
        self.errors += other.errors

    @property
    def waits(self) -> dict[str, tuple[float, float]]:
        """By item, how long half of its calls took, and all but one in a thousand, in seconds."""
        return {item: self._quantiles(item) for item in HOT}

    def _quantiles(self, item: str) -> tuple[float, float]:
        spans = sorted(
            one.ended - one.began
            for one in self.calls
            if one.item == item and one.ended is not None
        )
        return spans[len(spans) // 2], spans[int(len(spans) * 0.999)]


def race_in_threads(url: str, who: str, threads: int, calls: int, seed: int) -> Race:
    """So many calls by so many threads, of one engine."""
    race = Race()
    with closing(SqlStore(url, connections=threads)) as store:
        engine = desk_on(store)
        shares = [range(n, calls, threads) for n in range(threads)]
        racers = [
            Racer(engine, f"{who}.{n}", Random(f"{seed} {who} {n}"), len(share))
            for n, share in enumerate(shares)
        ]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()
            race.add(racer.race)
    return race


def race_in_processes(url: str, processes: int, threads: int, calls: int, seed: int) -> Race:
    """The same in several processes, each with an engine of its own."""
    race = Race()
    tests = str(Path(__file__).parent.parent)
    program = (
        f"import sys; sys.path[:0] = [{tests!r}]; from under_fire import racers; racers.main()"
    )
    told = [str(one) for one in (threads, calls // processes, seed)]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, url, f"p{n}", *told], stdout=subprocess.PIPE
        )
        for n in range(processes)
    ]
    for one in running:
        out, _ = one.communicate()
        race.add(pickle.loads(out))
    return race


def main() -> None:
    """One of the processes: what its threads were told goes to standard output."""
    url, who, *numbers = sys.argv[1:]
    threads, calls, seed = map(int, numbers)
    sys.stdout.buffer.write(pickle.dumps(race_in_threads(url, who, threads, calls, seed)))


def histories(store: Store) -> dict[str, list[Stored]]:
    """What is stored of the hot items."""
    engine = desk_on(store)
    return {id: [*_stored(engine.history(id))] for id in HOT}


def _stored(entries: tuple[Entry, ...]) -> Iterator[Stored]:
    for entry in entries:
        command = entry.event.command
        yield Stored(entry.event.version, command.key or (command.data or {}).get("title"))


class Racer(Thread):
    """One thread: it edits, claims, releases, notes, reads, and repeats itself."""

    def __init__(self, engine: Engine, name: str, rng: Random, calls: int) -> None:
        super().__init__(name=name)
        self.engine = engine
        self.rng = rng
        self.count = calls
        self.race = Race()
        self.seen: dict[str, int] = {}
        self.last: tuple[str, str, dict[str, Any]] | None = None

    def run(self) -> None:
        for n in range(self.count):
            item = self.rng.choice(tuple(HOT))
            match self.rng.random():
                case chance if chance < 0.15:
                    self.read(item)
                case chance if chance < 0.25 and self.last:
                    self.write(*self.last)
                case _:
                    self.write(item, *self.command(item, f"{self.name}.{n}"))

    def command(self, item: str, mark: str) -> tuple[str, dict[str, Any]]:
        """Something to ask for, and how; what is edited without a key is known by its title."""
        action = self.rng.choice(("edit", "edit", "edit", "claim", "release", "note"))
        told: dict[str, Any] = {"by": self.rng.choice(("ann", "tom"))}
        if action == "edit":
            told["data"] = {"title": mark}
        if action == "note":
            told["data"] = {"text": "a note"}
        if action != "edit" or self.rng.random() < 0.5:
            told["key"] = mark
        if self.rng.random() < 0.1:
            told["expect"] = self.seen.get(item, 1)
        return action, told

    def read(self, item: str) -> None:
        began = monotonic()
        version = self.engine.item(item).version
        self.race.calls.append(Call(item, began, monotonic(), None, version))
        self.seen[item] = version

    def write(self, item: str, action: str, told: dict[str, Any]) -> None:
        mark = told.get("key") or told["data"]["title"]
        version = None
        began = monotonic()
        try:
            version = self.engine.perform(item, action, **told).version
        except Refused:
            pass
        except StaleItem as error:
            if "expect" not in told:
                self.race.errors.append(f"{mark}: {error!r}")
        except SocialflowError as error:
            self.race.errors.append(f"{mark}: {error!r}")
        self.race.calls.append(Call(item, began, monotonic(), mark, version))
        if version is not None:
            self.seen[item] = version
        if "key" in told:
            self.last = item, action, told
