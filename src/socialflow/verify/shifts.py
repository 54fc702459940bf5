"""Shifts: what one definition allows and another refuses, each with a way to see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from socialflow.errors import Objection
from socialflow.verify.traces import Trace

__all__ = ["BIRTH", "ITSELF", "Shift", "Shifts", "Witness"]

BIRTH = "birth"
"""Where an item is before there is one."""
ITSELF = "by itself"
"""Stands for the role where nobody asks."""

SIGNS = {"allowed": "+", "refused": "-", "elsewhere": "~"}


@attrs.frozen
class Witness:
    """How to see it.

    Attributes:
        reached: ``"old"`` or ``"new"``: under which definition the place is reached.
        trace: The shortest way there; None for a birth.
        step: What is allowed there, as one line.
        is_confirmed: Whether an engine has gone that way, and the core then said the same.
        why: What stood in the way of that.
    """

    reached: str
    trace: Trace | None
    step: str
    is_confirmed: bool
    why: str = ""

    def lines(self) -> tuple[str, ...]:
        """Each step as people read it, the one that it is about last."""
        return (*(self.trace.lines() if self.trace is not None else ()), self.step)


@attrs.frozen
class Shift:
    """One thing that the two definitions answer otherwise.

    Attributes:
        how: ``"allowed"`` (newly), ``"refused"`` (newly), or ``"elsewhere"``: to where it leads.
        roles: The roles that open it; ``("by itself",)`` where nobody asks; none for anybody.
        at: The state in which, in full; all of the marking, where the action is no stage's.
        action: Full name.
        members: Ids of those for whom it was found.
        given: What rules that nobody can look into have to say for it.
        objections: Every reason of the definition that refuses it.
        was: Where it led, if it led anywhere.
        now: Where it leads.
        witness: How to see it.
    """

    how: str
    roles: tuple[str, ...]
    at: str
    action: str
    members: tuple[str, ...]
    given: tuple[str, ...]
    objections: tuple[Objection, ...]
    was: tuple[str, ...]
    now: tuple[str, ...]
    witness: Witness

    @property
    def key(self) -> tuple[str, tuple[str, ...], str, str]:
        """What it is about: how, for which roles, where, which action."""
        return self.how, self.roles, self.at, self.action

    def __str__(self) -> str:
        who = " or ".join(self.roles) or "anybody"
        if self.members and self.members != self.roles:
            who += f" ({', '.join(self.members)})"
        told = f"{SIGNS[self.how]} {who}: {self.action} in {self.at}"
        if self.how == "elsewhere":
            told += f" leads to {_or(self.now)}, not to {_or(self.was)}"
        return told + (f"   if {' and '.join(self.given)}" if self.given else "")

    def page(self) -> Iterator[str]:
        """The sentence, why the other definition refuses it, and how to see it."""
        yield str(self)
        yield from (f"    {one}" for one in self.objections)
        seen = "" if self.witness.is_confirmed else f" (not confirmed: {self.witness.why})"
        yield f"    in the {self.witness.reached} one{seen}"
        yield from (f"      {n}. {line}" for n, line in enumerate(self.witness.lines(), 1))

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        trace = self.witness.trace
        return {
            "how": self.how,
            "roles": list(self.roles),
            "at": self.at,
            "action": self.action,
            "members": list(self.members),
            "if": list(self.given),
            "objections": [one.to_json() for one in self.objections],
            "was": list(self.was),
            "now": list(self.now),
            "reached": self.witness.reached,
            "trace": trace.plain() if trace is not None else [],
            "step": self.witness.step,
            "confirmed": self.witness.is_confirmed,
            "why": self.witness.why,
        }


@attrs.frozen
class Shifts:
    """Everything that two definitions answer otherwise.

    Attributes:
        old: Name and version of the one.
        new: Name and version of the other.
        shifts: What is newly allowed, newly refused, and leads elsewhere; nearest first.
        gone: Places that an item can be in under the old one only.
        fresh: Places that an item can be in under the new one only.
        forgotten: What was not looked at, in sentences.
    """

    old: str
    new: str
    shifts: tuple[Shift, ...]
    gone: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()
    forgotten: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.shifts or self.gone or self.fresh)

    @property
    def allowed(self) -> tuple[Shift, ...]:
        """What is newly allowed."""
        return self._of("allowed")

    @property
    def refused(self) -> tuple[Shift, ...]:
        """What is newly refused."""
        return self._of("refused")

    @property
    def elsewhere(self) -> tuple[Shift, ...]:
        """What is allowed as before, and leads elsewhere."""
        return self._of("elsewhere")

    def _of(self, how: str) -> tuple[Shift, ...]:
        return tuple(one for one in self.shifts if one.how == how)

    def at(self, states: Iterable[str]) -> Shifts:
        """The same, of these states only."""
        wanted = frozenset(states)

        def is_there(place: str) -> bool:
            return not wanted.isdisjoint(place.split(" + "))

        return attrs.evolve(
            self,
            shifts=tuple(one for one in self.shifts if is_there(one.at)),
            gone=tuple(filter(is_there, self.gone)),
            fresh=tuple(filter(is_there, self.fresh)),
        )

    def __str__(self) -> str:
        lines = [f"{self.old} -> {self.new}"]
        lines += [f"- place {one}" for one in self.gone]
        lines += [f"+ place {one}" for one in self.fresh]
        lines += [line for one in self.shifts for line in one.page()]
        if not self:
            lines.append("the same is allowed and refused")
        lines += [f"not looked at: {one}" for one in self.forgotten]
        return "\n".join(lines)

    def plain(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        return {
            "old": self.old,
            "new": self.new,
            "shifts": [one.plain() for one in self.shifts],
            "gone": list(self.gone),
            "fresh": list(self.fresh),
            "forgotten": list(self.forgotten),
        }


def _or(places: Iterable[str]) -> str:
    return " or ".join(places) or "nothing"
