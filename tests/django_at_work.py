"""Django as a host: configured once for a process, with a database of SQLite to begin with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import django
from django.conf import settings
from sqlalchemy import make_url


def configured() -> None:
    """Have Django know its settings."""
    if not settings.configured:
        file = Path(mkdtemp()) / "site.db"
        default = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file)}
        settings.configure(DATABASES={"default": default}, USE_TZ=True)
        django.setup()


@contextmanager
def database(url: str, alias: str = "host") -> Iterator[Any]:
    """Django's connection to the database at that address, under a name of its own."""
    from django.db import connections

    parts = make_url(url)
    told: dict[str, Any] = {"ENGINE": "django.db.backends.sqlite3", "NAME": parts.database}
    if parts.get_backend_name() == "postgresql":
        host = parts.host or parts.query.get("host", "")
        told = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.database,
            "USER": parts.username,
            "PASSWORD": parts.password or "",
            "HOST": host,
            "PORT": parts.port or "",
        }
    default = connections.settings["default"]
    connections.settings[alias] = connections.configure_settings({"default": default, alias: told})[
        alias
    ]
    try:
        yield connections[alias]
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]
