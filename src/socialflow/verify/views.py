"""Views: what a proof looks at; the rest is forgotten, so that more is possible than there is."""

from __future__ import annotations

from typing import Any

import attrs

__all__ = ["View"]

NOBODY: frozenset[str] = frozenset()


@attrs.frozen
class View:
    """What is told apart.

    Attributes:
        people: Ids of members whose writing and voting is followed; of the others it is forgotten.
        alike: Ids of more of them, of whom those of one sort may stand for each other.
        everybody: Whether that is everybody, so that nothing about people is forgotten.
        fields: Fields of the item whose values are followed.
        compared: Values that such a field is compared with, beside those of the rules.
        roles: Roles that it matters whether the doer holds.
        kinds: Whether it matters of which kind the doer is.
        named: Patterns of commands that change nothing here, and are looked at all the same.
        apart: Patterns of actions that are not taken.
    """

    people: frozenset[str] = NOBODY
    alike: frozenset[str] = NOBODY
    everybody: bool = False
    fields: frozenset[str] = NOBODY
    compared: frozenset[tuple[str, Any]] = frozenset()
    roles: frozenset[str] = NOBODY
    kinds: bool = False
    named: frozenset[str] = NOBODY
    apart: frozenset[str] = NOBODY

    def follows(self, member: str) -> bool:
        """Whether it is followed what that member does."""
        return self.everybody or member in self.people or member in self.alike

    def names(self, member: str) -> bool:
        """Whether it is told who of them it is."""
        return self.everybody or member in self.people

    def __or__(self, other: View) -> View:
        """What is told apart in one of them; what is not taken in one is not taken."""
        people = self.people | other.people
        return View(
            people,
            (self.alike | other.alike) - people,
            self.everybody or other.everybody,
            self.fields | other.fields,
            self.compared | other.compared,
            self.roles | other.roles,
            self.kinds or other.kinds,
            self.named | other.named,
            self.apart | other.apart,
        )
