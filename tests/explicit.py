"""Everything that may happen to an item of a small company, one step after the other.

Nothing is forgotten and nobody stands for anybody else: each member gives each command.  Of the
library there is only its core in it, and none of its proofs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import attrs
from small_companies import MOOD

from socialflow import Command, Event, Item, Member, Team, Workflow, decide
from socialflow.births import found
from socialflow.cases import HOLDERS, PAST, Facts
from socialflow.decisions import apply
from socialflow.errors import UnknownAction
from socialflow.items import Origin
from socialflow.plans import plan_of

__all__ = ["AT", "Everything", "Move", "TooMuch"]

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
DATA = (
    {"title": "a", "body": "b"},
    {"title": "a"},
    {"title": "b", "body": "b"},
    {"body": "b"},
    {"body": None},
    {"title": "a"},
    {"title": "b"},
)


class TooMuch(Exception):
    """There is more of it than one would like to look at."""


class Move(NamedTuple):
    """One thing that happens.

    Attributes:
        event: What the core says of it.
        by: Who does it.
        before: The item before.
        item: The item after.
        target: Number of the state.
        sure: What comes of it if the mood is another: that state; None if it is refused then.
    """

    event: Event
    by: Member
    before: Item | None
    item: Item
    target: int
    sure: int | None


class Place(NamedTuple):
    """A state: the item, and what was done last."""

    item: Item
    past: tuple[Event, Item] | None


@attrs.define
class Everything:
    """All states of a small company, and all moves between them."""

    workflow: Workflow
    team: Team
    most: int = 120
    places: list[Place] = attrs.field(factory=list)
    moves: list[list[Move]] = attrs.field(factory=list)
    births: list[Move] = attrs.field(factory=list)
    _known: dict[object, int] = attrs.field(factory=dict)

    @classmethod
    def of(cls, workflow: Workflow, team: Team) -> Everything:
        """All of it.

        Raises:
            TooMuch: There are more states than one would like to look at.
        """
        one = cls(workflow, team)
        one.births = list(one._moods(None, one._born()))
        for n, place in enumerate(one.places):
            if n >= one.most:
                raise TooMuch
            one.moves.append(list(one._moods(place, one._orders())))
        return one

    def _born(self) -> Iterator[tuple[Member, Command]]:
        for by in self.team.members:
            for data in DATA[:2]:
                yield by, Command("create", by.id, AT, data)

    def _orders(self) -> Iterator[tuple[Member, Command]]:
        named = self._asks("responsible_named", "is_responsible")
        names = [*self.workflow.action_names, "undo", "cancel"]
        for by in self.team.members:
            yield from ((by, Command(name, by.id, AT)) for name in names)
            yield from ((by, Command("edit", by.id, AT, data)) for data in DATA[2:])
            for stage in self.workflow.places:
                yield by, Command("reopen", by.id, AT, to=stage)
                if named:
                    yield by, Command("claim", by.id, AT, {"stage": stage})
                    for one in self.team.members:
                        yield by, Command("assign", by.id, AT, {"member": one.id, "stage": stage})

    def _asks(self, *kinds: str) -> bool:
        """Whether there is a rule of one of these kinds; without, some orders change nothing."""
        actions = (one for stage in self.workflow.stages for one in stage.actions)
        return any(rule.kind.name in kinds for one in actions for rule in one.rules)

    # -- one command, in both moods

    def _moods(
        self, place: Place | None, orders: Iterator[tuple[Member, Command]]
    ) -> Iterator[Move]:
        moods = (True, False) if self._asks("moody") else (True,)
        for by, command in orders:
            ends: list[tuple[Event, Item, int] | None] = []
            for MOOD.good in moods:
                event = self._event(place, by, command)
                if event is None:
                    ends.append(None)
                    continue
                item = apply(place.item if place else None, event)
                ends.append((event, item, self._number(place, event, item)))
            for end, other in zip(ends, ends[::-1], strict=True):
                if end is not None:
                    before = place.item if place else None
                    yield Move(end[0], by, before, *end[1:], other[2] if other else None)

    def _event(self, place: Place | None, by: Member, command: Command) -> Event | None:
        holders = {
            role: tuple(one for one in self.team.members if any(g.role == role for g in one.grants))
            for role in self.workflow.role_names
        }
        if place is None:
            origin = Origin(self.workflow.digest)
            told = found(
                self.workflow, "item", command, by, origin, facts=Facts({HOLDERS: holders})
            )
            return told if isinstance(told, Event) else None
        facts = Facts({HOLDERS: holders} | ({PAST: place.past} if place.past else {}))
        try:
            told = decide(self.workflow, place.item, command, by, facts=facts)
        except UnknownAction:
            return None
        return told if isinstance(told, Event) else None

    # -- which of them are the same

    def _number(self, place: Place | None, event: Event, item: Item) -> int:
        undoable = place is not None and plan_of(self.workflow).may_be_undone(event)
        past = (event, place.item) if undoable and place is not None else None
        last = (event.action, event.by, self._key(past[1])) if past else None
        key = self._key(item), last
        if key not in self._known:
            self._known[key] = len(self.places)
            self.places.append(Place(item, past))
        return self._known[key]

    def _key(self, item: Item) -> object:
        visits = {token.stage: token.visit for token in item.tokens}
        last = {
            (vote.by, vote.action, name): (
                vote.choice, vote.revision, visits.get(vote.stage) == vote.visit, vote.to
            )
            for vote in item.votes
            for name in vote.ballots
        }  # fmt: skip
        return (
            tuple((one.state, one.responsible) for one in item.tokens),
            frozenset((one.stage, one.responsible) for one in item.idle if one.responsible),
            item.data,
            frozenset(item.contributors),
            frozenset((s.stage, s.revision, s.ballots) for s in item.signatures),
            frozenset(one for one in last.items() if one[1][2]),
            item.marks,
        )

    # -- what can be said about it

    def breaks(self, begin: Any, after: Callable[[Any, Move], Any]) -> bool:
        """Whether a book that is kept from the birth on comes to `False` anywhere."""
        seen: set[tuple[int, Any]] = set()
        waiting = [(begin, self.births)]
        for book, moves in waiting:
            for move in moves:
                now = after(book, move)
                if now is False:
                    return True
                if (move.target, now) not in seen:
                    seen.add((move.target, now))
                    waiting.append((now, self.moves[move.target]))
        return False

    def is_live(self, n: int) -> bool:
        """Whether the item is not at an end."""
        return not self.places[n].item.marking[0].startswith("end.")

    def hopeless(self, *, lucky: bool) -> bool:
        """Whether from some state no end can be reached; if *lucky*, in whatever mood."""
        good = {n for n in range(len(self.places)) if not self.is_live(n)}
        return len(self._leading(good, lucky)) < len(self.places)

    def _leading(
        self, good: set[int], lucky: bool, let: Callable[[int, Move], bool] = lambda *_: True
    ) -> set[int]:
        grown = True
        while grown:
            found = {
                n
                for n, moves in enumerate(self.moves)
                if n not in good
                for move in moves
                if let(n, move) and move.target in good and (lucky or move.sure in good)
            }
            good, grown = good | found, bool(found)
        return good

    def stranded(self, absent: int, *, lucky: bool) -> bool:
        """Whether somewhere nobody can bring the item anywhere else, with some people away."""
        away: list[frozenset[str]] = [frozenset()]
        if absent:
            away = [frozenset({one.id}) for one in self.team.members]
        return any(self._is_stranded(gone, lucky) for gone in away)

    def _is_stranded(self, gone: frozenset[str], lucky: bool) -> bool:
        markings = [place.item.marking for place in self.places]
        moving: set[int] = {n for n in range(len(self.places)) if not self.is_live(n)}
        for n, moves in enumerate(self.moves):
            for move in moves:
                elsewhere = markings[move.target] != markings[n]
                sure = move.sure is not None and markings[move.sure] != markings[n]
                if move.by.id not in gone and elsewhere and (lucky or sure):
                    moving.add(n)

        def stays(n: int, move: Move) -> bool:
            same = markings[move.target] == markings[n]
            return same and move.by.id not in gone

        return len(self._leading(moving, lucky, stays)) < len(self.places)

    def goes_round(self, is_named: Callable[[Move], bool]) -> bool:
        """Whether an item may go from place to place for ever by what is not named."""
        ahead: dict[int, set[int]] = {}
        moving: set[tuple[int, int]] = set()
        for n, moves in enumerate(self.moves):
            for move in moves:
                if self.is_live(n) and not is_named(move):
                    ahead.setdefault(n, set()).add(move.target)
                    if any(one.target not in ("", one.source) for one in move.event.moves):
                        moving.add((n, move.target))
        return any(n in _spread(ahead, target) for n, target in moving)

    def stands_still(self) -> bool:
        """Whether an item that is at no end can be brought nowhere else any more."""
        moving = {n for n, moves in enumerate(self.moves) if any(map(_moves, moves))}
        moving |= {n for n in range(len(self.places)) if not self.is_live(n)}
        return len(self._leading(moving, True)) < len(self.places)


def _moves(move: Move) -> bool:
    return any(one.target not in ("", one.source) for one in move.event.moves)


def _spread(ahead: dict[int, set[int]], start: int) -> set[int]:
    met, waiting = {start}, [start]
    while waiting:
        more = ahead.get(waiting.pop(), set()) - met
        met |= more
        waiting += more
    return met
