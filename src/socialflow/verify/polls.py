"""Polls: what is decided by votes, in a view in which no vote is kept."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, product

import attrs

from socialflow.decisions import apply
from socialflow.items import Command
from socialflow.people import Member
from socialflow.plain import FrozenDict
from socialflow.verify.models import Model
from socialflow.verify.states import State
from socialflow.verify.steps import Group, Ran, Stepping
from socialflow.ways import Way

__all__ = ["Polls"]


@attrs.frozen
class Polls:
    """Takes the steps that several members take together, one voting after the other."""

    stepping: Stepping

    @property
    def model(self) -> Model:
        """What it is about."""
        return self.stepping.model

    def leaving(self, state: State) -> Iterator[Group]:
        """What is carried by votes that are all given at once.

        Where not everybody is followed no vote is kept: whoever may vote now could have done so
        before, and the other way round, as long as they have not written the content since.
        """
        if self.model.view.everybody:
            return
        for token in state.item.tokens:
            for way in self.model.plan.balloted.get(token.state, ()):
                if way.name != "force" and self.model.is_taken(way):
                    yield from self._voted_for(state, way)

    def _voted_for(self, state: State, way: Way) -> Iterator[Group]:
        followed = [one for one in self.model.doers(way) if self.model.view.follows(one.id)]
        others = [one for one in self.model.doers(way) if one not in followed]
        for first in self._several(state, followed):
            yield from self.voted(state, way, first, others)
        if self.model.view.roles or self.model.view.kinds:
            for voter in self._told_apart(way, others):
                yield from self._one_vote(state, way, voter, others)

    def _told_apart(self, way: Way, others: list[Member]) -> list[Member]:
        """One of each set of roles that are told apart, and of each kind."""
        found = {(self.model.roles_of(one, way.full), one.kind): one for one in reversed(others)}
        return [one for (roles, _), one in found.items() if roles or self.model.view.kinds]

    def _one_vote(
        self, state: State, way: Way, voter: Member, others: list[Member]
    ) -> Iterator[Group]:
        """That one member votes, as soon as they are let: a deed, even if nothing comes of it."""
        line = [one for one in others if one is not voter]
        for data, to in self._papers(way, state):

            def run(data: FrozenDict | None = data, to: str | None = to) -> Ran | None:
                return self._until(state, way, voter, line, data, to)

            yield from self.stepping.taken("voted", state, run, doers=(voter,), way=way)

    def _until(
        self,
        state: State,
        way: Way,
        voter: Member,
        line: list[Member],
        data: FrozenDict | None,
        to: str | None,
    ) -> Ran | None:
        """The vote of one member, after as many others as it takes; None if they have none."""
        item, facts = state.item, self.stepping.facts(state)
        orders: list[Command] = []
        for other in (*line, None):
            for member in (voter, other):
                if member is None:
                    continue
                command = Command(way.full, member.id, self.model.setting.at, data, to)
                event = self.stepping.decided(item, facts, command, member)
                if event is None:
                    continue
                orders.append(command)
                if member is voter:
                    return Ran(item, event, tuple(orders))
                if any(move.cause == way.full for move in event.moves):
                    return None
                item = apply(item, event)
        return None

    def voted(
        self, state: State, way: Way, first: tuple[Member, ...], others: list[Member]
    ) -> Iterator[Group]:
        """What is carried by the votes of the *first* with those of some of the *others*."""
        self.stepping.forgetting.remember(state.item)
        papers = self._papers(way, state)
        for (data, to), line in product(papers, self._lines(way, others)):

            def run(
                data: FrozenDict | None = data, to: str | None = to, line: list[Member] = line
            ) -> Ran | None:
                return self._carried(state, way, first, line, data, to)

            voters = (*first, *line)
            yield from self.stepping.taken("voted", state, run, doers=first, way=way, voters=voters)

    def _papers(self, way: Way, state: State) -> list[tuple[FrozenDict | None, str | None]]:
        """What may be voted on: data of every sort, and every target."""
        return [*product(self.stepping.orders.data(way, state), way.choices or (None,))]

    def _several(self, state: State, followed: list[Member]) -> list[tuple[Member, ...]]:
        """Whoever of those who are followed may vote together; of one group, so many of them."""
        groups = self.model.sorts.groups(state.item, followed)
        shares = [[one[:n] for n in range(len(one) + 1)] for one in groups]
        chosen = (tuple(chain.from_iterable(parts)) for parts in product(*shares))
        return sorted(chosen, key=len)

    def _lines(self, way: Way, others: list[Member]) -> list[list[Member]]:
        """All of them, and all but those of each role that is told apart."""
        lines = [others]
        for role in sorted(self.model.view.roles):
            without = [one for one in others if role not in self.model.roles_of(one, way.full)]
            if len(without) < len(others):
                lines.append(without)
        return lines

    def _carried(
        self,
        state: State,
        way: Way,
        first: tuple[Member, ...],
        line: list[Member],
        data: FrozenDict | None,
        to: str | None,
    ) -> Ran | None:
        """Those who vote whenever they are let, and the others in turn, until it is carried.

        None if it is not, or if not all of the *first* were needed.
        """
        item, facts = state.item, self.stepping.facts(state)
        orders: list[Command] = []
        waiting = list(first)
        turns = [*waiting]
        for other in (*line, *line):
            turns += (other, *first)
        for member in turns:
            if member in first and member not in waiting:
                continue
            command = Command(way.full, member.id, self.model.setting.at, data, to)
            event = self.stepping.decided(item, facts, command, member)
            if event is None:
                continue
            orders.append(command)
            if member in waiting:
                waiting.remove(member)
            if any(move.cause == way.full for move in event.moves):
                return None if waiting else Ran(item, event, tuple(orders))
            item = apply(item, event)
        return None
