"""Every property of the tests, with a thousand examples instead of a few."""

from __future__ import annotations

import subprocess
import sys
from argparse import Namespace
from pathlib import Path

from soak.campaign import Outcome, options

__all__ = ["OPTIONS", "run"]

ROOT = Path(__file__).parent.parent.parent

OPTIONS = options("properties", __doc__, seed=0)
OPTIONS.add_argument("files", nargs="*", help="only these files of tests")


def files() -> list[str]:
    """The files of tests that have properties."""
    found = sorted((ROOT / "tests").rglob("test_*.py"))
    return [str(path) for path in found if "hypothesis" in path.read_text()]


def run(asked: Namespace) -> list[Outcome]:
    """Run them; what pytest says comes as it is said."""
    told = ["--hypothesis-profile=thorough", f"--hypothesis-seed={asked.seed}"]
    chosen = asked.files or files()
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", *told, *chosen],
        cwd=ROOT,
        stdout=sys.stderr if asked.json else None,
    )
    violations = [f"pytest ended with {ran.returncode}"] if ran.returncode else []
    return [Outcome("properties", len(chosen), violations, asked.seed, tuple(violations))]
