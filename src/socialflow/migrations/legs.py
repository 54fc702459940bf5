"""Legs: one old definition each, and the one that its items go on under; whoever is above first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from socialflow.definitions import Workflow
from socialflow.errors import DefinitionLost, Objection, WrongArgument, nearest
from socialflow.items import Item
from socialflow.migrations.routes import Route
from socialflow.protocols import Store
from socialflow.queries import Definitions, Items, StoredDefinition
from socialflow.shelf import Shelf

__all__ = ["Leg", "legs_of", "walked"]

PAGE = 100
"""How many items are looked at in one go."""


@attrs.frozen(eq=False)
class Leg:
    """The way of all items of one definition.

    Attributes:
        old: The definition, as the store keeps it.
        new: What they go on under.
        top: What the whole plan leads to: *new*, or what *new* is below.
        route: From the one to the other; or why there is none: the old one cannot be built here.
    """

    old: StoredDefinition
    new: Workflow
    top: Workflow
    route: Route | Objection

    @property
    def is_below(self) -> bool:
        """Whether its items are moved only because of those above them."""
        return self.new is not self.top

    @property
    def states(self) -> Mapping[str, str]:
        """Where states lead that the new definition has under another name."""
        return self.route.states if isinstance(self.route, Route) else {}


def legs_of(
    shelf: Shelf, store: Store, to: Workflow, of: str, states: Mapping[str, str], below: bool
) -> tuple[Leg, ...]:
    """The legs of a plan.

    Args:
        shelf: Builds the old definitions.
        store: Keeps them.
        to: Where the plan leads.
        of: Digest of the old definition, or the name of all that are meant.
        states: Where states lead, those of kinds below under ``"kind/state"``.
        below: Whether the items below move as well.

    Raises:
        WrongArgument: *states* names a state that is not there.
    """
    known = tuple(store.rows(Definitions()))
    found: list[Leg] = []
    for kind, new in _kinds("", to) if below else (("", to),):
        named = of if new is to else new.name
        theirs = _of_kind(states, kind)
        for old in known:
            if named in (old.digest, old.name) and old.digest != new.digest:
                found.append(Leg(old, new, to, _route(shelf, old, new, theirs)))
        routes = [one.route for one in found if one.new is new and isinstance(one.route, Route)]
        _check(theirs, kind, new, routes)
    return tuple(found)


def _kinds(name: str, workflow: Workflow) -> Iterator[tuple[str, Workflow]]:
    yield name, workflow
    for kind in workflow.kinds.values():
        yield from _kinds(kind.name, kind)


def _of_kind(states: Mapping[str, str], kind: str) -> Mapping[str, str]:
    told = ((*name.rpartition("/"), to) for name, to in states.items())
    return {state: to for where, _, state, to in told if where == kind}


def _route(
    shelf: Shelf, old: StoredDefinition, new: Workflow, states: Mapping[str, str]
) -> Route | Objection:
    try:
        return Route(shelf.pinned(old.digest), new, states)
    except DefinitionLost as lost:
        return Objection(lost.code, lost.reason, "install what is missing", {"digest": old.digest})


def _check(states: Mapping[str, str], kind: str, new: Workflow, routes: list[Route]) -> None:
    known = {state for route in routes for state in route.old.states}
    for state, to in states.items():
        if to not in new.states:
            raise WrongArgument(
                f"states[{state!r}]", f"a state of {new.name}", _near(to, new.states)
            )
        if routes and state not in known:
            told = f"{kind}/{state}" if kind else state
            raise WrongArgument("states", "told about states of the old one", _near(told, known))


def _near(wrong: str, known: object) -> str:
    return f"{wrong!r}: {nearest(wrong, known)}"


def walked(store: Store, legs: tuple[Leg, ...]) -> Iterator[tuple[Leg, Item]]:
    """Every item of every leg, leg after leg, by id; a page at a time is in memory."""
    for leg in legs:
        page = list(store.rows(Items(workflow=leg.old.digest, limit=PAGE)))
        while page:
            yield from ((leg, item) for item in page)
            after = page[-1].id
            page = list(store.rows(Items(workflow=leg.old.digest, after=after, limit=PAGE)))
