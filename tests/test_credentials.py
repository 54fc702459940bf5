"""Credentials: grants and roles hold only while the member has what they require."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialflow import (
    Allow,
    Case,
    Command,
    DefinitionError,
    Facts,
    Grant,
    Member,
    Role,
    Scope,
    Stage,
    Workflow,
)
from socialflow.cases import ABSTAIN
from socialflow.items import Item
from socialflow.people import Credential
from socialflow.plain import EMPTY
from socialflow.policies import BY_ROLE, not_allowed

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HERE = Scope(brand="acme")
turns = st.one_of(st.none(), st.integers(-3, 3).map(lambda h: NOON + timedelta(hours=h)))
periods: st.SearchStrategy[tuple[datetime | None, datetime | None]] = st.one_of(
    st.tuples(turns, st.none()),
    st.integers(-3, 2).flatmap(
        lambda h: st.integers(h + 1, 3).map(
            lambda later: (NOON + timedelta(hours=h), NOON + timedelta(hours=later))
        )
    ),
    st.tuples(st.none(), turns),
)
places = st.sampled_from((Scope(), HERE, Scope(brand="acme", region="north")))
needs = st.lists(st.sampled_from(("training:a", "training:a>=2", "policy:b@3")), max_size=2)
grants = st.builds(
    lambda role, scope, period, requires: Grant(
        role, scope, since=period[0], until=period[1], requires=requires
    ),
    st.sampled_from(("author", "editor")),
    places,
    periods,
    needs,
)
credentials = st.builds(
    lambda named, period, level: Credential(*named, since=period[0], until=period[1], level=level),
    st.sampled_from((("training", "a"), ("policy", "b@3"), ("policy", "b@2"))),
    periods,
    st.integers(0, 3),
)
moments = st.integers(-8, 8).map(lambda halves: NOON + timedelta(minutes=30 * halves))


@given(
    st.lists(grants, max_size=4),
    st.lists(credentials, max_size=4),
    st.lists(st.tuples(places, moments), min_size=1, max_size=12),
)
def test_cached_roles_are_those_that_are_looked_up_without_a_cache(
    given_: list[Grant], had: list[Credential], asked: list[tuple[Scope, datetime]]
) -> None:
    """Whatever was asked before: a credential that begins or ends is a turn like a grant's."""
    member = Member("ann", given_, credentials=had)

    for scope, at in asked:
        assert {one.role for one in member.holding(scope, at)} == member.roles(scope, at)


@given(st.lists(credentials, min_size=1, max_size=3), st.lists(moments, min_size=2, max_size=12))
def test_a_cached_role_begins_and_ends_with_the_credential_it_requires(
    had: list[Credential], asked: list[datetime]
) -> None:
    """Asked again later or earlier, the role is there if and only if the training is."""
    member = Member("ann", Grant("editor", requires="training:a"), credentials=had)

    for at in asked:
        assert member.holds("training", "a", at) == ("editor" in member.roles(HERE, at))


def test_a_credential_holds_for_its_period_at_its_level() -> None:
    """Its first moment counts, its last does not; a higher level is as good."""
    later = NOON + timedelta(days=1)
    ann = Member("ann", credentials=Credential("training", "a", since=NOON, until=later, level=2))

    assert ann.holds("training", "a", NOON, level=2)
    assert not ann.holds("training", "a", NOON, level=3)
    assert not ann.holds("training", "a", later)
    assert not ann.holds("training", "a", NOON - timedelta(seconds=1))
    assert not ann.holds("policy", "a", NOON)


def test_a_grant_widens_with_a_milestone() -> None:
    """What a grant requires is not there before the day, and is from then on."""
    day = NOON + timedelta(days=60)
    new = Member(
        "new",
        ["author", Grant("editor", requires="onboarding:day_60")],
        credentials=Credential("onboarding", "day_60", since=day),
    )

    assert {"author"} == new.roles(HERE, NOON)
    assert {"author", "editor"} == new.roles(HERE, day)


@pytest.mark.parametrize("text", ["training", "training:", ":a", "training:a>=x", "a:b:c"])
def test_what_is_required_names_a_credential(text: str) -> None:
    """Any other text is refused where it is written, for grants and for roles."""
    for kind in (Grant, Role):
        with pytest.raises(DefinitionError) as caught:
            kind("editor", requires=text)
        assert ("requires",) == caught.value.codes


def asked(member: Member, *roles: Role, action: str = "review.pass") -> Case:
    """The case of a member who asks for what an editor may do."""
    item = Item("item", None, "", HERE, (), (), EMPTY, (), (), (), 1)
    flow = Workflow("post", [Stage("review", ("open", "passed"))], roles=roles)
    command = Command(action, member.id, NOON)
    needed = frozenset({"editor"})
    return Case(flow, item, command, member, (member.id,), action, needed, frozenset(), Facts())


def test_a_role_that_requires_training_opens_nothing_without_it() -> None:
    """The role is held, and does not count; with the training it does."""
    role = Role("editor", requires="training:a")
    trained = Member("ann", "editor", credentials=Credential("training", "a"))

    assert ABSTAIN == BY_ROLE.judge(asked(Member("ann", "editor"), role))
    assert Allow(("editor",)) == BY_ROLE.judge(asked(trained, role))
    told = not_allowed(asked(Member("ann", "editor"), role)).message
    assert told.endswith("holds no role here; holds editor, but lacks training:a")


@pytest.mark.parametrize(
    ("grant", "why"),
    [
        (Grant("editor", Scope(brand="other")), "editor for brand=other"),
        (Grant("editor", until=NOON), "editor until 2026-05-01T12:00:00+00:00"),
        (
            Grant("editor", since=NOON + timedelta(days=1)),
            "editor from 2026-05-02T12:00:00+00:00",
        ),
        (Grant("editor", requires="training:a"), "editor, but lacks training:a"),
        (Grant("editor", actions="live.*"), "editor for live.*"),
    ],
)
def test_the_objection_says_why_a_grant_does_not_help(grant: Grant, why: str) -> None:
    """Elsewhere, no longer, not yet, not qualified, or for something else."""
    case = asked(Member("ann", grant))

    assert ABSTAIN == BY_ROLE.judge(case)
    assert (why,) == not_allowed(case).facts["nearly"]


def test_a_grant_for_some_actions_opens_those() -> None:
    """Its roles are not held in general, only for what its patterns name."""
    ann = Member("ann", Grant("editor", actions="review.*"))

    assert frozenset() == ann.roles(HERE, NOON)
    assert Allow(("editor",)) == BY_ROLE.judge(asked(ann))
    assert ABSTAIN == BY_ROLE.judge(asked(ann, action="live.publish"))
