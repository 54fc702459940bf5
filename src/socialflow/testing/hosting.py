"""The contracts of what hosts bring beside stores: rules, policies, directories; as tests.

| class               | for                          | its fixtures                    |
|---------------------|------------------------------|---------------------------------|
| `RuleContract`      | a `Rule`                     | `rule`, `holding`, `objecting`  |
| `PolicyContract`    | what has ``judge(case)``     | `policy`, `allowed`, `refused`  |
| `DirectoryContract` | a `Directory`                | `directory`, `known`, `role`    |

`case_of` makes the cases that rules and policies are given.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Mapping
from typing import Any

import attrs
import pytest

from socialflow.cases import ABSTAIN, Abstain, Allow, Case, Deny, Facts
from socialflow.definitions import Workflow
from socialflow.items import Command, Item, Token
from socialflow.people import ANYONE, EVERYWHERE, Member, Scope
from socialflow.plain import freeze
from socialflow.policies import all_of, any_of
from socialflow.protocols import Directory, Policy
from socialflow.rules import Rule
from socialflow.stages import Action, Stage
from socialflow.testing.changes import START, later
from socialflow.testing.racing import THREADS, together

__all__ = ["DirectoryContract", "PolicyContract", "RuleContract", "case_of"]

STRANGER = "nobody is called so"


def case_of(
    by: Member,
    action: str = "desk.finish",
    *,
    data: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None,
    roles: tuple[str, ...] = ("clerk",),
    scope: Scope = EVERYWHERE,
    **item: Any,
) -> Case:
    """A case: *by* asks for an action on an item with that *data*.

    Args:
        by: Who asks.
        action: Full name of the action.
        data: The item's.
        facts: What is told from outside.
        roles: Those that open the action.
        scope: Where the item belongs.
        **item: Further attributes of the item, such as ``contributors=("ann",)``.

    Example:
        >>> case_of(Member("ann", "clerk"), data={"title": "a box"}).item.data["title"]
        'a box'
    """
    stage, _, name = action.rpartition(".")
    step = Action(name, "open", "done")
    workflow = Workflow(
        "contract", [Stage(stage or "desk", ("open", "done"), role=roles, actions=[step])]
    )
    token = Token(f"{stage or 'desk'}.open", 1, START)
    told = ("item", None, workflow.digest, scope, (token,), (), freeze(data or {}), (), (), (), 1)
    known = attrs.evolve(Item(*told), **item)
    command = Command(action, by.id, later(1))
    opening = frozenset(roles)
    return Case(
        workflow, known, command, by, (by.id,), action, opening, frozenset(), Facts(facts or {})
    )


class RuleContract:
    """What every rule must do; its class begins with ``Test`` and has three fixtures."""

    @pytest.fixture
    def rule(self) -> Rule:
        """The rule, with its parameters."""
        raise NotImplementedError("override the fixture rule")

    @pytest.fixture
    def holding(self) -> Case:
        """A case to which it does not object; see `case_of`."""
        raise NotImplementedError("override the fixture holding: case_of(member, ...)")

    @pytest.fixture
    def objecting(self) -> Case:
        """A case to which it does."""
        raise NotImplementedError("override the fixture objecting: case_of(member, ...)")

    def test_it_holds_where_it_should(self, rule: Rule, holding: Case) -> None:
        """It has nothing against the case."""
        assert () == rule.objections(holding)

    def test_it_objects_where_it_should(self, rule: Rule, objecting: Case) -> None:
        """And it does not fail doing so."""
        codes = {one.code for one in rule.objections(objecting)}

        assert codes
        assert not codes & {"rule_failed", "fact_missing"}

    def test_its_objections_can_be_read(self, rule: Rule, objecting: Case) -> None:
        """A code of one word, a sentence, and facts that JSON can say."""
        for one in rule.objections(objecting):
            assert one.code.isidentifier(), f"the code is {one.code!r}"
            assert len(one.message.split()) > 1, f"the sentence is {one.message!r}"
            assert one == pickle.loads(pickle.dumps(one))
            json.dumps(one.to_json())

    def test_negated_it_says_the_opposite(self, rule: Rule, holding: Case, objecting: Case) -> None:
        """``~rule`` objects where it holds, and holds where it objects."""
        assert [f"not_{rule.name}"] == [one.code for one in (~rule).objections(holding)]
        assert () == (~rule).objections(objecting)

    def test_it_answers_the_same_again(self, rule: Rule, holding: Case, objecting: Case) -> None:
        """No clock, no chance, no memory."""
        for case in (holding, objecting, holding):
            assert rule.objections(case) == rule.objections(case)

    def test_it_says_which_facts_it_needs(self, rule: Rule, objecting: Case) -> None:
        """What it reads is declared: handed in alone, that is enough."""
        known = {name: objecting.facts[name] for name in rule.kind.needs if name in objecting.facts}
        bare = attrs.evolve(objecting, facts=Facts(known))

        assert "fact_missing" not in {one.code for one in rule.objections(bare)}

    def test_without_its_facts_the_answer_is_no(self, rule: Rule, holding: Case) -> None:
        """A provider that fails never lets anything pass."""
        if rule.kind.needs:
            assert rule.objections(attrs.evolve(holding, facts=Facts()))

    def test_it_leaves_the_case_as_it_is(self, rule: Rule, holding: Case) -> None:
        """It only looks."""
        before = holding.item, holding.command, holding.member, dict(holding.facts)
        rule.objections(holding)

        assert before == (holding.item, holding.command, holding.member, dict(holding.facts))


class PolicyContract:
    """What every policy must do; its class begins with ``Test`` and has three fixtures."""

    @pytest.fixture
    def policy(self) -> Policy:
        """The policy."""
        raise NotImplementedError("override the fixture policy")

    @pytest.fixture
    def allowed(self) -> Case:
        """A case that it allows; see `case_of`."""
        raise NotImplementedError("override the fixture allowed: case_of(member, ...)")

    @pytest.fixture
    def refused(self) -> Case:
        """A case that it does not allow."""
        raise NotImplementedError("override the fixture refused: case_of(member, ...)")

    def test_it_allows_what_it_should(self, policy: Policy, allowed: Case) -> None:
        """Its verdict is an `Allow`."""
        assert isinstance(policy.judge(allowed), Allow)

    def test_it_does_not_allow_what_it_should_not(self, policy: Policy, refused: Case) -> None:
        """Its verdict is a `Deny`, or it abstains."""
        assert isinstance(policy.judge(refused), Deny | Abstain)

    def test_a_stranger_is_never_allowed(self, policy: Policy, allowed: Case) -> None:
        """Somebody without any role is not let in by default."""
        stranger = Member(STRANGER)
        case = attrs.evolve(allowed, member=stranger, persons=(stranger.id,))

        assert not isinstance(policy.judge(case), Allow)

    def test_roles_that_opened_it_are_held(self, policy: Policy, allowed: Case) -> None:
        """The roles in an `Allow` are recorded, so they must be so."""
        verdict = policy.judge(allowed)
        held = allowed.member.roles(allowed.item.scope, allowed.at)

        assert isinstance(verdict, Allow)
        assert {*verdict.roles} <= held | {ANYONE}

    def test_a_denial_says_why(self, policy: Policy, refused: Case) -> None:
        """With a code of one word and a sentence."""
        verdict = policy.judge(refused)
        if isinstance(verdict, Deny):
            assert verdict.objection.code.isidentifier()
            assert len(verdict.objection.message.split()) > 1

    def test_it_answers_the_same_again(self, policy: Policy, allowed: Case, refused: Case) -> None:
        """Threads that ask at once are told the same."""
        for case in (allowed, refused):
            first = policy.judge(case)
            assert [first] * THREADS == together(THREADS, _asking(policy, case))

    def test_it_goes_with_others(self, policy: Policy, allowed: Case, refused: Case) -> None:
        """With one that abstains, `any_of` is what it says, and `all_of` is no yes."""

        class Abstaining:
            def judge(self, case: Case) -> Abstain:  # noqa: ARG002
                return ABSTAIN

        assert isinstance(any_of(policy, Abstaining()).judge(allowed), Allow)
        assert not isinstance(any_of(policy, Abstaining()).judge(refused), Allow)
        assert not isinstance(all_of(policy, Abstaining()).judge(allowed), Allow)


def _asking(policy: Policy, case: Case) -> Callable[[int], Any]:
    return lambda _: policy.judge(case)


class DirectoryContract:
    """What every directory must do; its class begins with ``Test`` and has three fixtures."""

    @pytest.fixture
    def directory(self) -> Directory:
        """The directory."""
        raise NotImplementedError("override the fixture directory")

    @pytest.fixture
    def known(self) -> str:
        """Id of somebody who is in it."""
        raise NotImplementedError("override the fixture known: an id")

    @pytest.fixture
    def role(self) -> str:
        """A role that they hold."""
        raise NotImplementedError("override the fixture role")

    def test_who_is_known_is_found_by_their_id(self, directory: Directory, known: str) -> None:
        """And bears it."""
        member = directory.member(known)

        assert isinstance(member, Member)
        assert known == member.id

    def test_who_is_not_known_is_none(self, directory: Directory) -> None:
        """No exception, and nobody made up; the system is nobody in it."""
        assert directory.member(STRANGER) is None
        assert directory.member("") is None
        assert directory.member("system") is None

    def test_who_holds_a_role_is_among_its_holders(
        self, directory: Directory, known: str, role: str
    ) -> None:
        """Holders are members with a grant of that role."""
        holders = list(directory.holders(role))

        assert known in {one.id for one in holders}
        assert all(any(grant.role == role for grant in one.grants) for one in holders)

    def test_nobody_holds_a_role_that_is_not_there(self, directory: Directory) -> None:
        """No exception."""
        assert [] == list(directory.holders("no such role"))

    def test_a_star_stands_for_everybody(self, directory: Directory, known: str, role: str) -> None:
        """All holders are among them, each once."""
        everybody = [one.id for one in directory.holders(ANYONE)]

        assert {known, *(one.id for one in directory.holders(role))} <= {*everybody}
        assert len(everybody) == len({*everybody})

    def test_holders_are_the_members_that_are_found(self, directory: Directory, role: str) -> None:
        """The same person is told the same way by both questions."""
        for one in directory.holders(role):
            assert one == directory.member(one.id)

    def test_nobody_acts_for_strangers_or_themself(self, directory: Directory, known: str) -> None:
        """Whom somebody acts for are others, by their ids."""
        assert [] == list(directory.acting_for(STRANGER, START))
        assert known not in list(directory.acting_for(known, START))
        assert all(isinstance(id, str) for id in directory.acting_for(known, START))

    def test_it_is_shared_by_threads(self, directory: Directory, known: str, role: str) -> None:
        """Each is told the same."""
        answers = together(
            THREADS, lambda _: (directory.member(known), tuple(directory.holders(role)))
        )

        assert 1 == len({repr(one) for one in answers})
