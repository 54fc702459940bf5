"""Refusals: what is refused has changed nothing, and nobody was told anything."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import attrs
from books import Attempt, Book, Broken

from socialflow.errors import SocialflowError
from socialflow.protocols import Store
from socialflow.queries import Definitions, Duties, Heads, History, Items
from socialflow.stores.sql import SqlStore

if TYPE_CHECKING:
    from office import Office

__all__ = ["Refusals"]

LATER = timedelta(days=1000)


class Refusals(Book):
    """The store, and every signal, before something is asked for."""

    def __init__(self) -> None:
        self.counted = 0
        self.written: tuple[Any, ...] = ()
        self.signals: list[str] = []
        self.receivers: list[Any] = []

    def before(self, office: Office, attempt: Attempt) -> None:
        """Write the store down."""
        if not self.receivers:
            self._listen(office)
        self.written = _everything(office)
        self.signals.clear()

    def refused(self, office: Office, attempt: Attempt, error: SocialflowError) -> None:
        """It reads as before, and nothing was heard."""
        self.counted += 1
        if _everything(office) != self.written:
            raise Broken(f"{attempt.action} was refused, and the store has changed")
        if self.signals:
            raise Broken(f"{attempt.action} was refused, and {self.signals} were told")

    def _listen(self, office: Office) -> None:
        for field in attrs.fields(type(office.engine.signals)):
            receiver = _Receiver(field.name, self.signals)
            getattr(office.engine.signals, field.name).connect(receiver)
            self.receivers.append(receiver)


class _Receiver:
    def __init__(self, name: str, heard: list[str]) -> None:
        self.name, self.heard = name, heard

    def __call__(self, _: object, **told: Any) -> None:
        self.heard.append(self.name)


def _everything(office: Office) -> tuple[Any, ...]:
    """All that the store answers; what is put off shows in what is due."""
    store: Store = office.store
    asked = (
        Items(),
        History(),
        Duties(),
        Duties(due=office.now),
        Duties(due=office.now + LATER),
        Definitions(),
        Heads(),
    )
    answers = tuple(tuple(store.rows(query)) for query in asked)
    return (*answers, store.dump()) if isinstance(store, SqlStore) else answers
