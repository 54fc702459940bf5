"""Machines: a Hypothesis state machine out of a workflow, with the pure core as its model.

Every example goes to one of the transitions that can be reached, on a short way, and about from
there; so none is left to chance alone.  After every step the store is compared with the model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from socialflow.definitions import Workflow
from socialflow.engine import Engine
from socialflow.errors import Refusal, Refused, StaleItem, Uncertain
from socialflow.items import WITHIN_THE_FAMILY, Event, Item
from socialflow.people import EVERYWHERE, Member, Scope, Team
from socialflow.policies import BY_ROLE
from socialflow.protocols import Policy, Store
from socialflow.queries import Effects
from socialflow.stores.memory import MemoryStore
from socialflow.testing.clocks import FakeClock
from socialflow.testing.crashes import Crash
from socialflow.testing.faults import FAULTS, FaultyStore
from socialflow.testing.ledgers import Ledger
from socialflow.testing.objecting import contradicted, outsiders
from socialflow.testing.overtaking import OvertakenStore
from socialflow.testing.reaching import ITEM, Reach, Situation, Try
from socialflow.testing.samples import Examples, Samples
from socialflow.testing.soundness import unsound
from socialflow.testing.steps import Step, engine_over

__all__ = ["WorkflowMachine", "workflow_machine"]

AT_FAULT = tuple(way for way in FAULTS if way != "ok")
BEFORE = ("crash before", "crash in the middle")
STRANGER = Member("a stranger")


class WorkflowMachine(RuleBasedStateMachine):
    """One item, moved by an engine and by the model; `workflow_machine` says of which workflow.

    Attributes:
        reach: What can be tried.
        open_store: Opens a store, empty.
        faults: Whether stores fail now and then.
        seen: How often each transition has been taken, in all examples.
        begun: How many items have been begun, in all examples.
        judged: Where the core has been compared with the definition, in all examples.
    """

    reach: Reach
    open_store: Callable[[], Store]
    faults: bool
    seen: Counter[tuple[str, str]]
    begun: int
    judged: set[Any]

    def __init__(self) -> None:
        super().__init__()
        self.store = FaultyStore(type(self).open_store())
        self.told: dict[str, Any] = self.reach.usual
        facts = {name: lambda *_, name=name: self.told[name] for name in self.reach.facts}
        self.engine = Engine(
            self.store,
            self.reach.workflow,
            self.reach.team,
            policy=self.reach.policy,
            facts=facts,
            clock=FakeClock(self.reach.at),
        )
        self.here: Situation | None = None
        self.others: list[Item] = []
        self.entries = 0
        self.keys = 0
        self.taken: Counter[tuple[str, str]] = Counter()
        self.last: tuple[Step, str, Item] | None = None

    # -- what happens

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        """Bring an item into being, and take it where one of all transitions begins: take that."""
        goals = [Shown(one) for one in self.reach.goals]
        goal = data.draw(st.sampled_from(goals), label="to").tried
        birth, *way = goal.situation.path
        event = self.reach.born(birth)
        assert isinstance(event, Event)
        if self.here is not None:
            self.others.append(self.here.item)
        event = attrs.evolve(event, item=f"{ITEM} {len(self.others) + 1}")
        type(self).begun += 1
        birth.begin(self.engine, self.reach.workflow.name, event.item, scope=self.reach.scope)
        self.here = self.reach.begun(birth, event)
        self.entries, self.last = 1, None
        for step in (*way, goal.step):
            tried = next(one for one in self._accepted() if one.step == step and not one.facts)
            self._take(tried, "ok", echo=False)

    @rule(data=st.data())
    def begin_another(self, data: st.DataObject) -> None:
        """Leave the item where it is, and take another one somewhere else."""
        self.begin(data)

    @rule(data=st.data())
    def go_on(self, data: st.DataObject) -> None:
        """Take a step that is accepted; the store may fail, and the step may be repeated."""
        tried = self._drawn(data, self._accepted())
        if tried is None:
            return
        fault = data.draw(st.sampled_from(("ok", "ok", *AT_FAULT))) if self.faults else "ok"
        self._take(tried, fault, echo=data.draw(st.booleans(), label="repeated"))

    @rule(data=st.data())
    def refuse(self, data: st.DataObject) -> None:
        """Try what must be refused; by somebody who may, or by somebody who may not."""
        if self.here is None:
            return
        tries = [one for one in self.reach.tries(self.here) if isinstance(one.outcome, Refusal)]
        for one in self._accepted():
            step = Step(one.step.action, STRANGER, one.step.data, one.step.to)
            again = self.reach.tried(self.here, one.way, step, one.facts)
            if again is not None and isinstance(again.outcome, Refusal):
                tries.append(again)
        tried = self._drawn(data, tries)
        if tried is None:
            return
        assert isinstance(tried.outcome, Refusal)
        with self._facts(tried):
            codes = self._codes(lambda: tried.step.on(self.engine, self.item))
        assert codes == tried.outcome.codes, f"{tried.step}: refused with {codes}"

    @rule(data=st.data())
    def come_second(self, data: st.DataObject) -> None:
        """Take a step while somebody else takes one, which is written first."""
        mine, other = (self._drawn(data, self._accepted()) for _ in range(2))
        if mine is None or other is None or mine.facts or other.facts or not self.faults:
            return
        once = iter([lambda: other.step.on(self.engine, self.item)])
        store = OvertakenStore(self.store, lambda: next(once, lambda: None)())
        codes = self._codes(lambda: mine.step.on(engine_over(self.engine, store), self.item))
        self._has_happened(other)
        assert self.here is not None
        again = self.reach.tried(self.here, mine.way, mine.step)
        assert again is not None
        if isinstance(again.outcome, Refusal):
            assert codes == again.outcome.codes, f"{mine.step}: who came second is told {codes}"
        else:
            assert not codes, f"{mine.step}: who came second is told {codes}"
            self._has_happened(again)

    @rule(data=st.data())
    def expect_what_was(self, data: st.DataObject) -> None:
        """Expect a version that the item has no longer: nothing may come of it."""
        tried = self._drawn(data, self._accepted())
        if tried is None or self.here is None or self.here.item.version < 2:
            return
        try:
            tried.step.on(self.engine, self.item, expect=self.here.item.version - 1)
        except StaleItem:
            return
        raise AssertionError(f"{tried.step}: a version that is no longer so was taken")

    @rule()
    def ask_again(self) -> None:
        """Repeat the last command with its key: it has happened already, and the answer is kept."""
        if self.last is not None:
            step, key, answer = self.last
            again = step.on(self.engine, self.item, key=key)
            assert again == answer, f"{step}: repeated, it is answered with {again}"

    @rule()
    def observe(self) -> None:
        """Look at the item, its options and its work list; that changes nothing."""
        if self.here is not None:
            self.engine.worklist()
            for member in (*self.reach.actors[:2], STRANGER):
                self.engine.options(self.item, by=member)

    # -- what has to be so

    @invariant()
    def agrees(self) -> None:
        """What is stored is what the model says, and all that is stored agrees with itself."""
        if self.here is None:
            return
        stored, model = self.engine.item(self.item), self.here.item
        for name in ("version", "marking", "data", "marks", "contributors", "signatures", "votes"):
            is_so, should = getattr(stored, name), getattr(model, name)
            assert is_so == should, f"its {name} should be {should!r}, and is {is_so!r}"
        assert stored == model, f"it should be {model}, and is {stored}"
        wrong = "; ".join(self.here.ledger.unlike(Ledger.of(stored)))
        assert not wrong, wrong
        entries = len(self.engine.history(self.item))
        assert entries == self.entries, f"{self.entries} entries should be there, {entries} are"
        for other in self.others:
            assert other == self.engine.item(other.id), f"{other.id} has changed meanwhile"
        assert () == unsound(self.store, self.item)

    @invariant()
    def is_said(self) -> None:
        """What the core says of each step that may be tried is what the definition says."""
        key = self.reach.key(self.here.item) if self.here is not None else None
        if self.here is not None and key not in self.judged:
            for tried in (*self.reach.tries(self.here), *outsiders(self.reach, self.here)):
                wrong = contradicted(self.reach, tried)
                assert not wrong, wrong
            self.judged.add(key)

    # -- how

    @property
    def item(self) -> str:
        """Id of the item that is moved."""
        assert self.here is not None
        return self.here.item.id

    def _accepted(self) -> list[Try]:
        """What is accepted here, without what has to do with a family."""
        if self.here is None:
            return []
        return [
            one
            for one in self.reach.tries(self.here)
            if isinstance(one.outcome, Event)
            and all(effect.name not in WITHIN_THE_FAMILY for effect in one.outcome.effects)
        ]

    def _drawn(self, data: st.DataObject, tries: Iterable[Try]) -> Try | None:
        """One of them; if there is a choice, one of those that this example has taken least."""
        known = sorted(tries, key=lambda one: self.taken[_transition(one)])
        if not known:
            return None
        least = self.taken[_transition(known[0])]
        rare = [one for one in known if self.taken[_transition(one)] == least]
        among = rare if data.draw(st.integers(0, 3), label="steered") else known
        tried: Try = data.draw(st.sampled_from([Shown(one) for one in among]), label="step").tried
        return tried

    def _take(self, tried: Try, fault: str, *, echo: bool) -> None:
        assert self.here is not None
        self.keys += 1
        step, key = tried.step, f"key {self.keys}"
        self.store.then(*(() if fault == "ok" else (fault,)))
        note(f"{step} ({fault})")
        with self._facts(tried):
            effects = self._effects()
            answers = []
            try:
                answers.append(step.on(self.engine, self.item, key=key))
            except (Crash, Uncertain):
                if fault in BEFORE:
                    assert self.entries == len(self.engine.history(self.item)), (
                        f"{fault}: it is written"
                    )
                    assert effects == self._effects(), f"{fault}: effects are there"
                echo = True
            if echo:
                answers.append(step.on(self.engine, self.item, key=key))
        self._has_happened(tried)
        for answer in answers:
            assert answer == self.here.item, f"{step}: it is answered with {answer}"
        self.last = step, key, self.here.item

    def _effects(self) -> int:
        return sum(1 for _ in self.store.rows(Effects(item=self.item)))

    def _has_happened(self, tried: Try) -> None:
        self.taken[_transition(tried)] += 1
        type(self).seen[_transition(tried)] += 1
        self.here = self.reach.after(tried)
        self.entries += 1

    def _codes(self, take: Callable[[], object]) -> tuple[str, ...]:
        try:
            take()
        except Refused as no:
            return no.refusal.codes
        return ()

    def _facts(self, tried: Try) -> Any:
        return _Telling(self, {**self.reach.usual, **tried.facts})


class Shown:
    """A step that was drawn, told in a line."""

    def __init__(self, tried: Try) -> None:
        self.tried = tried

    def __repr__(self) -> str:
        return f"<{self.tried.step}>"


class _Telling:
    """While it lasts, providers tell other facts."""

    def __init__(self, machine: WorkflowMachine, facts: Mapping[str, Any]) -> None:
        self._machine, self._facts = machine, facts

    def __enter__(self) -> None:
        self._machine.told = dict(self._facts)

    def __exit__(self, *_: object) -> None:
        self._machine.told = self._machine.reach.usual


def _transition(tried: Try) -> tuple[str, str]:
    return tried.way.full, tried.way.source


def workflow_machine(
    workflow: Workflow,
    team: Team | Iterable[Member],
    *,
    store: Callable[[], Store] = MemoryStore,
    faults: bool = False,
    examples: Examples | None = None,
    facts: Mapping[str, Iterable[Any]] | None = None,
    policy: Policy = BY_ROLE,
    scope: Scope = EVERYWHERE,
) -> type[WorkflowMachine]:
    """A Hypothesis state machine of *workflow*; its ``TestCase`` is a test.

    Args:
        workflow: The definition.
        team: Who acts.
        store: Opens a store, a new one for every example.
        faults: Whether the store crashes, times out and is overtaken now and then.
        examples: As `obligations` takes them.
        facts: What providers may tell, by the name of the fact, what is usual first.
        policy: Who may.
        scope: Where the item belongs.

    Example:
        >>> from socialflow import Action, Stage
        >>> go = Action("finish", "drafting", "done")
        >>> note = Workflow("note", [Stage("write", ("drafting", "done"), role="w", actions=[go])])
        >>> TestNote = workflow_machine(note, [Member("ann", "w")], faults=True).TestCase
    """
    people = team if isinstance(team, Team) else Team(team)
    told = {name: tuple(values) for name, values in (facts or {}).items()}
    reach = Reach(workflow, people, Samples(examples or {}, people.members), told, policy, scope)
    name = "".join(word.title() for word in workflow.name.split("_")) + "Machine"
    own = {
        "reach": reach,
        "open_store": staticmethod(store),
        "faults": faults,
        "seen": Counter(),
        "begun": 0,
        "judged": set(),
        "__doc__": f"Moves an item of {workflow.name} about.",
    }
    return type(name, (WorkflowMachine,), own)
