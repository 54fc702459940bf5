"""What a SQL store answers to each query: SQLAlchemy Core in, values out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, or_, select, tuple_

from socialflow.codec import decode_event, decode_item, decode_time, encode_time
from socialflow.errors import StoreError, UsageError
from socialflow.items import Entry, Item
from socialflow.queries import (
    Definitions,
    Duties,
    Duty,
    Head,
    Heads,
    History,
    Inhabited,
    Items,
    StoredDefinition,
)
from socialflow.stores.sql.statements import DUTY, ENTRY, ITEM, inhabited
from socialflow.stores.sql.tables import Tables

__all__ = ["read_entry", "read_item", "statement_for"]

Row = Any
Read = Callable[[Row], Any]


MANGLED = (ValueError, KeyError, IndexError, TypeError, AttributeError)


def read_item(row: Row) -> Item:
    """The item of a row with the columns of `ITEM`.

    Raises:
        StoreError: Somebody has mangled the row.
    """
    try:
        return decode_item(row[0], row[1], row[2], row[3], row[6])
    except MANGLED as error:
        raise _mangled(f"item {row[0]!r}", error) from error


def read_entry(row: Row) -> Entry:
    """The entry of a row with the columns of `ENTRY`.

    Raises:
        StoreError: Somebody has mangled the row.
    """
    try:
        event = decode_event(row[0], row[2], row[3], row[4], row[5], row[6], row[7], row[8])
    except (*MANGLED, UsageError) as error:
        raise _mangled(f"entry {row[1]} of item {row[0]!r}", error) from error
    return Entry(row[1], event, row[10], row[9], row[11])


def _read_duty(row: Row) -> Duty:
    try:
        due = None if row[5] is None else decode_time(row[5])
        return Duty(row[0], row[1], row[2], decode_time(row[3]), row[4], due)
    except MANGLED as error:
        raise _mangled(f"a duty of item {row[0]!r}", error) from error


def _mangled(what: str, error: Exception) -> StoreError:
    return StoreError(f"{what} cannot be read: {type(error).__name__}: {error}; audit() tells more")


def statement_for(tables: Tables, query: Any) -> tuple[Select[Any], Read]:
    """The statement that answers *query*, and what makes a value of each of its rows."""
    match query:
        case Items():
            return _items(tables, query), read_item
        case History():
            return _history(tables, query), read_entry
        case Duties():
            return _duties(tables, query), _read_duty
        case Inhabited():
            bound = inhabited(tables).params(
                parent=query.parent, kind=query.kind, round=query.round, beside=query.beside
            )
            return bound, lambda row: tuple(row[0].split(" "))
        case Definitions():
            table = tables.definition
            columns = (table.c.digest, table.c.name, table.c.version, table.c.document)
            found = select(*columns).order_by(table.c.name, table.c.digest)
            return found, lambda row: StoredDefinition(*row)
        case Heads():
            item = tables.item
            return select(item.c.id, item.c.n, item.c.head).order_by(item.c.id), lambda row: Head(
                *row
            )
    raise TypeError(f"a store cannot answer {query!r}")


def _items(tables: Tables, query: Items) -> Select[Any]:
    item = tables.item
    found = select(*(item.c[name] for name in ITEM)).where(item.c.id > query.after)
    if query.id is not None:
        found = found.where(item.c.id == query.id)
    if query.ref is not None:
        found = found.where(item.c.ref == query.ref)
    if query.workflow is not None:
        found = found.where(item.c.workflow == query.workflow)
    for name in ("parent", "kind", "round"):
        if getattr(query, name) is not None:
            found = found.where(item.c[name] == getattr(query, name))
    return found.order_by(item.c.id).limit(query.limit)


def _history(tables: Tables, query: History) -> Select[Any]:
    history = tables.history
    found = select(*(history.c[name] for name in ENTRY))
    if query.key is not None:
        return found.where(history.c.key == query.key)
    if query.item is not None:
        found = found.where(history.c.item == query.item)
    found = found.where(history.c.n > query.after)
    return found.order_by(history.c.item, history.c.n).limit(query.limit)


def _duties(tables: Tables, query: Duties) -> Select[Any]:
    duty = tables.duty
    found = select(*(duty.c[name] for name in DUTY))
    if query.item is not None:
        found = found.where(duty.c.item == query.item)
    if query.responsible is not None:
        found = found.where(duty.c.responsible == query.responsible)
    if query.state is not None:
        stage = query.state.partition(".")[0]
        found = found.where(duty.c.stage == stage, duty.c.state == query.state)
    if query.stage is not None:
        found = found.where(duty.c.stage == query.stage)
    since = duty.c.entered
    if query.due is not None:
        now = encode_time(query.due)
        since = duty.c.due
        found = found.where(duty.c.due <= now, or_(duty.c.later.is_(None), duty.c.later <= now))
    order = (since, duty.c.item, duty.c.stage)
    if query.after is not None:
        last = query.after
        moment = last.entered if query.due is None else last.due or last.entered
        found = found.where(tuple_(*order) > tuple_(encode_time(moment), last.item, last.stage))
    return found.order_by(*order).limit(query.limit)
