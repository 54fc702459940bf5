"""A/B tests: arms that are compared by what was said beforehand, and which of them does better."""

from __future__ import annotations

from typing import Any

import pytest

from socialflow import Item, Refused
from socialflow.content import EXPERIMENT

WHY = {"reason": "nobody came"}
DESIGN = {
    "hypothesis": "a face is clicked more often than a product",
    "metric": "clicks",
    "arms": {"face": "face.jpg", "product": "product.jpg"},
    "split": {"face": 0.5, "product": 0.5},
    "min_sample": 1000,
}
CLICKS = {"face": 71.0, "product": 40.0}


class Test:
    """A post that is live, and an experiment below it."""

    __test__ = False

    def __init__(self, desk: Any, **told: Any) -> None:
        self.at = desk().until("promotion.open")
        design = {**DESIGN, **told}
        new = self.at.engine.create("experiment", by="paige", parent=self.at.id, data=design)
        self.id = new.id

    @property
    def item(self) -> Item:
        """The experiment as it is."""
        return self.at.engine.item(self.id)

    @property
    def taken(self) -> set[str]:
        """Full names of all that has happened to it."""
        return {entry.event.action for entry in self.at.engine.history(self.id)}

    def do(self, who: str, action: str, /, waive: Any = None, **data: Any) -> Test:
        """Have something done to the experiment."""
        self.at.engine.perform(self.id, action, by=who, data=data or None, waive=waive or {})
        return self

    def refuses(self, who: str, action: str, **data: Any) -> tuple[str, ...]:
        """What stands in the way."""
        with pytest.raises(Refused) as no:
            self.do(who, action, **data)
        return no.value.refusal.codes


def measured(desk: Any, sample: int = 1000) -> Test:
    """An experiment that so many have seen."""
    test = Test(desk).do("paige", "start_experiment")
    return test.do("ana", "record_result", sample=sample, results=CLICKS)


def test_an_experiment_is_designed_measured_and_decided(desk: Any) -> None:
    """S3-08: hypothesis, arms, metric; the last figures stand on it, and the winner."""
    test = measured(desk, 400).do("paige", "record_result", sample=1400, results=CLICKS)
    test.do("ana", "choose_winner", winner="face")

    assert ("end.decided",) == test.item.marking
    assert ("face", 1400) == (test.item.data["winner"], test.item.data["sample"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"arms": {"face": "face.jpg"}, "split": None},
        {"split": {"face": 0.5, "product": 0.4}},
        {"split": {"face": 1.0}},
        {"split": {"face": 0.5, "logo": 0.5}},
    ],
)
def test_what_cannot_be_compared_is_not_started(wrong: Any, desk: Any) -> None:
    """Two arms at least, and everybody sees one of them."""
    test = Test(desk, **wrong)
    assert ("arms_compared",) == test.refuses("paige", "start_experiment")

    test.do("ana", "edit", **DESIGN).do("paige", "start_experiment")
    assert ("experiment.measuring",) == test.item.marking


def test_without_a_split_the_arms_are_equal(desk: Any) -> None:
    """Shares are said only if they differ, and may be thirds."""
    Test(desk, split=None).do("paige", "start_experiment")

    thirds = dict.fromkeys("abc", 1 / 3)
    Test(desk, arms=dict.fromkeys("abc", "-"), split=thirds).do("paige", "start_experiment")


def test_the_design_stands_once_it_is_measured(desk: Any) -> None:
    """Nobody moves the goal afterwards."""
    test = Test(desk).do("paige", "edit", min_sample=10).do("paige", "start_experiment")

    assert ("state",) == test.refuses("paige", "edit", min_sample=1)


@pytest.mark.parametrize("results", [{"face": 1.0}, {**CLICKS, "logo": 2.0}])
def test_every_arm_is_measured_and_nothing_else(results: Any, desk: Any) -> None:
    """A figure that is missing, or of no arm, is a mistake."""
    test = Test(desk).do("paige", "start_experiment")

    assert ("arms_measured",) == test.refuses("ana", "record_result", sample=5, results=results)


def test_the_winner_is_one_of_the_arms_that_were_measured(desk: Any) -> None:
    """Nothing wins unseen."""
    test = Test(desk, min_sample=0).do("paige", "start_experiment")
    assert ("winner_measured",) == test.refuses("ana", "choose_winner", winner="face")

    test.do("ana", "record_result", sample=1, results=CLICKS)
    assert ("winner_measured",) == test.refuses("ana", "choose_winner", winner="logo")
    test.do("ana", "choose_winner", winner="product")


def test_a_winner_is_named_when_enough_have_seen_it(desk: Any) -> None:
    """One is missing, and it is refused; the analyst may go on, and says why."""
    assert ("sample_enough",) == measured(desk, 999).refuses("ana", "choose_winner", winner="face")
    measured(desk, 1000).do("ana", "choose_winner", winner="face")

    early = measured(desk, 999)
    early.do("ana", "choose_winner", waive={"sample_enough": "it is plain"}, winner="face")
    assert ("end.decided",) == early.item.marking
    with pytest.raises(Refused):
        measured(desk, 999).do(
            "paige", "choose_winner", waive={"sample_enough": "-"}, winner="face"
        )


def test_giving_up_says_why(desk: Any) -> None:
    """That nothing came of it is a result as well."""
    test = measured(desk, 3)
    assert ("reason_given",) == test.refuses("ana", "give_up", reason=" ")

    assert ("end.inconclusive",) == test.do("ana", "give_up", **WHY).item.marking


@pytest.mark.parametrize("who", ["cora", "agnes", "cleo", "sam"])
def test_only_those_who_test_do(who: str, desk: Any) -> None:
    """Paid media and analysis design, measure and decide."""
    assert ("role",) == Test(desk).refuses(who, "start_experiment")


def test_the_promotion_is_settled_when_every_experiment_is_decided(desk: Any) -> None:
    """Designed and measured ones are open."""
    test = Test(desk)
    assert ("only_children",) == test.at.refuses("paige", "settle_promotion")
    test.do("paige", "start_experiment")
    assert ("only_children",) == test.at.refuses("paige", "settle_promotion")

    test.do("ana", "give_up", **WHY)
    test.at.do("paige", "settle_promotion")
    assert "promotion.settled" == test.at.item.token("promotion").state


def test_what_is_unpublished_is_not_measured_any_more(desk: Any) -> None:
    """Taken down, there is nothing to compare; what was decided stays so."""
    open_, decided = measured(desk), measured(desk).do("ana", "choose_winner", winner="face")
    for test in (open_, decided):
        test.at.do("legolas", "unpublish", reason="it has to be")

    assert [("end.cancelled",), ("end.decided",)] == [open_.item.marking, decided.item.marking]


def test_every_action_on_an_experiment_is_taken_somewhere(desk: Any) -> None:
    """No action is there that nobody can ever take."""
    won = measured(desk).do("ana", "choose_winner", winner="face")
    lost = measured(desk).do("ana", "give_up", **WHY)

    assert set() == {*EXPERIMENT.action_names} - won.taken - lost.taken
