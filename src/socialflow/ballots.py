"""Ballots: decisions that several members take, one vote each."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from socialflow.rules import Rule

__all__ = ["Ballot"]


def _several(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _rules(value: Rule | Iterable[Rule]) -> tuple[Rule, ...]:
    return (value,) if isinstance(value, Rule) else tuple(value)


@attrs.frozen
class Ballot:
    """A decision by several; the tuple of ballots of an action is its approval chain.

    Attributes:
        name: What it is called: ``"legal"``.
        roles: Any one of these may vote.
        quorum: ``"any"`` one of them, ``"all"`` of them, or how many.
        when: Rules that have to hold for it to be asked for at all.
        after: Ballots that have to be carried before this one is opened.
        four_eyes: Whether those who wrote the revision have no vote.
        standing: ``"visit"``: votes count for the present visit of the stage; ``"revision"``: for
            as long as the content stays as it is.
    """

    name: str
    roles: tuple[str, ...] = attrs.field(converter=_several)
    quorum: str | int = attrs.field(default="any", kw_only=True)
    when: tuple[Rule, ...] = attrs.field(default=(), converter=_rules, kw_only=True)
    after: tuple[str, ...] = attrs.field(default=(), converter=_several, kw_only=True)
    four_eyes: bool = attrs.field(default=True, kw_only=True)
    standing: str = attrs.field(default="visit", kw_only=True)
