"""The commands that every workflow has, and the data they take."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

__all__ = ["STANDING", "Assign", "Note", "Which", "Why"]


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
}
"""The form of each; None where the workflow's own fields are the form."""
