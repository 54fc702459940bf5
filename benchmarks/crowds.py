"""Many at once: how long they take together, and each of them for each step."""

from __future__ import annotations

import gc
from collections.abc import Callable
from threading import Barrier, Thread
from time import perf_counter

import attrs

__all__ = ["Crowd", "crowd"]


@attrs.frozen
class Crowd:
    """What a crowd has done.

    Attributes:
        seconds: From the first step to the last.
        spans: Seconds of every step, sorted.
    """

    seconds: float
    spans: list[float]

    def at(self, share: float) -> float:
        """The span that such a share of all keeps to."""
        return self.spans[min(int(len(self.spans) * share), len(self.spans) - 1)]


def crowd(members: list[Callable[[int], None]], times: int) -> Crowd:
    """Have each member do *times* steps, all of them at once."""
    spans: list[list[float]] = [[] for _ in members]
    errors: list[BaseException] = []
    ready = Barrier(len(members) + 1)

    def run(n: int) -> None:
        member, own = members[n], spans[n]
        ready.wait()
        try:
            for turn in range(times):
                begin = perf_counter()
                member(turn)
                own.append(perf_counter() - begin)
        except BaseException as error:
            errors.append(error)

    threads = [Thread(target=run, args=(n,)) for n in range(len(members))]
    for thread in threads:
        thread.start()
    gc.collect()
    ready.wait()
    begin = perf_counter()
    for thread in threads:
        thread.join()
    seconds = perf_counter() - begin
    if errors:
        raise errors[0]
    return Crowd(seconds, sorted(span for own in spans for span in own))
