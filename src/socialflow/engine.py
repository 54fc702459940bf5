"""The engine: load, decide, write, announce.  It keeps nothing between calls but definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from os import urandom
from typing import TYPE_CHECKING, Any

from socialflow import arguments
from socialflow.answers import Answers
from socialflow.callers import Callers
from socialflow.cases import NO_FACTS, Facts
from socialflow.decisions import apply
from socialflow.definitions import Workflow
from socialflow.errors import ItemNotFound, KeyTaken, Refusal, Refused, StaleItem
from socialflow.items import Command, Entry, Event, Item, Origin
from socialflow.judges import Judge
from socialflow.options import Option
from socialflow.people import EVERYWHERE, Member, Scope, Team, aware
from socialflow.policies import BY_ROLE
from socialflow.protocols import Clock, Directory, Policy, Provider, Store, UnitOfWork
from socialflow.providers import Providers
from socialflow.queries import Change, Duties, Duty, History, Items, Kept
from socialflow.shelf import Shelf
from socialflow.signals import Signals

if TYPE_CHECKING:
    from socialflow.plugins import Registry

__all__ = ["Engine"]

ATTEMPTS = 5
Outcome = Event | Refusal


def _now() -> datetime:
    return datetime.now(UTC)


def _new_id() -> str:
    return urandom(16).hex()


class Engine:
    """Moves items through workflows, in a store, for the members of a directory.

    Args:
        store: Where items live.
        workflows: Those that new items can be made of.
        people: Who acts.
        policy: Who may ask for what; roles, if not said.
        facts: Fetches what rules need from outside, by the name they ask for.
        clock: Says what time it is; timezone-aware.
        new_id: Makes ids of new items.
        registry: Where the rules and forms of definitions in the store are looked up; the
            standard one, plugins included, if not said.

    Attributes:
        store: As given.
        people: As given.
        signals: What the engine tells after each commit; see `socialflow.signals`.

    Raises:
        DefinitionConflict: The store knows one of *workflows* by the same name and version, but
            with other content.
        StoreError: The store cannot be read.

    Example:
        >>> from socialflow import Action, Member, Stage, Team, Workflow
        >>> from socialflow.stores.memory import MemoryStore
        >>> note = Workflow(
        ...     "note",
        ...     [
        ...         Stage(
        ...             "writing",
        ...             ("drafting", "done"),
        ...             role="author",
        ...             actions=[Action("finish", "drafting", "done")],
        ...         )
        ...     ],
        ... )
        >>> engine = Engine(MemoryStore(), [note], Team([Member("ann", "author")]))
        >>> item = engine.create("note", by="ann", ref="post:42")
        >>> engine.perform(item.id, "finish", by="ann").marking
        ('end.closed',)
    """

    def __init__(
        self,
        store: Store,
        workflows: Workflow | Iterable[Workflow] = (),
        people: Directory | None = None,
        *,
        policy: Policy = BY_ROLE,
        facts: Mapping[str, Provider] | None = None,
        clock: Clock = _now,
        new_id: Callable[[], str] = _new_id,
        registry: Registry | None = None,
    ) -> None:
        self.store = store
        self.people: Directory = people if people is not None else Team(())
        self.signals = Signals.private()
        offered = (workflows,) if isinstance(workflows, Workflow) else workflows
        self._shelf = Shelf(store, offered, registry)
        self._answers = Answers(store, self._shelf)
        self._callers = Callers(self.people)
        self._judge = Judge(self._shelf, self._callers, Providers(facts or {}), policy)
        self._clock = clock
        self._new_id = new_id

    # -- doing

    def create(
        self,
        workflow: str,
        *,
        by: str | Member,
        data: Any = None,
        ref: str | None = None,
        scope: Scope = EVERYWHERE,
        key: str | None = None,
        id: str | None = None,
    ) -> Item:
        """Bring an item into being, at the beginning of a workflow.

        Args:
            workflow: Name of one of the engine's workflows.
            by: A member's id, or a `Member` that the host vouches for.
            data: The item's first data, as the workflow's fields declare it.
            ref: The host's own row; no two items share one.
            scope: Where the item belongs.
            key: Idempotency key: the same call with the same key happens once.
            id: Of the item; a new one is made if left out.

        Raises:
            UnknownWorkflow: The engine has no workflow of that name.
            Refused: With every objection; nothing was written.
            ItemExists: Another item has that id or ref.
        """
        return self._found("create", workflow, by, data, None, ref, scope, key, id)

    def adopt(
        self,
        workflow: str,
        *,
        at: str,
        by: str | Member,
        data: Any = None,
        ref: str | None = None,
        scope: Scope = EVERYWHERE,
        key: str | None = None,
        id: str | None = None,
        contributors: Iterable[str] = (),
    ) -> Item:
        """Take over content that is already half-way: an item that begins in the state *at*.

        Nothing counts as signed. *contributors* are the members who have written the content,
        beside the one who adopts it; the rest is as in `create`.
        """
        wrote = arguments.texts("contributors", contributors)
        return self._found("adopt", workflow, by, data, at, ref, scope, key, id, wrote)

    def _found(
        self,
        action: str,
        workflow: str,
        by: str | Member,
        data: Any,
        to: str | None,
        ref: str | None,
        scope: Scope,
        key: str | None,
        id: str | None,
        contributors: tuple[str, ...] = (),
    ) -> Item:
        definition = self._shelf.offered(arguments.text("workflow", workflow))
        member = self._callers.doing(by, action)
        to, key = arguments.text_or_none("at", to), arguments.text_or_none("key", key)
        given = arguments.data(data)
        command = Command(action, member.id, self._time(), given, to, None, key)
        ref, scope = arguments.text_or_none("ref", ref), arguments.scope(scope)
        origin = Origin(definition.digest, ref, scope)
        new = self._new_id() if id is None else arguments.text("id", id)
        outcome = self._judge.found(definition, new, command, member, origin, contributors)
        if isinstance(outcome, Refusal) and key is None:
            raise Refused(outcome)
        try:
            with self.store.begin() as work:
                if isinstance(outcome, Event):
                    item = apply(None, outcome)
                    self._write(work, None, item, outcome)
                    return item
                if key is not None and work.answer(key) is not None:
                    raise KeyTaken(key)
        except KeyTaken:
            return self._answers.again(command, id, origin)
        raise Refused(outcome)

    def perform(
        self,
        item_id: str,
        action: str,
        *,
        by: str | Member,
        data: Any = None,
        to: str | None = None,
        expect: int | None = None,
        key: str | None = None,
        waive: Mapping[str, str] | None = None,
    ) -> Item:
        """Carry out a command, and return the item as it then is.

        Args:
            item_id: Of the item.
            action: What is asked for; in full where the short name is ambiguous.
            by: A member's id, or a `Member` that the host vouches for.
            data: What the action needs to know: a mapping, or an instance of its data class.
            to: Which target, for an action with several: a stage, or an end.
            expect: Version the item must have; without it the engine decides on fresh state.
            key: Idempotency key: the same command with the same key happens once, and is answered
                with the item as it was then.
            waive: Reasons to go on although a rule objects, by the objection's code.

        Raises:
            Refused: With every objection; nothing was written.
            UnknownAction: The workflow has no action of that name.
            ItemNotFound: There is no such item.
            StaleItem: The item is not at the version *expect*.
        """
        arguments.text("item_id", item_id)
        command, member = self._command(action, by, data, to, expect, key, waive)
        attempts = iter(range(ATTEMPTS - 1, -1, -1))
        while True:
            facts, version = self._facts(item_id, command)
            try:
                return self._performed(item_id, command, member, facts, version)
            except KeyTaken:
                return self._answers.again(command, item_id)
            except _NotMet as old:
                self._shelf.pinned(old.digest)
            except StaleItem:
                if self._answers.has(command):
                    return self._answers.again(command, item_id)
                if expect is not None or not next(attempts):
                    raise

    def _command(
        self,
        action: str,
        by: str | Member,
        data: Any,
        to: str | None,
        expect: int | None,
        key: str | None,
        waive: Mapping[str, str] | None,
    ) -> tuple[Command, Member]:
        """What is asked for, and who asks."""
        member = self._callers.doing(by, arguments.text("action", action))
        command = Command(
            action,
            member.id,
            self._time(),
            arguments.data(data),
            arguments.text_or_none("to", to),
            arguments.number("expect", expect),
            arguments.text_or_none("key", key),
            arguments.waivers(waive),
        )
        return command, member

    def _performed(
        self, item_id: str, command: Command, member: Member, facts: Facts, version: int | None
    ) -> Item:
        with self.store.begin() as work:
            before = work.item(item_id)
            if not self._shelf.has_met(before.workflow):
                raise _NotMet(before.workflow)
            if version not in (None, before.version):
                raise StaleItem(item_id, version or 0, before.version)
            stale = command.expect not in (None, before.version)
            outcome = None if stale else self._judge.decide(before, command, member, facts)
            if isinstance(outcome, Event):
                item = apply(before, outcome)
                self._write(work, before, item, outcome)
                return item
            if command.key is not None and work.answer(command.key) is not None:
                raise KeyTaken(command.key)
        if outcome is None:
            raise StaleItem(item_id, command.expect or 0, before.version)
        raise Refused(outcome)

    def preview(
        self,
        item_id: str,
        action: str,
        *,
        by: str | Member,
        data: Any = None,
        to: str | None = None,
        waive: Mapping[str, str] | None = None,
    ) -> Item:
        """The item as it would be after a command; nothing is written.

        Raises:
            Refused: With every objection, as `perform` would raise it.
        """
        command, member = self._command(action, by, data, to, None, None, waive)
        item = self.item(item_id)
        facts = self._judge.facts(item, action, command.at)
        outcome = self._judge.decide(item, command, member, facts)
        if isinstance(outcome, Refusal):
            raise Refused(outcome)
        return apply(item, outcome)

    # -- asking

    def options(self, item_id: str, *, by: str | Member) -> tuple[Option, ...]:
        """Every action that is open to the item: yes, needs data, or no with every objection."""
        return self._judge.options(self.item(item_id), self._callers.asking(by), self._time())

    def why_not(self, item_id: str, action: str, *, by: str | Member) -> Refusal | None:
        """Everything that stands in the member's way, before any data; None if nothing does.

        Raises:
            UnknownAction: The workflow has no action of that name.
        """
        member = self._callers.asking(by)
        return self._judge.why_not(
            self.item(item_id), arguments.text("action", action), member, self._time()
        )

    def who_can(self, item_id: str, action: str) -> tuple[Member, ...]:
        """Members who hold a role of the action and could ask for it now, given the right data.

        Raises:
            UnknownAction: The workflow has no action of that name.
        """
        return self._judge.who_can(
            self.item(item_id), arguments.text("action", action), self._time()
        )

    # -- reading

    def item(self, item_id: str) -> Item:
        """The item as of now.

        Raises:
            ItemNotFound: There is no such item.
        """
        for item in self.store.rows(Items(id=arguments.text("item_id", item_id))):
            return item
        raise ItemNotFound(item_id)

    def find(self, *, ref: str) -> Item | None:
        """The item of a row of the host, or None."""
        return next(self.store.rows(Items(ref=arguments.text("ref", ref), limit=1)), None)

    def history(self, item_id: str) -> tuple[Entry, ...]:
        """Everything that has happened to the item, oldest first.

        Raises:
            ItemNotFound: There is no such item.
        """
        entries = tuple(self.store.rows(History(arguments.text("item_id", item_id))))
        if not entries:
            self.item(item_id)
        return entries

    def worklist(
        self,
        by: str | None = None,
        *,
        stage: str | None = None,
        state: str | None = None,
        after: Duty | None = None,
        limit: int = 50,
    ) -> tuple[Duty, ...]:
        """Open duties, longest waiting first.

        Args:
            by: Only those that this member is responsible for.
            stage: Only those of this stage.
            state: Only those in this state.
            after: Go on behind this duty, the last one of the page before.
            limit: At most so many.
        """
        query = Duties(
            arguments.text_or_none("by", by),
            arguments.text_or_none("stage", stage),
            arguments.text_or_none("state", state),
            arguments.duty_or_none("after", after),
            arguments.number("limit", limit),
        )
        return tuple(self.store.rows(query))

    def workflow(self, item: Item) -> Workflow:
        """The definition that holds the item.

        Raises:
            DefinitionLost: The store does not have it, or it cannot be built here.
        """
        return self._shelf.pinned(item.workflow)

    # -- inside

    def _time(self) -> datetime:
        now = self._clock()
        aware("the engine's clock", now)
        return now if now.tzinfo is UTC else now.astimezone(UTC)

    def _facts(self, item_id: str, command: Command) -> tuple[Facts, int | None]:
        """What rules need to know, and of which version of the item it is, if it is of one."""
        if not self._shelf.asks_for_facts:
            return NO_FACTS, None
        item = self.item(item_id)
        facts = self._judge.facts(item, command.action, command.at)
        return facts, item.version if facts is not NO_FACTS else None

    def _write(self, work: UnitOfWork, before: Item | None, item: Item, event: Event) -> None:
        kept = Kept(item, event, before.version if before is not None else 0)
        work.write(Change((kept,), self._shelf.stored(item.workflow)))
        work.after_commit(lambda: self.signals.announce(self, before, item, event))


class _NotMet(Exception):
    """The definition of an item has to be looked up first, outside the transaction."""

    def __init__(self, digest: str) -> None:
        super().__init__(digest)
        self.digest = digest
