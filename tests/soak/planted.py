"""Planted bugs: each breaks a law of the model, or a store, and the test it names has to find it.

The sources are copied, the bug is planted in the copy, and the named test runs against it; it has
to fail. Beforehand all named tests run against a copy without any bug, where they have to pass.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs
from planted_bugs import IN_STORES, Bug, DoesNotFit, bugs
from soak.campaign import Outcome, options

__all__ = ["OPTIONS", "Hunt", "hunt", "run"]

ROOT = Path(__file__).parent.parent.parent
PASSED, FAILED = 0, 1

OPTIONS = options("planted", __doc__)
OPTIONS.add_argument("names", nargs="*", metavar="NAME", help="only bugs that begin like this")


@attrs.frozen
class Hunt:
    """What came of one bug.

    Attributes:
        bug: Which one.
        miss: Why it was not found; empty if it was.
    """

    bug: Bug
    miss: str = ""

    def __str__(self) -> str:
        return f"{self.bug.name:<49}  {self.miss or 'found'}"


def status_of(
    tests: Iterable[str], source: Path, *more: str, within: int | None = None
) -> int | None:
    """How pytest ends that runs *tests* on the library in *source*; None if not within the time."""
    command = (sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *more, *tests)
    told = {
        "PYTHONPATH": str(source),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(source.parent / "hypothesis"),
        "COVERAGE_FILE": str(source.parent / "coverage"),
    }
    try:
        ended = subprocess.run(
            command, cwd=ROOT, env=os.environ | told, capture_output=True, timeout=within
        )
    except subprocess.TimeoutExpired:
        return None
    return ended.returncode


def copy_of_source(folder: Path) -> Path:
    """The sources once more, below *folder*."""
    return Path(shutil.copytree(ROOT / "src", folder / "src"))


def hunt(bug: Bug) -> Hunt:
    """Plant the bug in a copy, and have its test look for it."""
    with TemporaryDirectory() as folder:
        source = copy_of_source(Path(folder))
        try:
            bug.plant(Path(folder))
        except DoesNotFit as no:
            return Hunt(bug, str(no))
        status = status_of([bug.found_by], source)
    if status == FAILED:
        return Hunt(bug)
    missed = status == PASSED
    return Hunt(bug, f"not found by {bug.found_by}" if missed else f"pytest ended with {status}")


def red_without_any(chosen: Iterable[Bug]) -> str:
    """What is wrong if the named tests do not pass where nothing is planted."""
    tests = dict.fromkeys(bug.found_by for bug in chosen)
    with TemporaryDirectory() as folder:
        status = status_of(tests, copy_of_source(Path(folder)))
    return "" if status == PASSED else f"without any bug pytest ended with {status}"


def run(asked: Namespace) -> list[Outcome]:
    """Plant one bug after the other."""
    known = (*bugs(), *bugs(IN_STORES))
    chosen = [one for one in known if not asked.names or one.name.startswith((*asked.names,))]
    red = red_without_any(chosen)
    with ThreadPoolExecutor(2) as pool:
        hunts = list(pool.map(hunt, chosen))
    missed = [f"{one.bug.name}: {one.miss}" for one in hunts if one.miss]
    violations = [*filter(None, [red]), *missed]
    found = f"{len(hunts) - len(missed)} of {len(hunts)} found"
    report = (*map(str, hunts), *violations, found)
    return [Outcome("planted", len(hunts), violations, report=report)]
