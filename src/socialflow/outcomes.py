"""Outcomes: what a draft has come to, once everything that follows by itself has happened."""

from __future__ import annotations

from socialflow.drafts import Draft
from socialflow.errors import Refusal
from socialflow.items import Command, Event, Origin, new_event
from socialflow.settling import NotHandedOver, settle

__all__ = ["outcome_of"]


def outcome_of(
    draft: Draft,
    action: str,
    command: Command,
    roles: tuple[str, ...],
    version: int,
    asked: str = "",
    keeps: tuple[str, ...] = (),
    origin: Origin | None = None,
    cause: str = "",
    warned: tuple[str, ...] = (),
) -> Event | Refusal:
    """Settle the draft, and give the event that makes the item so.

    Returns:
        The event; or the refusal of a hand-over that entry rules object to.

    Raises:
        EndlessSettling: Its automatic actions do not come to rest.
    """
    item, plan = draft.item, draft.plan
    restless = plan.settles(draft.tokens) or draft.votes or (draft.wrote and draft.signatures)
    if restless and version != item.version:
        try:
            settle(draft)
        except NotHandedOver as stopped:
            return Refusal(action, stopped.objections)
    if plan.is_timed:
        draft.set_alarms()
    return new_event(
        item.id,
        version,
        action,
        command,
        roles,
        tuple(draft.moves),
        tuple(sorted(draft.tokens, key=lambda token: token.state)),
        tuple(draft.effects),
        asked,
        None if draft.idle is item.idle else draft.idle,
        None if draft.contributors is item.contributors else draft.contributors,
        None if draft.authors is item.authors else draft.authors,
        None if draft.signatures is item.signatures else draft.signatures,
        keeps,
        origin,
        None if draft.rounds is item.rounds else draft.rounds,
        None if draft.marks == item.marks else draft.marks,
        None if draft.votes is item.votes else draft.votes,
        cause,
        warned,
    )
