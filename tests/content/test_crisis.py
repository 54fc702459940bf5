"""A crisis from beginning to end: what was to go out stops at once, until two say it may go on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from offices import governed

from socialflow import Refused, Scope
from socialflow.content.freeze import FREEZE

HOUR = timedelta(hours=1)


def scheduled(desk: Any, **data: Any) -> Any:
    """An item that is to go out in an hour."""
    at = governed(desk)(**data).until("publish.ready")
    at.do("sam", "schedule", publish_at=at.now + HOUR)
    return at


def test_a_crisis_stops_what_was_to_go_out_and_two_let_it_go_on(desk: Any) -> None:
    """S0-34: declared by one; nothing is published, by hand or by date; one all-clear is no end."""
    at = scheduled(desk)
    assert () == at.engine.run_due()

    crisis = at.declare("lea", "the site is down")

    assert ("no_freeze",) == at.refuses("sam", "publish_now")
    at.now += HOUR
    [due] = at.engine.run_due()
    assert due.refusal is not None
    assert ("publish.begin", ("no_freeze",)) == (due.refusal.action, due.refusal.codes)

    at.engine.perform(crisis.id, "all_clear", by="lea")
    assert "voted" in at.engine.why_not(crisis.id, "all_clear", by="lea").codes
    assert ("freeze.declared",) == at.engine.item(crisis.id).marking
    assert ("no_freeze",) == at.refuses("sam", "publish_now")

    at.engine.perform(crisis.id, "all_clear", by="legolas")
    assert ("end.lifted",) == at.engine.item(crisis.id).marking
    at.now += timedelta(minutes=15)
    assert ["publish.begin"] == [done.event.action for done in at.engine.run_due() if done.event]
    assert ("publish.publishing",) == at.item.marking


def test_a_crisis_stops_promotions_that_were_to_begin(desk: Any) -> None:
    """Neither somebody nor the clock starts one, and what pauses does not go on."""
    at = governed(desk)().until("promotion.open")
    at.do("paige", "plan_promotion", promotion_channels=["organic", "email"])
    runs = at.engine.children(at.id, "promotion_run")
    for run in runs:
        starts = at.now + HOUR
        at.engine.perform(run.id, "edit", by="cora", data={"text": "Look", "starts_at": starts})
        at.engine.perform(run.id, "approve", by="sam")
    one, other = runs
    at.engine.perform(other.id, "start", by="cora")
    at.engine.perform(other.id, "pause", by="cora")

    at.declare("lea", "the site is down")

    for run, action in ((one, "start"), (other, "continue")):
        refusal = at.engine.why_not(run.id, action, by="cora")
        assert refusal is not None
        assert ("no_freeze",) == refusal.codes
    at.now += HOUR
    assert {"no_freeze"} == {code for due in at.engine.run_due() for code in due.refusal.codes}


def test_a_crisis_elsewhere_stops_nothing_here(desk: Any) -> None:
    """Its scope is what it covers; an account of the item is enough, for a run below it too."""
    at = governed(desk)().until("publish.ready")

    at.declare("lea", "they are down", scope=Scope(brand="other"))
    assert "publish.publish_now" in at.offered("sam")
    at.declare("lea", "the platform is down", scope=Scope(platform="facebook"))

    assert ("no_freeze",) == at.refuses("sam", "publish_now")


def test_the_lead_may_speak_in_a_crisis(desk: Any) -> None:
    """What has to be said meanwhile is said with a reason that stays with it."""
    at = scheduled(desk)
    at.declare("legolas", "a rumour")

    event = at.do_waiving("lea", "publish_now", {"no_freeze": "this is our answer to it"})

    assert {"no_freeze": "this is our answer to it"} == event.command.waive


@pytest.mark.parametrize("who", ["sam", "abe", "cora", "agnes", "eve"])
def test_a_crisis_is_declared_by_those_in_charge(desk: Any, who: str) -> None:
    """The lead, the sponsor and legal; whoever notices it tells them."""
    at = governed(desk)()

    with pytest.raises(Refused) as caught:
        at.declare(who, "I do not like it")

    assert ("role",) == caught.value.refusal.codes


def test_a_freeze_with_an_end_is_over_by_itself(desk: Any) -> None:
    """From that moment on, even if nobody sweeps."""
    at = scheduled(desk)
    crisis = at.declare("lea", "a funeral", until=at.now + timedelta(minutes=30))
    assert ("no_freeze",) == at.refuses("sam", "publish_now")

    at.now += timedelta(minutes=30)

    assert "publish.publish_now" in at.offered("sam")
    at.engine.run_due()
    assert ("end.over",) == at.engine.item(crisis.id).marking


def test_nobody_shortens_or_calls_off_a_freeze_alone(desk: Any) -> None:
    """It cannot be edited, cancelled or undone."""
    at = governed(desk)()
    crisis = at.declare("lea", "the site is down")

    offered = {one.action for one in at.engine.options(crisis.id, by="lea") if one.answer != "no"}

    assert {"freeze.all_clear", "vote", "note", "claim"} == offered
    assert () == FREEZE.findings()
