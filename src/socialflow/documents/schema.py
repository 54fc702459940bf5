"""The JSON Schema of workflow documents, made of the same tables that read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from socialflow.ballots import Ballot
from socialflow.definitions import Workflow
from socialflow.documents.derivation import AMENDMENT, DERIVATION, INSERTION
from socialflow.documents.reading import FLAG, TEXT, TEXTS, Shape
from socialflow.documents.shapes import PARALLEL, STAGE, attributes
from socialflow.kinds import Children, Line
from socialflow.moments import Moment
from socialflow.people import Role
from socialflow.stages import Action, Stage

__all__ = ["workflow_schema"]

KINDS = (Workflow, Stage, Action, Role, Ballot, Children, Line, Moment)


def workflow_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a workflow document, derivations included.

    An editor that is given it completes keys and marks misspelt ones. What needs a look around
    (does this rule exist, is that a state of the stage) only loading can tell.

    Example:
        >>> sorted(workflow_schema()["$defs"]["role"]["properties"])
        ['deny', 'inherits', 'key', 'kind', 'requires', 'title']
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A workflow of socialflow",
        "if": {"required": ["base"]},
        "then": _reference("derivation"),
        "else": _reference("workflow"),
        "$defs": {
            **{kind.__name__.lower(): _defined(kind) for kind in KINDS},
            "step": {"anyOf": [STAGE.schema, _table(PARALLEL, ["parallel"])]},
            "rule": _named(
                "rule",
                {"negated": FLAG.schema, "advisory": FLAG.schema, "waivable_by": TEXTS.schema},
            ),
            "effect": _named("effect", {}),
            **_forms(),
            "derivation": _table(DERIVATION, ["base"]),
            "replacement": {"anyOf": [TEXT.schema, _defined(Stage, ["states"])]},
            "amendment": _table(AMENDMENT),
            "partial_action": _defined(Action, ["name"]),
            "insertion": _table(INSERTION, ["stage"])
            | {"oneOf": [{"required": [place]} for place in ("after", "before", "beside")]},
        },
    }


def _reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


def _table(shapes: Mapping[str, Shape], required: Iterable[str] = ()) -> dict[str, Any]:
    return _object({name: shape.schema for name, shape in shapes.items()}, required)


def _defined(kind: type, required: Iterable[str] | None = None) -> dict[str, Any]:
    known = attributes(kind)
    needed = [name for name, one in known.items() if one.required]
    shapes = {name: one.shape for name, one in known.items()}
    return _table(shapes, needed if required is None else required)


def _named(word: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """A bare name, or a table with that name and parameters, which only loading can judge."""
    table = {
        "type": "object",
        "properties": {word: TEXT.schema, **properties},
        "required": [word],
    }
    return {"anyOf": [TEXT.schema, table]}


def _forms() -> dict[str, Any]:
    kind, form = _reference("type"), _reference("form")
    choices = {"type": "array", "items": TEXT.schema, "minItems": 1}
    wrapped = [_object({word: kind}, [word]) for word in ("list", "dict")]
    field = _object({"type": kind, "default": {}, "optional": FLAG.schema}, ["type"])
    fields = {"type": "object", "additionalProperties": {"anyOf": [kind, field]}}
    form_keys = {"form": TEXT.schema, "fields": fields, "checked": FLAG.schema}
    return {
        "type": {"anyOf": [TEXT.schema, choices, *wrapped, form]},
        "form": _object(form_keys, ["fields"]),
    }


def _object(properties: Mapping[str, Any], required: Iterable[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }
