"""A path cover: what many people test of a workflow, to see how much that finds.

One shortest path to each transition, and a look at the state behind it; nothing else is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any

import attrs

from socialflow import Engine, Team, Workflow
from socialflow.items import Event
from socialflow.testing.reaching import Reach
from socialflow.testing.samples import Examples, Samples
from socialflow.testing.steps import Step, engine_over

__all__ = ["Path", "path_cover"]

_NUMBERS = count(1)


@attrs.frozen
class Path:
    """The shortest way to take one transition, and where it leads."""

    name: str
    workflow: str
    steps: tuple[Step, ...]
    marking: tuple[str, ...]
    usual: Mapping[str, Any]

    def run(self, engine: Engine) -> None:
        """Go that way with a new item; assert where it ends."""
        birth, *steps = self.steps
        engine, item = engine_over(engine, facts=self.usual), f"path-{next(_NUMBERS)}"
        now = birth.begin(engine, self.workflow, item)
        for step in steps:
            now = step.on(engine, item)
        assert self.marking == now.marking, f"{self.name}: it is in {now.marking}"


def path_cover(
    workflow: Workflow,
    team: Team,
    facts: Mapping[str, Iterable[Any]],
    examples: Examples,
) -> Iterator[Path]:
    """One path for each transition that can be reached."""
    told = {name: tuple(values) for name, values in facts.items()}
    reach = Reach(workflow, team, Samples(examples, team.members), told)
    for goal in reach.goals:
        event = goal.outcome
        assert isinstance(event, Event)
        marking = tuple(token.state for token in event.tokens)
        steps = (*goal.situation.path, goal.step)
        name = f"{goal.way.full} out of {goal.way.source}"
        yield Path(name, workflow.name, steps, marking, reach.usual)
