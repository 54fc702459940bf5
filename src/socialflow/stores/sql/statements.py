"""The statements of a store: written once in SQLAlchemy Core, compiled once per dialect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

import attrs
from sqlalchemy import (
    ColumnElement,
    Dialect,
    ScalarSelect,
    Select,
    bindparam,
    delete,
    func,
    insert,
    null,
    select,
    update,
)
from sqlalchemy.sql.expression import ClauseElement

from socialflow.stores.sql.tables import Tables

__all__ = ["Statement", "Statements"]


@attrs.frozen
class Statement:
    """SQL text, and what picks its parameters, by name, in the order in which it takes them."""

    sql: str
    pick: Callable[[Mapping[str, Any]], tuple[Any, ...]]

    @classmethod
    def compiled(cls, what: ClauseElement, dialect: Dialect) -> Statement:
        """*what*, as the driver of *dialect* takes it: parameters by position."""
        made = what.compile(dialect=dialect)
        names = tuple(made.positiontup or ())  # type: ignore[attr-defined]
        if len(names) == 1:
            (name,) = names
            return cls(str(made), lambda values: (values[name],))
        return cls(str(made), itemgetter(*names) if names else lambda _: ())


ITEM = ("id", "ref", "workflow", "version", "n", "head", "body")
CHANGING = ("version", "n", "head", "body", "marking")
PLACE = ("parent", "kind", "round", "marking")
ENTRY = (
    "item",
    "n",
    "version",
    "action",
    "by",
    "at",
    "key",
    "meta",
    "data",
    "digest",
    "previous",
    "hash",
)
DUTY = ("item", "stage", "state", "entered", "responsible", "due")


@attrs.frozen
class Statements:
    """Everything that a unit of work says to the database."""

    item: Statement
    answer: Statement
    taken: Statement
    add_item: Statement
    change_item: Statement
    add_duty: Statement
    change_duty: Statement
    drop_duties: Statement
    add_entry: Statement
    add_definition: Statement
    inhabited: Statement
    put_off: Statement

    @classmethod
    def of(cls, tables: Tables, dialect: Dialect) -> Statements:
        """The statements over *tables*."""

        def ready(what: ClauseElement) -> Statement:
            return Statement.compiled(what, dialect)

        item, duty, history = tables.item, tables.duty, tables.history
        definition = tables.definition
        return cls(
            ready(select(*(item.c[name] for name in ITEM)).where(item.c.id == bindparam("id"))),
            ready(
                select(*(history.c[name] for name in ENTRY)).where(
                    history.c.key == bindparam("key")
                )
            ),
            ready(
                select(item.c.id).where(
                    (item.c.id == bindparam("id")) | (item.c.ref == bindparam("ref"))
                )
            ),
            ready(insert(item).values({name: bindparam(name) for name in (*ITEM, *PLACE)})),
            ready(
                update(item)
                .where(item.c.id == bindparam("of"), item.c.n == bindparam("was"))
                .values({name: bindparam(name) for name in CHANGING})
            ),
            ready(insert(duty).values({name: bindparam(name) for name in DUTY})),
            ready(
                update(duty)
                .where(duty.c.item == bindparam("of"))
                .values({name: bindparam(name) for name in DUTY[1:]} | {"later": null()})
            ),
            ready(delete(duty).where(duty.c.item == bindparam("of"))),
            ready(insert(history).values({name: bindparam(name) for name in ENTRY})),
            ready(
                insert(definition).values(
                    {name: bindparam(name) for name in ("digest", "name", "version", "document")}
                )
            ),
            ready(inhabited(tables)),
            ready(
                update(duty)
                .where(duty.c.item == bindparam("of"), duty.c.stage == bindparam("at"))
                .values(later=bindparam("until"))
            ),
        )


def inhabited(tables: Tables) -> Select[Any]:
    """Every marking of some children, each once: one probe of the index for each marking.

    A database that is asked for the distinct markings walks all children; this asks for the
    first one, and then again and again for the first behind the last.
    """
    item = tables.item
    theirs = (
        item.c.parent == bindparam("parent"),
        item.c.kind == bindparam("kind"),
        item.c.round == bindparam("round"),
        item.c.id != bindparam("beside"),
    )

    def first(*behind: ColumnElement[bool]) -> ScalarSelect[Any]:
        return select(func.min(item.c.marking)).where(*theirs, *behind).scalar_subquery()

    seen = select(first().label("marking")).cte("seen", recursive=True)
    following = select(first(item.c.marking > seen.c.marking)).where(seen.c.marking.is_not(None))
    seen = seen.union_all(following)
    return select(seen.c.marking).where(seen.c.marking.is_not(None))
