"""Hostile input: what nobody sensible hands in, from a seed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from random import Random
from typing import Any

import attrs
from under_fire.desk import NOON, TEAM

from socialflow import Member, Scope
from socialflow.errors import SocialflowError

__all__ = ["Order", "order"]

SQL = (
    "'; DROP TABLE socialflow_item; --",
    "' OR '1'='1",
    '"; DELETE FROM socialflow_history; --',
    "$1 %s %(id)s :id ? {id} \\",
    "item 1' UNION SELECT 1 --",
)
ODD = (
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "\udfff x",
    "\x7f\x1b[2J",
    "\u202e\u0000",
    "\ufeff",
    "é",
    "e\u0301",
)
NAMES = ("post", "hot", "ann", "edit", "writing.drafting", "socialflow_item", "system", "*", "end")
NUMBERS = (0, -1, 2**31, 2**63, -(2**63) - 1, 10**400, 1e308, 5e-324, -0.0, True)
UNREAL = (float("nan"), float("inf"), float("-inf"))
OTHERS = (object(), b"bytes", {1, 2}, 1j, datetime(2026, 5, 1), NOON, range(3), Exception, ...)


def text(rng: Random) -> str:
    """A text: any Unicode, SQL, a name that means something, or far too long."""
    match rng.randrange(7):
        case 0:
            return rng.choice(ODD)
        case 1:
            return rng.choice(SQL)
        case 2:
            return rng.choice(NAMES)
        case 3:
            return rng.choice(ODD) + rng.choice(SQL) + rng.choice(ODD)
        case 4:
            return rng.choice("aé日🦊\0'\"\\%") * rng.choice((1, 255, 3_000))
    return "".join(
        chr(rng.choice((rng.randrange(0x300), rng.randrange(0x110000)))) for _ in range(9)
    )


def deep(rng: Random, depth: int) -> Any:
    """Something within something within something."""
    made: Any = anything(rng, 0)
    for _ in range(depth):
        made = {text(rng): made} if rng.random() < 0.5 else [made]
    return made


def anything(rng: Random, depth: int = 2) -> Any:
    """A value of any kind."""
    match rng.randrange(9 if depth else 6):
        case 0 | 1:
            return text(rng)
        case 2:
            return rng.choice(NUMBERS)
        case 3:
            return rng.choice((None, *UNREAL))
        case 4:
            return rng.choice(OTHERS)
        case 5:
            return somebody(rng)
        case 6:
            return [anything(rng, depth - 1) for _ in range(rng.randrange(4))]
        case 7:
            return {text(rng): anything(rng, depth - 1) for _ in range(rng.randrange(4))}
    return deep(rng, rng.choice((3, 50, 5_000)))


@attrs.frozen
class Order:
    """A call of an engine, and of whose: an engine of a tenant, if there is one."""

    call: str
    given: dict[str, Any]
    tenant: Any = ""


HOT = {"item_id": "hot"}
VALID: tuple[tuple[str, Callable[[int], dict[str, Any]]], ...] = (
    ("create", lambda n: {"workflow": "leaflet", "by": "ann", "data": {"title": f"{n}"}}),
    ("create", lambda n: {"workflow": "post", "by": "tom", "data": {"title": "x"}, "ref": f"r{n}"}),
    ("adopt", lambda n: {"workflow": "leaflet", "at": "review.waiting", "by": "cleo"}),
    (
        "perform",
        lambda n: {"item_id": "hot", "action": "edit", "by": "ann", "data": {"title": "t"}},
    ),
    ("perform", lambda n: {"item_id": "hot", "action": "note", "by": "ann", "data": {"text": "n"}}),
    ("perform", lambda n: {"item_id": "hot", "action": "claim", "by": "ann", "key": f"k{n}"}),
    ("preview", lambda n: {"item_id": "hot", "action": "submit", "by": "ann"}),
    ("options", lambda n: {"item_id": "hot", "by": "ann"}),
    ("why_not", lambda n: {"item_id": "hot", "action": "submit", "by": "ann"}),
    ("who_can", lambda n: {"item_id": "hot", "action": "submit"}),
    ("item", lambda n: HOT),
    ("find", lambda n: {"ref": "row:1"}),
    ("history", lambda n: HOT),
    ("worklist", lambda n: {"by": "ann", "limit": 3}),
    ("children", lambda n: HOT),
    ("run_due", lambda n: {"now": NOON, "limit": 2}),
)
OPTIONAL = {
    "create": ("ref", "scope", "key", "id", "parent", "data"),
    "adopt": ("ref", "scope", "key", "id", "parent", "data", "contributors", "at"),
    "perform": ("to", "expect", "key", "waive", "data"),
    "preview": ("to", "waive", "data"),
    "worklist": ("stage", "state", "after", "limit"),
    "children": ("workflow", "all_rounds"),
}


def order(rng: Random, n: int) -> Order:
    """A call that was right before one to three of its arguments were replaced."""
    call, valid = rng.choice(VALID)
    given = dict(valid(n))
    names = sorted({*given, *OPTIONAL.get(call, ())})
    for name in rng.sample(names, min(len(names), rng.randrange(1, 4))):
        given[name] = hostile(rng, name)
    tenant = text(rng) if rng.random() < 0.02 else ""
    return Order(call, given, tenant)


def hostile(rng: Random, name: str) -> Any:
    """Something for an argument of that name, of its own kind or of any."""
    if name == "data" and rng.random() < 0.7:
        return {rng.choice(("title", "text", text(rng))): anything(rng) for _ in range(2)}
    if name == "scope" and rng.random() < 0.7:
        return _scope(rng)
    if name == "by" and rng.random() < 0.3:
        return somebody(rng)
    if name == "waive" and rng.random() < 0.5:
        return {text(rng): anything(rng)}
    if name == "now" and rng.random() < 0.5:
        return rng.choice((datetime.min, datetime.max, datetime.max.replace(tzinfo=UTC)))
    return text(rng) if rng.random() < 0.6 else anything(rng)


def somebody(rng: Random) -> Member:
    """Whom a host vouches for, by a name that may be anything."""
    grants = rng.choice(TEAM.members).grants
    with suppress(SocialflowError):
        return Member(text(rng), grants)
    return Member("ann", grants)


def _scope(rng: Random) -> Scope:
    with suppress(SocialflowError, TypeError, ValueError):
        return Scope(brand=text(rng), region=(text(rng), text(rng)))
    return Scope(brand="acme")
