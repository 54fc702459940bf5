"""A pytest plugin: ``-p taken_away --without "rule four_eyes"`` has tests run without that.

What can be taken away, and what then is so:

* ``rule NAME``: it never objects;
* ``action FULL``, ``action KIND: FULL``: nobody can ask for it, in any workflow or in that one;
  ``action note`` and the like are of every workflow;
* ``effect NAME``: it is never recorded;
* ``denial``: no role denies anything;
* ``requirement``: nobody lacks a credential that a role or a grant requires;
* ``field NAME``: whoever says it is not heard;
* ``preset NAME``: there is none of that name;
* ``MODULE.NAME``, ``MODULE.CLASS.NAME``: a function, a method, a property or a class that fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

import attrs
import pytest

from socialflow.places import actions_in
from socialflow.standing import STANDING


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take what is to be missing."""
    parser.addoption("--without", default="", help="what of the library is taken away")


def pytest_configure(config: pytest.Config) -> None:
    """Take it away before any test is read."""
    part = config.getoption("--without")
    if part:
        take_away(part)


def take_away(part: str) -> None:
    """Go on as if *part* were not there.

    Raises:
        LookupError: There is no such thing, so nothing would be taken away.
    """
    look_up(part)
    kind, _, name = part.partition(" ")
    if name:
        KINDS[kind](name)
    elif kind in BARE:
        BARE[kind]()
    else:
        _fail(*_found(part))


def look_up(part: str) -> None:
    """Go on only if there is such a *part*.

    Raises:
        LookupError: There is none.
    """
    kind, _, name = part.partition(" ")
    if not name:
        if kind not in BARE:
            _found(part)
    elif name not in _known(kind, name):
        raise LookupError(f"no {kind} is called {name!r}")


def _known(kind: str, name: str) -> set[str]:
    """What there is of a kind, as far as *name* may be one of it."""
    if kind == "rule":
        from socialflow.plugins import Registry

        return set(Registry.standard().names("rules"))
    if kind == "preset":
        return set(import_module("socialflow.content.presets").PRESETS)
    flows = _workflows()
    if kind == "field":
        return {field for flow in flows for field in flow.declared}
    if kind == "effect":
        actions = [one for flow in flows for _, one in actions_in(flow)]
        return {effect.name for action in actions for effect in action.effects}
    of, _, _ = name.rpartition(": ")
    told = [flow for flow in flows if of in ("", flow.name)]
    names = {full for flow in told for full in (*flow.action_names, *STANDING)}
    return {f"{of}: {full}".removeprefix(": ") for full in names if told}


def _workflows() -> list[Any]:
    """The workflow of the department, those of all items below, and those beside it."""
    from socialflow.content import social_content
    from socialflow.content.duty import DUTIES
    from socialflow.content.freeze import FREEZE
    from socialflow.content.message import MESSAGE

    found, left = [], [social_content(), FREEZE, MESSAGE, *DUTIES]
    while left:
        found.append(left.pop())
        left += found[-1].kinds.values()
    return found


def _rule(name: str) -> None:
    from socialflow.rules import Rule

    judge = Rule.objections
    Rule.objections = lambda self, case: () if self.kind.name == name else judge(self, case)  # type: ignore[method-assign]


def _changing_ways(change: Callable[[Any, Any], Any]) -> None:
    """Have *change* look at every way of a workflow that is compiled; None leaves it out."""
    plans: Any = import_module("socialflow.plans")
    compiled = plans.ways_out_of

    def ways_out_of(workflow: Any, *told: Any) -> Iterator[Any]:
        for way in compiled(workflow, *told):
            changed = change(workflow, way)
            if changed is not None:
                yield changed

    plans.ways_out_of = ways_out_of


def _action(name: str) -> None:
    of, _, full = name.rpartition(": ")
    _changing_ways(lambda flow, way: None if way.full == full and of in ("", flow.name) else way)


def _effect(name: str) -> None:
    _changing_ways(
        lambda _, way: attrs.evolve(
            way, effects=tuple(one for one in way.effects if one.name != name)
        )
    )


def _field(name: str) -> None:
    arguments: Any = import_module("socialflow.arguments")
    read = arguments.data

    def data(value: Any) -> Any:
        if isinstance(value, Mapping):
            value = {key: one for key, one in value.items() if key != name}
        return read(value)

    arguments.data = data


def _preset(name: str) -> None:
    presets: Any = import_module("socialflow.content.presets")
    presets.PRESETS = tuple(one for one in presets.PRESETS if one != name)


def _without_denials() -> None:
    for module in ("socialflow.ways", "socialflow.plans"):
        import_module(module).denied_by = lambda *_: frozenset()  # type: ignore[attr-defined]


def _without_requirements() -> None:
    from socialflow.people import Member

    Member.lacks = lambda *_: ()  # type: ignore[method-assign]


KINDS: dict[str, Callable[[str], None]] = {
    "rule": _rule,
    "action": _action,
    "effect": _effect,
    "field": _field,
    "preset": _preset,
}
BARE: dict[str, Callable[[], None]] = {
    "denial": _without_denials,
    "requirement": _without_requirements,
}


def _found(path: str) -> tuple[Any, str]:
    """What holds the thing at a dotted path, and its name there."""
    parts = path.split(".")
    for n in range(len(parts) - 1, 0, -1):
        try:
            holder: Any = import_module(".".join(parts[:n]))
        except ModuleNotFoundError:
            continue
        for name in parts[n:-1]:
            holder = getattr(holder, name, None)
        if hasattr(holder, parts[-1]):
            return holder, parts[-1]
        break
    raise LookupError(f"{path} is nowhere")


def _fail(holder: Any, name: str) -> None:
    """Have a function fail, in place, however it was imported."""
    thing = vars(holder).get(name, getattr(holder, name))
    if isinstance(thing, classmethod | staticmethod):
        thing = thing.__func__
    if isinstance(thing, property):
        thing = thing.fget
    if isinstance(thing, type):
        thing.__init__ = _taken  # type: ignore[misc]
        return
    while hasattr(thing, "__wrapped__"):
        thing = thing.__wrapped__
    if thing.__closure__:
        raise LookupError(f"{name} is made of another function; name that one")
    thing.__code__ = _taken.__code__


def _taken(*_: Any, **__: Any) -> Any:
    raise AssertionError("this was taken away")
