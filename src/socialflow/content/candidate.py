"""A candidate: something that could be shared again, until it is cleared, refused or passed over.

An item of its own below the content item.  People nominate what users made of it, and the system
what many liked.  Whose it is, is asked first, and what they say is kept as proof (S0-14); what is
our own is cleared by itself.  A complaint is never spread.  What is derived is again an item of its
own: see `socialflow.content.reshare_fast`; it keeps the credit, and its tone and approval.  Our own
content may come back every month, a few times, if somebody wants it to: whatever comes back is
looked at like the first time.
"""

from __future__ import annotations

from socialflow import Action, Effect, Stage, Workflow
from socialflow.content.nomination import (
    SHOWN,
    TAKEN_OVER,
    Cleared,
    Nomination,
    Permission,
    Repeats,
)
from socialflow.content.reasons import explained
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
    repeats_limited,
    rights_granted,
)
from socialflow.kinds import spawn
from socialflow.moments import Moment, days
from socialflow.people import SYSTEM

__all__ = ["CANDIDATE"]

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
                explained(
                    "rights_refused",
                    ("rights_pending", "cleared"),
                    goto="end.refused",
                    roles=(*SHARERS, LEGAL_COMPLIANCE),
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
                explained("stop", "repeating", goto="end.derived"),
                explained("skip", UNDECIDED, goto="end.skipped"),
            ),
        )
    ],
    fields=Nomination,
    content=SHOWN,
    ends=("derived", "refused", "skipped"),
    rights={"create": NOMINATORS, "note": "*", "assign": MANAGER, "reopen": SHARERS},
    children=RESHARE_FAST,
)
