"""The pytest plugin: fixtures, a marker, and options; loaded by pytest where the library is there.

| fixture          | what it gives                                                            |
|------------------|--------------------------------------------------------------------------|
| `flow_clock`     | a `FakeClock`: the clock of the engine                                   |
| `flow_ids`       | `CountingIds`: ``item-1``, ``item-2`` ...                                |
| `flow_faults`    | a `FaultyStore` in memory, which fails as it is told                     |
| `flow_engine`    | an engine of the marker's workflow and team, over all of these           |
| `flow_history`   | what has happened to an item, in short                                   |

The marker ``@pytest.mark.socialflow(workflow, team)`` says what `flow_engine` is an engine of.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from socialflow.engine import Engine
    from socialflow.testing.clocks import FakeClock
    from socialflow.testing.coverage import Coverage
    from socialflow.testing.faults import FaultyStore
    from socialflow.testing.ids import CountingIds

COVERAGE: pytest.StashKey[Coverage] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("socialflow", "workflows")
    group.addoption(
        "--flow-coverage",
        action="store_true",
        help="say which states, actions, outcomes of rules and refusals of workflows were met",
    )
    group.addoption(
        "--flow-coverage-json", metavar="FILE", type=Path, help="write the same there, as JSON"
    )
    group.addoption(
        "--flow-replay",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="an exported store whose histories are replayed by the fixture flow_replay",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest of the marker, and begin to watch if it is asked for."""
    config.addinivalue_line(
        "markers", "socialflow(workflow, team, **told): what flow_engine is an engine of"
    )
    if config.getoption("--flow-coverage") or config.getoption("--flow-coverage-json"):
        from socialflow.testing.coverage import Coverage

        config.stash[COVERAGE] = Coverage().__enter__()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop watching."""
    coverage = config.stash.get(COVERAGE, None)
    if coverage is not None:
        coverage.__exit__()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say what was met."""
    coverage = config.stash.get(COVERAGE, None)
    if coverage is None:
        return
    path = config.getoption("--flow-coverage-json")
    if path is not None:
        path.write_text(coverage.to_json() + "\n")
    if config.getoption("--flow-coverage"):
        terminalreporter.section("coverage of workflows")
        terminalreporter.write_line(str(coverage))


@pytest.fixture
def flow_clock() -> FakeClock:
    """A clock that stands still until the test moves it."""
    from socialflow.testing.clocks import FakeClock

    return FakeClock()


@pytest.fixture
def flow_ids() -> CountingIds:
    """Ids that count: ``item-1`` is the first item."""
    from socialflow.testing.ids import CountingIds

    return CountingIds()


@pytest.fixture
def flow_faults() -> FaultyStore:
    """A store in memory that fails when the test says so: ``flow_faults.then("timeout")``."""
    from socialflow.stores.memory import MemoryStore
    from socialflow.testing.faults import FaultyStore

    return FaultyStore(MemoryStore())


@pytest.fixture
def flow_engine(
    request: pytest.FixtureRequest,
    flow_clock: FakeClock,
    flow_ids: CountingIds,
    flow_faults: FaultyStore,
) -> Engine:
    """An engine of what the marker ``socialflow(workflow, team)`` says."""
    from socialflow.engine import Engine

    marker = request.node.get_closest_marker("socialflow")
    if marker is None:
        raise pytest.UsageError(
            "flow_engine needs to know of what: @pytest.mark.socialflow(workflow, team)"
        )
    told = {"clock": flow_clock, "new_id": flow_ids, **marker.kwargs}
    return Engine(flow_faults, *marker.args, **told)


@pytest.fixture
def flow_history(flow_engine: Engine) -> Callable[[str], list[str]]:
    """Says what has happened to an item: ``["ann: create", "ann: write.finish"]``."""

    def history(item: str) -> list[str]:
        entries = flow_engine.history(item)
        return [f"{entry.event.by}: {entry.event.action}" for entry in entries]

    return history


@pytest.fixture
def flow_replay(request: pytest.FixtureRequest) -> Callable[..., list[str]]:
    """Replays recorded histories: ``assert [] == flow_replay(workflow, team)``.

    The histories are those of the files of ``--flow-replay``, or of a file that is given.
    """
    from socialflow.testing.replaying import replayed

    files: list[Path] = request.config.getoption("--flow-replay")

    def replay(workflow: Any, team: Any, *paths: Path, **told: Any) -> list[str]:
        found: list[str] = []
        for path in paths or files:
            found += replayed(path.read_text().splitlines(), workflow, team, **told)
        return found

    return replay
