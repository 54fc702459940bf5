"""Hearing: an item hears what came of its effects, by an action of its own workflow.

What came of an effect and what its item does about it are written in one transaction: neither is
there without the other, and each once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

import attrs

from socialflow.channels import Outcome
from socialflow.engine import Engine
from socialflow.errors import (
    DefinitionLost,
    EffectNotFound,
    EndlessSettling,
    Refused,
    StaleDelivery,
    Uncertain,
    UsageError,
)
from socialflow.forms import fields_of
from socialflow.items import Command
from socialflow.people import SYSTEM, Member
from socialflow.plain import canonical
from socialflow.plans import plan_of
from socialflow.queries import Change, Delivery, Effects, History

__all__ = ["HEARD", "Attempt", "Hearing", "Outcomes"]

Outcomes = Mapping[str, Mapping[str, str]]
"""By the name of an effect: for what came of it, the action by which its item hears of it."""

HEARD = ("delivered", "refused", "unknown", "found", "missing")
"""What an item can hear: what came of it, and then what somebody found who has looked."""

WORDS = {"delivered": "delivered", "dead": "refused", "unconfirmed": "unknown"}
NOT_HEARD = (Refused, UsageError, EndlessSettling, DefinitionLost)
TIMES = 3


@attrs.frozen
class Attempt:
    """What came of one effect that was ready.

    Attributes:
        delivery: How far it has come.
        outcome: What the channel said, or what is to be assumed.
        unheard: Why that was not taken in; empty if it was.
    """

    delivery: Delivery
    outcome: Outcome
    unheard: str = ""


@attrs.frozen
class Hearing:
    """How the items of an engine hear of their effects.

    Attributes:
        engine: Whose items they are.
        outcomes: By which actions they hear.
    """

    engine: Engine
    outcomes: Outcomes

    def effect(self, key: str) -> Delivery:
        """The effect with that key, as far as it has come.

        Raises:
            EffectNotFound: There is none.
        """
        for one in self.engine.store.rows(Effects(item=key.rsplit("/", 2)[0])):
            if one.key == key:
                return one
        raise EffectNotFound(key)

    def write(self, *deliveries: Delivery) -> None:
        """Write how far effects have come, and nothing else."""
        if deliveries:
            with self.engine.store.begin() as work:
                work.write(Change(deliveries=deliveries))

    def tell(self, came: Iterable[tuple[Delivery, Outcome, datetime]]) -> list[Attempt]:
        """Write how far each effect has come, at which moment, and what its item does about it.

        Those that their items have no word for are written together, when all have come.
        """
        attempts: list[Attempt] = []
        unspoken: list[int] = []
        for after, outcome, at in came:
            action = self.action(after, WORDS.get(after.state, ""))
            if action is None:
                unspoken.append(len(attempts))
                attempts.append(Attempt(after, outcome))
            else:
                write = partial(self._have_heard, after, outcome, action, at)
                attempts.append(self._surely(write, Attempt(after, outcome)))
        try:
            self.write(*(attempts[n].delivery for n in unspoken))
        except (StaleDelivery, Uncertain):
            for n in unspoken:
                attempts[n] = self._surely(partial(self._written, attempts[n]), attempts[n])
        return attempts

    def action(self, delivery: Delivery, word: str) -> str | None:
        """The action by which the item of an effect hears that word, if it has one."""
        return self.outcomes.get(delivery.name, {}).get(word)

    def has_heard(self, delivery: Delivery) -> bool:
        """Whether the item has done something about how far the effect has come."""
        return any(self.engine.store.rows(History(key=key_of(delivery))))

    def is_open(self, delivery: Delivery, action: str | None) -> bool:
        """Whether an action is open where the item of an effect is now."""
        return action is not None and bool(self._ways(delivery.item, action))

    def perform(
        self, after: Delivery, action: str, by: str | Member, told: Mapping[str, Any]
    ) -> None:
        """Write how far an effect has come together with the action of somebody.

        Raises:
            Refused: With every objection to the action; nothing was written.
            StaleDelivery: The effect has come further since.
        """
        data = self._asked_for(after.item, action, told)
        key = None if action == "note" else key_of(after)
        command, member = self.engine._command(action, by, data, None, None, key, None)
        self.engine._writer.performed(after.item, command, member, (after,))

    # -- inside

    def _surely(self, write: Callable[[], Attempt], attempt: Attempt) -> Attempt:
        """Write until it is certain that it is written, or that somebody else was faster."""
        for _ in range(TIMES):
            try:
                return write()
            except Uncertain:
                continue
            except StaleDelivery:
                break
        return self._too_late(attempt)

    def _written(self, attempt: Attempt) -> Attempt:
        self.write(attempt.delivery)
        return attempt

    def _have_heard(self, after: Delivery, outcome: Outcome, action: str, at: datetime) -> Attempt:
        told = {"evidence": outcome.told, "attempts": self._failures(after), **outcome.data}
        try:
            data = self._asked_for(after.item, action, told)
            command = Command(action, SYSTEM.id, at, data, key=key_of(after))
            self.engine._writer.performed(after.item, command, SYSTEM, (after,))
        except NOT_HEARD as error:
            why = f"{action!r} was not possible: {error}"
            after = attrs.evolve(after, state="unconfirmed", told=f"{_said(outcome)}; {why}")
            unheard = Attempt(after, outcome, why)
            return self._surely(partial(self._written, unheard), unheard)
        return Attempt(after, outcome)

    def _too_late(self, attempt: Attempt) -> Attempt:
        """Somebody else has seen to it meanwhile; whoever looks into it is told what came of it."""
        now, outcome = self.effect(attempt.delivery.key), attempt.outcome
        if now == attempt.delivery:
            return attempt
        if now.state == "unconfirmed":
            told = f"{now.told}; later: {_said(outcome)}"
            now = attrs.evolve(now, turn=now.turn + 1, told=told)
            with suppress(StaleDelivery):
                self.write(now)
        return Attempt(now, outcome, "somebody else has seen to it meanwhile")

    def _failures(self, after: Delivery) -> int:
        """How many effects of that name the item has that were not delivered, this one included."""
        asked = Effects(item=after.item, name=after.name)
        return sum(one.state != "delivered" for one in self.engine.store.rows(asked))

    def _asked_for(self, item: str, action: str, told: Mapping[str, Any]) -> dict[str, Any] | None:
        """What the form of an action asks for, as far as there is something to tell."""
        forms = [way.form for way in self._ways(item, action) if way.form is not None]
        if not forms:
            return None
        return {name: told[name] for name in fields_of(forms[0]) if name in told}

    def _ways(self, item_id: str, action: str) -> Any:
        item = self.engine.item(item_id)
        return plan_of(self.engine.workflow(item)).open(item.tokens, action)


def key_of(delivery: Delivery) -> str:
    """The idempotency key under which an item hears how far an effect has come."""
    return f"{delivery.key}/{delivery.turn}"


def _said(outcome: Outcome) -> str:
    """An outcome as somebody reads it."""
    data = canonical(outcome.data) if outcome.data else ""
    return " ".join(part for part in (outcome.kind, outcome.told, data) if part)
