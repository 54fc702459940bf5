"""Settings of the tests; every Python snippet of the documents and docstrings is one of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser
from sybil.parsers.rest import DocTestParser

pytest_plugins = ("one_postgres",)

ROOT = Path(__file__).parent.parent

for profile, examples in (("tests", 25), ("thorough", 1000)):
    settings.register_profile(
        profile,
        deadline=None,
        max_examples=examples,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
settings.load_profile("tests")

documents = Sybil([PythonCodeBlockParser()], path=str(ROOT), pattern="*.md", name="document")
docstrings = Sybil([DocTestParser()], path=str(ROOT / "src"), pattern="*.py", name="docstring")


class Snippets:
    """Collects snippets wherever they are: a hook of this file would see only its own folder."""

    pytest_collect_file = staticmethod((documents + docstrings).pytest())


def pytest_configure(config: pytest.Config) -> None:
    """Let the snippets be collected."""
    config.pluginmanager.register(Snippets())
