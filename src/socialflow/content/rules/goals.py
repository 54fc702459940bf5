"""Goals: what the work is for, and who shares in it."""

from __future__ import annotations

from collections.abc import Iterator

from socialflow import Case, Objection, rule
from socialflow.content.roles import DEPARTMENT_LEAD

__all__ = ["goal_set", "goals_shared"]


def _named(case: Case, field: str) -> tuple[str, ...]:
    told = getattr(case.data, field, None)
    return tuple(told if told is not None else case.item.data.get(field) or ())


@rule("goal_set", needs="goals", reads_data=True, names_fields="field", waivable_by=DEPARTMENT_LEAD)
def goal_set(case: Case, field: str = "goals") -> Iterator[Objection]:
    """The data's or the item's *field* names a goal, and each is one that is active now."""
    goals = case.facts["goals"]
    named = _named(case, field)
    if not named:
        yield _no("it serves no goal", "", tuple(sorted(goals)))
    for key in named:
        if key not in goals:
            yield _no(f"there is no goal {key!r}", key, tuple(sorted(goals)))
        elif not goals[key].holds(case.at):
            yield _no(f"the goal {key!r} is not active now", key, tuple(sorted(goals)))


def _no(message: str, goal: str, known: tuple[str, ...]) -> Objection:
    remedy = f"name one of {', '.join(known)}" if known else "set a goal first"
    return Objection("goal_set", message, remedy, {"goal": goal, "known": known})


@rule(
    "goals_shared",
    needs=("goals", "people"),
    reads_data=True,
    names_fields=("field", "participants"),
    waivable_by=DEPARTMENT_LEAD,
)
def goals_shared(
    case: Case, field: str = "goals", participants: str | None = None
) -> Iterator[Objection]:
    """Every unit that a goal concerns takes part: somebody of it works on it, or is consulted."""
    units = _units(case, participants)
    for key in _named(case, field):
        goal = case.facts["goals"].get(key)
        for unit in goal.units if goal else ():
            if unit not in units:
                yield Objection(
                    "goals_shared",
                    f"the goal {key!r} is shared with {unit}, and nobody of {unit} takes part",
                    f"name somebody of {unit} for a stage, or consult them",
                    {"goal": key, "unit": unit},
                )


def _units(case: Case, participants: str | None) -> set[str | None]:
    item = case.item
    named = [token.responsible for token in (*item.tokens, *item.idle)]
    consulted = item.data.get(participants) or () if participants else ()
    people = case.facts["people"]
    ids = {*named, *item.contributors, *consulted, *case.persons}
    return {people[id].unit for id in ids if id in people} | {case.member.unit}
