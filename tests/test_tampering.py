"""Whatever is tampered with is named; the campaign `tampering` tries every row and column."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from soak.tampering import File, listed, tampering
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError
from tampered import KEYS, fill

from socialflow.chain import audit
from socialflow.queries import Strays
from socialflow.stores.sql import SqlStore


def test_whatever_is_tampered_with_in_a_file_is_named(tmp_path: Path) -> None:
    """By the audit with an anchor; what it needs the anchor for is what the page says."""
    came = tampering(File(tmp_path), examples=60, seed=7)

    assert [] == came.missed
    assert listed() == came.only_with_an_anchor
    assert came.refused < came.done / 2


def test_whatever_is_tampered_with_in_postgresql_is_named(pg_url: str) -> None:
    """Likewise, with the triggers and foreign keys of its tables dropped."""
    with ExitStack() as stack:
        victim = stack.enter_context(Database.filled(pg_url))

        came = tampering(victim, examples=40, seed=7)

    assert [] == came.missed
    assert listed() == came.only_with_an_anchor
    assert came.refused < came.done / 2


def test_a_store_that_nobody_has_touched_has_no_findings(tmp_path: Path) -> None:
    """The one that is tampered with is in order beforehand."""
    victim = File(tmp_path)

    assert () == audit(victim.store, victim.lines)
    assert [] == list(victim.store.rows(Strays()))
    assert all(victim.rows(table) for table in KEYS)


def test_what_is_done_to_one_tenant_is_no_finding_of_another(tmp_path: Path) -> None:
    """A stray row is one tenant's, though another has an item with that id."""
    victim = File(tmp_path)
    done = "DELETE FROM socialflow_item WHERE tenant = '' AND id = 'a'"

    with victim.after((done,)) as store:
        assert store is not None
        assert ["item a"] == [finding.where for finding in audit(store)]
        assert () == audit(store.for_tenant("beside"))


class Database:
    """A PostgreSQL database whose tables have lost what guards them."""

    def __init__(self, url: str, store: SqlStore, lines: list[str]) -> None:
        self.store, self.lines = store, lines
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT")

    @classmethod
    @contextmanager
    def filled(cls, url: str) -> Iterator[Database]:
        """Such a database, for a while."""
        with closing(SqlStore(url, create=True)) as store:
            database = cls(url, store, fill(store))
            database.unguard()
            yield database
            database._engine.dispose()

    def say(self, *statements: str) -> list[Any]:
        """What somebody with the password says to it; the last answer."""
        with self._engine.connect() as connection:
            for statement in statements:
                done = connection.execute(text(statement.replace(":", "\\:")))
        return list(done.mappings()) if done.returns_rows else []

    def unguard(self) -> None:
        """Drop triggers and foreign keys, and keep a copy of every table."""
        foreign = self.say(
            "SELECT conrelid::regclass AS of, conname FROM pg_constraint "
            "WHERE contype = 'f' AND connamespace = 'public'::regnamespace"
        )
        for one in foreign:
            self.say(f'ALTER TABLE {one["of"]} DROP CONSTRAINT "{one["conname"]}"')
        for table in KEYS:
            self.say(
                f"ALTER TABLE socialflow_{table} DISABLE TRIGGER USER",
                f"CREATE TABLE copy_{table} AS TABLE socialflow_{table}",
            )

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table."""
        order = ", ".join(f'"{column}"' for column in KEYS[table])
        own = f"socialflow_{table} WHERE tenant = ''"
        return [dict(row) for row in self.say(f"SELECT * FROM {own} ORDER BY {order}")]

    @contextmanager
    def after(self, statements: tuple[str, ...]) -> Iterator[SqlStore | None]:
        """The store after somebody has done that; put back afterwards."""
        try:
            self.say(*statements)
            yield self.store
        except IntegrityError:
            yield None
        finally:
            for table in KEYS:
                self.say(
                    f"DELETE FROM socialflow_{table}",
                    f"INSERT INTO socialflow_{table} OVERRIDING SYSTEM VALUE TABLE copy_{table}",
                )
