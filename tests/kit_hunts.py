"""What the kit finds in the library that it is run with: obligations, then the machine.

It is run as a program of its own, with sources in which something may be planted; the obligations
were derived from sources in which nothing is. It prints a line of JSON.
"""

from __future__ import annotations

import json
import pickle
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from blogs import BLOG, CALENDAR
from blogs import TEAM as WRITERS
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from parcels import PARCEL
from parcels import TEAM as OFFICE

from socialflow import Engine
from socialflow.stores.memory import MemoryStore
from socialflow.stores.sql import SqlStore
from socialflow.testing import FakeClock, obligations, workflow_machine

WHICH = {"parcel": (PARCEL, OFFICE, {}), "blog": (BLOG, WRITERS, CALENDAR)}
STORES = {"memory": MemoryStore, "sqlite": lambda: SqlStore("sqlite://", create=True)}


def suites(*names: str) -> dict[str, Any]:
    """The obligations of these workflows; of every one, if none is said."""
    chosen = {name: WHICH[name] for name in names or WHICH}
    return {n: obligations(w, t, facts=f, most=200).cases for n, (w, t, f) in chosen.items()}


def by_obligations(suites: dict[str, Any], store: str) -> tuple[int, str]:
    """After how many cases one is not kept, and which; an empty name if all are."""
    tried = 0
    for name, cases in suites.items():
        workflow, team, _ = WHICH[name]
        engine = Engine(STORES[store](), workflow, team, clock=FakeClock())
        for case in cases:
            tried += 1
            try:
                case.run(engine)
            except AssertionError:
                return tried, case.name
    return tried, ""


def by_machine(names: Iterable[str], store: str, examples: int) -> tuple[int, str]:
    """After how many items the machine fails, and how; an empty text if it does not."""
    begun = 0
    for workflow, team, facts in (WHICH[name] for name in names):
        machine = workflow_machine(workflow, team, store=STORES[store], faults=True, facts=facts)
        told = settings(
            max_examples=examples,
            stateful_step_count=15,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        try:
            run_state_machine_as_test(machine, settings=told)
        except BaseException as error:
            return begun + machine.begun, f"{type(error).__name__}: {error}".splitlines()[0]
        begun += machine.begun
    return begun, ""


def main(kept: str, store: str, examples: str) -> None:
    """Look with both, and print what came of it."""
    found: dict[str, Any] = {}
    derived = pickle.loads(Path(kept).read_bytes())
    try:
        found["obligations"] = by_obligations(derived, store)
    except Exception as error:
        found["obligations"] = 0, f"it cannot even begin: {type(error).__name__}: {error}"
    try:
        found["machine"] = by_machine(derived, store, int(examples))
    except Exception as error:
        found["machine"] = 0, f"it cannot even begin: {type(error).__name__}: {error}"
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
