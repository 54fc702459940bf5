"""Workers: processes that write and deliver until they are killed, and note what they were told.

An acknowledgement is a line in a file of the worker's own, written once the engine has answered.
The platform notes every call before it answers, and never asks whether it has been called before.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from time import sleep
from typing import Any

import attrs
from under_fire.desk import desk_on

from socialflow import Engine, Item
from socialflow.channels import Outcome, delivered
from socialflow.errors import StoreError
from socialflow.outbox import Outbox
from socialflow.queries import Delivery
from socialflow.stores.sql import SqlStore

__all__ = ["LEASE", "Crew", "acknowledged", "called", "now", "nursery", "outbox_on"]

LEASE = timedelta(seconds=3)


def append(path: Path, line: str) -> None:
    """One line more, whole or not at all."""
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, f"{line}\n".encode())
    os.close(file)


@attrs.frozen
class Platform:
    """A fake platform, as somebody sees it who can do so much about a lost answer."""

    folder: Path
    can: str

    def deliver(self, delivery: Delivery, item: Item) -> Outcome:
        """Note the call; then it is done."""
        append(self.folder / "calls", delivery.key)
        return delivered()


def now() -> datetime:
    return datetime.now(UTC)


def outbox_on(engine: Engine, folder: Path) -> Outbox:
    """The outbox of the desk: nothing may be notified twice, publishing deduplicates."""
    channels = {
        "notify": Platform(folder, "nothing"),
        "publish": Platform(folder, "deduplicate"),
    }
    return Outbox(engine, channels, lease=LEASE, backoff=lambda attempts: timedelta())


def work(url: str, folder: Path, who: str) -> None:
    """Bring leaflets and posts on their way, and deliver what is ready, for ever."""
    engine = desk_on(SqlStore(url), clock=now, new_id=lambda: os.urandom(8).hex())
    outbox = outbox_on(engine, folder)
    for n in count():
        for step, order in enumerate(orders(engine, f"{who}.{n}")):
            key = f"{who}.{n}.{step}"
            item = until_told(lambda order=order, key=key: order(key))
            append(folder / f"told by {who}", f"{key} {item.id} {item.version}")
        until_told(lambda: outbox.deliver(limit=4))


def orders(engine: Engine, id: str) -> Iterator[Callable[[str], Item]]:
    """What is asked for, one after the other."""
    data = {"title": "x", "accounts": ["one", "two"]}
    kind = "post" if id.endswith(("3", "6", "9")) else "leaflet"
    yield lambda key: engine.create(kind, by="ann", id=id, data=data, key=key)
    yield lambda key: engine.perform(id, "ping", by="ann", key=key)
    yield lambda key: engine.perform("hot", "edit", by="tom", data={"title": key}, key=key)
    yield lambda key: engine.perform(id, "submit", by="ann", key=key)
    yield lambda key: engine.perform(id, "approve", by="ed", key=key)
    yield lambda key: engine.perform(id, "approve", by="eve", key=key)
    if kind == "post":
        yield lambda key: engine.perform(id, "send", by="ed", key=key)
        yield lambda key: engine.perform(id, "pull_all", by="ed", key=key)


def until_told(call: Callable[[], Any]) -> Any:
    """The answer, as soon as the database gives one: the same order under the same key."""
    while True:
        try:
            return call()
        except StoreError:
            sleep(0.05)


def nursery() -> None:
    """Fork a worker for each name that comes in, and tell its number; all has been imported."""
    url, folder = sys.argv[1:]
    with closing(SqlStore(url)) as store:
        desk_on(store).item("hot")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for who in sys.stdin:
        number = os.fork()
        if not number:
            work(url, Path(folder), who.strip())
        print(number, flush=True)


@attrs.define
class Crew:
    """Workers at one database.

    Attributes:
        url: Of the database.
        folder: Where they note what they are told.
        numbers: Of the processes that live.
    """

    url: str
    folder: Path
    numbers: list[int] = attrs.field(factory=list)
    _nursery: Any = None
    _names: Iterator[int] = attrs.field(factory=count)

    def __enter__(self) -> Crew:
        tests = str(Path(__file__).parent.parent)
        program = (
            f"import sys; sys.path[:0] = [{tests!r}]; import under_fire.workers as w; w.nursery()"
        )
        self._nursery = subprocess.Popen(
            [sys.executable, "-c", program, self.url, str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def start(self) -> None:
        """One worker more."""
        self._nursery.stdin.write(f"w{next(self._names)}\n")
        self._nursery.stdin.flush()
        self.numbers.append(int(self._nursery.stdout.readline()))  # as soon as it is there

    def kill(self, place: int) -> None:
        """kill -9."""
        os.kill(self.numbers.pop(place), signal.SIGKILL)

    def __exit__(self, *_: object) -> None:
        while self.numbers:
            self.kill(0)
        self._nursery.communicate()


def acknowledged(folder: Path) -> Iterator[tuple[str, str, int]]:
    """What was acknowledged: key, item and version."""
    for path in folder.glob("told by *"):
        for line in path.read_text().splitlines():
            key, item, version = line.split()
            yield key, item, int(version)


def called(folder: Path) -> Counter[str]:
    """How often the platform was called, by the keys of the effects."""
    path = folder / "calls"
    return Counter(path.read_text().splitlines() if path.exists() else ())
