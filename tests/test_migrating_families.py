"""Migrations of families: whoever is above first, and those below to what it has below it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import pytest
from engines import KINDS, everything, store_of
from families_at_work import COMMENT, OUT, TEAM, UPLOAD, Clock, Family, parent

from socialflow import Engine, Workflow
from socialflow.chain import audit
from socialflow.kinds import Children, only, some
from socialflow.migrations import MigrationReport, migrate, plan_migration
from socialflow.people import SYSTEM
from socialflow.protocols import Store
from socialflow.queries import Definitions, Items

WORDS = {
    "upload/upload.queued": "upload.waiting",
    "upload/upload.failed": "upload.broken",
}


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A store of every kind."""
    return store_of(request, request.param, tmp_path)


def renamed() -> Workflow:
    """The uploads with other words for two of their states."""
    [stage] = UPLOAD.stages
    words = {"queued": "waiting", "failed": "broken"}

    def said(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(words.get(name, name) for name in names)

    actions = [
        attrs.evolve(one, sources=said(one.sources), target=one.target and said((one.target,))[0])
        for one in stage.actions
    ]
    return UPLOAD.replace("upload", attrs.evolve(stage, states=said(stage.states), actions=actions))


FOLLOWING = Children(
    "upload",
    (
        ("sending", some("waiting", "sending")),
        ("live", only("checked", "pulled", "end.closed")),
        ("partly", some("checked")),
        ("failed", some("broken")),
    ),
)
QUIET = attrs.evolve(OUT, follows=FOLLOWING, actions=OUT.actions[:1])
NEW = parent(QUIET, children=[renamed(), COMMENT], version="2")


def family(store: Store) -> Family:
    """A parent with two uploads, one of them failed, and a comment."""
    family = Family.begin(store, parent(), "blog", "forum")
    family.do("send")
    family.have("blog", "begin", "fail")
    family.engine.create("comment", by="ann", parent=family.id, id="zz comment")
    return family


def engine_with(store: Store, workflow: Workflow = NEW) -> Engine:
    return Engine(store, workflow, TEAM, clock=Clock())


def run(store: Store, **told: Any) -> MigrationReport:
    """Plan and migrate; what is planned is what is done."""
    engine = engine_with(store)
    before = everything(store)
    plan = plan_migration(engine, "post", **told)
    assert before == everything(store)
    report = migrate(engine, plan, by=SYSTEM)
    assert (plan.moving, plan.left) == (report.moving, report.left)
    return report


def test_a_family_moves_together_if_asked(store: Store) -> None:
    """Parent and children, each with an entry of its own; and then they work together."""
    home = family(store)

    report = run(store, states=WORDS, below=True)

    engine = engine_with(store)
    assert (3, 0) == (report.moved, report.stayed)
    uploads = engine.children(home.id, "upload")
    assert {NEW.kinds["upload"].digest} == {one.workflow for one in uploads}
    assert [("upload.broken",), ("upload.waiting",)] == sorted(one.marking for one in uploads)
    for one in uploads:
        for action in ("begin", "check") if one.marking == ("upload.waiting",) else ("pull",):
            engine.perform(one.id, action, by="ed")
    assert ("end.closed",) == engine.item(home.id).marking
    assert () == audit(store)


def test_children_whose_definition_has_not_changed_are_left_alone(store: Store) -> None:
    """They are held by what the parent has below it already."""
    home = family(store)

    run(store, states=WORDS, below=True)

    assert 1 == engine_with(store).item("zz comment").version
    assert COMMENT.digest == engine_with(store).item("zz comment").workflow
    assert home.id


def test_a_parent_whose_children_are_in_lost_states_stays(store: Store) -> None:
    """It could not follow them any more; if they move as well, it can."""
    family(store)

    report = run(store)

    [left] = report.left
    assert (("children_left",), 0) == (left.codes, report.moved)


def test_children_stay_with_their_parent(store: Store) -> None:
    """Where the parent cannot go, they do not go either."""
    home = family(store)
    engine = engine_with(store, parent(QUIET, children=[renamed()], version="2"))

    plan = plan_migration(engine, "post", states=WORDS, below=True)
    report = migrate(engine, plan, by=SYSTEM)

    told = {one.workflow: one.codes for one in report.left}
    assert plan.left == report.left
    assert {"post 1": ("children_left",), "upload 1": ("parent_elsewhere",)} == told
    assert 0 == report.moved
    assert ("comment.new",) == engine.item("zz comment").marking
    assert home.parent == engine.item(home.id)


def test_children_of_a_kind_that_is_gone_may_have_come_to_an_end(store: Store) -> None:
    """Then they are in nobody's way, and stay what they were."""
    family(store)
    engine = engine_with(store, parent(QUIET, children=[renamed()], version="2"))
    engine.perform("zz comment", "answer", by="ed")

    report = migrate(engine, plan_migration(engine, "post", states=WORDS, below=True), by=SYSTEM)

    assert (3, 0) == (report.moved, report.stayed)
    assert ("end.closed",) == engine.item("zz comment").marking


def test_a_family_that_was_interrupted_is_moved_to_its_end(store: Store) -> None:
    """Parents that have moved already have their children moved by the next run."""
    home = family(store)
    engine = engine_with(store)
    plan = plan_migration(engine, "post", states=WORDS, below=True)

    rounds = [migrate(engine, plan, by=SYSTEM, limit=1).is_whole for _ in range(3)]

    assert [False, False, True] == rounds
    held = {one.workflow for one in store.rows(Items(parent=home.id, kind="upload"))}
    assert {NEW.kinds["upload"].digest} == held
    assert plan.cost == 3


def test_a_kind_below_may_have_a_version_of_its_own(store: Store) -> None:
    """A label is no part of what a digest is made of, above or below."""
    versioned = parent(OUT, children=[UPLOAD.named("upload", "7"), COMMENT])

    Family.begin(store, versioned, "blog").do("send")

    assert parent().digest == versioned.digest
    assert () == audit(store)


def test_children_can_be_moved_after_their_parent(store: Store) -> None:
    """To what it has below it by then, and to nothing else."""
    family(store)
    states = {state.removeprefix("upload/"): to for state, to in WORDS.items()}
    engine = engine_with(store)

    early = plan_migration(engine, NEW.kinds["upload"], states=states)
    assert [("parent_elsewhere",)] * 2 == [one.codes for one in early.left]

    whole = plan_migration(engine, "post", states=WORDS, below=True)
    migrate(engine, whole, by=SYSTEM, limit=1)
    late = migrate(engine, plan_migration(engine, NEW.kinds["upload"], states=states), by=SYSTEM)
    assert (2, 0) == (late.moved, late.stayed)


def test_children_of_others_are_none_of_a_plans_business(store: Store) -> None:
    """A kind of the same name may be below something else."""
    other = Family.begin(store, parent().named("advert"), "blog")
    other.do("send")
    engine = engine_with(store)

    plan = plan_migration(engine, "post", states=WORDS, below=True)

    assert (0, 0) == (plan.cost, plan.stayed)
    assert {"advert", "upload"} == {one.name for one in store.rows(Definitions())}


def test_a_state_of_a_kind_is_misspelt_like_any_other(store: Store) -> None:
    """It is told with the kind before it."""
    from socialflow.errors import WrongArgument

    family(store)

    with pytest.raises(WrongArgument, match=r"upload/upload.quued.*did you mean"):
        plan_migration(
            engine_with(store), "post", states={"upload/upload.quued": "upload.waiting"}, below=True
        )
