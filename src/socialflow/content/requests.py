"""Requests: what people ask of each other about an item, without moving it.

An opinion, the approval of somebody in particular (S3-15), a picture, more time, a look at what has
been lying there; and somebody who has too much on their desk says so before it is too late (S3-11).
Nobody has to wait for an answer, which is a ``note`` or a ``vote``; but whom it concerns hears of
it at once.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import attrs

from socialflow import Action, Effect
from socialflow.content.reasons import explained
from socialflow.content.roles import MANAGER, REVIEWERS, TONE_EDITOR, WRITERS

__all__ = ["REQUESTS", "Asset", "Extension", "Question", "Routing"]

MAKING = ("production", "tone", "approval")
MAKERS = (*WRITERS, TONE_EDITOR, *MANAGER)


@attrs.frozen
class Question:
    """Whose opinion is wanted, and on what.

    Attributes:
        members: Their ids.
        question: What they are asked.
    """

    members: tuple[str, ...]
    question: str


@attrs.frozen
class Routing:
    """Who is to approve it.

    Attributes:
        approvers: Ids, units or roles.
    """

    approvers: tuple[str, ...]


@attrs.frozen
class Asset:
    """What is wanted, and when.

    Attributes:
        asset: What kind of work it is.
        wanted: What it is to show or to say.
        due: The day on which it has to be there.
    """

    asset: Literal["copy", "design", "photo", "video", "sound"]
    wanted: str
    due: date | None = None


@attrs.frozen
class Extension:
    """Until when it would take instead, and why."""

    until: date
    reason: str


REQUESTS = (
    Action(
        "ask_opinion",
        MAKING,
        roles=(*MAKERS, *REVIEWERS),
        data=Question,
        effects=Effect("notify", {"whom": "members"}),
    ),
    Action(
        "request_approval",
        MAKING,
        roles=MAKERS,
        data=Routing,
        keeps="approvers",
        effects=Effect("notify", {"whom": "approvers"}),
    ),
    Action(
        "request_asset",
        ("production", "tone"),
        roles=MAKERS,
        data=Asset,
        effects=Effect("notify", {"whom": "makers"}),
    ),
    Action(
        "request_extension",
        MAKING,
        roles=MAKERS,
        data=Extension,
        effects=Effect("notify", {"whom": "manager"}),
    ),
    Action("nudge", "*", roles="*", effects=Effect("notify", {"whom": "responsible"})),
    explained("raise_overload", "*", roles="*", effects=Effect("notify", {"whom": "lead"})),
)
"""What anybody involved may ask for; the item stays where it is."""
