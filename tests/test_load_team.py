"""Teams are read from documents, times with their zones."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from socialflow import DefinitionError, Grant, Member, Scope, Team
from socialflow.documents import load_team
from socialflow.people import Capacity, Credential, Delegation, Period, Unit

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


WHOLE = """
units = [
  "hub",
  {key = "studio", kind = "agency", function = "marketing", parent = "hub", lead = "ann"},
]

[[members]]
id = "ann"
unit = "hub"
seniority = "junior"
skills = {facebook = 3}
hours = {least = 4, most = 8}
grants = [{role = "editor", requires = "onboarding:day_60"}]
credentials = [{kind = "training", key = "social_basics", level = 2}]
absent = {since = 2026-08-01T00:00:00Z, until = 2026-09-01T00:00:00Z, reason = "leave"}

[[members]]
id = "pat"
unit = "studio"
kind = "agency"

[[delegations]]
by = "ann"
to = "pat"
since = 2026-08-01T00:00:00Z
until = 2026-09-01T00:00:00Z
actions = "live.*"
reason = "leave"
"""


def test_everything_about_people_is_read_from_a_file(tmp_path: Path) -> None:
    """Units, delegations, credentials, skills, hours and absences."""
    path = tmp_path / "team.toml"
    path.write_text(WHOLE)
    since, until = datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC)
    ann = Member(
        "ann",
        Grant("editor", requires="onboarding:day_60"),
        credentials=Credential("training", "social_basics", level=2),
        skills={"facebook": 3},
        hours=Capacity(4, 8),
        unit="hub",
        absent=Period(since, until, reason="leave"),
        seniority="junior",
    )
    pat = Member("pat", unit="studio", kind="agency")
    units = [Unit("hub"), Unit("studio", "agency", "marketing", parent="hub", lead="ann")]
    told = [Delegation("ann", "pat", since, until, actions="live.*", reason="leave")]

    assert Team([ann, pat], units, told) == load_team(path)


@pytest.mark.parametrize(
    "told", [{"skills": {"facebook": "3"}}, {"hours": {"least": True}}, {"absent": "2026"}]
)
def test_a_wrong_type_about_a_member_is_told(told: dict[str, Any]) -> None:
    """A text is no number, nor is true."""
    with pytest.raises(DefinitionError) as caught:
        load_team({"members": [{"id": "ann", **told}]})

    assert {"wrong_type"} <= set(caught.value.codes)
