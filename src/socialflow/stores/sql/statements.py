"""The statements of a store: written once in SQLAlchemy Core, compiled once per dialect."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple

import attrs
from sqlalchemy import (
    CTE,
    ColumnElement,
    Dialect,
    ScalarSelect,
    Select,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    null,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.expression import ClauseElement

from socialflow.stores.sql.tables import Tables

__all__ = ["Shape", "Statement", "Statements"]

Values = Mapping[str, Any]


@attrs.frozen(eq=False)
class Statement:
    """SQL text, and what picks its parameters, by name, as its driver takes them."""

    sql: str
    pick: Callable[[Values], Any]

    @classmethod
    def compiled(cls, what: ClauseElement, dialect: Dialect) -> Statement:
        """*what*, as the driver of *dialect* takes it."""
        made = what.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        fixed = {name: bind.value for name, bind in made.binds.items() if bind.value is not None}  # type: ignore[attr-defined]
        if made.positiontup is None:  # type: ignore[attr-defined]
            return cls(str(made), (lambda values: {**fixed, **values}) if fixed else dict)
        names = tuple(made.positiontup)  # type: ignore[attr-defined]
        if fixed:
            return cls(str(made), lambda values: tuple(map({**fixed, **values}.get, names)))
        if len(names) == 1:
            (name,) = names
            return cls(str(made), lambda values: (values[name],))
        return cls(str(made), itemgetter(*names) if names else lambda _: ())


ITEM = ("id", "ref", "workflow", "version", "n", "head", "body")
CHANGING = ("version", "n", "head", "body", "marking")
PINNED = ("workflow", "kind")
BORN = ("tenant", *ITEM, "parent", "kind", "round", "marking")
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
DELIVERY = (
    "item",
    "n",
    "place",
    "name",
    "data",
    "state",
    "due",
    "turn",
    "attempts",
    "told",
    "seal",
)
RECORD = ("n", "kind", "at", "told", "previous", "hash", "item", "head")
DEFINITION = ("digest", "name", "version", "document")


def binds(*names: str, place: str = "") -> dict[str, Any]:
    """Parameters for columns, called as those are, behind them the *place* of their row."""
    return {name: bindparam(f"{name}{place}") for name in names}


class Shape(NamedTuple):
    """What a step writes beside its item and its entry: how many rows of which kind.

    Attributes:
        born: Whether the item is new.
        pinned: Whether another definition holds it from now on.
        dropped: Duties that are no more.
        changed: Duties that are others now.
        added: New duties.
        queued: New deliveries.
    """

    born: bool
    pinned: bool
    dropped: int
    changed: int
    added: int
    queued: int


class Statements:
    """Everything that is said to a database of one dialect.

    A step is one item with its entry, duties and deliveries.  PostgreSQL is told it in one
    statement (`whole_step`), SQLite part by part.
    """

    def __init__(self, tables: Tables, dialect: Dialect) -> None:
        self.tables = tables
        self.dialect = dialect
        self.is_postgresql = dialect.name == "postgresql"
        item, duty, history = tables.item, tables.duty, tables.history
        it = select(*columns(item, ITEM)).where(_is_it(item))
        self.item = self.ready(it)
        self.hold = self.ready(it.with_for_update())
        self.answer = self.ready(
            select(*columns(history, ENTRY)).where(
                history.c.tenant == bindparam("tenant"), history.c.key == bindparam("key")
            )
        )
        self.taken = self.ready(
            select(item.c.id).where(
                item.c.tenant == bindparam("tenant"),
                (item.c.id == bindparam("id")) | (item.c.ref == bindparam("ref")),
            )
        )
        self.add_item = self.ready(insert(item).values(binds(*BORN)))
        self.change_item = self.ready(_changed_item(item, CHANGING))
        self.pin_item = self.ready(_changed_item(item, (*CHANGING, *PINNED)))
        self.add_duty = self.ready(insert(duty).values(binds("tenant", *DUTY)))
        self.change_duty = self.ready(_changed_duty(duty))
        self.drop_duty = self.ready(
            delete(duty).where(_is_of(duty), duty.c.stage == bindparam("left"))
        )
        self.add_entry = self.ready(insert(history).values(binds("tenant", *ENTRY)))
        self.add_delivery = self.ready(insert(tables.outbox).values(binds("tenant", *DELIVERY)))
        self.change_delivery = self.ready(_changed_delivery(tables.outbox))
        self.add_definition = self.ready(self._added_definition(tables.definition))
        self.put_off = self.ready(
            update(duty)
            .where(_is_of(duty), duty.c.stage == bindparam("left"))
            .values(later=bindparam("until"))
        )
        self.erase = self.ready(
            update(history)
            .where(_is_of(history), history.c.n == bindparam("blank"))
            .values(data=null())
        )
        self.add_record = self.ready(insert(tables.record).values(binds("tenant", *RECORD)))
        self.still_ends = self.ready(
            update(item).where(_is_it(item), item.c.head == bindparam("head")).values(n=item.c.n)
        )
        self.empty = [self.ready(delete(one).where(_is_of(one))) for one in tables.of_an_item]
        self.remove_item = self.ready(delete(item).where(_is_it(item)))
        self.whole_step = cache(self._whole_step)
        self._asked: dict[Any, Statement] = {}

    def ready(self, what: ClauseElement) -> Statement:
        """*what*, compiled."""
        return Statement.compiled(what, self.dialect)

    def asking(self, shape: Any, build: Callable[[], ClauseElement]) -> Statement:
        """The statement of a question of that *shape*, built when it is first asked."""
        known = self._asked.get(shape)
        if known is None:
            known = self._asked[shape] = self.ready(build())
        return known

    def is_among(self, column: ColumnElement[str], name: str) -> ColumnElement[bool]:
        """Whether a column holds one of the texts of the parameter *name*, told by `listed`."""
        if self.is_postgresql:
            return column == func.any(bindparam(name, type_=postgresql.ARRAY(Text)))
        each = func.json_each(bindparam(name)).table_valued("value")
        return column.in_(select(each.c.value))

    def listed(self, texts: Iterable[str]) -> Any:
        """Several texts as one parameter."""
        return list(texts) if self.is_postgresql else json.dumps([*texts], ensure_ascii=False)

    def _added_definition(self, definition: Table) -> ClauseElement:
        dialect: Any = postgresql if self.is_postgresql else sqlite
        made: ClauseElement = (
            dialect.insert(definition).values(binds("tenant", *DEFINITION)).on_conflict_do_nothing()
        )
        return made

    def _whole_step(self, shape: Shape) -> Statement:
        """A step of that shape: one statement, which adds its entry only if the item moved."""
        item, duty, history, outbox = (
            self.tables.item,
            self.tables.duty,
            self.tables.history,
            self.tables.outbox,
        )
        changing = (*CHANGING, *PINNED) if shape.pinned else CHANGING
        change = insert(item).values(binds(*BORN)) if shape.born else _changed_item(item, changing)
        moved = change.returning(item.c.id).cte("moved")
        parts = [moved]
        for n in range(shape.dropped):
            gone = delete(duty).where(
                _is_of(duty), duty.c.stage == bindparam(f"left_drop{n}"), _if(moved)
            )
            parts.append(gone.cte(f"dropped_{n}"))
        for n in range(shape.changed):
            parts.append(_changed_duty(duty, f"_change{n}").where(_if(moved)).cte(f"changed_{n}"))
        for n in range(shape.added):
            parts.append(_if_moved(duty, ("tenant", *DUTY), moved, f"_add{n}").cte(f"added_{n}"))
        for n in range(shape.queued):
            names = ("tenant", *DELIVERY)
            parts.append(_if_moved(outbox, names, moved, f"_queue{n}").cte(f"queued_{n}"))
        return self.ready(_if_moved(history, ("tenant", *ENTRY), moved).add_cte(*parts))


def columns(table: Table, names: Iterable[str]) -> list[ColumnElement[Any]]:
    """Columns of a table, in that order."""
    return [table.c[name] for name in names]


def _is_it(item: Table) -> ColumnElement[bool]:
    return (item.c.tenant == bindparam("tenant")) & (item.c.id == bindparam("id"))


def _is_of(table: Table) -> ColumnElement[bool]:
    return (table.c.tenant == bindparam("tenant")) & (table.c.item == bindparam("item"))


def _if(moved: CTE) -> ColumnElement[bool]:
    return select(moved.c.id).exists()


def _if_moved(table: Table, names: tuple[str, ...], moved: CTE, place: str = "") -> Any:
    """An insertion that takes place if the item has moved; every row is of its tenant and item."""
    own = [name for name in names if name in ("tenant", "item")]
    rest = [name for name in names if name not in own]
    row = [bindparam(name, type_=table.c[name].type) for name in own]
    row += [bindparam(f"{name}{place}", type_=table.c[name].type) for name in rest]
    return insert(table).from_select([*own, *rest], select(*row).select_from(moved))


def _changed_item(item: Table, names: Iterable[str]) -> Any:
    return (
        update(item)
        .where(
            item.c.tenant == bindparam("tenant"),
            item.c.id == bindparam("id"),
            item.c.n == bindparam("was"),
        )
        .values(binds(*names))
    )


def _changed_duty(duty: Table, place: str = "") -> Any:
    return (
        update(duty)
        .where(_is_of(duty), duty.c.stage == bindparam(f"left{place}"))
        .values({**binds(*DUTY[1:], place=place), "later": null()})
    )


def _changed_delivery(outbox: Table) -> Any:
    return (
        update(outbox)
        .where(
            _is_of(outbox),
            outbox.c.n == bindparam("at_n"),
            outbox.c.place == bindparam("at_place"),
            outbox.c.turn == bindparam("was"),
        )
        .values(binds("state", "due", "turn", "attempts", "told", "seal"))
    )


def inhabited(tables: Tables) -> Select[Any]:
    """Every marking of some children, each once: one probe of the index for each marking.

    A database that is asked for the distinct markings walks all children; this asks for the
    first one, and then again and again for the first behind the last.
    """
    item = tables.item
    theirs = (
        item.c.tenant == bindparam("tenant"),
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
