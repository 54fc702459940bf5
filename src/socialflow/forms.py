"""Forms: the attrs classes that say which data an action or an item has.

A form can be described as plain data and be made from such a description, so that a workflow that
uses it travels as a document.  Data is filled in by `socialflow.filling`.
"""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

import attrs

from socialflow.errors import DefinitionError, nearest
from socialflow.plain import FrozenDict, freeze

__all__ = [
    "check_form",
    "default_of",
    "describe_field",
    "describe_form",
    "fields_of",
    "is_checked",
    "json_schema",
    "make_form",
]

BASES: Mapping[str, Any] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "datetime": datetime,
    "date": date,
    "any": Any,
}
_NAMES = {kind: name for name, kind in BASES.items()}


def fields_of(form: type) -> Mapping[str, attrs.Attribute[Any]]:
    """The fields of a form by name, their types resolved.

    Raises:
        DefinitionError: It is no attrs class, or a type of it cannot be found.
    """
    if not (isinstance(form, type) and attrs.has(form)):
        raise DefinitionError.because(
            "form", f"form {form!r}", "a form is an attrs class", "decorate it with @attrs.frozen"
        )
    return _resolved_fields(form)


@cache
def _resolved_fields(form: type) -> Mapping[str, attrs.Attribute[Any]]:
    try:
        attrs.resolve_types(form)
    except NameError as missing:
        raise DefinitionError.because(
            "form", f"form {form.__name__}", f"a type cannot be resolved: {missing}"
        ) from None
    return {field.name: field for field in attrs.fields(form)}


def is_checked(form: type) -> bool:
    """Whether the class checks or converts by code of its own, which no document can carry."""
    return hasattr(form, "__attrs_post_init__") or any(
        field.validator or field.converter or isinstance(field.default, attrs.Factory)  # type: ignore[arg-type]
        for field in fields_of(form).values()
    )


def default_of(field: attrs.Attribute[Any], of: Any = None) -> Any:
    """The default of a field; made anew where a factory makes it, out of *of* if it takes one."""
    given = field.default
    if isinstance(given, attrs.Factory):  # type: ignore[arg-type]
        return given.factory(of) if given.takes_self else given.factory()  # type: ignore[union-attr]
    return given


def describe_form(form: type) -> dict[str, Any]:
    """The form as plain data: ``{"form": name, "fields": {name: type}}``.

    A type is one of ``str int float bool datetime date any``, with ``?`` for one that may be left
    out, ``list[...]`` or ``dict[...]`` of one, a list of texts to choose from, or a form.
    """
    fields = {name: describe_field(form, field) for name, field in fields_of(form).items()}
    told: dict[str, Any] = {"form": form.__name__, "fields": fields}
    if is_checked(form):
        told["checked"] = True
    return told


def describe_field(form: type, field: attrs.Attribute[Any]) -> Any:
    """The type of one field of a form, and its default, as plain data."""
    kind, optional = _split_optional(field.type)
    told = _describe_type(f"form {form.__name__} / {field.name}", kind)
    if field.default is attrs.NOTHING:
        return {"type": told, "optional": True} if optional else told
    factory: Any = field.default
    if isinstance(factory, attrs.Factory):  # type: ignore[arg-type]
        if factory.takes_self:
            raise DefinitionError.because(
                "form",
                f"form {form.__name__} / {field.name}",
                "a default that is made out of other fields cannot be said in a document",
                "let a rule or the host fill it in",
            )
        return {"type": told, "default": freeze(factory.factory())}
    if field.default is None and optional and isinstance(told, str):
        return f"{told}?"
    return {"type": told, "default": freeze(field.default)} | (
        {"optional": True} if optional else {}
    )


def _split_optional(kind: Any) -> tuple[Any, bool]:
    if get_origin(kind) in (Union, types.UnionType):
        others = [part for part in get_args(kind) if part is not type(None)]
        if len(others) == 1 and len(others) < len(get_args(kind)):
            return others[0], True
    return kind, False


def _describe_type(where: str, kind: Any) -> Any:
    if kind in _NAMES:
        return _NAMES[kind]
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal and all(isinstance(choice, str) for choice in inner):
        return list(inner)
    if origin is list or (origin is tuple and len(inner) == 2 and inner[1] is Ellipsis):
        return _wrapped("list", where, inner[0])
    if origin in (dict, Mapping, FrozenDict) and inner[0] is str:
        return _wrapped("dict", where, inner[1])
    if isinstance(kind, type) and attrs.has(kind):
        return describe_form(kind)
    raise DefinitionError.because(
        "form",
        where,
        f"a document cannot say the type {kind!r}",
        f"use {', '.join(BASES)}, Literal of texts, tuple[X, ...], dict[str, X], or a form",
    )


def _wrapped(word: str, where: str, inner: Any) -> Any:
    told = _describe_type(where, inner)
    return f"{word}[{told}]" if isinstance(told, str) else {word: told}


def make_form(where: str, told: Any) -> type:
    """The form that *told* describes; the inverse of `describe_form`.

    Raises:
        DefinitionError: The description cannot be read; *where* says which one.
    """
    if not isinstance(told, Mapping) or not isinstance(told.get("fields"), Mapping):
        raise DefinitionError.because(
            "form",
            where,
            f"a form is a name and its fields, not {told!r}",
            'write {form = "Name", fields = {field = "str"}}',
        )
    return _made(where, json.dumps(told))


@cache
def _made(where: str, description: str) -> type:
    """One class for one description, however often it is read."""
    told = json.loads(description)
    name = told.get("form", "Form")
    if not isinstance(name, str) or not name.isidentifier():
        raise DefinitionError.because("form", where, f"a form cannot be called {name!r}")
    made = {}
    for field, kind in told["fields"].items():
        if not field.isidentifier():
            raise DefinitionError.because("form", where, f"a field cannot be called {field!r}")
        made[field] = _make_field(f"{where} / {field}", kind)
    ordered = sorted(made.items(), key=lambda pair: pair[1][1] is not attrs.NOTHING)
    return attrs.make_class(
        name,
        {field: attrs.field(type=kind, default=default) for field, (kind, default) in ordered},
        frozen=True,
        slots=True,
    )


def _make_field(where: str, told: Any) -> tuple[Any, Any]:
    if isinstance(told, str) and told.endswith("?"):
        return _make_type(where, told[:-1]) | None, None
    if isinstance(told, Mapping) and "type" in told:
        kind = _make_type(where, told["type"])
        default = freeze(told["default"]) if "default" in told else attrs.NOTHING
        optional = told.get("optional", False)
        return (kind | None if optional else kind), default
    return _make_type(where, told), attrs.NOTHING


def _make_type(where: str, told: Any) -> Any:
    if isinstance(told, list | tuple) and told and all(isinstance(one, str) for one in told):
        return Literal[tuple(told)]
    if isinstance(told, Mapping) and "list" in told:
        return tuple[_make_type(where, told["list"]), ...]  # type: ignore[misc]
    if isinstance(told, Mapping) and "dict" in told:
        return dict[str, _make_type(where, told["dict"])]  # type: ignore[misc]
    if isinstance(told, Mapping):
        return make_form(where, told)
    if isinstance(told, str):
        if told in BASES:
            return BASES[told]
        if told.startswith("list[") and told.endswith("]"):
            return tuple[_make_type(where, told[5:-1]), ...]  # type: ignore[misc]
        if told.startswith("dict[") and told.endswith("]"):
            return dict[str, _make_type(where, told[5:-1])]  # type: ignore[misc]
        raise DefinitionError.because(
            "form", where, f"there is no type {told!r}", nearest(told, BASES)
        )
    raise DefinitionError.because("form", where, f"{told!r} is not a type", "write a type as text")


def check_form(form: type) -> None:
    """Make sure that a document can describe *form*.

    Raises:
        DefinitionError: It is no attrs class, or has a type that a document cannot say.
    """
    describe_form(form)


_SCHEMAS: Mapping[str, dict[str, Any]] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "datetime": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
    "any": {},
}


def json_schema(form: type) -> dict[str, Any]:
    """The JSON Schema of a form, for the host's own screens and clients."""
    properties, required = {}, []
    for name, field in fields_of(form).items():
        kind, optional = _split_optional(field.type)
        schema = _schema(_describe_type(f"form {form.__name__} / {name}", kind))
        properties[name] = {"anyOf": [schema, {"type": "null"}]} if optional else schema
        if field.default is attrs.NOTHING:
            required.append(name)
    return {
        "type": "object",
        "title": form.__name__,
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _schema(told: Any) -> dict[str, Any]:
    if isinstance(told, list):
        return {"enum": told}
    if isinstance(told, str) and told in _SCHEMAS:
        return _SCHEMAS[told]
    if isinstance(told, str):
        inner = _schema(told[5:-1])
        told = {told[:4]: inner}
    else:
        if "fields" in told:
            return json_schema(make_form("form", told))
        told = {word: _schema(inner) for word, inner in told.items()}
    if "list" in told:
        return {"type": "array", "items": told["list"]}
    return {"type": "object", "additionalProperties": told["dict"]}
