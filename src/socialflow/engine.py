"""The engine: load, decide, write, announce.  It keeps nothing between calls but definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from datetime import UTC, datetime
from os import urandom
from typing import TYPE_CHECKING, Any

from socialflow import arguments, sockets
from socialflow.answers import Answers
from socialflow.bulk import Answer, Asked, Task, at_their_best, listed, together
from socialflow.callers import Callers
from socialflow.decisions import apply
from socialflow.definitions import Workflow
from socialflow.due import Done, run_due
from socialflow.errors import (
    Refusal,
    Refused,
    StoreError,
    UnknownWorkflow,
    WrongArgument,
)
from socialflow.items import Command, Event, Item, Origin, new_command
from socialflow.judges import Judge
from socialflow.parts import parts
from socialflow.people import EVERYWHERE, Member, Scope, Team
from socialflow.policies import BY_ROLE
from socialflow.protocols import Clock, Directory, Policy, Provider, Store
from socialflow.providers import Providers
from socialflow.questions import Questions
from socialflow.shelf import Shelf
from socialflow.signals import Signals
from socialflow.watching import Counters, Watch
from socialflow.writers import Writer

if TYPE_CHECKING:
    from socialflow.plugins import Registry

__all__ = ["Engine"]


def _now() -> datetime:
    return datetime.now(UTC)


def _new_id() -> str:
    return urandom(16).hex()


class Engine(Questions):
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
        store, people: As given.
        signals: What the engine tells after each commit; see `socialflow.signals`.
        counters: What it has counted so far; see `socialflow.watching`.

    Raises:
        WrongArgument: One of these is something else, or cannot do what is asked of it.
        DefinitionError: Something among *workflows* is none.
        DefinitionConflict: The store knows one of *workflows* otherwise, by name and version.
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
        sockets.store(store)
        self.people: Directory = Team(()) if people is None else sockets.directory(people)
        self.signals = Signals.private()
        offered = parts("Engine / workflows", Workflow, workflows, "say Workflow(name, steps)")
        self._shelf = Shelf(store, offered, registry)
        self._callers = Callers(self.people)
        self._providers = Providers(sockets.providers(facts))
        self._policy = sockets.policy("policy", policy)
        self._clock = sockets.function("clock", clock, "say lambda: datetime.now(UTC)")
        self._new_id = sockets.function("new_id", new_id, "say lambda: uuid4().hex")
        self._sender = self
        self._watch = Watch()
        self._live_in(store)

    def _live_in(self, store: Store) -> None:
        self.store = store
        self._shelf = self._shelf.beside(store)
        self._judge = Judge(self._shelf, self._callers, self._providers, self._policy)
        answers = Answers(store, self._shelf)
        self._writer = Writer(store, self._shelf, self._judge, answers, self._tell, self._watch)

    @property
    def counters(self) -> Counters:
        """What the engine has counted since it was made, with `within` and in all threads."""
        return self._watch.counters(self.store)

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
        parent: str | None = None,
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
            parent: Id of the item that it belongs below; *workflow* is then one of its children,
                and the parent's scope is the item's unless another is said.

        Raises:
            UnknownWorkflow: The engine, or the parent, has no workflow of that name.
            Refused: With every objection; nothing was written.
            ItemExists: Another item has that id or ref.
        """
        return self._found("create", workflow, by, data, None, ref, scope, key, id, (), parent)

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
        parent: str | None = None,
    ) -> Item:
        """Take over content that is already half-way: an item that begins in the state *at*.

        Nothing counts as signed. *contributors* are the members who have written the content,
        beside the one who adopts it; the rest is as in `create`.
        """
        wrote = arguments.texts("contributors", contributors)
        return self._found("adopt", workflow, by, data, at, ref, scope, key, id, wrote, parent)

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
        contributors: tuple[str, ...],
        parent: str | None,
    ) -> Item:
        above = None if parent is None else self.item(arguments.text("parent", parent))
        definition = self._offered(arguments.text("workflow", workflow), above)
        member = self._callers.doing(by, action)
        to, key = arguments.text_or_none("at", to), arguments.key(key)
        given = arguments.data(data)
        command = Command(action, member.id, self._time(), given, to, None, key)
        ref, scope = arguments.text_or_none("ref", ref), arguments.scope(scope)
        origin = Origin(definition.digest, ref, scope)
        if above is not None:
            round = above.rounds.get(definition.name, 0)
            scope = scope if scope else above.scope
            origin = Origin(definition.digest, ref, scope, above.id, round)
        new = arguments.name("id", self._new_id() if id is None else id)
        return self._writer.born(definition, new, command, member, origin, contributors, id)

    def _offered(self, name: str, above: Item | None) -> Workflow:
        """The workflow of that name, out of those below an item if there is one."""
        if above is None:
            return self._shelf.offered(name)
        below = self._shelf.pinned(above.workflow).kinds
        if name not in below:
            raise UnknownWorkflow(name, tuple(below))
        return below[name]

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
        return self._writer.performed(item_id, command, member)

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
        command = new_command(
            action,
            member.id,
            self._time(),
            arguments.data(data),
            arguments.text_or_none("to", to),
            arguments.number("expect", expect),
            arguments.key(key),
            arguments.waivers(waive),
        )
        return command, member

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
        outcome = self._judge.decide(self.store, item, command, member, facts)
        if isinstance(outcome, Refusal):
            raise Refused(outcome)
        return apply(item, outcome)

    def run_due(self, now: datetime | None = None, *, limit: int = 100) -> tuple[Done, ...]:
        """Do what it is time for, each thing once, whoever else sweeps.

        What is refused stays due, and is tried again later: after a minute, and then as long as
        it is overdue by then, up to a day.

        Args:
            now: Up to which moment; timezone-aware. The engine's clock, if not said.
            limit: Look at so many at most.

        Returns:
            What became of everything that was due, in the order in which it was.
        """
        moment = self._time() if now is None else arguments.moment("now", now)
        return run_due(self._writer, moment, arguments.number("limit", limit) or 0)

    def perform_many(
        self,
        tasks: Iterable[Task],
        *,
        by: str | Member | None = None,
        key: str | None = None,
        atomic: bool = False,
    ) -> tuple[Answer, ...]:
        """Carry out many commands, in as few transactions as can be.

        Args:
            tasks: What is to be done, in this order.
            by: Who asks for those that do not say so themselves.
            key: Idempotency key of the whole: each task that has no key of its own gets one behind
                it, by its place, so that the same call goes on where an earlier one was stopped.
            atomic: All of it in one transaction, or nothing.

        Returns:
            What has become of each task, in order: the item, or the error that `perform` raises.

        Raises:
            SocialflowError: Where *atomic*, what `perform` raises for the first task that cannot be
                done; a note says which one it is. Nothing was written.
        """
        whole = arguments.key(key)
        asked = [self._asked(task, by, n, whole) for n, task in enumerate(listed(tasks))]
        if atomic:
            return together(self._writer, asked)
        return tuple(at_their_best(self._writer, asked))

    def _asked(self, task: Task, by: str | Member | None, n: int, whole: str | None) -> Asked:
        key = task.key if task.key is not None or whole is None else f"{whole}/{n}"
        who = by if task.by is None else task.by
        if who is None:
            raise WrongArgument("by", "the id of a member, or a Member", "None")
        told = task.data, task.to, task.expect, key, task.waive
        command, member = self._command(task.action, who, *told)
        return Asked(task, command, member)

    def within(
        self, handle: Any, *, after_commit: Callable[[Callable[[], None]], object] | None = None
    ) -> Engine:
        """This engine inside the host's own transaction, which only the host commits.

        Signals wait for that commit. After a bare Connection, which cannot tell when it was,
        they are sent by ``engine.store.announce()``, or by what *after_commit* is given.

        Args:
            handle: What the engine's store can join: of a `SqlStore` a Session, a scoped_session
                or a Connection of SQLAlchemy.
            after_commit: Makes a call once the transaction is committed.

        Raises:
            StoreVersion: The tables there are of another version of this library.
            StoreError: The store cannot join that, or finds no tables of its own there.
        """
        joining = getattr(self.store, "joining", None)
        if joining is None:
            raise StoreError(f"{self.store!r} cannot join a transaction: use a SqlStore")
        return self._over(joining(handle, after_commit))

    def _over(self, store: Store) -> Engine:
        """This engine over another store, of the same items."""
        other = copy(self)
        other._live_in(store)
        return other

    # -- inside

    def _tell(self, before: Item | None, item: Item, event: Event) -> None:
        self._watch.tell(event, self.store, self._clock)
        failed = self.signals.announce(self._sender, before, item, event)
        if failed:
            self._watch.receivers_failed += failed
