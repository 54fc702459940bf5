"""A publication: one account to which an item goes out, and what became of it there.

An item of its own below the content item, so that one account that fails does not fail the rest,
and two people who look at two accounts never collide.  It has the words that its account says.
The system reports how its upload ended; where it cannot reach, on the private account of an
employee (S0-14), people upload by hand and say where it can be seen.  One of which nobody knows how
it ended is never repeated blindly: first somebody finds out.  Nothing counts as live before
somebody has looked at it where the public sees it; and that is never the one who uploaded it.
"""

from __future__ import annotations

import attrs

from socialflow import Action, Effect, Stage, Workflow
from socialflow.content.post import Variant
from socialflow.content.reasons import Evidence, explained
from socialflow.content.roles import (
    COMMUNITY_MANAGER,
    CONTENT_CREATOR,
    EMPLOYEE_ADVOCATE,
    LEGAL_COMPLIANCE,
    MANAGER,
    SOCIAL_MEDIA_MANAGER,
)
from socialflow.content.rules import check_passed, retry_limit
from socialflow.content.uploads import Check, Defect, Failure, Link, Mending, Upload
from socialflow.people import SYSTEM
from socialflow.rules import four_eyes, signed_off_above

__all__ = ["OUTCOMES", "PUBLICATION", "UP", "Publication"]

BY_HAND = (SOCIAL_MEDIA_MANAGER, CONTENT_CREATOR, EMPLOYEE_ADVOCATE)
UPLOADERS = (SYSTEM.id, *BY_HAND)
CHECKERS = (COMMUNITY_MANAGER, SOCIAL_MEDIA_MANAGER)
UP = ("published", "verified", "unconfirmed")
"""States in which it is, or may be, where the public sees it."""
OUTCOMES = {
    "publish": {
        "delivered": "accept",
        "refused": "fail",
        "unknown": "lose",
        "found": "resolve_published",
        "missing": "resolve_failed",
    },
    "recall": {"delivered": "confirm_recall"},
}
"""By which actions it hears what came of its effects: for an outbox."""


@attrs.frozen(kw_only=True)
class Publication(Variant):
    """What goes out, and the key of the account on which it does."""

    account: str


PUBLICATION = Workflow(
    "publication",
    [
        Stage(
            "publication",
            (
                "queued",
                "publishing",
                "published",
                "verified",
                "failed",
                "unconfirmed",
                "recalling",
            ),
            done=(),
            role=SOCIAL_MEDIA_MANAGER,
            fields=Upload,
            actions=(
                Action("send", "queued", "publishing", automatic=True, effects=Effect("publish")),
                Action(
                    "accept", "publishing", "published", roles=SYSTEM.id, data=Link, keeps="url"
                ),
                Action("upload", "publishing", "published", roles=BY_HAND, data=Link, keeps="url"),
                Action(
                    "fail",
                    "publishing",
                    "failed",
                    roles=UPLOADERS,
                    data=Failure,
                    keeps="attempts",
                ),
                Action("lose", "publishing", "unconfirmed", roles=UPLOADERS),
                Action("resolve_published", "unconfirmed", "published", data=Evidence),
                Action("resolve_failed", "unconfirmed", "failed", data=Evidence),
                Action(
                    "retry",
                    "failed",
                    "queued",
                    roles=MANAGER,
                    rules=(retry_limit("attempts"), signed_off_above()),
                ),
                Action(
                    "verify",
                    "published",
                    "verified",
                    roles=CHECKERS,
                    data=Check,
                    rules=(check_passed(), four_eyes()),
                    unmarks="defective",
                ),
                Action(
                    "report_defect",
                    ("published", "verified"),
                    roles="*",
                    data=Defect,
                    marks="defective",
                    effects=Effect("notify", {"whom": "manager"}),
                ),
                Action(
                    "mend",
                    ("published", "verified"),
                    "published",
                    data=Mending,
                    effects=Effect("mend"),
                ),
                explained("drop", "failed", goto="end.dropped", roles=MANAGER),
                Action(
                    "recall",
                    UP,
                    "recalling",
                    roles=(*MANAGER, LEGAL_COMPLIANCE),
                    effects=Effect("recall"),
                ),
                Action(
                    "confirm_recall",
                    "recalling",
                    goto="end.recalled",
                    roles=(SYSTEM.id, *CHECKERS),
                ),
            ),
        )
    ],
    fields=Publication,
    content="url",
    ends=("recalled", "dropped"),
    rights={"create": (), "note": "*"},
)
