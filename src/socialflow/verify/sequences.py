"""What comes before what, and how often."""

from __future__ import annotations

from typing import Any

import attrs

from socialflow.definitions import Workflow
from socialflow.plain import FrozenDict, freeze
from socialflow.verify.happenings import Happening
from socialflow.verify.properties import (
    BROKEN,
    NOBODY,
    Book,
    Safety,
    conditions,
    holds,
    nothing_satisfies,
    when_told,
)
from socialflow.verify.views import View
from socialflow.verify.words import (
    actions_like,
    actions_of,
    check_data,
    check_place,
    code,
    either,
    states_like,
    states_of,
)

__all__ = ["AtMostOnce", "Precedes", "at_most_once", "precedes"]


@attrs.frozen(kw_only=True, repr=False)
class Precedes(Safety):
    """That something is not done before something else; see `precedes`."""

    first: str
    then: str
    when_: FrozenDict = attrs.field(factory=FrozenDict)
    stages: tuple[str, ...] = ()

    def when(self, **data: Any) -> Precedes:
        """Only where the item's data are so."""
        return attrs.evolve(self, when_=freeze({**self.when_, **data}))

    def since_last(self, *stages: str) -> Precedes:
        """Entering one of these stages takes the first one away."""
        return attrs.evolve(self, stages=(*self.stages, *stages))

    def __str__(self) -> str:
        told = f"{self.first} precedes {self.then}"
        told += f" since it was last in {either(self.stages)}" if self.stages else ""
        return told + when_told(self.when_) + self._apart_told()

    def __repr__(self) -> str:
        told = code("precedes", self.first, self.then)
        told += code(".since_last", *self.stages) if self.stages else ""
        told += code(".when", **self.when_) if self.when_ else ""
        return told + self._apart_code()

    def view(self) -> View:
        """What it looks at, people left out."""
        named = frozenset({self.first, self.then})
        return super().view() | conditions(self.when_) | View(named=named)

    def check(self, workflow: Workflow) -> None:
        """Raise if it names what is not there, or if nothing could satisfy it."""
        where = str(self)
        first = actions_like(workflow, (self.first,), where)
        then = actions_like(workflow, (self.then,), where)
        for stage in self.stages:
            check_place(workflow, stage, where)
        self._check_apart(workflow)
        check_data(workflow, self.when_, where)
        if first & then:
            told = f"{either(sorted(first & then))} would have to come before itself"
            raise nothing_satisfies(where, told, "name two different actions")

    def begin(self) -> Book:
        """Nothing has been done."""
        return False

    def after(self, workflow: Workflow, book: Book, told: Happening) -> Book:
        """The book after one more event."""
        then = actions_of(workflow, (self.then,))
        if not book and told.taken & then and holds(told.data, self.when_):
            return BROKEN
        done = bool(told.taken & actions_of(workflow, (self.first,)))
        kept = book and not told.begins(self.stages)
        return bool(done or kept)


@attrs.frozen(kw_only=True, repr=False)
class AtMostOnce(Safety):
    """That something happens once at most; see `at_most_once`."""

    what: str
    stages: tuple[str, ...] = ()

    def since_last(self, *stages: str) -> AtMostOnce:
        """Counted anew whenever one of these stages is entered."""
        return attrs.evolve(self, stages=(*self.stages, *stages))

    def __str__(self) -> str:
        told = f"{self.what} at most once"
        told += f" since it was last in {either(self.stages)}" if self.stages else ""
        return told + self._apart_told()

    def __repr__(self) -> str:
        told = code("at_most_once", self.what)
        return (
            told + (code(".since_last", *self.stages) if self.stages else "") + self._apart_code()
        )

    def view(self) -> View:
        """What it looks at, people left out."""
        return super().view() | View(named=frozenset({self.what}))

    def check(self, workflow: Workflow) -> None:
        """Raise if it names what is not there."""
        for stage in self.stages:
            check_place(workflow, stage, str(self))
        self._check_apart(workflow)
        if not any(_named(workflow, self.what)):
            states_like(workflow, (self.what,), str(self))

    def begin(self) -> Book:
        """It has not happened."""
        return False

    def after(self, workflow: Workflow, book: Book, told: Happening) -> Book:
        """The book after one more event."""
        actions, states = _named(workflow, self.what)
        times = bool(told.taken & actions) + sum(one in states for one in told.entered)
        if book and not told.begins(self.stages):
            times += 1
        return BROKEN if times > 1 else bool(times)


def precedes(first: str, then: str) -> Precedes:
    """That *then* is not done before *first* has been.

    Example:
        >>> str(precedes("legal.clear", "publish.publish_now").when(risk="high"))
        "legal.clear precedes publish.publish_now when risk is 'high'"
    """
    return Precedes(first=first, then=then)


def at_most_once(what: str) -> AtMostOnce:
    """That an action is done, or a state entered, once at most.

    Example:
        >>> str(at_most_once("published"))
        'published at most once'
    """
    return AtMostOnce(what=what)


def _named(workflow: Workflow, what: str) -> tuple[frozenset[str], frozenset[str]]:
    """The actions that a name stands for, or else the states."""
    actions = actions_of(workflow, (what,))
    return actions, NOBODY if actions else states_of(workflow, (what,))
