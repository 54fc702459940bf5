"""What the laws of the model are shown on: a memory store, and a file where storage matters."""

from __future__ import annotations

from pathlib import Path

import pytest
from engines import open_store

from socialflow.protocols import Store


@pytest.fixture(params=("memory", "sqlite file"))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A new store, in memory and on disk."""
    return open_store(request.param, tmp_path)
