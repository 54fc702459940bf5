"""Hostile input through every door of an engine, on three stores at once.

The same call goes to an engine in memory, on SQLite and on PostgreSQL.  All three answer alike: by
one of the library's own errors, or by something that is read back as it was told.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from reprlib import Repr
from tempfile import TemporaryDirectory
from typing import Any

import attrs

sys.path[:0] = [str(Path(__file__).parent.parent)]

from postgres import Postgres, Server  # noqa: E402
from soak.campaign import Outcome, options  # noqa: E402
from under_fire.databases import PostgresDatabases  # noqa: E402
from under_fire.desk import desk_on  # noqa: E402
from under_fire.hostility import Order, order  # noqa: E402
from under_fire.looking import disagreements  # noqa: E402

from socialflow import Engine, Item  # noqa: E402
from socialflow.errors import SocialflowError  # noqa: E402
from socialflow.queries import History, Items  # noqa: E402
from socialflow.stores.memory import MemoryStore  # noqa: E402
from socialflow.stores.sql import SqlStore  # noqa: E402

__all__ = ["OPTIONS", "Campaign", "run"]

OPTIONS = options("hostile", __doc__, examples=100_000, seed=1)

SHORT = Repr()
SHORT.maxdict = 12


@attrs.define
class Campaign:
    """Three engines, and what came of what they were asked.

    Attributes:
        engines: By the name of their stores.
        seed: Of chance.
    """

    engines: dict[str, Engine]
    seed: int
    answers: Counter[str] = attrs.field(factory=Counter)
    violations: list[dict[str, Any]] = attrs.field(factory=list)

    def run(self, examples: int) -> Campaign:
        """Ask so often."""
        for engine in self.engines.values():
            engine.create("leaflet", by="ann", id="hot", ref="row:1", data={"title": "x"})
        for n in range(examples):
            self.ask(n, order(Random(f"{self.seed} {n}"), n))
        for name, engine in self.engines.items():
            for wrong in disagreements(engine.store):
                self.violated(name, Order("audit", {}), wrong)
        first, *others = ([*_everything(engine)] for engine in self.engines.values())
        if any(first != other for other in others):
            self.violated("all", Order("rows", {}), "they do not hold the same")
        return self

    def ask(self, n: int, order: Order) -> None:
        """One call, to all of them."""
        told = {name: self.answer(name, engine, order) for name, engine in self.engines.items()}
        first = next(iter(told.values()))
        self.answers[first[0]] += 1
        if any(repr(first) != repr(other) for other in told.values()):
            short = {name: SHORT.repr(answer) for name, answer in told.items()}
            self.violated(f"example {n}", order, f"they answer {short}")

    def answer(self, name: str, engine: Engine, order: Order) -> tuple[str, Any]:
        """What an engine says: its answer, or the class of its error."""
        try:
            if order.tenant:
                engine = desk_on(engine.store.for_tenant(order.tenant))  # type: ignore[attr-defined]
            answer = getattr(engine, order.call)(**order.given)
        except SocialflowError as error:
            return type(error).__name__, ""
        except Exception as error:
            self.violated(name, order, f"it raises {type(error).__name__}: {error}"[:300])
            return "error", ""
        is_new = order.call in ("create", "adopt", "perform") and order.given.get("key") is None
        if isinstance(answer, Item) and is_new and engine.item(answer.id) != answer:
            self.violated(name, order, "it is not read back as it was answered")
        return "success", answer

    def violated(self, where: str, order: Order, what: str) -> None:
        given = f"{order.call} {SHORT.repr(order.given)} {order.tenant!r}"[:600]
        self.violations.append({"where": where, "order": given, "what": what})

    def outcome(self) -> Outcome:
        """What came of it."""
        told = ", ".join(f"{name} {count}" for name, count in self.answers.most_common())
        report = (
            f"{self.answers.total()} calls: {told}",
            *(f"VIOLATION: {one}" for one in self.violations),
        )
        return Outcome("hostile", self.answers.total(), self.violations, self.seed, report)


def _everything(engine: Engine) -> Iterator[Any]:
    yield from engine.store.rows(Items())
    yield from engine.store.rows(History())


def attacked(folder: Path, server: Postgres, examples: int, seed: int) -> Outcome:
    """Engines in memory, on SQLite and on PostgreSQL, asked so often."""
    sqlite = SqlStore(f"sqlite:///{folder}/content.db", create=True, synchronous="NORMAL")
    postgresql = SqlStore(PostgresDatabases(server).empty(), create=True)
    with closing(sqlite), closing(postgresql):
        stores = {"memory": MemoryStore(), "SQLite": sqlite, "PostgreSQL": postgresql}
        engines = {name: desk_on(store) for name, store in stores.items()}
        return Campaign(engines, seed).run(examples).outcome()


def run(asked: Namespace) -> list[Outcome]:
    """Ask, as often as was asked."""
    with TemporaryDirectory() as folder, Server() as server:
        return [attacked(Path(folder), server, asked.examples, asked.seed)]
