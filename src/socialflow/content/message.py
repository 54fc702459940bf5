"""A message: words, or a fact about a product, that somebody answers for and all may use.

Marketing writes the official messages, the product team says what may be said of a product (S0-19,
S0-20).  Its ``ref`` is the key by which content names it among its claims.  It may be used from the
moment that it is approved, within its dates and not before its embargo is over; written anew it is
a draft again, and what names it has to wait as long.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import attrs

from socialflow import Action, Effect, Stage, Workflow
from socialflow.ballots import Ballot
from socialflow.content.reasons import Reason
from socialflow.content.roles import (
    APPROVERS,
    CONTENT_CREATOR,
    LEGAL_COMPLIANCE,
    MANAGER,
    PRODUCT_OWNER,
    TONE_EDITOR,
)
from socialflow.content.rules import in_house, one_of, reason_given
from socialflow.moments import Moment
from socialflow.rules import has

__all__ = ["MESSAGE", "Wording"]

AUTHORS = (*MANAGER, CONTENT_CREATOR, TONE_EDITOR, PRODUCT_OWNER)
ANSWERABLE = (*MANAGER, PRODUCT_OWNER, LEGAL_COMPLIANCE)
"""Who may take it out of use."""

FACT = one_of("kind", ("product_fact",))


@attrs.frozen(kw_only=True)
class Wording:
    """What may be said.

    Attributes:
        text: The words.
        kind: What they are.
        locale: Language and region: ``"en-GB"``.
        unit: Key of the unit that answers for it.
        since: When it begins to hold; timezone-aware.
        until: When it no longer does; timezone-aware.
        embargo_until: Before when it may not be said; timezone-aware.
    """

    text: str
    kind: Literal["brand_message", "product_fact", "reply_snippet", "boilerplate"]
    locale: str | None = None
    unit: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    embargo_until: datetime | None = None


MESSAGE = Workflow(
    "message",
    [
        Stage(
            "wording",
            ("draft", "approved"),
            role=AUTHORS,
            signs="revision",
            may_edit={"draft": AUTHORS},
            actions=(
                Action(
                    "approve",
                    "draft",
                    "approved",
                    rules=(in_house(), has("unit")),
                    ballots=(
                        Ballot("product", PRODUCT_OWNER, when=FACT, four_eyes=False),
                        Ballot("brand", APPROVERS, when=~FACT),
                    ),
                ),
                Action("discard", "draft", goto="end.retired", data=Reason, rules=reason_given()),
            ),
        ),
        Stage(
            "use",
            "usable",
            done=(),
            role=ANSWERABLE,
            actions=(
                Action("revise", "usable", goto="wording", roles=AUTHORS),
                Action("retire", "usable", goto="end.retired", data=Reason, rules=reason_given()),
                Action(
                    "run_out",
                    "usable",
                    goto="end.retired",
                    due=Moment("until"),
                    effects=Effect("notify", {"whom": "unit"}),
                ),
            ),
        ),
    ],
    [Action("renew", "end.retired", goto="wording", roles=AUTHORS)],
    fields=Wording,
    content=tuple(field.name for field in attrs.fields(Wording)),
    ends=("retired",),
    rights={"create": AUTHORS, "note": "*", "assign": MANAGER, "archive": MANAGER},
)
"""A product owner answers for a fact even if they have written it; other words take two persons."""
