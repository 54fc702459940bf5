"""Plugins: what documents and settings call by a name.

A `Registry` knows what was added by hand, what the library brings along, and what installed
distributions offer as entry points.  Nothing of that is imported before something is looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from socialflow.definitions import Workflow
from socialflow.errors import DefinitionError, Finding, nearest
from socialflow.offers import (
    KINDS,
    Offer,
    at_hand,
    at_place,
    content,
    entry_points,
    library,
    own_name,
)
from socialflow.protocols import Policy, Store

__all__ = ["Registry"]

Source = Callable[[], Iterable[Offer]]
"""Lists offers; asked once, when a registry is first searched."""


class Registry:
    """What can be called by a name: rules, stages, forms, policies, stores and workflows.

    Args:
        *sources: Where offers come from, beside what is added by hand.

    Example:
        >>> from socialflow.rules import four_eyes
        >>> registry = Registry().add("rules", four_eyes)
        >>> registry.find("rules", "four_eyes") is four_eyes
        True
    """

    def __init__(self, *sources: Source) -> None:
        self._sources = sources
        self._asked = False
        self._offers: dict[str, dict[str, list[Offer]]] = {kind: {} for kind in KINDS}
        self._found: dict[tuple[str, str], Any] = {}

    @classmethod
    def standard(cls) -> Registry:
        """What the library brings along, and what is installed beside it.

        The general rules, everything in `socialflow.content`, the stores ``memory:`` and
        ``sqlite:``, and all entry points; the environment variable ``SOCIALFLOW_NO_PLUGINS=1``
        turns the last off.
        """
        return cls(library, content, entry_points)

    def add(self, kind: str, thing: Any, name: str | None = None) -> Registry:
        """Make *thing* known, and return the registry.

        Args:
            kind: ``"rules"``, ``"stages"``, ``"forms"``, ``"policies"``, ``"stores"`` or
                ``"workflows"``.
            thing: What it is; or where, as the text ``"module:name"``, imported on look-up.
            name: What to call it; what it calls itself, if not said.

        Raises:
            DefinitionError: It is none of that kind, or the name belongs to something else.
        """
        where = f"registry / {_known(kind)}"
        if isinstance(thing, str) and name:
            offer = at_place(kind, name, thing)
        else:
            offer = at_hand(kind, name or own_name(thing) or "", where, thing)
            _check(offer, thing)
        for known in self._offers[kind].get(offer.name, ()):
            _same(offer, _loaded(offer), known, _loaded(known))
        self._offer(offer)
        return self

    def names(self, kind: str) -> tuple[str, ...]:
        """Every name of that kind, sorted; no plugin is imported for it."""
        return tuple(sorted(self._known_as(kind)))

    def find(self, kind: str, name: str) -> Any:
        """What *name* stands for; a workflow is made if it comes as a callable.

        Raises:
            DefinitionError: There is none; it cannot be imported; it is of another kind; or two
                different things bear the name.
        """
        found = self._found.get((kind, name))
        if found is None:
            found = self._found[kind, name] = self._look_up(kind, name)
        return found

    def store(self, url: str) -> Store:
        """The store at *url*, opened by the plugin that is named as its scheme.

        Example:
            >>> type(Registry.standard().store("memory:")).__name__
            'MemoryStore'
        """
        scheme = url.partition(":")[0]
        exact = scheme in self._known_as("stores")
        store: Store = self.find("stores", scheme if exact else scheme.partition("+")[0])(url)
        return store

    def policy(self, name: str) -> Policy:
        """The policy of that name."""
        policy: Policy = self.find("policies", name)
        return policy

    def load(self) -> None:
        """Import everything that is known, so that what is broken is found now.

        Raises:
            DefinitionError: With all the findings about what is broken.
        """
        findings: list[Finding] = []
        for kind in KINDS:
            for name in self.names(kind):
                try:
                    self.find(kind, name)
                except DefinitionError as wrong:
                    findings.extend(wrong.findings)
        if findings:
            raise DefinitionError(tuple(findings))

    def _offer(self, offer: Offer) -> None:
        self._offers[offer.kind].setdefault(offer.name, []).append(offer)
        self._found.pop((offer.kind, offer.name), None)

    def _known_as(self, kind: str) -> Mapping[str, list[Offer]]:
        if not self._asked:
            offers = [offer for source in self._sources for offer in source()]
            self._asked = True
            for offer in offers:
                self._offer(offer)
        return self._offers[_known(kind)]

    def _look_up(self, kind: str, name: str) -> Any:
        known = self._known_as(kind)
        if name not in known:
            noun = KINDS[kind].noun
            own = f"one of your own is offered as an entry point socialflow.{kind}, or in registry="
            remedy = f"{nearest(name, known)}; {own}"
            message = f"no {noun} is called {name!r}"
            raise DefinitionError.because(f"unknown_{noun}", kind, message, remedy)
        first, *others = known[name]
        found = _loaded(first)
        for other in others:
            _same(other, _loaded(other), first, found)
        return _made(first, found) if kind == "workflows" else found


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise DefinitionError.because(
            "unknown_kind", "registry", f"there are no {kind!r} to look up", nearest(kind, KINDS)
        )
    return kind


def _loaded(offer: Offer) -> Any:
    try:
        thing = offer.load()
    except Exception as error:
        raise _broken(offer, "it cannot be imported", error) from error
    _check(offer, thing)
    return thing


def _broken(offer: Offer, what: str, error: Exception) -> DefinitionError:
    return DefinitionError.because(
        "broken_plugin",
        offer.origin,
        f"{what}: {type(error).__name__}: {error}",
        "mend or uninstall it; SOCIALFLOW_NO_PLUGINS=1 goes without entry points",
    )


def _check(offer: Offer, thing: Any) -> None:
    kind = KINDS[offer.kind]
    wrong = kind.wrong(thing)
    if wrong is not None:
        raise DefinitionError.because(
            "wrong_kind", offer.origin, f"{thing!r} is no {kind.noun}", wrong
        )
    if not offer.name:
        raise DefinitionError.because(
            "misnamed", offer.origin, f"{thing!r} has no name", "say what to call it"
        )
    if kind.named and offer.name != own_name(thing):
        raise DefinitionError.because(
            "misnamed",
            offer.origin,
            f"the {kind.noun} {own_name(thing)!r} is offered as {offer.name!r}",
            "documents keep its own name: offer it under that",
        )


def _same(new: Offer, thing: Any, old: Offer, other: Any) -> None:
    if thing is not other and thing != other:
        raise DefinitionError.because(
            "duplicate",
            new.origin,
            f"its {KINDS[new.kind].noun} {new.name!r} is another one than that of {old.origin}",
            "rename one of the two",
        )


def _made(offer: Offer, found: Any) -> Workflow:
    try:
        workflow = found if isinstance(found, Workflow) else found()
    except Exception as error:
        raise _broken(offer, "it cannot make its workflow", error) from error
    if not isinstance(workflow, Workflow) or workflow.name != offer.name:
        raise DefinitionError.because(
            "wrong_kind",
            offer.origin,
            f"calling it gave {workflow!r}, not a workflow called {offer.name!r}",
            "return that workflow",
        )
    return workflow
