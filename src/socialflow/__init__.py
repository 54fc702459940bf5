"""Content workflows as values: declare, decide, keep, announce."""

from __future__ import annotations

import typing

from socialflow.cases import Allow, Case, Deny, Facts
from socialflow.decisions import apply, decide, rebuild
from socialflow.definitions import Workflow
from socialflow.errors import (
    DefinitionError,
    Objection,
    Refusal,
    Refused,
    SocialflowError,
    StoreError,
)
from socialflow.items import Command, Effect, Event, Item, Token
from socialflow.options import Option, options
from socialflow.people import Grant, Member, Role, Scope, Team
from socialflow.rules import rule
from socialflow.stages import Action, Parallel, Stage, before

if typing.TYPE_CHECKING:
    from socialflow.engine import Engine

    __version__: str

__all__ = [
    "Action",
    "Allow",
    "Case",
    "Command",
    "DefinitionError",
    "Deny",
    "Effect",
    "Engine",
    "Event",
    "Facts",
    "Grant",
    "Item",
    "Member",
    "Objection",
    "Option",
    "Parallel",
    "Refusal",
    "Refused",
    "Role",
    "Scope",
    "SocialflowError",
    "Stage",
    "StoreError",
    "Team",
    "Token",
    "Workflow",
    "apply",
    "before",
    "decide",
    "options",
    "rebuild",
    "rule",
]


def __getattr__(name: str) -> object:
    if name == "Engine":  # who only declares a workflow needs no engine, and does not wait for it
        from socialflow.engine import Engine

        return Engine
    if name == "__version__":
        from importlib.metadata import version

        return version("socialflow")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
