"""Planted bugs: mistakes that somebody might make in the core, one in each file of `planted`.

A file begins with the law that it breaks, what is wrong, and the test that finds it; then comes a
unified diff against the sources. A hunk is found by its lines and not by its numbers, so that it
still fits when a file has grown elsewhere.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import attrs

__all__ = ["FOLDER", "IN_STORES", "Bug", "DoesNotFit", "Hunk", "bugs", "read_bug", "sources_of"]

ROOT = Path(__file__).parent.parent
FOLDER = Path(__file__).parent / "planted"
IN_STORES = Path(__file__).parent / "planted_in_stores"
"""Mistakes in the stores, which break no law of the model but lose or hang something."""


class DoesNotFit(Exception):
    """The lines that a bug changes are not there, or are there more than once."""


@attrs.frozen
class Hunk:
    """Lines of one file, and what they become."""

    path: str
    before: str
    after: str


@attrs.frozen
class Bug:
    """One mistake.

    Attributes:
        name: Of its file, the law first.
        law: Paragraph of the model that it breaks; 0 for a mistake in a store.
        wrong: What is wrong.
        found_by: The test that has to find it.
        hunks: What it changes.
    """

    name: str
    law: int
    wrong: str
    found_by: str
    hunks: tuple[Hunk, ...]

    def plant(self, root: Path) -> None:
        """Make the mistake in the sources below *root*.

        Raises:
            DoesNotFit: The sources have changed where it is to be made.
        """
        for hunk in self.hunks:
            path = root / hunk.path
            text = path.read_text()
            if text.count(hunk.before) != 1:
                raise DoesNotFit(f"{self.name}: its lines stand {text.count(hunk.before)} times")
            path.write_text(text.replace(hunk.before, hunk.after))


def bugs(folder: Path = FOLDER) -> tuple[Bug, ...]:
    """All of them, by law."""
    return tuple(read_bug(path) for path in sorted(folder.glob("*.patch")))


def read_bug(path: Path) -> Bug:
    """The bug in a file."""
    head, _, diff = path.read_text().partition("\n\n")
    told = dict(line.split(": ", 1) for line in head.splitlines())
    hunks = tuple(_hunks(diff))
    return Bug(path.stem, int(told.get("law", 0)), told["wrong"], told["found by"], hunks)


def _hunks(diff: str) -> Iterator[Hunk]:
    path = ""
    for part in diff.replace("\n@@ ", "\n\0@@ ").replace("\n--- ", "\n\0--- ").split("\0"):
        first, *lines = part.splitlines(keepends=True)
        if first.startswith("--- "):
            path = first.removeprefix("--- a/").strip()
        else:
            yield Hunk(path, _side(lines, " -"), _side(lines, " +"))


def _side(lines: list[str], signs: str) -> str:
    return "".join(line[1:] for line in lines if line[0] in signs)


def sources_of(bug: Bug, folder: Path) -> Iterator[tuple[str, str]]:
    """Each source that a bug changes, before and after it is planted; what is after compiles."""
    paths = {hunk.path for hunk in bug.hunks}
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, folder / path)
    bug.plant(folder)
    for path in paths:
        text = (folder / path).read_text()
        compile(text, path, "exec")
        yield (ROOT / path).read_text(), text
