"""Proofs are so: compared with all that may happen, and with what people do at an engine."""

from __future__ import annotations

from random import Random

import pytest
from explicit_sentences import compared
from small_companies import MOOD
from walks import walked

ONCE_WRONG = (8, 14, 28, 172, 5149, 5193)
"""Companies about which a proof once said what was not so."""


@pytest.mark.parametrize("seed", [*ONCE_WRONG, *range(300, 314)])
def test_a_proof_says_what_looking_at_everything_says(seed: int) -> None:
    """Nine sentences about a company: nothing proved is broken, nothing refuted holds."""
    assert () == compared(Random(seed)).wrong


def test_what_is_proved_is_never_broken_at_an_engine() -> None:
    """Whatever a rule says that nobody can look into, and however often it changes its mind."""
    found = [walked(Random(seed), 250) for seed in range(8)]

    assert [] == [one for each in found for one in each.wrong]
    assert sum(one.proved for one in found) > 20
    assert sum(one.done for one in found) > 200
    assert MOOD.good
