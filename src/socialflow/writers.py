"""The write path: load, decide, write, announce; with the family, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import attrs

from socialflow.answers import Answers
from socialflow.carrying import NOBODY_BELOW, Announce, Carrier
from socialflow.cases import NO_FACTS, Facts
from socialflow.definitions import Workflow
from socialflow.errors import (
    Contended,
    ItemExists,
    ItemNotFound,
    KeyTaken,
    Refusal,
    Refused,
    StaleItem,
)
from socialflow.items import Command, Event, Item, Origin
from socialflow.judges import Judge
from socialflow.people import Member
from socialflow.protocols import Store, UnitOfWork
from socialflow.queries import Change, Delivery, Duty, Items, Later
from socialflow.shelf import NotMet, Shelf
from socialflow.turns import Turn, Turns
from socialflow.watching import Watch

__all__ = ["ATTEMPTS", "NOTHING", "Announce", "FamilyMatter", "Known", "Writer"]

ATTEMPTS = 12
Decide = Callable[[UnitOfWork, Item], Event | Refusal]


@attrs.frozen
class Writer:
    """What an engine writes with.

    Attributes:
        store: Where items live.
        shelf: The definitions.
        judge: Decides.
        answers: What was said under idempotency keys.
        announce: Called after the commit for every event, in order.
        watch: Counts, and tells the log.
        turns: Whose turn it is at an item, among the threads of this process.
        carrier: Writes what is decided, and what follows from it.
    """

    store: Store
    shelf: Shelf
    judge: Judge
    answers: Answers
    announce: Announce
    watch: Watch
    turns: Turns = attrs.field(factory=Turns)
    carrier: Carrier = attrs.field(init=False)

    @carrier.default
    def _carrier(self) -> Carrier:
        return Carrier(self.shelf, self.judge, self.announce, self.refused)

    @property
    def tries_again(self) -> bool:
        """Whether what the database gave up on can be begun again: not what a host has begun."""
        return getattr(self.store, "tries_again", True)

    def born(
        self,
        workflow: Workflow,
        id: str,
        command: Command,
        member: Member,
        origin: Origin,
        contributors: tuple[str, ...] = (),
        known: str | None = None,
    ) -> Item:
        """The new item, below its parent if it has one.

        Args:
            workflow: The definition that will hold it.
            id: Of the new item.
            command: ``create`` or ``adopt``.
            member: Who asks.
            origin: What the item is born with.
            contributors: Ids of those who have written what is adopted.
            known: The id, if it was the caller who said it.

        Raises:
            Refused: With every objection; nothing was written.
            ItemNotFound: There is no such parent.
            ItemExists: Another item has that id or ref.
        """
        outcome = self.judge.found(workflow, id, command, member, origin, contributors)
        if isinstance(outcome, Refusal) and command.key is None:
            raise self.refused(id, command, outcome)
        attempts = reversed(range(ATTEMPTS))
        while True:
            try:
                return self._begun(id, command, outcome)
            except ItemExists as taken:
                if known is None and taken.ref is not None and taken.item == id:
                    raise ItemExists("", taken.ref) from taken
                raise
            except KeyTaken:
                return self.again(command, known, origin)
            except NotMet as old:
                self.shelf.pinned(old.digest)
            except Contended:
                if not self.tries_again or not next(attempts):
                    raise
                self.watch.try_again("contended", id, command, self.store)

    def _begun(self, id: str, command: Command, outcome: Event | Refusal) -> Item:
        above = outcome.origin.parent if isinstance(outcome, Event) and outcome.origin else None
        with self.store.begin(*self.line_of(above)) as work:
            if isinstance(outcome, Event):
                return self.carrier.carry(work, None, outcome)
            if command.key is not None and work.answer(command.key) is not None:
                raise KeyTaken(command.key)
        raise self.refused(id, command, outcome)

    def refused(self, id: str, command: Command, refusal: Refusal) -> Refused:
        """What is raised where a command is refused; it is counted."""
        self.watch.refuse(id, command, refusal, self.store)
        return Refused(refusal)

    def again(self, command: Command, id: str | None, origin: Origin | None = None) -> Item:
        """The item as it was after the same command was given under the same key.

        Raises:
            Refused: The key belongs to another command.
        """
        item = self.answers.again(command, id, origin)
        self.watch.repeat(item.id, command, self.store)
        return item

    def performed(
        self,
        item_id: str,
        command: Command,
        member: Member,
        deliveries: tuple[Delivery, ...] = (),
    ) -> Item:
        """The item after the command, and what became of effects written with it.

        Raises:
            Refused: With every objection; nothing was written.
            StaleItem: The item is not at the version ``command.expect``.
            StaleDelivery: An effect has come further since.
        """
        attempts = reversed(range(ATTEMPTS))
        alone: tuple[str, ...] = ()
        with self.turns.of(item_id) as turn:
            while True:
                known = self.known(item_id, command.action, command.at)
                try:
                    with self.store.begin(*alone) as work:
                        work.after_commit(turn.give_back)
                        before = work.item(item_id)
                        item = self.tried(work, before, command, member, known, bool(alone))
                        if deliveries:
                            work.write(Change(deliveries=deliveries))
                        return item
                except KeyTaken:
                    return self.again(command, item_id)
                except NotMet as old:
                    self.shelf.pinned(old.digest)
                except FamilyMatter:
                    alone = self.line_of(item_id)
                except StaleItem:
                    if self.answers.has(command):
                        return self.again(command, item_id)
                    if not self._is_as_expected(item_id, command) or not next(attempts):
                        raise
                    self.watch.try_again("stale", item_id, command, self.store)
                    alone = self.line_of(item_id)
                except Contended:
                    if not self.tries_again or not next(attempts):
                        raise
                    self.watch.try_again("contended", item_id, command, self.store)

    def _is_as_expected(self, item_id: str, command: Command) -> bool:
        """Whether a command is about the item as it is: a note is an entry, but no version."""
        if command.expect is None:
            return True
        item = next(self.store.rows(Items(id=item_id)), None)
        return item is not None and item.version == command.expect

    def fallen_due(self, duty: Duty, at: datetime) -> Event | Refusal | None:
        """What has become of something that was due; what is refused is put off.

        It is tried again as long after *at* as it is overdue by then, a minute at least, a day at
        most.

        Raises:
            Contended: The database has given up on the transaction, which a host has begun.
        """
        item = next(self.store.rows(Items(id=duty.item)))
        known = self.known_of(item, "", at)
        with self.turns.of(item.id) as turn:
            while True:
                try:
                    return self._swept(duty, at, known, self.line_of(item.id), turn)
                except (KeyTaken, StaleItem):
                    return None
                except Contended:
                    if not self.tries_again:
                        raise
                    return None
                except NotMet as old:
                    self.shelf.pinned(old.digest)

    def _swept(
        self, duty: Duty, at: datetime, known: Known, alone: tuple[str, ...], turn: Turn
    ) -> Event | Refusal | None:
        with self.store.begin(*alone) as work:
            work.after_commit(turn.give_back)
            before = work.item(duty.item)
            outcome = self.judge.due(work, before, duty.stage, at, known.facts)
            if isinstance(outcome, Event):
                self.carrier.carry(work, before, outcome, below=known.below)
            elif outcome is not None:
                overdue = at - (duty.due or at)
                pause = min(max(overdue, timedelta(minutes=1)), timedelta(days=1))
                work.write(Change((), (Later(duty.item, duty.stage, at + pause),)))
        if isinstance(outcome, Refusal):
            self.watch.put_off_duty(duty, outcome, self.store)
        return outcome

    def tried(
        self,
        work: UnitOfWork,
        before: Item,
        command: Command,
        member: Member,
        known: Known,
        is_alone: bool,
    ) -> Item:
        """The item after the command, written by *work*, which has read it as it was *before*.

        Raises:
            Refused: With every objection.
            KeyTaken: The command's key has been used.
            StaleItem: The item is not at the version that is expected, or that was looked at.
            FamilyMatter: The family matters, and *is_alone* is not so: it is not held.
        """
        outcome = self.judged(work, before, command, member, known)
        if isinstance(outcome, Event):
            if not is_alone and self.concerns_family(before, command, outcome):
                raise FamilyMatter
            return self.carrier.carry(work, before, outcome, below=known.below)
        if command.key is not None and work.answer(command.key) is not None:
            raise KeyTaken(command.key)
        if outcome is None:
            raise StaleItem(before.id, command.expect or known.version or 0, before.version)
        if not is_alone and self.concerns_family(before, command):
            raise FamilyMatter
        raise self.refused(before.id, command, outcome)

    def judged(
        self, work: UnitOfWork, before: Item, command: Command, member: Member, known: Known
    ) -> Event | Refusal | None:
        """The decision on a command; None if the item is not at the version it is about."""
        now = (None, before.version)
        if command.expect not in now or known.version not in now:
            return None
        return self.judge.decide(work, before, command, member, known.facts)

    def concerns_family(self, before: Item, command: Command, event: Event | None = None) -> bool:
        """Whether what others of the family do matters to a decision, or its *event* to them."""
        if self.shelf.inside and self.judge.looks_around(before, command.action):
            return True
        if event is None:
            return False
        if event.effects and event.outgoing != event.effects:
            return True
        if before.beside.parent is None:
            return False
        return tuple([token.state for token in event.tokens]) != before.marking

    def known(self, item_id: str, action: str, at: datetime) -> Known:
        """What rules need from outside to judge an action."""
        if not self.shelf.facts:
            return NOTHING
        item = next(self.store.rows(Items(id=item_id)), None)
        if item is None:
            raise ItemNotFound(item_id)
        return self.known_of(item, action, at)

    def known_of(self, item: Item, action: str, at: datetime) -> Known:
        """The same, of an item that has been read."""
        facts = self.judge.facts(item, action, at)
        below = self.judge.facts_below(self.store, item, action, at)
        return Known(facts, item.version if facts is not NO_FACTS else None, below)

    def line_of(self, id: str | None) -> tuple[str, ...]:
        """Ids of an item and all above it, the topmost first: the order in which to hold them."""
        line: list[str] = []
        while id is not None:
            line.append(id)
            found = next(self.store.rows(Items(id=id)), None)
            id = found.parent if found is not None else None
        return tuple(reversed(line))

    def decided(self, item_id: str, decide: Decide) -> Item | Refusal:
        """What has become of the item after what *decide* says of it as it is now.

        Raises:
            StaleItem: Somebody else has written it meanwhile.
        """
        with self.store.begin() as work:
            before = work.item(item_id)
            outcome = decide(work, before)
            if isinstance(outcome, Event):
                return self.carrier.carry(work, before, outcome)
        return outcome


class FamilyMatter(Exception):
    """What others of the family are doing matters, so none of them may do anything meanwhile."""


@attrs.frozen
class Known:
    """What was fetched from outside before a transaction.

    Attributes:
        facts: What rules of the item need.
        version: The version of the item that they are about, if they are about one.
        below: The same for children that may be told something, by their ids.
    """

    facts: Facts
    version: int | None
    below: Mapping[str, Facts]


NOTHING = Known(NO_FACTS, None, NOBODY_BELOW)
