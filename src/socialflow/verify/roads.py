"""Roads: the ways from a stage's states to where it hands the item on, and who can go them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

import attrs

from socialflow.people import Member
from socialflow.stages import Stage
from socialflow.verify.crews import NOBODY, Crew, is_by_system
from socialflow.ways import Way

__all__ = ["Roads"]

Edge = tuple[str, str, Way | None]
"""From where, to where, and by which way; None for what follows from children."""


@attrs.frozen(slots=False, eq=False)
class Roads:
    """The ways within one stage, as a crew can go them.

    Attributes:
        crew: Who is there.
        stage: Where.
    """

    crew: Crew
    stage: Stage

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Every step that may be made, by whomever, in reading order."""
        plan, found = self.crew.plan, []
        for state in map(self.stage.full, self.stage.states):
            tables = (plan.listed, plan.automatic, plan.due)
            ways = [way for table in tables for way in table.get(state, ()) if way.action]
            found += [(state, target, way) for way in ways for target in way.targets]
        return (*found, *self._followed)

    @cached_property
    def _followed(self) -> tuple[Edge, ...]:
        """Between the states of a stage that follows its children: they will see to it."""
        children = self.crew.plan.follows.get(self.stage.name)
        named = [line.state for line in children.lines] if children else []
        return tuple((one, other, None) for one in named for other in named if one != other)

    @cached_property
    def goals(self) -> frozenset[str]:
        """Where the stage is left for good: its done states; the ends, if it has none."""
        workflow = self.crew.workflow
        ends = (f"end.{end}" for end in workflow.ends)
        return frozenset(map(self.stage.full, self.stage.done)) or frozenset(ends)

    @cached_property
    def reached(self) -> frozenset[str]:
        """States that the crew can bring an item to, whoever has written it."""
        steps = self._steps(lambda way: is_by_system(way) or self.crew.can(way, None))
        return _spread({self.stage.initial}, steps)

    @cached_property
    def _leading(self) -> frozenset[str]:
        """States from which a goal can be reached if there is somebody for everything."""
        steps = self._steps(lambda way: not is_by_system(way) or way in self._sure)
        return _spread(self.goals, _turned(steps))

    def stuck(self, author: Member | None, away: frozenset[str] = NOBODY) -> tuple[str, ...]:
        """States, in reading order, that an item can come to, and from which it cannot go on.

        Args:
            author: Who has written the content; None where that shall not matter.
            away: Ids of those who are absent from then on.
        """

        def can(way: Way) -> bool:
            return way in self._sure if is_by_system(way) else self.crew.can(way, author, away)

        on = _spread(self.goals, _turned(self._steps(can)))
        waiting = (self.reached & self._leading) - on
        return tuple(one for one in map(self.stage.full, self.stage.states) if one in waiting)

    def ways_on(self, state: str) -> tuple[Way, ...]:
        """What leads on from a state, if somebody does it."""
        return tuple(
            dict.fromkeys(
                way
                for source, target, way in self.edges
                if source == state and target in self._leading and way and not is_by_system(way)
            )
        )

    def _steps(self, can: Callable[[Way], bool]) -> list[tuple[str, str]]:
        return [(source, to) for source, to, way in self.edges if way is None or can(way)]

    @cached_property
    def _sure(self) -> frozenset[Way]:
        """What the system will do: not what it does by itself in some cases, where members act."""
        theirs = {source for source, _, way in self.edges if way and not is_by_system(way)}
        return frozenset(
            way
            for source, _, way in self.edges
            if way and not (way.rules and _is_automatic(way) and source in theirs)
        )


def _is_automatic(way: Way) -> bool:
    return way.action is not None and way.action.automatic


def _turned(steps: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(target, source) for source, target in steps]


def _spread(begin: Iterable[str], steps: Iterable[tuple[str, str]]) -> frozenset[str]:
    """What can be reached by *steps* from where one begins."""
    ahead: dict[str, list[str]] = {}
    for source, target in steps:
        ahead.setdefault(source, []).append(target)
    reached, waiting = set(begin), list(begin)
    while waiting:
        for target in ahead.get(waiting.pop(), ()):
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return frozenset(reached)
