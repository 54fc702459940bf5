"""Two stores, one truth: the same commands through two engines leave the same behind.

`MemoryStore` is the model and `SqlStore` stands beside it; both engines look at the same clock and
make the same ids. Whatever a command does to one, it does to the other: items, histories, refusals,
worklists, signals.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from tempfile import TemporaryDirectory
from typing import Any

from engines import RIGHTS, START, TEAM, Heard
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from scenes import LIVE, REVIEW, WRITING, workflow

from socialflow import Action, Option, Parallel, Refused, Scope, Stage
from socialflow.chain import audit
from socialflow.decisions import rebuild
from socialflow.engine import Engine
from socialflow.errors import SocialflowError
from socialflow.queries import Definitions, Duties, Duty, Heads, History, Items
from socialflow.standing import STANDING
from socialflow.stores.memory import MemoryStore
from socialflow.stores.sql import SqlStore
from socialflow.testing.changes import paged

LEGAL = Stage(
    "legal",
    ("waiting", "passed"),
    role="lawyer",
    signs="visit",
    actions=(Action("clear", "waiting", "passed"),),
)
POST = workflow(WRITING, Parallel(REVIEW, LEGAL), LIVE, rights=RIGHTS)
NEWER = workflow(rights=RIGHTS, version="2")

members = st.sampled_from([*(member.id for member in TEAM.members), "stranger"])
ids = st.sampled_from([f"item {n}" for n in range(1, 5)])
places = st.integers(0, 8)
refs = st.sampled_from((None, "", "post:1", "post:2", "it's"))
keys = st.sampled_from((None, None, None, "k1", "k2", "ü\n"))
titles = st.sampled_from(("a title", "better", "Grüße 🦊"))
scopes = st.sampled_from((Scope(), Scope(brand="acme"), Scope(brand=("acme", "b"), region="n")))
births = st.one_of(
    st.fixed_dictionaries({"title": titles}, optional={"body": titles}),
    st.sampled_from((None, {"body": "only"}, {"title": 7})),
)
DATA: dict[str, st.SearchStrategy[Any]] = {
    "edit": st.dictionaries(st.sampled_from(("title", "body", "tilte")), titles, max_size=2),
    "note": st.fixed_dictionaries({"text": titles}),
    "assign": st.fixed_dictionaries(
        {"member": members, "stage": st.sampled_from(("writing", "review", "nowhere"))}
    ),
    "claim": st.sampled_from((None, {"stage": "legal"}, {"stage": "review"})),
    "release": st.sampled_from((None, {"stage": "legal"})),
    "send_back": st.sampled_from((None, {"reason": "dull"})),
}
FITTING = DATA | {
    "edit": st.dictionaries(st.sampled_from(("title", "body")), titles, min_size=1, max_size=2),
    "assign": st.fixed_dictionaries({"member": members, "stage": st.just("writing")}),
    "send_back": st.just({"reason": "dull"}),
}
ACTIONS = ("submit", "clear", "review.clear", "legal.clear", "go", "reopen", "nonsense", *DATA)
targets = st.sampled_from((None, None, None, "writing", "end.rejected", "nowhere"))


class TwoStores(RuleBasedStateMachine):
    """The same commands to both engines."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.made = 0
        self.folder = TemporaryDirectory()
        url = f"sqlite:///{self.folder.name}/content.db"
        self.stores = (MemoryStore(), SqlStore(url, create=True, synchronous="NORMAL"))
        self.engines = tuple(self._engine(store, POST) for store in self.stores)
        self.heard = tuple(map(Heard, self.engines))

    def teardown(self) -> None:
        self.stores[1].close()
        self.folder.cleanup()

    def _engine(self, store: Any, definition: Any) -> Engine:
        return Engine(
            store, [definition], TEAM, clock=lambda: self.now, new_id=lambda: f"item {self.made}"
        )

    def both(self, call: Callable[[Engine], Any]) -> Any:
        """Ask both engines, who must answer alike, and return the answer."""
        model, beside = (_answer(call, engine) for engine in self.engines)
        assert model == beside
        return model

    def item_at(self, place: int) -> str:
        """One of the items there are, or nobody."""
        found = [item.id for item in self.stores[0].rows(Items())]
        return found[place % len(found)] if place < 8 else "nobody"

    # -- what is done

    @initialize(title=titles)
    def there_is_something(self, title: str) -> None:
        self.made += 1
        self.both(lambda e: e.create("post", by="ann", data={"title": title}))

    @rule(by=members, data=births, ref=refs, scope=scopes, key=keys)
    def create(self, by: str, data: Any, ref: str | None, scope: Scope, key: str | None) -> None:
        self.made += 1
        self.both(lambda e: e.create("post", by=by, data=data, ref=ref, scope=scope, key=key))

    @rule(
        at=st.sampled_from(("live.ready", "review.waiting", "end.closed", "nowhere.at_all")),
        by=st.sampled_from(("cleo", "cleo", "ann")),
        ref=refs,
        key=keys,
        id=ids,
    )
    def adopt(self, at: str, by: str, ref: str | None, key: str | None, id: str) -> None:
        told = {"at": at, "by": by, "data": {"title": "old"}, "ref": ref, "key": key, "id": id}
        self.both(lambda e: e.adopt("post", **told))

    @rule(
        place=places,
        command=st.sampled_from(ACTIONS).flatmap(
            lambda action: st.tuples(st.just(action), DATA.get(action, st.none()))
        ),
        by=members,
        to=targets,
        key=keys,
        expect=st.sampled_from((None, None, None, 1, 2, 3)),
    )
    def perform(
        self,
        place: int,
        command: tuple[str, Any],
        by: str,
        to: str | None,
        key: str | None,
        expect: int | None,
    ) -> None:
        (action, data), item = command, self.item_at(place)
        told = {"by": by, "data": data, "to": to, "key": key, "expect": expect}
        self.both(lambda e: e.perform(item, action, **told))

    @rule(place=places, steps=st.lists(st.booleans(), min_size=2, max_size=6), data=st.data())
    def walk(self, place: int, steps: list[bool], data: st.DataObject) -> None:
        """Some of what is open to somebody: a step, where one is wanted, so that items move."""
        item = self.item_at(min(place, 7))
        for step in steps:
            open_ = [
                (member.id, option)
                for member in TEAM.members
                for option in self.engines[0].options(item, by=member.id)
                if option.answer != "no" and option.action not in (STANDING if step else ("note",))
            ]
            if open_:
                by, option = data.draw(st.sampled_from(open_))
                self.take(item, by, option, data)

    def take(self, item: str, by: str, option: Option, data: st.DataObject) -> None:
        told = {
            "by": by,
            "data": data.draw(FITTING.get(option.action.rpartition(".")[2], st.none())),
            "to": data.draw(st.sampled_from(option.targets)) if option.targets else None,
            "key": data.draw(keys),
        }
        self.now += timedelta(minutes=1)
        self.both(lambda e: e.perform(item, option.action, **told))

    @rule(minutes=st.sampled_from((1, 60, 0.000001)))
    def time_goes_by(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(definition=st.sampled_from((POST, NEWER)))
    def start_anew(self, definition: Any) -> None:
        """Engines come and go, with one version of the workflow or another."""
        self.engines = tuple(self._engine(store, definition) for store in self.stores)
        self.heard = tuple(map(Heard, self.engines))

    # -- what is asked

    @rule(place=places, by=members, action=st.sampled_from(ACTIONS))
    def ask(self, place: int, by: str, action: str) -> None:
        item = self.item_at(place)
        self.both(lambda e: e.options(item, by=by))
        self.both(lambda e: e.why_not(item, action, by=by))
        self.both(lambda e: e.preview(item, action, by=by))
        self.both(lambda e: [member.id for member in e.who_can(item, action)])

    @rule(
        by=st.one_of(st.none(), members),
        stage=st.sampled_from((None, None, "writing", "legal")),
        limit=st.integers(1, 3),
    )
    def read_a_worklist(self, by: str | None, stage: str | None, limit: int) -> None:
        def page(after: Duty | None, limit: int) -> tuple[Duty, ...]:
            return self.both(lambda e: e.worklist(by, stage=stage, after=after, limit=limit))

        whole = page(None, 1_000)
        assert list(whole) == paged(whole, limit, page)

    @rule(ref=refs)
    def find(self, ref: str | None) -> None:
        if ref is not None:
            self.both(lambda e: e.find(ref=ref))

    # -- what is always true

    @invariant()
    def they_hold_the_same(self) -> None:
        for query in (Items(), History(), Duties(), Heads(), Definitions()):
            model, beside = (list(store.rows(query)) for store in self.stores)
            assert model == beside

    @invariant()
    def they_have_told_the_same(self) -> None:
        model, beside = (heard.told for heard in self.heard)
        assert model == beside

    @invariant()
    def every_history_leads_to_its_item(self) -> None:
        store = self.stores[1]
        for item in store.rows(Items()):
            assert item == rebuild(one.event for one in store.rows(History(item.id)))
        assert () == audit(store)


def _answer(call: Callable[[Engine], Any], engine: Engine) -> Any:
    """What an engine answers, or the error that it raises, as a value."""
    try:
        return call(engine)
    except Refused as no:
        return "refused", no.refusal
    except SocialflowError as error:
        return type(error).__name__, str(error)


TestTwoStores = TwoStores.TestCase
TestTwoStores.settings = settings(stateful_step_count=40)
