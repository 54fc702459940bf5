"""Drawing: what Hypothesis is told when it is imported, so that it can draw our values by type.

It calls `register` by an entry point. Nothing but the core is loaded then: neither pytest nor the
strategies, before one of them is asked for.
"""

from __future__ import annotations

from typing import Any

from socialflow.definitions import Workflow
from socialflow.items import Command, Event, Item
from socialflow.people import Member, Team

__all__ = ["BY_TYPE", "register"]

BY_TYPE: dict[type, str] = {
    Workflow: "workflows",
    Team: "teams",
    Member: "members",
    Item: "items",
    Event: "events",
    Command: "commands",
}
"""The strategy of `socialflow.testing.strategies` that draws values of a type."""


def register() -> None:
    """Have ``st.from_type(Workflow)`` and the like draw what is valid.

    Example:
        >>> from hypothesis import strategies as st
        >>> register()
        >>> st.from_type(Workflow)
        workflows()
    """
    from hypothesis import strategies as st

    for kind in BY_TYPE:
        st.register_type_strategy(kind, _strategy)


def _strategy(kind: type) -> Any:
    from socialflow.testing import strategies

    return getattr(strategies, BY_TYPE[kind])()
