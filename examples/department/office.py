"""The office: one department over one store, a clock that the month turns, and what was refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import count
from typing import Any

import attrs

from socialflow import Engine, Event, Item, Member, Objection, Refusal, Refused, Scope, Team
from socialflow.content import department_content
from socialflow.content.department import Department
from socialflow.content.duplicates import Duplicates
from socialflow.content.freeze import FREEZE
from socialflow.content.providers import providers
from socialflow.content.views.reading import is_content
from socialflow.people import EVERYWHERE, SYSTEM
from socialflow.protocols import Store
from socialflow.queries import Duty

__all__ = ["Office", "Stopped"]


@attrs.frozen
class Stopped:
    """One reason for which something did not happen.

    Attributes:
        at: When it was asked for.
        by: Id of whoever asked; the system, where it was due.
        item: Id of the item.
        action: Full name of the action.
        why: What stood in the way.
    """

    at: datetime
    by: str
    item: str
    action: str
    why: Objection


class Office:
    """Where everybody asks for things, and most of them happen.

    Attributes:
        store: Where it is all kept.
        team: Who works here.
        department: What the rules ask about.
        workflow: What every idea goes through.
        engine: Does what is asked for, or says no.
        now: What the clock on the wall says.
        stopped: Everything that was refused, in the order in which it was.
    """

    def __init__(self, store: Store, team: Team, department: Department, now: datetime) -> None:
        self.store, self.team, self.department, self.now = store, team, department, now
        self.workflow = department_content()
        self.stopped: list[Stopped] = []
        self._known = Duplicates()
        facts = providers(department, index=self._known, reader=store, team=team)
        numbers = count(1)
        self.engine = Engine(
            store,
            (self.workflow, FREEZE),
            team,
            facts=facts,
            clock=lambda: self.now,
            new_id=lambda: f"n{next(numbers):04}",
        )
        self.engine.signals.performed.connect(self._remember)

    def _remember(self, _: object, item: Item, event: Event, before: Item | None) -> None:  # noqa: ARG002
        """What is written is compared with what will be written later."""
        if is_content(item):
            self._known.add(item)

    def there(self) -> Iterator[Member]:
        """Everybody who has come in, with what was lent to them, in the order of the team."""
        for one in self.team.members:
            if not one.is_absent(self.now):
                yield self.team.member(one.id) or one

    def ask(
        self,
        by: str | Member,
        item: str,
        action: str,
        /,
        *,
        to: str | None = None,
        waive: Mapping[str, str] | None = None,
        **data: Any,
    ) -> Item | None:
        """Ask for something; the item as it then is, or None if that was refused."""
        try:
            return self.engine.perform(item, action, by=by, to=to, waive=waive, data=data or None)
        except Refused as no:
            self._note(by if isinstance(by, str) else by.id, item, no.refusal)
            return None

    def bring(
        self,
        by: str | Member,
        workflow: str,
        /,
        *,
        below: str | None = None,
        scope: Scope = EVERYWHERE,
        id: str | None = None,
        **data: Any,
    ) -> Item | None:
        """Bring something new into being; None if that was refused."""
        try:
            return self.engine.create(
                workflow, by=by, data=data, scope=scope, parent=below, id=id, ref=id
            )
        except Refused as no:
            self._note(by if isinstance(by, str) else by.id, below or workflow, no.refusal)
            return None

    def sweep(self) -> None:
        """Let the clock do whatever it is time for."""
        for done in self.engine.run_due(limit=1000):
            if done.refusal is not None:
                self._note(SYSTEM.id, done.duty.item, done.refusal)

    def duties(self, *, stage: str | None = None, state: str | None = None) -> tuple[Duty, ...]:
        """What is to do, longest waiting first."""
        return self.engine.worklist(stage=stage, state=state, limit=10_000)

    def below(self, item: str, kind: str, state: str | None = None) -> tuple[Item, ...]:
        """What belongs below an item, of one kind, as far as it is in that state."""
        found = self.engine.children(item, kind, all_rounds=True)
        return tuple(one for one in found if state is None or state in one.marking)

    def _note(self, by: str, item: str, refusal: Refusal) -> None:
        self.stopped += [Stopped(self.now, by, item, refusal.action, one) for one in refusal]
