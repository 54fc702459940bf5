"""What two definitions answer otherwise: newly allowed, newly refused, and how to see it."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scenes import WRITING
from test_verify import AT, POST, PUBLISH, UNCHECKED, made, one_of
from test_verify import TEAM as PEOPLE

from socialflow import Action, Case, Objection, Scope, Team, Workflow, rule
from socialflow.ballots import Ballot
from socialflow.errors import WrongArgument
from socialflow.moments import hours
from socialflow.testing.strategies import NOON, TEAM, workflows
from socialflow.verify import Shifts, diff

ACME = Scope(brand="acme")
SWAPPED = {"allowed": "refused", "refused": "allowed", "elsewhere": "elsewhere"}


@rule("well_meant")
def well_meant(_: Case) -> tuple[Objection, ...]:
    """Something that nobody can look into."""
    return ()


def going(*rules: Any, **more: Any) -> Workflow:
    """The post, which goes live if these rules hold."""
    action = Action("go", "ready", "live", rules=rules, **more)
    return POST.amend("publish", actions=[action]).named("post", "2")


def passing(quorum: Any) -> Workflow:
    """The post, which so many editors pass."""
    ballot = Ballot("brand", "editor", quorum=quorum)
    return POST.amend("review", actions=[Action("pass", "waiting", "passed", ballots=ballot)])


def told(old: Workflow, new: Workflow, team: Team | None = PEOPLE, **more: Any) -> list[str]:
    """Every difference in one sentence; each has been seen."""
    found = diff(old, new, team, at=AT, **more)
    assert [] == [one.witness.why for one in found.shifts if not one.witness.is_confirmed]
    return [str(one) for one in found.shifts]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (POST, POST, []),
        (
            POST,
            made(WRITING, UNCHECKED, PUBLISH),
            ["+ editor (ed, flo): review.pass in review.waiting"],
        ),
        (
            POST,
            going(one_of("risk", ("low",))),
            ["- author (ann, flo): publish.go in publish.ready"],
        ),
        (POST, going(roles="editor"), [
            "+ editor (ed): publish.go in publish.ready",
            "- author (ann): publish.go in publish.ready",
        ]),
        (
            POST,
            going(well_meant()),
            ["- author (ann, flo): publish.go in publish.ready   if not well_meant()"],
        ),
        (POST, POST.amend("review", actions=[Action("lapse", "waiting", "passed", due=hours(4))]), [
            "+ by itself: review.lapse in review.waiting",
        ]),
        (POST, POST.amend("review", actions=[], drop="return"), [
            "- editor (ed, flo): review.return in review.waiting",
        ]),
        (passing(1), passing(2), [
            "~ editor (ed, flo): review.pass in review.waiting "
            "leads to review.waiting, not to publish.ready",
        ]),
        (POST, made(rights={"create": ("author", "editor")}), ["+ editor (ed): create in birth"]),
    ],
)  # fmt: skip
def test_a_change_is_told_as_what_it_lets_whom_do(
    old: Workflow, new: Workflow, expected: list[str]
) -> None:
    """Each sentence is a role, a place and an action, and an engine has gone there."""
    assert expected == told(old, new)


def test_what_is_refused_says_why_and_how_to_see_it() -> None:
    """The objections are those of the core; the trace is a shortest one."""
    (found,) = diff(POST, going(one_of("risk", ("low",))), PEOPLE, at=AT).refused

    assert (("one_of",), "old") == (
        tuple(one.code for one in found.objections),
        found.witness.reached,
    )
    assert ("ann: create -> writing.drafting", "ann: publish.go") == (
        found.witness.lines()[0],
        found.witness.lines()[-1],
    )
    assert 4 == len(found.witness.lines())


def test_without_a_team_there_are_two_for_each_role_and_one_who_has_all() -> None:
    """Who wrote it may not pass it: for that somebody has to be both."""
    found = told(POST, made(WRITING, UNCHECKED, PUBLISH), None)

    assert ["+ editor (all roles, editor, editor 2): review.pass in review.waiting"] == found


def test_a_place_that_only_one_of_them_has_is_named_and_nothing_of_it_is_compared() -> None:
    """What is asked there has no answer in the other."""
    longer = POST.amend("publish", states=("ready", "held", "live"), actions=[
        Action("hold_back", "ready", "held"), Action("let_go", "held", "ready"),
    ])  # fmt: skip
    there, back = (diff(*pair, PEOPLE, at=AT) for pair in ((POST, longer), (longer, POST)))

    assert (((), ("publish.held",)), (("publish.held",), ())) == (
        (there.gone, there.fresh),
        (back.gone, back.fresh),
    )
    assert ["publish.hold_back"] == [one.action for one in there.allowed]


def test_a_state_may_have_another_name() -> None:
    """`states` says so, as for a migration; it is told by its old name."""
    stage = attrs.evolve(
        PUBLISH, states=("set", "live"), may_edit={}, actions=[Action("go", "set", "live")]
    )
    renamed = made(*POST.stages[:2], stage)
    names = {"publish.ready": "publish.set"}

    assert ["- author (ann, flo): edit in publish.ready"] == told(POST, renamed, states=names)
    assert ["publish.ready"] == list(diff(POST, renamed, PEOPLE, at=AT).gone)


def test_only_some_places_are_looked_at_if_they_are_said() -> None:
    """What is different elsewhere is left out."""
    new = going(roles="editor").amend("review", drop="return")

    assert 3 == len(told(POST, new))
    assert 1 == len(told(POST, new, places=["review.waiting"]))
    assert told(POST, new, places=["review.waiting"]) == [
        str(one) for one in diff(POST, new, PEOPLE, at=AT).at(["review.waiting"]).shifts
    ]


def test_a_budget_that_does_not_reach_is_told() -> None:
    """What is found is found; the rest was not looked at."""
    found = diff(POST, going(roles="editor"), PEOPLE, at=AT, budget=2)

    assert not found.shifts
    assert any("the budget of 2 states is used up" in one for one in found.forgotten)


@pytest.mark.parametrize("budget", [0, -1, 1.5, True])
def test_a_budget_is_a_number(budget: Any) -> None:
    """Anything else is a wrong argument."""
    with pytest.raises(WrongArgument):
        diff(POST, POST, budget=budget)


def test_a_difference_is_plain_data_and_a_page() -> None:
    """For programs, and for people."""
    found = diff(POST, going(roles="editor"), PEOPLE, at=AT)
    plain = json.loads(json.dumps(found.plain()))

    assert ["allowed", "refused"] == [one["how"] for one in plain["shifts"]]
    assert "publish.go" == plain["shifts"][0]["action"]
    assert "- author (ann): publish.go in publish.ready" in str(found).splitlines()
    assert "the same is allowed and refused" in str(diff(POST, POST, PEOPLE, at=AT))
    assert found
    assert not diff(POST, POST, PEOPLE, at=AT)


# -- laws

SOME = Team([one for one in TEAM if one.id in ("ann", "ed", "ida")])
LAWS = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def compared(old: Workflow, new: Workflow) -> Shifts:
    """Two generated workflows, with a small team."""
    return diff(old, new, SOME, at=NOON, scope=ACME, budget=60)


@LAWS
@given(workflows())
def test_a_workflow_answers_like_itself(workflow: Workflow) -> None:
    """diff(w, w) is empty."""
    assert not compared(workflow, workflow)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Workflow, Workflow]:
    """A workflow, and the same with one stage that another role has, or without some action."""
    old = draw(workflows())
    stage = draw(st.sampled_from(old.stages))
    names = [one.name for one in stage.actions]
    if names and draw(st.booleans()):
        action = stage.actions[names.index(draw(st.sampled_from(names)))]
        change = attrs.evolve(action, rules=(), roles=draw(st.sampled_from(("editor", "author"))))
        return old, old.amend(stage.name, actions=[change])
    return old, old.amend(stage.name, role=draw(st.sampled_from(("author", "editor", "lawyer"))))


@LAWS
@given(pairs())
def test_the_way_back_is_the_way_there_with_the_two_swapped(
    pair: tuple[Workflow, Workflow],
) -> None:
    """diff(a, b) is diff(b, a), with allowed and refused, was and now, gone and fresh swapped."""
    old, new = pair
    there, back = compared(old, new), compared(new, old)

    assert {one.key for one in there.shifts} == {
        (SWAPPED[one.how], *one.key[1:]) for one in back.shifts
    }
    assert (there.gone, there.fresh) == (back.fresh, back.gone)


@LAWS
@given(pairs())
def test_what_is_told_for_sure_has_been_seen(pair: tuple[Workflow, Workflow]) -> None:
    """Each witness has been gone by an engine, or says what stood in the way."""
    found = compared(*pair)

    for one in found.shifts:
        assert one.witness.is_confirmed is not bool(one.witness.why)
        if one.how != "elsewhere" and one.witness.is_confirmed and not one.given:
            assert bool(one.objections) or not one.members
