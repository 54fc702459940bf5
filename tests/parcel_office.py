"""An office that sends parcels: an engine, an outbox, and a channel that fails as it is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from parcels import OUTCOMES, PARCEL, TEAM

from socialflow import Engine
from socialflow.outbox import Outbox
from socialflow.protocols import Store
from socialflow.queries import Delivery, Effects
from socialflow.stores.memory import MemoryStore
from socialflow.testing.channels import FlakyChannel

START = datetime(2026, 5, 1, 12, tzinfo=UTC)
LEASE = timedelta(minutes=5)


class Office:
    """An engine with an outbox, and a clock that stands still until it is moved."""

    def __init__(
        self,
        store: Store | None = None,
        can: str = "deduplicate",
        ways: Iterable[str] = (),
        **told: Any,
    ) -> None:
        self.store = MemoryStore() if store is None else store
        self.now = START
        self.engine = Engine(self.store, PARCEL, TEAM, clock=lambda: self.now)
        self.channel = FlakyChannel(can, ways)
        self.told: dict[str, Any] = {
            "outcomes": OUTCOMES,
            "lease": LEASE,
            "retries": 2,
            "backoff": lambda attempts: timedelta(minutes=attempts),
        } | told
        self.start()

    def start(self) -> None:
        """Begin anew, as after a crash: what was in memory is gone."""
        channels = {"publish": self.channel, "recall": self.channel}
        self.outbox = Outbox(self.engine, **({"channels": channels} | self.told))

    def pack(self, id: str = "a", *actions: str) -> None:
        """Bring a parcel into being, and do that with it."""
        self.engine.create("parcel", by="cleo", id=id, data={"title": f"parcel {id}"})
        self.act(id, *actions)

    def act(self, id: str, *actions: str, **data: str) -> None:
        """Let the clerk do something with a parcel."""
        for action in actions:
            self.engine.perform(id, action, by="cleo", data=data or None)

    def wait(self, minutes: float = 10) -> None:
        """Let time pass; more than any lease or pause, if not said."""
        self.now += timedelta(minutes=minutes)

    def deliver(self, **told: Any) -> list[str]:
        """Deliver what is ready, and say what came of it."""
        return [one.outcome.kind for one in self.outbox.deliver(**told)]

    def run(self, rounds: int = 12) -> None:
        """Deliver for a long time."""
        for _ in range(rounds):
            self.outbox.deliver()
            self.wait()

    def states(self, name: str | None = None) -> list[str]:
        """How far every effect has come, in the order of their keys."""
        return [one.state for one in self.effects(name)]

    def effects(self, name: str | None = None) -> list[Delivery]:
        """Every effect, in the order of their keys."""
        found: Iterator[Delivery] = self.store.rows(Effects(name=name))
        return sorted(found, key=lambda one: (one.item, one.n, one.place))

    def where(self, id: str = "a") -> str:
        """The state of a parcel."""
        return self.engine.item(id).marking[0].removeprefix("desk.")

    def did(self, id: str = "a") -> list[str]:
        """What has happened to a parcel, in short."""
        return [one.event.action.rpartition(".")[2] for one in self.engine.history(id)]
