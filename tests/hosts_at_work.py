"""Hosts with a database, rows and transactions of their own, and an engine beside them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import pytest
from engines import Heard, engine_on, everything
from sqlalchemy import Engine as Database
from sqlalchemy import NullPool, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from socialflow import Engine, Item, Workflow
from socialflow.stores.sql import SqlStore

SQLITE = "sqlite"
BEGINS = "sqlite that begins"
POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgres)
ALL = (SQLITE, BEGINS, POSTGRESQL)
"""SQLite's driver as it is, the same as it has to be for savepoints, and PostgreSQL."""

WITH_SAVEPOINTS = (BEGINS, POSTGRESQL)


class Base(DeclarativeBase):
    """The tables of the host."""


class Invoice(Base):
    """A row of the host's own; no two have the same number."""

    __tablename__ = "invoice"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)


@attrs.define
class Host:
    """A host, and what stands in its database.

    Attributes:
        url: Of its database.
        database: Its own engine of SQLAlchemy.
        store: Our store in the same database.
        engine: An engine over that.
        heard: What that engine tells.
    """

    url: str
    database: Database
    store: SqlStore
    engine: Engine
    heard: Heard

    def session(self) -> Session:
        """A new session of the host."""
        return Session(self.database)

    @property
    def invoices(self) -> list[str]:
        """The numbers of the host's rows, as another transaction sees them."""
        with Session(self.database) as session:
            return list(session.scalars(select(Invoice.number).order_by(Invoice.number)))

    @property
    def items(self) -> list[str]:
        """The ids of our items, as another transaction sees them."""
        return sorted(item.id for item in everything(self.store)[0])

    def drafted(self, **told: Any) -> Item:
        """An item that is there already; what is told of it is not heard."""
        item = self.engine.create("post", by="ann", data={"title": "a"}, **told)
        self.heard.told.clear()
        return item


def born(engine: Engine, **told: Any) -> Item:
    """A new item."""
    return engine.create("post", by="ann", data={"title": "a"}, **told)


@contextmanager
def host_at(url: str, *workflows: Workflow, begins: bool = False, **told: Any) -> Iterator[Host]:
    """A host whose database is at that address, and has our tables in it."""
    store = SqlStore(url, create=True, synchronous="NORMAL")
    database = create_engine(url, poolclass=NullPool)
    if begins:
        have_it_begin(database)
    Base.metadata.create_all(database)
    engine = engine_on(store, *workflows, **told)
    try:
        yield Host(url, database, store, engine, Heard(engine))
    finally:
        database.dispose()
        store.close()


def have_it_begin(database: Database) -> None:
    """What SQLAlchemy says is to be done for savepoints in SQLite to work."""

    @event.listens_for(database, "connect")
    def connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None

    @event.listens_for(database, "begin")
    def begun(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN")


def address(kind: str, folder: Path, request: pytest.FixtureRequest) -> str:
    """The address of an empty database of that kind."""
    if kind == "postgresql":
        return str(request.getfixturevalue("pg_url"))
    return f"sqlite:///{folder}/content.db"


@pytest.fixture
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Host]:
    """A host on the kind of database that the test says by `on`."""
    kind = request.param
    with host_at(address(kind, tmp_path, request), begins=kind == BEGINS) as one:
        yield one


def on(*kinds: Any) -> pytest.MarkDecorator:
    """Have a test run on these kinds of databases."""
    return pytest.mark.parametrize("host", kinds, indirect=True)
