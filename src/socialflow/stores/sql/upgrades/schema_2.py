"""Schema 2, as it was shipped: never edited."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from socialflow.stores.sql.upgrades.names import Names

__all__ = ["tables", "triggers"]

TEXT = Text().with_variant(Text(collation="C"), "postgresql")
OPEN = ("queued", "taken")


def tables(names: Names) -> tuple[Table, ...]:
    """Its tables, those that others refer to first."""
    metadata = MetaData()

    def table(name: str, *parts: Any) -> Table:
        return names.table(metadata, name, *parts)

    def text(name: str, *, nullable: bool = False) -> Column[str]:
        return Column(name, TEXT, nullable=nullable)

    def number(name: str) -> Column[int]:
        return Column(name, Integer, nullable=False)

    def of_an_item(name: str, item: Table) -> ForeignKeyConstraint:
        return ForeignKeyConstraint(
            ("tenant", "item"), (item.c.tenant, item.c.id), name=names.of("fk", name, "item")
        )

    about = table("about", text("name"), text("value"), names.key("about", "name"))
    definition = table(
        "definition",
        text("tenant"),
        text("digest"),
        text("name"),
        text("version"),
        text("document"),
        names.key("definition", "tenant", "digest"),
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
        names.key("item", "tenant", "id"),
        ForeignKeyConstraint(
            ("tenant", "workflow"),
            (definition.c.tenant, definition.c.digest),
            name=names.of("fk", "item", "workflow"),
        ),
        UniqueConstraint("tenant", "ref", name=names.of("uq", "item", "ref")),
        Index(names.of("ix", "item", "workflow"), "tenant", "workflow", "id"),
    )
    Index(
        names.of("ix", "item", "parent"),
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
        names.key("duty", "tenant", "item", "stage"),
        of_an_item("duty", item),
        Index(names.of("ix", "duty", "entered"), "tenant", "entered", "item", "stage"),
        Index(
            names.of("ix", "duty", "responsible"),
            "tenant",
            "responsible",
            "entered",
            "item",
            "stage",
        ),
        Index(names.of("ix", "duty", "stage"), "tenant", "stage", "entered", "item"),
        Index(names.of("ix", "duty", "state"), "tenant", "state", "entered", "item", "stage"),
    )
    Index(
        names.of("ix", "duty", "due"),
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
        names.key("history", "seq"),
        of_an_item("history", item),
        UniqueConstraint("tenant", "item", "n", name=names.of("uq", "history", "item", "n")),
        UniqueConstraint("tenant", "key", name=names.of("uq", "history", "key")),
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
        names.key("outbox", "tenant", "item", "n", "place"),
        of_an_item("outbox", item),
    )
    Index(
        names.of("ix", "outbox", "open"),
        *(outbox.c[name] for name in ("tenant", "name", "due", "item", "n", "place")),
        sqlite_where=outbox.c.state.in_(OPEN),
        postgresql_where=outbox.c.state.in_(OPEN),
    )
    Index(
        names.of("ix", "outbox", "state"),
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
        names.key("record", "tenant", "n"),
    )
    Index(
        names.of("ix", "record", "item"),
        *(record.c[name] for name in ("tenant", "item", "n")),
        sqlite_where=record.c.item.is_not(None),
        postgresql_where=record.c.item.is_not(None),
    )
    return about, definition, item, duty, history, outbox, record


def triggers(names: Names, dialect: str) -> Iterator[str]:
    """What keeps its history, and its book, append-only."""
    return _for_postgresql(names) if dialect == "postgresql" else _for_sqlite(names)


KEPT = "seq tenant item n version action by at key meta digest previous hash"


def _changed(differs: str) -> str:
    return " OR ".join(f'OLD."{column}" {differs} NEW."{column}"' for column in KEPT.split())


def _may_go(names: Names) -> str:
    return (
        f"EXISTS (SELECT 1 FROM {names.quoted('record')} r JOIN {names.quoted('item')} i "
        f"ON i.tenant = r.tenant AND i.id = r.item AND i.head = r.head "
        f"WHERE r.tenant = OLD.tenant AND r.item = OLD.item AND substr(i.marking, 1, 4) = 'end.')"
    )


def _for_sqlite(names: Names) -> Iterator[str]:
    name, record = f"{names.prefix}history", f"{names.prefix}record"
    yield (
        f'CREATE TRIGGER IF NOT EXISTS "{name}_no_update" BEFORE UPDATE ON "{name}" '
        f"WHEN {_changed('IS NOT')} OR NEW.data IS NOT NULL "
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
        f"WHEN NOT {_may_go(names)} "
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


def _for_postgresql(names: Names) -> Iterator[str]:
    table = names.quoted("history")
    function, freed = table[:-1] + '_kept"', table[:-1] + '_freed"'
    yield (
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION 'history is append-only'; END $$"
    )
    yield (
        f"CREATE OR REPLACE FUNCTION {freed}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF {_may_go(names)} THEN RETURN OLD; END IF; "
        f"RAISE EXCEPTION 'history is append-only'; END $$"
    )
    yield (
        f"CREATE OR REPLACE TRIGGER no_update BEFORE UPDATE ON {table} FOR EACH ROW "
        f"WHEN ({_changed('IS DISTINCT FROM')} OR NEW.data IS NOT NULL) "
        f"EXECUTE FUNCTION {function}()"
    )
    yield (
        f"CREATE OR REPLACE TRIGGER no_delete BEFORE DELETE ON {table} FOR EACH ROW "
        f"EXECUTE FUNCTION {freed}()"
    )
    yield (
        f"CREATE OR REPLACE TRIGGER no_change BEFORE UPDATE OR DELETE ON {names.quoted('record')} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}()"
    )
    for one in ("history", "record"):
        yield (
            f"CREATE OR REPLACE TRIGGER no_truncate BEFORE TRUNCATE ON {names.quoted(one)} "
            f"EXECUTE FUNCTION {function}()"
        )
