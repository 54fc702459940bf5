"""Every property of the tests, with a thousand examples instead of a few."""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path

__all__ = ["main"]

ROOT = Path(__file__).parent.parent.parent


def files() -> list[str]:
    """The files of tests that have properties."""
    found = sorted((ROOT / "tests").rglob("test_*.py"))
    return [str(path) for path in found if "hypothesis" in path.read_text()]


def main(arguments: list[str]) -> int:
    """Run them; 1 if one does not hold."""
    parser = ArgumentParser("soak properties", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("files", nargs="*", help="only these files of tests")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    told = ["--hypothesis-profile=thorough", f"--hypothesis-seed={asked.seed}"]
    chosen = asked.files or files()
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", *told, *chosen],
        cwd=ROOT,
        stdout=sys.stderr if asked.json else None,
    )
    if asked.json:
        violations = [] if ran.returncode == 0 else [f"pytest ended with {ran.returncode}"]
        told_of = {"campaign": "properties", "done": len(chosen), "violations": violations}
        print(json.dumps([{**told_of, "seed": asked.seed}], indent=2))
    return 1 if ran.returncode else 0
