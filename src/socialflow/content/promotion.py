"""Stage 7, promotion through different channels: what is live is carried to those it is for.

Open from the moment that something is live, beside response and reshare, until somebody says what
it came to.  Each channel is an item of its own: see `socialflow.content.promotion_run`.  Planning
makes one for each of several channels; one more is created below the item.  What is compared with
each other is an experiment: see `socialflow.content.experiment`.  While the others are still open
it may be taken up again, and the evaluation may send it back here.
"""

from __future__ import annotations

import attrs

from socialflow import Action, Stage
from socialflow.content.experiment import DECIDED
from socialflow.content.promotion_run import OVER
from socialflow.content.reasons import Reason
from socialflow.content.roles import PAID_MEDIA_SPECIALIST, SOCIAL_MEDIA_MANAGER
from socialflow.content.rules import reason_given
from socialflow.kinds import spawn
from socialflow.rules import only_children

__all__ = ["PROMOTION", "Channels", "Promotion"]


@attrs.frozen
class Channels:
    """Through what it is to go: ``"organic"``, ``"paid"``, ``"email"``, ``"event"`` ..."""

    promotion_channels: tuple[str, ...]


@attrs.frozen
class Promotion:
    """What it came to.

    Attributes:
        promoted_through: Channels through which it went.
        promotion_cost: What was paid, in the department's currency.
    """

    promoted_through: tuple[str, ...] = ()
    promotion_cost: float = 0.0


@attrs.frozen(kw_only=True)
class Promoted(Promotion):
    """What this stage knows about an item."""

    promotion_channels: tuple[str, ...]


NO_MORE_RUNS = only_children("promotion_run", OVER)

PROMOTION = Stage(
    "promotion",
    ("open", "settled"),
    role=(PAID_MEDIA_SPECIALIST, SOCIAL_MEDIA_MANAGER),
    fields=Promoted,
    actions=(
        Action(
            "plan_promotion",
            "open",
            data=Channels,
            keeps="promotion_channels",
            rules=NO_MORE_RUNS,
            effects=spawn(
                "promotion_run", each="promotion_channels", into="channel", copies="disclosure"
            ),
        ),
        Action(
            "settle_promotion",
            "open",
            "settled",
            data=Promotion,
            keeps=("promoted_through", "promotion_cost"),
            rules=(NO_MORE_RUNS, only_children("experiment", DECIDED)),
        ),
        Action("promote_again", "settled", "open", data=Reason, rules=reason_given()),
    ),
)
