"""What the kit finds of planted bugs: obligations and the generated machine, each after how much.

The obligations are derived from clean sources and kept; then both look for every planted bug of
the core and the stores, in a copy of the sources each. What neither finds is told, and is no
failure: the kit knows two small workflows, and the laws of the model have tests of their own. It is
a failure if something is found where nothing is planted, or anything in `planted_for_kit` is not.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from argparse import Namespace
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs
from kit_hunts import suites
from planted_bugs import FOLDER, IN_STORES, Bug, DoesNotFit, bugs
from soak.campaign import Outcome, options
from soak.planted import ROOT, copy_of_source

__all__ = ["FOR_KIT", "OPTIONS", "Found", "look", "run"]

FOR_KIT = FOLDER.parent / "planted_for_kit"
"""Mistakes that are the kit's to find, in engine and stores."""

OPTIONS = options("kit", __doc__, examples=60)
OPTIONS.add_argument("names", nargs="*", metavar="NAME", help="only bugs that begin like this")


@attrs.frozen
class Found:
    """What came of one bug: by each tool after how much, and what it said."""

    bug: str
    obligations: tuple[int, str] = (0, "")
    machine: tuple[int, str] = (0, "")
    miss: str = ""

    @property
    def is_found(self) -> bool:
        """Whether one of them has found it."""
        return bool(self.obligations[1] or self.machine[1])

    def __str__(self) -> str:
        if self.miss:
            return f"{self.bug:<56} {self.miss}"
        told = [f"{n:>5}" if said else "    –" for n, said in (self.obligations, self.machine)]
        return f"{self.bug:<56} {told[0]}  {told[1]}  {self.obligations[1] or self.machine[1]}"


def look(bug: Bug | None, kept: Path, examples: int) -> Found:
    """Plant the bug in a copy, or nothing, and have the kit look."""
    name = bug.name if bug is not None else "nothing is planted"
    with TemporaryDirectory() as folder:
        source = copy_of_source(Path(folder))
        try:
            if bug is not None:
                bug.plant(Path(folder))
        except DoesNotFit as no:
            return Found(name, miss=str(no))
        in_sql = bug is not None and any("stores/sql" in hunk.path for hunk in bug.hunks)
        store = "sqlite" if in_sql else "memory"
        command = (sys.executable, str(ROOT / "tests" / "kit_hunts.py"))
        told = {"PYTHONPATH": f"{source}{os.pathsep}{ROOT / 'tests'}"}
        try:
            ended = subprocess.run(
                (*command, str(kept), store, str(examples)),
                cwd=folder,
                env=os.environ | told | {"PYTHONDONTWRITEBYTECODE": "1"},
                capture_output=True,
                text=True,
                timeout=600,
            )
            found = json.loads(ended.stdout.splitlines()[-1])
        except subprocess.TimeoutExpired:
            return Found(name, miss="it hangs, which is found too")
        except (IndexError, ValueError):
            said = ended.stderr.strip().splitlines()[-1:]
            return Found(name, (0, f"it cannot even begin: {''.join(said)}"))
    return Found(name, tuple(found["obligations"]), tuple(found["machine"]))


def run(asked: Namespace) -> list[Outcome]:
    """Look for one bug after the other."""
    own = bugs(FOR_KIT)
    known = (*own, *bugs(), *bugs(IN_STORES))
    chosen = [one for one in known if not asked.names or one.name.startswith((*asked.names,))]
    with TemporaryDirectory() as folder:
        kept = Path(folder) / "suites.pickle"
        kept.write_bytes(pickle.dumps(suites()))
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(lambda bug: look(bug, kept, asked.examples), [None, *chosen]))
    nothing, *rest = found
    mine = {bug.name for bug in own}
    missed = [one.bug for one in rest if one.bug in mine and not one.is_found]
    violations = [f"found although nothing is planted: {nothing}"] if nothing.is_found else []
    violations += [f"{name}: not found by the kit" for name in missed]
    head = f"{'bug':<56} cases  items  the first that is not kept"
    counts = [sum(bool(said) for _, said in column) for column in _columns(rest)]
    either = sum(one.is_found for one in rest)
    last = f"{either} of {len(rest)}: {counts[0]} by obligations, {counts[1]} by the machine"
    return [Outcome("kit", len(rest), violations, report=(head, *map(str, found), last))]


def _columns(found: list[Found]) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    return [one.obligations for one in found], [one.machine for one in found]
