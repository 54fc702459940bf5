"""Wiring: whether the channels and outcomes of an outbox fit the workflows it delivers for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from logging import getLogger

from socialflow.channels import ABILITIES
from socialflow.commands import BUILT_IN
from socialflow.definitions import Workflow
from socialflow.engine import Engine
from socialflow.errors import WrongArgument, nearest
from socialflow.hearing import HEARD, Outcomes
from socialflow.plans import Plan, plan_of
from socialflow.protocols import Channel
from socialflow.queries import Tallies
from socialflow.watching import fields
from socialflow.ways import Way

__all__ = ["make_sure_they_fit"]

LOG = getLogger("socialflow.outbox")
ALIKE = 0.8
"""How much two names have in common of which one is the other, misspelt."""


def make_sure_they_fit(engine: Engine, channels: Mapping[str, Channel], outcomes: Outcomes) -> None:
    """Find what is misspelt before anything waits for it.

    The engine's workflows count, those of the items below, and whatever its store has: older
    definitions, and the effects that are in there.  A name that is like none of them may belong to
    a workflow that is yet to come: the log warns of it.

    Raises:
        WrongArgument: It is no engine, or something of the rest could never be right.
    """
    if not isinstance(engine, Engine):
        remedy = "for asyncio, run an outbox over an Engine of the same store in a thread"
        raise WrongArgument("engine", "an Engine", f"of {type(engine).__name__}", remedy)
    for name, channel in channels.items():
        ability = getattr(channel, "can", None)
        if ability not in ABILITIES:
            raise WrongArgument(f"channels[{name!r}].can", f"one of {ABILITIES}", repr(ability))
    for name, words in outcomes.items():
        for word in words:
            if word not in HEARD:
                where = f"each of outcomes[{name!r}]"
                raise WrongArgument(where, "what can be heard", repr(word), nearest(word, HEARD))
    if _strange(_actions(engine._shelf.every), channels, outcomes):
        _judge(engine, channels, outcomes)


def _judge(engine: Engine, channels: Collection[str], outcomes: Outcomes) -> None:
    """Look into the store as well, and say what is still strange."""
    actions = _actions(engine._shelf.look_up_all())
    known = {*actions, *(tally.name for tally in engine.store.rows(Tallies()))}
    if not known:
        return
    for where, told in (("channels", channels), ("outcomes", outcomes)):
        for name in told:
            if name not in known:
                _doubt(where, name, known.difference(told), known)
    for name, words in outcomes.items():
        for word, action in words.items():
            if name in actions and action not in actions[name]:
                wanted = f"an action of a workflow with the effect {name}"
                remedy = nearest(action, (one for one in actions[name] if "." not in one))
                raise WrongArgument(f"outcomes[{name!r}][{word!r}]", wanted, repr(action), remedy)


def _doubt(where: str, name: str, free: set[str], known: set[str]) -> None:
    """A name that no effect has: a misspelt one, or one that is not known yet."""
    if get_close_matches(name, free, cutoff=ALIKE):
        raise WrongArgument(
            f"each of {where}", "the name of an effect", repr(name), nearest(name, free)
        )
    told = nearest(name, known)
    LOG.warning(
        "no workflow that is known has the effect %s, which stands in %s: %s",
        name,
        where,
        told,
        extra=fields(kind="unknown_effect", effect=name, told=told),
    )


def _strange(actions: Mapping[str, set[str]], channels: Iterable[str], outcomes: Outcomes) -> bool:
    """Whether anything is not known by these workflows."""
    heard = all(
        actions.get(name, set()).issuperset(words.values()) for name, words in outcomes.items()
    )
    return not heard or not actions.keys() >= {*channels, *outcomes}


def _actions(workflows: Iterable[Workflow]) -> dict[str, set[str]]:
    """By the name of each effect: every action of the workflows that have it, short and in full."""
    found: dict[str, set[str]] = {}
    for plan in map(plan_of, workflows):
        ways = tuple(_ways(plan))
        names = {*BUILT_IN, *plan.names, *(name for way in ways for name in (way.name, way.full))}
        for effect in (effect for way in ways for effect in way.effects):
            found.setdefault(effect.name, set()).update(names)
    return found


def _ways(plan: Plan) -> Iterator[Way]:
    for table in (plan.listed, plan.automatic, plan.due):
        for ways in table.values():
            yield from ways
