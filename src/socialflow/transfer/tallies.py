"""The tally of an export: how much there was of everything, and a digest over all of it."""

from __future__ import annotations

from hashlib import sha256

from socialflow.codec import encode

__all__ = ["Tally"]

COUNTED = {"definition": "definitions", "item": "items", "entry": "entries", "record": "records"}
"""What is counted, by what its lines begin with."""


class Tally:
    """What the last line of an export says about the lines before it.

    Attributes:
        counted: How many there were, by the name of what they say.
    """

    def __init__(self) -> None:
        self.counted = dict.fromkeys(COUNTED.values(), 0)
        self._digest = sha256()

    def add(self, line: str) -> None:
        """One line more."""
        kind = line[2 : line.index('"', 2)]
        if kind in COUNTED:
            self.counted[COUNTED[kind]] += 1
        self._digest.update(f"{line}\n".encode())

    @property
    def line(self) -> str:
        """The last line."""
        return encode({"end": self.counted, "sha256": self._digest.hexdigest()})
