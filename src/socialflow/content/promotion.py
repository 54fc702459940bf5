"""Stage 7, promotion through different channels: what is live is carried to those it is for.

Open from the moment that something is live, beside response and reshare, until somebody says what
it came to.  While the others are still open it may be taken up again.
"""

from __future__ import annotations

import attrs

from socialflow import Action, Stage
from socialflow.content.reasons import Reason
from socialflow.content.roles import PAID_MEDIA_SPECIALIST, SOCIAL_MEDIA_MANAGER
from socialflow.content.rules import reason_given

__all__ = ["PROMOTION", "Promotion"]


@attrs.frozen
class Promotion:
    """What it came to.

    Attributes:
        promoted_through: Channels: ``"organic"``, ``"paid"``, ``"email"``, ``"event"`` ...
        promotion_cost: What was paid, in the department's currency.
    """

    promoted_through: tuple[str, ...] = ()
    promotion_cost: float = 0.0


PROMOTION = Stage(
    "promotion",
    ("open", "settled"),
    role=(PAID_MEDIA_SPECIALIST, SOCIAL_MEDIA_MANAGER),
    fields=Promotion,
    actions=(
        Action(
            "settle_promotion",
            "open",
            "settled",
            data=Promotion,
            keeps=("promoted_through", "promotion_cost"),
        ),
        Action("promote_again", "settled", "open", data=Reason, rules=reason_given()),
    ),
)
