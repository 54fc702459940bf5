"""Every requirement without what meets it: the test that shows it must fail then.

For each row of `docs/reference/requirements.md` its tests are run twice: as they are, when they
have to pass, and with the first part that the row names taken away, when one has to fail.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from requirement_rows import ROOT, Row, rows

__all__ = ["main"]

PASSED, FAILED = 0, 1


def run(tests: tuple[str, ...], without: str = "") -> tuple[int, str]:
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
    status, told = run(row.shown_by)
    if status != PASSED:
        yield f"{row.id}: its tests do not pass: {told}"
    status, told = run(row.shown_by, row.met_by[0])
    if status != FAILED:
        yield f"{row.id}: no test misses `{row.met_by[0]}`: {told}"


def main(arguments: list[str]) -> int:
    """Run the campaign; 1 if a row is shown by tests that would pass without what meets it."""
    parser = ArgumentParser("soak requirements", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("rows", nargs="*", help="only these: S1-27, or S1 for all of a document")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    chosen = [row for row in rows() if not asked.rows or row.id.startswith(tuple(asked.rows))]
    with ThreadPoolExecutor(2) as pool:
        found = [list(told) for told in pool.map(lambda row: list(wrong_about(row)), chosen)]
    violations = [one for told in found for one in told]
    if asked.json:
        told = {"campaign": "requirements", "done": len(chosen), "violations": violations}
        print(json.dumps([{**told, "seed": None}], indent=2))
    else:
        print(f"{len(chosen)} rows, {len(violations)} violations", *violations, sep="\n  ")
    return 1 if violations else 0
