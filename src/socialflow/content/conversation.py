"""A conversation: what is known of a comment, and what is said about it and to it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import attrs

from socialflow.content.handover import Desk

__all__ = ["Heard", "Intent", "Interaction", "Reply", "Triage"]

Intent = Literal["question", "complaint", "praise", "purchase", "feedback", "crisis", "spam"]
Sentiment = Literal["positive", "neutral", "negative"]
Priority = Literal["low", "normal", "high"]


@attrs.frozen(kw_only=True)
class Triage:
    """What it is.

    Attributes:
        intent: What its author wants.
        sentiment: In which mood.
        priority: How urgent it is.
        asked: Whether an answer is asked for; where one answers on request only, that decides.
        tags: What it is found by: whose it is, what it is about.
        influencer: Whether many listen to its author; None: as before.
        sla_due: Until when it wants an answer; timezone-aware.
    """

    intent: Intent
    sentiment: Sentiment = "neutral"
    priority: Priority = "normal"
    asked: bool = False
    tags: tuple[str, ...] = ()
    influencer: bool | None = None
    sla_due: datetime | None = None


@attrs.frozen
class Reply:
    """What is to be answered, and the key of the approved message that it began as, if it did."""

    reply: str | None
    snippet: str | None = None


@attrs.frozen
class Heard:
    """What its author says to our answer."""

    text: str | None


@attrs.frozen(kw_only=True)
class Interaction:
    """What is known of it: who said what and where, what it is, and what became of it."""

    account: str
    author: str
    kind: Literal["comment", "mention", "message", "review"] = "comment"
    text: str | None = None
    thread: str | None = None
    intent: Intent = "question"
    sentiment: Sentiment = "neutral"
    priority: Priority = "normal"
    asked: bool = False
    tags: tuple[str, ...] = ()
    influencer: bool | None = None
    sla_due: datetime | None = None
    reply: str | None = None
    snippet: str | None = None
    handed_to: Desk | None = None
    consented: bool = False
    outcome: str | None = None
    value: float | None = None
