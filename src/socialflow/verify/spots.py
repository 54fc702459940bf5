"""Spots: where two definitions are asked the same, and what they say there."""

from __future__ import annotations

import attrs

from socialflow.verify.crossings import Crossing
from socialflow.verify.judgements import Judgement, Order
from socialflow.verify.sides import Side
from socialflow.verify.states import State

__all__ = ["Candidate", "Spot"]


@attrs.frozen
class Spot:
    """Where both are asked: a state that one of them comes to, and the same under the other.

    Attributes:
        here: The definition that comes there.
        there: The other.
        crossing: From the one to the other.
        n: Number of the state; None before there is an item.
        states: It, under each of them.
    """

    here: Side
    there: Side
    crossing: Crossing
    n: int | None = None
    states: tuple[State | None, State | None] = (None, None)

    @property
    def sides(self) -> tuple[tuple[Side, State | None], tuple[Side, State | None]]:
        """Each definition, with the state."""
        return (self.here, self.states[0]), (self.there, self.states[1])

    @property
    def length(self) -> int:
        """How many steps lead there."""
        return len(self.here.trace_to(self.n).steps) if self.n is not None else 0

    def place(self, state: str) -> str:
        """What the old one calls a state."""
        return state if self.here.name == "old" else self.crossing.state(state)

    @property
    def marking(self) -> str:
        """What the old one calls where the item is."""
        assert self.states[0] is not None
        return " + ".join(map(self.place, self.states[0].item.marking))


@attrs.frozen
class Candidate:
    """A spot where something is answered otherwise.

    Attributes:
        spot: Where.
        length: How many steps lead there.
        mine: What the definition says that comes there.
        theirs: What the other says.
        is_theirs: Whether it is the other that allows it.
        line: How it reads, if nobody asks.
    """

    spot: Spot
    length: int
    mine: Judgement
    theirs: Judgement
    is_theirs: bool
    line: str = ""

    @property
    def allowing(self) -> Judgement:
        """What the one says that allows it."""
        return self.theirs if self.is_theirs else self.mine

    def orders(self, how: str) -> tuple[Order, ...]:
        """The commands that show it."""
        if how != "elsewhere":
            return self.allowing.orders
        named = self.spot.crossing.marking
        ends = {named(one) for one in self.mine.ends}
        gone = [one for one in sorted(self.mine.ends) if named(one) not in self.theirs.ends]
        new = [one for one in sorted(self.theirs.ends) if one not in ends]
        found = [self.mine.leading.get(one, ()) for one in gone]
        found += [self.theirs.leading.get(one, ()) for one in new]
        return next(filter(None, found), self.mine.orders)

    @property
    def other(self) -> Judgement:
        """What the other says."""
        return self.mine if self.is_theirs else self.theirs
