"""By-pass: everybody asks for everything, in every state, through every door.

What the hand-written table of who may do what does not name is denied to them at each door, by an
objection to who they are, and leaves no event; what it names is never denied so.  The doors are a
command with and without a key, by id and by a vouched member, many at once, all or none, a preview,
the transaction of a host, and asyncio.
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
from under_fire.databases import Database, PostgresDatabases, SqliteFiles  # noqa: E402

from socialflow import Engine, Member, Refused, Team  # noqa: E402
from socialflow.aio import AsyncEngine  # noqa: E402
from socialflow.bulk import Task  # noqa: E402
from socialflow.errors import SocialflowError  # noqa: E402
from socialflow.stores.sql import SqlStore  # noqa: E402

__all__ = ["DOORS", "OPTIONS", "run", "tried"]

OPTIONS = options("bypass", __doc__, examples=20_000, seed=1)
TEAM = Team([Member(short, role) for short, role in ROLES.items()] + [Member("outsider")])
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
    for door in (by_id, with_a_key, vouched, many, all_or_none, previewed, within, awaited)
}


def engine_on(store: SqlStore, name: str) -> Engine:
    """An engine in which everybody may adopt, so that there is an item in every state."""
    open_to_all = attrs.evolve(FLOWS[name], rights={**FLOWS[name].rights, "adopt": "*"})
    return Engine(store, [open_to_all], TEAM, clock=lambda: NOON)


def all_there_is() -> Iterator[tuple[str, str, str, str, str]]:
    """Workflow, state, action, who and door; whether the action is open there or not."""
    for name, state in STATES:
        for action in WHO_MAY[name]:
            for who in (*ROLES, "outsider"):
                for door in DOORS:
                    yield name, state, action, who, door


def tried(database: Database, examples: int, seed: int) -> Outcome:
    """So many of all attempts, or all of them if there are fewer."""
    chosen = [*all_there_is()]
    Random(seed).shuffle(chosen)
    violations: list[Any] = []
    with closing(SqlStore(database.empty(), create=True)) as store:
        engines = {name: engine_on(store, name) for name in FLOWS}
        for attempt in chosen[:examples]:
            name, state, action, who, door = attempt
            engine = engines[name]
            item = engine.adopt(name, at=state, by="outsider", data=NEEDED[name])
            codes = codes_of(DOORS[door], engine, (item.id, action, who))
            named = WHO_MAY[name][action]
            may = who in named or named == {*ROLES}
            events = len(engine.history(item.id)) - 1
            if codes == {"state"}:
                continue
            if may is not BY_POLICY.isdisjoint(codes) or (events and not may):
                violations.append([*attempt, sorted(codes), events])
    report = tuple(f"VIOLATION: {one}" for one in violations)
    done = min(examples, len(chosen))
    return Outcome(f"bypass / {database.name}", done, violations, seed, report)


def codes_of(door: Callable[[Engine, Asked], None], engine: Engine, asked: Asked) -> set[str]:
    """What was objected; nothing if nothing was."""
    try:
        door(engine, asked)
    except Refused as no:
        return {*no.refusal.codes}
    except SocialflowError as error:
        return {error.code}
    return set()


def run(asked: Namespace) -> list[Outcome]:
    """On both databases."""
    with TemporaryDirectory() as folder, Server() as server:
        databases = SqliteFiles(Path(folder)), PostgresDatabases(server)
        return [tried(database, asked.examples, asked.seed) for database in databases]
