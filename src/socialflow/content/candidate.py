"""A candidate: something that could be shared again, until it is cleared, refused or passed over.

An item of its own below the content item.  People nominate what users made of it, and the system
what many liked.  Whose it is, is asked first, and what they say is kept as proof (S0-14); what is
our own is cleared by itself.  A complaint is never spread.  What is derived is again an item of its
own: see `socialflow.content.reshare_fast`; it keeps the credit, and its tone and approval.  Our own
content may come back every month, a few times, if somebody wants it to: whatever comes back is
looked at like the first time.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import attrs

from socialflow import Action, Effect, Stage, Workflow
from socialflow.content.interaction import Intent
from socialflow.content.reasons import Reason
from socialflow.content.reshare_fast import RESHARE_FAST
from socialflow.content.roles import (
    AGENCY_MEMBER,
    COMMUNITY_MANAGER,
    CONTENT_CREATOR,
    DATA_ANALYST,
    EMPLOYEE_ADVOCATE,
    LEGAL_COMPLIANCE,
    MANAGER,
    SOCIAL_MEDIA_MANAGER,
)
from socialflow.content.rules import (
    credited,
    no_personal_data,
    not_a_complaint,
    one_of,
    reason_given,
    repeats_limited,
    rights_granted,
)
from socialflow.kinds import spawn
from socialflow.moments import Moment, days
from socialflow.people import SYSTEM

__all__ = ["CANDIDATE", "Nomination", "Permission", "Repeats"]

SHARERS = (COMMUNITY_MANAGER, SOCIAL_MEDIA_MANAGER)
NOMINATORS = (
    *SHARERS,
    CONTENT_CREATOR,
    DATA_ANALYST,
    AGENCY_MEMBER,
    EMPLOYEE_ADVOCATE,
    SYSTEM.id,
)
UNDECIDED = ("nominated", "rights_pending", "cleared")


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
FIT = (not_a_complaint(), no_personal_data(SHOWN))
OWN = one_of("origin", ("own",))
DERIVE = spawn("reshare_fast", copies=TAKEN_OVER)

CANDIDATE = Workflow(
    "candidate",
    [
        Stage(
            "candidate",
            (*UNDECIDED, "repeating"),
            done=(),
            role=SHARERS,
            may_edit=dict.fromkeys(UNDECIDED, SHARERS),
            fields=Cleared,
            actions=(
                Action(
                    "clear",
                    "nominated",
                    "cleared",
                    automatic=True,
                    rules=(OWN, not_a_complaint()),
                ),
                Action(
                    "request_rights",
                    "nominated",
                    "rights_pending",
                    rules=(~OWN, not_a_complaint()),
                    effects=Effect("request_rights"),
                ),
                Action(
                    "record_rights",
                    UNDECIDED,
                    "cleared",
                    roles=(*SHARERS, LEGAL_COMPLIANCE),
                    data=Permission,
                    keeps=("rights", "proof"),
                    rules=not_a_complaint(),
                ),
                Action(
                    "rights_refused",
                    ("rights_pending", "cleared"),
                    goto="end.refused",
                    roles=(*SHARERS, LEGAL_COMPLIANCE),
                    data=Reason,
                    rules=reason_given(),
                ),
                Action(
                    "derive",
                    "cleared",
                    goto="end.derived",
                    rules=(rights_granted(), credited(), *FIT),
                    effects=DERIVE,
                ),
                Action(
                    "repeat",
                    "cleared",
                    "repeating",
                    roles=MANAGER,
                    data=Repeats,
                    keeps=("repost_at", "repost_until"),
                    rules=(OWN, *FIT, repeats_limited()),
                ),
                Action(
                    "auto_repost",
                    "repeating",
                    due=Moment("repost_at"),
                    every=days(30),
                    rules=OWN,
                    effects=DERIVE,
                ),
                Action("finish", "repeating", goto="end.derived", due=Moment("repost_until")),
                Action("stop", "repeating", goto="end.derived", data=Reason, rules=reason_given()),
                Action("skip", UNDECIDED, goto="end.skipped", data=Reason, rules=reason_given()),
            ),
        )
    ],
    fields=Nomination,
    content=SHOWN,
    ends=("derived", "refused", "skipped"),
    rights={"create": NOMINATORS, "note": "*", "assign": MANAGER, "reopen": SHARERS},
    children=RESHARE_FAST,
)
