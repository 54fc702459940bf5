"""Offers: what each kind of plugin has to be, and where plugins come from."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from inspect import isclass, signature
from typing import Any

import attrs

from socialflow.definitions import Workflow
from socialflow.errors import DefinitionError
from socialflow.forms import check_form
from socialflow.protocols import Store
from socialflow.rules import RuleKind
from socialflow.stages import Action, Stage

__all__ = [
    "KINDS",
    "NO_PLUGINS",
    "Kind",
    "Offer",
    "at_hand",
    "at_place",
    "content",
    "entry_points",
    "library",
    "own_name",
]

NO_PLUGINS = "SOCIALFLOW_NO_PLUGINS"
"""Environment variable: ``1`` turns entry points off."""


def _rule(thing: Any) -> str | None:
    return None if isinstance(thing, RuleKind) else "a rule is made with @socialflow.rule"


def _stage(thing: Any) -> str | None:
    return None if isinstance(thing, Stage) else "a stage is a socialflow.Stage"


def _form(thing: Any) -> str | None:
    if not isclass(thing):
        return "a form is an attrs class"
    try:
        check_form(thing)
    except DefinitionError as wrong:
        return str(wrong)
    return None


def _policy(thing: Any) -> str | None:
    judges = not isclass(thing) and callable(getattr(thing, "judge", None))
    return None if judges else "a policy is an object with judge(case)"


def _store(thing: Any) -> str | None:
    return None if _takes(thing, "memory:") else "a store is a callable that takes a URL"


def _workflow(thing: Any) -> str | None:
    if isinstance(thing, Workflow) or _takes(thing):
        return None
    return "a workflow is a socialflow.Workflow, or a callable without arguments that gives one"


def _takes(thing: Any, *given: object) -> bool:
    if not callable(thing):
        return False
    try:
        signature(thing).bind(*given)
    except TypeError:
        return False
    return True


def own_name(thing: Any) -> str | None:
    """What *thing* calls itself, if it does."""
    name = getattr(thing, "__name__", None) or getattr(thing, "name", None)
    return name if isinstance(name, str) else None


@attrs.frozen
class Kind:
    """One kind of plugin.

    Attributes:
        noun: What a single one is called.
        wrong: Why something is none, or None if it is one.
        named: Whether documents keep its own name, so that it can have no other.
    """

    noun: str
    wrong: Callable[[Any], str | None]
    named: bool = True


KINDS: Mapping[str, Kind] = {
    "rules": Kind("rule", _rule),
    "stages": Kind("stage", _stage, named=False),
    "forms": Kind("form", _form),
    "policies": Kind("policy", _policy, named=False),
    "stores": Kind("store", _store, named=False),
    "workflows": Kind("workflow", _workflow, named=False),
}
"""What can be looked up; the entry points of ``rules`` are in the group ``socialflow.rules``."""


@attrs.frozen
class Offer:
    """Something that can be had under a name.

    Attributes:
        kind: One of `KINDS`.
        name: What it is looked up by.
        origin: Who offers it, for messages.
        load: Imports it.
    """

    kind: str
    name: str
    origin: str
    load: Callable[[], Any]


def at_place(kind: str, name: str, place: str) -> Offer:
    """The offer of what is at *place*, which reads ``"module:name"``."""
    module, _, attribute = place.partition(":")
    return Offer(kind, name, place, lambda: getattr(import_module(module), attribute))


def at_hand(kind: str, name: str, origin: str, thing: Any) -> Offer:
    """The offer of a thing that is there already."""
    return Offer(kind, name, origin, lambda: thing)


def library() -> Iterator[Offer]:
    """The general rules, and the stores that need no plugin."""
    from socialflow import rules

    for name in rules.__all__:
        thing = getattr(rules, name)
        if isinstance(thing, RuleKind):
            yield at_hand("rules", thing.name, "socialflow.rules", thing)
    yield at_hand("stores", "memory", "socialflow.stores", _in_memory)
    for scheme in ("sqlite", "postgresql"):
        yield at_place("stores", scheme, "socialflow.stores.sql:SqlStore")


def _in_memory(url: str) -> Store:  # noqa: ARG001
    from socialflow.stores.memory import MemoryStore

    return MemoryStore()


def content() -> Iterator[Offer]:
    """What `socialflow.content` lists as public, the forms in there, and its presets."""
    for name in ("socialflow.content", "socialflow.content.rules"):
        module = import_module(name)
        for public in module.__all__:
            for kind, thing in _within(getattr(module, public)):
                yield at_hand(kind, str(own_name(thing)), name, thing)
    for workflow in ("social_content", "department_content"):
        yield at_place("workflows", workflow, f"socialflow.content:{workflow}")
    for workflow in ("freeze", "message", "onboarding"):
        yield at_place("workflows", workflow, f"socialflow.content.{workflow}:{workflow.upper()}")
    for duty in import_module("socialflow.content.duty").DUTIES:
        yield at_hand("workflows", duty.name, "socialflow.content.duty", duty)
    for mode, stage in import_module("socialflow.content.approval_modes").MODES.items():
        yield at_hand("stages", f"approval_{mode}", "socialflow.content.approval_modes", stage)
    presets = "socialflow.content.presets"
    for workflow in import_module(presets).WORKFLOWS:
        yield at_place("workflows", workflow, f"{presets}:{workflow}")


def _within(thing: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(thing, RuleKind):
        yield "rules", thing
    elif isinstance(thing, Stage):
        yield "stages", thing
        forms = (thing.fields, *(action.data for action in thing.actions))
        yield from (("forms", form) for form in dict.fromkeys(forms) if form is not None)
    elif isinstance(thing, Workflow):
        yield "workflows", thing
    elif isinstance(thing, tuple):
        asked = (action.data for action in thing if isinstance(action, Action))
        yield from (("forms", form) for form in dict.fromkeys(asked) if form is not None)
    elif isclass(thing) and attrs.has(thing):
        yield "forms", thing


def entry_points() -> Iterator[Offer]:
    """What installed distributions offer, unless ``SOCIALFLOW_NO_PLUGINS=1``."""
    from importlib.metadata import entry_points

    if os.environ.get(NO_PLUGINS, "0") not in ("", "0"):
        return
    for kind in KINDS:
        for point in entry_points(group=f"socialflow.{kind}"):
            distribution = point.dist.name if point.dist else "an unknown distribution"
            origin = f"{distribution} / {point.group} / {point.name}"
            yield Offer(kind, point.name, origin, point.load)
