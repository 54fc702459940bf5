"""Two ways to do one thing, timed in turns: what is quoted is the median of the rounds' ratios."""

from __future__ import annotations

import gc
from collections.abc import Callable
from statistics import median
from time import perf_counter

import attrs

__all__ = ["Pair", "Result", "measured"]

ROUNDS = 9
Run = Callable[[], object]


@attrs.frozen
class Pair:
    """Ours beside a baseline.

    Attributes:
        name: What is done.
        ours: Does it *times* times our way.
        theirs: Does it *times* times the other way.
        times: How often each round does it.
        goal: Bound of the ratio of times, ours to theirs; of rates where *as_rate*.
        as_rate: Whether the ratio is one of rates, where more is better.
    """

    name: str
    ours: Run
    theirs: Run
    times: int
    goal: float
    as_rate: bool = False


@attrs.frozen
class Result:
    """What came out.

    Attributes:
        name: What was done.
        ratio: Median over the rounds.
        goal: Its bound.
        holds: Whether the ratio keeps to the bound.
        note: Single figures, for orientation only.
    """

    name: str
    ratio: float
    goal: float
    holds: bool
    note: str = ""


def seconds(run: Run) -> float:
    """Wall-clock time of one call, with the collector out of the way."""
    gc.collect()
    gc.disable()
    try:
        start = perf_counter()
        run()
        return perf_counter() - start
    finally:
        gc.enable()


def measured(pair: Pair, rounds: int = ROUNDS) -> Result:
    """Warm both up, then time them in turns."""
    pair.ours()
    pair.theirs()
    ours, theirs = [], []
    for turn in range(rounds):
        order = (pair.ours, pair.theirs) if turn % 2 else (pair.theirs, pair.ours)
        for run in order:
            (ours if run is pair.ours else theirs).append(seconds(run))
    pairs = zip(ours, theirs, strict=True)
    ratio = median(t / o if pair.as_rate else o / t for o, t in pairs)
    note = " to ".join(f"{median(spent) / pair.times * 1e6:.1f}" for spent in (ours, theirs))
    holds = ratio >= pair.goal if pair.as_rate else ratio <= pair.goal
    return Result(pair.name, round(ratio, 3), pair.goal, holds, f"{note} us each")
