"""The reckoning: what was acknowledged and what the platform saw, against what is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import sleep

from under_fire.desk import desk_on
from under_fire.looking import disagreements
from under_fire.workers import LEASE, acknowledged, called, now, outbox_on

from socialflow.errors import Refused
from socialflow.queries import Delivery, Effects, History
from socialflow.stores.sql import SqlStore

__all__ = ["reckoning"]

SETTLED = {"delivered", "queued", "unconfirmed"}


def reckoning(store: SqlStore, folder: Path) -> Iterator[str]:
    """What was lost, half-written or done twice; then what is left is delivered, and looked at."""
    yield from disagreements(store)
    for key, item, version in acknowledged(folder):
        entry = next(iter(store.rows(History(key=key))), None)
        if entry is None or entry.event.item != item or entry.event.version > version:
            yield f"{key} was acknowledged with version {version} of {item}, and there is {entry}"
    yield from _wrong_about_calls([*store.rows(Effects())], called(folder), Counter())
    yield from _after_delivering(store, folder)


def _after_delivering(store: SqlStore, folder: Path) -> Iterator[str]:
    """Somebody looks at what nobody knows of: it is to be delivered again, if it still may be."""
    engine = desk_on(store, clock=now)
    outbox = outbox_on(engine, folder)
    sleep(LEASE.total_seconds())
    while outbox.deliver(limit=1_000):
        pass
    allowed: Counter[str] = Counter()
    for letter in outbox.letters("unconfirmed", limit=10_000):
        try:
            outbox.resolve(letter.key, "again", by="cleo", evidence="looked")
            allowed[letter.key] += 1
        except Refused:  # a later one has overtaken it
            outbox.resolve(letter.key, "delivered", by="cleo", evidence="looked")
            allowed[letter.key] += 0
    while outbox.deliver(limit=1_000):
        pass
    effects = [*store.rows(Effects())]
    yield from _wrong_about_calls(effects, called(folder), allowed)
    yield from disagreements(store)
    for one in effects:
        if one.state not in SETTLED:
            yield f"{one.key} is {one.state}"


def _wrong_about_calls(
    effects: list[Delivery], calls: Counter[str], allowed: Counter[str]
) -> Iterator[str]:
    for key in calls.keys() - {one.key for one in effects}:
        yield f"the platform was called for {key}, which is no effect"
    for one in effects:
        count = calls[one.key]
        if one.name == "notify" and count > 1 + allowed[one.key]:
            yield f"the platform was called {count} times for {one.key}, which is {one.state}"
        if one.state == "delivered" and not count and one.key not in allowed:
            yield f"{one.key} is delivered, and the platform was never called"
        if one.state == "queued" and not one.attempts and count:
            yield f"{one.key} is queued, and the platform was called"
