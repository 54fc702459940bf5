"""Obligations: derived from a definition, kept by the engine, broken by whoever breaks it."""

from __future__ import annotations

import pickle
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import pytest
from blogs import BLOG, CALENDAR, TEAM
from broken_engines import BROKEN
from parcels import PARCEL
from parcels import TEAM as OFFICE

from socialflow import Action, Engine, Member, Role, Stage, Workflow
from socialflow.rules import has
from socialflow.stores.sql import SqlStore
from socialflow.testing import FakeClock, Obligations, obligations
from socialflow.testing.trials import Obligation

PARCELS = obligations(PARCEL, OFFICE)


@cache
def blogs() -> Obligations:
    """The obligations of a blog, derived when they are first asked for."""
    return obligations(BLOG, TEAM, facts=CALENDAR)


def broken_by(suite: Obligations, engine: Engine) -> list[str]:
    """Names of the obligations that an engine does not keep."""
    return [case.name for case in suite if not _is_kept(case, engine)]


def _is_kept(case: Obligation, engine: Engine) -> bool:
    try:
        case.run(engine)
    except AssertionError:
        return False
    return True


# -- an engine that keeps them


@pytest.fixture(scope="module")
def office() -> Engine:
    """An engine for parcels."""
    return PARCELS.engine()


@PARCELS.parametrize()
def test_parcels(case: Obligation, office: Engine) -> None:
    """Each obligation of the parcel workflow, as users write it."""
    case.run(office)


def test_an_engine_keeps_every_obligation_of_a_blog() -> None:
    """Forks, joins, votes, four eyes, waivers and facts from outside are among them."""
    assert [] == broken_by(blogs(), blogs().engine())


def test_an_engine_keeps_them_in_a_database(tmp_path: Path) -> None:
    """The faults of the kit are those of the store inside, whatever it is."""
    store = SqlStore(f"sqlite:///{tmp_path}/x.db", create=True, synchronous="NORMAL")
    engine = Engine(store, PARCEL, OFFICE, clock=FakeClock())

    assert [] == broken_by(PARCELS, engine)


# -- what is derived


def test_the_same_definition_gives_the_same_suite() -> None:
    """Nothing is left to chance: names, order and what is expected are equal."""
    again = obligations(PARCEL, OFFICE)

    assert PARCELS.cases == again.cases


def test_a_suite_is_of_a_size_that_is_run_at_every_change() -> None:
    """At most a thousand cases each, and every action is accepted in one of them."""
    for suite in (PARCELS, blogs()):
        assert 200 < len(suite) < 1000
        assert () == suite.unreached


def test_every_name_is_a_sentence_of_its_own() -> None:
    """No two cases are called the same; the name says action, place and who."""
    for suite in (PARCELS, blogs()):
        assert len(suite) == len({case.name for case in suite})

    names = {case.name for case in blogs()}
    for expected in (
        "ann may create with title",
        "writing.submit is accepted in writing.drafting from ann (author)",
        "writing.submit is refused in writing.drafting to ann (author) where only"
        " has(field='body') does not hold",
        "review.pass is refused in review.waiting to eve (editor, author) where only four_eyes"
        " does not hold",
        "release.publish is refused in release.decided to ed (editor) where only slot_free()"
        " does not hold where calendar is 'taken'",
        "legal.clear is refused in legal.open to somebody who is only editor",
        "claim of writing is refused in writing.drafting to ida (author, intern) because somebody"
        " else has it",
        "release of writing is refused in writing.drafting to ida (author, intern) because it is"
        " not theirs",
        "undo is refused in writing.drafting to ann (author) because that cannot be undone",
        "writing.submit is refused in writing.drafting to somebody who is author and intern,"
        " which is denied intern",
        "assign is refused in writing.drafting to somebody who is only editor",
        "release.publish is refused in release.decided to ed (editor), who may not waive"
        " slot_free() where calendar is 'taken'",
        "no to release.decide is accepted in release.ready from ed (editor)",
        "to force it to end.cancelled alone is accepted in writing.drafting from lea (lawyer)",
        "edit is refused in legal.open",
        "release.publish is accepted in release.decided, and a crash in the middle leaves nothing",
    ):
        assert expected in names, sorted(n for n in names if n.startswith(expected[:12]))


def test_each_role_that_may_is_tried_alone_and_each_that_may_not() -> None:
    """A role that inherits another is one that may."""
    names = {case.name: case for case in blogs()}
    told = "legal.clear is {} in legal.open {} somebody who is only {}"

    for role in ("lawyer", "chief"):
        assert told.format("accepted", "from", role) in names
    for role in ("author", "editor", "intern"):
        assert ("role",) == names[told.format("refused", "to", role)].outlook.codes


def test_a_waiver_is_a_way_to_meet_a_rule() -> None:
    """Whoever may waive what stands in the way is accepted with a reason."""
    waiving = [case for case in blogs() if case.step.waive and case.kind == "accepted"]

    assert 1 == len(waiving)
    assert "from cleo (chief) where calendar is 'taken', waiving slot_free" in waiving[0].name


def test_a_suite_can_be_kept_and_be_tried_by_another_program() -> None:
    """It is plain values: pickled, and read again, it is the same."""
    assert PARCELS.cases == pickle.loads(pickle.dumps(PARCELS.cases))


def test_what_no_example_reaches_is_told() -> None:
    """An action that nobody can ever take, and a rule that is never seen."""

    @attrs.frozen
    class Fields:
        title: str

    flow = Workflow(
        "w",
        [
            Stage(
                "a",
                ("one", "two"),
                role="x",
                actions=(
                    Action("go", "one", "two", rules=has("title")),
                    Action("never", "one", "two", rules=~has("title")),
                ),
            )
        ],
        fields=Fields,
    )

    suite = obligations(flow, [Member("ann", "x")])

    assert ("a.never",) == suite.unreached
    assert ("has(field='title') of a.go",) == suite.never_refused
    assert "never accepted: a.never" in str(suite)


def test_examples_are_the_users_own_where_they_know_better() -> None:
    """By the name of a field, by a form, or by the full name of an action."""

    @attrs.frozen
    class Price:
        euros: int = attrs.field(validator=attrs.validators.gt(99))

    flow = Workflow(
        "w",
        [Stage("a", ("one", "two"), role="x", actions=(Action("go", "one", "two", data=Price),))],
    )
    ann = [Member("ann", "x")]

    assert ("a.go",) == obligations(flow, ann).unreached
    told: tuple[dict[Any, Any], ...] = (
        {"euros": [100]},
        {Price: [{"euros": 100}]},
        {"a.go": [{"euros": 100}]},
    )
    for examples in told:
        suite = obligations(flow, ann, examples=examples)
        assert () == suite.unreached
        assert [] == broken_by(suite, suite.engine())


# -- engines and definitions that do not keep them


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_engine_is_found_and_the_name_says_where(name: str) -> None:
    """Each is broken in one place; a case that fails is called so."""
    broken = BROKEN[name]
    suite = PARCELS if broken.of == "parcel" else blogs()
    engine = broken.engine(suite)

    named = [case for case in suite if broken.told in case.name]

    assert named
    assert any(not _is_kept(case, engine) for case in named)


def amended(**stages: Any) -> Workflow:
    """The parcels with some things about the desk said otherwise."""
    return PARCEL.amend("desk", **stages)


MUTANTS = {
    "another source": lambda: amended(actions=[Action("snatch", ("sending", "lost"), "packed")]),
    "another target": lambda: amended(actions=[Action("snatch", "sending", "failed")]),
    "another role": lambda: amended(actions=[Action("snatch", "sending", "packed", roles="guest")]),
    "one role more": lambda: amended(
        actions=[Action("snatch", "sending", "packed", roles=("guest", "clerk"))]
    ),
    "a rule more": lambda: PARCEL.with_rules({"desk.send": ~has("title")}),
    "an action less": lambda: amended(drop="snatch"),
    "an effect less": lambda: amended(actions=[Action("recall", ("sent", "lost"), "packed")]),
    "a role that inherits": lambda: PARCEL.with_roles(Role("guest", inherits="clerk")),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_another_definition_does_not_keep_the_obligations_of_this_one(mutant: str) -> None:
    """Whatever is changed about a definition, some case says so."""
    engine = Engine(PARCELS.engine().store, MUTANTS[mutant](), OFFICE, clock=FakeClock())

    assert any(not _is_kept(case, engine) for case in PARCELS)
