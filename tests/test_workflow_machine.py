"""The generated machine: correct engines pass, and whoever is broken is found by it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from blogs import BLOG, CALENDAR, TEAM
from broken_engines import BROKEN
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from parcels import PARCEL
from parcels import TEAM as OFFICE

from socialflow import Refused
from socialflow.stores.memory import MemoryStore
from socialflow.stores.sql import SqlStore
from socialflow.testing import workflow_machine
from socialflow.testing.machines import WorkflowMachine

QUICK = settings(
    max_examples=30,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    derandomize=True,
)

Parcels = workflow_machine(PARCEL, OFFICE, faults=True)
TestParcels = Parcels.TestCase
TestParcels.settings = settings(QUICK, max_examples=15, derandomize=False)


def run(machine: type[WorkflowMachine], examples: int = 30) -> None:
    """Run it as a test, until the first failure."""
    until = settings(QUICK, max_examples=examples, phases=[Phase.generate])
    run_state_machine_as_test(machine, settings=until)


def test_a_blog_with_votes_facts_and_forks_agrees_with_its_model() -> None:
    """Faults of every kind included."""
    run(workflow_machine(BLOG, TEAM, faults=True, facts=CALENDAR), 6)


def test_a_database_agrees_with_the_model() -> None:
    """A new one in every example."""
    run(workflow_machine(PARCEL, OFFICE, faults=True, store=_database), 10)


def _database() -> SqlStore:
    return SqlStore("sqlite://", create=True)


def test_every_transition_is_gone_to() -> None:
    """Each example begins on the way to one of them, so that few of them are enough."""
    machine = workflow_machine(PARCEL, OFFICE)

    run(machine, 60)

    goals = {(one.way.full, one.way.source) for one in machine.reach.goals}
    assert len(goals) > 20
    assert len(machine.seen.keys() & goals) >= 0.85 * len(goals)


STORES = [name for name, broken in BROKEN.items() if broken.store is not MemoryStore]


@pytest.mark.parametrize("name", STORES)
def test_a_broken_store_is_found(name: str) -> None:
    """Whatever a store loses, the machine notices."""
    machine = workflow_machine(PARCEL, OFFICE, faults=True, store=BROKEN[name].store)

    with pytest.raises((AssertionError, Refused, ValueError)):
        run(machine)


def test_a_failure_is_told_in_short() -> None:
    """Steps are shown as who does what; no item or event is printed in full."""
    machine = workflow_machine(PARCEL, OFFICE, store=BROKEN["duties are lost"].store)

    with pytest.raises(AssertionError) as caught:
        run(machine)

    notes = "\n".join(caught.value.__notes__)
    assert "(to): <cleo: " in notes
    assert len(notes) < 1500


def test_rules_take_no_argument_that_is_reserved() -> None:
    """Hypothesis keeps ``target`` for itself; there is always a rule that can be run."""
    assert isinstance(workflow_machine(PARCEL, OFFICE).observe, Callable)  # type: ignore[arg-type]
    machine: Any = workflow_machine(PARCEL, OFFICE)()
    machine.observe()
    machine.ask_again()
