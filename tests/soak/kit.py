"""What the kit finds of planted bugs, tool by tool, each after how much: a table.

Obligations are derived from clean sources and kept; then every tool looks for every bug that is
planted in a copy of the sources; and so do the checks of definitions, ours and those of other
libraries that `./run bench` installs, for three mistakes in one. It is a failure if a bug is found
by none, or not by obligations; if the machine finds less than twelve of fourteen, whatever the
seed; if a mistake is not seen; or if something is found where nothing is planted.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs
from definition_defects import DEFECTS, said_by
from definition_defects import table as defects
from kit_hunts import suites
from planted_bugs import FOLDER, Bug, DoesNotFit, bugs
from soak.campaign import Outcome, options
from soak.planted import ROOT, copy_of_source

__all__ = ["FOR_KIT", "OPTIONS", "Found", "look", "run", "table"]

FOR_KIT = FOLDER.parent / "planted_for_kit"
"""Mistakes that are the kit's to find, in engine and stores."""

TOOLS = ("obligations", "machine", "contracts", "histories")
"""What the kit has."""

PATHS = "paths"
"""What many people have instead: a shortest path to each transition."""

MACHINES_FIND = 12 / 14

OPTIONS = options("kit", __doc__, examples=200, seed=1)
OPTIONS.add_argument(
    "--seeds", type=int, default=5, metavar="K", help="of the machine, from --seed"
)
OPTIONS.add_argument("--jobs", type=int, default=2, metavar="J", help="bugs looked for at once")
OPTIONS.add_argument("names", nargs="*", metavar="NAME", help="only bugs that begin like this")


@attrs.frozen
class Found:
    """What came of one bug: by each tool after how much, and what it said.

    Attributes:
        bug: Its name.
        wrong: What is wrong.
        by: By the name of a tool, and for each seed of the machine.
        miss: Why nobody could look.
    """

    bug: str
    wrong: str = ""
    by: Mapping[str, tuple[int, str]] = attrs.field(factory=dict)
    miss: str = ""

    @property
    def is_found(self) -> bool:
        """Whether a tool of the kit has found it."""
        return any(self.after(tool) for tool in TOOLS)

    @property
    def machines(self) -> list[int]:
        """After how many items the machine has found it, for each seed; 0 where it has not."""
        return [n * bool(told) for name, (n, told) in self.by.items() if _is_machine(name)]

    def after(self, tool: str) -> str:
        """After how much a tool has found it; empty if it has not."""
        if tool == "machine":
            found = sorted(filter(None, self.machines))
            if not found:
                return ""
            times = f" ({len(found)}/{len(self.machines)})" * (len(found) < len(self.machines))
            return f"{found[len(found) // 2]}{times}"
        n, told = self.by.get(tool, (0, ""))
        return str(n) if told else ""

    @property
    def row(self) -> str:
        """A line of the table."""
        cells = (self.after(tool) or "–" for tool in (*TOOLS, PATHS))
        return f"| {self.wrong} | {' | '.join(cells)} |"

    def __str__(self) -> str:
        if self.miss:
            return f"{self.bug:<36} {self.miss}"
        cells = (f"{self.after(tool) or '–':>11}" for tool in (*TOOLS, PATHS))
        return f"{self.bug:<36}{''.join(cells)}  {self.by.get('obligations', (0, ''))[1]}"


def _is_machine(name: str) -> bool:
    return name.startswith("machine ")


def look(bug: Bug | None, kept: Path, examples: int, *seeds: int) -> Found:
    """Plant the bug in a copy, or nothing, and have the kit look."""
    name, wrong = (bug.name, bug.wrong) if bug is not None else ("nothing is planted", "nothing")
    with TemporaryDirectory() as folder:
        source = copy_of_source(Path(folder))
        try:
            if bug is not None:
                bug.plant(Path(folder))
        except DoesNotFit as no:
            return Found(name, wrong, miss=str(no))
        in_sql = bug is not None and any("stores/sql" in hunk.path for hunk in bug.hunks)
        command = (sys.executable, str(ROOT / "tests" / "kit_hunts.py"))
        told = {"PYTHONPATH": f"{source}{os.pathsep}{ROOT / 'tests'}"}
        try:
            ended = subprocess.run(
                (
                    *command,
                    str(kept),
                    "sqlite" if in_sql else "memory",
                    *map(str, (examples, *seeds)),
                ),
                cwd=folder,
                env=os.environ | told | {"PYTHONDONTWRITEBYTECODE": "1"},
                capture_output=True,
                text=True,
                timeout=1800,
            )
            found = json.loads(ended.stdout.splitlines()[-1])
        except subprocess.TimeoutExpired:
            return Found(name, wrong, miss="it hangs, which is found too")
        except (IndexError, ValueError):
            said = "".join(ended.stderr.strip().splitlines()[-1:])
            return Found(name, wrong, miss=f"the hunt itself ends: {said}")
    return Found(name, wrong, {tool: (n, said) for tool, (n, said) in found.items()})


def run(asked: Namespace) -> list[Outcome]:
    """Look for one bug after the other."""
    chosen = [
        one for one in bugs(FOR_KIT) if not asked.names or one.name.startswith((*asked.names,))
    ]
    seeds = range(asked.seed, asked.seed + asked.seeds)
    with TemporaryDirectory() as folder:
        kept = Path(folder) / "suites.pickle"
        kept.write_bytes(pickle.dumps(suites()))
        with ThreadPoolExecutor(asked.jobs) as pool:
            looking = pool.map(lambda bug: look(bug, kept, asked.examples, *seeds), [None, *chosen])
            nothing, *rest = map(_shown, looking)
    violations = [*_wrong(nothing, rest), *_unseen()]
    tables = (*table(nothing, rest), "", *defects())
    report = (_head(), *map(str, rest), "", *tables, "", *violations)
    return [Outcome("kit", len(rest), violations, asked.seed, report)]


def _shown(found: Found) -> Found:
    """Whoever waits sees each as it comes."""
    print(found, file=sys.stderr, flush=True)
    return found


def _wrong(nothing: Found, rest: list[Found]) -> Iterator[str]:
    if nothing.miss or any(told for _, told in nothing.by.values()):
        yield f"found although nothing is planted: {nothing} {dict(nothing.by)}"
    for one in rest:
        if one.miss:
            yield f"{one.bug}: {one.miss}"
        elif not one.is_found:
            yield f"{one.bug}: found by no tool"
        elif not one.after("obligations"):
            yield f"{one.bug}: not found by obligations"
    for n, found in enumerate(_by_seed(rest)):
        if found < int(MACHINES_FIND * len(rest)):
            yield f"the machine finds {found} of {len(rest)} with seed number {n + 1}"


def _unseen() -> Iterator[str]:
    """Defects of a definition that our checks do not see, or see where there is none."""
    for defect in ("", *DEFECTS):
        if bool(said_by("socialflow", defect)) is not bool(defect):
            yield f"{defect or 'a sound definition'}: {said_by('socialflow', defect)}"


def _by_seed(found: list[Found]) -> list[int]:
    """How many the machine has found, for each seed."""
    return [sum(map(bool, seed)) for seed in zip(*(one.machines for one in found), strict=True)]


def _head() -> str:
    return f"{'bug':<36}" + "".join(f"{tool:>11}" for tool in (*TOOLS, PATHS))


def table(nothing: Found, rest: list[Found]) -> Iterator[str]:
    """What came of it, as a page has it."""
    yield f"| planted bug | {' | '.join((*TOOLS, 'path cover'))} |"
    yield f"| --- |{' ---: |' * (len(TOOLS) + 1)}"
    for one in rest:
        yield one.row
    counts = [sum(bool(one.after(tool)) for one in rest) for tool in (*TOOLS, PATHS)]
    seeds = _by_seed(rest) or [0]
    counts[1] = min(seeds)
    yield f"| **found, of {len(rest)}** | {' | '.join(f'**{n}**' for n in counts)} |"
    cases = [nothing.by.get(tool, (0, ""))[0] for tool in (*TOOLS, PATHS)]
    cases[1] = max([n for name, (n, _) in nothing.by.items() if _is_machine(name)] or [0])
    yield f"| looked at where nothing is planted | {' | '.join(map(str, cases))} |"
    yield ""
    yield f"The machine, by seed: {', '.join(map(str, seeds))}."
