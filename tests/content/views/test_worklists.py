"""Worklists: mine, what I may take, what waits in my units and roles."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from socialflow import Refused
from socialflow.content.views.worklists import claimable, mine, of_roles, of_units
from socialflow.errors import UnknownMember
from socialflow.queries import Items


def items(works: Any) -> list[str]:
    """Ids, in order."""
    return [one.item for one in works]


def test_mine_is_what_somebody_has_longest_waiting_first(office: Any) -> None:
    """And nobody's for those who have nothing."""
    assert ["draft", "other"] == items(mine(office.store, "cleo"))
    assert ["live"] == items(mine(office.store, "cora"))
    assert [] == items(mine(office.store, "tony"))
    assert [] == items(mine(office.store, "a stranger"))


def test_of_units_is_what_people_in_my_units_have(office: Any) -> None:
    """Of a unit that I lead or belong to, and of those below it."""
    assert ["done", "live", "north", "draft", "other"] == items(
        of_units(office.store, office.team, "lea")
    )
    assert ["live", "north"] == items(of_units(office.store, office.team, "carl"))
    assert [] == items(of_units(office.store, office.team, "agnes"))


def test_of_roles_is_what_waits_for_one_of_my_roles(office: Any) -> None:
    """Whoever has it: a creator sees the drafts of others; what a role lacks, it does not see."""
    asked = (office.store, office.workflow, office.team)

    assert ["draft", "other"] == items(of_roles(*asked, "carl", office.now))
    assert ["wait"] == items(of_roles(*asked, "abe", office.now))
    assert [] == items(of_roles(*asked, "tony", office.now))


def test_claimable_is_what_is_free(office: Any) -> None:
    """Of the same list."""
    asked = (office.store, office.workflow, office.team)

    assert [] == items(claimable(*asked, "carl", office.now))
    assert ["wait"] == items(claimable(*asked, "abe", office.now))
    assert ["mute", "first", "third", "second"] == items(claimable(*asked, "cora", office.now))


def test_a_lapsed_lease_is_claimable_again(office: Any) -> None:
    """At that moment, not before."""
    asked = (office.store, office.workflow, office.team, "cora")
    office.do("first", "cora", "claim")
    lapses = office.now + timedelta(hours=8)

    assert "first" not in items(claimable(*asked, lapses - timedelta(minutes=1)))
    assert "first" in items(claimable(*asked, lapses))


def test_claimable_is_what_the_engine_lets_somebody_claim(office: Any) -> None:
    """Neither more nor less, for everybody and every open item."""
    asked = (office.store, office.workflow, office.team)
    open_ = [item.id for item in office.store.rows(Items()) if not item.ended]

    for member in office.team.members:
        allowed = {id for id in open_ if may_claim(office, member.id, id)}
        assert allowed == {*items(claimable(*asked, member.id, office.now))}


def may_claim(office: Any, member: str, id: str) -> bool:
    """Whether the engine would have it done, though nobody has it."""
    try:
        office.engine.preview(id, "claim", by=member)
    except Refused:
        return False
    return all(token.responsible is None for token in office.engine.item(id).tokens)


@pytest.mark.parametrize("ask", [of_roles, claimable])
def test_a_stranger_has_no_roles(office: Any, ask: Any) -> None:
    """It is said, rather than that there is nothing."""
    with pytest.raises(UnknownMember, match="nobody"):
        ask(office.store, office.workflow, office.team, "nobody", office.now)


def test_a_stranger_has_no_units(office: Any) -> None:
    """It is said as well."""
    with pytest.raises(UnknownMember, match="nobody"):
        of_units(office.store, office.team, "nobody")
