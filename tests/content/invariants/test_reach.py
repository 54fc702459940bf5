"""How far chance reaches: the laws mean something only if what they are about happens."""

from __future__ import annotations

from collections import Counter
from random import Random

from approvals import Approvals
from closings import Closings
from laws import STEPS
from office import Office
from proposals import kinds_below
from votes import Votes

from socialflow.content import social_content

OFFICES = 50
SHARE = 0.75


def test_an_office_does_most_of_what_can_be_done() -> None:
    """Of all actions, below included; content goes out, is decided, is closed."""
    workflow, asked, taken = social_content(), Counter[str](), Counter[str]()
    queued, decided, closed = 0, 0, 0
    for seed in range(OFFICES):
        books = approvals, votes, closings = Approvals(), Votes(), Closings()
        taken.update(Office(Random(seed), workflow, books, asked=asked).open().work(STEPS).taken)
        queued, decided = queued + approvals.queued, decided + votes.decided
        closed += closings.closed

    known = {name for one in (workflow, *kinds_below(workflow)) for name in one.action_names}
    assert len(known & {*taken}) >= SHARE * len(known), sorted(known - {*taken})
    assert min(queued, decided, closed) > 0
