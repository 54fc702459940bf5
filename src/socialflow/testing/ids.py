"""Ids that count, so that a test can name an item before it is there."""

from __future__ import annotations

from itertools import count

__all__ = ["CountingIds"]


class CountingIds:
    """Makes ``item-1``, ``item-2`` ...: an engine's ``new_id=`` in tests.

    Example:
        >>> new_id = CountingIds("post")
        >>> new_id(), new_id()
        ('post-1', 'post-2')
    """

    def __init__(self, word: str = "item") -> None:
        self._word = word
        self._numbers = count(1)

    def __call__(self) -> str:
        """The next one."""
        return f"{self._word}-{next(self._numbers)}"
