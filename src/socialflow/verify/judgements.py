"""Judgements: what the core says to an order in a state, whatever undecided rules say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import attrs

from socialflow.decisions import apply, decide
from socialflow.errors import EndlessSettling, Objection, Refusal, UnknownAction
from socialflow.items import Command, Event, Item
from socialflow.people import Member
from socialflow.verify.chances import Said
from socialflow.verify.models import Model
from socialflow.verify.states import State
from socialflow.verify.steps import Stepping

__all__ = ["Judgement", "Order", "judged", "merged"]

Order = tuple[Member, Command]
NOTHING: frozenset[Said] = frozenset()
Ends = Mapping[tuple[str, ...], frozenset[frozenset[Said]]]


@attrs.frozen
class Judgement:
    """What comes of an order.

    Attributes:
        ends: Where it may lead, each with what undecided rules say then; empty if it is refused.
        needs: What undecided rules have to say for it to be accepted.
        objections: Every reason, if it is refused.
        roles: Those that opened it.
        orders: The commands that are accepted, in turn.
        leading: Those that lead to each of the ends.
    """

    ends: Ends = attrs.field(factory=dict)
    needs: frozenset[Said] = NOTHING
    objections: tuple[Objection, ...] = ()
    roles: tuple[str, ...] = ()
    orders: tuple[Order, ...] = ()
    leading: Mapping[tuple[str, ...], tuple[Order, ...]] = attrs.field(factory=dict)

    @property
    def allows(self) -> bool:
        """Whether it is accepted, if undecided rules let it."""
        return bool(self.ends)


def judged(stepping: Stepping, state: State | None, orders: tuple[Order, ...]) -> Judgement:
    """What comes of *orders*, in turn until the item moves; of a birth, if there is no state."""

    def run() -> tuple[Item, Event] | Refusal:
        if state is None:
            return _born(stepping.model, orders[0])
        return _done(stepping, state, orders)

    return _summed(stepping.model, run, orders)


def _summed(
    model: Model, run: Callable[[], tuple[Item, Event] | Refusal], orders: tuple[Order, ...]
) -> Judgement:
    ends: dict[tuple[str, ...], set[frozenset[Said]]] = {}
    needs: list[frozenset[Said]] = []
    refusals: list[Refusal] = []
    roles: tuple[str, ...] = ()
    for outcome, leaning in model.chances.runs(run):
        if isinstance(outcome, Refusal):
            refusals.append(outcome)
            continue
        item, event = outcome
        roles = roles or tuple(sorted(event.roles))
        ends.setdefault(item.marking, set()).add(frozenset(leaning.script))
        needs.append(leaning.said if refusals else frozenset(leaning.asked))
    if not ends:
        return Judgement(objections=refusals[0].objections if refusals else ())
    told = {marking: frozenset(said) for marking, said in ends.items()}
    least = min(needs, key=lambda one: (len(one), sorted(one)))
    return Judgement(told, least, (), roles, orders, dict.fromkeys(told, orders))


def _born(model: Model, order: Order) -> tuple[Item, Event] | Refusal:
    member, command = order
    outcome = model.birth(command, member)
    return outcome if isinstance(outcome, Refusal) else (apply(None, outcome), outcome)


def _done(
    stepping: Stepping, state: State, orders: tuple[Order, ...]
) -> tuple[Item, Event] | Refusal:
    model, item, facts = stepping.model, state.item, stepping.facts(state)
    done: tuple[Item, Event] | None = None
    for member, command in orders:
        if item.marking != state.item.marking:
            break
        try:
            outcome = decide(
                model.workflow,
                item,
                command,
                member,
                facts=facts,
                policy=model.setting.policy,
                acting_for=model.acting_for(member),
            )
        except (UnknownAction, EndlessSettling) as error:
            return Refusal(command.action, (Objection(error.code, str(error)),))
        if isinstance(outcome, Refusal):
            return outcome
        item = apply(item, outcome)
        done = item, outcome
    assert done is not None, "there is an order"
    return done


def merged(several: Iterable[Judgement]) -> Judgement:
    """What comes of an order that can be given with one data or another: the best of it."""
    every = list(several)
    accepted = [one for one in every if one.allows]
    if not accepted:
        return next(iter(every), Judgement())
    ends: dict[tuple[str, ...], frozenset[frozenset[Said]]] = {}
    for one in accepted:
        for marking, said in one.ends.items():
            ends[marking] = ends.get(marking, frozenset()) | said
    best = min(accepted, key=lambda one: (len(one.needs), sorted(one.needs)))
    leading = {marking: orders for one in accepted[::-1] for marking, orders in one.leading.items()}
    return attrs.evolve(best, ends=ends, leading=leading)
