"""What a host brings to an engine, looked at once, when the engine is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from socialflow.errors import WrongArgument
from socialflow.showing import shown

__all__ = ["directory", "each_judges", "function", "policy", "providers", "store"]


def store(value: Any) -> Any:
    """*value*, if it can be used as a `Store`.

    Raises:
        WrongArgument: It is an address or a class, or lacks what a store can do.
    """
    remedy = "say SqlStore(url), or MemoryStore()"
    return _able("store", "a store", value, ("begin", "rows"), remedy)


def directory(value: Any) -> Any:
    """*value*, if it can be used as a `Directory`.

    Raises:
        WrongArgument: It is a list or a class, or lacks what a directory can do.
    """
    remedy = "say Team([Member(...), ...])"
    return _able("people", "a directory", value, ("member", "holders", "acting_for"), remedy)


def policy(name: str, value: Any) -> Any:
    """*value*, if it can be used as a `Policy`.

    Raises:
        WrongArgument: It is a function or a class, or has no ``judge``.
    """
    return _able(name, "a policy", value, ("judge",), "say RolePolicy(), or all_of(...)")


def each_judges(policies: tuple[Any, ...]) -> tuple[Any, ...]:
    """The same, if each can be used as a `Policy`."""
    return tuple(policy("each policy", one) for one in policies)


def providers(value: Any) -> Mapping[str, Any]:
    """*value*, if it is a mapping from names of facts to what fetches them.

    Raises:
        WrongArgument: It is something else.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise WrongArgument("facts", "a mapping: {name: provider}", shown(value))
    for name, provider in value.items():
        function(f"facts[{name!r}]", provider, "say a provider: lambda item, at: ...")
    return value


def function(name: str, value: Any, remedy: str) -> Any:
    """*value*, if it can be called.

    Raises:
        WrongArgument: It cannot.
    """
    if not callable(value):
        raise WrongArgument(name, "something that can be called", shown(value), remedy)
    return value


def _able(name: str, noun: str, value: Any, methods: tuple[str, ...], remedy: str) -> Any:
    wanted = f"{noun} with {', '.join(f'{method}()' for method in methods)}"
    if isinstance(value, type):
        made = f"make one: {value.__name__}(...)"
        raise WrongArgument(name, wanted, f"the class {value.__name__}", made)
    lacking = [method for method in methods if not callable(getattr(value, method, None))]
    if lacking:
        told = f", which lacks {', '.join(lacking)}" if len(lacking) < len(methods) else ""
        raise WrongArgument(name, wanted, shown(value) + told, remedy)
    return value
