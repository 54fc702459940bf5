"""The table of shapes: how a document says each type of attribute that a definition has.

Keys of a document are the attributes of the attrs classes; no class has a reader of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from inspect import isclass
from keyword import iskeyword
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import attrs

from socialflow.ballots import Ballot
from socialflow.definitions import Workflow
from socialflow.documents.reading import (
    FLAG,
    TEXT,
    TEXTS,
    WRONG,
    Reading,
    Shape,
    by_name,
    label,
    list_of,
    one_or_list_of,
    optional,
    path,
)
from socialflow.forms import describe_form, make_form
from socialflow.items import Effect
from socialflow.kinds import Children, Line
from socialflow.moments import Moment, read_span
from socialflow.people import (
    Capacity,
    Credential,
    Delegation,
    Grant,
    Member,
    Period,
    Role,
    Scope,
    Unit,
)
from socialflow.plain import FrozenDict, canonical
from socialflow.rules import Rule
from socialflow.stages import Action, Parallel, Stage

__all__ = [
    "PARALLEL",
    "SHAPES",
    "STAGE",
    "STEP",
    "Attribute",
    "attributes",
    "demand",
    "made",
    "partly",
]


@attrs.frozen
class Attribute:
    """One attribute of a class, as documents say it."""

    shape: Shape
    required: bool = False


@cache
def attributes(kind: type) -> Mapping[str, Attribute]:
    """What a document says about a *kind*: all that its constructor takes."""
    types = get_type_hints(kind)
    return {
        field.name: Attribute(_shape_of(types[field.name]), field.default is attrs.NOTHING)
        for field in attrs.fields(kind)
        if field.init
    }


def _shape_of(kind: Any) -> Shape:
    """How a document says a type of the table, another attrs class, several of one, or none."""
    if kind in SHAPES:
        return SHAPES[kind]
    if isclass(kind) and attrs.has(kind):
        return _defined(kind)
    parts = get_args(kind)
    if get_origin(kind) is tuple and parts[1:] == (...,):
        return list_of(_shape_of(parts[0]))
    if get_origin(kind) is UnionType and parts[1:] == (NoneType,):
        return optional(_shape_of(parts[0]))
    raise TypeError(f"documents have no way to say {kind!r}")


def partly(reading: Reading, kind: type, where: str, told: Any) -> dict[str, Any]:
    """What a table says about some attributes of a *kind*."""
    shapes = {name: one.shape for name, one in attributes(kind).items()}
    return reading.said(shapes, where, told)


def demand(reading: Reading, kind: type, where: str, told: Mapping[str, Any]) -> None:
    """Note which attributes a *kind* needs that *told* lacks."""
    for name, attribute in attributes(kind).items():
        if attribute.required and name not in told:
            reading.report("missing_key", where, f"{name} is missing", f"say {name} = ...")


def made(reading: Reading, kind: type, where: str, told: Any) -> Any:
    """The value of a *kind* that a table describes."""
    before = len(reading.findings)
    given = partly(reading, kind, where, told)
    if isinstance(told, Mapping):
        demand(reading, kind, where, told)
    return WRONG if len(reading.findings) > before else reading.attempt(where, kind, **given)


def _defined(kind: type, short: str | None = None) -> Shape:
    """A table of the attributes of *kind*, or a bare text, which stands for the one in *short*."""

    def read(reading: Reading, where: str, told: Any) -> Any:
        table = {short: told} if short and isinstance(told, str) else told
        return made(reading, kind, where, table)

    reference = {"$ref": f"#/$defs/{kind.__name__.lower()}"}
    return Shape(read, {"anyOf": [{"type": "string"}, reference]} if short else reference)


def _stage(reading: Reading, where: str, told: Any) -> Any:
    if isinstance(told, str):
        return reading.look_up("stages", where, told)
    return made(reading, Stage, where, told)


def _step(reading: Reading, where: str, told: Any) -> Any:
    if not isinstance(told, Mapping) or "parallel" not in told:
        return _stage(reading, where, told)
    said = reading.said(PARALLEL, where, told)
    before = len(said)
    return WRONG if before < len(told) else Parallel(*said["parallel"], until=said.get("until"))


def _in_steps(where: str, n: int, told: Any) -> str:
    name = label(n, told)
    return path(where, name) if name.startswith("#") else name


def _rule(reading: Reading, where: str, told: Any) -> Any:
    table = {"rule": told} if isinstance(told, str) else told
    if not isinstance(table, Mapping):
        return reading.wrong(where, "the name of a rule, or a table", told)
    name = _named("rule", reading, where, table)
    flags = {"negated": FLAG, "waivable_by": TEXTS, "advisory": FLAG}
    said = reading.said(flags, where, {key: table[key] for key in flags if key in table})
    kind = WRONG if name is WRONG else reading.look_up("rules", where, name)
    parameters = {key: table[key] for key in table if key != "rule" and key not in flags}
    rule = WRONG if kind is WRONG else reading.attempt(where, kind, **parameters)
    if rule is WRONG or len(said) < sum(key in table for key in flags):
        return WRONG
    if "waivable_by" in said:
        rule = reading.attempt(where, rule.waivable, *said["waivable_by"])
    if said.get("advisory") and rule is not WRONG:
        rule = reading.attempt(where, rule.warning)
    return ~rule if said.get("negated") and rule is not WRONG else rule


def _effect(reading: Reading, where: str, told: Any) -> Any:
    table = {"effect": told} if isinstance(told, str) else told
    if not isinstance(table, Mapping):
        return reading.wrong(where, "the name of an effect, or a table", told)
    name = _named("effect", reading, where, table)
    data = {key: value for key, value in table.items() if key != "effect"}
    return WRONG if name is WRONG else reading.attempt(where, Effect, name, data)


def _named(word: str, reading: Reading, where: str, table: Mapping[str, Any]) -> Any:
    if word not in table:
        return reading.report("missing_key", where, f"{word} is missing", f"say {word} = ...")
    return TEXT.read(reading, path(where, word), table[word])


def _form(reading: Reading, where: str, told: Any) -> Any:
    if isinstance(told, str):
        return reading.look_up("forms", where, told)
    before = len(reading.findings)
    _form_keys(reading, where, told)
    if len(reading.findings) > before:
        return WRONG
    made = reading.attempt(where, make_form, where, told)
    return WRONG if made is WRONG else _registered(reading, where, told, made)


def _form_keys(reading: Reading, where: str, told: Any) -> None:
    table = reading.table(where, told, ("form", "fields", "checked"))
    fields = table.get("fields") if table else None
    taken = {"self"}
    for name, kind in fields.items() if isinstance(fields, Mapping) else ():
        word = name.lstrip("_")
        if not word.isidentifier() or iskeyword(word) or word in taken or name.startswith("__"):
            reading.report("form", where, f"a field cannot be called {name!r}", "rename it")
        taken.add(word)
        _type_keys(reading, path(where, name), kind)


def _type_keys(reading: Reading, where: str, told: Any) -> None:
    if not isinstance(told, Mapping):
        return
    if "type" in told:
        reading.table(where, told, ("type", "default", "optional"))
        _type_keys(reading, where, told["type"])
    elif "fields" in told:
        _form_keys(reading, where, told)
    else:
        reading.table(where, told, ("list", "dict"))
        for inner in told.values():
            _type_keys(reading, where, inner)


def _registered(reading: Reading, where: str, told: Mapping[str, Any], made: type) -> Any:
    """The registered form that is described, or else the one *made* of the description."""
    checked = told.get("checked", False)
    wanted = canonical(describe_form(made) | ({"checked": True} if checked else {}))
    name = made.__name__
    if name in reading.registry.names("forms"):
        known = reading.look_up("forms", where, name)
        if known is WRONG or canonical(describe_form(known)) == wanted:
            return known
    if not checked:
        return made
    return reading.report(
        "unknown_form",
        where,
        f"the form {name!r} checks by code of its own, and none like it is registered",
        f'add the class to the registry: registry.add("forms", {name})',
    )


def _scope(reading: Reading, where: str, told: Any) -> Any:
    values = by_name(TEXTS).read(reading, where, told)
    return WRONG if values is WRONG else reading.attempt(where, Scope, **values)


def _whole(reading: Reading, where: str, told: Any) -> Any:
    return told if type(told) is int else reading.wrong(where, "a whole number", told)


def _number(reading: Reading, where: str, told: Any) -> Any:
    return told if type(told) in (int, float) else reading.wrong(where, "a number", told)


def _moment(reading: Reading, where: str, told: Any) -> Any:
    wanted = "a moment with its time zone, as in 2026-05-01T12:00:00Z"
    try:
        moment = datetime.fromisoformat(told) if isinstance(told, str) else told
    except ValueError:
        return reading.wrong(where, wanted, told)
    if not isinstance(moment, datetime):
        return reading.wrong(where, wanted, told)
    if moment.tzinfo is None:
        return reading.report(
            "naive_time",
            where,
            f"{moment.isoformat()} could be any of twenty-four hours",
            f"say its time zone: {moment.isoformat()}Z",
        )
    return moment


def _span(reading: Reading, where: str, told: Any) -> Any:
    if not isinstance(told, str):
        return reading.wrong(where, "a span as in P1D, PT12H or -PT5M", told)
    return reading.attempt(where, read_span, told)


def _span_or_moment(reading: Reading, where: str, told: Any) -> Any:
    return (_SPAN if isinstance(told, str) else _POINT).read(reading, where, told)


def _quorum(reading: Reading, where: str, told: Any) -> Any:
    if isinstance(told, str | int) and not isinstance(told, bool):
        return told
    return reading.wrong(where, '"any", "all", or how many', told)


def _child(reading: Reading, where: str, told: Any) -> Any:
    if isinstance(told, str):
        return reading.look_up("workflows", where, told)
    return made(reading, Workflow, where, told)


STAGE = Shape(_stage, {"anyOf": [TEXT.schema, {"$ref": "#/$defs/stage"}]})
STEP = Shape(_step, {"$ref": "#/$defs/step"})
_FORM = Shape(_form, {"anyOf": [TEXT.schema, {"$ref": "#/$defs/form"}]})
_RULE = Shape(_rule, {"$ref": "#/$defs/rule"})
_EFFECT = Shape(_effect, {"$ref": "#/$defs/effect"})
_MOMENT = Shape(_moment, {"type": "string", "format": "date-time"})
_NUMBER = Shape(_number, {"type": "number"})
_WHOLE = Shape(_whole, {"type": "integer"})
_SPAN = Shape(_span, {"type": "string", "format": "duration"})
_POINT = _defined(Moment, "field")
_CHILD = Shape(_child, {"anyOf": [TEXT.schema, {"$ref": "#/$defs/workflow"}]})

SHAPES: Mapping[Any, Shape] = {
    str: TEXT,
    bool: FLAG,
    str | None: optional(TEXT),
    tuple[str, ...]: TEXTS,
    tuple[str, ...] | None: optional(TEXTS),
    FrozenDict: by_name(TEXTS),
    type | None: optional(_FORM),
    datetime | None: optional(_MOMENT),
    Scope: Shape(_scope, by_name(TEXTS).schema),
    timedelta: _SPAN,
    timedelta | None: optional(_SPAN),
    Moment | None: optional(_POINT),
    timedelta | Moment | None: optional(
        Shape(_span_or_moment, {"anyOf": [_SPAN.schema, _POINT.schema]})
    ),
    str | int: Shape(_quorum, {"type": ["string", "integer"]}),
    Children | None: optional(_defined(Children)),
    tuple[Line, ...]: list_of(_defined(Line)),
    tuple[Ballot, ...]: one_or_list_of(_defined(Ballot)),
    tuple[Workflow, ...]: list_of(_CHILD),
    tuple[Rule, ...]: one_or_list_of(_RULE),
    tuple[Effect, ...]: one_or_list_of(_EFFECT),
    tuple[Role, ...]: list_of(_defined(Role, "key")),
    tuple[Action, ...]: list_of(_defined(Action)),
    tuple[Stage | Parallel, ...]: list_of(STEP, _in_steps),
    tuple[Member, ...]: list_of(_defined(Member)),
    tuple[Unit, ...]: list_of(_defined(Unit, "key")),
    tuple[Delegation, ...]: list_of(_defined(Delegation)),
    tuple[Credential, ...]: one_or_list_of(_defined(Credential)),
    tuple[Period, ...]: one_or_list_of(_defined(Period)),
    Capacity: _defined(Capacity),
    int: _WHOLE,
    float: _NUMBER,
    Mapping[str, int]: by_name(_WHOLE),
    tuple[Grant, ...]: one_or_list_of(_defined(Grant, "role")),
}
"""By the type of the attribute; a new type that is no attrs class needs a line here."""

PARALLEL: Mapping[str, Shape] = {
    "parallel": list_of(STAGE, _in_steps),
    "until": _POINT,
}
"""What is said about stages that are open together."""
