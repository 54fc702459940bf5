"""Chances: what a rule that proofs cannot look into might say, one way and then the other.

Within one command a rule says the same about the same case, because rules are pure; from one
command to the next it may change its mind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

import attrs

from socialflow.cases import Case
from socialflow.errors import Objection
from socialflow.rules import Rule

__all__ = ["Chances", "Leaning", "Said", "demanded", "is_closed", "spoken"]

T = TypeVar("T")

MOST = 256
"""In how many ways one command is tried, at most."""


class Said(NamedTuple):
    """What a rule is taken to say: its words, and whether it holds."""

    rule: str
    holds: bool

    def __str__(self) -> str:
        return self.rule if self.holds else f"not {self.rule}"


@attrs.frozen
class Leaning:
    """What one run leaned on.

    Attributes:
        script: What was said where both were possible, in the order of asking.
        asked: What had to hold for the command to be accepted at all.
        covered: Whether it is accepted whatever the rules of the script say.
    """

    script: tuple[Said, ...] = ()
    asked: tuple[Said, ...] = ()
    covered: bool = True

    @property
    def said(self) -> frozenset[Said]:
        """All of it."""
        return frozenset((*self.script, *self.asked))


def spoken(rule: Rule) -> str:
    """What a rule is called in a verdict: its kind with its parameters, not negated."""
    told = ", ".join(_plain(value) for value in rule.parameters.values())
    return f"{rule.kind.name}({told})"


def _plain(value: object) -> str:
    several = value if isinstance(value, tuple) else (value,)
    return " or ".join(map(str, several))


def is_closed(rule: Rule) -> bool:
    """Whether a rule is a matter of the item's fields alone."""
    kind = rule.kind
    return kind.closed and not kind.reads_data and not kind.needs


@attrs.define
class Chances:
    """The script of one run, and what was asked of it.

    Attributes:
        more: Whether some command had more ways than were tried.
    """

    more: bool = False
    _script: tuple[bool, ...] = ()
    _script_said: list[Said] = attrs.field(factory=list)
    _asked: dict[Said, None] = attrs.field(factory=dict)
    _known: dict[object, bool] = attrs.field(factory=dict)

    def runs(self, run: Callable[[], T]) -> Iterator[tuple[T, Leaning]]:
        """Every result of *run*, with what it leaned on: it is called once for each script."""
        waiting: list[tuple[bool, ...]] = [()]
        for _ in range(MOST):
            if not waiting:
                return
            script = waiting.pop()
            self._begin(script)
            result = run()
            said = tuple(self._script_said)
            yield result, Leaning(said, tuple(self._asked))
            outcomes = tuple(one.holds for one in said)
            for n in range(len(script), len(said)):
                waiting.append((*outcomes[:n], not outcomes[n]))
        self.more = True

    def _begin(self, script: tuple[bool, ...]) -> None:
        self._script = script
        self._script_said, self._asked, self._known = [], {}, {}

    def demand(self, rule: Rule) -> None:
        """The rule has to hold, and does."""
        self._asked.setdefault(Said(spoken(rule), not rule.negated))

    def either(self, rule: Rule, case: Case) -> bool:
        """Whether the rule, its negation left out, holds for *case*: as the script says, or so."""
        seen = case.item.data if is_closed(rule) else (case.action, case.member.id, case.item)
        key = rule.kind.name, rule.parameters, seen
        if key not in self._known:
            n = len(self._script_said)
            holds = self._script[n] if n < len(self._script) else True
            self._script_said.append(Said(spoken(rule), holds))
            self._known[key] = holds
        return self._known[key]

    def objections(self, rule: Rule, case: Case) -> tuple[Objection, ...]:
        """What the kind of the rule says: nothing, if it holds."""
        return () if self.either(rule, case) else _objection(rule)


def _objection(rule: Rule) -> tuple[Objection, ...]:
    return (Objection(rule.kind.name, f"{spoken(rule)} is taken not to hold"),)


def demanded(rule: Rule) -> tuple[Objection, ...]:
    """What the kind of a rule says that is taken to hold, negated or not."""
    return _objection(rule) if rule.negated else ()
