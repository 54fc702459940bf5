"""Witnesses: a way to a place, gone by an engine, and what the core then says under both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from socialflow.births import found
from socialflow.cases import BELOW
from socialflow.decisions import apply, decide
from socialflow.errors import EndlessSettling, Refusal, UnknownAction
from socialflow.items import Item, Origin
from socialflow.plain import FrozenDict
from socialflow.verify.chances import Chances, Said, spoken
from socialflow.verify.crossings import Crossing
from socialflow.verify.judgements import Order
from socialflow.verify.models import Setting
from socialflow.verify.rewritten import Reading, rules_of
from socialflow.verify.shifts import Witness
from socialflow.verify.sides import Side
from socialflow.verify.states import Below
from socialflow.verify.traces import Trace
from socialflow.verify.views import View

__all__ = ["undecided", "witness_of"]


@attrs.frozen
class _Said:
    """What the core says for real: where it leads, or that it does not."""

    marking: tuple[str, ...] = ()
    why: str = ""


def witness_of(
    here: Side,
    there: Side,
    n: int | None,
    orders: tuple[Order, ...],
    line: str,
    crossing: Crossing,
    how: str,
    expected: tuple[bool, bool],
) -> Witness:
    """How to see that something is answered otherwise.

    Args:
        here: The definition under which the place is reached.
        there: The other.
        n: Number of the state; None before there is an item.
        orders: What is asked for there; nothing, if it happens by itself.
        line: How that reads, if nobody asks.
        crossing: From the one to the other.
        how: What it is that is seen: where both accept it, ``"elsewhere"`` has them differ.
        expected: Whether each of the two accepts it.
    """
    asked = line or _line(orders)
    trace, item, why = None, None, ""
    below: Below = ()
    if n is not None:
        trace, played = here.gone(n)
        item, below, why = played.item, here.space.states[n].below, played.why
    if orders and not why:
        why = _seen(here, there, item, dict(below), orders, crossing, how, expected)
    if trace is not None and not why:
        trace = _open(trace, undecided((here.setting,)))
    return Witness(here.name, trace, asked, not why, why)


def _open(trace: Trace, names: frozenset[str]) -> Trace:
    """The trace with what it leans on, but for what the engine has decided when it went it."""

    def left(said: tuple[Said, ...]) -> tuple[Said, ...]:
        return tuple(one for one in said if one.rule in names)

    return Trace(
        tuple(
            one._replace(
                leaning=attrs.evolve(
                    one.leaning, script=left(one.leaning.script), asked=left(one.leaning.asked)
                )
            )
            for one in trace.steps
        )
    )


def _line(orders: tuple[Order, ...]) -> str:
    (_, last) = orders[-1]
    to = f" to {last.to}" if last.to else ""
    return f"{' and '.join(dict.fromkeys(one.id for one, _ in orders))}: {last.action}{to}"


def _seen(
    here: Side,
    there: Side,
    item: Item | None,
    below: Mapping[str, frozenset[str]],
    orders: tuple[Order, ...],
    crossing: Crossing,
    how: str,
    expected: tuple[bool, bool],
) -> str:
    """Why the two do not say what is expected; empty if they do."""
    over = None
    if item is not None:
        crossing = attrs.evolve(
            crossing,
            origin=here.setting.workflow,
            goal=there.setting.workflow,
            carriers=("", ""),
        )
        over = crossing.item(item)
    mine = _said(here, item, below, orders)
    theirs = _said(there, over, below, orders)
    for side, said, wanted in ((here, mine, expected[0]), (there, theirs, expected[1])):
        if bool(said.marking) is not wanted:
            told = said.why or f"it leads to {', '.join(said.marking)}"
            return f"under the {side.name} one {told}"
    if how == "elsewhere" and crossing.marking(mine.marking) == theirs.marking:
        return "both lead to the same"
    return ""


def _said(
    side: Side, item: Item | None, below: Mapping[str, frozenset[str]], orders: tuple[Order, ...]
) -> _Said:
    setting, workflow = side.setting, side.playable
    facts = side.holders.with_known({BELOW: dict(below)})
    side.script.forget()
    for member, command in orders:
        told = attrs.evolve(command, data=_data(command.data, item, side.model.carrier))
        acting = side.model.acting_for(member)
        try:
            outcome = (
                decide(workflow, item, told, member, facts=facts, policy=setting.policy,
                       acting_for=acting)
                if item is not None
                else found(workflow, "item", told, member,
                           Origin(workflow.digest, None, setting.scope), facts=facts,
                           policy=setting.policy, acting_for=acting)
            )  # fmt: skip
        except (UnknownAction, EndlessSettling) as error:
            return _Said(why=str(error))
        if isinstance(outcome, Refusal):
            return _Said(why=f"it is refused: {'; '.join(map(str, outcome))}")
        item = apply(item, outcome)
        side.script.forget()
    assert item is not None, "there is an order"
    return _Said(item.marking)


def _data(data: FrozenDict | None, item: Item | None, carrier: str) -> FrozenDict | None:
    """The data for real: the content that stands for what there is, is what there is."""
    if data is None or item is None or data.get(carrier) != "text 0":
        return data
    return FrozenDict({**data, carrier: item.data.get(carrier)})


def undecided(settings: Iterable[Setting]) -> frozenset[str]:
    """What rules are called of which no engine can say whether they hold."""
    found: set[str] = set()
    for one in settings:
        fields = frozenset(one.workflow.declared)
        reading = Reading(View(everybody=True, fields=fields), Chances())
        found |= {spoken(rule) for rule in rules_of(one.workflow) if not reading.is_decided(rule)}
    return frozenset(found)
