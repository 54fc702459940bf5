"""What can go wrong, by whose fault it is.

SocialflowError
├── DefinitionError      the programmer's: a workflow, team or document that cannot be right
├── UsageError           the caller's: a call that no workflow could answer
│   ├── UnknownAction, UnknownWorkflow, UnknownMember, NaiveTime
│   ├── WrongArgument, NotPlain
│   ├── MissingExtra     an optional dependency is not installed
│   ├── LineError        a line of an export or of an anchor that cannot be taken
│   └── LogError         a log or a mapping that cannot be replayed
├── Refused              the actor's: understood, and turned down with every reason
├── EndlessSettling      the workflow's: its automatic actions never come to rest
└── StoreError           the world's: what was asked of a store cannot be had
    ├── ItemNotFound, ItemExists, StaleItem, KeyTaken
    ├── EffectNotFound, StaleDelivery
    ├── Contended, Uncertain
    └── StoreVersion, DefinitionConflict, DefinitionLost

Every class has a stable ``code``; ``docs/reference/errors.md`` has a paragraph for each.
"""

from __future__ import annotations

from typing import ClassVar

from socialflow.objections import Finding, Objection, Refusal, nearest

__all__ = [
    "Contended",
    "DefinitionConflict",
    "DefinitionError",
    "DefinitionLost",
    "EffectNotFound",
    "EndlessSettling",
    "Finding",
    "ItemExists",
    "ItemNotFound",
    "KeyTaken",
    "LineError",
    "LogError",
    "MissingExtra",
    "NaiveTime",
    "NotPlain",
    "Objection",
    "Refusal",
    "Refused",
    "SocialflowError",
    "StaleDelivery",
    "StaleItem",
    "StoreError",
    "StoreVersion",
    "Uncertain",
    "UnknownAction",
    "UnknownMember",
    "UnknownWorkflow",
    "UsageError",
    "WrongArgument",
    "nearest",
]


class SocialflowError(Exception):
    """Whatever this library raises on purpose."""

    code: ClassVar[str] = "error"


class DefinitionError(SocialflowError):
    """A workflow, team or document that cannot be right, with all that is wrong about it."""

    code: ClassVar[str] = "definition"

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(findings)
        self.findings = findings

    @classmethod
    def because(cls, code: str, where: str, message: str, remedy: str = "") -> DefinitionError:
        """The error with a single finding."""
        return cls((Finding(code, where, message, remedy),))

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all findings, in order."""
        return tuple(finding.code for finding in self.findings)

    def __str__(self) -> str:
        return "\n".join(map(str, self.findings))


class UsageError(SocialflowError):
    """A call that no workflow could answer."""

    code: ClassVar[str] = "usage"


class UnknownAction(UsageError):
    """The workflow has no action of that name in any of its stages."""

    code: ClassVar[str] = "unknown_action"

    def __init__(self, workflow: str, action: str, known: tuple[str, ...]) -> None:
        super().__init__(workflow, action, known)
        self.workflow = workflow
        self.action = action
        self.known = known

    def __str__(self) -> str:
        hint = nearest(self.action, self.known)
        return f"workflow {self.workflow!r} has no action {self.action!r}: {hint}"


class UnknownWorkflow(UsageError):
    """The engine was given no workflow of that name."""

    code: ClassVar[str] = "unknown_workflow"

    def __init__(self, workflow: str, known: tuple[str, ...]) -> None:
        super().__init__(workflow, known)
        self.workflow = workflow
        self.known = known

    def __str__(self) -> str:
        return f"no workflow is called {self.workflow!r}: {nearest(self.workflow, self.known)}"


class UnknownMember(UsageError):
    """A question was asked about a member whom the directory does not know."""

    code: ClassVar[str] = "unknown_member"

    def __init__(self, member: str) -> None:
        super().__init__(member)
        self.member = member

    def __str__(self) -> str:
        return f"the directory knows no member {self.member!r}: add them, or pass a Member"


class NaiveTime(UsageError):
    """A time without a zone, which could be any of twenty-four hours."""

    code: ClassVar[str] = "naive_time"

    def __init__(self, name: str, value: str) -> None:
        super().__init__(name, value)
        self.name = name
        self.value = value

    def __str__(self) -> str:
        return (
            f"{self.name} must be timezone-aware, got {self.value}: "
            f"say datetime(..., tzinfo=UTC), or let the engine's clock say it"
        )


class WrongArgument(UsageError):
    """An argument of a call is of a kind that could never be right."""

    code: ClassVar[str] = "wrong_argument"

    def __init__(self, name: str, wanted: str, value: str) -> None:
        super().__init__(name, wanted, value)
        self.name = name
        self.wanted = wanted
        self.value = value

    def __str__(self) -> str:
        return f"{self.name} must be {self.wanted}, not {self.value}"


class NotPlain(UsageError):
    """Data that JSON cannot say, and that therefore no store could keep."""

    code: ClassVar[str] = "not_plain"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"data must be plain: {self.reason}; use a mapping of texts, finite numbers, booleans, "
            f"lists and mappings, or an instance of the action's form"
        )


class MissingExtra(UsageError):
    """Something optional was used that is not installed."""

    code: ClassVar[str] = "missing_extra"

    def __init__(self, wanted: str, extra: str) -> None:
        super().__init__(wanted, extra)
        self.wanted = wanted
        self.extra = extra

    def __str__(self) -> str:
        return f"{self.wanted} needs an extra: pip install 'socialflow[{self.extra}]'"


class LineError(UsageError):
    """A line of an export, or of an anchor, that cannot be taken; nothing was written."""

    code: ClassVar[str] = "line"

    def __init__(self, line: int, message: str, remedy: str = "") -> None:
        super().__init__(line, message, remedy)
        self.line = line
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" + (f" ({self.remedy})" if self.remedy else "")


class LogError(UsageError):
    """A log that cannot be replayed at all."""

    code: ClassVar[str] = "log"

    def __init__(self, source: str, message: str, remedy: str = "") -> None:
        super().__init__(source, message, remedy)
        self.source = source
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.source}: {self.message}" + (f" ({self.remedy})" if self.remedy else "")


class Refused(SocialflowError):
    """The command was understood and turned down; nothing was written."""

    code: ClassVar[str] = "refused"

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal

    def __str__(self) -> str:
        return str(self.refusal)


class EndlessSettling(SocialflowError):
    """The automatic actions of a workflow went round in circles; nothing was written."""

    code: ClassVar[str] = "endless_settling"

    def __init__(self, workflow: str, path: tuple[str, ...]) -> None:
        super().__init__(workflow, path)
        self.workflow = workflow
        self.path = path

    def __str__(self) -> str:
        return (
            f"workflow {self.workflow!r} did not come to rest: {' -> '.join(self.path)}; "
            f"give one of these automatic actions a rule that stops holding"
        )


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
        return f"there is no item {self.item!r}; find(ref=...) looks one up by the host's own key"


class ItemExists(StoreError):
    """An item with that id, or for that row of the host, is already there."""

    code: ClassVar[str] = "item_exists"

    def __init__(self, item: str, ref: str | None = None) -> None:
        super().__init__(item, ref)
        self.item = item
        self.ref = ref

    def __str__(self) -> str:
        taken = f"the id {self.item!r}" + (f" or the ref {self.ref!r}" if self.ref else "")
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
    """The connection was lost while something was being committed: nobody knows whether it was."""

    code: ClassVar[str] = "uncertain"

    def __init__(self, store: str, reason: str) -> None:
        super().__init__(store, reason)
        self.store = store
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"{self.store}: {self.reason}: the connection was lost while this was committed, and "
            f"it may have been; the same command with the same key tells"
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
