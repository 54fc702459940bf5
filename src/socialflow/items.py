"""What is moved, what moves it, and what is remembered of that: small frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import attrs

from socialflow.errors import DefinitionError
from socialflow.people import EVERYWHERE, Scope, aware
from socialflow.plain import EMPTY, FrozenDict, canonical, digest, freeze
from socialflow.quick import quick
from socialflow.tokens import Alarm, Token, new_token, stage_of

__all__ = [
    "CHANGING",
    "Alarm",
    "Beside",
    "Command",
    "Effect",
    "Entry",
    "Erasure",
    "Event",
    "Item",
    "Move",
    "Origin",
    "Signature",
    "Token",
    "Vote",
    "new_command",
    "new_event",
    "new_item",
    "new_token",
    "stage_of",
]


@attrs.frozen(weakref_slot=False)
class Signature:
    """A stage has signed: this revision, or this visit.

    Attributes:
        stage: Who signed.
        visit: During which visit.
        revision: Digest of the content that was signed; empty when a visit was signed.
        action: Full name of what led there, where that was decided by ballot or forced.
        ballots: Names of the ballots that were carried then.
    """

    stage: str
    visit: int
    revision: str = ""
    action: str = ""
    ballots: tuple[str, ...] = ()


@attrs.frozen(weakref_slot=False)
class Vote:
    """One member's choice on one subject; never deleted, only counted.

    Attributes:
        action: Full name of what is voted on.
        choice: ``"yes"``, ``"no"`` or ``"abstain"``.
        by: Id of the member.
        persons: Ids that they count as: their own, and of those they acted for.
        ballots: Names of the ballots in which they voted.
        stage: Stage in which it was given.
        visit: Which visit of it.
        revision: Digest of the content that was voted on.
        told: Digest of the action's own data; empty if it has none.
        to: The target, where there is a choice.
    """

    action: str
    choice: str
    by: str
    persons: tuple[str, ...]
    ballots: tuple[str, ...]
    stage: str
    visit: int
    revision: str
    told: str = ""
    to: str | None = None

    @property
    def subject(self) -> tuple[str, str, str | None]:
        """What exactly was voted on."""
        return self.revision, self.told, self.to


@attrs.frozen(weakref_slot=False)
class Beside:
    """What there is to an item beside its states and its content; most items have none of it.

    Attributes:
        parent: Id of the parent, if it has one.
        round: Round of the parent's in which it was made; 0 outside of any.
        rounds: The newest round of each kind that this item has made, by the kind's name.
        marks: Flags, sorted: ``"on_hold"``, ``"late"``.
        votes: Every vote, in the order they were given.
    """

    parent: str | None = None
    round: int = 0
    rounds: FrozenDict = EMPTY
    marks: tuple[str, ...] = ()
    votes: tuple[Vote, ...] = ()


NOTHING_BESIDE = Beside()


@attrs.frozen(weakref_slot=False)
class Item:
    """One content item, as of one version.

    Attributes:
        id: Its key in the store.
        ref: The host's own row, if it has one: ``"post:42"``.
        workflow: Digest of the definition that holds it; only a migration changes it.
        scope: Where it belongs: brand, region, account ...
        tokens: Where it is; sorted by state.
        idle: What is remembered of stages that are not open: visits so far, who was named.
        data: What the content is: plain data, as the workflow declares it.
        contributors: Who wrote content since the last released revision, in order of writing:
            those who may not approve this change.
        authors: Who wrote content that has been released.
        signatures: Which stages have signed.
        version: How many commands have been accepted.
        beside: Its family, marks and votes.
    """

    id: str
    ref: str | None
    workflow: str
    scope: Scope
    tokens: tuple[Token, ...]
    idle: tuple[Token, ...]
    data: FrozenDict
    contributors: tuple[str, ...]
    authors: tuple[str, ...]
    signatures: tuple[Signature, ...]
    version: int
    beside: Beside = NOTHING_BESIDE

    @property
    def parent(self) -> str | None:
        """Id of the item's parent, if it has one."""
        return self.beside.parent

    @property
    def round(self) -> int:
        """Round of the parent's in which it was made; 0 outside of any."""
        return self.beside.round

    @property
    def rounds(self) -> FrozenDict:
        """The newest round of each kind of children, by the kind's name."""
        return self.beside.rounds

    @property
    def marks(self) -> tuple[str, ...]:
        """Flags beside the state, sorted: ``"on_hold"``, ``"late"``."""
        return self.beside.marks

    @property
    def votes(self) -> tuple[Vote, ...]:
        """Every vote, in the order they were given."""
        return self.beside.votes

    @property
    def marking(self) -> tuple[str, ...]:
        """The states of all tokens, sorted."""
        return tuple([token.state for token in self.tokens])

    @property
    def ended(self) -> bool:
        """Whether the item has reached one of the ends."""
        return self.tokens[0].stage == "end"

    def token(self, stage: str) -> Token | None:
        """The token of *stage*, or None where that stage is not open."""
        return next((token for token in self.tokens if token.stage == stage), None)

    def responsible(self, stage: str) -> str | None:
        """Who has been named for *stage*, whether it is open or not."""
        return next((t.responsible for t in (*self.tokens, *self.idle) if t.stage == stage), None)


def _frozen_or_none(value: Mapping[str, Any] | None) -> FrozenDict | None:
    return None if value is None else freeze(value)


def _aware(_: object, field: attrs.Attribute[datetime], value: datetime) -> None:
    aware(field.name, value)


@attrs.frozen(weakref_slot=False)
class Command:
    """An order, not yet judged.

    Attributes:
        action: What is asked for: ``"approve"``, or in full ``"approval.approve"``.
        by: Id of the member who asks.
        at: When; timezone-aware. The core reads no clock.
        data: What the action needs to know, as plain data.
        to: Where to, for an action with several targets.
        expect: Version that the item must have.
        key: Idempotency key: the same key with the same command happens once.
        waive: Reasons to go on although a rule objects, by the code of the objection.
    """

    action: str
    by: str
    at: datetime = attrs.field(validator=_aware)
    data: FrozenDict | None = attrs.field(default=None, converter=_frozen_or_none)
    to: str | None = None
    expect: int | None = None
    key: str | None = None
    waive: FrozenDict = attrs.field(default=EMPTY, converter=freeze)

    def fingerprint(self) -> str:
        """Digest of the order as it was given: equal for the same order given twice."""
        return digest(canonical([self.action, self.by, self.data, self.to, self.waive]))


@attrs.frozen(weakref_slot=False)
class Effect:
    """Work for the outside, recorded with the event that asks for it.

    Attributes:
        name: Which kind of work: ``"notify"``.
        data: Its parameters, plain.
    """

    name: str
    data: FrozenDict = attrs.field(default=EMPTY, converter=freeze)

    def __attrs_post_init__(self) -> None:
        if "effect" in self.data:
            raise DefinitionError.because(
                "effect", f"effect {self.name}", "its data cannot be called 'effect'", "rename it"
            )


class Move(NamedTuple):
    """One step of a token within an event.

    Attributes:
        cause: Full name of the action, or ``"done"``, ``"stale"`` where settling moved it.
        source: State it left; empty on entering the workflow.
        target: State it entered; empty where the token vanished.
    """

    cause: str
    source: str
    target: str


@attrs.frozen(weakref_slot=False)
class Origin:
    """What an item is born with, and keeps."""

    workflow: str
    ref: str | None = None
    scope: Scope = EVERYWHERE
    parent: str | None = None
    round: int = 0


@attrs.frozen(weakref_slot=False)
class Erasure:
    """Data that was taken out of a history, as the law may ask.

    Attributes:
        reason: Why.
        entries: Positions of the entries that have no data any more.
        fields: Names of the fields because of which; empty if everything had to go.
    """

    reason: str
    entries: tuple[int, ...]
    fields: tuple[str, ...] = ()


WITHIN_THE_FAMILY = frozenset({"spawn", "tell"})
"""Names of the effects that are carried out at once, in the transaction of their event."""

CHANGING = ("idle", "contributors", "authors", "signatures", "rounds", "marks", "votes", "workflow")
"""What an event changes of an item only now and then; its tokens are told by every event."""


@attrs.frozen(weakref_slot=False)
class Event:
    """A fact: a command was accepted, and this is what it changed.  Never edited.

    Attributes:
        item: Id of the item.
        version: Version of the item after it.
        action: Full name of the action: ``"approval.approve"``.
        command: The order as it was judged.
        roles: Roles of the member that opened the action, sorted.
        moves: Every step, the automatic ones included, in order.
        tokens: The item's, after it.
        effects: Work for the outside.
        asked: Fingerprint of the command as it was given, if it had an idempotency key.
        changed: Whatever else it changed of the item, as it is after it, by its name in `CHANGING`.
        keeps: Names of the command's data fields that the item keeps.
        origin: On the first event only.
        cause: The command of another item that brought this about: ``"<item>@<version>"``.
        warned: Codes of what advisory rules had to say.
        erases: What it takes out of the entries before it; its own data are what the item keeps.
    """

    item: str
    version: int
    action: str
    command: Command
    roles: tuple[str, ...]
    moves: tuple[Move, ...]
    tokens: tuple[Token, ...]
    effects: tuple[Effect, ...] = ()
    asked: str = ""
    changed: FrozenDict = EMPTY
    keeps: tuple[str, ...] = ()
    origin: Origin | None = None
    cause: str = ""
    warned: tuple[str, ...] = ()
    erases: Erasure | None = None

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.command.at

    @property
    def by(self) -> str:
        """Who did it."""
        return self.command.by

    @property
    def outgoing(self) -> tuple[Effect, ...]:
        """Its effects for the outside: all but those that the family sees to."""
        return tuple([one for one in self.effects if one.name not in WITHIN_THE_FAMILY])


@attrs.frozen(weakref_slot=False)
class Entry:
    """An event in its place in the history of an item.

    Attributes:
        n: Position, from 1, without a gap.
        event: What happened.
        previous: Hash of the entry before; empty for the first.
        digest: SHA-256 of the entry's data, which may have been erased since.
        hash: SHA-256 over the previous hash, the entry's metadata and the digest of its data.
    """

    n: int
    event: Event
    previous: str
    digest: str
    hash: str


new_command = quick(Command)
new_item = quick(Item)
new_event = quick(Event)
