"""Presets: departments as there are, as data: who does what there, and a team that can do it.

Each is a folder: ``workflow.toml`` says in what it differs from `social_content`, ``team.toml`` has
an example of a team for it.  Whoever wants to begin with one copies the folder, puts in their own
people, and changes what is different in their house.  Nothing is read before it is asked for.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import attrs

from socialflow import DefinitionError, Team, Workflow
from socialflow.content.department import Department, load_department
from socialflow.documents import load_team, load_workflow
from socialflow.errors import nearest

__all__ = ["PRESETS", "WORKFLOWS", "Preset", "preset"]

PRESETS = (
    "seed_example",
    "solo",
    "pair",
    "small_team",
    "enterprise",
    "centralised",
    "hub_and_spoke",
    "holistic",
    "agency_supported",
    "regulated",
    "multi_locale",
    "paid_campaign",
    "fast_lane",
    "reshare_fast",
    "reply_only",
)
"""Their names: by how many there are, by how they are organised, by what they do."""

WORKFLOWS = {name: name for name in PRESETS if name != "reshare_fast"} | {
    "reshare_desk": "reshare_fast"
}
"""The preset of each workflow; the short way on which a department shares has that name already."""

FOLDER = Path(__file__).parent


@attrs.frozen
class Preset:
    """A department to begin with.

    Attributes:
        name: Of the preset; of its workflow too, `WORKFLOWS` knows the one exception.
        about: For whom it is, and what is special about it.
        workflow: What there is to do, and who does it.
        team: Some people who can do it.
        department: Their accounts and goals, as far as the preset has any.
    """

    name: str
    about: str
    workflow: Workflow
    team: Team
    department: Department


@cache
def preset(name: str) -> Preset:
    """The preset of that name.

    Raises:
        DefinitionError: There is none.

    Example:
        >>> pair = preset("pair")
        >>> [member.id for member in pair.team.members]
        ['stella', 'carl']
    """
    if name not in PRESETS:
        message, remedy = f"no preset is called {name!r}", nearest(name, PRESETS)
        raise DefinitionError.because("unknown_preset", "preset", message, remedy)
    folder = FOLDER / name
    said = folder / "department.toml"
    return Preset(
        name,
        _comment_on_top(folder / "workflow.toml"),
        load_workflow(folder / "workflow.toml"),
        load_team(folder / "team.toml"),
        load_department(said) if said.is_file() else Department(),
    )


def _comment_on_top(path: Path) -> str:
    """The comment with which a file begins, in one line."""
    lines: list[str] = []
    for line in path.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            break
        lines += line.removeprefix("#").split()
    return " ".join(lines)


def __getattr__(name: str) -> Workflow:
    """The workflow of a preset, which a registry finds at ``socialflow.content.presets:pair``."""
    if name in WORKFLOWS:
        return preset(WORKFLOWS[name]).workflow
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
