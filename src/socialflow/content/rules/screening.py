"""Screening: the three questions that every idea has to answer before work begins."""

from __future__ import annotations

from collections.abc import Iterator

from socialflow import Case, Objection, rule

__all__ = ["screening_passed"]


@rule("screening_passed", reads_data=True)
def screening_passed(case: Case) -> Iterator[Objection]:
    """It serves a named goal, there is enough to make it, and its effect can be measured."""
    answers = case.data
    if not (answers.fits_goals and answers.goals):
        yield _no("goal_fit", "it does not help reach a named goal", "name the goals it serves")
    if not answers.resources_suffice and answers.outsourced == "no":
        yield _no("resources", "time, people or money do not suffice", "cut it, or outsource")
    if not (answers.measurable and answers.metrics and answers.method):
        yield _no("measurable", "its effect cannot be measured", "name metrics and a method")
    elif answers.evaluate_at <= case.at:
        yield _no("measurable", "the date of its evaluation has passed", "choose a later one")


def _no(question: str, message: str, remedy: str) -> Objection:
    either = f"{remedy}; or shelve it, or ask the lead to override"
    return Objection("screening_passed", message, either, {"question": question})
