"""The command that answers the questions of a lead: ask."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from inspect import Parameter, signature
from typing import Any

from socialflow.cli.printing import plain_value, print_json
from socialflow.cli.sources import store_of, workflow_at
from socialflow.content.views.questions import QUESTIONS
from socialflow.errors import ItemNotFound, WrongArgument
from socialflow.queries import Items

__all__ = ["ask"]

FORTNIGHT = timedelta(days=14)
Question = Callable[..., Any]


def ask(asked: Namespace) -> int:
    """Answer a question, or list them all."""
    told = _list() if asked.question is None else _answer(asked)
    if asked.json:
        print_json(plain_value(told))
    else:
        from socialflow.cli.answers import show_answer

        show_answer(told)
    return 0


def _answer(asked: Namespace) -> Any:
    view = QUESTIONS.get(asked.question)
    if view is None:
        raise WrongArgument("the question", f"one of {', '.join(QUESTIONS)}", repr(asked.question))
    if asked.ref is not None:
        asked.item = _item(asked)
    return view(**dict(_told(view, asked)))


def _item(asked: Namespace) -> str:
    """The id of the item that is asked about by the host's own row."""
    if asked.store is None:
        raise WrongArgument("--store", f"said, to find {asked.ref}", "left out")
    for item in store_of(asked).rows(Items(ref=asked.ref)):
        return item.id
    raise ItemNotFound(asked.ref)


def _list() -> tuple[dict[str, str], ...]:
    """Every question: what it is called, what it asks, and what it needs."""
    return tuple(
        {
            "question": name,
            "asks": (view.__doc__ or "").partition("\n")[0],
            "needs": " ".join(dict.fromkeys(_flag(one.name) for one in _needed(view))),
        }
        for name, view in QUESTIONS.items()
    )


def _needed(view: Question) -> Iterator[Parameter]:
    given = ("workflow", *MOMENTS)
    return (one for one in _parameters(view) if one.default is one.empty and one.name not in given)


def _parameters(view: Question) -> tuple[Parameter, ...]:
    return tuple(signature(view).parameters.values())


def _told(view: Question, asked: Namespace) -> Iterator[tuple[str, Any]]:
    """What a question takes, each from the argument that says it."""
    for one in _parameters(view):
        if one.name in MOMENTS:
            yield one.name, MOMENTS[one.name](asked)
        elif getattr(asked, _name(one.name), None) is not None:
            yield one.name, SOURCES.get(one.name, getattr)(asked, _name(one.name))
        elif one.default is one.empty:
            raise WrongArgument(_flag(one.name), f"said, to answer {asked.question}", "left out")


def _name(parameter: str) -> str:
    """The argument that says it."""
    return "store" if parameter == "reader" else parameter


def _flag(parameter: str) -> str:
    return f"--{_name(parameter)}"


def _team(asked: Namespace, name: str) -> Any:
    from socialflow.documents import load_team

    return load_team(getattr(asked, name))


def _department(asked: Namespace, name: str) -> Any:
    from socialflow.content.department import load_department

    return load_department(getattr(asked, name))


SOURCES: Mapping[str, Callable[[Namespace, str], Any]] = {
    "reader": lambda asked, _: store_of(asked),
    "workflow": lambda asked, name: workflow_at(getattr(asked, name)),
    "team": _team,
    "department": _department,
}
"""What an argument stands for, if it is not what it says itself."""


def _at(asked: Namespace) -> datetime:
    return _moment(asked, "at") or datetime.now(UTC)


MOMENTS: Mapping[str, Callable[[Namespace], datetime]] = {
    "at": _at,
    "since": lambda asked: _moment(asked, "since") or _at(asked) - FORTNIGHT,
    "until": lambda asked: _moment(asked, "until") or _at(asked) + FORTNIGHT,
}
"""Now, and the fortnights before and behind it, if nothing else is said."""


def _moment(asked: Namespace, name: str) -> datetime | None:
    text = getattr(asked, name)
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        wanted = "a moment with a time zone, as in 2026-05-04T12:00:00Z"
        raise WrongArgument(f"--{name}", wanted, repr(text))
    return at
