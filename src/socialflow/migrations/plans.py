"""Plans and reports of a migration: what moves where, and what stays and why, in numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from socialflow.definitions import Workflow
from socialflow.errors import Objection
from socialflow.migrations.fields import Data
from socialflow.plain import FrozenDict

__all__ = ["Left", "MigrationPlan", "MigrationReport", "Moving"]


@attrs.frozen
class Moving:
    """Items that move alike.

    Attributes:
        workflow: Name and version of the definition that held them.
        digest: Its digest.
        marking: Where they were.
        into: Where they are, once everything that follows by itself has happened.
        lapses: What they lose, in words: ``"the signature of tone"``.
        lacks: Stages behind them that sign, and whose signature they lack.
        sends: Names of the effects that follow by themselves.
        items: How many they are.
        ids: The first of them.
    """

    workflow: str
    digest: str
    marking: tuple[str, ...]
    into: tuple[str, ...]
    lapses: tuple[str, ...]
    lacks: tuple[str, ...]
    sends: tuple[str, ...]
    items: int = 0
    ids: tuple[str, ...] = ()

    def __str__(self) -> str:
        ways = " -> ".join(dict.fromkeys((_together(self.marking), _together(self.into))))
        told = [f"without {', '.join(self.lapses)}"] if self.lapses else []
        told += [f"not signed by {', '.join(self.lacks)}"] if self.lacks else []
        told += [f"sends {', '.join(self.sends)}"] if self.sends else []
        return f"{self.items:>6}  {'; '.join((ways, *told))}"


@attrs.frozen
class Left:
    """Items that stay where they are, for the same reasons.

    Attributes:
        workflow: Name and version of the definition that holds them.
        digest: Its digest.
        marking: Where they are.
        objections: The reasons; one of these items stands for all in what they say.
        items: How many they are.
        ids: The first of them.
    """

    workflow: str
    digest: str
    marking: tuple[str, ...]
    objections: tuple[Objection, ...]
    items: int = 0
    ids: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons, in order."""
        return tuple(one.code for one in self.objections)

    def __str__(self) -> str:
        reasons = "\n".join(f"{'':8}{one}" for one in self.objections)
        more = " ..." if self.items > len(self.ids) else ""
        ids = f"{'':8}{', '.join(self.ids)}{more}"
        return f"{self.items:>6}  {_together(self.marking)}\n{reasons}\n{ids}"


def _together(marking: Iterable[str]) -> str:
    return " + ".join(marking)


@attrs.frozen
class MigrationReport:
    """What became of the items that were looked at.

    Attributes:
        to: Where they were to go.
        moving: Those that have moved.
        left: Those that have stayed.
        is_whole: Whether all were looked at; if not, going on is a matter of asking again.
    """

    to: Workflow
    moving: tuple[Moving, ...]
    left: tuple[Left, ...]
    is_whole: bool = True

    @property
    def moved(self) -> int:
        """How many items have moved."""
        return sum(one.items for one in self.moving)

    @property
    def stayed(self) -> int:
        """How many items have stayed."""
        return sum(one.items for one in self.left)

    def to_json(self) -> dict[str, Any]:
        """The report as plain JSON data."""
        return {**_told(self), "moved": self.moved, "is_whole": self.is_whole}

    def __str__(self) -> str:
        rest = "" if self.is_whole else ", and there are more"
        first = f"{self.moved} moved to {_named(self.to)}, {self.stayed} stayed{rest}"
        return "\n".join((first, *_page(self)))


@attrs.frozen
class MigrationPlan:
    """What would become of the items now; nothing has been written.

    Attributes:
        to: Where they are to go.
        of: Digest of the definition that holds them, or the name of all that are meant.
        states: Where states lead that the new definition has under another name.
        below: Whether the items below move as well.
        data: What is told of fields.
        moving: Those that can move.
        left: Those that cannot, and why.
    """

    to: Workflow
    of: str
    states: FrozenDict
    below: bool
    data: Data
    moving: tuple[Moving, ...]
    left: tuple[Left, ...]

    @property
    def cost(self) -> int:
        """How many items would be written."""
        return sum(one.items for one in self.moving)

    @property
    def stayed(self) -> int:
        """How many items would stay."""
        return sum(one.items for one in self.left)

    def to_json(self) -> dict[str, Any]:
        """The plan as plain JSON data, but for what is told of fields."""
        asked = {"of": self.of, "states": dict(self.states), "below": self.below}
        return {**_told(self), **asked, "cost": self.cost}

    def __str__(self) -> str:
        first = f"to {_named(self.to)}: {self.cost} can move, {self.stayed} cannot"
        return "\n".join((first, *_page(self)))


def _named(workflow: Workflow) -> str:
    return f"{workflow.name} {workflow.version} ({workflow.digest[:12]})"


def _told(one: MigrationPlan | MigrationReport) -> dict[str, Any]:
    to = {"name": one.to.name, "version": one.to.version, "digest": one.to.digest}
    return {
        "to": to,
        "moving": [_plain(each) for each in one.moving],
        "left": [
            {**_plain(each), "objections": [why.to_json() for why in each.objections]}
            for each in one.left
        ],
        "stayed": one.stayed,
    }


def _plain(group: Moving | Left) -> dict[str, Any]:
    told = attrs.asdict(group, recurse=False)
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in told.items()
    }


def _page(one: MigrationPlan | MigrationReport) -> Iterator[str]:
    """The groups, under the definition that they come from."""
    groups: tuple[Moving | Left, ...] = (*one.moving, *one.left)
    sources = dict.fromkeys((each.workflow, each.digest) for each in groups)
    for workflow, digest in sources:
        moving = [each for each in one.moving if each.digest == digest]
        left = [each for each in one.left if each.digest == digest]
        if moving:
            yield f"from {workflow} ({digest[:12]})"
            yield from map(str, moving)
        if left:
            yield f"staying with {workflow} ({digest[:12]})"
            yield from map(str, left)
