"""Who may do what, and who decides: of random companies, teams and days.

Bugs that were planted in the library, and the example that found each (seeds from 0):

| law | bug | found by |
| --- | --- | --- |
| votes | who wrote it votes, and is counted | 2 |
| votes | a delegate and whom they act for are two | 21 |
| votes | one yes is enough for a quorum of two | 2 |
| agencies | what every workflow has is denied nowhere | 12 |
| offers | options do not know of a hold | 2 |
| dead ends | nobody takes over what is escalated | 1 |
| refusals | what is refused is put off | 1 |
"""

from __future__ import annotations

from random import Random

import laws
from hypothesis import given, settings
from hypothesis import strategies as st

few = settings(max_examples=laws.EXAMPLES)
chances = st.integers(0, 2**32).map(Random)


@few
@given(chances)
def test_what_is_decided_by_ballot_has_enough_votes_that_count(chance: Random) -> None:
    """None of a writer's, none of an agency's, none twice, delegation included."""
    laws.votes(chance)


@few
@given(chances)
def test_an_agency_neither_decides_nor_speaks_with_customers(chance: Random) -> None:
    """Whatever else its people hold: no vote, no reply, nothing on an interaction."""
    laws.agencies(chance)


@few
@given(chances)
def test_what_is_offered_is_what_can_be_done(chance: Random) -> None:
    """A yes succeeds on that version; the refusal that is shown is the one that is raised."""
    laws.offers(chance)


@few
@given(chances)
def test_there_is_no_dead_end(chance: Random) -> None:
    """Somebody can do something that leads on, or it is due, or those below can go on."""
    laws.dead_ends(chance)


@few
@given(chances)
def test_a_refusal_changes_nothing(chance: Random) -> None:
    """Rows, events, effects, what is due, signals: as before."""
    laws.refusals(chance)
