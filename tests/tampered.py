"""A store in which everything can be tampered with, and every way to tamper with one row of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import Any

import attrs

from socialflow.chain import anchor, link, recorded, seal_of
from socialflow.erasing import erase
from socialflow.items import Effect
from socialflow.queries import Effects, History, Records
from socialflow.retiring import retire
from socialflow.stores.sql import SqlStore
from socialflow.testing.books import LAW, ended, sent
from socialflow.testing.changes import START, born, later, moved, noted, write

__all__ = ["KEYS", "Row", "Try", "deliberate", "fill", "single_rows"]

Row = Mapping[str, Any]

KEYS = {
    "item": ("tenant", "id"),
    "history": ("seq",),
    "outbox": ("tenant", "item", "n", "place"),
    "record": ("tenant", "n"),
    "duty": ("tenant", "item", "stage"),
    "definition": ("tenant", "digest"),
}
"""Tables whose rows are tampered with, and the columns that tell a row from the others."""

SAYS_NOTHING = {("history", "seq"), ("duty", "later")}
"""Columns that nothing is said by: the order of writing, and until when a duty is put off."""


LAST = "the last record is deleted"


@attrs.frozen
class Try:
    """One way to tamper with a store.

    Attributes:
        what: In a few words.
        names: One of these has to be named by a finding.
        statements: What is done.
    """

    what: str
    names: frozenset[str]
    statements: tuple[str, ...]


def fill(store: SqlStore) -> list[str]:
    """Items, notes, effects in several states, erased data, retired items; and an anchor.

    A tenant beside it has items with the same ids.
    """
    write(store.for_tenant("beside"), *(born(id) for id in "abc"))
    item = write(store, born("a", ref="post:1", key="k", data={"title": "one", "name": "Zoe"}))
    item = write(store, noted(item, "a remark", key="k2"))
    item = write(store, moved(item, "review.waiting", effects=(Effect("mail"), Effect("ping"))))
    write(store, moved(item, "live.ready", data={"title": "two"}))
    sent(store, "a", "taken")
    sent(store, "a", "delivered", "as message 17")
    write(store, born("b", ref="post:2", effects=(Effect("mail", {"to": "lead"}),)))
    ended(store, "c")
    ended(store, "gone", -90)
    ended(store, "gone too", -90)
    retire(store, ended_before=later(-60), **LAW)
    anchor(store, at=START)
    erase(store, "a", fields=["name"], **LAW)
    file = StringIO()
    anchor(store, at=later(1), to=file)
    return file.getvalue().splitlines()


def single_rows(rows: Mapping[str, Sequence[Row]]) -> Iterator[Try]:
    """Every row of these tables changed in every column, deleted, swapped and doubled."""
    for table, all_of_them in rows.items():
        for place, row in enumerate(all_of_them):
            other = all_of_them[place - 1]
            is_last = table == "record" and row is all_of_them[-1]
            what = LAST if is_last else f"{table}: a row is deleted"
            yield Try(what, named(table, row), (f"DELETE FROM {at(table, row)}",))
            for column in row:
                if (table, column) not in SAYS_NOTHING:
                    what = (
                        LAST if is_last and column == "tenant" else f"{table}: {column} is changed"
                    )
                    yield from edits(what, table, row, other, column)
            yield from doubled(table, row, other)
            if place:
                yield swapped(table, row, other)


def edits(what: str, table: str, row: Row, other: Row, column: str) -> Iterator[Try]:
    values = {another(row[column]), other[column]} - {row[column]}
    for value in sorted(values, key=repr):
        names = named(table, row) | named(table, {**row, column: value})
        done = f"UPDATE {where_it_is(table)} SET {name(column)} = {literal(value)}"
        yield Try(what, names, (f"{done} WHERE {is_it(table, row)}",))


def doubled(table: str, row: Row, other: Row) -> Iterator[Try]:
    """The row once more, in another place."""
    places = {
        "item": {"id": "forged", "ref": None},
        "history": {"seq": 10_000, "n": row.get("n", 0) + 100, "key": None},
        "outbox": {"place": row.get("place", 0) + 7},
        "record": {"n": row.get("n", 0) + 100},
        "duty": {"stage": "forged"},
    }
    if table in places:
        new = {**row, **places[table]}
        yield Try(f"{table}: a row is inserted", named(table, new), (insertion(table, new),))
    if table in ("history", "outbox") and row["item"] != other["item"]:
        new = {**row, "item": other["item"], "n": row["n"] + 100, "key": None, "seq": 10_000}
        new = {column: value for column, value in new.items() if column in row}
        yield Try(f"{table}: a row is inserted", named(table, new), (insertion(table, new),))


def swapped(table: str, row: Row, other: Row) -> Try:
    """Two rows have changed places: all but what tells them apart."""
    columns = [column for column in row if column not in KEYS[table]]
    if table == "history":
        columns = [one for one in columns if one not in ("tenant", "item", "n", "key")]
    columns = [one for one in columns if one != "ref"]
    done = []
    for one, two in ((row, other), (other, row)):
        said = ", ".join(f"{name(column)} = {literal(two[column])}" for column in columns)
        done.append(f"UPDATE {where_it_is(table)} SET {said} WHERE {is_it(table, one)}")
    return Try(
        f"{table}: two rows are swapped", named(table, row) | named(table, other), tuple(done)
    )


# -- with all that seals it


def deliberate(store: SqlStore, rows: Mapping[str, Sequence[Row]]) -> Iterator[Try]:
    """What somebody does who knows how everything is sealed."""
    yield from put_back(rows, "c", list(store.rows(History("c"))))
    yield removed("b")
    yield rewritten(store, "b", rows)
    for effect in store.rows(Effects(item="a")):
        forged = attrs.evolve(effect, told="as message 18")
        older = attrs.evolve(effect, state="queued", turn=0, attempts=0, told="")
        for what, one in (("is changed", forged), ("is put back", older)):
            said = f"state = '{one.state}', turn = {one.turn}, attempts = {one.attempts}"
            said += f", told = '{one.told}', seal = '{seal_of(one)}'"
            place = f"tenant = '' AND item = 'a' AND n = {one.n} AND place = {one.place}"
            done = f"UPDATE socialflow_outbox SET {said} WHERE {place}"
            yield Try(f"an effect {what}, and sealed anew", frozenset({"item a"}), (done,))
    *_, before, last = store.rows(Records())
    forged_record = recorded(last.kind, later(2), last.told, before)
    where = f"WHERE tenant = '' AND n = {last.n}"
    done = f"at = '{later(2).isoformat()}', hash = '{forged_record.hash}' {where}"
    names = frozenset({f"record {last.n}"})
    yield Try(
        "the last record is changed, and sealed anew",
        names,
        (f"UPDATE socialflow_record SET {done}",),
    )
    yield Try(LAST, names, (f"DELETE FROM socialflow_record WHERE tenant = '' AND n = {last.n}",))


def put_back(rows: Mapping[str, Sequence[Row]], id: str, entries: Sequence[Any]) -> Iterator[Try]:
    """The item is what it was one entry ago."""
    before = entries[-2]
    begun = next(row for row in rows["item"] if row["id"] == "b")
    body = begun["body"]
    done = (
        f"DELETE FROM socialflow_history "
        f"WHERE tenant = '' AND item = '{id}' AND n = {len(entries)}",
        f"UPDATE socialflow_item SET n = {before.n}, head = '{before.hash}', version = 1, "
        f"body = '{body}', marking = '{begun['marking']}' WHERE tenant = '' AND id = '{id}'",
        "INSERT INTO socialflow_duty (tenant, item, stage, state, entered) SELECT tenant, "
        f"'{id}', stage, state, entered FROM socialflow_duty WHERE tenant = '' AND item = 'b'",
    )
    yield Try("the end of a history is taken away", frozenset({f"item {id}"}), done)


def removed(id: str) -> Try:
    """An item is gone, with everything there was about it."""
    tables = ("duty", "outbox", "history")
    done = [
        f"DELETE FROM socialflow_{table} WHERE tenant = '' AND item = '{id}'" for table in tables
    ]
    done.append(f"DELETE FROM socialflow_item WHERE tenant = '' AND id = '{id}'")
    return Try("an item is removed", frozenset({f"item {id}"}), tuple(done))


def rewritten(store: SqlStore, id: str, rows: Mapping[str, Sequence[Row]]) -> Try:
    """The last entry says that somebody else did it."""
    *_, last = store.rows(History(id))
    event = attrs.evolve(last.event, command=attrs.evolve(last.event.command, by="zoe"))
    forged = link(event, last.n, last.previous)
    done = (
        f"UPDATE socialflow_history SET \"by\" = 'zoe', hash = '{forged.hash}' "
        f"WHERE tenant = '' AND item = '{id}' AND n = {last.n}",
        f"UPDATE socialflow_item SET head = '{forged.hash}' WHERE tenant = '' AND id = '{id}'",
    )
    return Try("an entry is changed, and sealed anew", frozenset({f"item {id}"}), done)


# -- in words of SQL


def named(table: str, row: Row) -> frozenset[str]:
    """What a finding about that row may call it."""
    match table:
        case "item":
            return frozenset({f"item {row['id']}"})
        case "record":
            return frozenset({f"record {row['n']}", f"record {row['n'] + 1}"})
        case "definition":
            return frozenset({f"definition {row['name']} {row['version']}", "item a"})
    return frozenset({f"item {row['item']}"})


def another(value: Any) -> Any:
    """Something else of the same kind."""
    return value + 1 if isinstance(value, int) else f"{value or ''}x"


def name(column: str) -> str:
    return f'"{column}"'


def literal(value: Any) -> str:
    if value is None or isinstance(value, int):
        return "NULL" if value is None else str(value)
    return "'" + value.replace("'", "''") + "'"


def where_it_is(table: str) -> str:
    return f"socialflow_{table}"


def is_it(table: str, row: Row) -> str:
    return " AND ".join(f"{name(column)} = {literal(row[column])}" for column in KEYS[table])


def at(table: str, row: Row) -> str:
    return f"{where_it_is(table)} WHERE {is_it(table, row)}"


def insertion(table: str, row: Row) -> str:
    columns, values = ", ".join(map(name, row)), ", ".join(map(literal, row.values()))
    return f"INSERT INTO {where_it_is(table)} ({columns}) VALUES ({values})"
