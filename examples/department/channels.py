"""The channels, all of them fake: they take uploads or do not, show what is up, and carry voices.

What they are asked for they hear by signal, after it is written; what came of it they tell as the
system, like a host does whose worker has called the platform.
"""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

from month import Month
from office import Office

from socialflow import Event, Item
from socialflow.people import SYSTEM

__all__ = ["Channels"]

WORK = ("publish", "recall", "mend")
TALKATIVE = 0.03
"""How likely it is that somebody writes below a new post in an hour; the more have, the less."""


class Channels:
    """Every account there is, and what the public sees on it."""

    def __init__(self, office: Office, month: Month, chance: Random) -> None:
        self._office, self._month, self._chance = office, month, chance
        self._faults = {place: list(does) for place, does in month.faults.items()}
        self._asked: list[tuple[str, Item]] = []
        self._up: dict[str, Item] = {}
        self._garbled: set[str] = set()
        self._tries, self._heard = Counter[str](), Counter[str]()
        office.engine.signals.performed.connect(self._hear)

    def _hear(self, _: object, item: Item, event: Event, before: Item | None) -> None:  # noqa: ARG002
        self._asked += [(effect.name, item) for effect in event.effects if effect.name in WORK]

    def deliver(self) -> None:
        """Do everything that was asked for, and say how it went."""
        while self._asked:
            work, item = self._asked.pop(0)
            match work:
                case "publish":
                    self._take(item)
                case "recall":
                    self._up.pop(item.id, None)
                    self._tell(item, "confirm_recall")
                case "mend":
                    self._garbled.discard(item.id)

    def _take(self, item: Item) -> None:
        account = item.data["account"]
        does = self._faults.get((item.parent or "", account))
        url = f"https://{account.replace(':', '.')}.example/{item.id[:8]}"
        match does.pop(0) if does else "takes":
            case "rejects":
                self._tries[item.id] += 1
                why = "422: this picture cannot be processed"
                self._tell(item, "fail", evidence=why, attempts=self._tries[item.id])
            case "times out":
                self._up[item.id] = item
                self._tell(item, "lose")
            case "garbles":
                self._up[item.id] = item
                self._garbled.add(item.id)
                self._tell(item, "accept", url=url)
            case _:
                self._up[item.id] = item
                self._tell(item, "accept", url=url)

    def _tell(self, item: Item, action: str, **said: Any) -> None:
        self._office.ask(SYSTEM, item.id, action, **said)

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
