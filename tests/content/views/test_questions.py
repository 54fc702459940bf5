"""What holds for every question."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from inspect import signature
from pathlib import Path
from typing import Any

import attrs
import pytest

from socialflow.content.views.questions import QUESTIONS

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "views.md"
every_question = pytest.mark.parametrize("name", QUESTIONS)


def asked(office: Any, name: str, **more: Any) -> Any:
    """The answer to a question, with everything that it wants to know."""
    known = {
        "reader": Reading(office.store),
        "workflow": office.workflow,
        "team": office.team,
        "department": office.department,
        "at": office.now,
        "since": office.now - timedelta(days=7),
        "until": office.now + timedelta(days=28),
        "member": "cora",
        "item": "live",
        **more,
    }
    view = QUESTIONS[name]
    wanted = [one.name for one in signature(view).parameters.values() if one.default is one.empty]
    return view(**{one: known[one] for one in wanted})


class Reading:
    """A reader that can do nothing but read."""

    def __init__(self, store: Any) -> None:
        self.rows = store.rows


def values(told: Any) -> Iterator[Any]:
    """Every value of ours in an answer."""
    if isinstance(told, tuple):
        for one in told:
            yield from values(one)
    elif attrs.has(type(told)):
        yield told
        for field in attrs.fields(type(told)):
            yield from values(getattr(told, field.name))


@every_question
def test_a_question_changes_nothing(office: Any, name: str) -> None:
    """Whatever was in the store is in it, and nothing else."""
    before = office.everything()

    asked(office, name)

    assert before == office.everything()


@every_question
def test_a_question_needs_nothing_but_rows(office: Any, name: str) -> None:
    """And the same question has the same answer."""
    assert asked(office, name) == asked(office, name)


@every_question
def test_an_answer_is_made_of_frozen_values(office: Any, name: str) -> None:
    """Nobody who reads it can change what another one reads."""
    told = asked(office, name)

    assert isinstance(told, tuple) or attrs.has(type(told))
    for one in values(told):
        field = attrs.fields(type(one))[0].name
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(one, field, None)
        hash(one)


@every_question
def test_an_empty_store_has_an_answer(empty: Any, name: str) -> None:
    """There is nothing, rather than an error; of one item there is none to ask."""
    if "item" in signature(QUESTIONS[name]).parameters:
        empty.put("live", "response.listening")

    asked(empty, name)


@every_question
def test_a_question_is_asked_in_its_first_line(name: str) -> None:
    """So that a list of them can be read."""
    first = (QUESTIONS[name].__doc__ or "").partition("\n")[0]

    assert "?" in first


@every_question
def test_the_page_of_views_tells_each_as_it_is(name: str) -> None:
    """Where it is, what it asks, and what it takes: what it can do without behind a semicolon."""
    view = QUESTIONS[name]
    question = (view.__doc__ or "").partition("?")[0]
    parameters = signature(view).parameters.values()
    needed = [one.name for one in parameters if one.default is one.empty]
    more = [one.name for one in parameters if one.default is not one.empty]

    where = f"`{view.__module__.removeprefix('socialflow.content.views.')}.{view.__name__}`"
    (row,) = (line for line in PAGE.read_text().splitlines() if line.startswith(f"| {where} |"))
    _, _, told, takes, *_ = row.split("|")
    needs, _, without = takes.partition(";")
    assert f"{question[0].lower()}{question[1:]}?" == told.strip()
    assert needed == [one.strip() for one in needs.split(",")]
    assert more == [one.partition("(")[0].strip() for one in without.split(",") if one.strip()]
