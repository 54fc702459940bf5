"""The PostgreSQL of the tests: real, one for a run, and missed aloud."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from postgres import Postgres, Server
from postgres_programs import NoPostgres, find
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

ROOT = Path(__file__).parent.parent


def run(url: str, *statements: str) -> list[object]:
    """Carry out statements in one transaction; the rows of the last, if it gives any."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        for statement in statements:
            result = connection.execute(text(statement))
        return list(result.scalars()) if result.returns_rows else []


def pytest_on_this_file(*arguments: str, **environment: str) -> str:
    """What another run of pytest says, of tests in this file."""
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments)
    ran = subprocess.run(
        [*command, __file__],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    return ran.stdout


def test_it_runs_real_sql(pg_url: str) -> None:
    """What is written in one transaction is read in the next; it is PostgreSQL that does so."""
    run(pg_url, "CREATE TABLE things (it jsonb)", "INSERT INTO things VALUES ('{\"a\": [1, 2]}')")

    assert [2] == run(pg_url, "SELECT it #> '{a,1}' FROM things")


def test_databases_do_not_see_each_other(postgres: Postgres) -> None:
    """A table of one is no table of another."""
    with postgres.database() as one, postgres.database() as other:
        run(one, "CREATE TABLE things (it int)")

        assert [True] == run(one, "SELECT to_regclass('things') IS NOT NULL")
        assert [False] == run(other, "SELECT to_regclass('things') IS NOT NULL")


def test_a_database_goes_though_somebody_is_still_connected(postgres: Postgres) -> None:
    """A test that leaves a connection open does not keep its database."""
    with postgres.database() as url:
        engine = create_engine(url)
        left_open = engine.connect()

    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url.replace("+psycopg", ""))
    left_open.invalidate()
    engine.dispose()


@pytest.mark.postgres
def test_what_was_committed_outlives_a_crash() -> None:
    """Stopped at once and started again, it has what was committed and nothing else."""
    with Server(fsync=True) as server, server.database() as url:
        run(url, "CREATE TABLE things (it int)", "INSERT INTO things VALUES (1)")
        with psycopg.connect(url.replace("+psycopg", "")) as open_still:
            open_still.execute("INSERT INTO things VALUES (2)")
            server.stop("immediate")
            assert not server.running
            open_still.close()

        server.start()

        assert [1] == run(url, "SELECT it FROM things")
        assert ["on"] == run(url, "SHOW fsync")


@pytest.mark.postgres
def test_whoever_comes_second_finds_it_running() -> None:
    """Starting it again in the same folder starts nothing; it is removed once, by either."""
    with Server() as first:
        began = run(first.url(), "SELECT pg_postmaster_start_time()")

        second = Server(first.folder).start()

        assert began == run(second.url(), "SELECT pg_postmaster_start_time()")
    assert not first.folder.exists()


@pytest.mark.postgres
def test_it_does_not_outlive_its_owner() -> None:
    """Once the process that it was for has gone, it and its folder go too."""
    owner = subprocess.Popen(["sleep", "60"])
    server = Server(owner=owner.pid).start()
    with psycopg.connect(server.url().replace("+psycopg", "")) as connection:
        owner.kill()
        owner.wait()

        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT pg_sleep(10)")
        connection.close()


def test_without_programs_the_sentence_says_what_would_help() -> None:
    """Whoever has no PostgreSQL is told the three things that they can do."""
    with pytest.raises(NoPostgres) as no:
        find(ways=[lambda: None])

    for remedy in ("Install PostgreSQL", "SOCIALFLOW_TEST_PG_URL", "--no-postgres"):
        assert remedy in str(no.value)


def test_a_missing_server_is_a_failure() -> None:
    """A test that needs a server and has none does not pass, and is not skipped."""
    said = pytest_on_this_file(
        "-k", "real_sql", SOCIALFLOW_TEST_PG_URL="postgresql:///postgres?host=/nowhere"
    )

    assert "no PostgreSQL answers at postgresql:///postgres?host=%2Fnowhere" in said
    assert "--no-postgres" in said
    assert "1 error" in said.splitlines()[-1]


def test_what_needs_a_server_is_left_out_on_request() -> None:
    """With `--no-postgres` what asks for it by a fixture or by its mark is deselected."""
    said = pytest_on_this_file("--no-postgres", "--collect-only")

    assert "(6 deselected)" in said.splitlines()[-1]
    assert {
        "test_without_programs_the_sentence_says_what_would_help",
        "test_a_missing_server_is_a_failure",
        "test_what_needs_a_server_is_left_out_on_request",
    } == {line.rpartition("::")[2] for line in said.splitlines() if "::" in line}
