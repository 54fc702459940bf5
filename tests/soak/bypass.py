"""By-pass: everybody asks for everything, in every state, through every door.

What the hand-written table of who may do what does not name is denied to them at each door, by an
objection to who they are, and leaves no event; what it names is never denied so.  The doors are a
command with and without a key, with a waiver, by id and by a vouched member, many at once, all or
none, a preview, the transaction of a host, and asyncio; and behind them those by which an event
comes without a command: what came of an effect, what falls due, what is imported or migrated.
"""

from __future__ import annotations

import asyncio
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import attrs
from sqlalchemy import create_engine

sys.path[:0] = [str(Path(__file__).parent.parent)]

from content.test_who_may import BY_POLICY, FLOWS, NEEDED, NOON, STATES  # noqa: E402
from content.who_may import ROLES, WHO_MAY  # noqa: E402
from postgres import Server  # noqa: E402
from soak.campaign import Outcome, options  # noqa: E402
from under_fire.back_doors import BACK_DOORS, TEAM, Tried, codes_of, open_to_all  # noqa: E402
from under_fire.databases import Database, PostgresDatabases, SqliteFiles  # noqa: E402

from socialflow import Engine, Member  # noqa: E402
from socialflow.aio import AsyncEngine  # noqa: E402
from socialflow.bulk import Task  # noqa: E402
from socialflow.plans import plan_of  # noqa: E402
from socialflow.stores.sql import SqlStore  # noqa: E402

__all__ = ["DOORS", "OPTIONS", "run", "tried"]

OPTIONS = options("bypass", __doc__, examples=20_000, seed=1)
Asked = tuple[str, str, str]
"""An item, an action and who asks for it."""


def by_id(engine: Engine, asked: Asked) -> None:
    """A command."""
    item, action, who = asked
    engine.perform(item, action, by=who)


def with_a_key(engine: Engine, asked: Asked) -> None:
    """A command that may be repeated."""
    item, action, who = asked
    engine.perform(item, action, by=who, key="/".join(asked))


def waiving(engine: Engine, asked: Asked) -> None:
    """A command that would go on whatever is objected."""
    item, action, who = asked
    engine.perform(item, action, by=who, waive=dict.fromkeys(BY_POLICY, "I may"))


def vouched(engine: Engine, asked: Asked) -> None:
    """A command of somebody whom the host vouches for."""
    item, action, who = asked
    engine.perform(item, action, by=Member(who, ROLES.get(who, ())))


def many(engine: Engine, asked: Asked) -> None:
    """One of many."""
    item, action, who = asked
    (answer,) = engine.perform_many([Task(item, action, by=who)])
    if answer.error is not None:
        raise answer.error


def all_or_none(engine: Engine, asked: Asked) -> None:
    """One of many that stand or fall together."""
    item, action, who = asked
    engine.perform_many([Task(item, action, by=who)], atomic=True)


def previewed(engine: Engine, asked: Asked) -> None:
    """What would be."""
    item, action, who = asked
    engine.preview(item, action, by=who)


def within(engine: Engine, asked: Asked) -> None:
    """Inside a host's transaction."""
    item, action, who = asked
    host = create_engine(engine.store.url)  # type: ignore[attr-defined]
    try:
        with host.begin() as connection:
            engine.within(connection).perform(item, action, by=who)
    finally:
        host.dispose()


def awaited(engine: Engine, asked: Asked) -> None:
    """For asyncio."""
    item, action, who = asked

    async def ask() -> None:
        other = AsyncEngine(engine)
        try:
            await other.perform(item, action, by=who)
        finally:
            await other.close()

    asyncio.run(ask())


DOORS: dict[str, Callable[[Engine, Asked], None]] = {
    door.__name__: door
    for door in (by_id, with_a_key, waiving, vouched, many, all_or_none, previewed, within, awaited)
}


def chosen(examples: int, seed: int) -> Iterator[tuple[str, Tried]]:
    """So many of all attempts, each with its door; all of them if there are fewer.

    Everybody asks for every action in every state, whether it is open there or not; in every state,
    that is, in which an item may begin.
    """
    asked = [
        (name, state, action)
        for name, state in STATES
        if state not in plan_of(FLOWS[name]).led_by_children
        for action in WHO_MAY[name]
    ]
    people, doors = (*ROLES, "outsider"), (*DOORS, *BACK_DOORS)
    total = len(asked) * len(people) * len(doors)
    for n in Random(seed).sample(range(total), min(examples, total)):
        rest, door = divmod(n, len(doors))
        what, who = divmod(rest, len(people))
        yield doors[door], Tried(*asked[what], people[who])


def tried(database: Database, examples: int, seed: int) -> Outcome:
    """So many of all attempts."""
    done = 0
    violations: list[Any] = []
    with closing(SqlStore(database.empty(), create=True)) as store:
        engines: dict[str, Engine] = {}
        for done, (door, attempt) in enumerate(chosen(examples, seed), 1):
            if door in DOORS:
                if attempt.name not in engines:
                    flow = open_to_all(attempt.name)
                    engines[attempt.name] = Engine(store, [flow], TEAM, clock=lambda: NOON)
                wrong = wrong_at(DOORS[door], engines[attempt.name], attempt)
            else:
                wrong = BACK_DOORS[door](store.for_tenant(f"room {done}"), attempt)
            violations += ([door, *attrs.astuple(attempt), what] for what in wrong)
    report = tuple(f"VIOLATION: {one}" for one in violations)
    return Outcome(f"bypass / {database.name}", done, violations, seed, report)


def wrong_at(door: Callable[[Engine, Asked], None], engine: Engine, tried: Tried) -> Iterator[str]:
    """What is wrong about the answer to a command."""
    item = engine.adopt(tried.name, at=tried.state, by="outsider", data=NEEDED[tried.name])
    codes = codes_of(lambda: door(engine, (item.id, tried.action, tried.who)))
    events = len(engine.history(item.id)) - 1
    if events and not tried.may:
        yield f"it has left {events} events"
    if codes != {"state"} and tried.may is not BY_POLICY.isdisjoint(codes):
        yield f"it is answered {sorted(codes)}"


def run(asked: Namespace) -> list[Outcome]:
    """On both databases."""
    with TemporaryDirectory() as folder, Server() as server:
        databases = SqliteFiles(Path(folder)), PostgresDatabases(server)
        return [tried(database, asked.examples, asked.seed) for database in databases]
