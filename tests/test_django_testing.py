"""Tests of a site made with Django: its own test runner, with a database of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django_at_work import configured, database
from sqlalchemy import make_url

from socialflow.errors import StoreError
from socialflow.stores.sql import SqlStore

configured()

from socialflow.integrations.django import url  # noqa: E402

PAGE = Path(__file__).parent.parent / "docs" / "how-to" / "use-django.md"
MANAGE = """
import sys

import django
from django.conf import settings

told = {{"ENGINE": "django.db.backends.sqlite3", "NAME": "site.db", "TEST": {test}}}
settings.configure(DATABASES={{"default": told}}, USE_TZ=True)
django.setup()

from django.test.runner import DiscoverRunner

sys.exit(DiscoverRunner(verbosity=0).run_tests(["tests"]))
"""


def ran(folder: Path, test: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What comes of the tests that the page shows, with these settings of the tests' database."""
    for name, text in re.findall(r"```py\n# (\w+\.py)\n(.*?)```", PAGE.read_text(), re.DOTALL):
        (folder / name).write_text(text)
    (folder / "manage.py").write_text(MANAGE.format(test=test))
    return subprocess.run(
        [sys.executable, "manage.py"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_tests_of_the_page_run_on_a_file(tmp_path: Path) -> None:
    """With Django's runner, which takes the file away behind them; the site's is not touched."""
    done = ran(tmp_path, {"NAME": "test.db"})

    assert (0, "OK") == (done.returncode, done.stderr.strip().splitlines()[-1]), done.stderr
    assert not (tmp_path / "test.db").exists()
    assert not (tmp_path / "site.db").exists()


def test_a_database_in_memory_is_said_so(tmp_path: Path) -> None:
    """It is what Django takes if nothing is said, and nobody else can see it."""
    done = ran(tmp_path, {})

    assert 1 == done.returncode
    assert "is in memory, as tests have it if nothing else is said" in done.stderr


def test_the_address_of_a_database_on_a_server_is_that_of_django(pg_url: str) -> None:
    """Whatever is in its name or password."""
    SqlStore(pg_url, create=True).close()

    with database(pg_url), closing(SqlStore(url("host"))) as store:
        assert store.url.database == make_url(pg_url).database


def test_what_is_in_a_password_is_no_part_of_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said in a way that is read again as it was."""
    with database("postgresql://ann@db.example:5433/site") as connection:
        told: dict[str, Any] = connection.settings_dict
        monkeypatch.setitem(told, "PASSWORD", "a@b/c:d?")
        monkeypatch.setitem(told, "OPTIONS", {"sslmode": "require", "pool": True})
        read = make_url(url("host"))

    assert ("ann", "a@b/c:d?", "site") == (read.username, read.password, read.database)
    assert {"host": "db.example", "port": "5433", "sslmode": "require"} == dict(read.query)


def test_a_database_of_another_kind_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no store in it."""
    with database("sqlite:///site.db") as connection:
        monkeypatch.setattr(connection, "vendor", "mysql")
        with pytest.raises(StoreError, match="'host' is mysql"):
            url("host")
