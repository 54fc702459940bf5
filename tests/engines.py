"""What the tests of the engine share: stores of every kind, a clock, an engine at work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import attrs
import pytest
from scenes import ANN, ED, EVE, LEA, NOBODY, TOM, workflow

from socialflow import Member, Refused, Role, Team, Workflow
from socialflow.engine import Engine
from socialflow.protocols import Store
from socialflow.queries import Definitions, Duties, Heads, History, Items
from socialflow.stores.memory import MemoryStore
from socialflow.stores.sql import SqlStore

START = datetime(2026, 5, 1, 12, tzinfo=UTC)
KINDS = (
    "memory",
    "sqlite in memory",
    "sqlite file",
    pytest.param("postgresql", marks=pytest.mark.postgres),
)
"""Of stores; on PostgreSQL each test has a tenant of its own in one database."""
CHIEF = Member("cleo", "chief")
TEAM = Team((ANN, TOM, ED, EVE, LEA, NOBODY, CHIEF))
RIGHTS = {
    "create": "*",
    "note": "*",
    "adopt": "chief",
    "assign": "editor",
    "reopen": "chief",
}


def store_of(request: pytest.FixtureRequest, kind: str, folder: Path) -> Store:
    """A new store of one of these `KINDS`, for one test."""
    if kind == "postgresql":
        return _postgresql(request.getfixturevalue("pg_store")).for_tenant(uuid4().hex)
    return open_store(kind, folder)


@cache
def _postgresql(url: str) -> SqlStore:
    return SqlStore(url)


def open_store(kind: str, folder: Path) -> Store:
    """A new store of that kind, which needs no server."""
    if kind == "memory":
        return MemoryStore()
    urls = {"sqlite in memory": "sqlite://", "sqlite file": f"sqlite:///{folder}/content.db"}
    return SqlStore(urls[kind], create=True, synchronous="NORMAL")


class Ticking:
    """A clock that moves on a minute whenever it is looked at."""

    def __init__(self) -> None:
        self.looked = 0

    def __call__(self) -> datetime:
        self.looked += 1
        return START + timedelta(minutes=self.looked - 1)


def post(*steps: Any, **told: Any) -> Workflow:
    """The workflow of the scenes, with the rights of a chief."""
    return workflow(*steps, **({"rights": RIGHTS} | told))


def engine_on(store: Store, *workflows: Workflow, **told: Any) -> Engine:
    """An engine with the team of the scenes; ids are ``item 1``, ``item 2`` ..."""
    ids = count(1)
    told = {"people": TEAM, "clock": Ticking(), "new_id": lambda: f"item {next(ids)}"} | told
    return Engine(store, workflows or (post(),), **told)


def everything(store: Store) -> tuple[Any, ...]:
    """All that the store answers: equal if nothing has changed."""
    asked = (Items(), History(), Duties(), Definitions(), Heads())
    answers = tuple(tuple(store.rows(query)) for query in asked)
    return (*answers, store.dump()) if isinstance(store, SqlStore) else answers


class Heard:
    """Hears every signal of an engine, in order."""

    def __init__(self, engine: Engine) -> None:
        self.told: list[tuple[str, dict[str, Any]]] = []
        self._kept = [
            self._hear(engine, field.name) for field in attrs.fields(type(engine.signals))
        ]

    def _hear(self, engine: Engine, name: str) -> Callable[..., None]:
        def receiver(sender: Engine, **told: Any) -> None:
            assert sender is engine
            self.told.append((name, told))

        getattr(engine.signals, name).connect(receiver)
        return receiver

    @property
    def names(self) -> list[str]:
        """Names of the signals, in the order in which they came."""
        return [name for name, _ in self.told]


__all__ = [
    "ANN",
    "CHIEF",
    "ED",
    "EVE",
    "KINDS",
    "LEA",
    "NOBODY",
    "START",
    "TEAM",
    "TOM",
    "Heard",
    "Role",
    "Ticking",
    "engine_on",
    "everything",
    "open_store",
    "post",
    "store_of",
]


def refused(call: Callable[..., Any], *values: Any, **told: Any) -> tuple[str, ...]:
    """The codes of everything that stands in the way of what must be refused."""
    with pytest.raises(Refused) as caught:
        call(*values, **told)
    return caught.value.refusal.codes
