"""The contracts of rules, policies and directories: right ones pass, broken ones are named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import count
from typing import Any

import pytest

from socialflow import Case, Member, Objection, Team
from socialflow.cases import Allow
from socialflow.policies import BY_ROLE
from socialflow.rules import Rule, four_eyes, has, rule
from socialflow.testing import DirectoryContract, PolicyContract, RuleContract, case_of

ANN = Member("ann", "clerk")
GUS = Member("gus", "guest")


class TestHas(RuleContract):
    """A rule about data."""

    @pytest.fixture
    def rule(self) -> Rule:
        return has("title")

    @pytest.fixture
    def holding(self) -> Case:
        return case_of(ANN, data={"title": "a box"})

    @pytest.fixture
    def objecting(self) -> Case:
        return case_of(ANN)


class TestFourEyes(RuleContract):
    """A rule about people."""

    @pytest.fixture
    def rule(self) -> Rule:
        return four_eyes()

    @pytest.fixture
    def holding(self) -> Case:
        return case_of(ANN, contributors=("gus",))

    @pytest.fixture
    def objecting(self) -> Case:
        return case_of(ANN, contributors=("ann",))


class TestRolePolicy(PolicyContract):
    """The policy of the library."""

    @pytest.fixture
    def policy(self) -> Any:
        return BY_ROLE

    @pytest.fixture
    def allowed(self) -> Case:
        return case_of(ANN)

    @pytest.fixture
    def refused(self) -> Case:
        return case_of(GUS)


class TestTeam(DirectoryContract):
    """The directory of the library."""

    @pytest.fixture
    def directory(self) -> Team:
        return Team([ANN, GUS])

    @pytest.fixture
    def known(self) -> str:
        return "ann"

    @pytest.fixture
    def role(self) -> str:
        return "clerk"


# -- broken ones

NUMBERS = count()


def made(check: Callable[[Case], Iterable[Objection]], needs: str | tuple[str, ...] = ()) -> Rule:
    """A rule out of a function."""
    return rule("made", needs=needs)(check)()


def titled(case: Case) -> bool:
    """Whether the item has a title."""
    return bool(case.item.data.get("title"))


RULES = {
    "test_it_holds_where_it_should": made(lambda case: [Objection("made", "never again")]),
    "test_it_objects_where_it_should": made(lambda case: []),
    "test_its_objections_can_be_read": made(
        lambda case: [] if titled(case) else [Objection("no title", "there is none")]
    ),
    "test_it_answers_the_same_again": made(
        lambda case: [Objection("made", f"number {next(NUMBERS)}")] if not titled(case) else []
    ),
    "test_it_says_which_facts_it_needs": made(
        lambda case: [Objection("made", "it rains outside")] if case.facts["rain"] else []
    ),
    "test_without_its_facts_the_answer_is_no": made(
        lambda case: [] if case.facts.known("rain") is None else [Objection("made", "it rains")],
        needs="rain",
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_a_broken_rule_fails_the_test_that_names_what_is_wrong(name: str) -> None:
    """Each is broken in one place."""
    given: dict[str, Any] = {
        "rule": RULES[name],
        "holding": case_of(ANN, data={"title": "a box"}, facts={"rain": None}),
        "objecting": case_of(ANN, facts={"rain": True}),
    }

    with pytest.raises(AssertionError):
        run(RuleContract(), name, given)


class Everybody:
    """Lets everybody in."""

    def judge(self, case: Case) -> Allow:
        return Allow(("clerk",))


class Nobody:
    """Says yes or no instead of a verdict."""

    def judge(self, case: Case) -> bool:
        return "clerk" in case.member.roles(case.item.scope, case.at)


class Invents:
    """Tells a role that nobody holds."""

    def judge(self, case: Case) -> Any:
        verdict = BY_ROLE.judge(case)
        return Allow(("boss",)) if isinstance(verdict, Allow) else verdict


class Once:
    """Lets everybody in once."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def judge(self, case: Case) -> Any:
        if case.member.id in self.seen:
            return Allow(("boss",))
        self.seen.add(case.member.id)
        return BY_ROLE.judge(case)


POLICIES = {
    "test_it_allows_what_it_should": Nobody,
    "test_it_does_not_allow_what_it_should_not": Everybody,
    "test_a_stranger_is_never_allowed": Everybody,
    "test_roles_that_opened_it_are_held": Invents,
    "test_it_answers_the_same_again": Once,
}


@pytest.mark.parametrize("name", POLICIES)
def test_a_broken_policy_fails_the_test_that_names_what_is_wrong(name: str) -> None:
    """Each is broken in one place."""
    given = {"policy": POLICIES[name](), "allowed": case_of(ANN), "refused": case_of(GUS)}

    with pytest.raises(AssertionError):
        run(PolicyContract(), name, given)


class Users(Team):
    """A directory to be broken in one place."""


class Raises(Users):
    def member(self, id: str) -> Member | None:
        return self._by_id[id]


class MakesUp(Users):
    def member(self, id: str) -> Member | None:
        return super().member(id) or Member(id or "x")


class ForgetsHolders(Users):
    def holders(self, role: str) -> Iterator[Member]:
        return iter(())


class NoStar(Users):
    def holders(self, role: str) -> Iterator[Member]:
        return iter(()) if role == "*" else super().holders(role)


class ForItself(Users):
    def acting_for(self, id: str, at: datetime) -> tuple[str, ...]:
        return (id,)


class BareHolders(Users):
    def holders(self, role: str) -> Iterator[Member]:
        return (Member(one.id, one.grants, name="x") for one in super().holders(role))


DIRECTORIES = {
    "test_who_is_not_known_is_none": (Raises, MakesUp),
    "test_who_holds_a_role_is_among_its_holders": (ForgetsHolders,),
    "test_a_star_stands_for_everybody": (NoStar,),
    "test_nobody_acts_for_strangers_or_themself": (ForItself,),
    "test_holders_are_the_members_that_are_found": (BareHolders,),
}


@pytest.mark.parametrize("name", DIRECTORIES)
def test_a_broken_directory_fails_the_test_that_names_what_is_wrong(name: str) -> None:
    """Each is broken in one place."""
    for kind in DIRECTORIES[name]:
        given = {"directory": kind([ANN, GUS]), "known": "ann", "role": "clerk"}
        with pytest.raises((AssertionError, KeyError)):
            run(DirectoryContract(), name, given)


def run(contract: Any, name: str, given: dict[str, Any]) -> None:
    """Run one test of a contract with these fixtures."""
    test = getattr(contract, name)
    names = test.__func__.__code__.co_varnames[1 : test.__func__.__code__.co_argcount]
    test(**{one: given[one] for one in names})
