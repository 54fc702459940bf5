"""Obligations: one sentence each that an engine has to keep, and how that is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any

import attrs

from socialflow.engine import Engine
from socialflow.errors import Refused, StaleItem
from socialflow.items import Item
from socialflow.people import EVERYWHERE, Scope
from socialflow.plain import freeze
from socialflow.queries import Effects, Items
from socialflow.testing.crashes import Crash
from socialflow.testing.faults import FaultyStore
from socialflow.testing.ledgers import Ledger
from socialflow.testing.overtaking import OvertakenStore
from socialflow.testing.soundness import unsound
from socialflow.testing.steps import Step, engine_over

__all__ = ["Obligation", "Outlook"]

_NUMBERS = count(1)


@attrs.frozen
class Outlook:
    """What has to come of a step.

    Attributes:
        marking: Where the item is afterwards; None if the step is refused.
        versions: How many versions further it is.
        lands: Full state to which the action leads, if the definition says one.
        codes: Of the objections, if it is refused.
        entries: How many entries its history has more.
        ledger: What the item holds afterwards, and what was asked of the outside; None if that is
            not looked at.
    """

    marking: tuple[str, ...] | None = None
    versions: int = 0
    lands: str | None = None
    codes: tuple[str, ...] = ()
    entries: int = 0
    ledger: Ledger | None = attrs.field(default=None, repr=False)


@attrs.frozen
class Obligation:
    """One sentence that an engine has to keep.

    Attributes:
        name: The sentence.
        kind: What is tried: ``"accepted"``, ``"refused"``, one of the crashes of `FaultyStore`,
            ``"repeated"``, ``"two writers"`` or ``"stale version"``.
        workflow: Name of the workflow.
        path: Steps that lead to where it is tried, the birth first; none to try a birth.
        step: What is tried.
        outlook: What has to come of it.
        second: What has to come of it once more, after two writers.
        usual: What providers tell on the way.
        facts: What they tell otherwise when it is tried.
        scope: Where the item belongs.
    """

    name: str
    kind: str
    workflow: str
    path: tuple[Step, ...]
    step: Step
    outlook: Outlook
    second: Outlook | None = None
    usual: Mapping[str, Any] = attrs.field(factory=dict, converter=freeze)
    facts: Mapping[str, Any] = attrs.field(factory=dict, converter=freeze)
    scope: Scope = EVERYWHERE

    def __str__(self) -> str:
        return self.name

    def run(self, engine: Engine) -> None:
        """Try it with a new item in the engine's store.

        Raises:
            AssertionError: The engine does not keep it.
        """
        item = f"obligation-{next(_NUMBERS)}"
        usual = engine_over(engine, facts=self.usual)
        for n, step in enumerate(self.path):
            with self._told(f"on the way there, {step}"):
                _taken(usual, self, step, item, is_birth=n == 0)
        trial = _Trial(self, engine_over(engine, facts={**self.usual, **self.facts}), item)
        with self._told("it raises"):
            trial.run()

    @contextmanager
    def _told(self, where: str) -> Iterator[None]:
        """Let every error say which obligation is not kept."""
        try:
            yield
        except AssertionError:
            raise
        except Exception as error:
            raise AssertionError(f"{self.name}: {where}: {error!r}") from error


def _taken(engine: Engine, of: Obligation, step: Step, item: str, *, is_birth: bool) -> Item:
    if is_birth:
        return step.begin(engine, of.workflow, item, scope=of.scope)
    return step.on(engine, item)


@attrs.frozen
class _Trial:
    """An obligation that is being tried."""

    of: Obligation
    engine: Engine
    item: str

    def run(self) -> None:
        kinds: dict[str, Callable[[], None]] = {
            "accepted": self.accepted,
            "refused": self.refused,
            "repeated": self.repeated,
            "two writers": self.two_writers,
            "stale version": self.stale_version,
        }
        kinds.get(self.of.kind, self.crash)()
        self.is_sound()

    # -- what is tried

    def accepted(self) -> None:
        before = self.before()
        self.has_happened(before, self.take())

    def refused(self) -> None:
        before, entries, effects = self.all_of_it()
        codes = self.codes_of(self.take)
        self.holds(codes == self.of.outlook.codes, "it is refused with", codes)
        self.holds((before, entries, effects) == self.all_of_it(), "a refusal has written", "")

    def crash(self) -> None:
        was = self.all_of_it()
        before = was[0]
        store = FaultyStore(self.engine.store, [self.of.kind])
        try:
            self.take(engine_over(self.engine, store), key=self.key)
        except Crash:
            pass
        else:
            self.holds(False, "nothing was written, and it returns", "")
        if self.of.kind == "crash after commit":
            self.has_happened(before, self.stored())
        else:
            self.holds(was == self.all_of_it(), "what was left half-way is there", self.stored())
        self.has_happened(before, self.take(key=self.key))

    def repeated(self) -> None:
        before = self.before()
        first = self.take(key=self.key)
        again = self.take(key=self.key)
        self.holds(first == again, "the second answer is another", again)
        self.has_happened(before, again)

    def two_writers(self) -> None:
        before = self.before()
        once = iter([self.take])
        store = OvertakenStore(self.engine.store, lambda: next(once, lambda: None)())
        second = self.of.second
        assert second is not None
        codes = self.codes_of(lambda: self.take(engine_over(self.engine, store)))
        self.holds(codes == second.codes, "who comes second is told", codes)
        both = Outlook(
            second.marking if second.marking is not None else self.of.outlook.marking,
            self.of.outlook.versions + second.versions,
            entries=self.of.outlook.entries + second.entries,
            ledger=second.ledger or self.of.outlook.ledger,
        )
        self.has_happened(before, self.stored(), both)

    def stale_version(self) -> None:
        before = self.before()
        assert before is not None
        self.take()
        was = self.all_of_it()
        try:
            self.take(expect=before.version)
        except StaleItem as stale:
            self.holds(stale.item == self.item, "the stale item is", stale.item)
        else:
            self.holds(False, "a version that is no longer so is expected, and taken", "")
        self.holds(was == self.all_of_it(), "what is stale has written", self.stored())

    # -- how

    @property
    def key(self) -> str:
        return f"key of {self.item}"

    def take(
        self, engine: Engine | None = None, *, key: str | None = None, expect: int | None = None
    ) -> Item:
        engine = self.engine if engine is None else engine
        if not self.of.path:
            of = self.of
            return of.step.begin(engine, of.workflow, self.item, scope=of.scope, key=key)
        return self.of.step.on(engine, self.item, key=key, expect=expect)

    def codes_of(self, take: Callable[[], Item]) -> tuple[str, ...]:
        try:
            take()
        except Refused as no:
            return tuple(dict.fromkeys(no.refusal.codes))
        return ()

    def stored(self) -> Item | None:
        return next(iter(self.engine.store.rows(Items(id=self.item))), None)

    before = stored

    def all_of_it(self) -> tuple[Any, ...]:
        item = self.stored()
        entries = self.engine.history(self.item) if item is not None else ()
        return item, entries, tuple(self.engine.store.rows(Effects(item=self.item)))

    def has_happened(
        self, before: Item | None, after: Item | None, outlook: Outlook | None = None
    ) -> None:
        outlook = self.of.outlook if outlook is None else outlook
        assert after is not None, f"{self.of.name}: nothing was written"
        version = outlook.versions + (before.version if before is not None else 0)
        entries = self.engine.history(self.item)
        self.holds(after == self.stored(), "what is stored is not the answer", self.stored())
        self.holds(after.marking == outlook.marking, "it is then in", after.marking)
        self.holds(after.version == version, "it is then at version", after.version)
        wanted = len(self.of.path) + outlook.entries
        self.holds(len(entries) == wanted, "its history has entries:", len(entries))
        if outlook.lands is not None:
            moves = entries[-1].event.moves
            landed = {move.target for move in moves if move.cause == self.of.step.action}
            self.holds(outlook.lands in landed, "the action leads to", sorted(landed))
        if outlook.ledger is not None:
            wrong = "; ".join(outlook.ledger.unlike(Ledger.of(after)))
            self.holds(not wrong, wrong, "")
            sent = tuple(effect.name for effect in entries[-1].event.outgoing)
            self.holds(sent == outlook.ledger.sent, "it asks the outside for", sent)

    def is_sound(self) -> None:
        wrong = unsound(self.engine.store, self.item)
        self.holds(not wrong, "; ".join(wrong), "")

    def holds(self, so: bool, told: str, found: object) -> None:
        assert so, f"{self.of.name}: {told} {found}".strip() + f" ({self.of.outlook})"
