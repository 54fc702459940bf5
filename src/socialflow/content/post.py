"""The content item itself: what it is, what it is for, and what of it is approved."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import attrs

__all__ = ["REVISION", "Post"]


@attrs.frozen(kw_only=True)
class Post:
    """One piece of content, from the idea on.

    Attributes:
        title: What it is called.
        pitch: Why it is worth making.
        source: Where the idea came from.
        kind: What is made.
        purpose: What it does for the people who see it.
        origin: Whose content it is.
        locale: Language and region: ``"en-GB"``.
        body: The text.
        media: References to pictures, sound and video.
        links: Where it points to.
        host_digest: Digest of text and media that the host keeps to itself.
        accounts: Where it is to be published.
        ties: The commercial tie that has to be disclosed, if there is one.
        disclosure: The words that disclose it.
        claims: Facts about products that it states.
        budget: What may be spent on it, in the department's currency.
        goals: Which goals it serves.
        campaign: Which campaign it is part of.
        planned_for: When it is meant to go out; timezone-aware.
        embargo_until: When it may go out at the earliest; timezone-aware.
        priority: How urgent it is.
        risk: What harm it could do.
        response_policy: Whether its readers are answered: always, when they ask, or not at all.
    """

    title: str
    pitch: str | None = None
    source: Literal["person", "monitoring", "interaction", "evaluation"] = "person"
    kind: Literal["post", "story", "video", "blog", "ad", "employee_post", "reshare"] = "post"
    purpose: Literal["product", "help", "interaction", "entertainment"] | None = None
    origin: Literal["own", "curated", "user"] = "own"
    locale: str | None = None
    body: str | None = None
    media: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    host_digest: str | None = None
    accounts: tuple[str, ...] = ()
    ties: Literal["none", "paid", "sponsored", "affiliated", "gifted"] = "none"
    disclosure: str | None = None
    claims: tuple[str, ...] = ()
    budget: float | None = None
    goals: tuple[str, ...] = ()
    campaign: str | None = None
    planned_for: datetime | None = None
    embargo_until: datetime | None = None
    priority: Literal["low", "normal", "high"] = "normal"
    risk: Literal["none", "low", "high", "crisis"] = "none"
    response_policy: Literal["active", "on_request", "passive", "none"] = "active"


REVISION = (
    "title",
    "locale",
    "body",
    "media",
    "links",
    "host_digest",
    "accounts",
    "ties",
    "disclosure",
    "claims",
)
"""What the public gets to see, and where: who writes one of these may not approve it."""
