"""Policies: deny beats allow, and no answer is a no."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenes import ANN, ED, NOBODY, NOON, Walk, case, workflow

from socialflow import Allow, Case, Deny, Grant, Member, Objection, Refusal, Role, Scope
from socialflow.cases import ABSTAIN, Verdict
from socialflow.policies import BY_ROLE, RolePolicy, all_of, any_of, deny, not_allowed

NO = Deny(Objection("no", "never"))
verdicts = st.lists(
    st.sampled_from((Allow(("a",)), Allow(("b",)), Allow(), NO, ABSTAIN)), max_size=4
)


@attrs.frozen
class Says:
    """A policy that always says the same."""

    verdict: Any

    def judge(self, case: Case) -> Any:
        """What it always says."""
        return self.verdict


def asked(by: Member, needs: set[str], denied: set[str] = frozenset()) -> Case:  # type: ignore[assignment]
    """A case of an action that these roles open, and those are denied."""
    walk = Walk.begin(workflow(), scope=Scope(brand="acme", region="north"))
    made = case(walk.item, by, walk.workflow)
    made.roles, made.denied = frozenset(needs), frozenset(denied)
    return made


def judged(combined: Any) -> Verdict:
    """The verdict of a policy on some case."""
    verdict: Verdict = combined.judge(asked(ANN, {"author"}))
    return verdict


@given(verdicts)
def test_any_of_denies_if_one_denies_and_else_allows_if_one_allows(told: Sequence[Verdict]) -> None:
    """Deny beats allow, in whatever order; nobody's answer is no answer."""
    verdict = judged(any_of(*map(Says, told)))

    if NO in told:
        assert NO == verdict
    elif any(isinstance(one, Allow) for one in told):
        roles = {role for one in told if isinstance(one, Allow) for role in one.roles}
        assert Allow(tuple(sorted(roles))) == verdict
    else:
        assert ABSTAIN == verdict


@given(verdicts)
def test_all_of_denies_if_one_denies_and_else_allows_if_all_allow(told: Sequence[Verdict]) -> None:
    """Deny beats allow; one that abstains, or nobody to ask, is no answer."""
    verdict = judged(all_of(*map(Says, told)))

    if NO in told:
        assert NO == verdict
    elif told and ABSTAIN not in told:
        roles = {role for one in told if isinstance(one, Allow) for role in one.roles}
        assert Allow(tuple(sorted(roles))) == verdict
    else:
        assert ABSTAIN == verdict


roles = st.sets(st.sampled_from(("author", "editor", "lawyer", "*")))


@given(roles, st.sets(st.sampled_from(("author", "editor", "stranger"))), roles)
def test_a_role_opens_what_names_it_unless_another_is_denied(
    needs: set[str], holds: set[str], denied: set[str]
) -> None:
    """Denied if a role held is denied; allowed with the roles that open it, or for everybody."""
    verdict = RolePolicy().judge(asked(Member("ann", holds), needs, denied))

    if denied & holds:
        assert isinstance(verdict, Deny)
    elif needs & holds:
        assert Allow(tuple(sorted(needs & holds))) == verdict
    else:
        assert (Allow(("*",)) if "*" in needs else ABSTAIN) == verdict


def test_a_role_outside_its_scope_or_period_opens_nothing() -> None:
    """Only what is held for the item's scope, at the moment of the command, counts."""
    elsewhere = Member("ann", Grant("author", Scope(region="south")))
    tomorrow = Member("ann", Grant("author", since=NOON + timedelta(days=1)))
    ended = Member("ann", Grant("author", until=NOON))
    here = Member("ann", Grant("author", Scope(brand="acme"), since=NOON))

    assert [ABSTAIN, ABSTAIN, ABSTAIN, Allow(("author",))] == [
        BY_ROLE.judge(asked(one, {"author"})) for one in (elsewhere, tomorrow, ended, here)
    ]


@pytest.mark.parametrize(
    ("grant", "nearly"),
    [
        (Grant("author", Scope(brand="other")), "author for brand=other"),
        (Grant("author", since=NOON + timedelta(hours=1)), "author from 2026-05-01T13:00:00+00:00"),
        (Grant("author", until=NOON), "author until 2026-05-01T12:00:00+00:00"),
        (Grant("author", actions=("tone.*", "edit")), "author for tone.*, edit"),
        (Grant("author", requires="training:course"), "author, but lacks training:course"),
    ],
)
def test_who_nearly_holds_a_role_is_told_what_it_is_short_of(grant: Grant, nearly: str) -> None:
    """The first thing that its grant lacks here and now."""
    objection = not_allowed(asked(Member("ann", (Grant("editor"), grant)), {"author"}))

    assert (nearly,) == objection.facts["nearly"]
    assert f"; holds editor here; holds {nearly} (" in str(objection)


def test_a_grant_that_helps_elsewhere_only_says_so_first() -> None:
    """Whatever else it lacks; one without bounds lacks none of them."""
    late = Grant("author", Scope(brand="other"), since=NOON + timedelta(hours=1))
    soon = Grant("author", since=NOON, until=NOON + timedelta(hours=1), requires="training:course")
    short = [
        not_allowed(asked(Member("ann", one), {"author"})).facts["nearly"] for one in (late, soon)
    ]

    assert [("author for brand=other",), ("author, but lacks training:course",)] == short


def test_a_denial_names_the_roles_that_are_denied() -> None:
    """The objection of a denial says who may not do what, and why."""
    verdict = BY_ROLE.judge(asked(Member("ann", ("author", "intern")), {"author"}, {"intern"}))

    assert isinstance(verdict, Deny)
    assert ("denied", ("intern",)) == (verdict.objection.code, verdict.objection.facts["roles"])
    assert (
        "'ann' may not 'writing.submit': denied to intern "
        "(somebody without that role has to do it)" == str(verdict.objection)
    )


@pytest.mark.parametrize(
    ("by", "needs", "sentence"),
    [
        (
            ED,
            {"lawyer", "author"},
            "'ed' may not 'writing.submit': it needs one of author, lawyer; holds editor here "
            "(ask somebody who holds one, or be granted it for this scope)",
        ),
        (
            NOBODY,
            {"author"},
            "'nobody' may not 'writing.submit': it needs author; holds no role here "
            "(ask somebody who holds one, or be granted it for this scope)",
        ),
        (
            ANN,
            set(),
            "'ann' may not 'writing.submit': no role may; holds author here "
            "(say role= in the stage, or roles= in the action)",
        ),
    ],
)
def test_who_is_not_allowed_is_told_what_it_needs_and_what_they_hold(
    by: Member, needs: set[str], sentence: str
) -> None:
    """The objection to a member whom nobody allows the action is the same every time."""
    for _ in range(2):
        objection = not_allowed(asked(by, needs))

        assert ("role", sentence) == (objection.code, str(objection))
        assert tuple(sorted(needs)) == objection.facts["needs"]


@pytest.mark.parametrize(
    ("action", "kind", "denied"),
    [
        ("*", "agency", True),
        ("writing.*", "agency", True),
        ("live.*", "agency", False),
        ("*", "guest", False),
    ],
)
def test_deny_holds_for_a_kind_of_member_and_a_pattern(
    action: str, kind: str, denied: bool
) -> None:
    """Whatever roles they hold, members of that kind may not ask for what matches the pattern."""
    agent = Member("ann", "author", kind="agency")
    policy = any_of(BY_ROLE, deny(kind, action))

    assert denied == isinstance(policy.judge(asked(agent, {"author"})), Deny)


def test_what_belongs_to_no_stage_may_be_denied_in_one_workflow_alone() -> None:
    """By a role and to a kind of members: under the workflow's name."""
    agent = Member("ann", ("author", "visitor"), kind="agency")
    roles = (Role("author"), Role("editor"), Role("visitor", deny="post.note"))
    walk = Walk.begin(workflow(roles=roles))
    other = Walk.begin(workflow(roles=roles).named("page"))
    about = case(walk.item, agent, walk.workflow)
    about.action = "note"

    assert ("denied",) == walk.refused("note", agent, data={"text": "x"}).codes
    assert isinstance(deny("agency", "post.*").judge(about), Deny)
    assert not isinstance(deny("agency", "page.*").judge(about), Deny)
    assert other.do("note", agent, data={"text": "x"}).action == "note"


def test_what_a_role_denies_is_denied_to_all_members_of_its_kind() -> None:
    """Whether they are given the role or not, in ballots too; to nobody of another kind."""
    roles = (Role("author"), Role("editor"), Role("agent", deny="*.submit", kind="agency"))
    walk = Walk.begin(workflow(roles=roles))

    refused = walk.refused("submit", Member("x", "author", kind="agency"))

    assert ("denied",) == refused.codes
    assert "everybody of kind 'agency'" in str(refused)
    assert walk.ask("submit", Member("x", "author", kind="guest")).action == "writing.submit"


def test_a_denial_reaches_those_whose_roles_inherit_a_denying_one() -> None:
    """Who is denied by one role is not helped by another, inherited or granted beside it."""
    roles = (
        Role("author"),
        Role("editor", inherits="author"),
        Role("intern", deny="writing.submit"),
        Role("trainee", inherits="intern"),
    )
    walk = Walk.begin(workflow(roles=roles))

    assert walk.ask("submit", Member("x", "editor")).action == "writing.submit"
    for role in ("intern", "trainee"):
        assert ("denied",) == walk.refused("submit", Member("x", ("author", role))).codes
    assert ("role",) == walk.refused("submit", Member("x", "stranger")).codes


@pytest.mark.parametrize("verdict", [ABSTAIN, None, True, "yes"])
def test_a_policy_that_does_not_allow_refuses(verdict: object) -> None:
    """Anything but Allow is a no."""
    walk = Walk.begin(workflow())
    walk.policy = Says(verdict)

    refusal = walk.refused("submit", ANN)

    assert ("role",) == refusal.codes
    assert {"no"} == set(walk.answers(ANN).values())


def test_a_policy_of_the_host_decides_alone() -> None:
    """The policy handed in stands in the place of roles, and its roles are recorded."""
    walk = Walk.begin(workflow())
    walk.policy = Says(Allow(("delegate",)))
    event = walk.do("submit", NOBODY)
    assert ("delegate",) == event.roles

    walk.policy = Says(NO)
    refusal = walk.ask("clear", ED)
    assert Refusal("review.clear", (NO.objection,)) == refusal
