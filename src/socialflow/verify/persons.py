"""Who must not be the same person."""

from __future__ import annotations

import attrs

from socialflow.definitions import Workflow
from socialflow.verify.happenings import Happening
from socialflow.verify.properties import (
    BROKEN,
    NOBODY,
    Book,
    Safety,
    nothing_satisfies,
)
from socialflow.verify.views import View
from socialflow.verify.words import (
    actions_of,
    check_place,
    code,
    either,
)

__all__ = ["DifferentPeople", "different_people"]


@attrs.frozen(kw_only=True, repr=False)
class DifferentPeople(Safety):
    """That two things are not done by the same person; see `different_people`."""

    one: str
    other: str
    since: str = ""

    def __str__(self) -> str:
        told = f"{self.one} and {self.other} are done by different people"
        told += f" since it was last in {self.since}" if self.since else ""
        return told + self._apart_told()

    def __repr__(self) -> str:
        named = {"since": self.since} if self.since else {}
        return code("different_people", self.one, self.other, **named) + self._apart_code()

    @property
    def is_about_people(self) -> bool:
        """Whether it matters who does it."""
        return True

    def concerns(self, workflow: Workflow) -> tuple[frozenset[str], ...]:
        """Sets of actions: somebody is concerned who may do one of each."""
        return tuple(actions_of(workflow, (one,)) for one in (self.one, self.other))

    def view(self) -> View:
        """What it looks at, people left out."""
        return super().view() | View(named=frozenset({self.one, self.other}))

    def check(self, workflow: Workflow) -> None:
        """Raise if it names what is not there, or if nothing could satisfy it."""
        where = str(self)
        one, other = self.concerns(workflow)
        if self.since:
            check_place(workflow, self.since, where)
        self._check_apart(workflow)
        if one & other:
            told = f"whoever does {either(sorted(one & other))} is the same person"
            raise nothing_satisfies(where, told, "name two different actions")

    def begin(self) -> Book:
        """Nobody has done anything."""
        return ((NOBODY, NOBODY), (NOBODY, NOBODY))

    def after(self, workflow: Workflow, book: Book, told: Happening) -> Book:
        """The book after one more event."""
        assert isinstance(book, tuple)
        if self.since and told.begins((self.since,)):
            book = tuple((NOBODY, ayes) for _, ayes in book)
        sides = self.concerns(workflow)
        pages = [_doing(page, told, names) for page, names in zip(book, sides, strict=True)]
        if pages[0][0] & pages[1][0]:
            return BROKEN
        return tuple(pages)


def _doing(
    page: tuple[frozenset[str], frozenset[str]], told: Happening, names: frozenset[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """Who has done it, and who has said yes to it; who writes the content takes a yes back."""
    done, ayes = page
    if told.voted and told.asked in names:
        ayes |= told.by
    if told.taken & names:
        done, ayes = done | (ayes if told.voted else told.by), NOBODY
    return done, ayes - told.wrote


def different_people(one: str, other: str, *, since: str = "") -> DifferentPeople:
    """That nobody does both; counted anew when the stage *since* is entered, if one is named.

    Example:
        >>> str(different_people("edit_ok", "brand_ok", since="drafting"))
        'edit_ok and brand_ok are done by different people since it was last in drafting'
    """
    return DifferentPeople(one=one, other=other, since=since)
