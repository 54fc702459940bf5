"""Derivation: a document that says only in what its workflow differs from another one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from socialflow import variants
from socialflow.definitions import Workflow
from socialflow.documents.reading import (
    TEXT,
    TEXT_BY_NAME,
    TEXTS,
    WRONG,
    Reading,
    Shape,
    by_name,
    list_of,
    path,
)
from socialflow.documents.shapes import STAGE, STEP, attributes, demand, partly
from socialflow.errors import DefinitionError, nearest
from socialflow.stages import Action, Stage, Step, stages_in

__all__ = ["AMENDMENT", "DERIVATION", "INSERTION", "derived"]


def _partial_action(reading: Reading, where: str, told: Any) -> Any:
    before = len(reading.findings)
    said = partly(reading, Action, where, told)
    if isinstance(told, Mapping) and "name" not in told:
        reading.report("missing_key", where, "name is missing", "say which action it is about")
    return WRONG if len(reading.findings) > before else said


_PARTIAL_ACTIONS = list_of(Shape(_partial_action, {"$ref": "#/$defs/partial_action"}))

AMENDMENT: Mapping[str, Shape] = {
    name: one.shape for name, one in attributes(Stage).items() if name != "name"
} | {"actions": _PARTIAL_ACTIONS, "drop": TEXTS}
"""What can be said about a stage that is there."""

INSERTION: Mapping[str, Shape] = {"after": TEXT, "before": TEXT, "beside": TEXT, "stage": STEP}
"""What is said about a stage that comes in."""


def _amendment(reading: Reading, where: str, told: Any) -> Any:
    before = len(reading.findings)
    said = reading.said(AMENDMENT, where, told)
    return WRONG if len(reading.findings) > before else said


def _insertion(reading: Reading, where: str, told: Any) -> Any:
    before = len(reading.findings)
    said = reading.said(INSERTION, where, told)
    if isinstance(told, Mapping) and "stage" not in told:
        reading.report("missing_key", where, "stage is missing", "say stage = ...")
    return WRONG if len(reading.findings) > before else said


def _replacement(reading: Reading, where: str, told: Any) -> Any:
    name = where.rpartition(" / ")[2]
    whole = isinstance(told, Mapping) and "name" not in told
    return STAGE.read(reading, where, {"name": name, **told} if whole else told)


DERIVATION: Mapping[str, Shape] = (
    {
        "base": TEXT,
        "without": TEXTS,
        "redirect": TEXT_BY_NAME,
        "replace": by_name(Shape(_replacement, {"$ref": "#/$defs/replacement"})),
        "amend": by_name(Shape(_amendment, {"$ref": "#/$defs/amendment"})),
        "insert": list_of(Shape(_insertion, {"$ref": "#/$defs/insertion"})),
    }
    | {name: one.shape for name, one in attributes(Workflow).items() if name != "steps"}
    | {"actions": _PARTIAL_ACTIONS, "drop_actions": TEXTS, "below": TEXTS}
    | {"with_rules": by_name(attributes(Action)["rules"].shape)}
)
"""What a derivation can say; each but ``base`` may be left out."""


def derived(reading: Reading, base: Workflow, said: Mapping[str, Any]) -> Workflow:
    """The workflow that differs from *base* in what is *said*.

    In this order: ``without`` (with ``redirect``), ``replace``, ``amend``, ``insert``, ``actions``
    and ``drop_actions``, then the workflow's attributes, and ``with_rules``. Roles and rights are
    added to those of the base, or take the place of those with the same name; every other attribute
    is said anew. A new name begins with version 1 unless a version is said.

    Raises:
        DefinitionError: A change does not fit the base, or what comes out is no workflow.
    """
    steps, actions = _without(reading, base, said)
    for name, stage in said.get("replace", {}).items():
        steps = _changed(reading, f"replace / {name}", variants.replaced, steps, name, stage)
    for name, changes in said.get("amend", {}).items():
        steps = _amended(reading, steps, name, changes)
    for n, insertion in enumerate(said.get("insert", ())):
        places = [insertion.get(place) for place in ("after", "before", "beside")]
        step = insertion["stage"]
        steps = _changed(reading, f"insert / #{n + 1}", variants.inserted, steps, step, *places)
    drop = said.get("drop_actions", ())
    actions = _renewed(reading, "", actions, said.get("actions", ()), drop, "drop_actions")
    kept = {name: said[name] for name in attributes(Workflow) if name in said}
    if "name" in said:
        kept.setdefault("version", "1")
    if "roles" in said:
        new = {role.key for role in said["roles"]}
        kept["roles"] = (*(role for role in base.roles if role.key not in new), *said["roles"])
    if "rights" in said:
        kept["rights"] = base.rights | said["rights"]
    if "below" in said:
        kept.setdefault("children", tuple(_below(reading, one, said) for one in base.children))
    made = attrs.evolve(base, **kept | {"steps": steps, "actions": actions})
    ruled = reading.attempt("", made.with_rules, said.get("with_rules", {}))
    reading.finish()
    return ruled  # type: ignore[no-any-return]


def _below(reading: Reading, child: Workflow, said: Mapping[str, Any]) -> Workflow:
    """A workflow of the items below: what is said of some stages holds for those of it as well.

    A right that is given to nobody is given to nobody there either.
    """
    steps = child.steps
    for name in (name for name in said["below"] if name in child.places):
        if name in said.get("replace", {}):
            where, stage = f"replace / {name}", said["replace"][name]
            steps = _changed(reading, where, variants.replaced, steps, name, stage)
        if name in said.get("amend", {}):
            steps = _amended(reading, steps, name, said["amend"][name])
    taken = {name: () for name, roles in said.get("rights", {}).items() if not roles}
    children = tuple(_below(reading, one, said) for one in child.children)
    return attrs.evolve(child, steps=steps, rights=child.rights | taken, children=children)


def _without(
    reading: Reading, base: Workflow, said: Mapping[str, Any]
) -> tuple[tuple[Step, ...], tuple[Action, ...]]:
    redirect = said.get("redirect", {})
    try:
        return variants.removed(base.steps, base.actions, said.get("without", ()), redirect)
    except DefinitionError as error:
        for one in error.findings:
            where = one.where if one.where == "without" else path("without", one.where)
            reading.report(one.code, where, one.message, one.remedy)
        reading.finish()
        raise


def _changed(reading: Reading, where: str, change: Any, *given: Any) -> tuple[Step, ...]:
    steps: tuple[Step, ...] = reading.attempt(where, change, *given)
    reading.finish()
    return steps


def _amended(
    reading: Reading, steps: tuple[Step, ...], name: str, changes: Mapping[str, Any]
) -> tuple[Step, ...]:
    where = f"amend / {name}"
    stage = next((stage for stage in stages_in(steps) if stage.name == name), None)
    new, drop = changes.get("actions", ()), changes.get("drop", ())
    told = {key: value for key, value in changes.items() if key not in ("actions", "drop")}
    if stage is not None:
        told["actions"] = _renewed(reading, where, stage.actions, new, drop, "drop")
        stage = attrs.evolve(stage, **told)
    return _changed(reading, where, variants.replaced, steps, name, stage)


def _renewed(
    reading: Reading,
    where: str,
    old: tuple[Action, ...],
    new: Iterable[dict[str, Any]],
    drop: Iterable[str],
    drop_key: str,
) -> tuple[Action, ...]:
    """The actions, some of them dropped, said partly anew in their place, or added at the end."""
    names = {action.name for action in old}
    for name in drop:
        if name not in names:
            reading.report(
                "unknown_action",
                path(where, drop_key),
                f"there is no action {name!r} to drop",
                nearest(name, names),
            )
    said: dict[str, list[Action]] = {}
    for partial in new:
        name = partial["name"]
        same = [action for action in old if action.name == name and name not in drop]
        place = path(where, "actions", name)
        said.setdefault(name, []).append(_renewed_action(reading, place, same, partial))
    reading.finish()
    renewed = frozenset(said)
    made: list[Action] = []
    for action in old:
        if action.name in renewed:
            made += said.pop(action.name, ())
        elif action.name not in drop:
            made.append(action)
    return (*made, *(action for several in said.values() for action in several))


def _renewed_action(
    reading: Reading, where: str, same: list[Action], partial: dict[str, Any]
) -> Any:
    if len(same) == 1:
        kept: dict[str, Any] = {}
        if "goto" in partial and "target" not in partial:
            kept = {"target": None}
        elif "target" in partial and "goto" not in partial:
            kept = {"goto": ()}
        return attrs.evolve(same[0], **kept | partial)
    demand(reading, Action, where, partial)
    return WRONG if reading.findings else Action(**partial)
