"""Scopes cover, grants hold within a scope and a period, teams find their members."""

from __future__ import annotations

import copy
import pickle
from datetime import datetime, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialflow import DefinitionError, Grant, Member, Role, Scope, Team
from socialflow.errors import NaiveTime
from socialflow.people import ANYONE, EVERYWHERE, SYSTEM, aware
from socialflow.testing.strategies import NOON, members

dimensions = st.dictionaries(
    st.sampled_from(("brand", "region", "locale")),
    st.sets(st.sampled_from(("a", "b", "c")), min_size=1),
)
scopes = dimensions.map(lambda told: Scope(**told))
moments = st.integers(-4, 4).map(lambda hours: NOON + timedelta(hours=hours))
places = st.sampled_from((Scope(), Scope(brand="acme"), Scope(brand="acme", region="north")))


@given(dimensions, dimensions)
def test_a_scope_covers_what_lies_within_each_of_its_dimensions(
    ours: dict[str, set[str]], theirs: dict[str, set[str]]
) -> None:
    """A scope covers another if that one names all of its dimensions, and only its values."""
    expected = all(name in theirs and theirs[name] <= values for name, values in ours.items())

    assert expected == Scope(**ours).covers(Scope(**theirs))


@given(scopes, scopes, scopes)
def test_covering_is_an_order(one: Scope, two: Scope, three: Scope) -> None:
    """Every scope covers itself; covering is transitive; two that cover each other are equal."""
    assert one.covers(one)
    assert not (one.covers(two) and two.covers(three)) or one.covers(three)
    assert not (one.covers(two) and two.covers(one)) or one == two


@given(scopes, scopes)
def test_equal_scopes_have_equal_hashes(one: Scope, two: Scope) -> None:
    """A scope is a value: what is equal may stand for each other as a key."""
    assert one != two or hash(one) == hash(two)
    assert one == Scope(**one.to_plain())
    assert one == pickle.loads(pickle.dumps(one)) == copy.deepcopy(one)


def test_a_scope_reads_like_a_mapping_of_sets() -> None:
    """A scope tells its dimensions, their values, and how specific it is."""
    scope = Scope(region=["north", "south"], brand="acme")

    assert {"brand": {"acme"}, "region": {"north", "south"}} == dict(scope)
    assert 2 == scope.specificity == len(scope)
    assert "Scope(brand='acme', region=['north', 'south'])" == repr(scope)
    assert scope != {"brand": "acme"}


@pytest.mark.parametrize("wrong", ["", [], [""], [7], {"acme": 7, "": 1}])
def test_a_dimension_has_at_least_one_text(wrong: object) -> None:
    """A dimension of a scope is one text or several, never nothing."""
    with pytest.raises(DefinitionError) as caught:
        Scope(brand=wrong)  # type: ignore[arg-type]

    assert ("scope",) == caught.value.codes


@given(members(), places, moments)
def test_a_grant_gives_nothing_outside_its_scope_or_period(
    member: Member, scope: Scope, at: datetime
) -> None:
    """The roles held are those of the grants that cover the scope and have begun and not ended."""
    held = set()
    for grant in member.grants:
        begun = grant.since is None or at >= grant.since
        ended = grant.until is not None and at >= grant.until
        if grant.scope.covers(scope) and begun and not ended:
            held.add(grant.role)

    assert held == member.roles(scope, at)


@given(members(), st.lists(st.tuples(places, moments), max_size=12))
def test_the_cache_of_roles_never_answers_otherwise_than_a_fresh_member(
    member: Member, questions: list[tuple[Scope, datetime]]
) -> None:
    """Whatever was asked before, a member answers as one who has never been asked."""
    for scope, at in questions:
        fresh = Member(member.id, member.grants)

        assert fresh.roles(scope, at) == member.roles(scope, at)


def test_a_period_holds_its_first_moment_and_not_its_last() -> None:
    """A grant holds from ``since`` on, and no longer at ``until``."""
    later = NOON + timedelta(hours=1)
    member = Member("ann", [Grant("author", since=NOON, until=later)])
    tick = timedelta(microseconds=1)

    asked = [NOON - tick, NOON, later - tick, later]

    assert [False, True, True, False] == ["author" in member.roles(EVERYWHERE, at) for at in asked]


def test_a_member_is_equal_to_one_with_the_same_grants_whatever_was_asked() -> None:
    """The cache is no part of the value."""
    asked, fresh = Member("ann", "author"), Member("ann", ["author"])

    asked.roles(Scope(brand="acme"), NOON)

    assert fresh == asked
    assert hash(fresh) == hash(asked)
    assert fresh == pickle.loads(pickle.dumps(asked))


@pytest.mark.parametrize("name", ["since", "until"])
def test_a_period_names_its_time_zone(name: str) -> None:
    """A grant with a time that could be any of twenty-four hours is refused."""
    with pytest.raises(NaiveTime, match=f"^{name} must be timezone-aware"):
        Grant("author", **{name: datetime(2026, 5, 1)})


def test_an_aware_time_or_none_passes() -> None:
    """`aware` hands back what is one moment, or none."""
    assert NOON == aware("at", NOON)
    assert aware("at", None) is None


def test_no_grant_names_the_system() -> None:
    """The system is reserved: nobody can be granted a role under its id."""
    with pytest.raises(DefinitionError) as caught:
        Member("system", "author")

    assert ("reserved",) == caught.value.codes
    assert frozenset() == SYSTEM.roles(EVERYWHERE, NOON)


@pytest.mark.parametrize("value", [Member("ann", "author"), Grant("author"), Role("author")])
def test_people_are_immutable(value: object) -> None:
    """Nothing about a member, grant or role can be set."""
    for field in attrs.fields(type(value)):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(value, field.name, None)


def test_a_team_finds_its_members_and_the_holders_of_a_role() -> None:
    """A team answers what a directory is asked, and knows no delegation."""
    ann, ed = Member("ann", ["author", "editor"]), Member("ed", "editor")
    team = Team([ann, ed])

    assert (ann, None) == (team.member("ann"), team.member("zoe"))
    assert [ann] == list(team.holders("author"))
    assert [ann, ed] == list(team.holders("editor")) == list(team.holders(ANYONE))
    assert [] == list(team.holders("stranger"))
    assert () == team.acting_for("ann", NOON)


def test_a_team_names_everybody_who_shares_an_id() -> None:
    """All members with an id in use are named at once."""
    with pytest.raises(DefinitionError) as caught:
        Team([Member("ann"), Member("ed"), Member("ann"), Member("ed")])

    assert ["Team / ann", "Team / ed"] == [one.where for one in caught.value.findings]


def test_a_team_warns_of_a_grant_of_no_known_role() -> None:
    """A grant that gives nothing is found, with the nearest role there is."""
    (finding,) = Team([Member("ann", ["author", "editro"])]).check(["author", "editor"])

    assert ("unknown_role", "warning") == (finding.code, finding.severity)
    assert "Team / ann: the role 'editro' is in no workflow (did you mean 'editor'?)" == str(
        finding
    )


def test_a_scope_may_be_said_as_a_mapping() -> None:
    """As in a document: a grant makes a scope of it at once."""
    assert Scope(brand="acme") == Grant("editor", {"brand": "acme"}).scope


def test_a_team_is_of_members() -> None:
    """An id in the place of a member is named, not stumbled over later."""
    with pytest.raises(DefinitionError, match="'ann' is no Member"):
        Team(["ann"])
