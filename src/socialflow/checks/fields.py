"""What is wrong about the data of items: who declares a field, and who writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from socialflow.errors import Finding, nearest
from socialflow.forms import describe_form, fields_of
from socialflow.places import actions_in, path
from socialflow.stages import Action, Stage

if TYPE_CHECKING:
    from socialflow.definitions import Workflow

__all__ = ["wrong_fields"]

_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


def wrong_fields(workflow: Workflow, stages: tuple[Stage, ...]) -> Iterator[Finding]:
    owners: dict[str, str] = {}
    for owner, form in (
        (workflow.name, workflow.fields),
        *((path(workflow.name, stage.name), stage.fields) for stage in stages),
    ):
        if form is None:
            continue
        for field in describe_form(form)["fields"]:
            if field in owners:
                yield Finding(
                    "two_owners",
                    owner,
                    f"the field {field!r} is declared by {owners[field]} already",
                    "declare each field once; keep it from any action",
                )
            owners.setdefault(field, owner)
    for word in ("content", "fixed"):
        for field in getattr(workflow, word):
            if field not in owners:
                yield _undeclared(workflow.name, f"{word} names", field, owners)
    for where, action in actions_in(workflow):
        yield from _kept_fields(workflow, where, action, owners)


def _kept_fields(
    workflow: Workflow, where: str, action: Action, owners: dict[str, str]
) -> Iterator[Finding]:
    told = describe_form(action.data)["fields"] if action.data else {}
    declared = workflow.declared
    for field in action.keeps:
        if field not in told:
            yield Finding(
                "unknown_field",
                where,
                f"it keeps {field!r}, which its data does not have",
                nearest(field, told),
            )
        elif field not in owners:
            yield _undeclared(where, "it keeps", field, owners)
        elif action.data and not _fits(fields_of(action.data)[field].type, declared[field].type):
            yield Finding(
                "field_type",
                where,
                f"it keeps {field!r} as another type than {owners[field]} declares",
                "use the same type in both; the item's may also be None",
            )


def _fits(told: Any, declared: Any) -> bool:
    """Whether what is told can be kept: what an action demands, the item may have or not."""
    return declared in (told, told | None)


def _undeclared(where: str, word: str, field: str, owners: dict[str, str]) -> Finding:
    return Finding(
        "undeclared",
        where,
        f"{word} the field {field!r}, which nothing declares",
        f"declare it in fields= of the workflow or of one stage; {nearest(field, owners)}",
    )
