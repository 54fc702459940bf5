"""Offers: what is shown as open is open, and what is shown as refused is, for that reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from books import Attempt, Broken

from socialflow import Item, Member, Refusal, Refused
from socialflow.options import Option
from socialflow.standing import Choice

if TYPE_CHECKING:
    from office import Office

__all__ = ["Offers"]

OF_DATA = {"data", "to", "unknown_member", "unknown_stage"}
OF_DATA |= {"no_vote", "ballot", "ballot_order", "voted"}
"""Codes of objections to what is said with a command: data, target, member, what is voted on."""


class Offers:
    """Compares what members are shown with what comes of asking.

    Attributes:
        answers: How often each answer was compared.
    """

    def __init__(self) -> None:
        self.answers = {"yes": 0, "no": 0, "needs data": 0}

    def look(self, office: Office, members: int) -> None:
        """Compare everything that some members are shown of every item."""
        for item in office.items:
            for member in office.chance.sample(office.people.members, members):
                for option in office.engine.options(item.id, by=member.id):
                    self.answers[option.answer] += 1
                    self._compare(office, item, member, option)

    def _compare(self, office: Office, item: Item, member: Member, option: Option) -> None:
        attempt = office.attempt(item, member, option)
        outcome = _asked(office, attempt)
        if option.form is Choice and isinstance(outcome, Refusal):
            return
        shown = f"{option.action} is a {option.answer} to {member.id} in {item.marking}"
        if option.answer == "no":
            assert option.refusal is not None
            if not isinstance(outcome, Refusal):
                raise Broken(f"{shown}, and is carried out")
            fixed = attempt.data is None and attempt.to is None
            missing = [one for one in option.refusal if one not in outcome.objections]
            if missing or (fixed and option.refusal != outcome):
                raise Broken(f"{shown}: {option.refusal}; and asked for, {outcome}")
        elif isinstance(outcome, Refusal):
            chosen = {"date_passed", "childless"} if option.targets else set()
            theirs = (
                {*outcome.codes} - OF_DATA - chosen - _rules_about_data(office, item, option.action)
            )
            if theirs or (option.answer == "yes" and not option.form):
                raise Broken(f"{shown}, and is refused: {outcome}")


def _asked(office: Office, attempt: Attempt) -> Item | Refusal:
    """What comes of it, at the very version that was looked at."""
    try:
        return office.engine.preview(
            attempt.item, attempt.action, by=attempt.by.id, data=attempt.data, to=attempt.to
        )
    except Refused as no:
        return no.refusal


def _rules_about_data(office: Office, item: Item, name: str) -> set[str]:
    """Codes of the rules of an action that nobody can judge before there is data."""
    workflow = office.of(item)
    own = [(f"{stage.name}.{one.name}", one) for stage in workflow.stages for one in stage.actions]
    every = [*own, *((one.name, one) for one in workflow.actions)]
    found = [one for full, one in every if full == name]
    entry = {rule.name for stage in workflow.stages for rule in stage.enter}
    keeping = any(one.keeps for one in found)
    about = {rule.name for one in found for rule in one.rules if rule.kind.reads_data}
    return about | entry if keeping else about
