"""Every requirement without what meets it: the test that shows it must fail then.

For each row of `docs/reference/requirements.md` its tests are run twice: as they are, when they
have to pass, and with the first part that the row names taken away, when one has to fail.
"""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from requirement_rows import ROOT, Row, rows
from soak.campaign import Outcome, options

__all__ = ["OPTIONS", "run"]

PASSED, FAILED = 0, 1

OPTIONS = options("requirements", __doc__)
OPTIONS.add_argument("rows", nargs="*", help="only these: S1-27, or S1 for all of a document")


def ended(tests: tuple[str, ...], without: str = "") -> tuple[int, str]:
    """What pytest says of *tests*: its exit status, and the last line."""
    told = ["-q", "-p", "no:cacheprovider", "-p", "taken_away", f"--without={without}"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *told, *tests],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(
                filter(None, (str(ROOT / "tests"), os.environ.get("PYTHONPATH")))
            ),
        },
        capture_output=True,
        text=True,
    )
    lines = (ran.stdout + ran.stderr).strip().splitlines()
    return ran.returncode, lines[-1] if lines else ""


def wrong_about(row: Row) -> Iterator[str]:
    """What is not as the row says."""
    status, told = ended(row.shown_by)
    if status != PASSED:
        yield f"{row.id}: its tests do not pass: {told}"
    status, told = ended(row.shown_by, row.met_by[0])
    if status != FAILED:
        yield f"{row.id}: no test misses `{row.met_by[0]}`: {told}"


def run(asked: Namespace) -> list[Outcome]:
    """Find the rows whose tests would pass without what meets them."""
    chosen = [row for row in rows() if not asked.rows or row.id.startswith(tuple(asked.rows))]
    with ThreadPoolExecutor(2) as pool:
        found = [*pool.map(lambda row: [*wrong_about(row)], chosen)]
    violations = [one for told in found for one in told]
    report = (f"{len(chosen)} rows, {len(violations)} violations", *violations)
    return [Outcome("requirements", len(chosen), violations, report=report)]
