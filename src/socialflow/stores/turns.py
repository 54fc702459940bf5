"""Taking turns: one unit of work at a time, and never two of one thread inside each other."""

from __future__ import annotations

from threading import Lock, get_ident

from socialflow.errors import StoreError

__all__ = ["Turn"]


class Turn:
    """A lock that tells a thread which holds it already, instead of waiting for ever.

    Args:
        store: Name of the store, for the sentence.
    """

    def __init__(self, store: str) -> None:
        self._store = store
        self._lock = Lock()
        self._holder: int | None = None

    def take(self) -> None:
        """Wait until nobody has the turn.

        Raises:
            StoreError: This thread has it.
        """
        if self._holder == get_ident():
            raise StoreError(
                f"{self._store}: this thread has a unit of work open already; close that one first"
            )
        self._lock.acquire()
        self._holder = get_ident()

    def give(self) -> None:
        """Let the next one begin."""
        self._holder = None
        self._lock.release()
