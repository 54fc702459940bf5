"""Filling in forms: the data that people and hosts hand in, checked; the door to `cattrs`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args, get_origin

import attrs

from socialflow.errors import Objection, nearest
from socialflow.forms import describe_field, fields_of
from socialflow.objections import SHOWN, likest
from socialflow.plain import FrozenDict, freeze

if TYPE_CHECKING:
    from cattrs import Converter

__all__ = ["Filled", "fill", "fill_some", "plain"]


class Filled(NamedTuple):
    """Data that fits: as the form's class (or values by name), and plain."""

    value: Any
    plain: FrozenDict


def fill(form: type, data: Mapping[str, Any]) -> Filled | tuple[Objection, ...]:
    """Fill *form* with *data*, or say every objection to the data."""
    converter = _converter(explains=False)
    try:
        value: Any = converter.structure(data, form)
        told = converter.unstructure(value)
        return Filled(value, data if told == data and type(data) is FrozenDict else freeze(told))
    except Exception as wrong:
        return _objections(form, data, wrong)


def fill_some(
    fields: Mapping[str, attrs.Attribute[Any]], data: Mapping[str, Any]
) -> Filled | tuple[Objection, ...]:
    """Fill in some of *fields*: the values by name and as plain data, or every objection.

    None takes a value away again, and needs no type.
    """
    objections = []
    converter = _converter(explains=True)
    plain: dict[str, Any] = {}
    for name, value in data.items():
        field = fields.get(name)
        if field is None:
            told = f"no field that may be edited is called {name}"
            objections.append(_wrong(f"data.{name}", told, nearest(name, fields)))
        elif value is None:
            plain[name] = None
        else:
            try:
                filled = converter.structure(value, field.type or object)
                plain[name] = converter.unstructure(filled, field.type)
            except Exception as wrong:
                told = str(wrong.exceptions[0] if isinstance(wrong, ExceptionGroup) else wrong)
                objections.append(_wrong(f"data.{name}", told))
    if objections:
        return tuple(objections)
    frozen = freeze(plain)
    return Filled(frozen, frozen)


def plain(data: Any) -> FrozenDict:
    """A mapping, or an instance of an attrs class, as plain data.

    Raises:
        TypeError: It is something else, or holds what JSON cannot say.
        ValueError: It holds a number that is not finite.
    """
    if not isinstance(data, Mapping) and not attrs.has(type(data)):
        raise TypeError(f"it is a mapping or an instance of an attrs class, not {data!r}")
    try:
        frozen: FrozenDict = freeze(data)
    except TypeError:
        frozen = freeze(_converter(explains=True).unstructure(data))
    return frozen


STRANGE = "no field is called"
"""How a sentence about a name begins that no field has."""


def _wrong(path: str, message: str, remedy: str = "") -> Objection:
    return Objection("data", f"{path}: {message}", remedy, {"path": path, "reason": message})


def _objections(form: type, data: Mapping[str, Any], wrong: Exception) -> tuple[Objection, ...]:
    """Why *data* does not fit: all of it with its places, which takes longer to find out."""
    from cattrs import ClassValidationError, ForbiddenExtraKeysError, transform_error

    converter = _converter(explains=True)
    try:
        freeze(converter.unstructure(converter.structure(data, form)))
    except Exception as error:
        wrong = error

    misspelt: list[str] = []

    def say(error: BaseException, kind: type | None) -> str:
        if isinstance(error, KeyError):
            return "it is missing"
        if isinstance(error, ForbiddenExtraKeysError):
            extra = sorted(error.extra_fields)
            misspelt.extend(extra)
            return f"{STRANGE} {', '.join(extra)}"
        if isinstance(error, ValueError | TypeError):
            return str(error)
        return f"it does not fit {getattr(kind, '__name__', kind)}: {error}"

    told = (
        transform_error(wrong, path="data", format_exception=say)
        if isinstance(wrong, ClassValidationError)
        else [f"{wrong} @ data"]
    )
    objections: list[Objection] = []
    remedy = ""
    for line in sorted(told, key=lambda one: not one.startswith(STRANGE)):
        message, _, path = line.rpartition(" @ ")
        if message.startswith(STRANGE) and path == "data":
            objections.append(_wrong(path, message, nearest(misspelt[0], fields_of(form))))
        else:
            about = misspelt[0] if misspelt else path.rpartition(".")[2]
            remedy = "" if remedy else f"{form.__name__} takes {_takes(form, about)}"
            objections.append(_wrong(path, message, remedy))
    return tuple(objections)


def _takes(form: type, about: str) -> str:
    """The fields of a form; of many only some, first those that *about* may have meant."""
    fields = fields_of(form)
    if len(fields) > SHOWN:
        names = ", ".join(likest(about, fields)[:SHOWN])
        return f"{names} and {len(fields) - SHOWN} more"
    told = ((name, describe_field(form, field)) for name, field in fields.items())
    return ", ".join(f"{name}: {_kind(kind)}" for name, kind in told) or "nothing"


def _kind(told: Any) -> str:
    """The type of a field in a word or two; one that may be left out ends in a question mark."""
    if isinstance(told, Mapping) and "type" in told:
        return f"{_kind(told['type']).rstrip('?')}?"
    if isinstance(told, str):
        return told
    return " or ".join(map(repr, told)) if isinstance(told, list | tuple) else "a form"


@cache
def _converter(explains: bool) -> Converter:
    """The converter that says yes or no fast, or the one that explains a no."""
    from cattrs import Converter

    converter = Converter(forbid_extra_keys=True, detailed_validation=explains)
    for kind in (str, int, bool):
        converter.register_structure_hook(kind, _strictly(kind))
    converter.register_structure_hook_func(_is_choice, _one_of)
    converter.register_structure_hook(float, _number)
    converter.register_structure_hook(datetime, _moment)
    converter.register_structure_hook(date, _day)
    converter.register_unstructure_hook(datetime, datetime.isoformat)
    converter.register_unstructure_hook(date, date.isoformat)
    return converter


def _strictly(kind: type) -> Any:
    def hook(value: Any, _: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(f"it must be {kind.__name__}, not {value!r}")
        return value

    return hook


def _is_choice(kind: Any) -> bool:
    return get_origin(kind) is Literal


def _one_of(value: Any, kind: Any) -> Any:
    choices = get_args(kind)
    if value not in choices:
        raise ValueError(f"it must be {' or '.join(map(repr, choices))}, not {value!r}")
    return value


def _number(value: Any, _: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"it must be a number, not {value!r}")
    return float(value)


def _moment(value: Any, _: Any) -> datetime:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"it must be a moment in ISO 8601, not {value!r}") from None
    if moment.tzinfo is None:
        raise ValueError(f"it must say its time zone, as in {moment.isoformat()}+00:00")
    return moment


def _day(value: Any, _: Any) -> date:
    try:
        return value if type(value) is date else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"it must be a day in ISO 8601, not {value!r}") from None
