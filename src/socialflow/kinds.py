"""Kinds of items below an item: how they are made and told, and how the parent follows them."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from socialflow.items import Effect

__all__ = ["SPAWN", "TELL", "Children", "Line", "only", "some", "spawn", "tell"]

SPAWN = "spawn"
TELL = "tell"


def _several(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def spawn(
    workflow: str,
    *,
    each: str = "",
    into: str = "",
    copies: str | Iterable[str] = (),
    otherwise: str = "",
) -> Effect:
    """An effect that makes children, in the same transaction: a new round of that kind.

    Args:
        workflow: Name of one of the workflow's ``children``.
        each: A field of the item that lists texts: one child for each; a single child without it.
        into: The child's field that takes the text.
        copies: Fields of the item that the child takes over.
        otherwise: A field of the item that says, by such a text, which of these are different for
            that child.

    Example:
        >>> spawn("publication", each="accounts", into="account", copies="publish_at").name
        'spawn'
    """
    told: dict[str, object] = {"workflow": workflow}
    told |= {"each": each, "into": into} if each else {}
    told |= {"copies": _several(copies)} if copies else {}
    told |= {"otherwise": otherwise} if otherwise else {}
    return Effect(SPAWN, told)


def tell(workflow: str, action: str, *, where: str | Iterable[str] = ()) -> Effect:
    """An effect that has every child of the newest round do something, in the same transaction.

    Args:
        workflow: Name of one of the workflow's ``children``.
        action: What they do; the system asks for it.
        where: Only those in one of these states of theirs; bare where the kind has one stage.

    Example:
        >>> tell("publication", "retry", where="failed").data["action"]
        'retry'
    """
    told = {"workflow": workflow, "action": action, "where": _several(where)}
    return Effect(TELL, {name: value for name, value in told.items() if value})


@attrs.frozen
class Line:
    """Where the parent is, as long as its children are so.

    Attributes:
        state: Bare state of the stage that follows, or an end.
        some: Holds if a child is in one of these states of theirs ...
        only: ... or if there is a child, and every one is in one of these.
    """

    state: str
    some: tuple[str, ...] = attrs.field(default=(), converter=_several)
    only: tuple[str, ...] = attrs.field(default=(), converter=_several)

    def holds(self, inhabited: frozenset[str]) -> bool:
        """Whether it holds for the states that children are in."""
        if self.some:
            return not inhabited.isdisjoint(self.some)
        return bool(inhabited) and inhabited.issubset(self.only)


@attrs.frozen
class _Condition:
    word: str
    states: tuple[str, ...]


def some(*states: str) -> _Condition:
    """A child is in one of *states*."""
    return _Condition("some", states)


def only(*states: str) -> _Condition:
    """There is a child, and every one is in one of *states*."""
    return _Condition("only", states)


def _lines(value: Iterable[Line | tuple[str, _Condition]]) -> tuple[Line, ...]:
    return tuple(
        one if isinstance(one, Line) else Line(one[0], **{one[1].word: one[1].states})
        for one in value
    )


@attrs.frozen
class Children:
    """What a stage follows: the first line that holds is its state.

    Attributes:
        workflow: Name of one of the workflow's ``children``.
        lines: In order; if none holds, the state stays.

    Example:
        >>> seen = Children("publication", (("live", only("verified")), ("failed", some("failed"))))
        >>> [line.holds(frozenset({"verified", "failed"})) for line in seen.lines]
        [False, True]
    """

    workflow: str
    lines: tuple[Line, ...] = attrs.field(converter=_lines)
