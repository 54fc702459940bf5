"""Properties: sentences about everything that can ever happen to an item of a workflow."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, Protocol

import attrs

from socialflow.definitions import Workflow
from socialflow.errors import DefinitionError
from socialflow.plain import FrozenDict
from socialflow.verify.happenings import Happening
from socialflow.verify.views import View
from socialflow.verify.words import actions_like, actions_of, code, either

__all__ = [
    "BROKEN",
    "NOBODY",
    "Book",
    "Property",
    "Safety",
    "Sentence",
    "conditions",
    "holds",
    "nothing_satisfies",
    "when_told",
]

BROKEN = object()
"""What a book says when its property does not hold any more."""
NOBODY: frozenset[str] = frozenset()
Book = Hashable


class Property(Protocol):
    """A sentence that `check` can decide."""

    @property
    def apart(self) -> tuple[str, ...]:
        """Actions that do not count."""
        ...

    def view(self) -> View:
        """What it looks at, people left out."""
        ...

    def check(self, workflow: Workflow) -> None:
        """Raise if it names what is not there, or if nothing could satisfy it."""
        ...


@attrs.frozen(kw_only=True, repr=False)
class Sentence:
    """What all properties can say."""

    apart: tuple[str, ...] = ()
    kind_below: str = ""

    def of(self, kind: str) -> Any:
        """The same, about items of a kind below."""
        return attrs.evolve(self, kind_below=kind)

    def apart_from(self, *actions: str) -> Any:
        """The same, as long as none of these has been done: a recorded emergency, say."""
        return attrs.evolve(self, apart=(*self.apart, *actions))

    def check(self, workflow: Workflow) -> None:
        """Raise if it names what is not there, or if nothing could satisfy it."""
        raise NotImplementedError

    def within(self, workflow: Workflow) -> Any:
        """The same as far as the workflow has what it is about; None if it has not."""
        about = workflow.kinds.get(self.kind_below) if self.kind_below else workflow
        if about is None:
            return None
        apart = tuple(one for one in self.apart if actions_of(about, (one,)))
        cut = attrs.evolve(self, apart=apart)
        try:
            cut.check(about)
        except DefinitionError:
            return None
        return cut

    def view(self) -> View:
        """What it looks at, people left out."""
        return View(apart=frozenset(self.apart))

    def _apart_code(self) -> str:
        told = code(".apart_from", *self.apart) if self.apart else ""
        return told + (code(".of", self.kind_below) if self.kind_below else "")

    def _apart_told(self) -> str:
        told = f", apart from {either(self.apart)}" if self.apart else ""
        return told + (f" (of {self.kind_below})" if self.kind_below else "")

    def _check_apart(self, workflow: Workflow) -> None:
        actions_like(workflow, self.apart, str(self))


@attrs.frozen(kw_only=True, repr=False)
class Safety(Sentence):
    """A property that one finite history can break."""

    @property
    def is_about_people(self) -> bool:
        """Whether it matters who does it."""
        return False

    def concerns(self, workflow: Workflow) -> tuple[frozenset[str], ...]:
        """Sets of actions: somebody is concerned who may do one of each."""
        del workflow
        return ()

    def begin(self) -> Book:
        """The empty book."""
        return None

    def after(self, workflow: Workflow, book: Book, told: Happening) -> Book:
        """The book after one more event; `BROKEN` if the property does not hold any more."""
        raise NotImplementedError


def nothing_satisfies(where: str, why: str, remedy: str) -> DefinitionError:
    return DefinitionError.because("property", where, f"nothing could satisfy it: {why}", remedy)


def holds(data: Mapping[str, Any], told: FrozenDict) -> bool:
    return all(data.get(name) == value for name, value in told.items())


def when_told(when: FrozenDict) -> str:
    told = " and ".join(f"{name} is {value!r}" for name, value in when.items())
    return f" when {told}" if told else ""


def conditions(when: FrozenDict) -> View:
    return View(fields=frozenset(when), compared=frozenset(when.items()))
