"""What a SQL store answers to each query: SQLAlchemy Core in, values out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    func,
    literal_column,
    select,
    tuple_,
    union,
)

from socialflow.codec import decode_data, decode_event, decode_item, decode_time, encode_time
from socialflow.errors import StoreError, UsageError
from socialflow.items import Entry, Item
from socialflow.queries import (
    Definitions,
    Delivery,
    Duties,
    Duty,
    Effects,
    Head,
    Heads,
    History,
    Inhabited,
    Items,
    Later,
    Laters,
    Record,
    Records,
    StoredDefinition,
    Strays,
    Tallies,
    Tally,
)
from socialflow.stores.sql.statements import (
    DEFINITION,
    DELIVERY,
    DUTY,
    ENTRY,
    ITEM,
    RECORD,
    Statement,
    Statements,
    columns,
    inhabited,
)
from socialflow.stores.sql.tables import OPEN, SETTLED

__all__ = ["question", "read_entry", "read_item"]

Row = Any
Read = Callable[[Row], Any]


UNDER_WAY: list[Any] = [literal_column(f"'{state}'") for state in OPEN]
"""What a partial index says of its rows: a database uses it only if it is asked in these words."""

AT_AN_END: list[Any] = [literal_column(f"'{state}'") for state in SETTLED]
"""Of what comes before something, in other words: else the planner, who takes a queue for empty
until it has counted it, reads all that is open for each of them."""

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


def _read_delivery(row: Row) -> Delivery:
    item, n, place, name, data, state, due, *rest = row
    try:
        read = decode_data(data), state, decode_time(due)
    except MANGLED as error:
        raise _mangled(f"an effect of entry {n} of item {item!r}", error) from error
    return Delivery(item, n, place, name, *read, *rest)


def _read_record(row: Row) -> Record:
    n, kind, at, said, previous, hash, item, head = row
    try:
        told = decode_data(said)
        if (told.get("item"), told.get("hash")) != (item, head):
            raise ValueError(f"it is about {told.get('item')!r}, not about {item!r} at {head!r}")
        return Record(n, kind, decode_time(at), told, previous, hash)
    except MANGLED as error:
        raise _mangled(f"record {n} of the book", error) from error


def _mangled(what: str, error: Exception) -> StoreError:
    return StoreError(f"{what} cannot be read: {type(error).__name__}: {error}; audit() tells more")


def question(say: Statements, tenant: str, query: Any) -> tuple[Statement, dict[str, Any], Read]:
    """The statement that answers *query*, its values, and what makes a value of each row.

    It is built once for all queries that ask by the same things.

    Raises:
        TypeError: *query* is none that a store can answer.
    """
    asked = _ASKED.get(type(query))
    if asked is None:
        raise TypeError(f"a store cannot answer {query!r}")
    build, read = asked
    told = {name: value for name, value in _fields(query).items() if value is not None}
    if "ids" in told:
        told["ids"] = say.listed(told["ids"])
    statement = say.asking((type(query), *told), lambda: build(say, told))
    return statement, {"tenant": tenant, **told}, read


def _fields(query: Any) -> dict[str, Any]:
    told = attrs.asdict(query, recurse=False)
    after = told.get("after")
    if isinstance(query, Duties) and after is not None:
        moment = after.entered if query.due is None else after.due or after.entered
        told |= {"after": encode_time(moment), "after_item": after.item}
        told["after_stage"] = after.stage
    elif isinstance(query, Effects) and after is not None:
        told |= {"after": encode_time(after.due), "after_item": after.item}
        told |= {"after_n": after.n, "after_place": after.place}
    for place, name in enumerate(told.pop("among", ())):
        told[f"among_{place}"] = name
    if not told.get("newest", True):
        del told["newest"]
    for name in ("due", "ready"):
        if told.get(name) is not None:
            told[name] = encode_time(told[name])
    return told


def _found(
    columns: list[ColumnElement[Any]], table: Any, told: dict[str, Any], names: dict[str, Any]
) -> Select[Any]:
    """Rows of a table that belong to the tenant and fit what is told, by the columns' names."""
    found = select(*columns).where(table.c.tenant == bindparam("tenant"))
    for name, column in names.items():
        if name in told:
            found = found.where(column == bindparam(name))
    return found.limit(bindparam("limit")) if "limit" in told else found


def _items(say: Statements, told: dict[str, Any]) -> Select[Any]:
    item = say.tables.item
    names = {name: item.c[name] for name in ("id", "ref", "workflow", "parent", "kind", "round")}
    found = _found(columns(item, ITEM), item, told, names)
    if "ids" in told:
        found = found.where(say.is_among(item.c.id, "ids"))
    return found.where(item.c.id > bindparam("after")).order_by(item.c.id)


def _history(say: Statements, told: dict[str, Any]) -> Select[Any]:
    history = say.tables.history
    if "key" in told:
        names = {"key": history.c.key}
        return _found(columns(history, ENTRY), history, {"key": told["key"]}, names)
    found = _found(columns(history, ENTRY), history, told, {"item": history.c.item})
    found = found.where(history.c.n > bindparam("after"))
    return found.order_by(history.c.item, history.c.n)


def _duties(say: Statements, told: dict[str, Any]) -> Select[Any]:
    duty = say.tables.duty
    names = {name: duty.c[name] for name in ("item", "responsible", "stage", "state")}
    found = _found(columns(duty, DUTY), duty, told, names)
    since = duty.c.entered
    if "due" in told:
        since = duty.c.due
        put_off = duty.c.later.is_(None) | (duty.c.later <= bindparam("due"))
        found = found.where(duty.c.due <= bindparam("due"), put_off)
    order = (since, duty.c.item, duty.c.stage)
    if "after" in told:
        found = found.where(tuple_(*order) > _place("after", "after_item", "after_stage"))
    return found.order_by(*order)


def _effects(say: Statements, told: dict[str, Any]) -> Select[Any]:
    outbox = say.tables.outbox
    names = {name: outbox.c[name] for name in ("item", "state", "name")}
    found = _found(columns(outbox, DELIVERY), outbox, told, names)
    if "ready" in told:
        before = outbox.alias("before")
        is_kept_up = select(before.c.n).where(
            before.c.tenant == outbox.c.tenant,
            before.c.item == outbox.c.item,
            before.c.state.not_in(AT_AN_END),
            tuple_(before.c.n, before.c.place) < tuple_(outbox.c.n, outbox.c.place),
        )
        among: list[Any] = [bindparam(name) for name in told if name.startswith("among_")]
        if among:
            is_kept_up = is_kept_up.where(before.c.name.in_(among))
        found = found.where(
            outbox.c.state.in_(UNDER_WAY), outbox.c.due <= bindparam("ready"), ~is_kept_up.exists()
        ).with_for_update(skip_locked=True, of=outbox)
    order = (outbox.c.due, outbox.c.item, outbox.c.n, outbox.c.place)
    if "after" in told:
        place = _place("after", "after_item", "after_n", "after_place")
        found = found.where(tuple_(*order) > place)
    return found.order_by(*order)


def _place(*names: str) -> Any:
    return tuple_(*(bindparam(name) for name in names))


def _tallies(say: Statements, told: dict[str, Any]) -> Select[Any]:
    outbox = say.tables.outbox
    kinds = outbox.c.name, outbox.c.state
    counted = [*kinds, func.count(), func.min(outbox.c.due)]
    return _found(counted, outbox, told, {}).group_by(*kinds).order_by(*kinds)


def _definitions(say: Statements, told: dict[str, Any]) -> Select[Any]:
    table = say.tables.definition
    found = _found(columns(table, DEFINITION), table, told, {})
    return found.order_by(table.c.name, table.c.digest)


def _heads(say: Statements, told: dict[str, Any]) -> Select[Any]:
    item = say.tables.item
    found_by = ("kind", "parent", "round", "marking")
    found = _found(columns(item, ("id", "n", "head", *found_by)), item, told, {"item": item.c.id})
    if "ids" in told:
        found = found.where(say.is_among(item.c.id, "ids"))
    return found.where(item.c.id > bindparam("after")).order_by(item.c.id)


def _strays(say: Statements, _: dict[str, Any]) -> Any:
    item = say.tables.item
    lost = []
    for table in say.tables.of_an_item:
        is_there = select(item.c.id).where(
            item.c.tenant == table.c.tenant, item.c.id == table.c.item
        )
        mine = table.c.tenant == bindparam("tenant")
        lost.append(select(table.c.item).where(mine, ~is_there.exists()))
    return union(*lost).order_by("item")


def _laters(say: Statements, told: dict[str, Any]) -> Select[Any]:
    duty = say.tables.duty
    found = _found(columns(duty, ("item", "stage", "later")), duty, told, {"item": duty.c.item})
    return found.where(duty.c.later.is_not(None)).order_by(duty.c.item, duty.c.stage)


def _records(say: Statements, told: dict[str, Any]) -> Select[Any]:
    record = say.tables.record
    found = _found(columns(record, RECORD), record, told, {"item": record.c.item})
    if "newest" in told:
        return found.order_by(record.c.n.desc()).limit(1)
    return found.where(record.c.n > bindparam("after")).order_by(record.c.n)


_ASKED: dict[type, tuple[Callable[[Statements, dict[str, Any]], Select[Any]], Read]] = {
    Items: (_items, read_item),
    History: (_history, read_entry),
    Duties: (_duties, _read_duty),
    Effects: (_effects, _read_delivery),
    Inhabited: (lambda say, _: inhabited(say.tables), lambda row: tuple(row[0].split(" "))),
    Tallies: (_tallies, lambda row: Tally(row[0], row[1], row[2], decode_time(row[3]))),
    Definitions: (_definitions, lambda row: StoredDefinition(*row)),
    Heads: (_heads, lambda row: Head(row[0], row[1], row[2], tuple(row[3:]))),
    Strays: (_strays, lambda row: row[0]),
    Laters: (_laters, lambda row: Later(row[0], row[1], decode_time(row[2]))),
    Records: (_records, _read_record),
}
