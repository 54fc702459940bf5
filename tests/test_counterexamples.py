"""Counterexamples: what is refuted is carried out on every store, and stands as a test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import attrs
import pytest
from engines import KINDS, store_of
from scenes import WRITING
from test_verify import AT, POST, PUBLISH, REVIEW, SAFE, TEAM, TRAPPED, UNCHECKED, made

from socialflow import Action, Member, Team, Workflow
from socialflow.documents import dump_workflow
from socialflow.errors import WrongArgument
from socialflow.moments import hours
from socialflow.verify import (
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
