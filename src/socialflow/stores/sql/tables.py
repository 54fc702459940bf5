"""The tables, said once in SQLAlchemy Core, and what keeps history append-only."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

__all__ = ["PREFIX", "SCHEMA_VERSION", "Tables", "append_only", "make_tables"]

PREFIX = "socialflow_"
SCHEMA_VERSION = "2"

TEXT = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that sorts by code points, as it does in Python and in SQLite."""


@attrs.frozen(eq=False)
class Tables:
    """The tables of one store.

    Attributes:
        about: What the store is: the version of its schema.
        definition: Every definition that has been used.
        item: One row an item, as it is now; ``n`` and ``head`` are the end of its history.
        duty: One row an open token: what a worklist reads.
        history: One row an entry, never changed.
        outbox: One row an effect for the outside, and how far it has come.
        record: The store's own book: anchors, and items that were removed; never changed.
        alembic: Which of the shipped scripts it has gone through.
    """

    about: Table
    definition: Table
    item: Table
    duty: Table
    history: Table
    outbox: Table
    record: Table
    alembic: Table

    @property
    def all(self) -> tuple[Table, ...]:
        """Every table, those that others refer to first."""
        return attrs.astuple(self, recurse=False)

    @property
    def of_an_item(self) -> tuple[Table, ...]:
        """The tables whose rows belong to an item, and go with it."""
        return self.duty, self.outbox, self.history


def make_tables(metadata: MetaData, prefix: str = PREFIX, schema: str | None = None) -> Tables:
    """The tables of a store, with their names behind *prefix*, in the host's *metadata*."""

    def named(kind: str, *names: str) -> str:
        return f"{kind}_{prefix}{'_'.join(names)}"

    def table(name: str, *parts: Column[object] | object) -> Table:
        return Table(f"{prefix}{name}", metadata, *parts, schema=schema)  # type: ignore[arg-type]

    def key(name: str, *columns: str) -> PrimaryKeyConstraint:
        return PrimaryKeyConstraint(*columns, name=named("pk", name))

    def text(name: str, *, nullable: bool = False) -> Column[str]:
        return Column(name, TEXT, nullable=nullable)

    def number(name: str) -> Column[int]:
        return Column(name, Integer, nullable=False)

    def of_an_item(name: str, item: Table) -> ForeignKeyConstraint:
        return ForeignKeyConstraint(
            ("tenant", "item"), (item.c.tenant, item.c.id), name=named("fk", name, "item")
        )

    about = table("about", text("name"), text("value"), key("about", "name"))
    definition = table(
        "definition",
        text("tenant"),
        text("digest"),
        text("name"),
        text("version"),
        text("document"),
        key("definition", "tenant", "digest"),
    )
    item = table(
        "item",
        text("tenant"),
        text("id"),
        text("ref", nullable=True),
        text("workflow"),
        number("version"),
        number("n"),
        text("head"),
        text("body"),
        text("parent", nullable=True),
        text("kind"),
        number("round"),
        text("marking"),
        key("item", "tenant", "id"),
        ForeignKeyConstraint(
            ("tenant", "workflow"),
            (definition.c.tenant, definition.c.digest),
            name=named("fk", "item", "workflow"),
        ),
        UniqueConstraint("tenant", "ref", name=named("uq", "item", "ref")),
        Index(named("ix", "item", "workflow"), "tenant", "workflow", "id"),
    )
    Index(
        named("ix", "item", "parent"),
        *(item.c[name] for name in ("tenant", "parent", "kind", "round", "marking", "id")),
        sqlite_where=item.c.parent.is_not(None),
        postgresql_where=item.c.parent.is_not(None),
    )
    duty = table(
        "duty",
        text("tenant"),
        text("item"),
        text("stage"),
        text("state"),
        text("entered"),
        text("responsible", nullable=True),
        text("due", nullable=True),
        text("later", nullable=True),
        key("duty", "tenant", "item", "stage"),
        of_an_item("duty", item),
        Index(named("ix", "duty", "entered"), "tenant", "entered", "item", "stage"),
        Index(
            named("ix", "duty", "responsible"), "tenant", "responsible", "entered", "item", "stage"
        ),
        Index(named("ix", "duty", "stage"), "tenant", "stage", "entered", "item"),
        Index(named("ix", "duty", "state"), "tenant", "state", "entered", "item", "stage"),
    )
    Index(
        named("ix", "duty", "due"),
        *(duty.c[name] for name in ("tenant", "due", "item", "stage")),
        sqlite_where=duty.c.due.is_not(None),
        postgresql_where=duty.c.due.is_not(None),
    )
    history = table(
        "history",
        Column(
            "seq",
            BigInteger().with_variant(Integer(), "sqlite"),
            Identity(),
            nullable=False,
        ),
        text("tenant"),
        text("item"),
        number("n"),
        number("version"),
        text("action"),
        text("by"),
        text("at"),
        text("key", nullable=True),
        text("meta"),
        text("data", nullable=True),
        text("digest"),
        text("previous"),
        text("hash"),
        key("history", "seq"),
        of_an_item("history", item),
        UniqueConstraint("tenant", "item", "n", name=named("uq", "history", "item", "n")),
        UniqueConstraint("tenant", "key", name=named("uq", "history", "key")),
    )
    outbox = table(
        "outbox",
        text("tenant"),
        text("item"),
        number("n"),
        number("place"),
        text("name"),
        text("data"),
        text("state"),
        text("due"),
        number("turn"),
        number("attempts"),
        text("told"),
        text("seal"),
        key("outbox", "tenant", "item", "n", "place"),
        of_an_item("outbox", item),
    )
    Index(
        named("ix", "outbox", "open"),
        *(outbox.c[name] for name in ("tenant", "name", "due", "item", "n", "place")),
        sqlite_where=outbox.c.state.in_(OPEN),
        postgresql_where=outbox.c.state.in_(OPEN),
    )
    Index(
        named("ix", "outbox", "state"),
        *(outbox.c[name] for name in ("tenant", "state", "due", "item", "n", "place")),
    )
    record = table(
        "record",
        text("tenant"),
        number("n"),
        text("kind"),
        text("at"),
        text("item", nullable=True),
        text("head", nullable=True),
        text("told"),
        text("previous"),
        text("hash"),
        key("record", "tenant", "n"),
    )
    Index(
        named("ix", "record", "item"),
        *(record.c[name] for name in ("tenant", "item", "n")),
        sqlite_where=record.c.item.is_not(None),
        postgresql_where=record.c.item.is_not(None),
    )
    alembic = table(
        "alembic",
        Column("version_num", String(32), nullable=False),
        PrimaryKeyConstraint("version_num", name=f"{prefix}alembic_pkc"),
    )
    return Tables(about, definition, item, duty, history, outbox, record, alembic)


OPEN = ("queued", "taken")
"""States of a delivery that is still under way."""

SETTLED = ("delivered", "unconfirmed", "dead")
"""All others."""


def append_only(tables: Tables, dialect: str) -> Iterator[str]:
    """Statements after which a row of history, or of the book, is neither changed nor removed.

    Of an entry only its data may be taken away, and only whole.  The history of an item may go if
    the item has ended, and the book says that it was removed as it now is.
    """
    return _for_postgresql(tables) if dialect == "postgresql" else _for_sqlite(tables)


def _changed(tables: Tables, differs: str) -> str:
    kept = [column.name for column in tables.history.columns if column.name != "data"]
    return " OR ".join(f'OLD."{column}" {differs} NEW."{column}"' for column in kept)


def _place(table: Table) -> str:
    return f'"{table.schema}"."{table.name}"' if table.schema else f'"{table.name}"'


def _may_go(tables: Tables) -> str:
    """Whether the book says that the item of an entry was removed."""
    return (
        f"EXISTS (SELECT 1 FROM {_place(tables.record)} r JOIN {_place(tables.item)} i "
        f"ON i.tenant = r.tenant AND i.id = r.item AND i.head = r.head "
        f"WHERE r.tenant = OLD.tenant AND r.item = OLD.item AND substr(i.marking, 1, 4) = 'end.')"
    )


def _for_sqlite(tables: Tables) -> Iterator[str]:
    name, record = tables.history.name, tables.record.name
    yield (
        f'CREATE TRIGGER IF NOT EXISTS "{name}_no_update" BEFORE UPDATE ON "{name}" '
        f"WHEN {_changed(tables, 'IS NOT')} OR NEW.data IS NOT NULL "
        f"BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
    )
    taken = (
        "seq = NEW.seq OR (tenant = NEW.tenant AND item = NEW.item AND n = NEW.n) "
        'OR (tenant = NEW.tenant AND "key" = NEW."key")'
    )
    yield (
        f'CREATE TRIGGER IF NOT EXISTS "{name}_no_replace" BEFORE INSERT ON "{name}" '
        f'WHEN EXISTS (SELECT 1 FROM "{name}" WHERE {taken}) '
        f"BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: history is append-only'); END"
    )
    yield (
        f'CREATE TRIGGER IF NOT EXISTS "{name}_no_delete" BEFORE DELETE ON "{name}" '
        f"WHEN NOT {_may_go(tables)} "
        f"BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
    )
    for what in ("UPDATE", "DELETE"):
        yield (
            f'CREATE TRIGGER IF NOT EXISTS "{record}_no_{what.lower()}" BEFORE {what} '
            f"ON \"{record}\" BEGIN SELECT RAISE(ABORT, 'the book is append-only'); END"
        )
    yield (
        f'CREATE TRIGGER IF NOT EXISTS "{record}_no_replace" BEFORE INSERT ON "{record}" '
        f'WHEN EXISTS (SELECT 1 FROM "{record}" WHERE tenant = NEW.tenant AND n = NEW.n) '
        f"BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: the book is append-only'); END"
    )


def _for_postgresql(tables: Tables) -> Iterator[str]:
    table = _place(tables.history)
    function, freed = table[:-1] + '_kept"', table[:-1] + '_freed"'
    yield (
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION 'history is append-only'; END $$"
    )
    yield (
        f"CREATE OR REPLACE FUNCTION {freed}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF {_may_go(tables)} THEN RETURN OLD; END IF; "
        f"RAISE EXCEPTION 'history is append-only'; END $$"
    )
    yield (
        f"CREATE OR REPLACE TRIGGER no_update BEFORE UPDATE ON {table} FOR EACH ROW "
        f"WHEN ({_changed(tables, 'IS DISTINCT FROM')} OR NEW.data IS NOT NULL) "
        f"EXECUTE FUNCTION {function}()"
    )
    yield (
        f"CREATE OR REPLACE TRIGGER no_delete BEFORE DELETE ON {table} FOR EACH ROW "
        f"EXECUTE FUNCTION {freed}()"
    )
    yield (
        f"CREATE OR REPLACE TRIGGER no_change BEFORE UPDATE OR DELETE ON {_place(tables.record)} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}()"
    )
    for one in (tables.history, tables.record):
        yield (
            f"CREATE OR REPLACE TRIGGER no_truncate BEFORE TRUNCATE ON {_place(one)} "
            f"EXECUTE FUNCTION {function}()"
        )
