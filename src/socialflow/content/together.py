"""Together: the department discusses an idea, and so many have to be for it (S1-26).

In the workflow as it is the social media manager accepts what passes the screening.  Where several
decide, they vote while it is screened, and only what they favour can be accepted; whoever has
written it has no vote.  What comes back with other words has to be favoured anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import attrs

from socialflow import Action, Workflow
from socialflow.ballots import Ballot
from socialflow.rules import marked

__all__ = ["screened_together"]

FAVOURED = "favoured"


def screened_together(
    workflow: Workflow, roles: str | Iterable[str], quorum: int | Literal["any", "all"]
) -> Workflow:
    """The workflow in which an idea is accepted only when so many are for it.

    Args:
        workflow: One with the stage ``concept``, as it is in `social_content`.
        roles: Who votes.
        quorum: How many of them have to be for it.

    Example:
        >>> from socialflow.content import social_content
        >>> acme = screened_together(social_content(), "content_creator", 3)
        >>> "concept.favour" in acme.action_names
        True
    """
    begins = (one for one in workflow.stage("concept").actions if one.name == "start_screening")
    favour = Action(
        "favour",
        "screening",
        "screening",
        marks=FAVOURED,
        ballots=Ballot("department", roles, quorum=quorum),
        rules=~marked(FAVOURED),
    )
    anew = (attrs.evolve(one, unmarks=FAVOURED) for one in begins)
    return workflow.amend("concept", actions=(*anew, favour)).with_rules(
        {"concept.accept": marked(FAVOURED)}
    )
