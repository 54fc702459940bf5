"""What hosts pass to an engine, looked at once, at its door: texts, numbers, scopes, plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Any

from socialflow.errors import NotPlain, WrongArgument
from socialflow.filling import plain
from socialflow.people import Scope, aware
from socialflow.plain import EMPTY, FrozenDict, canonical
from socialflow.queries import Duty
from socialflow.showing import shown

__all__ = [
    "data",
    "duty_or_none",
    "key",
    "moment",
    "name",
    "number",
    "scope",
    "text",
    "text_or_none",
    "texts",
    "waivers",
]


def text(name: str, value: Any) -> str:
    """*value*, if it is a text that every store can keep.

    Raises:
        WrongArgument: It is something else, or has a NUL or half of a character in it.
    """
    if isinstance(value, str) and "\0" not in value and (value.isascii() or _is_whole(value)):
        return value
    raise WrongArgument(name, "a text without NUL", shown(value))


def _is_whole(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def name(argument: str, value: Any) -> str:
    """*value*, if it is a text that can stand in a list before others: not an empty one."""
    if value == "":
        raise WrongArgument(argument, "a text that is not empty", "''")
    return text(argument, value)


def key(value: Any) -> str | None:
    """*value*, if it is an idempotency key, or None.

    Raises:
        WrongArgument: It is no text, or the empty one: a missing header would be one for everybody.
    """
    return None if value is None else name("key", value)


def text_or_none(name: str, value: Any) -> str | None:
    """*value*, if it is a text, or None."""
    return None if value is None else text(name, value)


def texts(name: str, value: Any) -> tuple[str, ...]:
    """*value*, if it is several texts."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise WrongArgument(name, "several texts", shown(value))
    return tuple(text(name, one) for one in value)


def moment(name: str, value: Any) -> datetime:
    """*value*, if it is a moment, in UTC.

    Raises:
        NaiveTime: It has no time zone.
        WrongArgument: It is no moment, or in the first or last year that there is.
    """
    if not isinstance(value, datetime):
        raise WrongArgument(name, "a datetime with its time zone", shown(value))
    aware(name, value)
    if not MINYEAR < value.year < MAXYEAR:
        raise WrongArgument(name, "a moment that has a day before and behind it", shown(value))
    return value.astimezone(UTC)


def duty_or_none(name: str, value: Any) -> Duty | None:
    """*value*, if it is a duty of a worklist, or None."""
    if value is None or isinstance(value, Duty):
        return value
    raise WrongArgument(name, "a Duty of the page before", shown(value))


def number(name: str, value: Any) -> int | None:
    """*value*, if it is a whole number that is not negative, or None."""
    if value is None or (type(value) is int and 0 <= value < 2**63):
        return value
    raise WrongArgument(name, "a whole number, not negative", shown(value))


def scope(value: Any) -> Scope:
    """*value*, if it is a scope of texts."""
    if isinstance(value, Scope):
        for name, places in value.to_plain().items():
            texts(f"scope.{text('scope', name)}", (places,) if isinstance(places, str) else places)
        return value
    raise WrongArgument("scope", "a Scope, as in Scope(brand='acme')", shown(value))


def data(value: Any) -> FrozenDict | None:
    """*value* as plain data: a mapping, an instance of an attrs class, or None.

    Raises:
        NotPlain: It is something else, or holds what JSON cannot say.
    """
    if value is None:
        return None
    try:
        frozen = plain(value)
        canonical(frozen).encode()
    except RecursionError:
        raise NotPlain("it is nested too deeply, or holds itself") from None
    except (TypeError, ValueError) as wrong:
        raise NotPlain(str(wrong)) from None
    return frozen


def waivers(value: Any) -> FrozenDict:
    """*value*, if it is a mapping from codes to reasons, or None."""
    if value is None:
        return EMPTY
    if not isinstance(value, Mapping):
        raise WrongArgument("waive", "a mapping: {code: reason}", shown(value))
    return data(dict(value)) or EMPTY
