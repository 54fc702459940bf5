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

from typing import Any

import attrs
from blinker import Namespace, Signal

from socialflow.items import Event, Item

__all__ = ["Signals"]


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

    def announce(self, sender: object, before: Item | None, item: Item, event: Event) -> None:
        """Tell everybody who listens what *event* has made of the item."""
        told = {"item": item, "event": event, "before": before}
        if before is None:
            _send(self.created, sender, {"item": item, "event": event})
        _send(self.performed, sender, told)
        if self.moved.receivers and (before is None or before.marking != item.marking):
            _send(self.moved, sender, told)
        if self.edited.receivers and before is not None and before.data != item.data:
            _send(self.edited, sender, told)
        if self.ended.receivers and item.ended and not (before is not None and before.ended):
            _send(self.ended, sender, told)


def _send(signal: Signal, sender: object, told: dict[str, Any]) -> None:
    if not signal.receivers:
        return
    for receiver in signal.receivers_for(sender):
        try:
            receiver(sender, **told)
        except Exception:
            from logging import getLogger

            getLogger(__name__).exception("receiver %r of %r failed", receiver, signal)
