"""The pytest plugin: fixtures, a marker, options; each in a run of pytest of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from parcels import PARCEL, TEAM

from socialflow import Engine
from socialflow.stores.memory import MemoryStore
from socialflow.transfer import export

HERE = Path(__file__).parent
TESTS = """
import pytest
from parcels import PARCEL, TEAM
from socialflow.testing import Crash, obligations

pytestmark = pytest.mark.socialflow(PARCEL, TEAM)

def packed(engine):
    return engine.create("parcel", by="cleo", data={"title": "a box"}).id

def test_ids_count_and_time_stands_still(flow_engine, flow_clock):
    assert "item-1" == packed(flow_engine)
    assert flow_clock() == flow_engine.history("item-1")[0].event.at

def test_each_test_has_its_own(flow_engine, flow_history, flow_clock):
    packed(flow_engine)
    flow_clock.tick(hours=1)
    flow_engine.perform("item-1", "send", by="cleo")
    assert ["cleo: create", "cleo: desk.send"] == flow_history("item-1")

def test_faults_come_when_they_are_told_to(flow_engine, flow_faults):
    packed(flow_engine)
    flow_faults.then("crash before")
    with pytest.raises(Crash):
        flow_engine.perform("item-1", "send", by="cleo")
    assert ("desk.packed",) == flow_engine.item("item-1").marking

@obligations(PARCEL, TEAM).parametrize()
def test_rules(case, flow_engine):
    case.run(flow_engine)
"""


def run(folder: Path, tests: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run pytest on these tests, with the plugin as pytest loads it from the entry point."""
    (folder / "test_mine.py").write_text(tests)
    path = os.pathsep.join((*sys.path[:0], os.environ.get("PYTHONPATH", ""), str(HERE)))
    return subprocess.run(
        (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, "test_mine.py"),
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
    )


def test_fixtures_marker_and_coverage_work_in_a_run_of_their_own(tmp_path: Path) -> None:
    """Every test has a clock, ids, a store and an engine of its own; the run ends with a report."""
    kept = tmp_path / "met.json"

    ended = run(tmp_path, TESTS, "--flow-coverage", f"--flow-coverage-json={kept}", "-W", "error")

    assert 0 == ended.returncode, ended.stdout + ended.stderr
    assert "parcel: 7 of 7 states, 11 of 11 actions" in ended.stdout
    assert 1.0 == json.loads(kept.read_text())["parcel"]["ratio"]


def test_an_engine_of_nothing_is_a_mistake_that_is_explained(tmp_path: Path) -> None:
    """Without the marker, the fixture says how it is written."""
    ended = run(tmp_path, "def test_it(flow_engine):\n    pass\n")

    assert 1 == ended.returncode
    assert "@pytest.mark.socialflow(workflow, team)" in ended.stdout


REPLAY = """
from parcels import PARCEL, TEAM

def test_what_was_done_can_still_be_done(flow_replay):
    assert [] == flow_replay({workflow}, TEAM)
"""


@pytest.mark.parametrize(
    ("workflow", "status", "said"),
    [
        ("PARCEL", 0, "1 passed"),
        ("PARCEL.amend('desk', role='guest')", 1, "a, entry 2, desk.send by cleo"),
    ],
)
def test_a_recorded_history_is_replayed_against_a_definition(
    workflow: str, status: int, said: str, tmp_path: Path
) -> None:
    """The file is an export; what would go otherwise fails the test, in a sentence."""
    store = MemoryStore()
    engine = Engine(store, PARCEL, TEAM)
    engine.create("parcel", by="cleo", id="a", data={"title": "a box"})
    engine.perform("a", "send", by="cleo")
    (tmp_path / "last_week.jsonl").write_text("\n".join(export(store)))

    ended = run(tmp_path, REPLAY.format(workflow=workflow), "--flow-replay=last_week.jsonl")

    assert status == ended.returncode, ended.stdout + ended.stderr
    assert said in ended.stdout


def test_the_plugin_loads_nothing_before_it_is_used() -> None:
    """Pytest loads it in every run of whoever has the library; that costs nearly nothing."""
    told = (
        "import socialflow.testing.plugin, sys;"
        "print(*({'hypothesis', 'sqlalchemy', 'socialflow.engine', 'cattrs'} & {*sys.modules}))"
    )

    ended = subprocess.run((sys.executable, "-c", told), capture_output=True, text=True, check=True)

    assert "" == ended.stdout.strip()
