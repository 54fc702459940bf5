"""Outcomes: what a draft has come to, once everything that follows by itself has happened."""

from __future__ import annotations

from socialflow.drafts import Draft
from socialflow.errors import Refusal
from socialflow.items import CHANGING, Command, Event, Origin, new_event
from socialflow.plain import FrozenDict
from socialflow.settling import NotHandedOver, settle
from socialflow.waivers import waiving

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
        waiving(command, draft.waived),
        roles,
        tuple(draft.moves),
        tuple(sorted(draft.tokens, key=lambda token: token.state)),
        tuple(draft.effects),
        asked,
        _changed(draft),
        keeps,
        origin,
        cause,
        warned,
    )


def _changed(draft: Draft) -> FrozenDict:
    """What has become another, beside the tokens."""
    now = ((name, getattr(draft, name)) for name in CHANGING)
    return FrozenDict({name: one for name, one in now if one != getattr(draft.item, name)})
