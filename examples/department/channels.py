"""The channels, all of them fake: they take uploads or do not, show what is up, and carry voices.

An outbox hands them what the items ask for, and has the items hear what came of it.
"""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

from month import Month
from office import Office

from socialflow import Item
from socialflow.channels import Outcome, delivered, refused
from socialflow.people import SYSTEM
from socialflow.protocols import Channel
from socialflow.queries import Delivery

__all__ = ["WORK", "Channels"]

WORK = ("publish", "recall", "mend")
"""What items ask for that is done on the channels."""

TALKATIVE = 0.03
"""How likely it is that somebody writes below a new post in an hour; the more have, the less."""


class Channels(Channel):
    """Every account there is, and what the public sees on it.

    They cannot say afterwards what has become of an upload: after a time-out somebody has to look.
    """

    can = "nothing"

    def __init__(self, office: Office, month: Month, chance: Random) -> None:
        self._office, self._month, self._chance = office, month, chance
        self._faults = {place: list(does) for place, does in month.faults.items()}
        self._up: dict[str, Item] = {}
        self._garbled: set[str] = set()
        self._heard = Counter[str]()

    def deliver(self, delivery: Delivery, item: Item) -> Outcome:
        """Do what an item asks for, and say how it went."""
        match delivery.name:
            case "recall":
                self._up.pop(item.id, None)
            case "mend":
                self._garbled.discard(item.id)
            case _:
                return self._take(item)
        return delivered()

    def _take(self, item: Item) -> Outcome:
        account = item.data["account"]
        does = self._faults.get((item.parent or "", account))
        fault = does.pop(0) if does else None
        if fault == "rejects":
            return refused("422: this picture cannot be processed")
        self._up[item.id] = item
        if fault == "times out":
            raise TimeoutError("no answer within ten seconds")
        if fault == "garbles":
            self._garbled.add(item.id)
        return delivered(url=f"https://{account.replace(':', '.')}.example/{item.id[:8]}")

    def speak(self) -> None:
        """Let people write below what has been up for a while; the longer, the fewer."""
        for upload in self._up.values():
            above = upload.parent or ""
            if self._chance.random() < TALKATIVE / (1 + self._heard[above]):
                self._heard[above] += 1
                self._office.bring(
                    SYSTEM,
                    "interaction",
                    below=above,
                    account=upload.data["account"],
                    author=f"reader{self._chance.randint(100, 999)}",
                    text=self._chance.choice(tuple(self._month.voices)),
                )

    def shows(self, upload: str) -> bool:
        """Whether the public sees an upload, whatever is known of it in the office."""
        return upload in self._up

    def look(self, upload: str) -> dict[str, Any]:
        """What somebody sees who looks at it there."""
        names = ("right_account", "right_text", "right_media", "disclosure_visible")
        return {**dict.fromkeys(names, True), "links_work": upload not in self._garbled}

    def meaning(self, text: str | None) -> dict[str, Any]:
        """What somebody means by what they write."""
        return dict(self._month.voices.get(text or "", {"intent": "praise", "asked": True}))
