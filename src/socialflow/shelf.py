"""The definitions an engine works with: those it was given, and older ones out of its store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from copy import copy
from typing import TYPE_CHECKING

from socialflow.cases import ABOVE, BELOW, PAST
from socialflow.definitions import Workflow
from socialflow.errors import (
    DefinitionConflict,
    DefinitionError,
    DefinitionLost,
    UnknownWorkflow,
)
from socialflow.plans import plan_of
from socialflow.protocols import Store
from socialflow.queries import Definitions, Items, StoredDefinition

if TYPE_CHECKING:
    from socialflow.plugins import Registry

__all__ = ["NotMet", "Shelf"]

OUT_OF_THE_STORE = {ABOVE, BELOW, PAST}
"""Facts that the engine reads by itself, inside of a unit of work."""


class Shelf:
    """Workflows by name, for new items, and by digest, for those that are there.

    Args:
        store: Keeps every definition that an item was ever made of.
        workflows: Those that new items can be made of.
        registry: Where the rules and forms of an older definition are looked up.

    Attributes:
        named: The workflows for new items, by name.
        facts: What rules of any workflow that it has met need from outside.
        inside: What they need out of the store.

    Raises:
        DefinitionConflict: The store knows one of *workflows* by the same name and version, but
            with other content.
    """

    def __init__(
        self, store: Store, workflows: Iterable[Workflow], registry: Registry | None
    ) -> None:
        self._store = store
        self._registry = registry
        given = tuple(workflows)
        self.named = {workflow.name: workflow for workflow in given}
        if len(self.named) < len(given):
            names = sorted(w.name for w in given if self.named[w.name] is not w)
            raise DefinitionError.because(
                "duplicate",
                "Engine / workflows",
                f"two workflows are called {names[0]!r}",
                "give one of them another name",
            )
        self._by_digest: dict[str, Workflow] = {}
        self._stored: dict[str, StoredDefinition] = {}
        self.facts: set[str] = set()
        self.inside: set[str] = set()
        for workflow in self.named.values():
            self._meet(workflow)
        self._make_sure_they_are_the_same(self.named)

    def _make_sure_they_are_the_same(self, named: Mapping[str, Workflow]) -> None:
        """What the store knows by one of these names and its version has to be that one."""
        for stored in self._store.rows(Definitions()):
            same = named.get(stored.name)
            if same and same.version == stored.version and same.digest != stored.digest:
                raise DefinitionConflict(same.name, same.version, stored.digest, same.digest)

    def learn(self, workflow: Workflow) -> None:
        """Know one more workflow, and those of the items below.

        Raises:
            DefinitionConflict: The store knows it by the same name and version, but with other
                content.
        """
        if not self.has_met(workflow.digest):
            self._make_sure_they_are_the_same({workflow.name: workflow})
            self._meet(workflow)

    def beside(self, store: Store) -> Shelf:
        """The same definitions, with older ones looked up in *store*."""
        own = copy(self)
        own._store = store
        return own

    def offered(self, name: str) -> Workflow:
        """The workflow of that name, for new items.

        Raises:
            UnknownWorkflow: None is called so.
        """
        try:
            return self.named[name]
        except KeyError:
            raise UnknownWorkflow(name, tuple(self.named)) from None

    def pinned(self, digest: str) -> Workflow:
        """The workflow that an item is pinned to.

        Raises:
            DefinitionLost: The store does not have it, or it cannot be built here.
        """
        known = self._by_digest.get(digest)
        return known if known is not None else self._remembered(digest)

    def has_met(self, digest: str) -> bool:
        """Whether that definition was given, or has been looked up."""
        return digest in self._by_digest

    def met(self, digest: str, reader: object = None) -> Workflow:
        """The workflow that an item is pinned to, inside a unit of work or while reading a store.

        Raises:
            NotMet: It has to be looked up first, and *reader* is not the store itself.
        """
        known = self._by_digest.get(digest)
        if known is not None:
            return known
        if reader is not self._store:
            raise NotMet(digest)
        return self._remembered(digest)

    @property
    def every(self) -> tuple[Workflow, ...]:
        """All that were given or have been looked up, those of the items below included."""
        return tuple(self._by_digest.values())

    def look_up_all(self) -> tuple[Workflow, ...]:
        """The same, and those in the store, but for what cannot be built here."""
        for stored in self._store.rows(Definitions()):
            with suppress(DefinitionLost):
                self.pinned(stored.digest)
        return self.every

    def stored(self, digest: str) -> StoredDefinition:
        """A definition that has been looked up, as the store keeps it."""
        return self._stored[digest]

    def _meet(self, workflow: Workflow) -> None:
        """Know a workflow by its digest, and those of the items below."""
        if workflow.digest in self._by_digest:
            return
        self._by_digest[workflow.digest] = workflow
        self._stored[workflow.digest] = _as_stored(workflow)
        needs = plan_of(workflow).needs
        self.facts |= needs - OUT_OF_THE_STORE
        self.inside |= needs & OUT_OF_THE_STORE
        for child in workflow.kinds.values():
            self._meet(child)

    def _remembered(self, digest: str) -> Workflow:
        from socialflow.documents import parse_workflow

        for stored in self._store.rows(Definitions()):
            if stored.digest == digest:
                try:
                    workflow = parse_workflow(stored.document, "json", self._registry)
                except DefinitionError as error:
                    raise self._lost(stored.name, digest, str(error)) from error
                if workflow.digest != digest:
                    raise self._lost(stored.name, digest, "its text is not what its digest says")
                self._meet(workflow)
                self._stored[digest] = stored
                return workflow
        raise self._lost("?", digest, "the store has no such definition")

    def _lost(self, name: str, digest: str, reason: str) -> DefinitionLost:
        items = tuple(item.id for item in self._store.rows(Items(workflow=digest, limit=6)))
        return DefinitionLost(name, digest, items, reason)


class NotMet(Exception):
    """A definition has to be looked up first, outside the transaction."""

    def __init__(self, digest: str) -> None:
        super().__init__(digest)
        self.digest = digest


def _as_stored(workflow: Workflow) -> StoredDefinition:
    return StoredDefinition(workflow.digest, workflow.name, workflow.version, workflow.document)
