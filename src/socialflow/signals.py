"""Signals: what an engine tells after the commit; the door to `blinker`.

Signals inform, they cannot veto: rules do that, before.  A receiver that raises is logged and
does not stop the others.  What must not be lost belongs into the history.

| signal      | sent when                                    | keywords                     |
|-------------|----------------------------------------------|------------------------------|
| `created`   | an item has come into being                  | ``item, event``              |
| `performed` | any command has been accepted, births as well | ``item, event, before``      |
| `moved`     | the marking has changed                      | ``item, event, before``      |
| `edited`    | the data has changed                         | ``item, event, before``      |
| `ended`     | the item has reached an end                  | ``item, event, before``      |

The sender is the engine; ``before`` is the item as it was, None for a birth.
"""

from __future__ import annotations

from logging import getLogger
from typing import Any

import attrs
from blinker import Namespace, Signal

from socialflow.items import Event, Item
from socialflow.watching import fields

__all__ = ["Signals"]

LOG = getLogger(__name__)


@attrs.frozen
class Signals:
    """One engine's signals, in a namespace of its own; see the module for the catalogue."""

    created: Signal
    performed: Signal
    moved: Signal
    edited: Signal
    ended: Signal

    @classmethod
    def private(cls) -> Signals:
        """Signals that no other engine shares."""
        space = Namespace()
        return cls(*(space.signal(field.name) for field in attrs.fields(cls)))

    def announce(self, sender: object, before: Item | None, item: Item, event: Event) -> int:
        """Tell everybody who listens what *event* has made of the item; how many have failed."""
        told = {"item": item, "event": event, "before": before}
        failed = 0
        if before is None:
            failed += _send(self.created, sender, {"item": item, "event": event})
        if self.performed.receivers:
            failed += _send(self.performed, sender, told)
        if self.moved.receivers and (before is None or before.marking != item.marking):
            failed += _send(self.moved, sender, told)
        if self.edited.receivers and before is not None and before.data != item.data:
            failed += _send(self.edited, sender, told)
        if self.ended.receivers and item.ended and not (before is not None and before.ended):
            failed += _send(self.ended, sender, told)
        return failed


def _send(signal: Signal, sender: object, told: dict[str, Any]) -> int:
    """Call every receiver; how many of them have failed."""
    if not signal.receivers:
        return 0
    failed = 0
    for receiver in signal.receivers_for(sender):
        try:
            receiver(sender, **told)
        except Exception:
            failed += 1
            item, action = told["item"].id, told["event"].action
            name = str(getattr(signal, "name", ""))
            about = fields(kind="receiver_failed", item=item, action=action, signal=name)
            who = getattr(receiver, "__qualname__", repr(receiver)), name, action, item
            LOG.exception("receiver %s of %s failed at %s of %s", *who, extra=about)
    return failed
