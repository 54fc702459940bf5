"""What the arguments of a command name: stores, workflows, people."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from socialflow.definitions import Workflow
from socialflow.errors import StoreError, StoreVersion
from socialflow.plugins import Registry
from socialflow.protocols import Store

__all__ = ["open_to_read", "store_of", "store_to_fill", "tenants_of", "workflow_at"]

DOCUMENTS = (".toml", ".json", ".yaml", ".yml")
NOTHING_THERE = ("no file", "schema none")
"""What `SqlStore` finds where it has made nothing yet."""


def store_of(asked: Namespace) -> Store:
    """The store that a command is about, which has to be there; it is closed with the command.

    Raises:
        StoreError: There is none, it cannot be opened, or it has no tenants.
        DefinitionError: No plugin opens such a URL.
    """
    return _for_tenant(_left_open(_found_at(asked.store), asked), asked.tenant)


def store_to_fill(asked: Namespace) -> Store:
    """The same, made if it is not there, for what could be written once more.

    Commits to a file do not wait for the disk: what a power cut takes away, the next replay brings
    back.

    Raises:
        StoreError: It cannot be opened, or it has no tenants.
        DefinitionError: No plugin opens such a URL.
    """
    return _for_tenant(_left_open(_made_at(asked.store), asked), asked.tenant)


def tenants_of(asked: Namespace) -> tuple[str, ...]:
    """Names of the tenants of the store that a command is about.

    Raises:
        StoreError: There is none, it cannot be opened, or it has no tenants.
        DefinitionError: No plugin opens such a URL.
    """
    store = _left_open(_found_at(asked.store), asked)
    listed = getattr(store, "tenants", None)
    if listed is None:
        raise StoreError(f"{type(store).__name__} does not list tenants")
    names: tuple[str, ...] = listed()
    return names


def _left_open(store: Store, asked: Namespace) -> Store:
    close = getattr(store, "close", None)
    if close is not None:
        asked.opened.callback(close)
    return store


def _found_at(url: str) -> Store:
    if ":" not in url:
        raise StoreError(f"{url} is no address of a store: a file is sqlite:///{url}")
    try:
        return Registry.standard().store(url)
    except StoreVersion as other:
        if other.found not in NOTHING_THERE:
            raise
        raise StoreError(
            f"there is no store at {url}: `socialflow import` or `replay` makes one, and so does "
            f"SqlStore(url, create=True)"
        ) from None


def _made_at(url: str) -> Store:
    if url.partition(":")[0].partition("+")[0] not in ("sqlite", "postgresql"):
        return _found_at(url)
    from socialflow.stores.sql import SqlStore

    return SqlStore(url, create=True, synchronous="NORMAL")


def _for_tenant(store: Store, name: str) -> Store:
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
