"""Stage 4, tone adjustment: it sounds like the brand, whoever wrote it.

A duty of its own with a person of its own, not the last hour of production.  The tone editor
changes the words (the built-in ``edit``) or sends them back; who sends it back for the third time
is warned that a talk might be shorter.  What is gone in a day may skip it, and anything else if the
lead waives that.  Being in tone is signed for this visit: a change that an approver makes later
does not come back here.  A company that wants that says ``amend("tone", signs="revision")``.
"""

from __future__ import annotations

import attrs

from socialflow import Action, Stage
from socialflow.content.reasons import Changes, Reason
from socialflow.content.roles import DEPARTMENT_LEAD, MANAGER, SOCIAL_MEDIA_MANAGER, TONE_EDITOR
from socialflow.content.rules import (
    check_passed,
    disclosed,
    disclosed_everywhere,
    loops_limited,
    one_of,
    reason_given,
)

__all__ = ["TONE", "ToneReview"]


@attrs.frozen
class ToneReview:
    """How it was judged.

    Attributes:
        profile: The brand's tone profile that was applied.
        who_we_are: Whether it says who we are, and not only what we do (S2-01).
        flags: What the editor has accepted with reservations.
        note: What else was said.
    """

    profile: str | None = None
    who_we_are: bool | None = None
    flags: tuple[str, ...] = ()
    note: str | None = None


FLEETING = one_of("kind", ("story",)).waivable(DEPARTMENT_LEAD)
"""What may skip the tone; a company says its own by ``amend``."""

TONE = Stage(
    "tone",
    ("queued", "adjusting", "in_tone"),
    role=(TONE_EDITOR, SOCIAL_MEDIA_MANAGER),
    signs="visit",
    may_edit={"queued": MANAGER, "adjusting": (TONE_EDITOR, SOCIAL_MEDIA_MANAGER)},
    actions=(
        Action("start", "queued", "adjusting", reversible=True),
        Action(
            "approve_tone",
            "adjusting",
            "in_tone",
            data=ToneReview,
            rules=(
                check_passed(),
                disclosed("ties", "disclosure"),
                disclosed_everywhere("ties", "disclosure", "variants"),
            ),
        ),
        Action(
            "skip",
            "queued",
            "in_tone",
            roles=MANAGER,
            data=Reason,
            rules=(reason_given(), FLEETING),
        ),
        Action(
            "return_to_production",
            "adjusting",
            goto="production",
            data=Changes,
            rules=(reason_given(), loops_limited("production").warning()),
        ),
    ),
)
