"""Laws of proofs on generated workflows: what is proved never breaks, what is there is met."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from socialflow import Engine, Item, Member, Refused, Scope, Team, Workflow
from socialflow.decisions import apply
from socialflow.errors import EndlessSettling
from socialflow.plans import plan_of
from socialflow.queries import History
from socialflow.stores.memory import MemoryStore
from socialflow.testing.strategies import EVERYBODY, NOON, TEAM, workflows
from socialflow.verify import (
    Outcome,
    always_possible,
    at_most_once,
    check,
    different_people,
    never,
    precedes,
)
from socialflow.verify.happenings import Happening, happening
from socialflow.verify.hunting import Budget, Exhausted, reached, trace_to
from socialflow.verify.models import Model, Setting
from socialflow.verify.properties import BROKEN
from socialflow.verify.replays import replay
from socialflow.verify.samples import needed
from socialflow.verify.space import Space
from socialflow.verify.views import View

ACME = Scope(brand="acme")
PEOPLE = Team([one for one in TEAM if one.id in ("ann", "ed", "lea", "ida")])
APART = ("force", "vote")
BUDGET = 80


class Game:
    """An engine, and somebody who does at random what is open to them."""

    def __init__(self, workflow: Workflow, chance: Random) -> None:
        self.workflow, self.chance, self.now = workflow, chance, NOON
        self.store = MemoryStore()
        self.engine = Engine(
            self.store,
            workflow,
            PEOPLE,
            facts={"clearance": lambda *_: chance.random() < 0.7},
            clock=lambda: self.now,
        )

    def member(self) -> Member:
        """Somebody."""
        return self.chance.choice(PEOPLE.members)

    def born(self) -> Item | None:
        """A new item, unless whoever brings it may not, or it does not come to rest."""
        data = {"title": "a"} | self.chance.choice([{}, {"body": "b"}])
        with suppress(Refused, EndlessSettling):
            return self.engine.create("generated", by=EVERYBODY.id, data=data, scope=ACME)
        return None

    def turn(self, item: Item) -> None:
        """Something that is open."""
        self.now += timedelta(minutes=1)
        by = self.member()
        options = [
            one
            for one in self.engine.options(item.id, by=by)
            if one.answer != "no" and one.action not in APART
        ]
        if not options:
            return
        option = self.chance.choice(options)
        data = self._data(option)
        to = self.chance.choice(option.targets) if option.targets else None
        waive = {"has": "because", "not_four_eyes": "because"}
        with suppress(Refused, EndlessSettling):
            self.engine.perform(item.id, option.action, by=by, data=data, to=to, waive=waive)

    def _data(self, option: Any) -> Any:
        if option.action == "edit":
            return self.chance.choice([{"title": "b"}, {"body": "c"}, {"body": None}])
        if option.form is None:
            return None
        if option.action in ("claim", "release"):
            return {"stage": option.stage} if option.stage else None
        told = needed(option.form)
        return {**told, "member": "ann"} if "member" in told else told or None

    def told(self, id: str) -> Iterator[Happening]:
        """What has happened to an item."""
        item: Item | None = None
        for entry in self.store.rows(History(id)):
            before, item = item, apply(item, entry.event)
            yield happening(self.workflow, before, item, entry.event, (entry.event.by,))


@st.composite
def questions(draw: st.DrawFn, workflow: Workflow) -> list[Any]:
    """Properties about what the workflow has."""
    actions = [*workflow.action_names, "edit"]
    first = {stage.initial for stage in plan_of(workflow).first_stages}
    later = [one for one in workflow.states if one not in first]
    one, other = draw(st.sampled_from(actions)), draw(st.sampled_from(actions))
    found: list[Any] = [
        never(draw(st.sampled_from(later))),
        never(draw(st.sampled_from(later))).without(one),
        at_most_once(one),
        always_possible(),
    ]
    if one != other:
        found += [different_people(one, other), precedes(one, other)]
    return [each.apart_from("force", "undo") for each in found]


@settings(max_examples=12, deadline=None)
@given(st.data(), workflows(), st.integers(0, 10_000))
def test_what_is_proved_is_never_broken_by_what_members_do(
    data: st.DataObject, workflow: Workflow, seed: int
) -> None:
    """A verdict of proved holds for the history of every run of an engine."""
    asked = data.draw(questions(workflow))
    report = check(workflow, PEOPLE, *asked, at=NOON, scope=ACME, budget=BUDGET)
    safe = [
        one.sentence
        for one in report
        if one.outcome is Outcome.PROVED and hasattr(one.sentence, "begin")
    ]
    for n in range(6):
        game = Game(workflow, Random(seed + n))
        item = game.born()
        for _ in range(12 if item else 0):
            assert item is not None
            game.turn(game.engine.item(item.id))
        told = list(game.told(item.id)) if item else []
        told = told[: next((n for n, one in enumerate(told) if one.asked == "undo"), len(told))]
        for sentence in safe:
            book: Any = sentence.begin()
            for one in told:
                book = sentence.after(workflow, book, one)
                assert book is not BROKEN, (sentence, [each.asked for each in told])


@settings(max_examples=12, deadline=None)
@given(workflows(), st.integers(0, 10_000))
def test_whatever_an_engine_comes_to_is_a_state_of_the_proof(workflow: Workflow, seed: int) -> None:
    """The coarsest view forgets, and leaves nothing out."""
    view = View(apart=frozenset({"force"}))
    space = Space(Model(Setting(workflow, PEOPLE, NOON, ACME), view))
    try:
        origins = reached(space, Budget(BUDGET, BUDGET))
    except Exhausted:
        return
    markings = {space.states[n].item.marking for n in origins}

    for n in range(6):
        game = Game(workflow, Random(seed + n))
        item = game.born()
        for _ in range(12 if item else 0):
            assert item is not None
            game.turn(game.engine.item(item.id))
            assert game.engine.item(item.id).marking in markings


@settings(max_examples=12, deadline=None)
@given(workflows(parallel=False))
def test_whatever_the_closest_view_comes_to_is_carried_out(workflow: Workflow) -> None:
    """Where everybody and every field is followed, each way to a state is one for the engine."""
    view = View(
        everybody=True,
        fields=frozenset(workflow.declared) & {"body", "title"},
        apart=frozenset({"force", "undo"}),
    )
    setting = Setting(workflow, PEOPLE, NOON, ACME)
    space = Space(Model(setting, view))
    try:
        origins = reached(space, Budget(60, 60))
    except Exhausted:
        origins = space_origins(space)
    for n in list(origins)[:25]:
        played = replay(setting, trace_to(origins, n))
        assert played.why == "", trace_to(origins, n).lines()


def space_origins(space: Space) -> dict[int, Any]:
    """Where the first states of a space are come from."""
    return {n: (None, step) for group in space.births for step, n in group}
