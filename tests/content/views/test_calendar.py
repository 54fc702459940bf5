"""The calendar: what goes out when and where, and what stands in its way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from socialflow.content.views.calendar import calendar

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def week(office: Any, **asked: Any) -> Any:
    """A week, from the day before on."""
    return calendar(
        office.store, office.department, office.now - DAY, office.now + 6 * DAY, **asked
    )


def test_an_item_has_an_entry_for_each_account(office: Any) -> None:
    """In order of time; what was rejected has none."""
    entries = week(office).entries

    assert [
        (-HOUR, "blog", "hub", "wait"),
        (2 * HOUR, "blog", "hub", "today"),
        (2 * HOUR, "news", "north", "today"),
        (2 * HOUR + timedelta(minutes=20), "news", "north", "soon"),
        (2 * DAY, "news", "north", "black"),
    ] == [(one.at - office.now, one.account, one.unit, one.item) for one in entries]
    assert {False} == {one.scheduled for one in entries}


def test_what_stands_in_the_way_is_told(office: Any) -> None:
    """Two at once on one account, and what lies in a blackout."""
    clashes = week(office).clashes

    assert [
        ("slot", "news", ("today", "soon"), ""),
        ("blackout", "news", ("black",), "figures: quarterly figures"),
    ] == [(one.why, one.account, one.items, one.reason) for one in clashes]


def test_two_that_are_half_an_hour_apart_do_not_clash(empty: Any) -> None:
    """As the rule `slot_free` has it."""
    for n, minutes in enumerate((0, 30, 59)):
        at = (empty.now + timedelta(minutes=minutes)).isoformat()
        empty.put(f"post{n}", "publish.ready", planned_for=at, accounts=["blog"])

    assert [("post1", "post2")] == [one.items for one in week(empty).clashes]


def test_whatever_lies_in_a_freeze_is_told(empty: Any) -> None:
    """By where the item belongs, or one of its accounts."""
    for n, region in enumerate(("south", "west")):
        at, scope = (empty.now + n * DAY).isoformat(), {"region": region}
        empty.put(region, "publish.ready", planned_for=at, accounts=["clips"], scope=scope)

    (clash,) = week(empty).clashes

    assert ("freeze", ("south",), "fire: a fire in the plant") == (
        clash.why,
        clash.items,
        clash.reason,
    )


def test_it_is_narrowed_by_account_unit_and_campaign(office: Any) -> None:
    """A clash is told as soon as one of its items is asked for."""
    told = {
        name: ([one.item for one in found.entries], [one.items for one in found.clashes])
        for name, found in {
            "blog": week(office, account="blog"),
            "north": week(office, unit="north"),
            "spring": week(office, campaign="spring"),
            "nowhere": week(office, account="blog", unit="north"),
        }.items()
    }

    assert {
        "blog": (["wait", "today"], []),
        "north": (["today", "soon", "black"], [("today", "soon"), ("black",)]),
        "spring": (["wait", "today", "today"], [("today", "soon")]),
        "nowhere": ([], []),
    } == told


def test_a_date_that_was_set_counts_before_a_wish(empty: Any) -> None:
    """And an item without accounts is there as well, once."""
    wish, date = (empty.now + DAY).isoformat(), (empty.now + 2 * DAY).isoformat()
    empty.put("set", "publish.ready", planned_for=wish, publish_at=date)

    (entry,) = week(empty).entries

    assert (2 * DAY, None, True) == (entry.at - empty.now, entry.account, entry.scheduled)


def test_what_was_taken_down_is_not_in_the_calendar(empty: Any) -> None:
    """Nor what never went out; what is out is, on the day on which it went."""
    for id, state in (("down", "end.recalled"), ("never", "end.cancelled"), ("out", "end.closed")):
        empty.put(id, state, publish_at=empty.now.isoformat(), accounts=["blog"])

    assert ["out"] == [one.item for one in week(empty).entries]


def test_a_period_ends_before_its_end(empty: Any) -> None:
    """So that two periods in a row tell nothing twice."""
    empty.put("noon", "publish.ready", planned_for=empty.now.isoformat())

    before = calendar(empty.store, empty.department, empty.now - DAY, empty.now)
    behind = calendar(empty.store, empty.department, empty.now, empty.now + DAY)

    assert ([], ["noon"]) == ([*before.entries], [one.item for one in behind.entries])
