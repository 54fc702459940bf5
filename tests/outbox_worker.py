"""A process that delivers parcels until nothing is left: ``outbox_worker.py URL FOLDER CAN``.

What it does outside is a line in a file for each call, and a file for each thing that is done.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path
from time import sleep

from parcels import OUTCOMES, PARCEL, TEAM

from socialflow import Engine
from socialflow.channels import Outcome, delivered
from socialflow.items import Item
from socialflow.outbox import Outbox
from socialflow.protocols import Channel, Store
from socialflow.queries import Delivery, Effects
from socialflow.stores.sql import SqlStore

LEASE = timedelta(seconds=2)
TAKES = 0.01


class Folder(Channel):
    """The outside: a folder."""

    def __init__(self, place: Path, can: str) -> None:
        self.place, self.can = place, can

    def deliver(self, delivery: Delivery, item: Item) -> Outcome:
        key = delivery.key.replace("/", "-")
        self.append("calls", key)
        if self.can == "nothing" or not (self.place / key).exists():
            (self.place / key).touch()
        sleep(TAKES)
        return delivered(url=key)

    def append(self, name: str, line: str) -> None:
        file = os.open(self.place / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(file, f"{line}\n".encode())
        os.close(file)

    def verify(self, delivery: Delivery, item: Item) -> Outcome:
        return delivered(url=delivery.key)


def outbox(store: Store, place: Path, can: str) -> Outbox:
    """An outbox that delivers to that folder."""
    channels = {"publish": Folder(place, can)}
    engine = Engine(store, PARCEL, TEAM)
    return Outbox(engine, channels, outcomes=OUTCOMES, lease=LEASE)


def main(url: str, folder: str, can: str) -> None:
    """Deliver until nothing is under way any more."""
    store = SqlStore(url)
    box = outbox(store, Path(folder), can)
    print("ready", flush=True)
    while any(next(store.rows(Effects(state=state, limit=1)), None) for state in OPEN):
        if not box.deliver(limit=5):
            sleep(0.1)


OPEN = ("queued", "taken")

if __name__ == "__main__":
    main(*sys.argv[1:])
