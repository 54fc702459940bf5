"""How long each stage takes, by the histories."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from socialflow.content.views.cycles import cycle_times

HOUR = timedelta(hours=1)


def times(office: Any) -> dict[str, Any]:
    """By stage."""
    return {one.stage: one for one in cycle_times(office.store, office.workflow)}


def write(office: Any, hours: float) -> None:
    """An item is drafted for so long, and submitted."""
    id = f"draft{len(office.everything())}"
    office.put(id, "production.drafting")
    office.now += hours * HOUR
    office.do(id, "cleo", "edit", body=f"Text {id}")
    office.do(id, "cleo", "submit")
    office.now -= hours * HOUR


def test_a_stage_takes_from_its_first_state_to_its_last(empty: Any) -> None:
    """Half took three hours or less; nine of ten took nine or less."""
    for hours in (1, 2, 3, 9):
        write(empty, hours)

    told = times(empty)["production"]

    assert (4, 0, 2.5, 9.0) == (told.visits, told.open, told.median_hours, told.p90_hours)


def test_nine_of_ten_is_the_ninth_of_ten(empty: Any) -> None:
    """Not the slowest."""
    for hours in range(1, 11):
        write(empty, hours)

    assert 9.0 == times(empty)["production"].p90_hours


def test_a_visit_that_ended_before_it_began_took_no_time(empty: Any) -> None:
    """By the clocks of whoever told it."""
    for hours in (-5, 2, 2):
        write(empty, hours)
    write(empty, -1)

    told = times(empty)["production"]

    assert (4, 1.0, 2.0) == (told.visits, told.median_hours, told.p90_hours)


def test_a_late_stage_is_over_when_it_is_done(empty: Any) -> None:
    """What is evaluated before the conversation is over goes on beside that, and vanishes."""
    empty.put("late", "response.listening", evaluate_at=(empty.now + HOUR).isoformat())
    empty.now += HOUR
    empty.engine.run_due()
    empty.now += HOUR
    empty.do("late", "cora", "close_response", answered=1, handed_over=0, voices=[])

    told = times(empty)

    assert (1, 0, 2.0) == (
        told["response"].visits,
        told["response"].open,
        told["response"].median_hours,
    )
    assert 1 == told["evaluation"].open


def test_what_is_open_is_counted_and_not_measured(office: Any) -> None:
    """Two drafts."""
    told = times(office)["production"]

    assert (0, 2, None, None) == (told.visits, told.open, told.median_hours, told.p90_hours)


def test_the_stages_stand_in_the_order_of_the_workflow(empty: Any) -> None:
    """Also where nothing has happened; comments are not among them."""
    told = cycle_times(empty.store, empty.workflow)

    assert [stage.name for stage in empty.workflow.stages] == [one.stage for one in told]
