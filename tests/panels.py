"""A panel: two who need not wait for each other once the date has come, and a verdict."""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs

from socialflow import Action, Member, Parallel, Stage, Team, Workflow
from socialflow.moments import Moment
from socialflow.testing.changes import START


@attrs.frozen
class Question:
    """What is asked, and until when."""

    title: str
    closes: datetime | None = None


def _juror(name: str) -> Stage:
    agree = Action("agree", "open", "agreed")
    return Stage(name, ("open", "agreed"), role="juror", actions=(agree,))


PANEL = Workflow(
    "panel",
    [
        Parallel(_juror("left"), _juror("right"), until=Moment("closes")),
        Stage("verdict", ("open", "told"), role="chair", actions=(Action("tell", "open", "told"),)),
    ],
    fields=Question,
    content="title",
    ends=("closed",),
    rights={"create": "chair"},
)
JURY = Team([Member("joe", "juror"), Member("jane", "juror"), Member("carl", "chair")])
DATES = {"closes": [(START + timedelta(days=n)).isoformat() for n in (7, -7)]}
"""One that is to come, and one that has passed."""
