"""Who may do what, and who decides: of random companies, teams and days."""

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
