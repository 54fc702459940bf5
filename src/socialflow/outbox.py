"""The outbox: hands effects to channels, and has their items hear what came of it.

An effect is queued in the transaction of its event.  Whoever delivers takes what is ready for a
while, calls the channel outside of any transaction, and writes what came of it together with the
action by which the item hears of it.  While an effect is ``queued``, it is certainly not done; from
when it is ``taken`` until an outcome is written, nobody knows.  If whoever has taken it does not
come back, it depends on the channel what happens: it is called again, or asked, or the effect is
``unconfirmed`` until somebody has looked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile
from random import uniform

import attrs

from socialflow import arguments
from socialflow.channels import Outcome, try_again, unknown
from socialflow.decisions import rebuild
from socialflow.engine import Engine
from socialflow.errors import Objection, Refusal, Refused, WrongArgument, nearest
from socialflow.hearing import Attempt, Hearing, Outcomes
from socialflow.items import Item
from socialflow.people import Member
from socialflow.protocols import Channel
from socialflow.queries import Change, Delivery, Effects, Heads, History, Items, Tallies, Tally
from socialflow.wiring import make_sure_they_fit

__all__ = ["Attempt", "Outbox", "doubling"]

RESOLVED = {
    "delivered": ("delivered", "found"),
    "again": ("queued", ""),
    "drop": ("dead", "missing"),
}
"""What somebody who has looked may say of an effect: how far it is then, and what is heard."""

Taken = tuple[Delivery, Delivery]
MAYBE_DONE = ("taken", "delivered", "unconfirmed")


def doubling(
    first: timedelta = timedelta(seconds=10), most: timedelta = timedelta(hours=1)
) -> Callable[[int], timedelta]:
    """How long to wait after each attempt: twice as long as before, and by chance up to half less.

    Example:
        >>> timedelta(seconds=20) <= doubling()(3) <= timedelta(seconds=40)
        True
    """

    def pause(attempts: int) -> timedelta:
        return uniform(0.5, 1) * min(first * 2.0 ** min(attempts - 1, 32), most)

    return pause


class Outbox:
    """Delivers the effects of an engine's items.  Any number of them may do so at once.

    Args:
        engine: Whose items they are.
        channels: Where each kind of work goes, by the name of the effect. Effects of other names
            stay where they are, and nothing waits for them.
        outcomes: By which actions items hear what came of it, by the name of the effect: for any
            of ``delivered``, ``refused``, ``unknown``, and for what somebody found who looked,
            ``found`` or ``missing``.
        lease: How long an effect is left to whoever has taken it: longer than any call takes.
        retries: How often it is tried again; then it is dead, or unconfirmed.
        backoff: How long to wait after so many attempts; `doubling()`, if not said.

    Raises:
        WrongArgument: *engine* is no Engine; a channel does not say what it can; an outcome is
            none, or no workflow with that effect has its action; or the name of an effect is
            misspelt. One that is unlike all that are known is only a warning in the log.
    """

    def __init__(
        self,
        engine: Engine,
        channels: Mapping[str, Channel],
        *,
        outcomes: Outcomes | None = None,
        lease: timedelta = timedelta(minutes=5),
        retries: int = 8,
        backoff: Callable[[int], timedelta] | None = None,
    ) -> None:
        make_sure_they_fit(engine, channels, outcomes or {})
        self._engine = engine
        self._channels = dict(channels)
        self._hearing = Hearing(engine, outcomes or {})
        self._lease = lease
        self._limit = retries + 1
        self._backoff = backoff or doubling()

    # -- delivering

    def deliver(self, now: datetime | None = None, *, limit: int = 100) -> tuple[Attempt, ...]:
        """Hand what is ready to its channels.

        Args:
            now: As of when; the engine's clock, if not said.
            limit: At most so many effects.

        Returns:
            What came of each, in the order in which they were handed over.
        """
        time = self._engine._time if now is None else partial(arguments.moment, "now", now)
        attempts: list[Attempt] = []
        while limit > 0 and (taken := self._take(time(), limit)):
            limit -= len(taken)
            for attempt in self._hearing.tell(self._handed_over(taken, time)):
                self._engine._watch.deliver(attempt.delivery, self._engine.store)
                attempts.append(attempt)
        return tuple(attempts)

    def _take(self, now: datetime, limit: int) -> list[Taken]:
        """Take what is ready: as it was, and as it is taken."""
        among = tuple(self._channels)
        with self._engine.store.begin() as work:
            queries = [Effects(name=name, ready=now, among=among, limit=limit) for name in among]
            ready = [one for query in queries for one in work.rows(query)]
            ready.sort(key=lambda one: (one.due, one.item, one.n, one.place))
            taken = [(one, self._taken(one, now)) for one in self._together(ready[:limit])]
            if taken:
                work.write(Change(deliveries=tuple(delivery for _, delivery in taken)))
        return taken

    def _together(self, ready: list[Delivery]) -> Iterator[Delivery]:
        """What may be taken at once: whatever must not be called twice is taken alone."""
        yield from ready[:1]
        if ready and not self._is_delicate(ready[0]):
            yield from takewhile(lambda one: not self._is_delicate(one), ready[1:])

    def _is_delicate(self, delivery: Delivery) -> bool:
        return self._channels[delivery.name].can == "nothing"

    def _taken(self, one: Delivery, now: datetime) -> Delivery:
        due, attempts = now + self._lease, one.attempts + 1
        return attrs.evolve(one, state="taken", due=due, turn=one.turn + 1, attempts=attempts)

    def _handed_over(
        self, taken: list[Taken], time: Callable[[], datetime]
    ) -> Iterator[tuple[Delivery, Outcome, datetime]]:
        """Hand over what was taken, as long as the lease has not run out; what comes, and when."""
        items = self._items([delivery for _, delivery in taken])
        for before, delivery in taken:
            if time() < delivery.due:
                outcome = self._outcome(before.state, delivery, items[delivery.key])
                now = time()
                yield self._after(delivery, outcome, now), outcome, now

    def _items(self, deliveries: list[Delivery]) -> dict[str, Item]:
        """The items of these effects, by their keys: as they were when this was asked for."""
        rows, ids = self._engine.store.rows, tuple({one.item for one in deliveries})
        items = {item.id: item for item in rows(Items(ids=ids))}
        ends = {head.item: head.n for head in rows(Heads(ids=ids))}
        return {
            one.key: items[one.item] if ends[one.item] == one.n else self._as_of(one)
            for one in deliveries
        }

    def _as_of(self, one: Delivery) -> Item:
        entries = self._engine.store.rows(History(one.item, limit=one.n))
        return rebuild(entry.event for entry in entries)

    def _outcome(self, was: str, delivery: Delivery, item: Item) -> Outcome:
        """What the channel says; of what has been handed to it before it depends on what it can."""
        channel = self._channels[delivery.name]
        if delivery.attempts > self._limit or (was == "taken" and channel.can == "nothing"):
            return unknown("whoever had taken it has not come back")
        verifies = was == "taken" and channel.can == "verify"
        try:
            outcome = (channel.verify if verifies else channel.deliver)(delivery, item)
        except Exception as error:
            told = f"{type(error).__name__}: {error}"
            not_done = not verifies and isinstance(error, getattr(channel, "not_done", ()))
            return try_again(told) if not_done else unknown(told)
        if not isinstance(outcome, Outcome):
            return unknown(f"the channel returned {outcome!r}, which is no Outcome")
        return outcome

    def _after(self, delivery: Delivery, outcome: Outcome, now: datetime) -> Delivery:
        """How far an effect has come with that outcome."""
        may_go_on = delivery.attempts < self._limit
        match outcome.kind:
            case "delivered":
                state = "delivered"
            case "refused":
                state = "dead"
            case "try_again":
                state = "queued" if may_go_on else "dead"
            case _:
                state = "unconfirmed"
                if may_go_on and not self._is_delicate(delivery):
                    state = "taken"
        due = now
        if state in ("queued", "taken"):
            pause = outcome.after
            due += self._backoff(delivery.attempts) if pause is None else pause
        turn, told = delivery.turn + 1, outcome.told
        return attrs.evolve(delivery, state=state, due=due, turn=turn, told=told)

    # -- looking, and putting right

    def letters(
        self, state: str = "dead", *, after: Delivery | None = None, limit: int = 50
    ) -> tuple[Delivery, ...]:
        """Effects in a state, those that have been so for longest first.

        Args:
            state: ``"dead"``, ``"unconfirmed"``, or any other.
            after: Go on behind this one, the last one of the page before.
            limit: At most so many.
        """
        return tuple(self._engine.store.rows(Effects(state=state, after=after, limit=limit)))

    def tallies(self) -> tuple[Tally, ...]:
        """How many effects there are, by name and state, and since when they are due."""
        return tuple(self._engine.store.rows(Tallies()))

    def revive(self, key: str) -> Delivery:
        """Deliver once more what is dead.

        Raises:
            EffectNotFound: There is no such effect.
            Refused: It is not dead, its item has heard of it, or a later one has overtaken it.
            StaleDelivery: Somebody else has seen to it at the same moment.
        """
        before = self._hearing.effect(arguments.text("key", key))
        self._make_sure("revive", before, "dead")
        after = self._put(before, "queued", before.told)
        self._hearing.write(after)
        return after

    def resolve(self, key: str, how: str, *, by: str | Member, evidence: str) -> Delivery:
        """Say of an unconfirmed effect what became of it; that is recorded in its item's history.

        What is queued may be dropped, too: an effect that nobody is going to deliver.

        Its item hears of it by the action for ``found`` or ``missing``, if that is open to it; else
        by a note.

        Args:
            key: Of the effect.
            how: ``"delivered"``: it was done. ``"again"``: it was not, and is to be delivered.
                ``"drop"``: it was not, and is not to be any more.
            by: Who has looked.
            evidence: What they saw.

        Raises:
            EffectNotFound: There is no such effect.
            Refused: It is not unconfirmed, nor queued and to be dropped; or, to be delivered again,
                its item has heard of it, or a later one has overtaken it; or that member may not
                say so.
            StaleDelivery: Somebody else has seen to it at the same moment.
        """
        if how not in RESOLVED:
            wanted = "what can be said of an effect"
            raise WrongArgument("how", wanted, repr(how), nearest(str(how), RESOLVED))
        before = self._hearing.effect(arguments.text("key", key))
        states = ("unconfirmed", "queued") if how == "drop" else ("unconfirmed",)
        self._make_sure("again" if how == "again" else "resolve", before, *states)
        state, word = RESOLVED[how]
        after = self._put(before, state, arguments.text("evidence", evidence))
        action = self._hearing.action(before, word)
        if action is None or not self._hearing.is_open(before, action):
            action = "note"
        text = f"effect {before.name} ({key}): {how}: {evidence}"
        self._hearing.perform(after, action, by, {"evidence": evidence, "text": text})
        return after

    def _put(self, before: Delivery, state: str, told: str) -> Delivery:
        due, turn = self._engine._time(), before.turn + 1
        return attrs.evolve(before, state=state, due=due, turn=turn, attempts=0, told=told)

    def _make_sure(self, what: str, one: Delivery, *states: str) -> None:
        """Refuse what cannot be asked of an effect as far as it has come."""
        objections = []
        facts = {"key": one.key, "state": one.state}
        if one.state not in states:
            told = f"the effect {one.key} is {one.state}, not {' or '.join(states)}"
            objections.append(Objection("effect_state", told, "", facts))
        elif what != "resolve":
            if self._hearing.has_heard(one):
                told = f"the item of {one.key} has heard what came of it, and gone on"
                remedy = "have it done anew by an action of the item"
                objections.append(Objection("heard", told, remedy, facts))
            if self._is_overtaken(one):
                told = f"a later effect of the same item has overtaken {one.key}"
                remedy = "have it done anew by an action of the item, or drop it"
                objections.append(Objection("overtaken", told, remedy, facts))
        if objections:
            raise Refused(Refusal(what, tuple(objections)))

    def _is_overtaken(self, one: Delivery) -> bool:
        """Whether a later effect of the item, for one of our channels, may have been delivered."""
        return any(
            later.name in self._channels
            and (later.n, later.place) > (one.n, one.place)
            and later.state in MAYBE_DONE
            for later in self._engine.store.rows(Effects(item=one.item))
        )
