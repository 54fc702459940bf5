"""Eight threads on one SQLite file, beside eight that do it by hand: the rate, and the tail."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from by_hand import on_sqlite
from crowds import Crowd, crowd
from durable import ITEMS, Ticks, filled
from ratios import Result

from socialflow.engine import Engine

THREADS = 8
ROUNDS = 7


def which(n: int, turn: int) -> tuple[str, str]:
    """An item of that thread's own, and what is done to it in that turn."""
    own = ITEMS // THREADS
    return f"post-{n * own + turn % own}", "check" if turn // own % 2 == 0 else "return"


def ours(engine: Engine) -> list[Callable[[int], None]]:
    """Threads that share an engine."""

    def member(n: int) -> Callable[[int], None]:
        def step(turn: int) -> None:
            item, action = which(n, turn)
            engine.perform(item, action, by="ed")

        return step

    return [member(n) for n in range(THREADS)]


def theirs(path: Path, synchronous: str) -> list[Callable[[int], None]]:
    """Threads that have a connection each."""
    clock = Ticks()

    def member(n: int) -> Callable[[int], None]:
        by_hand = on_sqlite(path, synchronous, clock)

        def step(turn: int) -> None:
            by_hand(*which(n, turn), "ed")

        return step

    return [member(n) for n in range(THREADS)]


def results() -> Iterator[Result]:
    """The rate of both settings, and how far the slowest steps are from the usual one."""
    for synchronous, times, goal in (("FULL", 60, 1.2), ("NORMAL", 120, 0.6)):
        own: list[Crowd] = []
        raw: list[Crowd] = []
        with tempfile.TemporaryDirectory() as folder:
            for turn in range(ROUNDS):
                ours_at, theirs_at = Path(folder) / f"{turn}o.db", Path(folder) / f"{turn}t.db"
                engine = filled(ours_at, synchronous)
                filled(theirs_at, synchronous).store.close()  # type: ignore[attr-defined]
                own.append(crowd(ours(engine), times))
                raw.append(crowd(theirs(theirs_at, synchronous), times))
                engine.store.close()  # type: ignore[attr-defined]
        name = f"eight threads, SQLite {synchronous}"
        yield rate(name, own, raw, goal)
        yield from tail(name, own, raw)


def rate(name: str, own: list[Crowd], raw: list[Crowd], goal: float) -> Result:
    """Our rate to that of those who do it by hand."""
    ratio = median(t.seconds / o.seconds for o, t in zip(own, raw, strict=True))
    rates = [len(one.spans) / one.seconds for one in (own[-1], raw[-1])]
    note = " to ".join(f"{one:.0f}" for one in rates) + " steps a second"
    return Result(name, round(ratio, 3), goal, ratio >= goal, note)


def tail(name: str, own: list[Crowd], raw: list[Crowd]) -> Iterator[Result]:
    """Our p99 to our p50, and our slowest step to the slowest by hand."""
    to_p50 = median(one.at(0.99) / one.at(0.5) for one in own)
    note = f"p50 {median(one.at(0.5) for one in own) * 1e3:.2f} ms"
    yield Result(f"{name}: p99 to p50", round(to_p50, 2), 10, to_p50 <= 10, note)
    slowest = median(o.spans[-1] / t.spans[-1] for o, t in zip(own, raw, strict=True))
    note = f"{own[-1].spans[-1] * 1e3:.1f} to {raw[-1].spans[-1] * 1e3:.1f} ms"
    yield Result(f"{name}: slowest to raw's", round(slowest, 2), 1, slowest <= 1, note)
