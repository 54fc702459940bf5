"""The campaign of the laws: counted law by law, and shown again by its seed."""

from __future__ import annotations

import json
from random import Random

import laws
import pytest
from books import Broken
from soak.invariants import Campaign
from soak.run import main


def test_every_law_has_its_turn(capsys: pytest.CaptureFixture[str]) -> None:
    """One example each; the result is read by programs."""
    assert 0 == main(["invariants", "--examples", str(len(laws.LAWS)), "--seed", "7", "--json"])

    told = json.loads(capsys.readouterr().out)
    assert [f"invariants / {name}" for name in laws.LAWS] == [one["campaign"] for one in told]
    assert [(1, [], 7)] * len(told) == [(o["done"], o["violations"], o["seed"]) for o in told]


def test_a_broken_law_is_told_with_the_seed_that_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """And so is an error that nobody may see."""

    def break_it(chance: Random) -> None:
        raise (Broken("it went out") if chance.random() < 0.5 else KeyError("account"))

    monkeypatch.setitem(laws.LAWS, "uploads", break_it)  # type: ignore[arg-type]
    campaign = Campaign(1, ["uploads"]).run(8)

    assert [*range(1, 9)] == [one.seed for one in campaign.violations]
    assert {"it went out", "KeyError: 'account'"} == {one.what for one in campaign.violations}
