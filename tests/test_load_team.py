"""Teams are read from documents, times with their zones."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from socialflow import DefinitionError, Grant, Member, Scope, Team
from socialflow.documents import load_team

TEAM = """
[[members]]
id = "maria"
name = "Maria"
grants = ["approver", {role = "editor", scope = {brand = "acme", region = ["n", "s"]}}]

[[members]]
id = "zoe"
kind = "agency"
grants = [{role = "editor", since = 2026-05-01T00:00:00Z, until = "2026-06-01T00:00:00+02:00"}]
"""


def test_a_team_is_read_from_a_file(tmp_path: Path) -> None:
    """Members, their grants, where and when these hold."""
    path = tmp_path / "team.toml"
    path.write_text(TEAM)
    maria = Member(
        "maria", ["approver", Grant("editor", Scope(brand="acme", region=["n", "s"]))], name="Maria"
    )
    since, until = datetime(2026, 5, 1, tzinfo=UTC), datetime.fromisoformat("2026-06-01T00:00+0200")
    zoe = Member("zoe", Grant("editor", since=since, until=until), kind="agency")

    assert Team([maria, zoe]) == load_team(path)


def test_a_team_in_yaml_and_json_is_the_same(tmp_path: Path) -> None:
    """A time without quotes in YAML keeps its zone."""
    yaml, document = tmp_path / "team.yaml", tmp_path / "team.json"
    yaml.write_text(
        "members: [{id: zoe, grants: {role: editor, since: 2026-05-01T00:00:00+02:00}}]"
    )
    grants = {"role": "editor", "since": "2026-05-01T00:00:00+02:00"}
    document.write_text(json.dumps({"members": [{"id": "zoe", "grants": grants}]}))

    assert load_team(document) == load_team(yaml)


WRONG_TEAMS: dict[str, tuple[Any, str, str]] = {
    "time without a zone": ({"since": "2026-05-01T00:00:00"}, "naive_time", "zoe / grants / since"),
    "day": ({"since": "2026-05"}, "wrong_type", "zoe / grants / since"),
    "date": ({"until": date(2026, 5, 1)}, "wrong_type", "zoe / grants / until"),
    "misspelt key": ({"untill": None}, "unknown_key", "zoe / grants"),
    "empty scope": ({"scope": {"brand": []}}, "scope", "zoe / grants / scope"),
    "scope of numbers": ({"scope": {"brand": 1}}, "wrong_type", "zoe / grants / scope / brand"),
}


@pytest.mark.parametrize("case", WRONG_TEAMS)
def test_what_is_wrong_about_a_team_is_told(case: str) -> None:
    """The place leads to the grant."""
    change, code, where = WRONG_TEAMS[case]
    member = {"id": "zoe", "grants": {"role": "editor"} | change}

    with pytest.raises(DefinitionError) as caught:
        load_team({"members": [member]})

    assert [(code, f"members / {where}")] == [(f.code, f.where) for f in caught.value.findings]


def test_a_time_without_a_zone_in_toml_is_refused(tmp_path: Path) -> None:
    """A local time of TOML could be any of twenty-four hours."""
    path = tmp_path / "team.toml"
    path.write_text(TEAM.replace("00:00Z", "00:00"))

    with pytest.raises(DefinitionError, match="say its time zone") as caught:
        load_team(path)

    assert ("naive_time",) == caught.value.codes
