"""The content item itself: what it is, what it is for, and what of it is approved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import attrs

from socialflow.plain import EMPTY

__all__ = ["FIXED", "REVISION", "VARIED", "Post", "Risk", "Variant"]

Risk = Literal["none", "low", "high", "crisis"]


@attrs.frozen(kw_only=True)
class Variant:
    """What one account says otherwise; what is left out it says as the others do.

    Attributes:
        locale: Language and region: ``"de-AT"``.
        title: What it is called there.
        body: The text.
        media: References to pictures, sound and video.
        links: Where it points to.
        host_digest: Digest of text and media that the host keeps to itself.
        disclosure: The words that disclose a commercial tie.
    """

    locale: str | None = None
    title: str | None = None
    body: str | None = None
    media: tuple[str, ...] | None = None
    links: tuple[str, ...] | None = None
    host_digest: str | None = None
    disclosure: str | None = None


VARIED = tuple(field.name for field in attrs.fields(Variant))
"""What an account may say otherwise."""


@attrs.frozen(kw_only=True)
class Post:
    """One piece of content, from the idea on.

    Attributes:
        title: What it is called.
        pitch: Why it is worth making.
        source: Where the idea came from.
        derived_from: Reference of what it was made out of, or was suggested by.
        kind: What is made.
        purpose: What it does for the people who see it.
        funnel: How far on the way to us those are whom it is for.
        origin: Whose content it is.
        rights: What its author has said, if that is not us.
        credit: The words that say who made it, if that is not us.
        locale: Language and region: ``"en-GB"``.
        body: The text.
        media: References to pictures, sound and video.
        links: Where it points to.
        host_digest: Digest of text and media that the host keeps to itself.
        accounts: Where it is to be published.
        variants: What an account says otherwise, by its key; several languages are said like this.
        ties: The commercial tie that has to be disclosed, if there is one.
        disclosure: The words that disclose it.
        claims: Facts about products that it states.
        budget: What may be spent on it, in the department's currency.
        goals: Which goals it serves.
        campaign: Which campaign it is part of.
        category: What kind of task it is, by which it is assigned.
        tags: What it is found by.
        consulted: Ids of those whose opinion is asked; nothing waits for it.
        informed: Ids of those who watch it.
        approvers: Who has been asked to approve it: ids, units or roles.
        planned_for: When it is meant to go out; timezone-aware.
        embargo_until: When it may go out at the earliest; timezone-aware.
        priority: How urgent it is.
        risk: What harm it could do.
        confidential: Whether nothing of it may be said yet.
        response_policy: Whether its readers are answered: always, when they ask, or not at all.
        effort_hours: Hours of work that it takes.
        outsourced: Whether an agency makes it.
        metrics: What will be measured.
        forecast: How much of it is expected, as far as that was said.
        method: How it will be measured.
        evaluate_at: When, at the latest; timezone-aware.
        results: How the metrics stand.
    """

    title: str
    pitch: str | None = None
    source: Literal["person", "monitoring", "interaction", "evaluation"] = "person"
    derived_from: str | None = None
    kind: Literal["post", "story", "video", "blog", "ad", "employee_post", "reshare"] = "post"
    purpose: Literal["product", "help", "interaction", "entertainment"] | None = None
    funnel: Literal["awareness", "consideration", "purchase", "loyalty"] | None = None
    origin: Literal["own", "curated", "user"] = "own"
    rights: Literal["granted", "not_required"] | None = None
    credit: str | None = None
    locale: str | None = None
    body: str | None = None
    media: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    host_digest: str | None = None
    accounts: tuple[str, ...] = ()
    variants: Mapping[str, Variant] = EMPTY
    ties: Literal["none", "paid", "sponsored", "affiliated", "gifted"] = "none"
    disclosure: str | None = None
    claims: tuple[str, ...] = ()
    budget: float | None = None
    goals: tuple[str, ...] = ()
    campaign: str | None = None
    category: str | None = None
    tags: tuple[str, ...] = ()
    consulted: tuple[str, ...] = ()
    informed: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ()
    planned_for: datetime | None = None
    embargo_until: datetime | None = None
    priority: Literal["low", "normal", "high"] = "normal"
    risk: Risk = "none"
    confidential: bool | None = None
    response_policy: Literal["active", "on_request", "passive", "none"] = "active"
    effort_hours: float | None = None
    outsourced: Literal["no", "partly", "yes"] = "no"
    metrics: tuple[str, ...] = ()
    forecast: dict[str, float] | None = None
    method: str | None = None
    evaluate_at: datetime | None = None
    results: dict[str, float] | None = None


REVISION = (
    "title",
    "locale",
    "body",
    "media",
    "links",
    "host_digest",
    "accounts",
    "variants",
    "ties",
    "disclosure",
    "claims",
    "credit",
)
"""What the public gets to see, and where: who writes one of these may not approve it."""

FIXED = (
    "source",
    "derived_from",
    "outsourced",
    "metrics",
    "forecast",
    "method",
    "evaluate_at",
    "results",
)
"""What the screening has promised and the evaluation has measured, and where it came from.

Nobody edits that: the actions of those stages say it, and are judged.
"""
