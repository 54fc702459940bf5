"""What is so in a small company, found out by looking at everything; and whether a proof says so.

Books are kept here once more, by what events say: of the proofs only the sentences are read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import attrs
from explicit import AT, Everything, Move, TooMuch
from small_companies import MOOD, sentences, team_of, workflow_of

from socialflow import Team, Workflow
from socialflow.people import EVERYWHERE
from socialflow.verify import Outcome, Verdict, check

__all__ = ["BOOKS", "Compared", "compared", "truth"]

NOBODY: frozenset[str] = frozenset()


class Book(NamedTuple):
    """What is written down of a history, and when it is broken.

    Attributes:
        begin: Before anything happens.
        after: What it says after a move; False if what must not be is so.
    """

    begin: Any
    after: Callable[[Any, Move], Any]


def _done(move: Move) -> frozenset[str]:
    causes = {one.cause for one in move.event.moves}
    found = causes - {"vote", "done", "stale", "follows"}
    return frozenset(found if "vote" in causes else found | {move.event.action})


def _entered(move: Move) -> frozenset[str]:
    return frozenset(one.target for one in move.event.moves if one.target not in ("", one.source))


def _voted(move: Move) -> bool:
    return any(one.cause == "vote" for one in move.event.moves)


def _full(workflow: Workflow, name: str) -> frozenset[str]:
    return frozenset(
        one for one in (*workflow.action_names, "edit", "undo", "reopen") if _is(name, one)
    )


def _is(name: str, full: str) -> bool:
    if name.startswith("*"):
        return full.endswith(name[1:])
    return full == name or full.endswith(f".{name}")


def _writes(workflow: Workflow, move: Move) -> bool:
    return not set(move.event.keeps).isdisjoint(workflow.content)


def _changes(workflow: Workflow, move: Move) -> bool:
    was = move.before.data if move.before else {}
    return any(was.get(name) != move.item.data.get(name) for name in workflow.content)


def never_without(workflow: Workflow, one: Any) -> Book:
    """That it comes to a state without what has to stand."""
    passed = one.missing[0] if one.missing else None
    passing = _full(workflow, passed.actions[0]) if passed else NOBODY

    def after(book: Any, move: Move) -> Any:
        stands, wrote, ayes = book
        by = frozenset({move.by.id})
        if passed is not None:
            now = by if _writes(workflow, move) else NOBODY
            wrote |= now
            stands = stands and not (passed.changes and _changes(workflow, move))
            ayes |= by if move.event.action in passing else NOBODY
            if _done(move) & passing:
                doers = ayes if _voted(move) else by
                stands, ayes = not (passed.other and doers & wrote), NOBODY
            ayes -= now
        comes = not _entered(move).isdisjoint(one.states)
        return False if comes and not stands else (stands, wrote, ayes)

    return Book((False, NOBODY, NOBODY), after)


def does(workflow: Workflow, one: Any) -> Book:
    """That somebody of a role does it."""
    names = _full(workflow, one.actions[0])

    def after(book: Any, move: Move) -> Any:
        asked = {*_done(move), move.event.action} & names
        return False if asked and one.role in move.by.roles(EVERYWHERE, AT) else book

    return Book(None, after)


def comes_first(workflow: Workflow, one: Any) -> Book:
    """That the second is done before the first."""
    first, then = (_full(workflow, name) for name in (one.first, one.then))

    def after(book: Any, move: Move) -> Any:
        done = _done(move)
        return False if done & then and book == "no" else "yes" if done & first else book

    return Book("no", after)


def same_person(workflow: Workflow, one: Any) -> Book:
    """That somebody does both."""
    sides = [_full(workflow, name) for name in (one.one, one.other)]

    def page(told: Any, move: Move, names: frozenset[str]) -> Any:
        done, ayes = told
        by = frozenset({move.by.id})
        if _voted(move) and move.event.action in names:
            ayes |= by
        if _done(move) & names:
            done, ayes = done | (ayes if _voted(move) else by), NOBODY
        return done, ayes - (by if _writes(workflow, move) else NOBODY)

    def after(book: Any, move: Move) -> Any:
        pages = tuple(page(told, move, names) for told, names in zip(book, sides, strict=True))
        return False if pages[0][0] & pages[1][0] else pages

    return Book(((NOBODY, NOBODY), (NOBODY, NOBODY)), after)


def twice(workflow: Workflow, one: Any) -> Book:
    """That it is done twice."""
    names = _full(workflow, one.what)

    def after(book: Any, move: Move) -> Any:
        if not _done(move) & names:
            return book
        return False if book == "once" else "once"

    return Book("never", after)


def endless(everything: Everything, one: Any) -> bool:
    """Whether it goes round by what is not named."""

    def is_named(move: Move) -> bool:
        stale = any(each.cause == "stale" for each in move.event.moves)
        names = {move.event.action, *_done(move), *(("stale",) if stale else ())}
        return any(_is(name, told) for name in one.repeating for told in names)

    return everything.goes_round(is_named)


BOOKS: dict[str, Callable[[Workflow, Any], Book]] = {
    "Never": never_without,
    "Nobody": does,
    "Precedes": comes_first,
    "DifferentPeople": same_person,
    "AtMostOnce": twice,
}


class Truth(NamedTuple):
    """Whether a sentence holds whatever the mood; and whether it does if the mood is right."""

    surely: bool
    luckily: bool


def truth(everything: Everything, one: Any) -> Truth:
    """What is so."""
    kind = type(one).__name__
    if kind == "AlwaysPossible":
        found = [everything.hopeless(lucky=lucky) for lucky in (False, True)]
    elif kind == "SomeoneCanAct":
        found = [everything.stranded(one.absent, lucky=lucky) for lucky in (False, True)]
    elif kind == "Eventually":
        round_ = endless(everything, one)
        found = [round_ or everything.stands_still(), round_]
    else:
        found = [everything.breaks(*BOOKS[kind](everything.workflow, one))] * 2
    return Truth(not found[0], not found[1])


@attrs.frozen
class Compared:
    """What came of one company.

    Attributes:
        states: How many there are; 0 if too many.
        outcomes: What was said about each sentence.
        wrong: Where a proof says something else than what is so: text.
        vague: Where it does not say for sure what is so.
    """

    states: int
    outcomes: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    vague: tuple[str, ...] = ()


def compared(chance: Any, budget: int = 1_000, opaque: float = 0.1) -> Compared:
    """A company at random: everything looked at, and proofs of nine sentences about it."""
    workflow, team = workflow_of(chance, opaque=opaque), team_of(chance)
    asked = list(sentences(chance, workflow))
    try:
        everything = Everything.of(workflow, team)
    except TooMuch:
        return Compared(0)
    finally:
        MOOD.good = True
    verdicts = list(check(workflow, team, *asked, at=AT, budget=budget))
    told = [(one, truth(everything, one.sentence)) for one in verdicts]
    return Compared(
        len(everything.places),
        tuple(f"{type(one.sentence).__name__} {one.outcome.value}" for one in verdicts),
        tuple(_told(one, so, team) for one, so in told if _is_wrong(one, so)),
        tuple(str(one) for one, so in told if not _is_wrong(one, so) and _is_vague(one, so)),
    )


def _is_wrong(one: Verdict, so: Truth) -> bool:
    match one.outcome:
        case Outcome.PROVED if type(one.sentence).__name__ == "Eventually":
            return not so.luckily
        case Outcome.PROVED:
            return not so.surely
        case Outcome.PROVED_IF:
            return not so.luckily and not any("others who" in name for name in one.names)
        case Outcome.REFUTED:
            return so.surely
        case Outcome.REFUTED_IF:
            return so.surely and one.confirmed
    return False


def _is_vague(one: Verdict, so: Truth) -> bool:
    if one.outcome is Outcome.PROVED_IF:
        return so.surely or not so.luckily
    return one.outcome is Outcome.UNKNOWN or (
        one.outcome is Outcome.REFUTED_IF and (so.surely or not one.confirmed)
    )


def _told(one: Verdict, so: Truth, team: Team) -> str:
    people = ", ".join(f"{m.id}: {'+'.join(g.role for g in m.grants)}" for m in team.members)
    return f"{one}\n  but: {so}\n  {people}"
