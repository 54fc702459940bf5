"""Alarms: when the system does something by itself, and what it is time for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import attrs

from socialflow.items import Alarm, Token
from socialflow.moments import Moment
from socialflow.plans import Plan
from socialflow.ways import Way

__all__ = ["JOIN", "Call", "calls", "marked_as_fired", "remembered", "renewed"]

JOIN = "join"
"""What the date of a Parallel is called among the things that are due."""


class Call(NamedTuple):
    """One thing that is due at a moment: an action, or joining what is open together."""

    moment: datetime
    name: str
    way: Way | None
    over: bool


def calls(
    plan: Plan, token: Token, data: Mapping[str, Any], now: datetime, late: bool
) -> list[Call]:
    """What is due for *token* by *now* and has not been done, earliest first.

    A *late* token, whose step the item has left, waits for no join.

    ``over`` says of one that its time has passed, and that it is to be skipped.
    """
    found = []
    for name, moment, way in _ahead(plan, token, data, now, late):
        if moment <= now:
            within = way.action.within if way is not None and way.action is not None else None
            found.append(Call(moment, name, way, within is not None and now > moment + within))
    return sorted(found, key=lambda call: call.moment)


def renewed(plan: Plan, token: Token, data: Mapping[str, Any], by: str, late: bool) -> Token:
    """The token with the alarm that its state and the item's data now call for.

    The alarm carries on behalf of *by* if their command has set another moment.
    """
    fired = token.alarm.fired if token.alarm is not None else ()
    moments = [moment for _, moment, _ in _ahead(plan, token, data, None, late)]
    due = min(moments, default=None)
    if due is None and not fired:
        return token if token.alarm is None else attrs.evolve(token, alarm=None)
    if token.alarm is not None and token.alarm.due == due:
        return token
    return attrs.evolve(token, alarm=Alarm(due, by, fired))


def marked_as_fired(token: Token, done: list[Call]) -> Token:
    """The token, remembering what has been done for it."""
    alarm = token.alarm or Alarm(None, "")
    fired = dict(alarm.fired) | {call.name: call.moment for call in done}
    return attrs.evolve(token, alarm=attrs.evolve(alarm, fired=tuple(sorted(fired.items()))))


def remembered(alarm: Alarm | None) -> Alarm | None:
    """What a token remembers in another state of its stage: what has been done in this visit."""
    return Alarm(None, "", alarm.fired) if alarm is not None and alarm.fired else None


def _ahead(
    plan: Plan, token: Token, data: Mapping[str, Any], now: datetime | None, late: bool
) -> Iterator[tuple[str, datetime, Way | None]]:
    """The next moment of everything that is still to be done for *token*.

    Of what repeats, the last repetition by *now* stands for those that were missed.
    """
    fired = dict(token.alarm.fired) if token.alarm is not None else {}
    for way in plan.due.get(token.state, ()):
        action = way.action
        assert action is not None
        moment = _moment(action.due, token, data)
        if moment is not None:
            following = _following(moment, fired.get(way.full), action.every, now)
            if following is not None:
                yield way.full, following, way
    until = None if late else plan.until.get(token.stage)
    if until is not None and token.state not in plan.done:
        moment = until.of(data)
        if moment is not None and fired.get(JOIN) != moment:
            yield JOIN, moment, None


def _moment(
    due: timedelta | Moment | None, token: Token, data: Mapping[str, Any]
) -> datetime | None:
    return due.of(data) if isinstance(due, Moment) else token.entered + (due or timedelta())


def _following(
    first: datetime, done: datetime | None, every: timedelta | None, now: datetime | None
) -> datetime | None:
    """When something that is due at *first*, and perhaps repeated, is due after it was *done*."""
    if done is None or done < first or (every is None and done != first):
        following = first
    elif every is None:
        return None
    else:
        following = first + every * ((done - first) // every + 1)
    if every is not None and now is not None and now > following:
        following += every * ((now - following) // every)
    return following
