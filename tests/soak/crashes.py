"""A crash at every boundary between two statements, of every operation that writes.

A story is told step by step, on SQLite and on PostgreSQL.  At each step it is told once to the end
while somebody looks at the database from outside at every boundary; then again and again, each
time on a copy, and broken at another boundary: the process is gone, or the statement fails and the
process goes on.  Then the database is what it was at that boundary, to the last row; everything in
it agrees; and the same step told again ends as if nothing had happened.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import attrs

sys.path[:0] = [str(Path(__file__).parent.parent)]

from postgres import Server  # noqa: E402
from soak.campaign import Outcome, options  # noqa: E402
from under_fire.databases import (  # noqa: E402
    Database,
    PostgresDatabases,
    Rows,
    SqliteFiles,
    looking_at,
    rows_of,
)
from under_fire.desk import desk_on  # noqa: E402
from under_fire.fuses import Break, Fuse, wired  # noqa: E402
from under_fire.looking import disagreements  # noqa: E402
from under_fire.steps import Step  # noqa: E402
from under_fire.story import STORY, begin  # noqa: E402

from socialflow.errors import SocialflowError  # noqa: E402
from socialflow.stores.sql import SqlStore  # noqa: E402

__all__ = ["OPTIONS", "Campaign", "Crash", "run"]

OPTIONS = options("crashes", __doc__, examples=10_000, seed=1)


@attrs.frozen
class Crash:
    """Where a step is broken.

    Attributes:
        step: Its name.
        at: The boundary; None where it is not broken.
        how: ``"gone"`` or ``"lost"``.
    """

    step: str
    at: int | None = None
    how: Break = "gone"


@attrs.define
class Campaign:
    """The story on one kind of database.

    Attributes:
        database: Which.
        examples: At most so many crashes.
        seed: Of which, if there are more.
    """

    database: Database
    examples: int
    seed: int
    boundaries: Counter[str] = attrs.field(factory=Counter)
    done: int = 0
    violations: list[dict[str, Any]] = attrs.field(factory=list)

    def run(self, story: tuple[Step, ...] = STORY) -> Campaign:
        """Tell the story, and break it."""
        url = self.database.empty()
        with closing(SqlStore(url, create=True)) as store:
            begin(desk_on(store))
        rng = Random(self.seed)
        chosen = rng.sample(story, min(self.examples, len(story)))
        share = -(-self.examples // len(story))
        for step in story:
            if step in chosen:
                url = self.tried(step, url, share, rng)
            else:
                with closing(SqlStore(url)) as store:
                    step.do(desk_on(store))
        return self

    def tried(self, step: Step, url: str, share: int, rng: Random) -> str:
        """Tell a step, and break it at so many boundaries; the database as it is then."""
        after, seen, answer = self.told(step, url)
        self.boundaries[step.name] = len(seen)
        crashes = [*self.crashes(step, len(seen))]
        for crash in rng.sample(crashes, min(share, len(crashes))):
            self.done += 1
            self.broken(step, crash, url, seen, answer)
        self.database.remove(url)
        return after

    def told(self, step: Step, url: str) -> tuple[str, list[Any], Any]:
        """A step to its end: the database then, what was to be seen on the way, and the answer."""
        copy = self.database.copy(url)
        seen: list[Any] = []
        with (
            looking_at(copy) as look,
            wired(Fuse(look=lambda: seen.append(look()))) as fuse,
            closing(SqlStore(copy)) as store,
        ):
            fuse.arm()
            answer = step.do(desk_on(store))
            fuse.is_armed = False
        if len({repr(one) for one in seen}) != step.commits + 1:
            self.violated(Crash(step.name), "what it does is not durable at once")
        return copy, seen, answer

    def crashes(self, step: Step, boundaries: int) -> Iterator[Crash]:
        """Every place where a step can break: SQLite does not lose an answer."""
        for at in range(boundaries):
            yield Crash(step.name, at, "gone")
            if at % 2 == 0 or self.database.name != "SQLite":
                yield Crash(step.name, at, "lost")

    def broken(self, step: Step, crash: Crash, url: str, seen: list[Any], answer: Any) -> None:
        """One crash, and what came of it."""
        copy = self.database.copy(url)
        with wired(Fuse(crash.at, crash.how)) as fuse:
            store = SqlStore(copy)
            fuse.arm()
            finished = self.asked(step, crash, store, fuse) == answer
            fuse.is_armed = False
            if crash.how == "lost":
                if finished or not step.goes_on:
                    self.look(crash, copy, seen[-1] if finished else seen[crash.at])
                self.told_again(step, crash, store, answer, seen[-1])
                store.close()
        if crash.how == "gone":  # what it had open has been closed with the wires
            self.look(crash, copy, seen[crash.at])
            with closing(SqlStore(copy)) as store:
                self.told_again(step, crash, store, answer, seen[-1])
        self.database.remove(copy)

    def asked(self, step: Step, crash: Crash, store: SqlStore, fuse: Fuse) -> Any:
        """What somebody is told whose connection breaks; nothing where the process has gone."""
        try:
            return step.do(desk_on(store))
        except (SocialflowError, *step.errors):
            pass
        except BaseException as error:
            if not fuse.is_gone:
                self.violated(crash, f"it raises {error!r}")
        return None

    def told_again(self, step: Step, crash: Crash, store: SqlStore, answer: Any, end: Any) -> None:
        """The same step once more: it ends as if nothing had happened."""
        for wrong in disagreements(store):
            self.violated(crash, wrong)
        try:
            again = step.do(desk_on(store))
        except (SocialflowError, *step.errors) as error:
            again = error
        if again != answer and (step.has_key or isinstance(again, Exception)):
            self.violated(crash, f"told again, it answers {again!r}")
        url = store.engine.url.render_as_string(hide_password=False)
        self.look(crash, url, end, step.same)

    def look(
        self, crash: Crash, url: str, expected: Any, same: Callable[[Rows], Rows] = list
    ) -> None:
        """The database is what it should be, as far as that has to be the same."""
        found, expected = same(rows_of(url)), same(expected)
        if found != expected:
            more = [row for row in found if row not in expected]
            less = [row for row in expected if row not in found]
            self.violated(crash, f"there is {more}, and there is not {less}")

    def violated(self, crash: Crash, what: str) -> None:
        self.violations.append({**attrs.asdict(crash), "what": what[:2_000]})

    def outcome(self) -> Outcome:
        """What came of it."""
        report = (
            f"{self.database.name}: {len(self.boundaries)} operations, "
            f"{sum(self.boundaries.values())} boundaries, {self.done} crashes",
            *(f"VIOLATION: {one}" for one in self.violations),
        )
        name = f"crashes / {self.database.name}"
        return Outcome(name, self.done, self.violations, self.seed, report)


def run(asked: Namespace) -> list[Outcome]:
    """Break everything, on both databases."""
    with TemporaryDirectory() as folder, Server() as server:
        databases = (SqliteFiles(Path(folder)), PostgresDatabases(server))
        return [Campaign(one, asked.examples, asked.seed).run().outcome() for one in databases]
