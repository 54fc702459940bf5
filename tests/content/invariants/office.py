"""An office at work: random people take random steps, through the public engine and nothing else.

What can be done is asked of the engine; what is said with it, of the form.  What has not been done
yet is done rather than what has, so that the late stages are reached.  Books are kept of all that
happens: see `books`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import attrs
from books import Attempt, Book, Told
from entries import entries
from proposals import beginnings, rank, spread_over, what_to_say
from teams import HERE, staff, team

from socialflow import Engine, Event, Item, Member, Team, Workflow
from socialflow.errors import SocialflowError
from socialflow.options import Option
from socialflow.people import SYSTEM
from socialflow.protocols import Store
from socialflow.queries import Items
from socialflow.standing import STANDING
from socialflow.stores.memory import MemoryStore

__all__ = ["MORNING", "Office"]

MORNING = datetime(2026, 5, 4, 8, tzinfo=UTC)
PAUSES = (timedelta(minutes=6), timedelta(minutes=45), timedelta(hours=7), timedelta(days=2))
BELOW = 6
"""How many items below another one are enough."""


class Office:
    """An engine, its people and a clock; every step is a matter of chance.

    Args:
        chance: Decides everything.
        workflow: Of the first item.
        books: What is written down; each may find that a law is broken.
        people: Who works here; a random team, if not said.
        store: Where the items live; in memory, if not said.
        agencies: How many of a random team are of an agency.
        asked: How often each action has been asked for already; the others are asked for rather.
    """

    def __init__(
        self,
        chance: Random,
        workflow: Workflow,
        books: Iterable[Book] = (),
        people: Team | None = None,
        store: Store | None = None,
        agencies: int = 1,
        asked: Counter[str] | None = None,
    ) -> None:
        self.chance, self.workflow, self.books = chance, workflow, tuple(books)
        self.now = MORNING
        self.people = people or team(chance, workflow, MORNING, agencies)
        self.store = store or MemoryStore()
        ids = count(1)
        self.engine = Engine(
            self.store,
            workflow,
            self.people,
            clock=lambda: self.now,
            new_id=lambda: f"item {next(ids)}",
        )
        self.taken: Counter[str] = Counter()
        self.asked: Counter[str] = Counter() if asked is None else asked
        self.heard: list[Told] = []
        self._said: dict[tuple[str, str], tuple[Any, str | None]] = {}
        self._keyed: list[Attempt] = []
        self._keys = count(1)
        self.engine.signals.performed.connect(self._hear)

    def _hear(self, _: object, item: Item, event: Event, before: Item | None) -> None:
        self.heard.append(Told(before, item, event))
        self.taken.update({event.action, *(move.cause for move in event.moves)})

    # -- what there is

    @property
    def items(self) -> list[Item]:
        """Every item there is, the oldest first."""
        return list(self.store.rows(Items()))

    def of(self, item: Item) -> Workflow:
        """The definition that holds an item."""
        return self.engine.workflow(item)

    # -- the day

    def open(self, at: str | None = None) -> Office:
        """Begin: with an idea of somebody's, or with an item that is half-way already."""
        at = at or self.chance.choice(beginnings(self.workflow))
        chief = Member("chief", sorted(self.workflow.role_names - {"agency_member"}))
        data = self.entries(self.workflow.fields, share=self.chance.choice((0.1, 0.3, 0.7)))
        for field in {*spread_over(self.workflow)} & {*attrs.fields_dict(self.workflow.fields)}:
            data[field] = self.chance.choice((["blog"], ["blog", "news"]))
        first = Attempt("adopt" if at else "create", "", chief, data, at, born="root")
        assert self.carry_out(first) is not None, first
        return self

    def rush(self, tries: int = 30) -> Office:
        """Have fresh staff take what leads on, until there is something below the first item."""
        for _ in range(tries):
            (item, *below) = self.items
            if below:
                break
            shown = [
                (member, option)
                for member in staff(self.workflow)
                for option in self.engine.options(item.id, by=member)
                if option.answer != "no"
            ]
            weights = [
                (rank(self.workflow, option.action) / (1 + self.asked[option.action])) ** 2
                for _, option in shown
            ]
            ((member, option),) = self.chance.choices(shown, weights)
            self.carry_out(self.attempt(item, member, option))
        return self

    def work(self, steps: int) -> Office:
        """Take so many steps."""
        for _ in range(steps):
            self.step()
        return self

    def step(self) -> None:
        """Take one step, of whichever kind."""
        (take,) = self.chance.choices(
            (self._act, self._report, self._sweep, self._bear, self._blunder, self._repeat),
            (60, 14, 8, 6, 8, 4),
        )
        take()
        self.now += timedelta(minutes=self.chance.randint(1, 9))

    def carry_out(self, attempt: Attempt) -> Item | None:
        """Try something, and have all books look at what came of it."""
        before = len(self.heard)
        self.asked[attempt.action] += 1
        for book in self.books:
            book.before(self, attempt)
        try:
            item = self._ask(attempt)
        except SocialflowError as error:
            for book in self.books:
                book.refused(self, attempt, error)
            return None
        for book in self.books:
            for told in self.heard[before:]:
                book.happened(self, told)
            book.after(self, attempt, item)
        return item

    def _ask(self, attempt: Attempt) -> Item:
        known = self.people.member(attempt.by.id) is not None
        by = attempt.by.id if known else attempt.by
        if attempt.born:
            parent = attempt.item or None
            if attempt.action == "adopt":
                return self.engine.adopt(
                    attempt.born if parent else self.workflow.name,
                    at=str(attempt.to),
                    by=by,
                    data=attempt.data,
                    scope=HERE,
                    parent=parent,
                )
            return self.engine.create(
                attempt.born if parent else self.workflow.name,
                by=by,
                data=attempt.data,
                scope=HERE,
                parent=parent,
                key=attempt.key,
            )
        return self.engine.perform(
            attempt.item,
            attempt.action,
            by=by,
            data=attempt.data,
            to=attempt.to,
            key=attempt.key,
            waive=attempt.waive,
        )

    # -- steps

    def _act(self) -> None:
        """Somebody does what is open to them."""
        item = self._some_item()
        found: dict[str, list[tuple[Member, Option]]] = {}
        for member in self.people.members:
            for option in self.engine.options(item.id, by=member.id):
                if option.answer != "no":
                    found.setdefault(option.action, []).append((member, option))
        if found:
            weights = [rank(self.of(item), name) / (1 + self.asked[name]) for name in found]
            (action,) = self.chance.choices(list(found), weights)
            self.carry_out(self._as_before(self.attempt(item, *self.chance.choice(found[action]))))

    def attempt(self, item: Item, member: Member, option: Option) -> Attempt:
        """The command that takes an option."""
        data, to = what_to_say(self, item, option), None
        if option.targets:
            to = self.chance.choice(option.targets)
        return Attempt(option.action, item.id, member, data, to)

    def _as_before(self, attempt: Attempt) -> Attempt:
        """The same with a key now and then, or with what somebody else has said to it."""
        known = self._said.get((attempt.item, attempt.action))
        if known is not None and self.chance.random() < 0.5:
            attempt = attrs.evolve(attempt, data=known[0], to=known[1])
        self._said[attempt.item, attempt.action] = attempt.data, attempt.to
        if self.chance.random() < 0.3:
            attempt = attrs.evolve(attempt, key=f"key {next(self._keys)}")
            self._keyed.append(attempt)
        return attempt

    def _report(self) -> None:
        """The system tells what became of something outside."""
        open_ = [
            (item, f"{stage.name}.{action.name}", action.data)
            for item in self.items
            for stage in self.of(item).stages
            for action in stage.actions
            if SYSTEM.id in (action.roles or ())
            and any(stage.full(source) in item.marking for source in action.sources)
        ]
        if open_:
            item, name, form = self.chance.choice(open_)
            data = self.entries(form) if form else None
            self.carry_out(Attempt(name, item.id, SYSTEM, data))

    def _sweep(self) -> None:
        """Time goes by, and what is due happens; a second sweep finds nothing more."""
        self.now += self.chance.choice(PAUSES)
        for _ in range(2):
            before = len(self.heard)
            self.engine.run_due()
            for book in self.books:
                for told in self.heard[before:]:
                    book.happened(self, told)

    def _bear(self) -> None:
        """Something comes in below an item: a comment, or whatever else there can be."""
        parents = [item for item in self.items if self.of(item).kinds]
        parent = self.chance.choice(parents)
        if len(self.engine.children(parent.id)) < BELOW:
            kind = self.chance.choice(sorted(self.of(parent).kinds))
            data = self.entries(self.of(parent).kinds[kind].fields)
            by = self.chance.choice((SYSTEM, *self.people.members))
            self.carry_out(Attempt("create", parent.id, by, data, born=kind))

    def _blunder(self) -> None:
        """Somebody asks for anything, open or not, with whatever data."""
        item = self._some_item()
        name = self.chance.choice((*self.of(item).action_names, *STANDING))
        form = self.chance.choice((None, *filter(None, STANDING.values())))
        data = self.entries(form) if form else None
        self.carry_out(Attempt(name, item.id, self.chance.choice(self.people.members), data))

    def _repeat(self) -> None:
        """What was asked for with a key is asked for again."""
        if self._keyed:
            again = self.chance.choice(self._keyed)
            self.carry_out(attrs.evolve(again, repeated=True))

    # -- what is said

    def _some_item(self) -> Item:
        """One that has not ended, rather; of those below as often as of the first."""
        live = [item for item in self.items if not item.ended]
        if not live or self.chance.random() < 0.05:
            live = self.items
        kinds = {
            item.workflow: [one for one in live if one.workflow == item.workflow] for item in live
        }
        first, *others = kinds
        if others and self.chance.random() < 0.5:
            first = self.chance.choice(others)
        return self.chance.choice(kinds[first])

    def entries(
        self, form: type | None, known: Iterable[str] = (), share: float = 0.4
    ) -> dict[str, Any]:
        """A value for every field of a form, and for some of those that may be left out."""
        return entries(self.chance, form, self.now, known, share) if form else {}
