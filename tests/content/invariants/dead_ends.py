"""Dead ends: wherever an item is, there is somebody who can do something that leads on.

Or something is due, or it waits for items below that are not at a dead end themselves.  Asked for
people who have done nothing yet, two for each role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from books import Attempt, Broken
from teams import staff

from socialflow import Item, Member, Refused
from socialflow.options import Option
from socialflow.standing import STANDING

if TYPE_CHECKING:
    from office import Office

__all__ = ["DeadEnds"]

TRIES = 6
"""How often data is made up for an action that needs some."""


class DeadEnds:
    """Looks for states that nothing leads out of.

    Attributes:
        seen: States that were looked at.
    """

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def look(self, office: Office) -> None:
        """Make sure that every item that has not ended can go on."""
        for item in office.items:
            if not item.ended and not self.goes_on(office, item):
                raise Broken(f"nothing leads out of {item.marking} {item.marks}: {dict(item.data)}")

    def goes_on(self, office: Office, item: Item) -> bool:
        """Whether it can, by somebody, by itself, or by those below."""
        self.seen.update(item.marking)
        if any(token.due is not None for token in item.tokens):
            return True
        if any(self._leads_on(office, item, *one) for one in _open(office, item)):
            return True
        if _can_be_amended(office, item):
            return True
        below = [one for one in office.engine.children(item.id) if not one.ended]
        return any(self.goes_on(office, one) for one in below)

    def _leads_on(self, office: Office, item: Item, member: Member, option: Option) -> bool:
        for _ in range(TRIES if option.answer == "needs data" else 1):
            attempt = office.attempt(item, member, option)
            if _moves(office, item, attempt):
                return True
        return False


def _open(office: Office, item: Item) -> list[tuple[Member, Option]]:
    """What is open to the staff, beside the commands that every workflow has."""
    found: dict[str, tuple[Member, Option]] = {}
    for member in staff(office.workflow):
        for option in office.engine.options(item.id, by=member):
            own = option.action not in STANDING or option.action == "resume"
            if option.answer != "no" and own:
                found.setdefault(option.action, (member, option))
    return list(found.values())


def _can_be_amended(office: Office, item: Item) -> bool:
    """Whether all that stops an action is what somebody could write into the item."""
    workflow, shown = office.of(item), list[Option]()
    for member in staff(office.workflow):
        shown.extend(office.engine.options(item.id, by=member))
    about_fields = {
        rule.name
        for stage in workflow.stages
        for action in stage.actions
        for rule in action.rules
        if rule.kind.names_fields
    }
    stopped = any(one.refusal and {*one.refusal.codes} <= about_fields for one in shown)
    return stopped and any(one.action == "edit" and one.answer != "no" for one in shown)


def _moves(office: Office, item: Item, attempt: Attempt) -> bool:
    """Whether the item is elsewhere afterwards, or one vote nearer to it."""
    try:
        after = office.engine.preview(
            item.id, attempt.action, by=attempt.by, data=attempt.data, to=attempt.to
        )
    except Refused:
        return False
    return (after.marking, after.marks) != (item.marking, item.marks) or after.votes != item.votes
