"""Replaying: recorded histories, taken again under a definition that may be another one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from socialflow.births import found
from socialflow.cases import ABOVE, BELOW, HOLDERS, PAST, Facts
from socialflow.decisions import apply, decide
from socialflow.definitions import Workflow
from socialflow.errors import SocialflowError
from socialflow.items import Event, Item, Origin
from socialflow.people import SYSTEM, Member, Team
from socialflow.plans import plan_of
from socialflow.policies import BY_ROLE
from socialflow.protocols import Policy, Store
from socialflow.queries import Definitions, Heads, History
from socialflow.stores.memory import MemoryStore
from socialflow.transfer import import_into

__all__ = ["replayed"]


def replayed(
    recorded: Store | Iterable[str],
    workflow: Workflow,
    team: Team | Iterable[Member],
    *,
    facts: Mapping[str, Any] | None = None,
    policy: Policy = BY_ROLE,
) -> list[str]:
    """What would have gone otherwise, a sentence for each item at the first difference.

    Args:
        recorded: A store, or the lines of an export of one. Items of workflows with another name
            are passed over.
        workflow: The definition that is to be tried.
        team: Who acts; somebody whom it does not know holds no role.
        facts: What rules are told from outside. What they ask about an item's family is answered as
            if it had none.
        policy: Who may.

    Example:
        >>> from socialflow import Action, Engine, Stage
        >>> finish = Action("finish", "open", "done")
        >>> note = Workflow("note", [Stage("write", ("open", "done"), role="w", actions=[finish])])
        >>> store, team = MemoryStore(), Team([Member("ann", "w")])
        >>> engine = Engine(store, note, team)
        >>> item = engine.perform(engine.create("note", by="ann", id="n1").id, "finish", by="ann")
        >>> replayed(store, note, team)
        []
        >>> [told] = replayed(store, note.amend("write", role="editor"), team)
        >>> print(told.partition(";")[0])
        n1, entry 2, write.finish by ann: 'ann' may not 'write.finish': it needs editor
    """
    people = team if isinstance(team, Team) else Team(team)
    store = _store_of(recorded)
    names = {one.digest: one.name for one in store.rows(Definitions())}
    told = []
    for head in store.rows(Heads()):
        events = [entry.event for entry in store.rows(History(head.item))]
        origin = events[0].origin
        if origin is not None and names.get(origin.workflow) == workflow.name:
            replay = _Replay(workflow, people, facts or {}, policy)
            told += list(replay.differences(events))[:1]
    return told


def _store_of(recorded: Store | Iterable[str]) -> Store:
    given: Any = recorded
    store: Store = given if hasattr(given, "rows") else MemoryStore()
    if store is not given:
        import_into(store, given)
    return store


class _Replay:
    """One history, taken again."""

    def __init__(
        self, workflow: Workflow, team: Team, facts: Mapping[str, Any], policy: Policy
    ) -> None:
        self._workflow, self._team = workflow, team
        self._facts, self._policy = facts, policy
        self._item: Item | None = None
        self._before: Item | None = None
        self._last: Event | None = None
        by_system = {way.full for way in plan_of(workflow).by_system}
        self._passed_over = by_system | {"settled", "migrate"}

    def differences(self, events: Iterable[Event]) -> Iterator[str]:
        """Where it goes otherwise, in order."""
        for n, event in enumerate(events, 1):
            if event.action in self._passed_over or event.erases is not None:
                continue
            where = f"{event.item}, entry {n}, {event.action} by {event.by}"
            try:
                outcome = self._taken(event)
            except SocialflowError as error:
                yield f"{where}: {error}"
                return
            if not isinstance(outcome, Event):
                yield f"{where}: " + "; ".join(map(str, outcome))
                return
            self._before, self._last = self._item, outcome
            self._item = apply(self._item, outcome)
            was = tuple(token.state for token in event.tokens)
            if self._item.marking != was:
                yield f"{where}: leads to {_places(self._item.marking)}, and led to {_places(was)}"
                return

    def _taken(self, event: Event) -> Any:
        command = event.command
        known = self._team.member(event.by) or Member(event.by)
        member = SYSTEM if event.by == SYSTEM.id else known
        told: dict[str, Any] = {
            "facts": self._known(),
            "policy": self._policy,
            "acting_for": self._team.acting_for(member.id, event.at),
        }
        if self._item is None:
            assert event.origin is not None
            origin = Origin(self._workflow.digest, event.origin.ref, event.origin.scope)
            return found(self._workflow, event.item, command, member, origin, **told)
        return decide(self._workflow, self._item, command, member, **told)

    def _known(self) -> Facts:
        below: dict[str, frozenset[str]] = {kind: frozenset() for kind in self._workflow.kinds}
        holders = {r: tuple(self._team.holders(r)) for r in self._workflow.role_names}
        past = {} if self._last is None else {PAST: (self._last, self._before or self._item)}
        return Facts({**self._facts, BELOW: below, ABOVE: None, HOLDERS: holders, **past})


def _places(marking: tuple[str, ...]) -> str:
    return " and ".join(marking)
