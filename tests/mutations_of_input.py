"""Mutations of what comes in while a program runs: orders to an engine, logs, bytes of files.

They stand in the same list as those of `mutations`.
"""

from __future__ import annotations

from random import Random
from typing import Any

import attrs
from mutations import JSON, ODD, TIMES, misspelt, mutate, mutation, one

from socialflow.stores.sql.tables import SCHEMA_VERSION

__all__ = ["Order", "Table"]


@attrs.define
class Order:
    """One call of an engine.

    Attributes:
        call: Name of a method of the engine.
        given: Its arguments by name.
        store: How the store is opened, where that is not as it should be.
        schema: What the store says that its version is.
    """

    call: str
    given: dict[str, Any]
    store: dict[str, Any] = attrs.field(factory=dict)
    schema: str = SCHEMA_VERSION


@mutation("order")
def misspelt_argument(rng: Random, order: Order) -> None:
    """An id, action, member, target or workflow with one letter wrong."""
    key = one(rng, (key for key, value in order.given.items() if isinstance(value, str)))
    order.given[key] = misspelt(rng, order.given[key])


@mutation("order")
def another_argument(rng: Random, order: Order) -> None:
    """An argument of another type, as JSON has it."""
    order.given[one(rng, order.given)] = rng.choice(JSON)


@mutation("order")
def odd_argument(rng: Random, order: Order) -> None:
    """An empty, endless or unprintable text."""
    order.given[one(rng, order.given)] = rng.choice((*ODD, "\ud800"))


@mutation("order")
def swapped_arguments(rng: Random, order: Order) -> None:
    """Two arguments in each other's place."""
    first, second = one(rng, order.given), one(rng, order.given)
    given = order.given
    given[first], given[second] = given[second], given[first]


@mutation("order")
def other_action(rng: Random, order: Order) -> None:
    """What is open elsewhere, in no stage, in several, or taken by the system."""
    names = (
        "submit",
        "clear",
        "settle",
        "sign",
        "go",
        "sent",
        "adopt",
        "create",
        "claim",
        "release",
    )
    if "action" not in order.given:
        order.call, order.given = "perform", {"item_id": "first", "by": "ann"}
    order.given["action"] = rng.choice(
        (*names, "writing.submit", "cancel", "reopen", "aprove", "x.")
    )


@mutation("order")
def other_member(rng: Random, order: Order) -> None:
    """Somebody without the right, unknown, denied, or the system."""
    order.given["by"] = rng.choice(("nobody", "zoe", "system", "guest", "ann", "ed", ""))


@mutation("order")
def other_item(rng: Random, order: Order) -> None:
    """An item elsewhere in the workflow, ended, or not there."""
    key = one(rng, (key for key in order.given if key in ("item_id", "id", "ref")))
    order.given[key] = rng.choice(("first", "second", "both", "over", "gone", "post:1"))


@mutation("order")
def key_used_before(rng: Random, order: Order) -> None:
    """The idempotency key of another command."""
    if order.call not in ("create", "adopt", "perform"):
        order.call, order.given = "perform", {"item_id": "first", "action": "submit", "by": "ann"}
    order.given["key"] = rng.choice(("used", "", 7, "x" * 5000))


@mutation("order")
def stale_expectation(rng: Random, order: Order) -> None:
    """A version that the item does not have any more, or never has."""
    if order.call != "perform":
        order.call, order.given = "perform", {"item_id": "first", "action": "submit", "by": "ann"}
    order.given["expect"] = rng.choice((0, -1, 99, 2**70, "1", True, 1.5))


@mutation("order")
def wrong_target(rng: Random, order: Order) -> None:
    """A place that the action does not go to."""
    order.given["to"] = rng.choice(("nowhere", "live", "end.closed", "writing", "", 3))


@mutation("order")
def wrong_data(rng: Random, order: Order) -> None:
    """Data with a field missing, unknown, or of another type."""
    told = order.given.get("data")
    if isinstance(told, dict) and told and rng.random() < 0.6:
        mutate(rng, ("plain",), told)
        return
    data = rng.choice(
        (
            {"reason": 3},
            {"title": None},
            {"titel": "x"},
            {"at": rng.choice(TIMES)},
            {"stage": "nowhere", "member": "ann"},
            {"text": "x" * 70_000},
            {},
        )
    )
    order.given["data"] = data | rng.choice(({}, {"x": rng.choice(JSON)}))


@mutation("order")
def data_that_is_not_plain(rng: Random, order: Order) -> None:
    """What JSON cannot say: NaN, sets, bytes, objects, keys that are no text, circles."""
    circle: dict[str, Any] = {}
    circle["x"] = circle
    wrong = (float("nan"), {1, "a"}, b"x", object(), {1: "x"}, circle, 2**70, "\ud800", len)
    told = rng.choice(wrong)
    order.given["data"] = rng.choice((told, {"title": told}, {"title": [[told]]}))


@mutation("order")
def wrong_waiver(rng: Random, order: Order) -> None:
    """A reason for what nobody objects to, for what cannot be waived, or no reason."""
    order.given["waive"] = rng.choice(
        (
            {"four_eyes": "x"},
            {"role": "x"},
            {"four_eyes": ""},
            {"x": None},
            "x",
            [],
            {"x": {"y": 1}},
        )
    )


@mutation("order")
def wrong_scope(rng: Random, order: Order) -> None:
    """A scope that is a text, a list or a table."""
    if order.call not in ("create", "adopt"):
        order.call, order.given = (
            "create",
            {"workflow": "post", "by": "ann", "data": {"title": "x"}},
        )
    order.given["scope"] = rng.choice(("brand", {"brand": "acme"}, ["acme"], None, {"brand": ""}))


@mutation("order")
def other_store(rng: Random, order: Order) -> None:
    """A store of another version, without tables, or of another kind."""
    wrong = ({"prefix": "other_"}, {"synchronous": "SOMETIMES"}, {"url": "sqlite:////no/where.db"})
    more = (
        {"url": "postgresql://host/x"},
        {"url": "x"},
        {"url": ""},
        {"url": "sqlite+aiosqlite://"},
    )
    order.store = rng.choice((*wrong, *more, {"prefix": '"; DROP TABLE x; --'}, {}))
    order.schema = rng.choice((SCHEMA_VERSION, "0", "1", "99", "", "x"))


# -- logs

Table = list[list[str]]
"""The cells of a log; the first row is its header."""


@mutation("table")
def wrong_column(rng: Random, table: Table) -> None:
    """A column is misspelt, empty, or called like another."""
    n = rng.randrange(len(table[0]))
    table[0][n] = rng.choice((misspelt(rng, table[0][n]), "", table[0][0], table[0][n].upper()))


@mutation("table")
def shuffled_columns(rng: Random, table: Table) -> None:
    """The columns in another order, with or without their names."""
    order = rng.sample(range(len(table[0])), len(table[0]))
    for row in table[rng.choice((0, 1)) :]:
        row[:] = [row[n] for n in order if n < len(row)]


@mutation("table")
def column_gone(rng: Random, table: Table) -> None:
    """A column is missing, in all rows or in one."""
    n = rng.randrange(len(table[0]))
    for row in rng.choice((table, [one(rng, table)])):
        del row[n : n + 1]


@mutation("table")
def rows_in_disorder(rng: Random, table: Table) -> None:
    """Two rows swapped, one there twice, or none left."""
    rows = rng.choice((rng.sample(table[1:], len(table) - 1), [*table[1:], one(rng, table)], []))
    table[1:] = [[*row] for row in rows]


@mutation("table")
def odd_cell(rng: Random, table: Table) -> None:
    """A cell that is empty, endless, or what people write into spreadsheets."""
    row = one(rng, table[1:])
    row[one(rng, range(len(row)))] = rng.choice((*ODD, "=1+1", 'say "no"', "a,b", "a\nb", "NaN"))


@mutation("table")
def wrong_time(rng: Random, table: Table) -> None:
    """A moment without a zone, in a zone that is nowhere, or none at all."""
    one(rng, table[1:])[0] = rng.choice((*TIMES, "yesterday", "1e9", "9999-12-31T23:59:59-14:00"))


@mutation("table")
def unknown_in_a_log(rng: Random, table: Table) -> None:
    """An event that the mapping does not know, or a member called like the importer."""
    row = one(rng, (row for row in table[1:] if len(row) > 4))
    n, value = rng.choice(((3, "drafed"), (4, "importer"), (4, "system"), (1, "nowhere")))
    row[n] = value


# -- bytes


@mutation("text")
def cut_off(rng: Random, text: bytes) -> bytes:
    """The end is missing."""
    return text[: rng.randrange(len(text) + 1)]


@mutation("text")
def line_gone(rng: Random, text: bytes) -> bytes:
    """A line is missing."""
    lines = text.split(b"\n")
    del lines[rng.randrange(len(lines))]
    return b"\n".join(lines)


@mutation("text")
def lines_swapped(rng: Random, text: bytes) -> bytes:
    """Two lines in each other's place, or one there twice."""
    lines = text.split(b"\n")
    first, second = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[rng.choice((first, second))]
    return b"\n".join(lines)


@mutation("text")
def word_misspelt(rng: Random, text: bytes) -> bytes:
    """A letter of a word in quotes or of a cell is another one."""
    letters = [n for n in range(len(text)) if text[n : n + 1].isalpha()]
    n = one(rng, letters)
    return text[:n] + rng.choice((b"", b"q", text[n : n + 1].upper())) + text[n + 1 :]


@mutation("text")
def words_swapped(rng: Random, text: bytes) -> bytes:
    """Two texts in quotes in each other's place."""
    parts = text.split(b'"')
    first, second = one(rng, range(1, len(parts), 2)), one(rng, range(1, len(parts), 2))
    parts[first], parts[second] = parts[second], parts[first]
    return b'"'.join(parts)


@mutation("text")
def broken_quoting(rng: Random, text: bytes) -> bytes:
    """A quotation mark too many or too few."""
    n = rng.randrange(len(text) + 1)
    return rng.choice((text[:n] + b'"' + text[n:], text.replace(b'"', b"", 1)))


@mutation("text")
def wrong_encoding(rng: Random, text: bytes) -> bytes:
    """UTF-16, Latin-1, a byte order mark, or a byte that is no letter."""
    told = text.decode("utf-8", "replace") + "é"
    n = rng.randrange(len(text) + 1)
    odd = rng.choice((b"\xff", b"\0", b"\xed\xa0\x80", b"\r"))
    wrong = (told.encode("utf-16"), told.encode("latin-1", "replace"), told.encode("utf-8-sig"))
    return rng.choice((*wrong, text[:n] + odd + text[n:]))


@mutation("text")
def something_else(rng: Random, text: bytes) -> bytes:
    """Nothing, blanks, a number, another format, endless depth."""
    return rng.choice(
        (
            b"",
            b" \n",
            b"3",
            b"null",
            b"<html>",
            b"[" * 5000,
            b"a" + b".a" * 500 + b" = 1",
            b"\n" * 99,
        )
    )
