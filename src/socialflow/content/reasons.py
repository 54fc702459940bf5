"""Why, what has to change, how one knows: the forms that are asked for again and again."""

from __future__ import annotations

from functools import partial

import attrs

from socialflow import Action
from socialflow.content.rules import reason_given

__all__ = ["Changes", "Evidence", "Reason", "explained"]


@attrs.frozen
class Reason:
    """Why, in words for those it concerns."""

    reason: str


@attrs.frozen
class Changes:
    """What has to change.

    Attributes:
        reason: In a sentence.
        notes: One for each place.
    """

    reason: str
    notes: tuple[str, ...] = ()


@attrs.frozen
class Evidence:
    """What became of something, and how one can see it."""

    evidence: str


explained = partial(Action, data=Reason, rules=reason_given())
"""An action that hits somebody else's work, and therefore says why."""
