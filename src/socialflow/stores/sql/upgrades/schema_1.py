"""Schema 1, as it was shipped: never edited."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint

from socialflow.stores.sql.upgrades.names import Names

__all__ = ["tables", "triggers"]


def tables(names: Names) -> tuple[Table, ...]:
    """Its tables, those that others refer to first."""
    metadata = MetaData()
    about = names.table(
        metadata,
        "about",
        Column("name", Text, nullable=False),
        Column("value", Text, nullable=False),
        names.key("about", "name"),
    )
    definition = names.table(
        metadata,
        "definition",
        Column("digest", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("version", Text, nullable=False),
        Column("document", Text, nullable=False),
        names.key("definition", "digest"),
    )
    workflow = ForeignKey(definition.c.digest, name=names.of("fk", "item", "workflow"))
    item = names.table(
        metadata,
        "item",
        Column("id", Text, nullable=False),
        Column("ref", Text),
        Column("workflow", Text, workflow, nullable=False),
        Column("version", Integer, nullable=False),
        Column("n", Integer, nullable=False),
        Column("head", Text, nullable=False),
        Column("body", Text, nullable=False),
        Column("parent", Text),
        Column("kind", Text, nullable=False),
        Column("round", Integer, nullable=False),
        Column("marking", Text, nullable=False),
        names.key("item", "id"),
        UniqueConstraint("ref", name=names.of("uq", "item", "ref")),
        Index(names.of("ix", "item", "workflow"), "workflow", "id"),
    )
    Index(
        names.of("ix", "item", "parent"),
        *(item.c[name] for name in ("parent", "kind", "round", "marking", "id")),
        sqlite_where=item.c.parent.is_not(None),
        postgresql_where=item.c.parent.is_not(None),
    )
    duty = names.table(
        metadata,
        "duty",
        Column("item", Text, ForeignKey(item.c.id, name=names.of("fk", "duty", "item"))),
        Column("stage", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("entered", Text, nullable=False),
        Column("responsible", Text),
        Column("due", Text),
        Column("later", Text),
        names.key("duty", "item", "stage"),
        Index(names.of("ix", "duty", "entered"), "entered", "item", "stage"),
        Index(names.of("ix", "duty", "responsible"), "responsible", "entered", "item", "stage"),
        Index(names.of("ix", "duty", "state"), "stage", "entered", "item"),
    )
    Index(
        names.of("ix", "duty", "due"),
        *(duty.c[name] for name in ("due", "item", "stage")),
        sqlite_where=duty.c.due.is_not(None),
        postgresql_where=duty.c.due.is_not(None),
    )
    to_item = ForeignKey(item.c.id, name=names.of("fk", "history", "item"))
    history = names.table(
        metadata,
        "history",
        Column("seq", Integer, nullable=False),
        Column("item", Text, to_item, nullable=False),
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
        names.key("history", "seq"),
        UniqueConstraint("item", "n", name=names.of("uq", "history", "item", "n")),
        UniqueConstraint("key", name=names.of("uq", "history", "key")),
    )
    return about, definition, item, duty, history


KEPT = "seq item n version action by at key meta digest previous hash"


def triggers(names: Names) -> Iterator[str]:
    """What kept its history append-only; it knew SQLite only."""
    history, name = names.quoted("history"), f"{names.prefix}history"
    changed = " OR ".join(f'OLD."{column}" IS NOT NEW."{column}"' for column in KEPT.split())
    yield (
        f'CREATE TRIGGER IF NOT EXISTS "{name}_no_update" BEFORE UPDATE ON {history} '
        f"WHEN {changed} OR NEW.data IS NOT NULL "
        f"BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
    )
    taken = 'seq = NEW.seq OR (item = NEW.item AND n = NEW.n) OR "key" = NEW."key"'
    yield (
        f'CREATE TRIGGER IF NOT EXISTS "{name}_no_replace" BEFORE INSERT ON {history} '
        f"WHEN EXISTS (SELECT 1 FROM {history} WHERE {taken}) "
        f"BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: history is append-only'); END"
    )
    yield (
        f'CREATE TRIGGER IF NOT EXISTS "{name}_no_delete" BEFORE DELETE ON {history} '
        f"BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
    )
