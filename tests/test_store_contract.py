"""The stores of this library keep the contract that a third party's store keeps."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from uuid import uuid4

import pytest

from socialflow.stores.memory import MemoryStore
from socialflow.stores.sql import SqlStore
from socialflow.testing import (
    BookContract,
    DurableStoreContract,
    SideBySideContract,
    TenantContract,
)
from socialflow.testing.stores import OpenStore


class TestMemoryStore(BookContract, TenantContract):
    @pytest.fixture
    def open_store(self) -> OpenStore:
        return lambda name: MemoryStore()


class TestSqliteInMemory(BookContract, TenantContract):
    @pytest.fixture
    def open_store(self) -> OpenStore:
        return lambda name: SqlStore("sqlite://", create=True)


class TestSqliteFile(DurableStoreContract, SideBySideContract, BookContract, TenantContract):
    @pytest.fixture
    def open_store(self, tmp_path: Path) -> OpenStore:
        return lambda name: SqlStore(f"sqlite:///{tmp_path / name}.db", create=True)


class TestPostgresql(DurableStoreContract, SideBySideContract, BookContract):
    """One database for all tests: every name of every test is a tenant of its own."""

    @pytest.fixture
    def open_store(self, pg_store: str) -> Iterator[OpenStore]:
        this_test = uuid4().hex
        with ExitStack() as stores:
            yield lambda name: stores.enter_context(
                closing(SqlStore(pg_store).for_tenant(f"{this_test} {name}"))
            )


class TestTenantsOfPostgresql(TenantContract):
    """Each test has a database of its own."""

    @pytest.fixture
    def store(self, pg_url: str) -> Iterator[SqlStore]:
        with closing(SqlStore(pg_url, create=True)) as store:
            yield store


def test_the_kit_says_which_extra_it_needs() -> None:
    """Without pytest, importing it is an error that names the extra to install."""
    script = "import sys; sys.modules['pytest'] = None; import socialflow.testing"

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    assert 1 == done.returncode
    assert "pip install 'socialflow[testing]'" in done.stderr
