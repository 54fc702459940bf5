"""Migrations: items go on under another definition, each whole, or stay and say why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs
import pytest
from engines import KINDS, RIGHTS, START, Heard, Ticking, engine_on, everything, post, store_of
from scenes import LIVE, REVIEW, WRITING, Reason, finish, stage

from socialflow import (
    Action,
    Effect,
    Engine,
    Item,
    Member,
    Parallel,
    Refused,
    Role,
    Stage,
    rebuild,
)
from socialflow.ballots import Ballot
from socialflow.chain import audit
from socialflow.errors import DefinitionConflict, UnknownWorkflow, WrongArgument
from socialflow.migrations import foreseen, migrate, plan_migration
from socialflow.migrations.counterparts import under
from socialflow.migrations.routes import Route
from socialflow.moments import days, hours
from socialflow.people import SYSTEM
from socialflow.plain import FrozenDict
from socialflow.protocols import Clock, Store
from socialflow.queries import Items
from socialflow.rules import has
from socialflow.stores.memory import MemoryStore

TITLE = {"title": "a title"}
MAY_MIGRATE = RIGHTS | {"migrate": "chief"}
WAITING = {"review.waiting": "review.pending"}
PENDING = attrs.evolve(
    REVIEW,
    states=("pending", "passed"),
    may_edit={"pending": "editor"},
    actions=(
        Action("clear", "pending", "passed"),
        Action("send_back", "pending", goto=("writing", "end.rejected"), data=Reason),
    ),
)
NEW = post(WRITING, PENDING, LIVE, version="2", rights=MAY_MIGRATE)


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A store of every kind."""
    return store_of(request, request.param, tmp_path)


def begun(store: Store, *steps: Any, moves: tuple[tuple[str, str], ...] = (), **told: Any) -> Item:
    """An item of the first version, after some moves: what, and by whom."""
    engine = engine_on(store, post(*steps, **told))
    item = engine.create("post", by="ann", data=TITLE)
    for action, by in moves:
        item = engine.perform(item.id, action, by=by)
    return item


def moved(store: Store, *steps: Any, clock: Clock | None = None, **told: Any) -> Engine:
    """An engine with the second version, to which everything has been moved that can."""
    asked = {name: told.pop(name) for name in ("states", "data", "below") if name in told}
    engine = engine_on(store, post(*steps, version="2", **told), clock=clock or Ticking())
    migrate(engine, plan_migration(engine, "post", **asked), by=SYSTEM)
    return engine


def reasons(store: Store, *steps: Any, **told: Any) -> list[str]:
    """Why items cannot go on under these steps."""
    asked = {name: told.pop(name) for name in ("states", "data", "below") if name in told}
    engine = engine_on(store, post(*steps, version="2", **told))
    plan = plan_migration(engine, "post", **asked)
    return [code for group in plan.left for code in group.codes]


# -- what is written


def test_an_item_goes_on_under_the_new_definition(store: Store) -> None:
    """Its state has another name, its definition another digest, and it is moved by that one."""
    item = begun(store, moves=(("submit", "ann"),))
    engine = engine_on(store, NEW)

    report = migrate(engine, plan_migration(engine, "post", states=WAITING), by="cleo")

    now = engine.item(item.id)
    assert (1, 0) == (report.moved, report.stayed)
    assert (("review.pending",), NEW.digest) == (now.marking, now.workflow)
    assert ("live.ready",) == engine.perform(item.id, "clear", by="ed").marking
    assert () == audit(store)


def test_the_history_says_who_moved_it_from_where_to_where(store: Store) -> None:
    """One entry: the member and their role, both digests, and every state with its counterpart."""
    item = begun(store, moves=(("submit", "ann"),))
    engine = engine_on(store, NEW)

    migrate(engine, plan_migration(engine, "post", states=WAITING), by="cleo")

    *_, last = engine.history(item.id)
    event = last.event
    assert ("migrate", "cleo", ("chief",)) == (event.action, event.by, event.roles)
    assert (item.workflow, NEW.digest) == (event.command.data["from"], event.command.to)
    assert [("migrate", "review.waiting", "review.pending")] == list(event.moves)
    assert (item.version + 1, 3) == (event.version, last.n)
    assert engine.item(item.id) == rebuild(one.event for one in engine.history(item.id))


def test_whoever_listens_hears_of_it_once_it_is_written() -> None:
    """With the item as it was, and as it is."""
    store = MemoryStore()
    item = begun(store, moves=(("submit", "ann"),))
    engine = engine_on(store, NEW)
    heard = Heard(engine)

    migrate(engine, plan_migration(engine, "post", states=WAITING), by=SYSTEM)

    assert ["performed", "moved"] == [name for name, _ in heard.told]
    assert item == heard.told[0][1]["before"]


def test_items_are_moved_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are, none is overlooked and none is moved twice."""
    monkeypatch.setattr("socialflow.migrations.legs.PAGE", 3)
    store = MemoryStore()
    first = engine_on(store)
    for _ in range(11):
        first.create("post", by="ann", data=TITLE)
    engine = engine_on(store, NEW)

    plan = plan_migration(engine, "post")
    [group] = migrate(engine, plan, by=SYSTEM).moving

    assert (11, 11, 10) == (plan.cost, group.items, len(group.ids))
    assert {2} == {item.version for item in store.rows(Items())}
    assert 0 == sum(1 for _ in foreseen(engine, plan))


def test_undoing_does_not_lead_back_behind_a_migration() -> None:
    """What happened before it happened under other rules."""
    store = MemoryStore()
    reversible = stage("desk", finish(reversible=True), Action("close", "two", goto="end.closed"))
    reversible = attrs.evolve(reversible, states=("one", "two", "three"))
    item = begun(store, reversible, moves=(("finish", "ann"),))

    engine = moved(store, reversible, LIVE)

    with pytest.raises(Refused) as caught:
        engine.perform(item.id, "undo", by="ann")
    assert ("irreversible",) == caught.value.refusal.codes


# -- who may


def test_nobody_may_migrate_whom_the_new_definition_does_not_name(store: Store) -> None:
    """Not even whoever may do everything else; the plan says so beforehand, if it is asked."""
    begun(store)
    engine = engine_on(store, NEW.named("post", "2"))
    before = everything(store)

    plan = plan_migration(engine, "post", by="ed")
    report = migrate(engine, plan, by="ed")

    assert [("role",)] == [group.codes for group in report.left]
    assert plan.left == report.left
    assert before == everything(store)
    assert 0 == plan_migration(engine, "post").stayed


@pytest.mark.parametrize("by", ["nobody known", "system", Member("system")])
def test_only_somebody_known_may_migrate(by: Any) -> None:
    """And the system only for a host that says so itself."""
    store = MemoryStore()
    begun(store)
    engine = engine_on(store, NEW)

    with pytest.raises(Refused):
        migrate(engine, plan_migration(engine, "post"), by=by)


@pytest.mark.parametrize("denying", ["old", "new"])
def test_a_denial_of_either_definition_holds(denying: str) -> None:
    """A role that may never migrate may not, whatever else it holds."""
    roles = [Role(key) for key in ("author", "editor", "chief")]
    denies = [*roles[:2], Role("chief", deny="migrate")]
    store = MemoryStore()
    begun(store, roles=denies if denying == "old" else roles)
    new = denies if denying == "new" else roles
    engine = engine_on(
        store, post(version="2", rights=MAY_MIGRATE, roles=new, ends=("closed", "rejected", "x"))
    )

    [group] = migrate(engine, plan_migration(engine, "post"), by="cleo").left

    assert ("denied",) == group.codes


# -- what stands against it


def test_a_state_without_a_counterpart_holds_an_item_back(store: Store) -> None:
    """Until somebody says where it leads; the others move."""
    begun(store, moves=(("submit", "ann"),))
    engine_on(store).create("post", by="ann", data=TITLE, id="other")
    engine = engine_on(store, NEW)

    report = migrate(engine, plan_migration(engine, "post"), by=SYSTEM)

    [left] = report.left
    assert (("no_counterpart",), ("review.waiting",), 1) == (left.codes, left.marking, left.items)
    assert (1, ("item 1",)) == (report.moved, left.ids)
    assert "review.pending" in str(report)


@pytest.mark.parametrize(
    "states", [{"review.wating": "review.pending"}, {"review.waiting": "review.pendng"}]
)
def test_a_misspelt_state_is_told_at_once(states: dict[str, str]) -> None:
    """With what it was probably meant to be."""
    store = MemoryStore()
    begun(store)

    with pytest.raises(WrongArgument, match="did you mean"):
        plan_migration(engine_on(store, NEW), "post", states=states)


@attrs.frozen
class Longer:
    """A post that says for which channel it is."""

    title: str
    channel: str
    body: str | None = None


@attrs.frozen
class Counted:
    """A post whose title is a number."""

    title: int


@attrs.frozen
class Bare:
    """A post without a body."""

    title: str


def test_a_field_that_is_missing_holds_an_item_back_until_it_is_told(store: Store) -> None:
    """The value is written with the migration, by whoever does it."""
    item = begun(store)
    assert ["field_missing"] == reasons(store, fields=Longer)

    engine = moved(store, fields=Longer, data={"channel": "blog"})

    assert {"title": "a title", "channel": "blog"} == engine.item(item.id).data
    assert () == audit(store)


def test_a_field_of_another_shape_holds_an_item_back_until_it_is_told() -> None:
    """For each item its own value, by a function of it."""
    store = MemoryStore()
    item = begun(store)
    assert ["field_shape"] == reasons(store, fields=Counted, content="title")
    assert ["field_shape"] == reasons(store, fields=Counted, content="title", data={"title": "x"})

    def length(item: Item) -> dict[str, Any]:
        return {"title": len(item.data["title"])}

    engine = moved(store, fields=Counted, content="title", data=length)

    assert {"title": 7} == engine.item(item.id).data


def test_a_field_is_only_left_out_if_somebody_says_so() -> None:
    """Nothing is lost silently; what was left out is in the history."""
    store = MemoryStore()
    first = engine_on(store)
    item = first.create("post", by="ann", data=TITLE | {"body": "text"})
    assert ["field_unknown"] == reasons(store, fields=Bare, content="title")

    engine = moved(store, fields=Bare, content="title", data={"body": None})

    assert TITLE == engine.item(item.id).data
    assert () == audit(store)


@attrs.frozen
class Structured:
    """A post whose body is a list of paragraphs, if it has one."""

    title: str
    body: tuple[str, ...] | None = None


def test_a_field_that_does_not_fit_may_be_left_out_as_well() -> None:
    """If the new definition does not insist on it; what it does not know is never added."""
    store = MemoryStore()
    item = engine_on(store).create("post", by="ann", data=TITLE | {"body": "text"})
    assert ["field_shape"] == reasons(store, fields=Structured)

    engine = moved(store, fields=Structured, data={"body": None, "colour": "red"})

    assert TITLE == engine.item(item.id).data


def test_what_fits_is_never_overwritten_or_left_out() -> None:
    """What is told of fields helps where something is missing; it is no edit."""
    store = MemoryStore()
    item = engine_on(store).create("post", by="ann", data=TITLE | {"body": "text"})

    engine = moved(store, stage("desk"), WRITING, data={"title": "other", "body": None})

    assert item.data == engine.item(item.id).data


def gate(*ballots: Ballot, **told: Any) -> Stage:
    """A stage that is left by ballot."""
    action = Action("pass", "one", "two", ballots=ballots)
    back = Action("back", "one", goto="writing", roles="*")
    return stage("gate", action, back, role="editor", signs="revision", **told)


TWO = Ballot("b", "editor", quorum=2)


def test_a_vote_that_counts_holds_an_item_back_where_it_would_count_no_more(store: Store) -> None:
    """Where the ballots are others, or the content is."""
    begun(store, WRITING, gate(TWO), moves=(("submit", "ann"), ("pass", "ed")))

    others = gate(attrs.evolve(TWO, quorum="any"))

    assert ["ballot_open"] == reasons(store, WRITING, others)
    assert ["ballot_open"] == reasons(store, WRITING, gate(TWO), content="title")
    assert ["ballot_open"] == reasons(store, WRITING, REVIEW, states={"gate.one": "review.waiting"})


def test_a_vote_goes_on_counting_where_the_ballots_are_the_same(store: Store) -> None:
    """The second of two is enough, before and after."""
    item = begun(store, WRITING, gate(TWO), LIVE, moves=(("submit", "ann"), ("pass", "ed")))

    engine = moved(store, WRITING, gate(TWO), LIVE, ends=("closed", "rejected", "shelved"))

    assert 1 == len(engine.item(item.id).votes)
    assert ("live.ready",) == engine.perform(item.id, "pass", by="eve").marking


def test_a_vote_of_an_earlier_visit_lapses_where_the_ballots_are_others() -> None:
    """It holds nothing back, and can never be counted in a ballot it was not given in."""
    store = MemoryStore()
    walk = (("submit", "ann"), ("pass", "ed"), ("back", "ed"))
    item = begun(store, WRITING, gate(TWO), moves=walk)

    later = gate(Ballot("b", "editor", quorum=2, standing="revision"))
    engine = moved(store, WRITING, later)

    assert () == engine.item(item.id).votes
    engine.perform(item.id, "submit", by="ann")
    assert ("gate.one",) == engine.perform(item.id, "pass", by="eve").marking


def test_a_vote_that_stands_for_the_revision_holds_an_item_back_in_a_later_visit() -> None:
    """It counts as long as the content stays as it is."""
    store = MemoryStore()
    standing = attrs.evolve(TWO, standing="revision")
    walk = (("submit", "ann"), ("pass", "ed"), ("back", "ed"), ("submit", "ann"))
    begun(store, WRITING, gate(standing), moves=walk)

    assert ["ballot_open"] == reasons(store, WRITING, gate(attrs.evolve(standing, quorum=3)))
    assert [] == reasons(store, WRITING, gate(standing), LIVE)


def test_states_that_are_not_open_together_hold_an_item_back(store: Store) -> None:
    """Two stages that were, and are no more; two that became one; one that became two is fine."""
    both = Parallel(stage("legal", finish()), stage("brand", finish()))
    begun(store, both)

    after = (stage("legal", finish()), stage("brand", finish()))
    assert ["no_join"] == reasons(store, *after)
    assert ["no_join"] == reasons(store, after[0], states={"brand.one": "legal.one"})
    assert ["no_join"] == reasons(store, *both.stages, states={"brand.one": "end.closed"})
    assert [] == reasons(store, Parallel(*both.stages, stage("tone", finish())))


def test_whoever_is_responsible_has_to_be_of_the_new_role() -> None:
    """If the stage is a matter of other roles now; who fits, or is named for the same, goes on."""
    store = MemoryStore()
    engine = engine_on(store)
    item = engine.create("post", by="ann", data=TITLE)
    engine.perform(item.id, "claim", by="ann")

    assert ["responsible_unfit"] == reasons(store, attrs.evolve(WRITING, role="lawyer"), REVIEW)
    assert [] == reasons(store, attrs.evolve(WRITING, role=("author", "lawyer")), REVIEW)
    engine.perform(item.id, "assign", by="ed", data={"member": "lea"})
    assert [] == reasons(store, WRITING, REVIEW)


def test_what_never_comes_to_rest_is_left() -> None:
    """The other items are moved all the same."""
    store = MemoryStore()
    begun(store)
    there = Action("there", "one", "two", automatic=True, rules=has("title"))
    back = Action("back", "two", "one", automatic=True, rules=has("title").waivable("chief"))
    wheel = stage("wheel", there, back, states=("one", "two", "three"))

    assert ["endless_settling"] == reasons(
        store, WRITING, wheel, states={"writing.drafting": "wheel.one"}
    )


def test_a_definition_that_cannot_be_built_holds_its_items_back() -> None:
    """They are named with what is missing, and the others are moved."""
    from test_engine_definitions import OWN

    store = MemoryStore()
    engine_on(store, OWN).create("post", by="ann", data=TITLE, id="lost")
    begun(store, version="1.1")

    report = migrate(*(lambda e: (e, plan_migration(e, "post")))(engine_on(store, NEW)), by=SYSTEM)

    assert (1, [("definition_lost",)]) == (report.moved, [one.codes for one in report.left])


def test_a_version_that_stands_for_something_else_is_refused() -> None:
    """A plan for a definition that the store knows otherwise cannot be made."""
    store = MemoryStore()
    begun(store)

    with pytest.raises(DefinitionConflict):
        plan_migration(engine_on(store), post(WRITING, REVIEW, version="1"))
    with pytest.raises(UnknownWorkflow):
        plan_migration(engine_on(store), "pots")


# -- what is kept, and what lapses


def test_four_eyes_survive_a_migration(store: Store) -> None:
    """Whoever wrote it before may not approve it afterwards."""
    item = begun(store, WRITING, REVIEW, LIVE, moves=(("submit", "ann"),))
    boss = Member("ann", ("author", "editor"))

    engine = moved(store, WRITING, stage("desk", finish()), REVIEW, LIVE)

    with pytest.raises(Refused) as caught:
        engine.perform(item.id, "clear", by=boss)
    assert ("four_eyes",) == caught.value.refusal.codes
    assert ("live.ready",) == engine.perform(item.id, "clear", by="ed").marking


def test_whoever_wrote_what_is_content_only_now_has_written_the_content() -> None:
    """The history knows them; and what was signed did not cover it."""
    store = MemoryStore()
    small = {"content": "title"}
    first = engine_on(store, post(**small))
    item = first.create("post", by="tom", data=TITLE)
    first.perform(item.id, "edit", by="ann", data={"body": "text"})
    first.perform(item.id, "submit", by="ann")
    item = first.perform(item.id, "clear", by="ed")
    assert (("tom",), ["review"]) == (item.contributors, [one.stage for one in item.signatures])

    plan = plan_migration(engine_on(store, post(version="2")), "post")
    engine = moved(store)

    now = engine.item(item.id)
    assert (("tom", "ann"), ()) == (now.contributors, now.signatures)
    [group] = plan.moving
    assert (("the signature of review",), ("review",)) == (group.lapses, group.lacks)


def test_a_plan_says_which_signatures_are_lacking_behind_an_item() -> None:
    """Not those of stages that it still has before it."""
    store = MemoryStore()
    begun(store, moves=(("submit", "ann"), ("clear", "ed")))
    engine_on(store).create("post", by="ann", data=TITLE, id="new")
    legal = stage("legal", finish(), signs="visit")

    plan = plan_migration(engine_on(store, post(WRITING, REVIEW, legal, LIVE, version="2")), "post")

    lacks = {group.marking: group.lacks for group in plan.moving}
    assert {("live.ready",): ("legal",), ("writing.drafting",): ()} == lacks


def test_a_signature_holds_where_less_is_content() -> None:
    """What was signed as a whole is signed in its part; a visit that was signed is no revision."""
    store = MemoryStore()
    visiting = attrs.evolve(WRITING, signs="visit")
    item = begun(store, visiting, REVIEW, LIVE, moves=(("submit", "ann"), ("clear", "ed")))

    engine = moved(store, attrs.evolve(WRITING, signs="revision"), REVIEW, LIVE, content="title")

    now = engine.item(item.id)
    assert [("review", engine.workflow(now).revision(now))] == [
        (one.stage, one.revision) for one in now.signatures
    ]


def test_a_signature_lapses_where_a_ballot_is_asked_for_that_was_not_carried() -> None:
    """An approval chain that has grown has not been gone through."""
    store = MemoryStore()
    item = begun(
        store, WRITING, gate(Ballot("b", "editor")), LIVE, moves=(("submit", "ann"), ("pass", "ed"))
    )
    assert 1 == len(item.signatures)

    engine = moved(store, WRITING, gate(Ballot("b", "editor"), Ballot("legal", "lawyer")), LIVE)

    assert () == engine.item(item.id).signatures


def test_a_stage_under_another_name_keeps_who_is_named_and_what_it_signed() -> None:
    """If its done states lead to those of the other: visits, names and signatures go with it."""
    store = MemoryStore()
    first = engine_on(store)
    item = first.create("post", by="ann", data=TITLE)
    first.perform(item.id, "assign", by="ed", data={"member": "eve", "stage": "review"})
    first.perform(item.id, "submit", by="ann")
    item = first.perform(item.id, "clear", by="ed")
    renamed = attrs.evolve(REVIEW, name="checking")

    states = {"review.waiting": "checking.waiting", "review.passed": "checking.passed"}
    engine = moved(store, WRITING, renamed, LIVE, states=states)

    now = engine.item(item.id)
    assert [("checking", 1)] == [(one.stage, one.visit) for one in now.signatures]
    assert ("eve", 1) == (now.responsible("checking"), now.idle[0].visit)


def test_a_stage_that_is_entered_anew_is_one_more_visit() -> None:
    """With a fresh clock; what has been said there before counts no more."""
    store = MemoryStore()
    walk = (("submit", "ann"), ("clear", "ed"))
    item = begun(store, moves=walk)

    def later() -> datetime:
        return START + days(1)

    engine = moved(store, WRITING, REVIEW, states={"live.ready": "review.waiting"}, clock=later)

    [token] = engine.item(item.id).tokens
    assert (2, ()) == (token.visit, engine.item(item.id).signatures)
    assert token.entered > item.tokens[0].entered


def test_a_stage_that_stays_keeps_its_clock_and_who_is_responsible(store: Store) -> None:
    """The token is the same, whatever the state is called now."""
    first = engine_on(store)
    item = first.create("post", by="ann", data=TITLE)
    first.perform(item.id, "submit", by="ann")
    item = first.perform(item.id, "claim", by="ed")

    engine = moved(store, WRITING, PENDING, LIVE, states=WAITING)

    assert [attrs.evolve(item.tokens[0], state="review.pending")] == [*engine.item(item.id).tokens]
    assert item.idle == engine.item(item.id).idle


def test_going_back_takes_the_signatures_ahead_away() -> None:
    """Those of the stage it goes back to, and of all behind it."""
    store = MemoryStore()
    item = begun(store, moves=(("submit", "ann"), ("clear", "ed")))
    assert ["review"] == [one.stage for one in item.signatures]

    engine = moved(store, WRITING, REVIEW, states={"live.ready": "writing.drafting"})

    assert () == engine.item(item.id).signatures


def test_a_signature_that_was_stale_signs_nothing_by_a_migration() -> None:
    """It was given on another revision, and is not renewed."""
    store = MemoryStore()
    item = begun(store, moves=(("submit", "ann"), ("clear", "ed")))
    stale = attrs.evolve(item, data=FrozenDict({"title": "another title"}))
    new = post(version="2", ends=("closed", "rejected", "shelved"))

    after = under(Route(post(), new, {}), stale, stale.data, (), START)

    assert 1 == len(item.signatures)
    assert () == after.signatures


def test_a_mark_lapses_that_nothing_sets_any_more() -> None:
    """Holds and archives are of every workflow, and stay."""
    store = MemoryStore()
    flag = Action("flag", "one", marks="hot", roles="*")
    item = begun(
        store,
        stage("desk", finish(), flag),
        rights=RIGHTS | {"hold": "chief"},
        moves=(("flag", "ann"),),
    )
    engine = engine_on(
        store, post(stage("desk", finish(), flag), rights=RIGHTS | {"hold": "chief"})
    )
    engine.perform(item.id, "hold", by="cleo", data={"reason": "a crisis"})

    engine = moved(store, stage("desk", finish()))

    assert ("on_hold",) == engine.item(item.id).marks


def test_dates_are_those_of_the_new_definition(store: Store) -> None:
    """From when the state was entered; what was done once for it is not done again."""
    remind = Action("remind", "one", due=hours(1), effects=Effect("notify"))
    desk = stage("desk", finish(), remind, role="author")
    item = begun(store, desk)
    first = engine_on(store, post(desk), clock=lambda: item.tokens[0].entered + hours(2))
    assert 1 == len(first.run_due())

    closes = Action("close", "one", "two", due=days(2))
    engine = moved(store, stage("desk", finish(), remind, closes))

    [token] = engine.item(item.id).tokens
    assert item.tokens[0].entered + days(2) == token.due
    assert () == engine.run_due(item.tokens[0].entered + hours(3))
    assert "ann" == token.alarm.behalf


def test_what_follows_by_itself_follows_at_once(store: Store) -> None:
    """And the plan says where that ends, and what is sent."""
    automatic = Action("go_on", "ready", "out", automatic=True, effects=Effect("notify"))
    item = begun(store, moves=(("submit", "ann"), ("clear", "ed")))
    steps = (WRITING, REVIEW, attrs.evolve(LIVE, actions=(automatic,)))
    plan = plan_migration(engine_on(store, post(*steps, version="2")), "post")

    engine = moved(store, *steps)

    assert ("end.closed",) == engine.item(item.id).marking
    [group] = plan.moving
    assert (("end.closed",), ("notify",)) == (group.into, group.sends)


def test_nobody_is_asked_for_what_the_next_stage_demands() -> None:
    """An item that cannot be handed over stays where it is, done, until the next event."""
    store = MemoryStore()
    item = begun(store)
    gated = attrs.evolve(REVIEW, enter=has("body"))

    engine = moved(store, WRITING, gated, states={"writing.drafting": "writing.submitted"})

    assert ("writing.submitted",) == engine.item(item.id).marking


# -- in the meantime


def test_an_item_that_has_changed_since_the_plan_moves_as_it_is_by_then(store: Store) -> None:
    """What the plan said of it holds no more, and the report tells what was so."""
    item = begun(store)
    engine = engine_on(store, NEW)
    plan = plan_migration(engine, "post", states=WAITING)

    engine.perform(item.id, "submit", by="ann")
    report = migrate(engine, plan, by=SYSTEM)

    assert [("writing.drafting",)] == [one.marking for one in plan.moving]
    assert [("review.waiting",)] == [one.marking for one in report.moving]
    assert ("review.pending",) == engine.item(item.id).marking


class Meddling(MemoryStore):
    """A store in which somebody else is faster, so many times."""

    def __init__(self) -> None:
        super().__init__()
        self.meddle: Callable[[], object] = lambda: None
        self.times = 0

    def begin(self, *args: Any, **more: Any) -> Any:
        if self.times:
            self.times -= 1
            left, self.times = self.times, 0
            self.meddle()
            self.times = left
        return super().begin(*args, **more)


@pytest.mark.parametrize(("times", "codes"), [(1, []), (4, []), (5, [("raced",)])])
def test_an_item_that_is_written_meanwhile_is_tried_again(
    times: int, codes: list[tuple[str, ...]]
) -> None:
    """A few times; then it is reported, and the next run takes it."""
    store = Meddling()
    item = begun(store)
    engine = engine_on(store, NEW)
    plan = plan_migration(engine, "post", states=WAITING)
    store.meddle = lambda: engine.perform(item.id, "edit", by="ann", data={"body": "x"})
    store.times = times

    report = migrate(engine, plan, by=SYSTEM)

    assert codes == [one.codes for one in report.left]
    migrate(engine, plan, by=SYSTEM)
    assert NEW.digest == engine.item(item.id).workflow
    assert () == audit(store)


def test_an_item_that_another_has_moved_is_not_moved_again() -> None:
    """Two runs at the same time: each item once."""
    store = Meddling()
    item = begun(store)
    engine, other = engine_on(store, NEW), engine_on(store, NEW)
    plan = plan_migration(engine, "post", states=WAITING)
    store.meddle = lambda: migrate(other, plan, by=SYSTEM)
    store.times = 1

    report = migrate(engine, plan, by=SYSTEM)

    assert (0, 0) == (report.moved, report.stayed)
    assert 2 == engine.item(item.id).version


def test_a_run_that_is_killed_goes_on_where_it_was(store: Store) -> None:
    """What it moved has moved, and the next run moves the rest."""
    first = engine_on(store)
    for _ in range(3):
        first.create("post", by="ann", data=TITLE)
    engine = engine_on(store, NEW)
    plan = plan_migration(engine, "post")

    def killed(_: object, item: Item, **__: Any) -> None:
        if item.id == "item 1":
            raise KeyboardInterrupt

    engine.signals.performed.connect(killed)
    with pytest.raises(KeyboardInterrupt):
        migrate(engine, plan, by=SYSTEM)
    report = migrate(engine_on(store, NEW), plan, by=SYSTEM)

    assert 2 == report.moved
    assert {(NEW.digest, 2)} == {(one.workflow, one.version) for one in store.rows(Items())}
    assert () == audit(store)


def test_a_limit_is_kept(store: Store) -> None:
    """And the report says that there are more."""
    first = engine_on(store)
    for _ in range(3):
        first.create("post", by="ann", data=TITLE)
    engine = engine_on(store, NEW)
    plan = plan_migration(engine, "post")

    told = [
        (one.moved, one.is_whole)
        for one in (migrate(engine, plan, by=SYSTEM, limit=2) for _ in "ab")
    ]

    assert [(2, False), (1, True)] == told
