"""Sources: where what people say about us comes in, whatever listens there.

A tool that monitors platforms, a mailbox, a form on a page: anything that can tell what it has
heard is a source (S4-08).  Each of its mentions becomes an interaction, once, however often it is
told: below the content that it is about, or, if it is about none of ours, of its own.  Whom the
department watches as an opinion leader is marked (S1-19).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, Protocol

import attrs

from socialflow import Item, Member
from socialflow.content.department import Department
from socialflow.errors import ItemNotFound, WrongArgument
from socialflow.people import SYSTEM

__all__ = ["Mention", "Recorder", "Source", "take_in"]


@attrs.frozen(kw_only=True)
class Mention:
    """What somebody has said somewhere.

    Attributes:
        key: What the source calls it; no two mentions share one.
        account: Key of the account where it was said, or under which it is answered.
        author: What the platform calls whoever said it.
        text: Their words.
        kind: In which way they said it.
        thread: The conversation that it is part of.
        below: Id of the content that it is about, if it is ours.
    """

    key: str
    account: str
    author: str
    text: str | None = None
    kind: Literal["comment", "mention", "message", "review"] = "mention"
    thread: str | None = None
    below: str | None = None


class Source(Protocol):
    """Where a host's own listening comes in."""

    def heard(self) -> Iterable[Mention]:
        """What has been said, as far as the source remembers; the same may be told again."""
        ...


class Recorder(Protocol):
    """What makes items: an engine, which has interactions among its workflows."""

    def create(
        self,
        workflow: str,
        /,
        *,
        by: str | Member,
        data: Any = None,
        key: str | None = None,
        parent: str | None = None,
    ) -> Item:
        """A new item, or the one that was made under the same *key*."""
        ...


SAID = ("account", "author", "text", "kind", "thread")


def take_in(
    source: Source, recorder: Recorder, department: Department | None = None
) -> tuple[Item, ...]:
    """The interactions of everything that *source* has heard, in its order, as they were made.

    Args:
        source: Listens.
        recorder: Makes them.
        department: Says whom somebody watches as an opinion leader; nobody, if not said.

    Raises:
        WrongArgument: A mention is below an item that is not there; those before it are made.
    """
    monitoring = department.monitoring if department else ()
    leaders = {one.value for one in monitoring if one.dimension == "opinion_leader"}
    return tuple(_interaction(one, recorder, leaders) for one in source.heard())


def _interaction(one: Mention, recorder: Recorder, leaders: set[str]) -> Item:
    said = {name: getattr(one, name) for name in SAID}
    try:
        return recorder.create(
            "interaction",
            by=SYSTEM,
            data={"influencer": one.author in leaders or None, **said},
            key=f"heard:{one.key}",
            parent=one.below,
        )
    except ItemNotFound as gone:
        raise WrongArgument(
            f"below= of the mention {one.key!r}", "the id of an item", repr(one.below)
        ) from gone
