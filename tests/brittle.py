"""A store under a process that may end at any step: before it writes, or after."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

from socialflow.protocols import Store, UnitOfWork
from socialflow.testing.channels import Crash


class Fuse:
    """Counts steps, and ends the process at some of them; only while it is lit."""

    def __init__(self, at: Container[int] = ()) -> None:
        self.at = at
        self.steps = 0
        self.lit = False

    def __call__(self) -> None:
        if self.lit:
            self.steps += 1
            if self.steps in self.at:
                raise Crash(self.steps)


class BrittleStore:
    """A store whose units may end before they begin, before they are kept, or right after."""

    def __init__(self, store: Store, fuse: Fuse) -> None:
        self.store = store
        self.fuse = fuse

    def rows(self, query: Any) -> Iterator[Any]:
        return self.store.rows(query)

    def begin(self, *alone: str) -> BrittleWork:
        return BrittleWork(self.store.begin(*alone), self.fuse)


class BrittleWork:
    """A unit of work of it."""

    def __init__(self, work: Any, fuse: Fuse) -> None:
        self.work = work
        self.fuse = fuse

    def __enter__(self) -> UnitOfWork:
        self.fuse()
        return self.work.__enter__()  # type: ignore[no-any-return]

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is None:
            try:
                self.fuse()
            except Crash as crash:
                self.work.__exit__(Crash, crash, None)
                raise
        self.work.__exit__(kind, error, trace)
        self.fuse()
