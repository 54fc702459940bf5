"""Who plays which part, carries how much, lacks what, and has to hear of what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from socialflow import Grant, Member, Role, Scope, Team
from socialflow.content.views.audience import whom_to_tell
from socialflow.content.views.load import load
from socialflow.content.views.raci import part_of, raci
from socialflow.content.views.training import training_gaps
from socialflow.errors import ItemNotFound, WrongArgument
from socialflow.people import Capacity, Credential

DAY = timedelta(days=1)

# -- RACI


def test_raci_tells_the_parts_in_each_stage(office: Any) -> None:
    """Each member in the first part that they have."""
    rows = {row.stage: row for row in raci(office.workflow, office.team, office.now)}

    production = rows["production"]
    assert ("cleo", "carl") == production.responsible
    assert (("agnes",), ()) == (production.approves, production.vacant)


def test_raci_stands_in_the_order_of_the_workflow(office: Any) -> None:
    """A row for every stage."""
    rows = raci(office.workflow, office.team, office.now)

    assert [stage.name for stage in office.workflow.stages] == [row.stage for row in rows]


def test_those_who_vote_or_may_end_it_approve(office: Any) -> None:
    """For content of the brand for which the approver's grant holds."""
    acme = Scope(brand="acme")

    approval = raci(office.workflow, office.team, office.now, scope=acme)[4]

    assert ("approval", ("abe",), ("lea", "sam")) == (
        approval.stage,
        approval.responsible,
        approval.approves,
    )


def test_a_role_that_nobody_holds_is_vacant(office: Any) -> None:
    """Because their grant is for another place, or lacks a credential."""
    rows = {row.stage: row for row in raci(office.workflow, office.team, office.now)}

    assert (("approver",), ()) == (rows["approval"].vacant, rows["approval"].responsible)
    assert (("tone_editor",), ("sam",)) == (rows["tone"].vacant, rows["tone"].responsible)
    assert () == rows["concept"].vacant


def test_nobody_has_two_parts_in_a_stage(office: Any) -> None:
    """So that everybody knows the one they play (S0-03)."""
    for row in raci(office.workflow, office.team, office.now, scope=Scope(brand="acme")):
        told = [*row.responsible, *row.approves, *row.consulted, *row.informed]
        assert len({*told}) == len(told)


def test_a_member_is_told_their_own_parts(office: Any) -> None:
    """Out of the whole table."""
    table = raci(office.workflow, office.team, office.now, scope=Scope(brand="acme"))

    told = [(one.stage, one.part) for one in part_of(table, "abe")]

    assert ("approval", "responsible") in told
    assert [] == [*part_of(table, "a stranger")]


# -- load


def test_load_tells_what_everybody_has_on_their_desk(office: Any) -> None:
    """Fullest first: ten hours of eight, eight of eighteen; and what nobody has."""
    told = load(office.store, office.team, office.now)

    assert [
        ("cleo", 10, 2, 1, "over"),
        ("carl", 8, 1, 1, "within"),
        ("abe", 0, 0, 0, "under"),
        ("agnes", 0, 0, 0, "under"),
        ("ana", 0, 1, 1, "under"),
        ("cora", 0, 1, 1, "absent"),
        ("cyrus", 0, 0, 0, "under"),
        ("lea", 0, 0, 0, "under"),
        ("sam", 0, 0, 0, "under"),
        ("tony", 0, 0, 0, "under"),
    ] == [(one.member, one.hours, one.items, one.stages, one.standing) for one in told.desks]
    assert 9 == told.nobody


def test_the_band_is_six_to_eighteen_hours_unless_said(office: Any) -> None:
    """Two thirds spend so many (S1-04)."""
    bands = {
        one.member: (one.least, one.most)
        for one in load(office.store, office.team, office.now).desks
    }

    assert ((6, 18), (4, 8)) == (bands["carl"], bands["cleo"])


@pytest.mark.parametrize(
    ("hours", "score"),
    [((6, 6), 1.0), ((12, 0), 0.0), ((0, 0), 1.0), ((9, 3), 0.5), ((6, 6, 0), 0.5)],
)
def test_the_score_is_1_where_work_is_even_and_0_where_one_has_all(
    empty: Any, hours: tuple[int, ...], score: float
) -> None:
    """Measured by the part of their hours that everybody has taken."""
    ids = ("sam", "carl", "abe")[: len(hours)]
    for id, effort in zip(ids, hours, strict=True):
        if effort:
            empty.put(f"of {id}", "production.drafting", effort_hours=effort, responsible=id)
    team = Team([Member(id) for id in ids])

    assert score == load(empty.store, team, empty.now).score


def test_the_same_hours_are_more_for_those_who_have_less_time(empty: Any) -> None:
    """Half of eight hours and half of sixteen are even."""
    team = Team([Member("sam", hours=Capacity(1, 8)), Member("abe", hours=Capacity(1, 16))])
    empty.put("one", "production.drafting", effort_hours=4, responsible="sam")
    empty.put("two", "production.drafting", effort_hours=8, responsible="abe")

    assert 1.0 == load(empty.store, team, empty.now).score


def test_one_person_in_many_stages_is_scattered(empty: Any) -> None:
    """In more than three, if not said otherwise; two items in one stage are one."""
    for n, state in enumerate(
        ("concept.idea", "concept.idea", "production.drafting", "tone.queued", "publish.ready")
    ):
        empty.put(f"i{n}", state, responsible="sam")

    def scattered(**told: Any) -> list[str]:
        desks = load(empty.store, empty.team, empty.now, **told).desks
        return [one.member for one in desks if one.scattered]

    assert (["sam"], []) == (scattered(), scattered(most_stages=4))


def test_nobody_is_there_to_carry_anything(empty: Any) -> None:
    """Which is even, too."""
    told = load(empty.store, Team([]), empty.now)

    assert (1.0, 0, ()) == (told.score, told.nobody, told.desks)


# -- training gaps


def test_a_gap_is_what_a_role_requires_and_its_holder_lacks(office: Any) -> None:
    """Or will lack within a month."""
    told = training_gaps(office.workflow, office.team, office.now)

    assert [
        ("tony", "tone_editor", "training:brand", None),
        ("ana", "data_analyst", "training:figures", office.now + 9 * DAY),
    ] == [(one.member, one.role, one.requires, one.until) for one in told]


def test_how_soon_is_soon_can_be_said(office: Any) -> None:
    """Eight days are less than nine."""
    told = training_gaps(office.workflow, office.team, office.now, within=8 * DAY)

    assert ["tony"] == [one.member for one in told]


def test_what_a_workflow_requires_of_a_role_counts_as_well(office: Any) -> None:
    """Of everybody who plays it."""
    strict = office.workflow.with_roles(Role("content_creator", requires="training:social_basics"))

    told = training_gaps(strict, office.team, office.now)

    assert {"cleo", "carl", "tony", "ana"} == {one.member for one in told}


def test_a_credential_that_is_renewed_in_time_does_not_expire(office: Any) -> None:
    """One that begins before the other ends; a pause between them is a gap."""
    now = office.now

    def gaps(begins: int) -> list[Any]:
        had = Credential("training", "x", until=now + 5 * DAY)
        next_one = Credential("training", "x", since=now + begins * DAY)
        grant = Grant("content_creator", requires="training:x")
        team = Team([Member("ann", grant, credentials=[had, next_one])])
        return [one.until for one in training_gaps(office.workflow, team, now)]

    assert ([], [now + 5 * DAY]) == (gaps(5), gaps(6))


def test_a_grant_that_does_not_run_makes_no_gap(office: Any) -> None:
    """Neither one of yesterday nor one of tomorrow."""
    old = Grant("content_creator", requires="training:x", until=office.now)
    new = Grant("content_creator", requires="training:x", since=office.now + DAY)

    assert () == training_gaps(office.workflow, Team([Member("ann", [old, new])]), office.now)


# -- whom to tell


def told(office: Any, item: str, **more: Any) -> dict[str, tuple[str, ...]]:
    """Members, and why."""
    found = whom_to_tell(office.store, office.workflow, office.team, item, **more)
    return {one.member: one.why for one in found}


def test_who_wrote_it_and_who_has_it_hear_of_it(office: Any) -> None:
    """Whoever did it does not, and neither do others of their role."""
    office.do("draft", "cleo", "edit", body="How we make it")
    office.do("draft", "cleo", "submit")
    office.do("draft", "sam", "note", text="nice")

    assert {"cleo": ("author",), "lea": ("participant",)} == told(office, "draft")


def test_who_approved_it_before_hears_that_it_comes_back(office: Any) -> None:
    """Previous approvers are told, and the responsible of the stage it comes to."""
    office.put("plain", "approval.pending", scope={"brand": "acme"}, accounts=["blog"])
    office.do("plain", "abe", "approve")
    office.do("plain", "lea", "revoke", reason="too early")

    assert {"sam": ("author",), "abe": ("approver", "lead")} == told(office, "plain")


def test_a_stage_that_nobody_has_is_told_to_one_lead_of_its_role(office: Any) -> None:
    """To the one whose grant fits best, never to all who hold the role."""
    team = Team(
        [
            *(Member(f"other{n}", "approver") for n in range(5)),
            Member("near", Grant("approver", Scope(brand="acme"))),
        ]
    )

    found = whom_to_tell(office.store, office.workflow, team, "wait")

    assert ["near"] == [one.member for one in found]


def test_who_is_away_is_stood_in_for(office: Any) -> None:
    """By those who stand in now."""
    office.do("live", "lea", "note", text="look at this")

    assert {"sam": ("author",), "cora": ("responsible",), "cyrus": ("stands in for cora",)} == told(
        office, "live"
    )


def test_what_happens_to_a_comment_is_told_to_whoever_has_the_content(office: Any) -> None:
    """And to nobody but the lead of the queue."""
    assert "responsible" in told(office, "first")["cora"]


def test_whoever_is_to_be_asked_or_informed_hears_of_it(empty: Any) -> None:
    """As the item says."""
    empty.put("plan", "concept.idea", consulted=["prue"], informed=["abe"], responsible="tony")

    assert {
        "sam": ("author",),
        "prue": ("consulted",),
        "abe": ("informed",),
        "tony": ("responsible",),
    } == told(empty, "plan")


def test_an_earlier_event_is_told_to_those_of_then(office: Any) -> None:
    """Those who have come later had nothing to do with it."""
    office.do("other", "carl", "note", text="may I help?")
    office.do("other", "lea", "note", text="yes")

    assert {"cleo", "sam", "carl"} == {*told(office, "other")}
    assert {"cleo", "sam"} == {*told(office, "other", entry=2)}


def test_what_is_not_there_cannot_be_told(office: Any) -> None:
    """It is said what is not."""
    with pytest.raises(ItemNotFound):
        told(office, "nowhere")
    for entry in (-1, 0, 99):
        with pytest.raises(WrongArgument, match="entry"):
            told(office, "other", entry=entry)
