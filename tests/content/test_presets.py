"""Presets: each is a department whose own team can do everything, and does it once."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs
import pytest

from socialflow import DefinitionError, Engine, Grant, Member, Refused, Scope, Team
from socialflow.content.presets import FOLDER, PRESETS, WORKFLOWS, Preset, preset
from socialflow.documents import dump_workflow, load_workflow, parse_workflow
from socialflow.people import SYSTEM
from socialflow.plugins import Registry
from socialflow.standing import STANDING
from socialflow.stores.memory import MemoryStore
from socialflow.verify import staffing

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "presets.md"
MONDAY = datetime(2026, 5, 4, 9, tzinfo=UTC)

WRITERS = {
    "seed_example": "wilma",
    "solo": "sole",
    "pair": "carl",
    "small_team": "cora",
    "enterprise": "chris",
    "centralised": "saul",
    "hub_and_spoke": "nils",
    "holistic": "eva",
    "agency_supported": "agnes",
    "regulated": "wim",
    "multi_locale": "ines",
    "paid_campaign": "cem",
    "fast_lane": "robin",
    "reshare_fast": "mia",
    "reply_only": "cat",
}
"""Who has the idea, and writes it."""
DATA: dict[str, dict[str, Any]] = {
    "paid_campaign": {"budget": 500.0, "ties": "paid", "disclosure": "Advertisement"},
    "reshare_fast": {
        "links": ["https://example.com/theirs"],
        "origin": "user",
        "rights": "granted",
        "credit": "by ida, with thanks",
    },
}
SAID: dict[str, dict[str, dict[str, Any]]] = {
    "agency_supported": {"accept": {"outsourced": "yes"}},
}
"""What is said otherwise than usual, by the action."""
STEPS: dict[str, tuple[str, dict[str, Any]]] = {
    "approval.comparing": ("compare", {"alike": []}),
    "approval.rested": ("approve_own", {"reason": "read again after a night"}),
    "spoke.waiting": ("pass", {}),
    "german.waiting": ("pass_german", {}),
    "french.waiting": ("pass_french", {}),
    "review.open": ("confirm", {"note": "as it should be"}),
}
"""What is done in the states that only a preset has."""
HAND_OUT = ("hand_out", {"brief": "as we said"})
ON_PURPOSE = {"solo": {"four_eyes"}}
"""Findings that a preset cannot be without."""

every_preset = pytest.mark.parametrize("name", PRESETS)


class Works:
    """A preset at work: one item in an engine, and the preset's own team."""

    def __init__(self, name: str, road: Any, team: Team | None = None) -> None:
        self.preset = preset(name)
        self.writer = WRITERS[name]
        self.team = team or self.preset.team
        self.now = MONDAY
        self.engine = Engine(MemoryStore(), self.preset.workflow, self.team, clock=lambda: self.now)
        self.steps: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
        for state, _, action, data in road:
            self.steps[state].append((action, data))
        self.steps["assignment.unassigned"].append(HAND_OUT)
        for state, step in STEPS.items():
            self.steps[state] = [step]
        data = {"title": "Behind the scenes", "accounts": ["blog"], **DATA.get(name, {})}
        north = Scope(unit="north") if name == "hub_and_spoke" else Scope()
        self.id = self.engine.create(
            preset(name).workflow.name, by=self.writer, data=data, scope=north
        ).id
        self.asked: set[tuple[str, str, str]] = set()
        self.written: tuple[str, str] | None = None
        own = {one.rpartition(".")[2] for one in self.preset.workflow.action_names}
        self.names = own | {*STANDING}

    @property
    def marking(self) -> tuple[str, ...]:
        """Where the item is."""
        return self.engine.item(self.id).marking

    def can(self, action: str) -> list[str]:
        """Ids of those who may, the writer first."""
        if action not in self.names:
            return []
        found = [one.id for one in self.engine.who_can(self.id, action)]
        return sorted(found, key=lambda id: id != self.writer)

    def until(self, state: str) -> Works:
        """Let the team go on until the item is in that state, or at an end."""
        for _ in range(60):
            if state in self.marking or self.marking[0].startswith("end."):
                return self
            done = [self.step(one) for one in self.marking]
            assert any(done) or self.wait(), self.marking
        raise AssertionError(self.marking)

    def step(self, state: str) -> bool:
        """Do what is to be done in a state, if there is something that has not been done."""
        if state == "publish.publishing":
            return self.go_live()
        for action, data in self.steps[state]:
            said = {**data, **SAID.get(self.preset.name, {}).get(action, {})}
            for one in self.can(action) if state in self.marking else ():
                if (state, action, one) not in self.asked and (state, action) != self.written:
                    self.asked.add((state, action, one))
                    self.written = (state, action) if action == "edit" else self.written
                    own = {key: one if value == "ana" else value for key, value in said.items()}
                    self.engine.perform(self.id, action, by=one, data=own or None)
                    return True
        return False

    def wait(self) -> bool:
        """Let time go by until something happens by itself."""
        dates = [token.due for token in self.engine.item(self.id).tokens if token.due]
        self.now = max([self.now, *dates])
        return any(one.event for one in self.engine.run_due())

    def go_live(self) -> bool:
        """The account takes it, and somebody of the team looks at it there."""
        (upload,) = self.engine.children(self.id, "publication")
        self.engine.perform(upload.id, "accept", by=SYSTEM, data={"url": "https://example.com/1"})
        checker = self.engine.who_can(upload.id, "verify")[0]
        seen = ("right_account", "right_text", "right_media", "links_work", "disclosure_visible")
        data = dict.fromkeys(seen, True)
        self.engine.perform(upload.id, "verify", by=checker.id, data=data)
        return True

    @property
    def voters(self) -> set[str]:
        """Everybody who has said yes so far."""
        return {vote.by for vote in self.engine.item(self.id).votes if vote.choice == "yes"}


@every_preset
def test_a_preset_is_a_short_derivation(name: str) -> None:
    """At most thirty lines, that say first for whom it is."""
    text = (FOLDER / name / "workflow.toml").read_text()

    assert len(text.splitlines()) <= 30
    assert text.startswith("# ")
    assert preset(name).about.endswith(".")
    assert name == WORKFLOWS[preset(name).workflow.name]


@every_preset
def test_a_preset_is_fine_by_itself(name: str) -> None:
    """Nothing is suspicious about its workflow, whatever other presets there are."""
    assert () == preset(name).workflow.findings()


@every_preset
def test_a_preset_survives_being_written_down(name: str) -> None:
    """As a whole document it is the same workflow."""
    workflow = preset(name).workflow

    assert workflow == parse_workflow(dump_workflow(workflow, "toml"), "toml")


@every_preset
def test_the_team_of_a_preset_can_do_everything(name: str) -> None:
    """But for what one person alone cannot do, which the preset says itself."""
    one = preset(name)

    found = staffing(one.workflow, one.team, at=MONDAY, leads=["department_lead"])

    assert ON_PURPOSE.get(name, set()) == {finding.code for finding in found}


@every_preset
def test_the_team_of_a_preset_brings_an_item_to_its_end(name: str, road: Any) -> None:
    """Everything is done by somebody of the team, and no author approves their own."""
    works = Works(name, road).until("end.closed")

    assert ("end.closed",) == works.marking
    doers = {entry.event.by for entry in works.engine.history(works.id)}
    assert {one.id for one in works.team.members} | {SYSTEM.id} >= doers
    assert works.writer not in works.voters


def test_every_folder_is_a_preset() -> None:
    """And every preset is a folder: what is in the package can be had by its name."""
    folders = {path.parent.name for path in FOLDER.glob("*/workflow.toml")}

    assert set(PRESETS) == folders
    assert set(PRESETS) <= set(Registry.standard().names("workflows"))


@every_preset
def test_the_page_about_presets_says_what_each_is(name: str) -> None:
    """For whom it is, and who of its team does what: to the letter."""
    one = preset(name)
    table = ["| who | holds |", "| --- | --- |", *map(row, one.team.members)]
    section = "\n".join([f"## `{name}`", "", one.about, "", *table, ""])

    assert section in PAGE.read_text()


def row(member: Member) -> str:
    """A member and their roles, each once."""
    roles = dict.fromkeys(grant.role for grant in member.grants)
    return f"| {member.name} | {', '.join(f'`{role}`' for role in roles)} |"


def test_a_preset_can_be_a_base() -> None:
    """A company says in what it differs from one."""
    acme = load_workflow({"base": "pair", "name": "acme", "without": ["reshare"]})

    assert [one.name for one in preset("pair").workflow.without("reshare").stages] == [
        one.name for one in acme.stages
    ]


def test_a_preset_that_is_not_there_is_named_with_the_nearest_one() -> None:
    """As everywhere."""
    with pytest.raises(DefinitionError, match="did you mean 'holistic'") as wrong:
        preset("wholistic")

    assert ("unknown_preset",) == wrong.value.codes


def test_a_preset_is_read_once() -> None:
    """It is a frozen value: whoever asks gets the same."""
    assert preset("pair") is preset("pair")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        preset("pair").name = "mine"  # type: ignore[misc]


# -- what is special about each


def alone(one: Preset) -> Team:
    """The team of a preset in one person."""
    roles = {grant.role for member in one.team.members for grant in member.grants}
    return Team([Member("all", sorted(roles - {"agency_member"}))])


def test_a_pair_in_one_person_cannot_approve() -> None:
    """It is found before anybody waits, and it is said what would help."""
    pair = preset("pair")

    found = staffing(pair.workflow, alone(pair), at=MONDAY)

    (unseen,) = [one for one in found if one.where == "pair / approval / approve / other"]
    assert ("four_eyes", "error") == (unseen.code, unseen.severity)
    assert "bring in somebody who does not write it, as approver" == unseen.remedy


@pytest.mark.parametrize(("writer", "other"), [("stella", "carl"), ("carl", "stella")])
def test_in_a_pair_each_approves_what_the_other_has_written(
    writer: str, other: str, road: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever of the two has written it, the other one is the only one who may pass it."""
    monkeypatch.setitem(WRITERS, "pair", writer)

    works = Works("pair", road).until("approval.pending")

    assert [other] == works.can("approve")


def test_alone_it_takes_a_night_and_the_policy(road: Any) -> None:
    """Not at once; not without a reason; and not for somebody whom no policy lets do it."""
    works = Works("solo", road).until("approval.resting")
    nobody = attrs.evolve(works.team.members[0], credentials=())

    assert "state" in refused(works, "approve_own", by="sole", data={"reason": "it is fine"})
    works.until("approval.rested")
    assert works.now >= MONDAY.replace(hour=21)
    assert "data" in refused(works, "approve_own", by="sole")
    assert "holds" in refused(works, "approve_own", by=nobody, data={"reason": "it is fine"})
    assert "holds" in refused(
        works,
        "approve_own",
        by=nobody,
        data={"reason": "it is fine"},
        waive={"holds": "because"},
    )


def refused(works: Works, action: str, **told: Any) -> tuple[str, ...]:
    """The codes of everything that stands in the way."""
    with pytest.raises(Refused) as no:
        works.engine.perform(works.id, action, **told)
    return no.value.refusal.codes


def test_the_officer_alone_lets_the_blog_go_out(road: Any) -> None:
    """Marketing writes it and does not approve; the lead supervises."""
    works = Works("seed_example", road).until("approval.pending")

    assert ["olaf"] == works.can("approve")
    assert ["lena", "olaf"] == works.can("decline")
    works.until("response.listening")
    assert ["cleo"] == works.can("close_response")


def test_a_spoke_approves_its_own_and_the_hub_everybodys(road: Any) -> None:
    """Another spoke has no say, and what the hub has compared waits for the hub."""
    works = Works("hub_and_spoke", road).until("spoke.waiting")

    assert ["nora"] == works.can("pass")
    works.until("approval.comparing")
    assert ["hugo"] == works.can("compare")
    works.until("approval.pending")
    assert ["hana", "hedda", "hugo"] == works.can("approve")


def test_an_agency_drafts_and_neither_approves_nor_answers(road: Any) -> None:
    """Whatever other roles its people are given."""
    given = preset("agency_supported").team
    roles = ("approver", "social_media_manager", "tone_editor", "community_manager")
    agnes, *others = given.members
    wider = attrs.evolve(agnes, grants=(*agnes.grants, *map(Grant, roles)))
    works = Works("agency_supported", road, attrs.evolve(given, members=(wider, *others)))

    works.until("production.drafting")
    assert "agnes" in works.can("edit")
    works.until("tone.adjusting")
    assert "agnes" not in works.can("approve_tone")
    works.until("approval.pending")
    assert "agnes" not in works.can("approve")
    works.until("response.listening")
    assert "agnes" not in works.can("close_response")


def test_an_agency_cannot_staff_an_approval() -> None:
    """Where its people are the only approvers it is found, and nobody of them is proposed."""
    one = preset("agency_supported")
    agency = [m for m in one.team.members if m.kind == "agency"]
    house = [attrs.evolve(m, unit=None) for m in one.team.members if m.id in ("tim", "leo")]
    wider = attrs.evolve(agency[0], unit=None, grants=(*agency[0].grants, Grant("approver")))

    found = staffing(one.workflow, Team([wider, *house]), at=MONDAY)

    (brand,) = [f for f in found if f.where == "agency_supported / approval / approve / brand"]
    assert "it is denied to agnes by another role" in brand.message
    assert "grant approver to somebody: tim, for example" == brand.remedy


def test_law_passes_everything_where_a_regulator_reads_along(road: Any) -> None:
    """Two of them, each trained, after the brand; and only they open the archive."""
    works = Works("regulated", road).until("publish.ready")

    assert {"lea", "leif"} < works.voters
    works.until("end.closed")
    assert ["lea", "leif"] == works.can("archive")


def test_the_fast_lane_is_looked_at_afterwards(road: Any) -> None:
    """It is live before, and is not settled before somebody who did not write it has seen it."""
    works = Works("fast_lane", road).until("review.open")

    assert {"response.listening", "review.open"} <= set(works.marking)
    assert ["vera"] == works.can("confirm")


def test_nothing_goes_out_before_every_language_is_passed(road: Any) -> None:
    """Each by somebody who speaks it, beside the brand."""
    works = Works("multi_locale", road).until("approval.pending")

    assert {"approval.pending", "german.waiting", "french.waiting"} == set(works.marking)
    for state in ("approval.pending", "german.waiting"):
        works.step(state)
    assert "french.waiting" in works.marking
    assert "publish.ready" not in works.marking
    works.step("french.waiting")
    assert ("publish.ready",) == works.marking


def test_an_advertisement_says_first_what_it_may_cost(road: Any) -> None:
    """And that it is one; two who answer for the money pass it."""
    works = Works("paid_campaign", road).until("production.drafting")
    works.engine.perform(works.id, "edit", by="cem", data={"body": "Buy it", "budget": None})

    assert "has" in refused(works, "submit", by="cem")
    works.engine.perform(works.id, "edit", by="cem", data={"budget": 300.0})
    works.until("publish.ready")
    assert {"bea", "fay"} < works.voters
