"""A nomination: what could be shared again, whose it is, and what its author says about that."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import attrs

from socialflow.content.interaction import Intent

__all__ = ["SHOWN", "TAKEN_OVER", "Cleared", "Nomination", "Permission", "Repeats"]


@attrs.frozen(kw_only=True)
class Nomination:
    """What could be shared again.

    Attributes:
        title: What it is called.
        pitch: Why it is worth it: what people say, or that so many liked it.
        derived_from: Reference of the interaction or publication in which it was found.
        kind: What is made of it.
        source: Who came upon it.
        origin: Whose content it is.
        intent: What its author means by it, if it was triaged.
        credit: The words that say who made it.
        locale: Language and region: ``"en-GB"``.
        body: The text.
        media: References to pictures, sound and video.
        links: Where it points to.
        accounts: Where it is to be shared.
        goals: Which goals that serves.
    """

    title: str
    pitch: str | None = None
    derived_from: str | None = None
    kind: Literal["reshare"] = "reshare"
    source: Literal["interaction", "monitoring", "evaluation", "person"] = "interaction"
    origin: Literal["own", "curated", "user"] = "user"
    intent: Intent | None = None
    credit: str | None = None
    locale: str | None = None
    body: str | None = None
    media: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()


@attrs.frozen
class Permission:
    """What its author has said, and where one can see that."""

    rights: Literal["granted", "not_required"]
    proof: str


@attrs.frozen
class Repeats:
    """When it comes back for the first time, and from when on no more; timezone-aware."""

    repost_at: datetime
    repost_until: datetime


@attrs.frozen
class Cleared(Permission):
    """What is known of it by and by."""

    repost_at: datetime
    repost_until: datetime


SHOWN = ("title", "locale", "body", "media", "links", "credit")
"""What the public gets to see: whoever writes one of these may not approve what is derived."""
TAKEN_OVER = (
    *SHOWN,
    "pitch",
    "derived_from",
    "kind",
    "source",
    "origin",
    "rights",
    "accounts",
    "goals",
)
