"""Defects of a definition, each planted in three libraries' words, and what their checks say.

One workflow, sound, and three mistakes: a dead end, an approval of one's own, a guard that is never
true. Ours are asked here; other libraries only where they are installed, by what they have.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs

from socialflow import Action, Member, Stage, Team, Workflow
from socialflow.rules import four_eyes, has
from socialflow.testing import obligations
from socialflow.verify import always_possible, approval, check, never

__all__ = ["CHECKERS", "DEFECTS", "SOUND", "said_by", "table"]


@attrs.frozen
class Text:
    """What is written."""

    body: str | None = None


WRITING = Stage(
    "writing",
    ("drafting", "submitted"),
    role="author",
    may_edit={"drafting": "author"},
    actions=(Action("submit", "drafting", "submitted", rules=has("body")),),
)
REVIEW = Stage(
    "review",
    ("waiting", "shelved", "passed"),
    role="editor",
    signs="revision",
    actions=(
        Action("pass", "waiting", "passed", rules=four_eyes()),
        Action("return", "waiting", goto="writing"),
        Action("drop", "waiting", goto="end.dropped"),
        Action("shelve", "waiting", "shelved"),
        Action("take_up", "shelved", "waiting"),
    ),
)
SOUND = Workflow(
    "post",
    [WRITING, REVIEW],
    fields=Text,
    content="body",
    ends=("closed", "dropped"),
    rights={"create": "author"},
)
PEOPLE = Team([Member("ann", ("author", "editor")), Member("ed", "editor")])
AT = datetime(2026, 5, 1, tzinfo=UTC)
POLICY = never("end.closed").without(approval("review.pass").by_other_than("author"))

OURS: Mapping[str, Workflow] = {
    "a dead end": SOUND.amend("review", drop="take_up"),
    "self-approval is possible": SOUND.amend(
        "review", actions=[Action("pass", "waiting", "passed")]
    ),
    "a guard is never true": SOUND.amend(
        "review",
        actions=[
            Action("pass", "waiting", "passed", rules=(four_eyes(), has("body"), ~has("body")))
        ],
    ),
}
DEFECTS = (*OURS,)


def ours(workflow: Workflow) -> list[str]:
    """What our checks say: findings, proofs, and what obligations never see accepted."""
    found = [str(one) for one in workflow.findings()]
    report = check(workflow, PEOPLE, POLICY, always_possible(), at=AT)
    found += [str(one).splitlines()[0] for one in report if not str(one).startswith("proved")]
    unreached = obligations(workflow, PEOPLE).unreached
    return found + [f"never accepted: {name}" for name in unreached]


def transitions(defect: str) -> list[str]:
    """`transitions` makes its machine; it has no check of its own."""
    from transitions import Machine

    states = ["drafting", "waiting", "shelved", "passed", "dropped"]
    guards = {"": ["foreign"], DEFECTS[1]: [], DEFECTS[2]: ["foreign", "full", "empty"]}
    machine = Machine(None, states, initial="drafting", auto_transitions=False)
    machine.add_transition("submit", "drafting", "waiting")
    machine.add_transition("pass", "waiting", "passed", conditions=guards.get(defect, ["foreign"]))
    machine.add_transition("return", "waiting", "drafting")
    machine.add_transition("drop", "waiting", "dropped")
    machine.add_transition("shelve", "waiting", "shelved")
    if defect != DEFECTS[0]:
        machine.add_transition("take_up", "shelved", "waiting")
    return []


def xstate(defect: str) -> list[str]:
    """`xsm validate` of xstate-statemachine, errors and warnings."""
    empty = {"type": "not", "children": ["full"]}
    never_true = {"type": "and", "children": ["foreign", "full", empty]}
    guard = {DEFECTS[1]: {}, DEFECTS[2]: {"guard": never_true}}.get(defect, {"guard": "foreign"})
    shelved: dict[str, Any] = {"on": {"TAKE_UP": "waiting"}} if defect != DEFECTS[0] else {}
    chart = {
        "id": "post",
        "initial": "drafting",
        "states": {
            "drafting": {"on": {"SUBMIT": "waiting"}},
            "waiting": {
                "on": {
                    "PASS": {"target": "passed", **guard},
                    "RETURN": "drafting",
                    "DROP": "dropped",
                    "SHELVE": "shelved",
                }
            },
            "shelved": shelved,
            "passed": {"type": "final"},
            "dropped": {"type": "final"},
        },
    }
    with TemporaryDirectory() as folder:
        path = Path(folder) / "post.json"
        path.write_text(json.dumps(chart))
        command = (sys.executable, "-m", "xstate_statemachine", "validate", str(path), "--json")
        ended = subprocess.run(command, capture_output=True, text=True)
    (facts,) = json.loads(ended.stdout)
    return [one["message"] for one in facts["findings"]]


def spiff(defect: str) -> list[str]:
    """`WorkflowSpec.validate()` of SpiffWorkflow."""
    from SpiffWorkflow.operators import Attrib, Equal, NotEqual
    from SpiffWorkflow.specs import ExclusiveChoice, Simple, WorkflowSpec

    spec = WorkflowSpec("post", addstart=True)
    waiting = ExclusiveChoice(spec, "waiting")
    passed, dropped, shelved = (Simple(spec, name) for name in ("passed", "dropped", "shelved"))
    drafting = Simple(spec, "drafting")
    spec.start.connect(drafting)
    drafting.connect(waiting)
    waiting.connect(dropped)
    foreign = NotEqual(Attrib("by"), Attrib("author"))
    never_true = NotEqual(Attrib("body"), Attrib("body"))
    always = Equal(Attrib("body"), Attrib("body"))
    guard = {DEFECTS[1]: always, DEFECTS[2]: never_true}.get(defect, foreign)
    waiting.connect_if(guard, passed)
    waiting.connect_if(Equal(Attrib("answer"), Attrib("shelve")), shelved)
    if defect != DEFECTS[0]:
        shelved.connect(Simple(spec, "taken up"))
    return [str(one) for one in spec.validate()]


CHECKERS: Mapping[str, tuple[str, Callable[[str], list[str]]]] = {
    "socialflow": ("socialflow", lambda defect: ours(OURS.get(defect, SOUND))),
    "transitions": ("transitions", transitions),
    "xstate-statemachine": ("xstate_statemachine", xstate),
    "SpiffWorkflow": ("SpiffWorkflow", spiff),
}


def said_by(checker: str, defect: str = "") -> list[str] | None:
    """What a checker says about a defect, or the sound workflow; None if it is not installed."""
    module, look = CHECKERS[checker]
    return look(defect) if find_spec(module) is not None else None


def table() -> list[str]:
    """What each checker says of each, as a page has it."""
    lines = [f"| planted defect | {' | '.join(CHECKERS)} |", f"| --- |{' ---: |' * len(CHECKERS)}"]
    for defect in ("", *DEFECTS):
        cells = [_told(said_by(checker, defect)) for checker in CHECKERS]
        lines.append(f"| {defect or 'none'} | {' | '.join(cells)} |")
    return lines


def _told(said: list[str] | None) -> str:
    if said is None:
        return "not installed"
    return "found" if said else "–"
