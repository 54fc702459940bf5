"""The tables, said once in SQLAlchemy Core, and the triggers that keep history append-only."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

__all__ = ["SCHEMA_VERSION", "Tables", "append_only", "make_tables"]

SCHEMA_VERSION = "1"


@attrs.frozen
class Tables:
    """The tables of one store.

    Attributes:
        about: What the store is: the version of its schema.
        definition: Every definition that has been used.
        item: One row an item, as it is now; ``n`` and ``head`` are the end of its history.
        duty: One row an open token: what a worklist reads.
        history: One row an entry, never changed.
    """

    about: Table
    definition: Table
    item: Table
    duty: Table
    history: Table


def make_tables(metadata: MetaData, prefix: str = "socialflow_") -> Tables:
    """The tables of a store, with their names behind *prefix*, in the host's *metadata*."""

    def named(kind: str, *names: str) -> str:
        return f"{kind}_{prefix}{'_'.join(names)}"

    about = Table(
        f"{prefix}about",
        metadata,
        Column("name", Text, nullable=False),
        Column("value", Text, nullable=False),
        PrimaryKeyConstraint("name", name=named("pk", "about")),
    )
    definition = Table(
        f"{prefix}definition",
        metadata,
        Column("digest", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("version", Text, nullable=False),
        Column("document", Text, nullable=False),
        PrimaryKeyConstraint("digest", name=named("pk", "definition")),
    )
    item = Table(
        f"{prefix}item",
        metadata,
        Column("id", Text, nullable=False),
        Column("ref", Text),
        Column(
            "workflow",
            Text,
            ForeignKey(definition.c.digest, name=named("fk", "item", "workflow")),
            nullable=False,
        ),
        Column("version", Integer, nullable=False),
        Column("n", Integer, nullable=False),
        Column("head", Text, nullable=False),
        Column("body", Text, nullable=False),
        Column("parent", Text),
        Column("kind", Text, nullable=False),
        Column("round", Integer, nullable=False),
        Column("marking", Text, nullable=False),
        PrimaryKeyConstraint("id", name=named("pk", "item")),
        UniqueConstraint("ref", name=named("uq", "item", "ref")),
        Index(named("ix", "item", "workflow"), "workflow", "id"),
    )
    Index(
        named("ix", "item", "parent"),
        *(item.c[name] for name in ("parent", "kind", "round", "marking", "id")),
        sqlite_where=item.c.parent.is_not(None),
        postgresql_where=item.c.parent.is_not(None),
    )
    duty = Table(
        f"{prefix}duty",
        metadata,
        Column(
            "item",
            Text,
            ForeignKey(item.c.id, name=named("fk", "duty", "item")),
            nullable=False,
        ),
        Column("stage", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("entered", Text, nullable=False),
        Column("responsible", Text),
        Column("due", Text),
        Column("later", Text),
        PrimaryKeyConstraint("item", "stage", name=named("pk", "duty")),
        Index(named("ix", "duty", "entered"), "entered", "item", "stage"),
        Index(named("ix", "duty", "responsible"), "responsible", "entered", "item", "stage"),
        Index(named("ix", "duty", "state"), "stage", "entered", "item"),
    )
    Index(
        named("ix", "duty", "due"),
        *(duty.c[name] for name in ("due", "item", "stage")),
        sqlite_where=duty.c.due.is_not(None),
        postgresql_where=duty.c.due.is_not(None),
    )
    history = Table(
        f"{prefix}history",
        metadata,
        Column("seq", Integer, nullable=False),
        Column(
            "item",
            Text,
            ForeignKey(item.c.id, name=named("fk", "history", "item")),
            nullable=False,
        ),
        Column("n", Integer, nullable=False),
        Column("version", Integer, nullable=False),
        Column("action", Text, nullable=False),
        Column("by", Text, nullable=False),
        Column("at", Text, nullable=False),
        Column("key", Text),
        Column("meta", Text, nullable=False),
        Column("data", Text),
        Column("digest", Text, nullable=False),
        Column("previous", Text, nullable=False),
        Column("hash", Text, nullable=False),
        PrimaryKeyConstraint("seq", name=named("pk", "history")),
        UniqueConstraint("item", "n", name=named("uq", "history", "item", "n")),
        UniqueConstraint("key", name=named("uq", "history", "key")),
    )
    return Tables(about, definition, item, duty, history)


def append_only(tables: Tables) -> Iterator[str]:
    """SQLite statements after which a row of history is neither changed nor removed.

    Only its data may be taken away, and only whole.
    """
    name = tables.history.name
    kept = [column.name for column in tables.history.columns if column.name != "data"]
    changed = " OR ".join(f'OLD."{column}" IS NOT NEW."{column}"' for column in kept)
    yield (
        f'CREATE TRIGGER IF NOT EXISTS "{name}_no_update" BEFORE UPDATE ON "{name}" '
        f"WHEN {changed} OR NEW.data IS NOT NULL "
        f"BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
    )
    taken = 'seq = NEW.seq OR (item = NEW.item AND n = NEW.n) OR "key" = NEW."key"'
    yield (
        f'CREATE TRIGGER IF NOT EXISTS "{name}_no_replace" BEFORE INSERT ON "{name}" '
        f'WHEN EXISTS (SELECT 1 FROM "{name}" WHERE {taken}) '
        f"BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: history is append-only'); END"
    )
    yield (
        f'CREATE TRIGGER IF NOT EXISTS "{name}_no_delete" BEFORE DELETE ON "{name}" '
        f"BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
    )
