"""The turnstile: a lock between the processes that write to one SQLite file.

They wait in it until it is their turn.  SQLite itself has them try again and again, with growing
pauses, and somebody may not get through for a long time.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

try:
    from fcntl import LOCK_EX, LOCK_UN, flock
except ImportError:  # there are no such locks on Windows, where SQLite's own have to do
    flock = None  # type: ignore[assignment]

__all__ = ["Turnstile"]


class Turnstile:
    """A lock on a file beside the database; nothing is ever written to it.

    Where it cannot be made, as in a folder that is read-only, SQLite's own locks have to do.  A
    database in memory, which is no file, has none.
    """

    def __init__(self, database: Path | None) -> None:
        self._file = -1
        if flock is not None and database is not None:
            place = database.with_name(f"{database.name}-turn")
            with suppress(OSError):
                self._file = os.open(place, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o666)

    def take(self) -> None:
        """Wait until no other process has it."""
        if self._file >= 0:
            try:
                flock(self._file, LOCK_EX)
            except OSError:
                self.close()

    def give(self) -> None:
        """Let another process have it, if this one has it."""
        if self._file >= 0:
            try:
                flock(self._file, LOCK_UN)
            except OSError:
                self.close()

    def close(self) -> None:
        """Forget it; whoever has it through another process goes on having it."""
        if self._file >= 0:
            file, self._file = self._file, -1
            os.close(file)

    def __del__(self) -> None:
        self.close()
