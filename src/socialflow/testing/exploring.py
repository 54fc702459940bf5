"""Exploring: the first example of everything that obligations are made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from socialflow.errors import Refusal
from socialflow.items import WITHIN_THE_FAMILY, Event
from socialflow.rules import Rule
from socialflow.testing.reaching import Reach, Situation, Try

__all__ = ["Explored"]

CHANGING = ("data", "contributors", "authors", "holders", "marks")


@attrs.define
class Explored:
    """What was found where situations were looked at, each kind by its first example.

    Attributes:
        reach: Where they were looked for.
        accepted: Steps that are accepted.
        waived: Those that are accepted for a reason that is given.
        alone: Steps that one rule alone stands in the way of, by the action and the rule.
        forbidden: Steps that the ledger says are to be refused, by the code it expects.
        otherwise: Steps that are refused for one other reason, by its code.
        several: Steps that are refused for more than one reason, by the codes in their order.
        places: Where an item can be.
        looked_at: How many situations.
    """

    reach: Reach
    accepted: dict[tuple[Any, ...], Try] = attrs.field(factory=dict)
    waived: dict[tuple[Any, ...], Try] = attrs.field(factory=dict)
    alone: dict[tuple[str, Rule, str], Try] = attrs.field(factory=dict)
    forbidden: dict[tuple[Any, ...], Try] = attrs.field(factory=dict)
    otherwise: dict[tuple[str, ...], Try] = attrs.field(factory=dict)
    several: dict[tuple[str, tuple[str, ...]], Try] = attrs.field(factory=dict)
    places: dict[tuple[str, ...], Situation] = attrs.field(factory=dict)
    looked_at: int = 0

    @classmethod
    def by(cls, reach: Reach) -> Explored:
        """Look at every situation, and at what can be tried there."""
        found = cls(reach)
        for situation in reach.situations():
            found.looked_at += 1
            found.places.setdefault(situation.item.marking, situation)
            for tried in reach.tries(situation):
                found._sort(tried)
        return found

    @property
    def firsts(self) -> Iterator[Try]:
        """One accepted step of each action, and of each command of every workflow in each stage."""
        seen = set()
        for tried in self.accepted.values():
            way = tried.way
            name = way.full, way.stage if way.action is None else ""
            if name not in seen:
                seen.add(name)
                yield tried

    def _sort(self, tried: Try) -> None:
        way, step, outcome = tried.way, tried.step, tried.outcome
        code = self.reach.against(tried)
        if code is not None:
            if isinstance(outcome, Event) or outcome.codes == (code,):
                self.forbidden.setdefault((way.full, code, *_about(tried)), tried)
        elif isinstance(outcome, Event):
            if not any(effect.name in WITHIN_THE_FAMILY for effect in outcome.effects):
                found = self.waived if step.waive else self.accepted
                found.setdefault(self._kind(tried, outcome), tried)
        elif not {*outcome.codes} & {"role", "denied"}:
            self._refused(tried, outcome)

    def _refused(self, tried: Try, outcome: Refusal) -> None:
        """Keep what is refused for one reason, be it a rule or not, and what is for several."""
        full, codes = tried.way.full, tuple(dict.fromkeys(outcome.codes))
        if len(codes) > 1:
            self.several.setdefault((full, codes), tried)
        elif len(tried.objecting) == 1:
            (rule,) = tried.objecting
            self.alone.setdefault((full, rule, self._wrote(tried, rule)), tried)
        elif not tried.objecting:
            self.otherwise.setdefault((full, *codes), tried)

    def _kind(self, tried: Try, event: Event) -> tuple[Any, ...]:
        """What makes an accepted step another than those before."""
        way, step, before = tried.way, tried.step, tried.situation.ledger
        after = self.reach.after(tried).ledger if step.data or way.action is None else before
        return (
            way.full,
            way.source,
            step.to,
            tuple(step.data or ()),
            tuple(move.cause for move in event.moves),
            event.moves[-1:] * bool(way.ballots),
            tuple(tried.facts),
            step.waive,
            tuple(name for name in CHANGING if getattr(before, name) != getattr(after, name)),
            tuple(name for name in step.data or () if name in before.data),
        )

    def _wrote(self, tried: Try, rule: Rule) -> str:
        """Whether who asks has written the content, and was the first to; if that matters."""
        writers = tried.situation.ledger.contributors if rule.kind.about_content else ()
        places = [writers.index(one) for one in self.reach.persons(tried.step.by) if one in writers]
        if not places:
            return ""
        return "who wrote first" if 0 in places else "who wrote after others"


def _about(tried: Try) -> tuple[str, bool] | tuple[()]:
    """The stage that a claim is about, and whether somebody has it."""
    stage = tried.way.stage
    if tried.way.name not in ("claim", "release"):
        return ()
    return stage, stage in tried.situation.ledger.holders
