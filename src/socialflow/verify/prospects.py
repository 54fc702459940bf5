"""Prospects: properties about what can still happen, wherever an item is."""

from __future__ import annotations

from typing import Any

import attrs

from socialflow.definitions import Workflow
from socialflow.errors import WrongArgument
from socialflow.people import Team
from socialflow.verify.properties import Sentence
from socialflow.verify.words import FINAL, actions_of, code, either, states_like

__all__ = [
    "AlwaysPossible",
    "Eventually",
    "SomeoneCanAct",
    "always_possible",
    "eventually",
    "someone_can_act",
]

BY_ITSELF = ("children", "due", "date", "edit", "stale")
"""What a loop may be named after, beside actions: ``stale`` is going back as what was signed is not
what is there."""


@attrs.frozen(kw_only=True, repr=False)
class AlwaysPossible(Sentence):
    """That some states can be reached from wherever an item is; see `always_possible`."""

    to: tuple[str, ...]

    def __str__(self) -> str:
        told = "an end" if self.to == (FINAL,) else either(self.to)
        return f"{told} can always be reached{self._apart_told()}"

    def __repr__(self) -> str:
        to = self.to[0] if len(self.to) == 1 else self.to
        return code("always_possible", to=to) + self._apart_code()

    def check(self, workflow: Workflow) -> None:
        """Raise if it names what is not there."""
        states_like(workflow, self.to, str(self))
        self._check_apart(workflow)


@attrs.frozen(kw_only=True, repr=False)
class SomeoneCanAct(Sentence):
    """That somebody can go on with every live item; see `someone_can_act`."""

    absent: int = 0
    team: Team | None = None

    def __str__(self) -> str:
        away = f" with any {self.absent} away" if self.absent else ""
        return f"somebody can go on with every live item{away}{self._apart_told()}"

    def __repr__(self) -> str:
        return code("someone_can_act", absent=self.absent) + self._apart_code()

    def check(self, workflow: Workflow) -> None:
        """Raise if it names what is not there."""
        self._check_apart(workflow)


@attrs.frozen(kw_only=True, repr=False)
class Eventually(Sentence):
    """That every item comes to some state in the end; see `eventually`."""

    states: tuple[str, ...]
    repeating: tuple[str, ...] = ()

    def within(self, workflow: Workflow) -> Any:
        """The same as far as the workflow has what it is about; None if it has not."""
        known = (*workflow.states, *workflow.places)
        repeating = tuple(
            one
            for one in self.repeating
            if one in BY_ITSELF or one in known or actions_of(workflow, (one,))
        )
        cut = attrs.evolve(self, repeating=repeating)
        return super(Eventually, cut).within(workflow)

    def unless_repeating(self, *actions: str) -> Eventually:
        """Unless it goes round by one of these for ever: loops have to be named."""
        return attrs.evolve(self, repeating=(*self.repeating, *actions))

    def __str__(self) -> str:
        told = f"every item comes to {either(self.states)}"
        told += f" unless {either(self.repeating)} is repeated for ever" if self.repeating else ""
        return told + self._apart_told()

    def __repr__(self) -> str:
        told = code("eventually", *self.states)
        told += code(".unless_repeating", *self.repeating) if self.repeating else ""
        return told + self._apart_code()

    def check(self, workflow: Workflow) -> None:
        """Raise if it names what is not there."""
        states_like(workflow, self.states, str(self))
        for name in self.repeating:
            if name not in BY_ITSELF and not actions_of(workflow, (name,)):
                states_like(workflow, (name,), str(self))
        self._check_apart(workflow)


def always_possible(*, to: str | tuple[str, ...] = FINAL) -> AlwaysPossible:
    """That wherever an item is, it can still come to one of these states.

    Example:
        >>> str(always_possible())
        'an end can always be reached'
    """
    return AlwaysPossible(to=(to,) if isinstance(to, str) else tuple(to))


def someone_can_act(team: Team | None = None, *, absent: int = 0) -> SomeoneCanAct:
    """That there is somebody who can bring a live item to another state, with any *absent* away.

    Args:
        team: Of whom, if not of the team that the check is about.
        absent: How many are away at once.

    Raises:
        WrongArgument: *absent* is no number of people.

    Example:
        >>> str(someone_can_act(absent=1))
        'somebody can go on with every live item with any 1 away'
    """
    if not isinstance(absent, int) or isinstance(absent, bool) or absent < 0:
        raise WrongArgument("absent", "how many are away, 0 or more", repr(absent))
    return SomeoneCanAct(team=team, absent=absent)


def eventually(*states: str) -> Eventually:
    """That every item comes to one of these states, unless it goes round for ever.

    Example:
        >>> str(eventually("end.closed").unless_repeating("rework"))
        'every item comes to end.closed unless rework is repeated for ever'
    """
    return Eventually(states=states)
