"""The commands that every workflow has, and the data they take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import attrs

__all__ = [
    "MIGRATE",
    "RESERVED_NAMES",
    "RIGHTS",
    "STANDING",
    "Assign",
    "Choice",
    "Note",
    "Reason",
    "Which",
    "Why",
]


@attrs.frozen
class Assign:
    """Whom to name, and for which stage; the open one if not said."""

    member: str
    stage: str | None = None


@attrs.frozen
class Which:
    """Which of several open stages."""

    stage: str | None = None


@attrs.frozen
class Note:
    """What to remember."""

    text: str


@attrs.frozen
class Why:
    """Why, if there is something to say."""

    reason: str | None = None


@attrs.frozen
class Reason:
    """Why; there has to be something to say."""

    reason: str


@attrs.frozen
class Choice:
    """A vote.

    Attributes:
        action: What is voted on.
        choice: For it, against it, or neither.
        ballots: In which ballots; in all that are open to the member, if not said.
        data: The action's own data, which is part of what is voted on.
        revision: Digest of the content that was looked at, to be sure that it is this one.
        note: What else was said.
    """

    action: str
    choice: Literal["yes", "no", "abstain"] = "yes"
    ballots: tuple[str, ...] = ()
    data: dict[str, Any] | None = None
    revision: str | None = None
    note: str | None = None


STANDING: Mapping[str, type | None] = {
    "create": None,
    "adopt": None,
    "edit": None,
    "assign": Assign,
    "claim": Which,
    "release": Which,
    "note": Note,
    "cancel": Why,
    "reopen": Why,
    "vote": Choice,
    "hold": Reason,
    "resume": Why,
    "archive": Why,
    "unarchive": Why,
    "undo": Why,
    "force": Reason,
}
"""The form of each; None where the workflow's own fields are the form."""

MIGRATE = "migrate"
"""Moving an item to another definition: a right, but no command that an item is asked for."""

RIGHTS = (*(name for name in STANDING if name != "edit"), MIGRATE)
"""What a workflow may give rights to; who may edit, its stages say."""

RESERVED_NAMES = frozenset(STANDING) | {"settled", MIGRATE}
"""What no action of a workflow can be called; "settled" is what the system writes down."""
