"""Counterexamples: what is refuted is carried out on every store, and stands as a test."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs
import pytest
from engines import KINDS, store_of
from scenes import WRITING
from test_verify import AT, POST, PUBLISH, REVIEW, SAFE, TEAM, TRAPPED, UNCHECKED, made

from socialflow import Action, Case, Member, Objection, Parallel, Stage, Team, Workflow, rule
from socialflow.documents import dump_workflow
from socialflow.errors import WrongArgument
from socialflow.kinds import spawn, tell
from socialflow.moments import Moment, hours
from socialflow.verify import (
    Outcome,
    Trace,
    Verdict,
    always_possible,
    at_most_once,
    check,
    different_people,
    eventually,
    never,
    precedes,
    someone_can_act,
)
from socialflow.verify.hunting import Budget, reached, trace_to
from socialflow.verify.models import Model, Setting
from socialflow.verify.replays import replay
from socialflow.verify.space import Space
from socialflow.verify.views import View

LAPSING = made(
    WRITING,
    attrs.evolve(
        REVIEW, may_edit={}, actions=(*REVIEW.actions, Action("lapse", "waiting", "passed",
                                                              due=hours(48)))
    ),
    PUBLISH,
)  # fmt: skip
SKIPPING = made(
    WRITING, attrs.evolve(REVIEW, actions=(*REVIEW.actions, Action("skip", "waiting", "passed"))),
    PUBLISH,
)  # fmt: skip
LOSING = made(WRITING, attrs.evolve(REVIEW, may_edit={}), attrs.evolve(TRAPPED, may_edit={}))
FORCED = made(rights={"create": "author", "force": "chief"}).amend("review", may_edit={})
CHIEFS = Team([*TEAM.members, Member("cal", "chief"), Member("cora", "chief")])
CASES = (
    (SAFE, made(WRITING, UNCHECKED, PUBLISH), TEAM),
    (SAFE, LAPSING, TEAM),
    (SAFE, FORCED, CHIEFS),
    (never("publish.live").when(risk="high"), POST, TEAM),
    (never(role="author").does("publish.go"), POST, TEAM),
    (different_people("submit", "publish.go"), POST, TEAM),
    (precedes("review.pass", "publish.go"), SKIPPING, TEAM),
    (at_most_once("submit"), POST, TEAM),
    (always_possible(), LOSING, TEAM),
    (someone_can_act(), LOSING, TEAM),
    (eventually("end.closed").unless_repeating("edit"), POST, TEAM),
)


def refuted(sentence: Any, workflow: Workflow, team: Team) -> Verdict:
    """The verdict on what does not hold."""
    (verdict,) = check(workflow, team, sentence, at=AT)
    assert verdict.is_refuted, verdict
    return verdict


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("sentence", "workflow", "team"), CASES, ids=[str(c[0]) for c in CASES])
def test_what_is_refuted_is_carried_out_on_every_store(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    kind: str,
    sentence: Any,
    workflow: Workflow,
    team: Team,
) -> None:
    """The engine comes to the same, and the history that the store keeps breaks the property."""
    verdict = refuted(sentence, workflow, team)
    assert verdict.trace is not None
    assert verdict.setting is not None

    played = verdict.replay(store_of(request, kind, tmp_path))

    assert ("", verdict.trace.marking) == (played.why, played.item and played.item.marking)
    if hasattr(sentence, "begin"):
        assert played.breaks(verdict.setting, sentence)


def test_there_is_nothing_to_carry_out_where_it_holds() -> None:
    """That is told."""
    (verdict,) = check(POST, TEAM, SAFE, at=AT)

    with pytest.raises(WrongArgument, match="a verdict of `check` that has a trace"):
        verdict.replay()


MENDED = (
    (0, POST),
    (1, POST.amend("review", may_edit={})),
    (4, POST.amend("publish", role="editor")),
    (6, POST),
    (8, LOSING.amend("publish", actions=[Action("find", "lost", "ready")])),
    (9, LOSING.amend("publish", actions=[Action("find", "lost", "ready")])),
    (10, POST.amend("review", drop="return").amend("publish", may_edit={})),
)  # fmt: skip


def test_a_report_is_a_file_of_tests_that_take_the_steps(tmp_path: Path) -> None:
    """Each test fails on the definition that has the defect, and passes on the one that has not."""
    told = {}
    for n, mended in MENDED:
        sentence, broken, team = CASES[n]
        report = check(broken, team, sentence, at=AT)
        text = report.as_pytest(f"flows_{n}:post", "team.toml")
        assert "engine.perform(item, " in text
        assert "check(" not in text
        told[n] = text
        (tmp_path / f"test_case_{n}.py").write_text(text)
        (tmp_path / "broken" / f"post_{n}.json").parent.mkdir(exist_ok=True)
        (tmp_path / "mended").mkdir(exist_ok=True)
        (tmp_path / "broken" / f"post_{n}.json").write_text(dump_workflow(broken, "json"))
        (tmp_path / "mended" / f"post_{n}.json").write_text(dump_workflow(mended, "json"))
        (tmp_path / f"flows_{n}.py").write_text(LOADED.format(n=n))
        (tmp_path / "team.toml").write_text(PEOPLE)

    assert dict.fromkeys(told, "failed") == outcomes(tmp_path, "broken")
    assert dict.fromkeys(told, "passed") == outcomes(tmp_path, "mended")


PEOPLE = """
[[members]]
id = "ann"
grants = "author"

[[members]]
id = "ed"
grants = "editor"

[[members]]
id = "flo"
grants = ["author", "editor"]
"""
LOADED = """
import os
from pathlib import Path

from socialflow.documents import load_workflow

post = load_workflow(Path(__file__).parent / os.environ["STATE_OF_THINGS"] / "post_{n}.json")
"""


def outcomes(folder: Path, state: str) -> dict[int, str]:
    """What became of the test of each case, in a pytest of its own."""
    import os

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", str(folder)],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "STATE_OF_THINGS": state, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith(("PASSED", "FAILED"))]
    found = {}
    for line in lines:
        n = int(line.split("test_case_")[1].split(".py")[0])
        found[n] = line.split()[0].lower()
    assert found, done.stdout + done.stderr
    return dict(sorted(found.items()))


def test_steps_that_lean_on_a_rule_are_told_as_the_property() -> None:
    """What nobody can look into cannot be said by a test of its own."""
    from test_verify import in_the_mood

    moody = POST.amend("publish", actions=[Action("go", "ready", "live", rules=in_the_mood())])
    text = check(moody, TEAM, never("publish.live"), at=AT).as_pytest()

    assert "    check(workflow, team, never('publish.live')).raise_if_refuted()" in text
    assert "from socialflow.verify import check, never" in text


# -- what nobody asks for

PEOPLE_OF_DUTIES = Team([Member("ann", "author"), Member("ed", "editor")])


@attrs.frozen
class Dated:
    """What has a date."""

    title: str
    look_back: datetime | None = None


def duty(name: str, *more: Action) -> Stage:
    """A stage that an author finishes."""
    actions = [Action("finish", "open", "done"), *more]
    return Stage(name, ("open", "done"), role="author", actions=actions)


@rule("in_time")
def in_time(_: Case) -> tuple[Objection, ...]:
    """Something that nobody can look into."""
    return ()


def test_a_date_that_joins_what_is_open_together_is_waited_for() -> None:
    """The item is born with the date, and the clock goes there."""
    together = Parallel(duty("talk"), duty("share"), until=Moment("look_back"))
    workflow = Workflow(
        "post",
        [duty("write"), together, duty("report")],
        fields=Dated,
        rights={"create": "author"},
    )
    verdict = refuted(precedes("talk.finish", "report.finish"), workflow, PEOPLE_OF_DUTIES)

    assert (Outcome.REFUTED, True) == (verdict.outcome, verdict.confirmed)
    assert "the date of what is open together comes" in str(verdict)


def test_a_date_that_is_not_told_at_birth_is_not_waited_for() -> None:
    """The verdict says so."""
    late = attrs.make_class("Late", {"look_back": attrs.field(type=datetime | None, default=None)})
    together = Parallel(duty("talk"), duty("share"), until=Moment("look_back"))
    write = attrs.evolve(duty("write"), fields=late)
    workflow = Workflow("post", [write, together, duty("report")], rights={"create": "author"})
    verdict = refuted(precedes("talk.finish", "report.finish"), workflow, PEOPLE_OF_DUTIES)

    assert not verdict.confirmed
    assert "is not told at birth" in verdict.why


def test_an_item_is_told_from_above() -> None:
    """A parent that does nothing else has it do so."""
    out = attrs.evolve(
        duty("out", Action("drop", "open", goto="end.cancelled", roles="nobody")), done="done"
    )
    below = Workflow("upload", [out], ends=("closed", "cancelled"), rights={"create": "author"})
    drop = Action("call_off", "open", "done", effects=tell("upload", "drop"))
    start = Action("start", "open", effects=spawn("upload"))
    workflow = Workflow("post", [duty("main", start, drop)], children=[below])
    verdict = refuted(never("end.cancelled").of("upload"), workflow, PEOPLE_OF_DUTIES)

    assert (Outcome.REFUTED, True) == (verdict.outcome, verdict.confirmed), verdict
    assert "the item above has it out.drop" in str(verdict)


def test_what_had_to_wait_happens_with_the_next_thing_that_does() -> None:
    """A rule that did not hold at first holds later: the engine settles the item then."""
    waiting = Stage(
        "check",
        ("open", "waiting", "done"),
        role="author",
        actions=[
            Action("finish", "open", "waiting"),
            Action("go_on", "waiting", "done", automatic=True, rules=in_time()),
        ],
    )
    workflow = Workflow("post", [waiting, duty("report")], rights={"create": "author"})
    setting = Setting(workflow, PEOPLE_OF_DUTIES, AT)
    space = Space(Model(setting, View(everybody=True)))
    origins = reached(space, Budget(500, 500))
    again = [
        Trace((*trace_to(origins, n).steps, step))
        for n in origins
        for leading in space.leaving(n)
        for step, _ in leading
        if step.kind == "again"
    ]

    assert again
    assert {""} == {replay(setting, one).why for one in again}
