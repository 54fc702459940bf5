"""Board: what is where, who has it, and for how long?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import attrs

from socialflow import Workflow
from socialflow.content.views.reading import Reader, is_content, named, open_items, waited

__all__ = ["Card", "board"]


@attrs.frozen
class Card:
    """One piece of content in one of the stages that are open.

    Attributes:
        stage: Whose duty it is.
        state: Full name of the state.
        item: Id of the item.
        ref: The host's own row, if it has one.
        title: What it is called.
        responsible: Id of whoever has it, if anybody.
        since: When it came there.
        waiting: How long ago that is.
        due: When the system does something there by itself, if it does.
        marks: ``"late"``, ``"on_hold"`` ...
    """

    stage: str
    state: str
    item: str
    ref: str | None
    title: str
    responsible: str | None
    since: datetime
    waiting: timedelta
    due: datetime | None
    marks: tuple[str, ...]


def board(reader: Reader, workflow: Workflow, at: datetime) -> tuple[Card, ...]:
    """What is where, who has it, and for how long?

    Args:
        reader: The store of the items.
        workflow: Says in which order the states stand; those that it does not have come last.
        at: Now.

    Returns:
        A card for every open stage of every piece of content: by state, longest waiting first.
    """
    cards = [
        Card(
            duty.stage,
            duty.state,
            *named(item),
            duty.responsible,
            duty.entered,
            waited(duty, at),
            duty.due,
            item.marks,
        )
        for duty, item in open_items(reader)
        if is_content(item)
    ]
    places = {state: n for n, state in enumerate(workflow.states)}
    return tuple(sorted(cards, key=lambda card: _place(card, places)))


def _place(card: Card, places: Mapping[str, int]) -> tuple[int, str, datetime, str]:
    return places.get(card.state, len(places)), card.state, card.since, card.item
