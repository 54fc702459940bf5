"""One PostgreSQL server for a whole run of the tests, started by the first test that asks for it.

The process that runs pytest says where the server will live and removes it at the end; its workers
only start it. A test that cannot have a server fails: a skip would hide that nothing was tested.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from postgres import Postgres

PLACE = pytest.StashKey[dict[str, Any]]()
"""Folder and owner of the server, as plain data: a worker is told them."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--no-postgres`, for machines that cannot have a server."""
    parser.addoption(
        "--no-postgres", action="store_true", help="leave out the tests that need PostgreSQL"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Say where the server will live, or be told."""
    given = getattr(config, "workerinput", {})
    owner = os.getpid()
    here = {"folder": f"/tmp/sf-pg-{owner}-{os.urandom(3).hex()}", "owner": owner}
    config.stash[PLACE] = given.get("postgres", here)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker."""
    node.workerinput["postgres"] = node.config.stash[PLACE]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the server if anybody has started it."""
    place = config.stash[PLACE]
    if place["owner"] == os.getpid() and Path(place["folder"]).exists():
        from postgres import Server

        Server(Path(place["folder"])).remove()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs a server, if that is asked for."""
    if config.option.no_postgres:
        left_out = [item for item in items if needs_postgres(item)]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


def needs_postgres(item: pytest.Item) -> bool:
    """Whether a test asks for the server by a fixture, or says so by its mark."""
    named = "postgres" in getattr(item, "fixturenames", ())
    return named or item.get_closest_marker("postgres") is not None


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Postgres:
    """The server of this run."""
    from postgres import Elsewhere, Server
    from postgres_programs import NoPostgres

    place = pytestconfig.stash[PLACE]
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")
    try:
        if address := os.environ.get("SOCIALFLOW_TEST_PG_URL"):
            return Elsewhere(address).answering()
        with capture.global_and_fixture_disabled():
            return Server(Path(place["folder"]), place["owner"]).start()
    except NoPostgres as no:
        pytest.fail(str(no), pytrace=False)


@pytest.fixture
def pg_url(postgres: Postgres) -> Iterator[str]:
    """The address of an empty database, for one test."""
    with postgres.database() as url:
        yield url


@pytest.fixture(scope="session")
def pg_store(postgres: Postgres) -> Iterator[str]:
    """The address of a database with the tables of a store, for all tests that keep to a tenant."""
    from socialflow.stores.sql import SqlStore

    with postgres.database() as url:
        SqlStore(url, create=True).close()
        yield url


@pytest.fixture(scope="session")
def url(postgres: Postgres) -> Iterator[str]:
    """The address of an empty database, as the documents call it."""
    with postgres.database() as url:
        yield url
