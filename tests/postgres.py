"""A PostgreSQL for tests, campaigns and benchmarks, in a folder of its own.

::

    with Server() as server, server.database() as url:
        engine = create_engine(url)

It listens on a socket in that folder and nowhere else, lets everybody in, and is gone with the
block; where the process is killed before, a second later. Root may not run PostgreSQL, so for
root another user does.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Literal, Self
from uuid import uuid4

import attrs
import psycopg
from postgres_programs import WHEEL, NoPostgres, find
from sqlalchemy import URL, make_url

__all__ = ["Elsewhere", "Postgres", "Server"]

WATCH = """(
while kill -0 "$1" && [ -d "$2" ]; do sleep 1; done
if [ -d "$2" ]; then kill -QUIT "$(head -n 1 "$2/data/postmaster.pid")"; rm -rf "$2"; fi
) >/dev/null 2>&1 </dev/null &"""
"""Ends the server in a folder when its owner has gone without doing so."""

CLUSTER = ("--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C")
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_min_messages": "fatal",
}
CARELESS = {"fsync": "off", "full_page_writes": "off"}


class Postgres:
    """A server that runs, and databases on it.

    Attributes:
        address: Of any database there.
    """

    address: URL

    def url(self, database: str = "postgres") -> str:
        """The address of one database, for SQLAlchemy."""
        url = self.address.set(drivername="postgresql+psycopg", database=database)
        return url.render_as_string(hide_password=False)

    @contextmanager
    def connected(self) -> Iterator[psycopg.Connection]:
        """A connection whose every statement stands for itself.

        Raises:
            NoPostgres: Nobody answers.
        """
        address = self.address.set(drivername="postgresql")
        try:
            connection = psycopg.connect(
                address.render_as_string(hide_password=False), autocommit=True
            )
        except psycopg.OperationalError as error:
            why = f"no PostgreSQL answers at {self.address}: {str(error).strip()}"
            raise NoPostgres(why) from error
        with connection:
            yield connection

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of an empty database, which is dropped afterwards."""
        name = f"test_{uuid4().hex}"
        with self.connected() as connection:
            copied = " STRATEGY file_copy" if connection.info.server_version >= 150000 else ""
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0{copied}")
        try:
            yield self.url(name)
        finally:
            with self.connected() as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@attrs.frozen
class Elsewhere(Postgres):
    """A server that somebody else runs."""

    address: URL = attrs.field(converter=make_url)

    def answering(self) -> Self:
        """The same, which answers.

        Raises:
            NoPostgres: Nobody does.
        """
        with self.connected():
            return self


def new_place() -> Path:
    """Of a folder that does not exist; its name is short, for that of a socket may not be long."""
    return Path(f"/tmp/sf-pg-{os.getpid()}-{os.urandom(3).hex()}")


def runs_as() -> str | None:
    """Whom the server runs as, if not as ourselves."""
    if os.geteuid() != 0:
        return None
    known = {one.pw_name for one in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@attrs.frozen
class Server(Postgres):
    """A server of our own.

    Attributes:
        folder: Where it lives. Several processes may hold a `Server` of the same folder.
        owner: The process that it does not outlive.
        fsync: Whether commits outlive a crash of the machine; slower, and other tests cannot tell.
    """

    folder: Path = attrs.field(factory=new_place)
    owner: int = attrs.field(factory=os.getpid)
    fsync: bool = False

    @property
    def address(self) -> URL:  # type: ignore[override]
        query = {"host": str(self.folder)}
        return URL.create("postgresql", "postgres", port=5432, database="postgres", query=query)

    @property
    def running(self) -> bool:
        """Whether it has been started, and not been stopped."""
        return (self.folder / "data" / "postmaster.pid").exists()

    def start(self) -> Self:
        """Start it, where it stopped if it ran before; nothing if somebody did so already.

        Raises:
            NoPostgres: There are no programs, or they do not start.
        """
        self.folder.mkdir(exist_ok=True)
        with self._locked():
            if not (self.folder / "bin").exists():
                self._settle()
            if not (self.folder / "data").exists():
                self._run("initdb", *CLUSTER)
            if not self.running:
                settings = SETTINGS | ({} if self.fsync else CARELESS)
                told = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
                self._run("pg_ctl", "start", "-w", "-l", "log", "-o", f"-k {self.folder} {told}")
        return self

    def stop(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        """Stop it; ``immediate`` is a crash, after which it recovers when started again."""
        self._run("pg_ctl", "stop", "-w", "-m", mode)

    def restart(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        """Stop it, and start it again."""
        self.stop(mode)
        self.start()

    def remove(self) -> None:
        """Stop it if it runs, and leave nothing behind."""
        with self._locked():
            if self.running:
                self.stop("immediate")
        shutil.rmtree(self.folder)

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.remove()
            raise

    def __exit__(self, *_: object) -> None:
        self.remove()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """While nobody else starts or removes it."""
        with (self.folder / "lock").open("w") as lock:
            flock(lock, LOCK_EX)
            yield

    def _settle(self) -> None:
        """Find the programs, and have somebody watch over the folder."""
        programs = find()
        self.folder.chmod(0o755)
        if runs_as():
            shutil.chown(self.folder, runs_as())
            if programs.is_relative_to(WHEEL):  # which may stand in a home that is closed to others
                copy = shutil.copytree(WHEEL, self.folder / "postgresql", symlinks=True)
                programs = copy / programs.relative_to(WHEEL)
        (self.folder / "bin").symlink_to(programs)
        watch = ("sh", "-c", WATCH, "sh", str(self.owner), str(self.folder))
        subprocess.run(watch, check=True, start_new_session=True)

    def _run(self, program: str, *arguments: str) -> None:
        """Run a program of PostgreSQL on the cluster, as whoever may."""
        environment = {key: value for key, value in os.environ.items() if key[:2] != "PG"}
        ran = subprocess.run(
            [(self.folder / "bin").resolve() / program, "-D", "data", *arguments],
            cwd=self.folder,
            env=environment | {"LC_ALL": "C"},
            user=runs_as(),
            group=pwd.getpwnam(runs_as() or "").pw_gid if runs_as() else None,
            extra_groups=[] if runs_as() else None,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if ran.returncode:
            log = self.folder / "log"
            told = log.read_text()[-2000:] if log.exists() else ""
            raise NoPostgres(f"{program} did not do it: {ran.stdout.strip()}\n{told}".strip())
