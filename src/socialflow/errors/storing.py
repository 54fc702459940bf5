"""What was asked of a store, and cannot be had: the world's fault."""

from __future__ import annotations

from typing import ClassVar

from socialflow.errors.asking import SocialflowError

__all__ = [
    "Contended",
    "DefinitionConflict",
    "DefinitionLost",
    "EffectNotFound",
    "ItemExists",
    "ItemNotFound",
    "KeyTaken",
    "StaleDelivery",
    "StaleItem",
    "StoreError",
    "StoreVersion",
    "Uncertain",
]


class StoreError(SocialflowError):
    """What was asked of a store cannot be had."""

    code: ClassVar[str] = "store"


class ItemNotFound(StoreError):
    """No item has that id."""

    code: ClassVar[str] = "item_not_found"

    def __init__(self, item: str) -> None:
        super().__init__(item)
        self.item = item

    def __str__(self) -> str:
        told = f"there is no item {self.item!r}"
        return f"{told}; find(ref=...), or --ref, looks one up by the host's own key"


class ItemExists(StoreError):
    """An item with that id, or for that row of the host, is already there.

    Attributes:
        item: The id that was asked for; empty if none was.
        ref: The row of the host.
    """

    code: ClassVar[str] = "item_exists"

    def __init__(self, item: str, ref: str | None = None) -> None:
        super().__init__(item, ref)
        self.item = item
        self.ref = ref

    def __str__(self) -> str:
        said = (("id", self.item), ("ref", self.ref))
        taken = " or ".join(f"the {what} {one!r}" for what, one in said if one)
        return f"{taken} is taken by another item; find(ref=...) gives the one that is there"


class StaleItem(StoreError):
    """The item has moved on since it was read."""

    code: ClassVar[str] = "stale_item"

    def __init__(self, item: str, expected: int, found: int | None = None) -> None:
        super().__init__(item, expected, found)
        self.item = item
        self.expected = expected
        self.found = found

    def __str__(self) -> str:
        now = f"is at version {self.found}" if self.found is not None else "has moved on"
        return f"item {self.item!r} {now}, not at {self.expected}: read it again, then decide"


class KeyTaken(StoreError):
    """The idempotency key of a change has been used; whoever wrote must look at the answer."""

    code: ClassVar[str] = "key_taken"

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key

    def __str__(self) -> str:
        return f"the key {self.key!r} has been used already: ask for its answer"


class EffectNotFound(StoreError):
    """No effect for the outside has that key."""

    code: ClassVar[str] = "effect_not_found"

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key

    def __str__(self) -> str:
        return f"there is no effect {self.key!r}; letters() lists those that came to no end"


class StaleDelivery(StoreError):
    """Somebody else has seen to the effect since it was read."""

    code: ClassVar[str] = "stale_delivery"

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key

    def __str__(self) -> str:
        return f"the effect {self.key!r} has come further since it was read: read it again"


class Contended(StoreError):
    """Another transaction stood in the way, and the database gave up on this one: ask again."""

    code: ClassVar[str] = "contended"

    def __init__(self, store: str, reason: str) -> None:
        super().__init__(store, reason)
        self.store = store
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.store}: {self.reason}; nothing was written, ask again"


class Uncertain(StoreError):
    """Something went wrong while this was being committed: nobody knows whether it was."""

    code: ClassVar[str] = "uncertain"

    def __init__(self, store: str, reason: str) -> None:
        super().__init__(store, reason)
        self.store = store
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"{self.store}: {self.reason}; that was while this was committed, and whether it was "
            f"written is not known: the same command with the same key tells"
        )


class StoreVersion(StoreError):
    """The tables of a store are missing, or of another version of this library."""

    code: ClassVar[str] = "store_version"

    def __init__(self, store: str, found: str, wanted: str, remedy: str) -> None:
        super().__init__(store, found, wanted, remedy)
        self.store = store
        self.found = found
        self.wanted = wanted
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.store}: found {self.found}, need {self.wanted}: {self.remedy}"


class DefinitionConflict(StoreError):
    """One name and version stand for two different definitions."""

    code: ClassVar[str] = "definition_conflict"

    def __init__(self, workflow: str, version: str, stored: str, given: str) -> None:
        super().__init__(workflow, version, stored, given)
        self.workflow = workflow
        self.version = version
        self.stored = stored
        self.given = given

    def __str__(self) -> str:
        return (
            f"workflow {self.workflow!r} version {self.version!r} is stored with digest "
            f"{self.stored[:12]}, the one given has {self.given[:12]}: give it a new version"
        )


class DefinitionLost(StoreError):
    """An item is held by a definition that cannot be built here."""

    code: ClassVar[str] = "definition_lost"

    def __init__(self, workflow: str, digest: str, items: tuple[str, ...], reason: str) -> None:
        super().__init__(workflow, digest, items, reason)
        self.workflow = workflow
        self.digest = digest
        self.items = items
        self.reason = reason

    def __str__(self) -> str:
        held = ", ".join(self.items[:5]) + (" ..." if len(self.items) > 5 else "")
        return (
            f"definition {self.workflow!r} ({self.digest[:12]}) of {held or 'no item'} "
            f"cannot be built: {self.reason}"
        )
