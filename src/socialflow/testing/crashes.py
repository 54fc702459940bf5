"""A crash: what happens to a process, told to a test."""

from __future__ import annotations

__all__ = ["Crash"]


class Crash(BaseException):
    """The process is gone: nothing catches this but the test."""
