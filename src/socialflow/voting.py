"""Voting: asking for what is decided by ballot is a yes; the command ``vote`` says it in full."""

from __future__ import annotations

from typing import Any

import attrs

from socialflow.cases import Case
from socialflow.counting import may_vote, vote_of
from socialflow.drafts import Draft
from socialflow.errors import Objection, nearest
from socialflow.filling import Filled, fill
from socialflow.items import Move, Vote
from socialflow.plain import EMPTY, freeze
from socialflow.plans import Plan
from socialflow.ways import Way

__all__ = ["Paper", "asked_about", "cast", "objections_to_vote", "paper_of"]


@attrs.frozen
class Paper:
    """A vote on its way.

    Attributes:
        way: The action that is voted on.
        vote: What is said.
        asked: Ballots in which it is to be said; all that are theirs, if empty.
    """

    way: Way
    vote: Vote
    asked: tuple[str, ...] = ()


def asked_about(plan: Plan, case: Case) -> Way | tuple[Objection, ...]:
    """The action that the command ``vote`` is about."""
    name = case.data.action
    found = [way for way in plan.open(case.item.tokens, name) if way.ballots]
    if len(found) == 1:
        return found[0]
    names = {way.full for token in case.item.tokens for way in plan.balloted.get(token.state, ())}
    return (
        Objection(
            "no_vote",
            f"{name!r} is not put to the vote in {', '.join(case.item.marking)}",
            nearest(name, names),
            {"action": name, "marking": case.item.marking},
        ),
    )


def paper_of(plan: Plan, way: Way, case: Case) -> Paper | tuple[Objection, ...]:
    """What the member says by this command, or what is wrong about it."""
    if way.ballots:
        return Paper(way, vote_of(way, case, "yes", case.command.to, case.command.data))
    about = asked_about(plan, case)
    if isinstance(about, tuple):
        return about
    told = _filled(about, case.data.data)
    objections = told if isinstance(told, tuple) else ()
    objections += _wrong_target(about, case.command.to) + _seen(case)
    if objections:
        return objections
    vote = vote_of(about, case, case.data.choice, case.command.to, told)
    return Paper(about, vote, case.data.ballots)


def _filled(way: Way, data: Any) -> Any:
    """The action's own data, checked: plain, or objections."""
    if way.form is None:
        return EMPTY if data is None else (_needless(way),)
    filled = fill(way.form, freeze(data or {}))
    return filled.plain if isinstance(filled, Filled) else filled


def _needless(way: Way) -> Objection:
    return Objection("data", f"{way.full!r} takes no data", "leave data= out")


def _wrong_target(way: Way, to: str | None) -> tuple[Objection, ...]:
    if (to is None and not way.choices) or to in way.targets or to in way.choices:
        return ()
    known = way.choices or way.targets
    return (
        Objection(
            "to",
            f"a vote on {way.full!r} cannot say to={to!r}",
            f"say to=, one of {', '.join(known)}" if way.choices else "leave to= out",
            {"action": way.full, "to": to, "targets": known},
        ),
    )


def _seen(case: Case) -> tuple[Objection, ...]:
    seen, now = case.data.revision, case.workflow.revision(case.item)
    if seen in (None, now):
        return ()
    return (
        Objection(
            "other_revision",
            "the content has changed since it was looked at",
            "look at it again",
            {"seen": seen, "now": now},
        ),
    )


def objections_to_vote(paper: Paper, case: Case) -> tuple[Objection, ...]:
    """What stands against giving this vote."""
    return may_vote(paper.way, case, paper.vote, paper.asked)[1]


def cast(draft: Draft, paper: Paper, case: Case) -> None:
    """Put the vote into the box; counting it is a matter of settling."""
    ballots, _ = may_vote(paper.way, case, paper.vote, paper.asked)
    draft.votes = (*draft.votes, attrs.evolve(paper.vote, ballots=ballots))
    draft.moves.append(Move("vote", paper.way.source, paper.way.source))
