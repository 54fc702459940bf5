"""Settings of the tests; every Python snippet of the documents and docstrings is one of them."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser
from sybil.parsers.rest import DocTestParser
from sybil.sybil import SybilCollection

pytest_plugins = ("one_postgres",)

ROOT = Path(__file__).parent.parent

for profile, examples in (("tests", 10), ("thorough", 1000)):
    settings.register_profile(
        profile,
        deadline=None,
        max_examples=examples,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
settings.load_profile("tests")

ON_A_SERVER = "docs/how-to/keep-items-in-postgresql.md"
"""Whose snippets need the address of a database, which they call ``url``."""


def hush(_: object) -> None:
    """Take back what a page has done to the log, so that it ends with the page."""
    logger = logging.getLogger("socialflow")
    logger.setLevel(logging.NOTSET)
    for handler in tuple(logger.handlers):
        if not isinstance(handler, logging.NullHandler):
            logger.removeHandler(handler)


documents = Sybil(
    [PythonCodeBlockParser()],
    path=str(ROOT),
    pattern="*.md",
    exclude=ON_A_SERVER,
    name="document",
    teardown=hush,
)
on_a_server = Sybil(
    [PythonCodeBlockParser()], path=str(ROOT), pattern=ON_A_SERVER, fixtures=["url"], name="server"
)
docstrings = Sybil([DocTestParser()], path=str(ROOT / "src"), pattern="*.py", name="docstring")
snippets = SybilCollection((documents, on_a_server, docstrings))


class Snippets:
    """Collects snippets wherever they are: a hook of this file would see only its own folder."""

    pytest_collect_file = staticmethod(
        SybilCollection((documents, on_a_server, docstrings)).pytest()
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let the snippets be collected."""
    config.pluginmanager.register(Snippets())


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test hears nothing of what a page has done to the log: another process may end the page."""
    if isinstance(item, pytest.Function):
        hush(None)
