"""What the arguments of a command name: stores, workflows, people."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from socialflow.definitions import Workflow
from socialflow.errors import StoreError, StoreVersion
from socialflow.plugins import Registry
from socialflow.protocols import Store

__all__ = ["for_tenant", "open_to_read", "store_at", "store_to_fill", "workflow_at"]

DOCUMENTS = (".toml", ".json", ".yaml", ".yml")
NOTHING_THERE = ("no file", "schema none")
"""What `SqlStore` finds where it has made nothing yet."""


def store_at(url: str) -> Store:
    """The store at *url*, which has to be there.

    Raises:
        StoreError: There is none, or it cannot be opened.
        DefinitionError: No plugin opens such a URL.
    """
    try:
        return Registry.standard().store(url)
    except StoreVersion as other:
        if other.found not in NOTHING_THERE:
            raise
        raise StoreError(f"there is no store at {url}: `socialflow replay` makes one") from None


def store_to_fill(url: str) -> Store:
    """The store at *url*, made if it is not there, for what could be written once more.

    Commits do not wait for the disk: what a power cut takes away, the next replay brings back.

    Raises:
        StoreError: It cannot be opened.
        DefinitionError: No plugin opens such a URL.
    """
    if url.partition(":")[0].partition("+")[0] != "sqlite":
        return store_at(url)
    from socialflow.stores.sql import SqlStore

    return SqlStore(url, create=True, synchronous="NORMAL")


def for_tenant(store: Store, name: str) -> Store:
    """The store as it is for one tenant; as it is, if none is named.

    Raises:
        StoreError: It has no tenants.
    """
    if not name:
        return store
    tenants = getattr(store, "for_tenant", None)
    if tenants is None:
        raise StoreError(f"{type(store).__name__} has no tenants: leave out --tenant")
    own: Store = tenants(name)
    return own


@contextmanager
def open_to_read(file: str) -> Iterator[TextIO]:
    """A file, or the standard input stream if it is called ``-``.

    Raises:
        StoreError: There is no such file.
    """
    if file == "-":
        yield sys.stdin
        return
    try:
        opened = open(file, encoding="utf-8")  # noqa: SIM115
    except OSError as error:
        raise StoreError(f"{file} cannot be read: {error.strerror}") from None
    with opened:
        yield opened


def workflow_at(named: str) -> Workflow:
    """The workflow that a file describes, or the registered one of that name.

    Raises:
        DefinitionError: With everything that is wrong about it.
    """
    if Path(named).suffix.lower() in DOCUMENTS:
        from socialflow.documents import load_workflow

        return load_workflow(named)
    workflow: Workflow = Registry.standard().find("workflows", named)
    return workflow
